"""万元 in a head or above the table: a cell that says 12.5 means 125,000 yuan (02 §2.5.12 «numbers with 万»)."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from app.kernel.cells import as_decimal, as_text, is_blank
from app.kernel.errors import RuleError
from app.kernel.spreadsheets import Sheet

YUAN = Decimal(1)
_SCALES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_IN_HEAD = re.compile(r"(?P<scale>[万亿])元|[(（\[【/](?P<short>[万亿])[)）\]】]|(?P<plain>元)")
_ABOVE = re.compile(r"单位\s*[:：]?\s*(?:人民币)?\s*(?P<scale>[万亿])?元")
_OWN_UNIT = re.compile(r"[万亿元]")


def scale_of(sheet: Sheet, first: int, head: str) -> Decimal:
    """How many yuan a 1 below this head is: by the head itself, else by «单位：万元» above the header (which begins at row first)."""
    own = _IN_HEAD.search(unicodedata.normalize("NFKC", head))
    if own:
        return _SCALES.get(own["scale"] or own["short"] or "", YUAN)
    for row in sheet.rows[:first]:
        for cell in row:
            said = _ABOVE.search(cell) if isinstance(cell, str) else None
            if said:
                return _SCALES.get(said["scale"] or "", YUAN)
    return YUAN


def unit_word(scale: Decimal) -> str:
    """«万元»."""
    return "万元" if scale == _SCALES["万"] else "亿元"


def in_yuan(cell: object, scale: Decimal, *, places: int = 2) -> Decimal | None:
    """The cell in yuan; one that names its unit itself («2万», «6000元») means what it says. Raises RuleError."""
    if is_blank(cell) or scale == YUAN or (isinstance(cell, str) and _OWN_UNIT.search(cell)):
        return as_decimal(cell, places=places)
    number = as_decimal(cell)
    amount = None if number is None else as_decimal(format(number * scale, "f"))
    if amount is not None and amount != round(amount, places):
        raise RuleError("“{text}”换算成元以后最多只能有 {places} 位小数", text=as_text(cell), places=places)
    return amount
