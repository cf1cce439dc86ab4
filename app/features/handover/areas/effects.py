"""What a 补差单 needs and what follows: figures from the contract, money into the account, the flat's word (02 §2.3.7)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.deals.contracts.models import Contract
from app.features.deals.lines.models import OrderLine
from app.features.handover.areas.models import AreaSettlement, AreaState, Direction, Wish
from app.features.handover.areas.rules import AreaDifference, area_difference
from app.features.handover.household import UNSCOPED, Sale, follow, order_of, required_sale, unit_of
from app.features.organisation.numbers import number_for
from app.features.organisation.parameters import parameter
from app.features.payments.effects import account_of, add_receivable
from app.features.payments.effects.adjustments import give_price_back
from app.features.payments.models import FundKind, Receivable, ReceivableState, Refund, RefundState
from app.features.pricing.models import PricedLine
from app.features.units import effects as units
from app.features.units.models import PricingBasis, Unit
from app.kernel.actors import SYSTEM, Actor
from app.kernel.approval.kinds import Need
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.jobs import every
from app.kernel.money import format_amount, half_up
from app.kernel.notices import NoticeKind, notify_posts
from app.kernel.posts import Post
from app.kernel.workflow import Act, as_step, fire

USUAL_CLAUSE = Contract.__table__.c.area_clause.default.arg  # the law's own table
NOTHING = Decimal("0.00")  # as the database gives it back: the approval compares texts
FIGURES = ("surveyed_area", "surveyed_inner", "contract_area", "unit_price", "direction", "amount", "doubled")


def fill(session: Session, paper: AreaSettlement) -> None:
    """Everything that follows from contract and survey. Raises RuleError with the field that is missing."""
    sale = required_sale(session, paper.unit_id)
    contract, sold_id = sale.contract, paper.unit_id
    follow(paper, contract)
    paper.unit_id, paper.clause = sold_id, contract.area_clause
    unit = unit_of(session, paper)
    _take_terms(paper, sale, unit)
    registered = paper.surveyed_inner if paper.basis is PricingBasis.INNER_AREA else paper.surveyed_area
    if registered is None:
        raise RuleError("按套内计价，请填写产权登记套内面积", field="surveyed_inner")
    if paper.surveyed_inner is not None and paper.surveyed_inner > paper.surveyed_area:
        raise RuleError("套内面积不能大于建筑面积", field="surveyed_inner")
    limit = parameter(session, contract.project_id, "area_limit")
    found = area_difference(paper.contract_area, registered, paper.unit_price, limit)
    _write(paper, found)


def _take_terms(paper: AreaSettlement, sale: Sale, unit: Unit) -> None:
    """Area and price per ㎡ of what is settled: of the home as the contract says, of a 车位 or 储藏间 its own (P6 of its line)."""
    inner = (sale.contract.pricing_basis if sale.line is None else unit.pricing_basis) is PricingBasis.INNER_AREA
    if sale.line is None:
        paper.line, paper.line_name, paper.basis = PricedLine.HOME, "", sale.contract.pricing_basis
        paper.contract_area = unit.inner_area if inner else sale.contract.building_area
        paper.unit_price = sale.contract.unit_price
        return
    paper.line, paper.line_name, paper.basis = sale.line.kind, sale.line.name, unit.pricing_basis
    paper.contract_area = unit.inner_area if inner else unit.building_area
    paper.unit_price = half_up(sale.line.public_total / paper.contract_area)


def _write(paper: AreaSettlement, found: AreaDifference) -> None:
    """The result of the table; the contract's own clause wins, 按套 has no settlement."""
    paper.error, paper.may_withdraw = found.error, found.may_withdraw
    paper.borne, paper.doubled = found.borne, found.doubled
    paper.amount = found.owed + found.refund
    paper.direction = Direction.PAY if found.owed else Direction.BACK if found.refund else Direction.EVEN
    if paper.basis is PricingBasis.WHOLE:
        paper.borne = paper.doubled = paper.amount = NOTHING
        paper.direction, paper.may_withdraw = Direction.EVEN, False
    own_clause = paper.clause.strip() != USUAL_CLAUSE and paper.basis is not PricingBasis.WHOLE
    if own_clause and (paper.clause_direction is None or paper.clause_amount is None):
        raise RuleError(
            "合同另有约定「{clause}」，请按条款填写结算方向和金额", field="clause_direction", clause=paper.clause
        )
    if not own_clause and (paper.clause_direction is not None or paper.clause_amount is not None):
        raise RuleError("合同按办法第二十条结算，不用填写按条款结算", field="clause_direction")
    if own_clause:
        paper.direction, paper.amount = paper.clause_direction, paper.clause_amount  # type: ignore[assignment]
        paper.borne = paper.doubled = NOTHING
        paper.may_withdraw = False
        if (paper.direction is Direction.EVEN) != (paper.amount == 0):
            raise RuleError("补交或退还的金额必须大于零，不补不退填 0", field="clause_amount")


def note_survey(session: Session, paper: AreaSettlement, actor: Actor) -> None:
    """The flat keeps its surveyed areas; its word says how the difference stands."""
    unit = units.locked_unit(session, paper.unit_id, actor)
    with as_step(session):
        unit.surveyed_area, unit.surveyed_inner = paper.surveyed_area, paper.surveyed_inner or unit.surveyed_inner
    units.note_progress(session, unit, difference_state=word_of(paper))


def word_of(paper: AreaSettlement) -> str:
    """What the flat shows."""
    if paper.state is AreaState.CLEARED:
        return "已结清" if paper.amount else "无补差"
    if paper.state is AreaState.BOOKED:
        return "待补交" if paper.direction is Direction.PAY else "待退款"
    return {AreaState.WITHDRAWN: "转退房", AreaState.VOID: "", AreaState.REFUSED: ""}.get(paper.state, "待确认")


def tell_unit(act: Act) -> None:
    act.session.flush()
    unit = units.locked_unit(act.session, act.document.unit_id, act.actor)
    units.note_progress(act.session, unit, difference_state=word_of(act.document))


def approval_need(_session: Session, paper: Any) -> Need:
    """甲方现场负责人 reads areas, error and sum."""
    text = (
        f"{paper.unit.full_name}，合同 {paper.contract_area} ㎡，登记 {paper.surveyed_area} ㎡，"
        f"{paper.direction.label} {format_amount(paper.amount)} 元"
    )
    return Need(summary=text)


def figures_are_current(act: Act) -> None:
    """What is approved is what the contract and the parameters say today."""
    paper: AreaSettlement = act.document
    before = [getattr(paper, name) for name in FIGURES]
    fill(act.session, paper)
    if [getattr(paper, name) for name in FIGURES] != before:
        raise RuleError("合同或参数有变动，请先点「修改」重新计算后再提交")


def buyer_has_chosen(act: Act) -> None:
    """Beyond the limit the buyer says first whether he stays."""
    paper: AreaSettlement = act.document
    if paper.may_withdraw and paper.wish is None:
        raise RuleError("误差超过界限，买受人可以退房，请先登记买受人的选择")
    if paper.wish is Wish.WITHDRAW:
        raise RuleError("买受人要求退房，请点「转退房」")


def note_wish(act: Act) -> None:
    """The buyer's choice and its day."""
    paper: AreaSettlement = act.document
    if act.form["on"] > act.at.date():
        raise RuleError("选择日期不能晚于今天", field="on")
    paper.wish, paper.wished_on = act.form["wish"], act.form["on"]


def wants_to_leave(act: Act) -> None:
    if act.document.wish is not Wish.WITHDRAW:
        raise RuleError("买受人没有选择退房")


def tell_sellers(act: Act) -> None:
    """退房 is asked for by the agency's desk, at the seller's fault; refund and interest within 30 days."""
    paper: AreaSettlement = act.document
    days = parameter(act.session, paper.project_id, "withdraw_days")
    paper.due_on = (paper.wished_on or act.at.date()) + timedelta(days=days)
    title = f"{paper.unit.full_name} 面积误差超过界限，买受人要求退房，请在 {days} 天内办理退款"
    notify_posts(
        act.session, [Post.SUPERVISOR, Post.CLERK], paper.project_id, title, url=f"/area-settlement/show/{paper.id}",
        kind=NoticeKind.ALARM, outside="有买受人因面积误差要求退房",
    )  # fmt: skip


def give_number(act: Act) -> None:
    """The number comes with the first submit."""
    act.document.submitted_by = act.actor.person_id
    act.document.number = act.document.number or number_for(act.session, act.document, act.at.date())


def book(act: Act) -> None:
    """Approved: a further receivable, or refunds that 甲方财务 pays to the payers."""
    paper: AreaSettlement = act.document
    order = order_of(act.session, paper)
    account = account_of(act.session, order.id)
    if account is None:
        raise RuleError("认购书 {no} 还没有收款账户", no=order)
    paper.booked_on = act.at.date()
    paper.due_on = paper.booked_on + timedelta(days=parameter(act.session, paper.project_id, "area_pay_days"))
    reason = f"{paper.number} 面积补差"
    if paper.direction is Direction.PAY:
        row = add_receivable(
            act.session, account, act.actor, FundKind.DIFFERENCE, paper.amount, paper.due_on, note=reason,
            line=paper.line, line_name=paper.line_name,
        )  # fmt: skip
        paper.receivable_id = row.id
    else:
        extra = paper.doubled / 2
        give_price_back(
            act.session,
            account,
            act.actor,
            paper.amount - extra,
            compensation=extra,
            paper=paper,
            reason="面积补差退款",
            line=(paper.line, paper.line_name),
        )
        _note_on_line(act.session, paper, paper.amount - extra)


def _note_on_line(session: Session, paper: AreaSettlement, back: Decimal) -> None:
    """The order's 计价项目 keeps what of its price went back: `doctor` holds its receivables against it."""
    if paper.line is not PricedLine.HOME:
        query = select(OrderLine).where(
            OrderLine.reservation_id == paper.reservation_id, OrderLine.unit_id == paper.unit_id
        )
        for line in session.scalars(query, execution_options=UNSCOPED):
            line.area_back += back


def is_paid(session: Session, paper: AreaSettlement) -> bool:
    """Whether the money of a booked settlement has moved."""
    if paper.direction is Direction.PAY:
        query = select(Receivable.state).where(Receivable.id == paper.receivable_id)
        return session.scalar(query, execution_options=UNSCOPED) is ReceivableState.PAID
    waiting = select(Refund.id).where(Refund.paper == str(paper)[:64], Refund.state == RefundState.PENDING)
    return session.scalar(waiting.limit(1), execution_options=UNSCOPED) is None


def hear_of_money(act: Act, account: Any) -> None:
    """Listener of payments: the buyer paid."""
    for paper in booked_of(act.session, AreaSettlement.reservation_id == account.reservation_id):
        if is_paid(act.session, paper):
            fire(act.session, paper, "clear", act.actor, internal=True)


def booked_of(session: Session, *conditions: Any) -> list[AreaSettlement]:
    """Settlements that wait for their money."""
    query = select(AreaSettlement).where(AreaSettlement.state == AreaState.BOOKED, *conditions)
    return list(session.scalars(query.order_by(AreaSettlement.id), execution_options=UNSCOPED))


@every(seconds=3600, name="clear_area_settlements")
def clear_paid(session: Session) -> int:
    """Refunds that 甲方财务 paid, and whatever came by another way."""
    paid = [paper for paper in booked_of(session) if is_paid(session, paper)]
    for paper in paid:
        fire(session, paper, "clear", SYSTEM, internal=True, note=f"{now():%Y-%m-%d} 款已结清")
    return len(paid)


def unsettled(session: Session, contract: Contract) -> list[str]:
    """What the contract sold by area and is not settled yet, each with how its 补差单 stands (02 §2.3.7); 按套 needs none."""
    alive = AreaSettlement.state.not_in((AreaState.REFUSED, AreaState.VOID))
    query = select(AreaSettlement).where(AreaSettlement.reservation_id == contract.reservation_id, alive)
    papers = {paper.unit_id: paper for paper in session.scalars(query, execution_options=UNSCOPED)}
    sold = [] if contract.pricing_basis is PricingBasis.WHOLE else [(contract.unit_id, "")]
    lines = select(OrderLine.unit_id, OrderLine.name).join(Unit, Unit.id == OrderLine.unit_id)
    lines = lines.where(OrderLine.reservation_id == contract.reservation_id, Unit.pricing_basis != PricingBasis.WHOLE)
    sold += [(unit_id or 0, f"「{name}」") for unit_id, name in session.execute(lines, execution_options=UNSCOPED)]
    found = []
    for unit_id, name in sold:
        paper = papers.get(unit_id)
        if paper is None:
            found.append(f"{name}还没有面积补差单")
        elif paper.state is not AreaState.CLEARED:
            found.append(f"{name}面积补差单「{paper.state.label}」")
    return found
