"""Turning one spreadsheet cell into one value, or a Chinese reason why not (02 §2.5.12)."""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from decimal import Decimal

from app.kernel.errors import RuleError

MAX_DIGITS = 13
_TOO_LARGE = Decimal(10) ** MAX_DIGITS
# A double keeps 15 digits: what Excel stores beyond is already wrong (06 §6.1.9).
_EXACT_BELOW = 10**15
_SERIAL_ZERO = datetime.date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 61, 73_050  # 1900-03-01 (before it Excel counts a day that never was) … 2099-12-31

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"), None)
_SCIENTIFIC = re.compile(r"^[+-]?\d+(\.\d+)?[eE][+-]?\d+$")
_NUMBER = re.compile(
    r"^(?:¥|RMB|CNY)?(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[+-]?\.\d+)(?P<scale>万|亿)?"
    r"(?P<unit>元/(?:m2|㎡|平方米|平米|平)|元|m2|平方米|平米|平|套|层|间|户|人|组|个|张|天|年|月)?$",
    re.IGNORECASE,
)
_SCALES = {None: Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
_DATE = re.compile(
    r"^(\d{4})(?:-|\.|/|年)(\d{1,2})(?:-|\.|/|月)(\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$"
)
_COMPACT_DATE = re.compile(r"^(\d{4})(\d{2})(\d{2})$")


def is_blank(value: object) -> bool:
    """Whether the cell holds nothing that a person would see."""
    return value is None or (isinstance(value, str) and not value.translate(_INVISIBLE).strip())


def as_text(value: object, *, identity: bool = False) -> str:
    """The cell as trimmed text, blank = "": 68.0 → «68», dates as yyyy-mm-dd.

    identity=True is for phones, ID and bill numbers: number cells and 1.38E+10 are refused, because leading zeros and
    the digits after the fifteenth are lost already. Raises RuleError.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (int, float)):
        if identity:
            raise RuleError("号码存成了数字格式，可能已丢失位数或前面的 0；请把该列设为“文本”格式后重新填写")
        return format(_exact(value), "f")
    if isinstance(value, datetime.datetime) and value.time() != datetime.time():
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, datetime.date):
        return value.strftime("%Y-%m-%d")
    text = str(value).translate(_INVISIBLE).strip()
    if identity and _SCIENTIFIC.match(text):
        raise RuleError("“{text}”是科学计数，号码已丢失位数；请把该列设为“文本”格式后重新填写", text=text)
    return text


def as_code(value: object) -> str:
    """The cell as a name to compare by: as_text, half width (NFKC), no blanks inside: «１ 栋» → «1栋»."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", as_text(value)))


def as_decimal(value: object, *, places: int | None = None) -> Decimal | None:
    """The cell as an exact number, None when blank: «1,106,834.00», «¥12.5万», «８９．５３㎡».

    places is the number of decimals allowed (2 for yuan and ㎡); more are refused, never rounded off. Raises RuleError.
    """
    if is_blank(value):
        return None
    number = _number(value)
    if abs(number) >= _TOO_LARGE:
        raise RuleError("数字过大：{number}", number=format(number, "f"))
    if places is not None and number != round(number, places):
        raise RuleError("“{number}”最多只能有 {places} 位小数", number=format(number, "f"), places=places)
    return number


def as_int(value: object) -> int | None:
    """The cell as a whole number, None when blank: 7.0, «7», «7层». Raises RuleError."""
    number = as_decimal(value)
    if number is None:
        return None
    if number != int(number):
        raise RuleError("“{text}”不是整数", text=as_text(value))
    return int(number)


def as_date(value: object) -> datetime.date | None:
    """The cell as a day, None when blank: a date cell, 2024-3-5, 2024.3.5, 2024/3/5, 2024年3月5日, 20240305, a serial.

    A time of day is dropped. Raises RuleError, also for days that do not exist (2024.2.30).
    """
    if is_blank(value):
        return None
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    text = unicodedata.normalize("NFKC", as_text(value))
    found = _COMPACT_DATE.match(text) or _DATE.match(text)
    if found:
        try:
            return datetime.date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError as error:
            raise RuleError("“{text}”：没有这一天", text=text) from error
    if not isinstance(value, bool) and re.fullmatch(r"\d{2,5}", text) and _FIRST_SERIAL <= int(text) <= _LAST_SERIAL:
        return _SERIAL_ZERO + datetime.timedelta(days=int(text))
    raise RuleError("“{text}”不是日期，请写成 2024-03-05", text=text)


def _exact(value: int | float) -> Decimal:
    """The number that Excel shows: fifteen significant digits, without the noise of binary fractions."""
    if isinstance(value, int):
        return Decimal(value)
    if not math.isfinite(value):
        raise RuleError("不是有效的数字")
    if abs(value) >= _EXACT_BELOW:
        raise RuleError("数字超过 15 位，Excel 已丢失末尾数字；请把该列设为“文本”格式后重新填写")
    return Decimal(int(value)) if value.is_integer() else Decimal(f"{value:.15g}")


def _number(value: object) -> Decimal:
    if isinstance(value, bool):
        raise RuleError("“{text}”不是数字", text=as_text(value))
    if isinstance(value, (int, float)):
        return _exact(value)
    if isinstance(value, datetime.date):
        raise RuleError("“{text}”是日期，这里应填数字（请检查单元格格式）", text=as_text(value))
    text = as_text(value)
    if text.startswith("="):
        raise RuleError("“{text}”是公式，请改填算好的数字", text=text)
    if text.startswith("#"):
        raise RuleError("“{text}”是公式错误，请改填数字", text=text)
    compact = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    if _SCIENTIFIC.match(compact):
        raise RuleError("“{text}”是科学计数，请改填完整数字", text=text)
    found = _NUMBER.match(compact)
    if not found:
        raise RuleError("“{text}”不是数字", text=text)
    return Decimal(found["number"].replace(",", "")) * _SCALES[found["scale"]]
