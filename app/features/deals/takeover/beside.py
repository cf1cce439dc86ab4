"""What an old order sells beside its home: 装修款 and the 车位, 储藏间 of the old ledger, found among our units (decision 0040)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.deals.takeover.models import TakeOverOrder
from app.features.deals.takeover.rules import read_places
from app.features.pricing.effects import ATTACHABLE
from app.features.pricing.models import PricedLine
from app.features.units.models import Unit, UnitState
from app.kernel.errors import RuleError
from app.kernel.home_texts import home_key

UNSCOPED = {"unscoped": True}
UNTAKEN = frozenset({UnitState.WAIT, UnitState.FREE})
COLUMNS = ((PricedLine.PARKING, "parking", "parking_total"), (PricedLine.STORE, "store", "store_total"))


@dataclass(frozen=True)
class Beside:
    """One 计价项目 of an old order: its unit (None for 装修款) and its price in yuan."""

    kind: PricedLine
    unit: Unit | None
    price: Decimal


def sold_beside(session: Session, orders: Iterable[TakeOverOrder]) -> tuple[dict[int, list[Beside]], list[RuleError]]:
    """(what each order sells beside its home, by the home's id; every fault). A place is of our units, unsold, and named once."""
    found: dict[int, list[Beside]] = {}
    wrong: list[RuleError] = []
    orders = list(orders)
    places = _places(session, orders)
    taken: set[int] = set()
    for one in orders:
        mine = found.setdefault(one.unit_id, [])
        if one.finish_total:
            mine.append(Beside(PricedLine.FINISH, None, one.finish_total))
        for kind, names, total in COLUMNS:
            try:
                for name, price in read_places(getattr(one, names), getattr(one, total), kind.label):
                    unit = _free_place(places, name, kind, one, taken)
                    taken.add(unit.id)
                    mine.append(Beside(kind, unit, price))
            except RuleError as error:
                wrong.append(RuleError("{name}：{what}", name=one.unit.full_name, what=str(error)))
    return found, wrong


def _places(session: Session, orders: list[TakeOverOrder]) -> dict[str, Unit]:
    """The parking places and store rooms of the project, by the ways of writing their names."""
    if not any(one.parking or one.store for one in orders):
        return {}
    query = select(Unit).where(Unit.project_id == orders[0].project_id, Unit.product.in_(ATTACHABLE))
    return {home_key(unit.full_name): unit for unit in session.scalars(query, execution_options=UNSCOPED)}


def _free_place(places: dict[str, Unit], name: str, kind: PricedLine, one: Any, taken: set[int]) -> Unit:
    unit = places.get(home_key(name))
    about = {"kind": kind.label, "place": name}
    if unit is None or ATTACHABLE[unit.product] is not kind:
        raise RuleError("系统里没有{kind}「{place}」，请先导入{kind}", **about)
    if unit.id in taken:
        raise RuleError("{kind}「{place}」在本次接管里出现了两次", **about)
    if unit.state not in UNTAKEN or unit.seized or unit.attached_to_id not in (None, one.unit_id):
        raise RuleError("{kind}「{place}」在系统里已经售出、被查封，或随别的房源一起卖", **about)
    return unit
