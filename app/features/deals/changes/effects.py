"""What a 变更申请 needs and what follows when it is executed (02 §2.2.3, §2.3.3). Refunds are paid by 甲方财务 to the payers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.deals.archiving import end_household
from app.features.deals.changes.models import ChangeKind, ChangeRequest, ChangeState, FaultOf
from app.features.deals.contracts.effects import live_contract
from app.features.deals.contracts.models import Contract, ContractState
from app.features.deals.reservations.models import CloseKind, Reservation, ReservationState
from app.features.deals.rules import Division, settle_before_contract, settle_withdrawal
from app.features.organisation.numbers import number_for
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
CLOSES = {
    ChangeKind.WITHDRAWAL: CloseKind.WITHDRAWN, ChangeKind.FORFEITURE: CloseKind.FORFEITED, ChangeKind.CANCELLATION: CloseKind.CANCELLED,
}  # fmt: skip
ON_PAPER_ONLY = frozenset({ContractState.DRAFT, ContractState.REVIEW, ContractState.APPROVED})
UNDER_REVOCATION = frozenset({ContractState.REVOKING, ContractState.ACCEPTED, ContractState.REVOKED})


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


def settlement_of(session: Session, change: ChangeRequest, order: Reservation) -> Division:
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


def mark_order(act: Act) -> None:
    """Approved: the order is about to end, so that nothing new is signed and a contract may be revoked."""
    change: ChangeRequest = act.document
    fire(
        act.session,
        order_of(act),
        "note_ending",
        act.actor,
        internal=True,
        note=str(change),
        ends_as=CLOSES[change.kind],
    )


def unmark_order(act: Act) -> None:
    """An approved change that is voided or computed anew: for now the order goes on."""
    order = order_of(act)
    if act.before is ChangeState.APPROVED and order.closed_at is None:
        fire(act.session, order, "drop_ending", act.actor, internal=True, note=f"{act.document}：{act.note}")


def live_change(session: Session, reservation_id: int) -> ChangeRequest | None:
    """The change of an order that is under way."""
    query = select(ChangeRequest).where(
        ChangeRequest.reservation_id == reservation_id,
        ChangeRequest.state.in_([ChangeState.REVIEW, ChangeState.APPROVED]),
    )
    return session.scalars(query, execution_options={"unscoped": True}).first()


def contract_is_untouched(act: Act) -> None:
    """A change under which the contract is being revoked is not voided any more: the order must end."""
    query = select(Contract).where(
        Contract.reservation_id == act.document.reservation_id, Contract.state.in_(UNDER_REVOCATION)
    )
    contract = act.session.scalars(query, execution_options={"unscoped": True}).first()
    if contract is not None:
        raise RuleError("合同 {no} 已办理撤销，这份变更申请只能办完", no=contract)


def contract_is_revoked(act: Act) -> None:
    """Executed only after a contract that the authority knows of is revoked (02 §2.2.1); a drafted one ends with the order."""
    contract = live_contract(act.session, act.document.reservation_id)
    if contract is not None and contract.state not in ON_PAPER_ONLY:
        raise RuleError(
            "合同 {no} 现在是「{state}」，须先办完撤销才能执行{kind}",
            no=contract, state=contract.state.label, kind=act.document.kind.label,
        )  # fmt: skip


def sums_are_those_approved(act: Act) -> None:
    """What was approved is what is executed: money that came since needs a new decision."""
    change = act.document
    division = settlement_of(act.session, change, order_of(act))
    if (division.paid, division.refundable) != (change.paid, change.refundable):
        raise RuleError(
            "批准后已收款由 {before} 元变为 {now} 元，请退回重算后重新送批",
            before=format_amount(change.paid), now=format_amount(division.paid),
        )  # fmt: skip


def void_drafted_contract(act: Act) -> None:
    """A contract that was only drafted or approved ends with the order."""
    contract = live_contract(act.session, act.document.reservation_id)
    if contract is not None:
        note = f"{act.document.kind.label} {act.document.number}"
        fire(act.session, contract, "void_with_order", act.actor, internal=True, note=note)


def execute(act: Act) -> None:
    """The order ends, the unit is free, the plan is cancelled, money is kept or waits to be refunded — all or nothing."""
    change, order = act.document, order_of(act)
    account = account_of(act.session, order.id)
    if account is not None:
        settle_account(
            act.session,
            act.actor,
            account,
            settlement_of(act.session, change, order).booked(),
            paper=change,
            reason=change.kind.label,
        )
    fire(act.session, order, ENDS[change.kind], act.actor, internal=True, note=f"{change.kind.label} {change.number}")
    change.executed_on = act.at.date()
    end_household(act)
