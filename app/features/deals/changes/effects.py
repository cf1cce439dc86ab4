"""What a 变更申请 needs and what follows when it is executed (02 §2.2.3, §2.3.3). Refunds are paid by 甲方财务 to the payers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.deals.changes.models import ChangeKind, ChangeRequest, ChangeState, FaultOf
from app.features.deals.contracts.effects import live_contract
from app.features.deals.numbers import number_for
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.deals.rules import Settlement, settle_before_contract, settle_withdrawal
from app.features.payments.effects import account_of, confirmed_total
from app.features.payments.effects import settle as settle_account
from app.features.payments.models import FundKind
from app.features.payments.rules import Fault
from app.kernel.approval.kinds import Need
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.workflow import Act, fire

FAULTS = {FaultOf.BUYER: Fault.BUYER, FaultOf.SELLER: Fault.SELLER, FaultOf.NOBODY: Fault.NOBODY}
APPLICANT_FIELDS = (
    "kind",
    "reservation_id",
    "fault",
    "reason",
    "penalty_share",
    "fee",
    "refundable",
    "kept",
    "penalty",
)
ENDS = {
    ChangeKind.WITHDRAWAL: "withdraw_order", ChangeKind.FORFEITURE: "forfeit_order", ChangeKind.CANCELLATION: "cancel_order",
}  # fmt: skip


def fill_from_order(session: Session, change: ChangeRequest, order: Reservation) -> None:
    """Project, people, unit and sums come from the order. Raises RuleError for a kind that the order's state does not allow."""
    change.project_id, change.owner_id, change.partner_id = order.project_id, order.owner_id, order.partner_id
    change.team_id, change.unit_id = order.team_id, order.unit_id
    change.customer_id, change.customer_name = order.customer_id, order.customer_name
    _check_kind(change, order)
    write_sums(session, change, order)


def _check_kind(change: ChangeRequest, order: Reservation) -> None:
    needed = ReservationState.SIGNED if change.kind is ChangeKind.CANCELLATION else ReservationState.EFFECTIVE
    if order.state is not needed:
        raise RuleError(
            "认购书 {no} 现在是「{state}」，不能办理{kind}（{kind}要求「{needed}」）",
            field="kind", no=order, state=order.state.label, kind=change.kind.label, needed=needed.label,
        )  # fmt: skip
    if change.kind is ChangeKind.FORFEITURE and change.fault is not FaultOf.BUYER:
        raise RuleError("挞定只适用于买方责任；其他情形请选退订", field="fault")
    if change.kind is ChangeKind.WITHDRAWAL and change.fault is FaultOf.BUYER:
        raise RuleError("买方责任的定金不退，请选挞定", field="fault")


def settlement_of(session: Session, change: ChangeRequest, order: Reservation) -> Settlement:
    """How the confirmed money is divided now (02 §2.3.3): recomputed at every save and at the execution."""
    account = account_of(session, order.id)
    paid = Decimal(0) if account is None else confirmed_total(session, account.id)
    fault, total = FAULTS[change.fault], order.total or Decimal(0)
    if change.kind is ChangeKind.CANCELLATION:
        return settle_withdrawal(paid, total, fault, penalty_share=change.penalty_share, fee=change.fee)
    deposit = Decimal(0) if account is None else confirmed_total(session, account.id, [FundKind.DEPOSIT])
    return settle_before_contract(paid, min(deposit, paid), total, fault, fee=change.fee)


def write_sums(session: Session, change: ChangeRequest, order: Reservation) -> None:
    """Write the division to the paper."""
    division = settlement_of(session, change, order)
    if division.still_owed:
        raise RuleError(
            "违约金和手续费比已收款多 {owed} 元，请先由买方补缴", field="fee", owed=format_amount(division.still_owed)
        )
    change.paid, change.kept, change.penalty = division.paid, division.kept, division.penalty
    change.compensation, change.refundable = division.compensation, division.refundable


def order_of(act: Act) -> Reservation:
    """The order that ends."""
    return act.session.scalars(
        select(Reservation).where(Reservation.id == act.document.reservation_id), execution_options={"unscoped": True}
    ).one()


def approval_need(_session: Session, change: Any) -> Need:
    """The whole chain of 02 §2.2.3 signs; the last word is 甲方负责人's."""
    text = f"{change.unit.full_name}，{change.kind.label}（{change.fault.label}），应退 {format_amount(change.refundable)} 元"
    return Need(Decimal(1), summary=text)


def sums_are_current(act: Act) -> None:
    """Money may have come since the paper was written: what is approved is what will be executed."""
    change, order = act.document, order_of(act)
    _check_kind(change, order)
    division = settlement_of(act.session, change, order)
    if (division.paid, division.refundable) != (change.paid, change.refundable):
        raise RuleError("已收款有变动，请先点「修改」重新计算后再提交")


def give_number(act: Act) -> None:
    """The number comes with the first submit."""
    act.document.submitted_by = act.actor.person_id
    if act.document.number is None:
        act.document.number = number_for(act.session, act.document, act.at.date())


def filing_is_revoked(act: Act) -> None:
    """退房 is executed only after the contract is revoked with the authority, when it was filed or entered (02 §2.2.1)."""
    if act.document.kind is not ChangeKind.CANCELLATION:
        return
    contract = live_contract(act.session, act.document.reservation_id)
    if contract is not None:
        raise RuleError(
            "合同 {no} 现在是「{state}」，须先办完撤销才能执行退房", no=contract, state=contract.state.label
        )


def execute(act: Act) -> None:
    """The order ends, the unit is free, the plan is cancelled, money is kept or waits to be refunded — all or nothing."""
    change, order = act.document, order_of(act)
    account = account_of(act.session, order.id)
    if account is not None:
        settle_account(
            act.session,
            act.actor,
            account,
            settlement_of(act.session, change, order),
            paper=change,
            reason=change.kind.label,
        )
    fire(act.session, order, ENDS[change.kind], act.actor, internal=True, note=f"{change.kind.label} {change.number}")
    change.executed_on = act.at.date()


def cancellation_approved(session: Session, reservation_id: int) -> bool:
    """Whether an approved 退房 lets the contract be revoked."""
    query = select(ChangeRequest.id).where(
        ChangeRequest.reservation_id == reservation_id,
        ChangeRequest.kind == ChangeKind.CANCELLATION,
        ChangeRequest.state == ChangeState.APPROVED,
    )
    return session.scalars(query, execution_options={"unscoped": True}).first() is not None
