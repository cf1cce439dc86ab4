"""What the reports count, within the reader's rows: one statement a report, so that the wide rows are read once (04 F8)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, func, literal, select, type_coerce, union_all
from sqlalchemy.orm import Session

from app.features.customers.choices import ContactKind, CustomerState, Source
from app.features.customers.models import Contact, Customer
from app.features.customers.scripts.models import Topic
from app.features.customers.scripts.rules import topics_of
from app.features.customers.statistics.rules import Period, names_in

DIMENSIONS = (
    "grade",
    "source",
    "home_area",
    "age_band",
    "purpose",
    "wanted_total",
    "wanted_layout",
    "wanted_area",
    "register",
    "lost_reason",
)
TOPICS_READ = 20_000  # calls and visits of one week whose doubts are read


@dataclass(frozen=True)
class Count:
    """Customers with one word of a dimension (None = 未填): all of them, who has been here, who bought, who signed."""

    word: str | None
    customers: int
    visited: int
    reserved: int
    signed: int


def _here(project_id: int, period: Period, owner_id: int | None) -> list[ColumnElement[bool]]:
    wanted = [Customer.project_id == project_id, Customer.first_at >= period.since, Customer.first_at < period.before]
    return [*wanted, Customer.owner_id == owner_id] if owner_id is not None else wanted


def _flag(fact: Any) -> Any:
    return case((fact, 1), else_=0)


def profile(session: Session, project_id: int, period: Period, owner_id: int | None = None) -> dict[str, list[Count]]:
    """Customers who first came in the period, by each dimension, the largest first; «lost_reason» counts the lost ones only."""
    base = select(
        *(getattr(Customer, name) for name in DIMENSIONS), Customer.state, _flag(Customer.visits > 0).label("visited"),
        _flag(Customer.reserved_at.is_not(None)).label("reserved"), _flag(Customer.signed_at.is_not(None)).label("signed"),
    ).where(*_here(project_id, period, owner_id)).cte("potential")  # fmt: skip
    branches = []
    for name in DIMENSIONS:
        word = type_coerce(base.c[name], String)
        one = select(
            literal(name).label("dimension"), word.label("word"), func.count().label("customers"),
            func.sum(base.c.visited).label("visited"), func.sum(base.c.reserved).label("reserved"), func.sum(base.c.signed).label("signed"),
        ).group_by(word)  # fmt: skip
        branches.append(one.where(base.c.state == CustomerState.LOST) if name == "lost_reason" else one)
    every = union_all(*branches).subquery()
    found: dict[str, list[Count]] = {name: [] for name in DIMENSIONS}
    for row in session.execute(select(*every.c)):
        found[row.dimension].append(Count(row.word or None, row.customers, row.visited, row.reserved, row.signed))
    return {name: sorted(_merged(rows), key=lambda one: -one.customers) for name, rows in found.items()}


def _merged(rows: Sequence[Count]) -> list[Count]:
    """An empty text and no text are both 未填."""
    blank = [one for one in rows if one.word is None]
    if len(blank) < 2:
        return list(rows)
    sums = (sum(getattr(one, name) for one in blank) for name in ("customers", "visited", "reserved", "signed"))
    return [*(one for one in rows if one.word is not None), Count(None, *sums)]


@dataclass(frozen=True)
class Cohort:
    """Customers of one month of first contact: how far they ever came, and where they stand today."""

    year: int
    month: int
    customers: int
    visited: int
    queued: int
    reserved: int
    signed: int
    states: dict[CustomerState, int]


def cohorts(session: Session, project_id: int, period: Period, owner_id: int | None = None) -> list[Cohort]:
    """By month of the first call or visit, the oldest first."""
    month = func.substr(
        cast(Customer.first_at, String), 1, 7
    )  # «2026-11» on both databases, cheaper than date functions
    milestones = [Customer.queued_at, Customer.reserved_at, Customer.signed_at]
    query = select(
        month, Customer.state, func.count(), func.sum(_flag(Customer.visits > 0)),
        *(func.sum(_flag(one.is_not(None))) for one in milestones),
    ).where(*_here(project_id, period, owner_id)).group_by(month, Customer.state)  # fmt: skip
    months: dict[str, list[Any]] = defaultdict(list)
    for row in session.execute(query):
        months[row[0]].append(row)
    return [_cohort(key, rows) for key, rows in sorted(months.items())]


def _cohort(month: str, rows: Sequence[Any]) -> Cohort:
    customers, visited, queued, reserved, signed = (sum(row[place] for row in rows) for place in range(2, 7))
    states = {row[1]: row[2] for row in rows}
    return Cohort(int(month[:4]), int(month[5:]), customers, visited, queued, reserved, signed, states)


@dataclass(frozen=True)
class WeekRow:
    """One 途径 in one week; reserved by the first 途径 of the customer (02 §2.3.9 «Attribution»)."""

    source: Source
    calls: int = 0
    first: int = 0
    again: int = 0
    reserved: int = 0

    @property
    def visits(self) -> int:
        return self.first + self.again


@dataclass(frozen=True)
class Rival:
    """Another site: in how many calls and visits it was named, how many lost customers bought there."""

    name: str
    named: int = 0
    bought: int = 0


@dataclass(frozen=True)
class Week:
    """来人来电周表: by 途径, 区域 of callers and visitors, their 户型, why the lost ones left, what was doubted, which other sites were
    named. after_call: first visits of customers who had called before."""

    rows: list[WeekRow]
    areas: list[tuple[str, int]]
    layouts: list[tuple[str, int]]
    lost: list[tuple[str, int]]
    topics: list[tuple[Topic, int]]
    after_call: int
    rivals: list[Rival]


def week(session: Session, project_id: int, period: Period, owner_id: int | None = None) -> Week:
    """One week within the reader's rows."""
    within: list[ColumnElement[bool]] = [
        Contact.project_id == project_id, Contact.at >= period.since, Contact.at < period.before,
        *([Contact.owner_id == owner_id] if owner_id is not None else []),
    ]  # fmt: skip
    came: dict[tuple[Source, ContactKind], int] = {
        (row[0], row[1]): row[2]
        for row in session.execute(select(Contact.source, Contact.kind, func.count()).where(*within).group_by(Contact.source, Contact.kind))
    }  # fmt: skip
    mine: list[ColumnElement[bool]] = [Customer.project_id == project_id]
    if owner_id is not None:
        mine.append(Customer.owner_id == owner_id)
    bought_now = (Customer.reserved_at >= period.since, Customer.reserved_at < period.before)
    bought = dict(
        _pairs(session, select(Customer.source, func.count()).where(*mine, *bought_now).group_by(Customer.source))
    )
    rows = [
        WeekRow(one, came.get((one, ContactKind.CALL), 0), came.get((one, ContactKind.FIRST_VISIT), 0),
                came.get((one, ContactKind.REVISIT), 0), bought.get(one, 0))
        for one in Source
    ]  # fmt: skip
    first_visit = (Contact.kind == ContactKind.FIRST_VISIT, Customer.first_kind == ContactKind.CALL)
    joined = select(func.count()).select_from(Contact).join(Customer, Customer.id == Contact.customer_id)
    lost_now = (Customer.lost_at >= period.since, Customer.lost_at < period.before)
    wanted = select(Customer.wanted_layout, func.count(func.distinct(Customer.id))).join(
        Contact, Contact.customer_id == Customer.id
    )
    return Week(
        rows,
        _areas(session, within),
        _pairs(session, wanted.where(*within).group_by(Customer.wanted_layout)),
        _pairs(session, select(Customer.lost_reason, func.count()).where(*mine, *lost_now).group_by(Customer.lost_reason)),
        _topics(session, within),
        session.scalar(joined.where(*within, *first_visit)) or 0,
        _rivals(session, within, [*mine, *lost_now]),
    )  # fmt: skip


def _pairs(session: Session, query: Any) -> list[tuple[Any, int]]:
    """(word, number), the largest first."""
    return sorted(((row[0], row[1]) for row in session.execute(query)), key=lambda pair: -pair[1])


def _areas(session: Session, within: list[ColumnElement[bool]]) -> list[tuple[Any, int]]:
    """Where callers and visitors live; an empty text and no text are both 未填."""
    area = func.nullif(Contact.home_area, "")
    return _pairs(session, select(area, func.count()).where(*within).group_by(area))


def _topics(session: Session, within: list[ColumnElement[bool]]) -> list[tuple[Topic, int]]:
    """What the doubts of the week are about; one call may be about several things."""
    query = select(Contact.doubts).where(*within, Contact.doubts.is_not(None)).limit(TOPICS_READ)
    counted = Counter(topic for text in session.scalars(query) for topic in topics_of(text))
    return counted.most_common()


def _rivals(session: Session, within: list[ColumnElement[bool]], lost: list[ColumnElement[bool]]) -> list[Rival]:
    """Other sites by name: named while the customer was here or on the phone, or bought at by whoever was lost; the most named first."""
    told = select(Contact.rivals).where(*within, Contact.rivals.is_not(None)).limit(TOPICS_READ)
    named = Counter(name for text in session.scalars(told) for name in set(names_in(text or "")))
    gone = select(Customer.lost_to, func.count()).where(*lost, Customer.lost_to.is_not(None)).group_by(Customer.lost_to)
    bought: Counter[str] = Counter()
    for text, number in session.execute(gone):
        bought.update(dict.fromkeys(names_in(text or ""), number))
    every = [Rival(name, named[name], bought[name]) for name in named | bought]
    return sorted(every, key=lambda one: (-one.named, -one.bought, one.name))
