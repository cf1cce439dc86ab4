"""What a 渠道报备 is worth, on plain values (02 §2.5.2: 30 minutes before, 3 d valid, 30 d after the visit, natural visits first)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.features.customers.channels.choices import Verdict
from app.kernel.chinese import fold, parse_phone
from app.kernel.errors import RuleError

_HIDDEN = re.compile(r"(1\d{2})[*xX＊]{2,8}(\d{4})")


@dataclass(frozen=True)
class ChannelTerms:
    """The project's numbers: minutes before the arrival, days valid, protected after the visit, natural visits first."""

    ahead_minutes: int
    valid_days: int
    protect_days: int
    natural_days: int


@dataclass(frozen=True)
class Known:
    """What the site knows of a reported customer on the moment of the report; None, False = nothing of that kind."""

    dealt: bool = False  # he has queued, reserved or signed
    natural_on: date | None = None  # his last call or visit that no channel brought
    protected_until: date | None = None  # a consultant's protection
    earlier: str = ""  # «other»: another channel's report holds, «same»: one of this channel does


def reported_phone(text: str, *, field: str = "phone") -> str:
    """A whole number normalised, or one with its middle hidden as 138****8888. Raises RuleError."""
    written = re.sub(r"[\s\-–—]", "", unicodedata.normalize("NFKC", text or ""))
    hidden = _HIDDEN.fullmatch(written)
    if hidden is not None:
        return f"{hidden[1]}****{hidden[2]}"
    if "*" in written:
        raise RuleError("隐号请写成前三位加后四位，例如 138****8888", field=field)
    return parse_phone(text or "", field=field)


def check_reported(reported: datetime | None, moment: datetime) -> None:
    """Nobody was reported ahead of time. Raises RuleError."""
    if reported is not None and reported > moment:
        raise RuleError("报备时间不能晚于现在", field="reported_at")


def is_hidden(phone: str) -> bool:
    """Whether only the first three and the last four digits are known."""
    return "*" in phone


def surname(name: str, *, field: str = "called") -> str:
    """What a channel tells of the name: a surname at least. Raises RuleError."""
    kept = fold(name)
    if not kept or any(c.isdigit() for c in kept):
        raise RuleError("请填写客户姓氏，例如「王先生」", field=field)
    return kept[:64]


def judge(known: Known, today: date, terms: ChannelTerms) -> Verdict:
    """The proposal for a 报备; the first line that fits speaks."""
    if known.dealt:
        return Verdict.DEALT
    if known.earlier:
        return Verdict.TWICE if known.earlier == "same" else Verdict.OTHER_CHANNEL
    if known.natural_on is not None and today <= known.natural_on + timedelta(days=terms.natural_days):
        return Verdict.NATURAL
    if known.protected_until is not None and today <= known.protected_until:
        return Verdict.KNOWN
    return Verdict.VALID


def valid_until(reported: datetime, terms: ChannelTerms) -> date:
    """The last day on which the customer may be brought."""
    return reported.date() + timedelta(days=terms.valid_days)


def check_arrival(reported: datetime, until: date, arrived: datetime, moment: datetime, terms: ChannelTerms) -> None:
    """He comes after the report, so many minutes at least, and before it ends; raises RuleError."""
    if arrived > moment:
        raise RuleError("到访时间不能晚于现在", field="at")
    if arrived < reported + timedelta(minutes=terms.ahead_minutes):
        raise RuleError(
            "{time} 报备，须早于到访 {n} 分钟；不足的按自然到访登记",
            field="at",
            time=f"{reported:%m-%d %H:%M}",
            n=terms.ahead_minutes,
        )
    if arrived.date() > until:
        raise RuleError("报备有效至 {day}，已过期，请渠道重新报备", field="at", day=until)


def holds(visited: date, day: date, terms: ChannelTerms) -> bool:
    """Whether a deal on that day is the channel's: within the protection after the visit."""
    return visited <= day <= visited + timedelta(days=terms.protect_days)
