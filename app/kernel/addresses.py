"""Addresses that a person may be sent on to: paths of this site only, never another host (04 §3 E)."""

from __future__ import annotations

import unicodedata
from urllib.parse import urlsplit


def own_path(address: str | None, default: str = "/") -> str:
    """The path with its query when it is one of ours; else the default.

    «//host», «/\\host», schemes, control characters (also behind an escape that a browser strips) are refused.
    """
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")) or "\\" in address:
        return default
    if any(unicodedata.category(sign)[0] == "C" or sign in "\u2028\u2029" for sign in address):
        return default
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return default
    return address
