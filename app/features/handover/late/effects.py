"""The late homes of a building are listed, counted anew, and owed once 甲方 agreed; a day is never counted twice (02 §2.3.6 L6)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.features.deals.contracts.models import Contract
from app.features.handover.handings.models import OVER, Handover, HandoverState
from app.features.handover.household import UNSCOPED, contracts_of, follow
from app.features.handover.late.models import LateBatch, LateHome, LateHomeState
from app.features.organisation.numbers import number_for
from app.features.payments.effects import account_of, price_paid
from app.features.payments.effects.adjustments import owe_compensation
from app.features.payments.rules.late_fee import LatePart, days_late, seller_late_fee, seller_late_parts
from app.features.units.models import Unit
from app.kernel.actors import Actor
from app.kernel.approval.kinds import Need
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.notices import NoticeKind, notify_posts
from app.kernel.posts import Post
from app.kernel.workflow import Act, as_step, fire

COUNTED, EXCLUDED, OWED, VOID = LateHomeState
NO_RATE, NO_MONEY, AGREED = "合同没有约定逾期日费率", "没有已确认的房款", "拒收时已批准补偿"
FIGURES = ("unit_id", "from_on", "until_on", "paid", "rate", "amount", "parts")


def find_late(session: Session, batch: LateBatch) -> list[LateHome]:
    """The homes of the building that were late up to the batch's day, not yet stored; those that cannot be counted say why.

    A home is late from the day after its contract's date, or after the last day that an earlier batch made payable.
    """
    units = select(Unit.id).where(Unit.building_id == batch.building_id)
    ids = list(session.scalars(units.order_by(Unit.id), execution_options=UNSCOPED))
    found = (_late_home(session, batch, contract) for contract in contracts_of(session, ids))
    return [line for line in found if line is not None]


def _late_home(session: Session, batch: LateBatch, contract: Contract) -> LateHome | None:
    if contract.handover_on is None:
        return None
    handover = _handover_of(session, contract.reservation_id)
    handed = handover.received_on if handover is not None and handover.state in OVER else None
    start = max(contract.handover_on, counted_until(session, contract.reservation_id) or contract.handover_on)
    end = min(handed or batch.until_on, batch.until_on)
    days = days_late(start, end)
    if days <= 0:
        return None
    parts = _parts(session, contract.reservation_id, start, end)
    paid = sum((part.amount for part in parts), Decimal("0.00"))
    amount = seller_late_fee(parts, contract.late_rate)
    why = _obstacle(contract, paid, handover)
    line = LateHome(
        promised_on=contract.handover_on, from_on=start, until_on=end, handed_on=handed, days=days, paid=paid,
        rate=contract.late_rate, amount=amount, parts=[[str(p.from_on), str(p.amount), p.days] for p in parts], why=why, state=EXCLUDED if why else COUNTED,
    )  # fmt: skip
    follow(line, contract)
    return line


def _obstacle(contract: Contract, paid: Decimal, handover: Handover | None) -> str:
    """Why a home is listed without being counted; 甲方客服 may count it all the same where something can be paid."""
    if not contract.late_rate:
        return NO_RATE
    if not paid:
        return NO_MONEY
    if handover is not None and handover.compensation and handover.state is not HandoverState.REFUSING:
        return f"{AGREED} {format_amount(handover.compensation)} 元，请核对是否还要计入"
    return ""


def _handover_of(session: Session, reservation_id: int) -> Handover | None:
    query = select(Handover).where(Handover.reservation_id == reservation_id, Handover.state != HandoverState.VOID)
    return session.scalars(query, execution_options=UNSCOPED).first()


def counted_until(session: Session, reservation_id: int) -> date | None:
    """The last day for which a batch made the delay of a home payable; None while none did."""
    query = select(func.max(LateHome.until_on)).where(LateHome.reservation_id == reservation_id, LateHome.state == OWED)
    return session.scalar(query, execution_options=UNSCOPED)


def _parts(session: Session, reservation_id: int, start: date, end: date) -> list[LatePart]:
    account = account_of(session, reservation_id)
    paid = [] if account is None else price_paid(session, account)
    return seller_late_parts(paid, promised_on=start, handed_over_on=end)


def list_homes(session: Session, batch: LateBatch, actor: Actor) -> None:
    """Write the list anew; what was set aside by hand stays set aside. Raises RuleError when nobody is late."""
    with as_step(session):
        aside = _set_aside(session, batch)
        for line in live_lines(session, batch):
            fire(session, line, "void", actor, internal=True, note="重新计算")
        session.flush()
        made = find_late(session, batch)
        if not made:
            raise RuleError(
                "这栋楼到 {day} 没有需要计算违约金的房源（没有逾期，或已经计过）",
                field="building_id",
                day=batch.until_on,
            )
        for line in made:
            if line.reservation_id in aside:
                line.state, line.why = EXCLUDED, aside[line.reservation_id]
            line.batch_id, line.created_by = batch.id, actor.person_id
            session.add(line)
        session.flush()
        sum_up(session, batch)


def _set_aside(session: Session, batch: LateBatch) -> dict[int, str]:
    """The homes that somebody set aside by hand, in this list or an earlier one of the building, with the reason: they are
    never paid because a later list forgot it. Whoever counted one in, in this list, has decided anew."""
    query = select(LateHome).join(LateBatch, LateBatch.id == LateHome.batch_id)
    query = query.where(LateBatch.building_id == batch.building_id, LateHome.state.in_((COUNTED, EXCLUDED)))
    aside: dict[int, str] = {}
    for line in session.scalars(query.order_by(LateHome.id), execution_options=UNSCOPED):
        by_hand = line.state is EXCLUDED and not line.why.startswith((NO_RATE, NO_MONEY, AGREED))
        if by_hand:
            aside[line.reservation_id] = line.why
        elif line.batch_id == batch.id:
            aside.pop(line.reservation_id, None)
    return aside


def in_force(batch: LateBatch) -> Select[tuple[LateHome]]:
    """The lines of a batch that count or were set aside, in the order of the flats."""
    return select(LateHome).where(LateHome.batch_id == batch.id, LateHome.state != VOID).order_by(LateHome.unit_id)


def live_lines(session: Session, batch: LateBatch) -> list[LateHome]:
    """All of them, whatever their reader may see: for sums and steps."""
    return list(session.scalars(in_force(batch), execution_options=UNSCOPED))


def sum_up(session: Session, batch: LateBatch) -> None:
    """Homes and total of what counts."""
    counted = [line for line in live_lines(session, batch) if line.state in (COUNTED, OWED)]
    batch.homes, batch.total = len(counted), sum((line.amount for line in counted), Decimal("0.00"))
    session.flush()


def recount(act: Act) -> None:
    list_homes(act.session, act.document, act.actor)


def list_is_current(act: Act) -> None:
    """What goes to 甲方 is what contracts and receipts say now. Raises RuleError naming the first home that differs."""
    batch: LateBatch = act.document
    now_late = {line.unit_id: line for line in find_late(act.session, batch)}
    counted = [line for line in live_lines(act.session, batch) if line.state is COUNTED]
    if not counted:
        raise RuleError("没有计入的房源，不能提交")
    for line in counted:
        again = now_late.get(line.unit_id)
        if again is None or any(getattr(again, name) != getattr(line, name) for name in FIGURES):
            raise RuleError("{unit} 的合同、收款或交付日期有变动，请先点「重新计算」", unit=line.unit.full_name)


def give_number(act: Act) -> None:
    """The number comes with the first submit."""
    act.document.submitted_by = act.actor.person_id
    act.document.number = act.document.number or number_for(act.session, act.document, act.at.date())


def approval_need(_session: Session, batch: Any) -> Need:
    """甲方现场负责人 reads building, day, homes and sum."""
    return Need(
        summary=f"{batch.building.name} 逾期交付违约金，算到 {batch.until_on}，{batch.homes} 套，{format_amount(batch.total)} 元"
    )


def owe_all(act: Act) -> None:
    """Approved: every counted home gets its payable; 甲方财务 pays them like refunds."""
    batch: LateBatch = act.document
    for line in [line for line in live_lines(act.session, batch) if line.state is COUNTED]:
        fire(act.session, line, "owe", act.actor, internal=True, note=batch.number or "")
    batch.booked_on = act.at.date()
    notify_posts(
        act.session, [Post.DEVELOPER_FINANCE], batch.project_id, f"待付逾期交付违约金：{batch.building.name} {batch.homes} 套",
        body=f"合计 {format_amount(batch.total)} 元", url="/refund/list/?state=pending", kind=NoticeKind.REMINDER,
        outside="有逾期交付违约金待付",
    )  # fmt: skip


def owe_one(act: Act) -> None:
    """The payable of one home, paid to its first payer. Raises RuleError naming the home."""
    line: LateHome = act.document
    account = account_of(act.session, line.reservation_id)
    if account is None or account.closed_at is not None:
        raise RuleError("{unit} 的收款账户已关闭，请退回后把它改为不计入", unit=line.unit.full_name)
    reason = f"逾期交付违约金 {line.unit.full_name} {line.from_on} 次日至 {line.until_on} 共 {line.days} 天"
    made = owe_compensation(act.session, account, act.actor, line.amount, paper=line.batch, reason=reason)
    line.refund_id = made.id


def batch_is_open(act: Act) -> None:
    """A line is counted or set aside only while its list is being checked."""
    if act.document.batch.state.value != "draft":
        raise RuleError("批次已提交，不能再改明细；需要修改请退回批次")


def set_aside(act: Act) -> None:
    act.document.why = act.note[:200]


def count_in(act: Act) -> None:
    """Only what can be paid."""
    line: LateHome = act.document
    if not line.amount:
        raise RuleError("{unit} 的违约金为零（{why}），不能计入", unit=line.unit.full_name, why=line.why or NO_MONEY)
    line.why = ""


def follow_line(act: Act) -> None:
    """The sum of the batch follows its lines."""
    act.session.flush()
    sum_up(act.session, act.document.batch)


def drop_lines(act: Act) -> None:
    """A voided or refused batch counts nothing."""
    for line in live_lines(act.session, act.document):
        fire(act.session, line, "void", act.actor, internal=True, note=act.note)
