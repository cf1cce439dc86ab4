"""Homes as tables of other people write them: «3栋1单元1102», «3-1-1102», «３＃1102室» are one. Pure."""

from __future__ import annotations

import re

from app.kernel.cells import as_code

_PARTS = re.compile(r"(?:号楼|号房|单元|栋|幢|座|楼|室|号|房|户|#|-|—|–|_|/)+")


def home_key(text: str) -> str:
    """What two ways of writing one home share: «3栋1单元1102», «3-1-1102», «3#1-1102室» → «3-1-1102»."""
    return _PARTS.sub("-", as_code(text)).strip("-").upper()
