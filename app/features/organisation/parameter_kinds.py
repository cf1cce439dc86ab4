"""How a parameter is written and read: text in Chinese habits outside, a typed value inside."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import time
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from app.kernel.errors import RuleError

YES, NO = "是", "否"


class Kind(Protocol):
    """One kind of value."""

    def parse(self, text: str, label: str) -> Any:
        """The typed value. Raises RuleError (field «value») that names the parameter and what is allowed."""


def _clean(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().replace(",", "")


@dataclass(frozen=True)
class Whole:
    """A whole number of days, minutes, pieces; both ends are allowed."""

    lowest: int
    highest: int

    def parse(self, text: str, label: str) -> int:
        plain = _clean(text)
        if not re.fullmatch(r"[0-9]{1,9}", plain) or not self.lowest <= int(plain) <= self.highest:
            raise RuleError(
                "「{label}」应为 {lowest}—{highest} 的整数，不能是「{text}」",
                field="value", label=label, lowest=self.lowest, highest=self.highest, text=text,
            )  # fmt: skip
        return int(plain)


@dataclass(frozen=True)
class Number:
    """An exact decimal (a rate, a percentage, yuan) with at most so many places; both ends are allowed."""

    lowest: Decimal
    highest: Decimal
    places: int

    def parse(self, text: str, label: str) -> Decimal:
        try:
            value = Decimal(_clean(text))
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or not self.lowest <= value <= self.highest or round(value, self.places) != value:
            raise RuleError(
                "「{label}」应为 {lowest}—{highest} 的数，最多 {places} 位小数，不能是「{text}」",
                field="value", label=label, lowest=self.lowest, highest=self.highest, places=self.places, text=text,
            )  # fmt: skip
        return value


@dataclass(frozen=True)
class Share(Number):
    """A part of a whole, kept as it was typed: «20 %» and «0.20» are the same."""

    def parse(self, text: str, label: str) -> Decimal:
        plain = _clean(text)
        if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?\s*%", plain):
            return super().parse(str(Decimal(plain.rstrip("% ")) / 100), label)
        return super().parse(text, label)


@dataclass(frozen=True)
class DayList:
    """Days around a date, ascending: «-7,0,3» is seven days before, on the day, three days after."""

    lowest: int
    highest: int

    def parse(self, text: str, label: str) -> tuple[int, ...]:
        parts = re.split(r"[,，、;；\s]+", unicodedata.normalize("NFKC", text).replace("－", "-").strip())
        days = tuple(int(part) for part in parts if re.fullmatch(r"[+-]?[0-9]{1,3}", part))
        right = len(days) == len(parts) and all(self.lowest <= day <= self.highest for day in days)
        if not right or list(days) != sorted(set(days)):
            raise RuleError(
                "「{label}」应为从小到大的天数，用逗号隔开，例如 -7,0,3,7，每个在 {lowest}—{highest} 之间，不能是「{text}」",
                field="value", label=label, lowest=self.lowest, highest=self.highest, text=text,
            )  # fmt: skip
        return days


@dataclass(frozen=True)
class CheckItem:
    """One item of a check and what it can reach."""

    name: str
    full_mark: int


@dataclass(frozen=True)
class CheckItems:
    """Items of a check, in the order of the sheet: «仪容仪表、样板间 20»; a number behind an item is its full mark."""

    usual: int = 10
    highest: int = 100
    longest: int = 20
    most: int = 30

    def parse(self, text: str, label: str) -> tuple[CheckItem, ...]:
        parts = [
            part.strip() for part in re.split(r"[,，、;；\n]+", unicodedata.normalize("NFKC", text)) if part.strip()
        ]
        found = [re.fullmatch(r"(.+?)(?:\s+([0-9]{1,3}))?", part) for part in parts]
        items = tuple(CheckItem(one[1], int(one[2] or self.usual)) for one in found if one)
        fits = all(len(one.name) <= self.longest and 1 <= one.full_mark <= self.highest for one in items)
        if not fits or not 1 <= len({one.name for one in items}) == len(items) <= self.most:
            raise RuleError(
                "「{label}」应为 1—{most} 个不同的检查项，用顿号隔开，每项最多 {n} 个字，后面可写满分（1—{highest}），例如 仪容仪表、样板间 20",
                field="value", label=label, most=self.most, n=self.longest, highest=self.highest,
            )  # fmt: skip
        return items


@dataclass(frozen=True)
class YesNo:
    """A switch."""

    words = (YES, NO)

    def parse(self, text: str, label: str) -> bool:
        if text.strip() not in (YES, NO):
            raise RuleError("「{label}」应为「是」或「否」，不能是「{text}」", field="value", label=label, text=text)
        return text.strip() == YES


@dataclass(frozen=True)
class TimeOfDay:
    """A time of day, 24 hours."""

    def parse(self, text: str, label: str) -> time:
        found = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", _clean(text))
        if found is None:
            raise RuleError("「{label}」应为时刻，例如 09:00，不能是「{text}」", field="value", label=label, text=text)
        return time(int(found[1]), int(found[2]))


@dataclass(frozen=True)
class Code:
    """A short code of another program's books: letters, digits, dots, Chinese words; never empty."""

    longest: int = 30

    def parse(self, text: str, label: str) -> str:
        plain = unicodedata.normalize("NFKC", text).strip()
        if not re.fullmatch(r"[\w.\-]+", plain) or len(plain) > self.longest:
            raise RuleError(
                "「{label}」应为 1—{n} 个字母、数字、汉字或点、横线，不能是「{text}」",
                field="value", label=label, n=self.longest, text=text,
            )  # fmt: skip
        return plain


@dataclass(frozen=True)
class OneOf:
    """One word of a closed list."""

    words: tuple[str, ...]

    def parse(self, text: str, label: str) -> str:
        if text.strip() not in self.words:
            raise RuleError(
                "「{label}」只能是 {hint}，不能是「{text}」",
                field="value",
                label=label,
                hint="、".join(self.words),
                text=text,
            )
        return text.strip()


@dataclass(frozen=True)
class Declared:
    """A parameter: its Chinese name, group on the screen, kind, default as text, unit and what it governs."""

    label: str
    group: str
    kind: Kind
    default: str
    unit: str = ""
    hint: str = ""

    def parse(self, text: str) -> Any:
        """The typed value of a text. Raises RuleError."""
        return self.kind.parse(text, self.label)

    @property
    def words(self) -> tuple[str, ...]:
        """The words that a value may be; none for figures."""
        return getattr(self.kind, "words", ())
