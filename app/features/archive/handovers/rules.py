"""Which 档号 stand in a text: one a line, or apart by blanks and commas as people paste them."""

from __future__ import annotations

import re

from app.kernel.chinese import fold

_APART = re.compile(r"[\s,，、;；]+")


def numbers_in(text: str | None) -> list[str]:
    """Every number once, in order; folded from full width."""
    found = (part.strip() for part in _APART.split(fold(text or "")))
    return list(dict.fromkeys(part for part in found if part))
