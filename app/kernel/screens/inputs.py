"""Typed text → value: one place for every form, with Chinese reasons that name the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.kernel.chinese import fold, parse_date
from app.kernel.errors import RuleError
from app.kernel.money import parse_amount
from app.kernel.rates import parse_rate
from app.kernel.words import shown

MAX_TEXT, MAX_LONG = 255, 4000
MAX_INTEGER = 2**31 - 1


@dataclass
class Parsed:
    """What a form gave: values by name, sentences by field, the text as typed."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)
    lines: list[Any] = field(default_factory=list)  # the rows of a paper with lines (screens/lines.py)

    def refuse(self, name: str, sentence: str) -> None:
        """Note an error beside a field."""
        self.errors.setdefault(name, []).append(sentence)


@dataclass(frozen=True)
class Wanted:
    """One input to parse: kinds as in fields.py and asks.py."""

    name: str
    label: str
    kind: str
    required: bool = False
    choices: Any = None
    target: type[Any] | None = None
    limit: int = MAX_TEXT
    places: int = 2
    unit: str = ""  # of a rate: how people write it (kernel/rates.py)


def parse(
    session: Session, wanted: list[Wanted], form: Mapping[str, Any], files: MultiDict[str, Any] | None = None
) -> Parsed:
    """Parse every input; all errors at once, nothing typed is lost."""
    parsed = Parsed()
    for one in wanted:
        if one.kind == "file":
            given = files.getlist(one.name) if files is not None else []  # chosen, or taken with the camera
            parsed.values[one.name] = next((f for f in given if f.filename), None)
            if one.required and parsed.values[one.name] is None:
                parsed.refuse(one.name, _need(one))
            continue
        raw = form.get(one.name, "")
        parsed.typed[one.name] = raw
        text = raw.strip() if one.kind in ("long", "textarea") else fold(raw)
        try:
            parsed.values[one.name] = value(session, one, text)
        except RuleError as error:
            parsed.values[one.name] = None
            parsed.refuse(one.name, str(error))
            continue
        if one.required and parsed.values[one.name] in (None, ""):
            parsed.refuse(one.name, _need(one))
    return parsed


def _need(one: Wanted) -> str:
    verb = "选择" if one.kind in ("choice", "record", "lookup", "person") else "上传" if one.kind == "file" else "填写"
    return f"请{verb}{one.label}"


def value(session: Session, one: Wanted, text: str) -> Any:
    """One value of its kind; empty text is None (text columns: empty string stays None for optional ones)."""
    if one.kind in ("boolean", "checkbox"):
        return text in ("1", "on", "true", "y")
    if text == "":
        return None
    if "\x00" in text:
        raise RuleError("{label}里有不能保存的字符，请删去后再试", label=one.label)
    reader = _READERS.get(one.kind, _text)
    return reader(session, one, text)


def _text(_session: Session, one: Wanted, text: str) -> str:
    limit = MAX_LONG if one.kind in ("long", "textarea") else one.limit
    if len(text) > limit:
        raise RuleError("{label}最多 {n} 个字，现在有 {m} 个", label=one.label, n=limit, m=len(text))
    if one.kind == "text" and isinstance(one.choices, tuple) and one.choices and not isinstance(one.choices[0], str):
        return _pair(one, text)
    if isinstance(one.choices, tuple) and one.choices:
        return next((word for word in one.choices if shown(word) == text), text)  # an offered word, kept in Chinese
    return text


def _pair(one: Wanted, text: str) -> str:
    if text not in {key for key, _label in one.choices}:
        raise RuleError("{label}请从列表中选择", label=one.label)
    return text


def _money(_session: Session, one: Wanted, text: str) -> Decimal:
    return parse_amount(text)


def _decimal(_session: Session, one: Wanted, text: str) -> Decimal:
    return _number(one, text, text.removesuffix("㎡"))


def _rate(_session: Session, one: Wanted, text: str) -> Decimal:
    """A fraction: 0.035, or as people say it: 3.5%, 98 折."""
    return _fits(one, parse_rate(text, one.unit, label=one.label))


def _number(one: Wanted, text: str, digits: str) -> Decimal:
    try:
        number = Decimal(digits.replace(",", "").strip())
    except InvalidOperation:
        raise RuleError("{label}「{text}」不是数字，请填写如 89.53", label=one.label, text=text[:20]) from None
    if not number.is_finite() or abs(number) >= 10**9:
        raise RuleError("{label}「{text}」超出范围", label=one.label, text=text[:20])
    return _fits(one, number)


def _fits(one: Wanted, number: Decimal) -> Decimal:
    if -int(number.as_tuple().exponent) > one.places:
        raise RuleError("{label}最多 {n} 位小数", label=one.label, n=one.places)
    return number


def _integer(_session: Session, one: Wanted, text: str) -> int:
    digits = text.replace(",", "")
    if not digits.lstrip("-").isascii() or not digits.lstrip("-").isdigit():
        raise RuleError("{label}「{text}」不是整数", label=one.label, text=text[:20])
    number = int(digits[:12])
    if abs(number) > MAX_INTEGER:
        raise RuleError("{label}「{text}」超出范围", label=one.label, text=text[:20])
    return number


def _date(_session: Session, one: Wanted, text: str) -> Any:
    return parse_date(text)


def _datetime(session: Session, one: Wanted, text: str) -> datetime:
    day, _sep, clock = text.replace("T", " ").partition(" ")
    try:
        return datetime.combine(_date(session, one, day), time.fromisoformat(clock or "00:00"))
    except ValueError:
        raise RuleError(
            "{label}的时间「{text}」看不懂，请写成 2026-11-24 10:30", label=one.label, text=text[:20]
        ) from None


def _choice(_session: Session, one: Wanted, text: str) -> Any:
    if isinstance(one.choices, tuple):
        return _pair(one, text)
    member = next((m for m in one.choices if m.value == text), None) or one.choices.labelled(text)
    if member is None:
        raise RuleError("{label}请从列表中选择", label=one.label)
    return member


def _person(session: Session, one: Wanted, text: str) -> int:
    """The id of one of the people offered."""
    return _integer(session, one, _pair(one, text) if isinstance(one.choices, tuple) else text)


def _record(session: Session, one: Wanted, text: str) -> int:
    """The id of a record within the actor's scope: a foreign one is as good as missing."""
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise RuleError("{label}请从列表中选择", label=one.label)
    if one.target is None:
        raise TypeError(f"{one.name} refers to no record")
    found = session.scalars(select(one.target.id).where(one.target.id == int(text))).first()
    if found is None:
        raise RuleError("没有找到所选的{label}，请重新选择", label=one.label)
    return found


_READERS: dict[str, Any] = {
    "money": _money,
    "area": _decimal,
    "rate": _rate,
    "number": _decimal,
    "integer": _integer,
    "person": _person,
    "lookup": _integer,
    "date": _date,
    "datetime": _datetime,
    "choice": _choice,
    "record": _record,
}
