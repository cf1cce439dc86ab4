"""How often customers like this one bought here, as counts of the site's own last months — never a percentage of our own making."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from app.features.customers.analysis.rules import visit_band
from app.features.customers.choices import Grade
from app.features.customers.models import Customer
from app.features.organisation.parameters import parameters

MONTH = 30.44  # days, the mean


@dataclass(frozen=True)
class Likeness:
    """Customers of one grade, of those who came as often (`visits`) or heard of the site the same way (`source`): so many,
    so many of them bought, so many signed. small: too few to say anything."""

    grade: Grade
    visits: bool
    source: bool
    customers: int
    reserved: int
    signed: int
    small: bool


@dataclass(frozen=True)
class History:
    """The rows, over how many months."""

    months: int
    rows: Sequence[Likeness]


def history_of(session: Session, customer: Customer, today: date) -> History:
    """Counts of everybody of the site who first came within the months, by grade; alone, with visits, with source, with both.

    The whole site is counted whoever reads it: these are numbers, they name nobody.
    """
    values = parameters(session, customer.project_id, ("likelihood_months", "likelihood_base"))
    since = datetime.combine(today - timedelta(days=round(values["likelihood_months"] * MONTH)), time())
    low, high = visit_band(customer.visits)
    came = Customer.visits >= low if high is None else Customer.visits == low
    heard = Customer.source == customer.source
    ways: tuple[tuple[Any, ...], ...] = ((), (came,), (heard,), (came, heard))
    columns = [column for way in ways for column in _counted(way)]
    query = select(*columns).where(
        Customer.project_id == customer.project_id, Customer.grade == customer.grade, Customer.first_at >= since,
        Customer.id != customer.id,
    )  # fmt: skip
    numbers = [n or 0 for n in session.execute(query, execution_options={"unscoped": True}).one()]
    base = values["likelihood_base"]
    rows = [_likeness(customer.grade, place, numbers[3 * place : 3 * place + 3], base) for place in range(len(ways))]
    return History(values["likelihood_months"], rows)


def _likeness(grade: Grade, place: int, numbers: Sequence[int], base: int) -> Likeness:
    """place: 0 the grade alone, 1 with visits, 2 with source, 3 with both."""
    customers, reserved, signed = numbers
    return Likeness(grade, place in (1, 3), place in (2, 3), customers, reserved, signed, customers < base)


def _counted(way: tuple[Any, ...]) -> list[Any]:
    """How many, how many of them bought, how many signed."""

    def number(*more: Any) -> Any:
        wanted = (*way, *more)
        return func.sum(case((and_(*wanted), 1), else_=0)) if wanted else func.count()

    return [number(), number(Customer.reserved_at.is_not(None)), number(Customer.signed_at.is_not(None))]
