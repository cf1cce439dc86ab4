"""What must hold of a 价目表 before it is decided, and what follows when its day comes (02 §2.2.3 改价)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.features.organisation.models import Project
from app.features.pricing.effects.lines import names_of
from app.features.pricing.effects.listeners import tell_of_changed_prices
from app.features.pricing.effects.price_notices import announce, end_notices
from app.features.pricing.effects.quoting import active_schemes, lowest_public_totals, sales_scheme_on
from app.features.pricing.models import LineOutcome, ListState, PriceLine, PriceList, PriceNoticeKind
from app.features.pricing.rules.readings import below
from app.features.units.effects import locked_unit
from app.features.units.models import SOLD, Unit
from app.kernel.actors import SYSTEM
from app.kernel.approval.kinds import Need
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.jobs import every
from app.kernel.numbering import next_number
from app.kernel.workflow import Act, fire


def lines_with_units(session: Session, paper: PriceList) -> list[PriceLine]:
    """The lines in the order of their units (lock order, 04 §2.2). Unscoped: the step is the authority."""
    query = select(PriceLine).where(PriceLine.price_list_id == paper.id).options(joinedload(PriceLine.unit))
    return list(session.scalars(query.order_by(PriceLine.unit_id), execution_options={"unscoped": True}))


def list_need(session: Session, paper: PriceList) -> Need:
    """PM, then JFS, then JFL, whatever the size. The summary names no floor price."""
    lines = lines_with_units(session, paper)
    total = sum(line.list_total for line in lines)
    return Need(summary=f"{len(lines)} 套，表价合计 {total:,.2f} 元，{paper.effective_on} 起生效。{paper.reason}")


def has_lines(act: Act) -> None:
    """A list without prices decides nothing."""
    if not lines_with_units(act.session, act.document):
        raise RuleError("价目表里还没有房源价格，请先「按规则生成」「逐套填写」或「导入价格」")


def day_not_past(act: Act) -> None:
    """Prices hold from a day on, never backwards."""
    if act.document.effective_on < act.at.date():
        raise RuleError("生效日期不能早于今天，请先修改")


def units_unsold(act: Act) -> None:
    """改价 only what is not sold (02 §2.2.3)."""
    sold = [line.unit for line in lines_with_units(act.session, act.document) if line.unit.state in SOLD]
    if sold:
        raise RuleError("已售房源不能改价，请先移出：{units}", units=names_of(sold))


def prices_complete_and_in_order(act: Act) -> None:
    """Every unit has floor ≤ list ≤ filed price (发改价格[2011]548号: nothing above the marked price)."""
    lines = lines_with_units(act.session, act.document)
    for fault, wrong in (
        ("缺备案价", [line for line in lines if line.filed_total is None]),
        (
            "表价高于备案价",
            [line for line in lines if line.filed_total is not None and line.list_total > line.filed_total],
        ),
        ("缺底价", [line for line in lines if line.floor_unit_price is None]),
        ("底价高于表价", [line for line in lines if (line.floor_unit_price or 0) > line.list_unit_price]),
    ):
        if wrong:
            raise RuleError("{fault}：{units}", fault=fault, units=names_of([line.unit for line in wrong]))


def public_prices_not_below_floor(act: Act) -> None:
    """With every public discount the price stays above the floor: else a refused order would betray it (02 §2.1.6)."""
    paper, day = act.document, max(act.document.effective_on, act.at.date())
    lines = [line for line in lines_with_units(act.session, paper) if line.floor_unit_price is not None]
    schemes = active_schemes(act.session, paper.project_id)
    sales = sales_scheme_on(act.session, paper.project_id, day)
    lowest = lowest_public_totals(
        act.session, paper.project_id, [line.list_total for line in lines], schemes, sales, day
    )
    low = [
        line.unit for line, total in zip(lines, lowest, strict=True) if below(line.unit, total, line.floor_unit_price)
    ]
    if low:
        raise RuleError("享受全部公开优惠后低于底价：{units}。请调整价格或优惠", units=names_of(low))


def give_number(act: Act) -> None:
    """The number comes with the first submit."""
    paper = act.document
    if paper.number is None:
        code = act.session.get_one(Project, paper.project_id, execution_options={"unscoped": True}).code
        paper.number = next_number(act.session, paper.__number__, code, act.at.date())


def apply_when_due(act: Act) -> None:
    """A list whose day has come when it is approved takes effect at once."""
    if act.document.effective_on <= act.at.date():
        fire(act.session, act.document, "apply", act.actor, internal=True)


def write_prices(act: Act) -> None:
    """List, floor and filed prices go to the units; a unit sold meanwhile keeps its price, the line says so."""
    paper: PriceList = act.document
    paper.applied_at = act.at
    changed = [line for line in lines_with_units(act.session, paper) if _write_line(act.session, line)]
    act.session.flush()
    tell_of_changed_prices(act.session, [line.unit_id for line in changed])


def _write_line(session: Session, line: PriceLine) -> bool:
    unit = locked_unit(session, line.unit_id, SYSTEM)
    if unit.state in SOLD:
        line.outcome = LineOutcome.KEPT
        return False
    line.old_unit_price = unit.list_unit_price
    unit.list_unit_price, unit.list_total = line.list_unit_price, line.list_total
    unit.filed_unit_price, unit.filed_total = line.filed_unit_price, line.filed_total
    unit.floor_unit_price = line.floor_unit_price
    line.outcome, line.applied_at = LineOutcome.APPLIED, now()
    return True


def retire_replaced(act: Act) -> None:
    """An earlier list all of whose units have newer prices is 已停用."""
    paper: PriceList = act.document
    query = select(PriceList).where(
        PriceList.project_id == paper.project_id, PriceList.state == ListState.EFFECTIVE, PriceList.id != paper.id
    )
    older = act.session.scalars(query, execution_options={"unscoped": True}).all()
    newest = _newest_lines(act.session, paper.project_id)
    for candidate in older:
        if candidate.id not in newest.values():
            fire(act.session, candidate, "retire", act.actor, internal=True, note=f"由「{paper.name}」代替")
            end_notices(act.session, PriceNoticeKind.PRICES, candidate.id, f"由「{paper.name}」代替")


def _newest_lines(session: Session, project_id: int) -> dict[int, int]:
    """unit id → the list whose price it has or, being sold, would have."""
    query = (
        select(PriceLine.unit_id, PriceLine.price_list_id)
        .join(PriceList, PriceList.id == PriceLine.price_list_id)
        .where(PriceList.project_id == project_id, PriceList.state == ListState.EFFECTIVE)
        .order_by(PriceList.applied_at, PriceList.id)
    )
    return dict(session.execute(query, execution_options={"unscoped": True}).all())


def tell_site(act: Act) -> None:
    """Everybody who names prices to customers hears of it; what was kept is counted."""
    paper: PriceList = act.document
    lines = lines_with_units(act.session, paper)
    kept = sum(line.outcome is LineOutcome.KEPT for line in lines)
    body = f"{len(lines) - kept} 套的表价已更新" + (f"，{kept} 套已售，保留原价" if kept else "")
    title = f"价目表「{paper.name}」今起生效"
    announce(
        act.session, paper.project_id, PriceNoticeKind.PRICES, paper.id, title, body, holds_from=paper.effective_on
    )


@every(seconds=60, name="price_lists")
def apply_due_lists(session: Session) -> int:
    """Approved lists whose day has come take effect; safe to repeat."""
    query = select(PriceList).where(PriceList.state == ListState.APPROVED, PriceList.effective_on <= now().date())
    due = session.scalars(query.order_by(PriceList.effective_on, PriceList.id)).all()
    for paper in due:
        fire(session, paper, "apply", SYSTEM, internal=True)
    return len(due)


@every(seconds=300, name="price_lists_returned_units")
def apply_to_returned_units(session: Session) -> int:
    """A unit that was sold when its list took effect and is free again gets the price that everybody reads now."""
    query = (
        select(PriceLine)
        .join(PriceList, PriceList.id == PriceLine.price_list_id)
        .join(Unit, Unit.id == PriceLine.unit_id)
        .where(PriceLine.outcome == LineOutcome.KEPT, PriceList.state == ListState.EFFECTIVE, Unit.state.not_in(SOLD))
        .order_by(PriceLine.unit_id)
    )
    waiting = session.scalars(query).all()
    newest: dict[int, dict[int, int]] = {p: _newest_lines(session, p) for p in {line.project_id for line in waiting}}
    changed = [
        line.unit_id
        for line in waiting
        if newest[line.project_id][line.unit_id] == line.price_list_id and _write_line(session, line)
    ]
    session.flush()
    tell_of_changed_prices(session, changed)
    return len(changed)


def changed_lines(session: Session, list_id: int) -> list[PriceLine]:
    """The lines of a list that changed a price, in the order of the units. Unscoped: list prices are everybody's."""
    query = select(PriceLine).where(PriceLine.price_list_id == list_id, PriceLine.outcome == LineOutcome.APPLIED)
    query = query.options(joinedload(PriceLine.unit)).order_by(PriceLine.unit_id)
    return list(session.scalars(query, execution_options={"unscoped": True}))


def price_history(session: Session, unit_id: int) -> list[PriceLine]:
    """The prices that a unit has had, newest first. Unscoped: list prices are everybody's, the floor is not shown."""
    query: Any = (
        select(PriceLine)
        .where(PriceLine.unit_id == unit_id, PriceLine.outcome == LineOutcome.APPLIED)
        .options(joinedload(PriceLine.price_list))
        .order_by(PriceLine.applied_at.desc(), PriceLine.id.desc())
    )
    return list(session.scalars(query, execution_options={"unscoped": True}))
