"""Reading two price versions side by side: a list against what held before it, or against another list (S3.20)."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.features.pricing.models import LineOutcome, ListState, PriceLine, PriceList
from app.features.pricing.rules import list_total
from app.features.pricing.rules.comparing import Compared
from app.features.pricing.rules.readings import list_rounding, priced_home
from app.features.units.models import Building, Unit


def comparable_lists(session: Session, paper: PriceList) -> list[PriceList]:
    """The other lists of the project within the reader's rows, newest first; refused and void ones are left out."""
    query = select(PriceList).where(
        PriceList.project_id == paper.project_id, PriceList.id != paper.id,
        PriceList.state.not_in([ListState.REFUSED, ListState.VOID]),
    )  # fmt: skip
    return list(session.scalars(query.order_by(PriceList.effective_on.desc(), PriceList.id.desc())))


def compared(session: Session, paper: PriceList, other: PriceList | None) -> list[Compared]:
    """Home by home: `other` → paper; without other, what held before the paper took (or will take) effect → paper."""
    after = {line.unit_id: line for line in _lines(session, paper)}
    before = {line.unit_id: line for line in _lines(session, other)} if other is not None else {}
    units = {line.unit_id: line.unit for line in (*before.values(), *after.values())}
    buildings = dict(session.execute(select(Building.id, Building.name)).all())
    rows = []
    for unit in sorted(units.values(), key=lambda u: (u.building_id, u.section, -u.floor, u.room)):
        line, old = after.get(unit.id), before.get(unit.id)
        was, was_total = _before(paper, line, unit) if other is None else _priced(old)
        is_now, is_total = _priced(line)
        rows.append(
            Compared(unit.id, unit.full_name, buildings.get(unit.building_id, ""), unit.building_area, was, was_total,
                     is_now, is_total)
        )  # fmt: skip
    return rows


Pair = tuple[Decimal | None, Decimal | None]


def _lines(session: Session, paper: PriceList) -> list[PriceLine]:
    query = select(PriceLine).where(PriceLine.price_list_id == paper.id).options(joinedload(PriceLine.unit))
    return list(session.scalars(query))


def _priced(line: PriceLine | None) -> Pair:
    return (None, None) if line is None else (line.list_unit_price, line.list_total)


def _before(paper: PriceList, line: PriceLine | None, unit: Unit) -> Pair:
    """What the home cost before: noted on the line once it was applied, else the price of today."""
    if line is None or line.outcome is not LineOutcome.APPLIED:
        return unit.list_unit_price, unit.list_total
    if line.old_unit_price is None:
        return None, None
    return line.old_unit_price, list_total(priced_home(unit, line.old_unit_price), list_rounding(paper))
