"""Rates as a sales site says them: «98 折», «70 %», «2 ‰», «万分之 2». Values are fractions (0.98, 0.7, 0.002, 0.0002)."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from app.kernel.errors import RuleError

TENTHS, PER_CENT, PER_MILLE, PER_MYRIAD = "折", "%", "‰", "‱"  # the `unit` of a field of type Rate
_PARTS = {PER_CENT: 2, PER_MILLE: 3, PER_MYRIAD: 4}
_WRITTEN = re.compile(r"(万分之)?\s*([-+0-9.,]+)\s*(折|%|‰|‱)?")
_EXAMPLES = {
    TENTHS: "98 折填「98 折」或 0.98",
    PER_CENT: "七成填「70%」或 0.7",
    PER_MILLE: "千分之二填「2‰」或 0.002",
    PER_MYRIAD: "万分之二填「2‱」或 0.0002",
    "": "请填写如 3.5%、98 折或 0.98",
}


def rate_words(rate: Decimal, unit: str = "") -> str:
    """A fraction in the words of its unit, exact: 0.98 → «98 折», 0.9 → «9 折», 1 → «不打折», 0.035 → «3.5 %»."""
    if unit == TENTHS:
        if rate == 1:
            return "不打折"
        hundredths = rate * 100
        return f"{_plain(hundredths / 10 if hundredths % 10 == 0 else hundredths)} 折"
    if unit == PER_MYRIAD:
        return f"万分之 {_plain(rate.scaleb(4))}"
    return f"{_plain(rate.scaleb(_PARTS[unit]))} {unit}" if unit in _PARTS else _plain(rate)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def parse_rate(text: str, unit: str = "", *, label: str = "比例") -> Decimal:
    """What people write for a rate → the fraction: «98 折», «9 折», «3.5%», «2‰», «万分之 2», «0.98».

    A bare number is a fraction; for a unit of 折 also «98» and «9.8». Raises RuleError when it could mean two things.
    """
    if text == "不打折":
        return Decimal(1)
    found = _WRITTEN.fullmatch(text)
    number = _decimal(found[2]) if found else None
    if found is None or number is None:
        raise RuleError("{label}「{text}」看不懂，{how}", label=label, text=text[:20], how=_EXAMPLES[unit])
    sign = PER_MYRIAD if found[1] else found[3] or ""
    if sign == TENTHS or (unit == TENTHS and not sign and number > 1):
        if not 0 < number <= 100:
            raise RuleError("{label}「{text}」不是折扣，{how}", label=label, text=text[:20], how=_EXAMPLES[TENTHS])
        return number.scaleb(-1 if number < 10 else -2)
    if not sign and unit and number > 1:
        raise RuleError("{label}「{text}」要写明单位，{how}", label=label, text=text[:20], how=_EXAMPLES[unit])
    return number.scaleb(-_PARTS.get(sign, 0))


def _decimal(digits: str) -> Decimal | None:
    try:
        number = Decimal(digits.replace(",", ""))
    except InvalidOperation:
        return None
    return number if abs(number) < 10**9 else None
