"""退订, 挞定, 退房: the order ends and its money is divided (02 §2.2.3, §2.3.3). Refunds are paid by 甲方财务 to the payers."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy.orm import Session

from app.features.deals.archiving import end_household
from app.features.deals.changes.effects.steps import order_of
from app.features.deals.changes.models import ChangeKind, ChangeRequest, FaultOf
from app.features.deals.reservations.models import Reservation
from app.features.deals.rules import Division, settle_before_contract, settle_withdrawal
from app.features.payments.effects import account_of, accumulated_due, confirmed_total
from app.features.payments.effects import settle as settle_account
from app.features.payments.models import FundKind
from app.features.payments.rules import Fault
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.workflow import Act, fire

FAULTS = {FaultOf.BUYER: Fault.BUYER, FaultOf.SELLER: Fault.SELLER, FaultOf.NOBODY: Fault.NOBODY}
ENDS = {
    ChangeKind.WITHDRAWAL: "withdraw_order", ChangeKind.FORFEITURE: "forfeit_order", ChangeKind.CANCELLATION: "cancel_order",
}  # fmt: skip


def fill(session: Session, change: ChangeRequest, order: Reservation) -> None:
    """Who is at fault fits the kind; the sums of now."""
    if change.kind is ChangeKind.FORFEITURE and change.fault is not FaultOf.BUYER:
        raise RuleError("挞定只适用于买方责任；其他情形请选退订", field="fault")
    if change.kind is ChangeKind.WITHDRAWAL and change.fault is FaultOf.BUYER:
        raise RuleError("买方责任的定金不退，请选挞定", field="fault")
    change.penalty_share, change.fee = (
        change.penalty_share or Decimal(0),
        change.fee or Decimal(0),
    )  # not asked of every kind
    if not Decimal(0) <= change.penalty_share <= Decimal(1):
        raise RuleError("违约金比例应在 0 和 1 之间，填 3% 或 0.03", field="penalty_share")
    if change.fee < 0:
        raise RuleError("手续费不能小于 0", field="fee")
    change.penalty_on_due, change.interest = bool(change.penalty_on_due), change.interest or Decimal(0)
    if change.penalty_on_due and change.fault is not FaultOf.BUYER:
        raise RuleError("只有买方逾期付款被解除的，违约金才按累计应付款", field="penalty_on_due")
    write_sums(session, change, order)


def settlement_of(session: Session, change: ChangeRequest, order: Reservation) -> Division:
    """How the confirmed money is divided now (02 §2.3.3): recomputed at every save and at the execution."""
    account = account_of(session, order.id)
    paid = Decimal(0) if account is None else confirmed_total(session, account.id)
    if change.fault is None:
        raise RuleError("请选择责任", field="fault")
    fault, total = FAULTS[change.fault], order.total or Decimal(0)
    if change.kind is ChangeKind.CANCELLATION:
        base = accumulated_due(session, account) if account is not None and change.penalty_on_due else total
        return settle_withdrawal(
            paid, base, fault, penalty_share=change.penalty_share, fee=change.fee, interest=change.interest
        )
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


def sums_are_those_approved(act: Act) -> None:
    """What was approved is what is executed: money that came since needs a new decision."""
    change = act.document
    division = settlement_of(act.session, change, order_of(act))
    if (division.paid, division.refundable) != (change.paid, change.refundable):
        raise RuleError(
            "批准后已收款由 {before} 元变为 {now} 元，请退回重算后重新送批",
            before=format_amount(change.paid), now=format_amount(division.paid),
        )  # fmt: skip


def execute(act: Act) -> None:
    """The order ends, the unit is free, the plan is cancelled, money is kept or waits to be refunded — all or nothing."""
    change, order = act.document, order_of(act)
    account = account_of(act.session, order.id)
    if account is not None:
        division = settlement_of(act.session, change, order).booked()
        settle_account(act.session, act.actor, account, division, paper=change, reason=change.kind.label)
    fire(act.session, order, ENDS[change.kind], act.actor, internal=True, note=f"{change.kind.label} {change.number}")
    end_household(act)
