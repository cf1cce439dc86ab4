"""Filling a 价目表 while it is a draft: by rule, line by line, or from a table that somebody uploaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.features.pricing.models import ListState, PriceLine, PriceList
from app.features.pricing.rules import TO_FEN, PriceRule, list_total, made_price, parse_aspect_steps
from app.features.pricing.rules.readings import list_rounding, priced_home
from app.features.pricing.rules.scaling import scaled_price
from app.features.units.models import SOLD, Unit
from app.features.units.picking import picked_units
from app.kernel.actors import Actor
from app.kernel.errors import NotFound, RuleError, StaleError
from app.kernel.posts import Post
from app.kernel.transactions import write
from app.kernel.workflow import Act, as_step

EDITORS = frozenset({Post.SITE_MANAGER, Post.SALES_ADMIN})
SHOWN_NAMES = 10


@dataclass(frozen=True)
class Prices:
    """Unit prices of one home, yuan per ㎡ (按套: yuan); None = not given."""

    list_price: Decimal
    floor_price: Decimal | None = None
    filed_price: Decimal | None = None


def names_of(units: Sequence[Unit]) -> str:
    """«3栋1101、3栋1102 等 12 套» for a refusal."""
    shown = "、".join(unit.full_name for unit in units[:SHOWN_NAMES])
    return shown if len(units) <= SHOWN_NAMES else f"{shown} 等 {len(units)} 套"


def put_prices(session: Session, paper: PriceList, wanted: Iterable[tuple[Unit, Prices]]) -> int:
    """Write lines of a draft, one a unit; what is not given keeps the unit's present value. Returns how many.

    Raises RuleError for a sold unit (02 §2.2.3: 改价 only what is not sold) or a price that is not positive.
    """
    pairs = list(wanted)
    sold = [unit for unit, _prices in pairs if unit.state in SOLD]
    if sold:
        raise RuleError("已售房源不能改价：{units}", units=names_of(sold))
    known = {line.unit_id: line for line in paper.lines}
    for unit, prices in pairs:
        line = known.get(unit.id)
        if line is None:
            line = PriceLine(project_id=paper.project_id, price_list=paper, unit_id=unit.id)
            session.add(line)
        _fill(line, unit, prices, paper)
    session.flush()
    return len(pairs)


def _fill(line: PriceLine, unit: Unit, prices: Prices, paper: PriceList) -> None:
    line.list_unit_price = prices.list_price
    line.list_total = list_total(priced_home(unit, prices.list_price), list_rounding(paper))
    line.floor_unit_price = prices.floor_price if prices.floor_price is not None else unit.floor_unit_price
    line.filed_unit_price = prices.filed_price if prices.filed_price is not None else unit.filed_unit_price
    line.filed_total = None
    if line.filed_unit_price is not None:
        line.filed_total = list_total(priced_home(unit, line.filed_unit_price), TO_FEN)
    line.old_unit_price = unit.list_unit_price


def make_lines(act: Act) -> None:
    """Step «按规则生成»: prices of the picked units from a base price (see PriceRule); sold ones are left out, as its form says."""
    form, paper = act.form, act.document
    rule = PriceRule(
        base_price=form["base_price"],
        base_floor=form["base_floor"],
        floor_step=form.get("floor_step") or Decimal(0),
        floor_gap=form["floor_gap"],
        filed_gap=form.get("filed_gap"),
        aspect_steps=parse_aspect_steps(form.get("aspect_steps") or ""),
    )
    units = picked_units(act.session, paper.project_id, form)
    wanted_type = form.get("unit_type")
    if wanted_type:
        units = [unit for unit in units if unit.unit_type is not None and unit.unit_type.name == wanted_type]
    open_units = [unit for unit in units if unit.state not in SOLD]
    if not open_units:
        raise RuleError("所选范围里没有可以定价的房源（已售房源不能改价）", field="building")
    made = [(unit, made_price(rule, unit.floor, unit.aspect)) for unit in open_units]
    put_prices(
        act.session, paper, [(unit, Prices(one.list_price, one.floor_price, one.filed_price)) for unit, one in made]
    )


def scale_lines(act: Act) -> None:
    """Step «按幅度调整»: the prices that hold now, moved by a share; units without a list price and sold ones are left out."""
    form, paper = act.form, act.document
    percent, step = form["percent"], form.get("step")
    units = [u for u in picked_units(act.session, paper.project_id, form) if u.state not in SOLD and u.list_unit_price]
    if not units:
        raise RuleError("所选范围里没有可以调价的房源：已售或还没有表价", field="building")

    def moved(price: Decimal | None, wanted: object) -> Decimal | None:
        return scaled_price(price, percent, step) if wanted and price is not None else price

    put_prices(
        act.session, paper,
        [
            (u, Prices(scaled_price(u.list_unit_price, percent, step), moved(u.floor_unit_price, form.get("floor_too")),
                       moved(u.filed_unit_price, form.get("filed_too"))))
            for u in units if u.list_unit_price is not None
        ],
    )  # fmt: skip


def draft_of(session: Session, list_id: int, actor: Actor, seen_version: int | None) -> PriceList:
    """The draft, locked, for its editors. Raises NotFound, RuleError when it was submitted, StaleError when it changed."""
    query = select(PriceList).where(PriceList.id == list_id).with_for_update(of=PriceList)
    paper = session.scalars(query, execution_options={"populate_existing": True}).first()
    if paper is None or not actor.holds(EDITORS, paper.project_id):
        raise NotFound("price_list")
    if paper.state is not ListState.DRAFT:
        raise RuleError("「{name}」已提交，不能再改价格；要改请先撤回", name=paper.name)
    if seen_version is not None and paper.version != seen_version:
        raise StaleError("「{name}」刚被别人修改过。你填写的内容还在下面，请核对后再保存", name=paper.name)
    return paper


def edit_lines(
    session: Any, list_id: int, actor: Actor, wanted: Mapping[int, Prices | None], *, seen_version: int | None = None
) -> int:
    """Typed prices by unit id; None takes the unit out of the list. Returns how many lines there were to write.

    Raises NotFound for a unit of another project, else as draft_of and put_prices.
    """

    def work() -> int:
        paper = draft_of(session, list_id, actor, seen_version)
        query = select(Unit).where(Unit.id.in_(sorted(wanted)), Unit.project_id == paper.project_id)
        units = {unit.id: unit for unit in session.scalars(query)}
        if units.keys() != wanted.keys():
            raise NotFound("unit")
        with as_step(session):
            for line in list(paper.lines):
                if line.unit_id in wanted and wanted[line.unit_id] is None:
                    paper.lines.remove(line)
                    session.delete(line)
            count = put_prices(
                session, paper, [(units[key], prices) for key, prices in wanted.items() if prices is not None]
            )
            flag_modified(paper, "updated_by")  # the lines are part of the paper: its version moves with them
            session.flush()
        return count

    return write(session, work)
