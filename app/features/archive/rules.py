"""What a household must have on file, and how long a paper is kept: plain functions on values (02 §2.5.8–2.5.9)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.features.archive.models import Applies, Medium, Payment, Retention, Stage

STAGES = tuple(Stage)


LENT_BY_BANK = frozenset({Payment.MORTGAGE, Payment.COMBINED})


def applies(to: Applies, payment: Payment | None) -> bool:
    """Whether papers of this kind concern a household that pays so; the payment that nobody knows yet asks for no loan papers."""
    if to is Applies.ALL:
        return True
    return payment in LENT_BY_BANK if to is Applies.LOAN else payment is Payment.COMBINED


@dataclass(frozen=True)
class Wanted:
    """A line of the list of papers: which kind, from which stage on, of whom, and whether the original is asked for."""

    kind_id: int
    name: str
    stage: Stage
    to: Applies
    original: bool


@dataclass(frozen=True)
class Meter:
    """How complete a household is: demanded, there, and the names of what is missing in the order of the list."""

    needed: int
    present: int
    missing: tuple[str, ...]

    @property
    def percent(self) -> int:
        """0–100, whole; 100 only when nothing is missing."""
        return 100 if self.needed == 0 else self.present * 100 // self.needed


def measure(
    wanted: Iterable[Wanted], payment: Payment | None, stage: Stage, filed: Mapping[int, Collection[Medium]]
) -> Meter:
    """Papers demanded up to this stage against those on file: kind id → forms that are there. A demanded original is
    met by an original only; any other demand by whatever is there (02 §2.5.8 «缺件»)."""
    reached = STAGES[: STAGES.index(stage) + 1]
    due = [one for one in wanted if one.stage in reached and applies(one.to, payment)]
    missing = [one.name for one in due if not _met(one, filed.get(one.kind_id, ()))]
    return Meter(len(due), len(due) - len(missing), tuple(missing))


def _met(one: Wanted, there: Collection[Medium]) -> bool:
    return Medium.ORIGINAL in there if one.original else bool(there)


@dataclass(frozen=True)
class Terms:
    """Years and months that papers are kept; parameters of the project."""

    accounting_years: int
    contract_years: int
    identity_years: int
    ordinary_years: int
    visitor_months: int


def keep_until(retention: Retention, since: date, ended_on: date | None, terms: Terms) -> date | None:
    """The last day that a paper must be kept; None = for good, or not known yet (a contract that is still being fulfilled).

    since: the day it was received. ended_on: the day on which the household's contract was fulfilled or ended.
    """
    if retention is Retention.PERMANENT:
        return None
    if retention is Retention.CONTRACT:
        return None if ended_on is None else years_later(ended_on, terms.contract_years)
    if retention is Retention.IDENTITY:  # counted from the end of the business relation, while it lasts from nothing
        return None if ended_on is None else years_later(ended_on, terms.identity_years)
    if retention is Retention.VISITOR:
        return months_later(since, terms.visitor_months)
    years = terms.accounting_years if retention is Retention.ACCOUNTING else terms.ordinary_years
    return years_later(since, years)


def years_later(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 28."""
    return months_later(day, years * 12)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    total = day.year * 12 + day.month - 1 + months
    first = date(total // 12, total % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def number_of_folder(code: str, building: str, room: str, turn: int) -> str:
    """«JPYL-3栋-1单元1102»; the second household of the same flat is «…-2户» (02 §2.5.8 档号 项目-栋-房号-序)."""
    base = f"{code}-{building}-{room}"
    return base if turn == 1 else f"{base}-{turn}户"


def number_of_paper(folder: str, sequence: int) -> str:
    """«JPYL-3栋-1单元1102-07»."""
    return f"{folder}-{sequence:02d}"


def number_of_site_file(code: str, category: str, year: int, sequence: int) -> str:
    """«JPYL-制度-2026-003» (02 §2.5.8)."""
    return f"{code}-{category}-{year}-{sequence:03d}"
