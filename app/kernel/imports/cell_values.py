"""One cell → one value of its column's kind, in the habits of Chinese offices (02 §2.5.12)."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from app.kernel.cells import as_date, as_decimal, as_int, as_text, is_blank
from app.kernel.chinese import fold
from app.kernel.errors import RuleError
from app.kernel.imports.declared import ImportColumn
from app.kernel.screens.inputs import MAX_LONG
from app.kernel.words import shown

YES = ("是", "有", "√", "✓", "对", "y", "yes", "true", "1")
NO = ("否", "无", "×", "x", "没有", "n", "no", "false", "0", "-", "—")
_YEAR = re.compile(r"(19|20)\d\d年?")
_CLOCK = re.compile(r"^(?P<day>.+?)[ T]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?$")
_PARTS = {"%": Decimal("0.01"), "‰": Decimal("0.001"), "‱": Decimal("0.0001")}
_SHOWN_WORDS = 12


def value_of_cell(column: ImportColumn, cell: object) -> Any:
    """The typed value, None when blank; names of records and people come back as text, they are looked up together.

    Raises RuleError with what is wrong and what to write instead.
    """
    if is_blank(cell):
        return None
    if column.resolved:
        return _line(cell, column)
    if column.parse is not None:
        return column.parse(_line_of_text(cell, column))
    return _READERS.get(column.kind, _line_of_text)(cell, column)


def _line(cell: object, column: ImportColumn) -> str:
    return fold(as_text(cell, identity=column.kind == "identity" or bool(column.personal == "phone")))


def _line_of_text(cell: object, column: ImportColumn) -> str:
    return _bounded(_line(cell, column), column.limit)


def _long(cell: object, column: ImportColumn) -> str:
    return _bounded(as_text(cell), min(column.limit, MAX_LONG) if column.limit > 255 else MAX_LONG)


def _bounded(text: str, limit: int) -> str:
    if len(text) > limit:
        raise RuleError("最多 {n} 个字，现在有 {m} 个", n=limit, m=len(text))
    if any(unicodedata.category(sign) == "Cc" and sign not in "\n\t" for sign in text):
        raise RuleError("里面有看不见的控制字符，请重新填写这一格")
    return text


def _decimal(cell: object, column: ImportColumn) -> Decimal | None:
    return as_decimal(cell, places=column.places)


def _rate(cell: object, column: ImportColumn) -> Decimal | None:
    """0.0002, «0.02%», «万分之 2»."""
    if isinstance(cell, str):
        text = unicodedata.normalize("NFKC", cell).strip().replace(" ", "")
        if text.startswith("万分之"):
            text = text.removeprefix("万分之") + "‱"
        for sign, part in _PARTS.items():
            if text.endswith(sign):
                number = as_decimal(text.removesuffix(sign))
                return _placed(None if number is None else number * part, column.places)
    return as_decimal(cell, places=column.places)


def _placed(number: Decimal | None, places: int) -> Decimal | None:
    if number is not None and number != round(number, places):
        raise RuleError("小数位数太多")
    return number


def _day(cell: object) -> datetime.date | None:
    """As as_date; a bare year is no day, though Excel would count it as one of 1905."""
    if not isinstance(cell, datetime.date) and _YEAR.fullmatch(as_text(cell)):
        raise RuleError("“{text}”只有年份，不是日期，请写成 {text}-03-05", text=as_text(cell))
    return as_date(cell)


def _moment(cell: object, _column: ImportColumn) -> datetime.datetime | None:
    if isinstance(cell, datetime.datetime):
        return cell.replace(microsecond=0)
    text = unicodedata.normalize("NFKC", as_text(cell))
    found = _CLOCK.match(text)
    day = _day(found["day"] if found else cell)
    if day is None:
        return None
    try:
        clock = datetime.time(int(found["hour"]), int(found["minute"])) if found else datetime.time()
    except ValueError:
        raise RuleError("“{text}”的时间不对，请写成 2024-03-05 10:30", text=text) from None
    return datetime.datetime.combine(day, clock)


def _yes_no(cell: object, _column: ImportColumn) -> bool:
    text = as_text(cell).lower()
    if text in YES or text in NO:
        return text in YES
    raise RuleError("“{text}”看不懂，请填「是」或「否」", text=text[:20])


def _choice(cell: object, column: ImportColumn) -> Any:
    text = fold(as_text(cell))
    word = column.words.get(text, text)
    for member in column.choices:
        if word in (member.label, member.value, shown(member.label)) or _plain(word) == _plain(member.label):
            return member
    words = "、".join(member.label for member in list(column.choices)[:_SHOWN_WORDS])
    raise RuleError("没有“{text}”这一项，请填：{words}", text=text[:20], words=words)


def _plain(word: str) -> str:
    return re.sub(r"[\s\-–—~～至到()（）]+", "", unicodedata.normalize("NFKC", word)).lower()


_READERS: dict[str, Callable[[object, ImportColumn], Any]] = {
    "long": _long,
    "textarea": _long,
    "money": _decimal,
    "area": _decimal,
    "rate": _rate,
    "integer": lambda cell, _column: as_int(cell),
    "date": lambda cell, _column: _day(cell),
    "datetime": _moment,
    "boolean": _yes_no,
    "choice": _choice,
}
