"""What addresses say: paths of this site that a person may be sent on to (04 §3 E), ids that a column can hold (04 §3 G)."""

from __future__ import annotations

import unicodedata
from urllib.parse import urlsplit

LARGEST_ID = 2**31 - 1


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


def id_of(text: str | None) -> int:
    """The id that a parameter of an address names; 0, which nothing has, for anything that no column could hold."""
    number = int(text) if text and text.isascii() and text.isdigit() and len(text) < 11 else 0
    return number if number <= LARGEST_ID else 0
