"""What every 变更申请 shares: number, the mark on its order, the contract beside it, who approved and executed when."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.deals.archiving import file_change
from app.features.deals.changes.models import ENDINGS, EXTENSIONS, ChangeKind, ChangeRequest, ChangeState
from app.features.deals.changes.rules import FACTS, ON_PAPER_ONLY
from app.features.deals.contracts.effects import live_contract
from app.features.deals.contracts.models import Contract, ContractState
from app.features.deals.reservations.models import Reservation
from app.features.organisation.numbers import number_for
from app.features.units.models import UnitState
from app.kernel.actors import directory
from app.kernel.approval.kinds import Need
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.notices import NoticeKind, notify
from app.kernel.posts import Post
from app.kernel.workflow import Act, fire

UNSCOPED = {"unscoped": True}
ENDS_ORDER = ENDINGS | {ChangeKind.EXCHANGE}
WITH_CONTRACT = frozenset({UnitState.DRAFT, UnitState.SIGN})
UNDER_REVOCATION = frozenset({ContractState.REVOKING, ContractState.ACCEPTED, ContractState.REVOKED})
APPLICANT_FIELDS = (
    "kind", "reservation_id", "fault", "reason", "penalty_share", "fee", "refundable", "kept", "penalty", "new_unit_id",
    "new_scheme_id", "new_total", "loan_bank", "loan_amount", "fund_amount", "loan_years", "new_customer_id", "relation", "new_buyers",
    "receivable_id", "new_due_on",
)  # fmt: skip


def order_of(act: Act) -> Reservation:
    """The order that the change is about."""
    return act.session.scalars(
        select(Reservation).where(Reservation.id == act.document.reservation_id), execution_options=UNSCOPED
    ).one()


def give_number(act: Act) -> None:
    """The number comes with the first submit."""
    act.document.submitted_by = act.actor.person_id
    if act.document.number is None:
        act.document.number = number_for(act.session, act.document, act.at.date())


def live_change(session: Session, reservation_id: int) -> ChangeRequest | None:
    """The change of an order that is under way."""
    query = select(ChangeRequest).where(
        ChangeRequest.reservation_id == reservation_id,
        ChangeRequest.state.in_([ChangeState.REVIEW, ChangeState.APPROVED]),
    )
    return session.scalars(query, execution_options=UNSCOPED).first()


def summary_of(change: ChangeRequest) -> str:
    """What an approver reads in his inbox, by kind."""
    about = f"{change.unit.full_name}，{change.kind.label}"
    match change.kind:
        case ChangeKind.EXCHANGE:
            totals = (
                f"{format_amount(change.old_total or Decimal(0))} → {format_amount(change.new_total or Decimal(0))}"
            )
            return f"{about}到 {change.new_unit.full_name}，成交总价 {totals} 元"
        case ChangeKind.RENAME:
            kin = change.relation.label if change.relation is not None else ""
            return f"{about}给 {change.new_customer.name}（{kin}）"
        case ChangeKind.CO_BUYERS:
            return f"{about}为 {'、'.join(b.name for b in change.proposed)}"
        case ChangeKind.PAYMENT:
            return f"{about}为{change.new_scheme.name}，成交总价 {format_amount(change.new_total or Decimal(0))} 元"
        case ChangeKind.LATER_SIGNING | ChangeKind.LATER_PAYMENT:
            what = change.receivable.kind.label + "，" if change.receivable is not None else ""
            return f"{about}，{what}{change.old_due_on} → {change.new_due_on}，{days_later(change)} 天"
    fault = change.fault.label if change.fault is not None else ""
    return f"{about}（{fault}），应退 {format_amount(change.refundable)} 元"


def days_later(change: ChangeRequest) -> int:
    """Days from the original date to the asked one; 0 for other kinds."""
    if change.new_due_on is None or change.old_due_on is None:
        return 0
    return (change.new_due_on - change.old_due_on).days


def approval_need(_session: Session, change: Any) -> Need:
    """The whole chain of 02 §2.2.3 signs; an extension goes to the post that may grant its days, a falling total to 甲方负责人."""
    if change.kind in EXTENSIONS:
        return Need(Decimal(days_later(change)), summary=summary_of(change))
    falls = change.kind is ChangeKind.EXCHANGE and (change.new_total or 0) < (change.old_total or 0)
    return Need(Decimal(1), at_least=Post.DEVELOPER_LEAD if falls else None, summary=summary_of(change))


def note_approval(act: Act) -> None:
    """Approved: from now on nothing new is signed on the order, where the change asks for that."""
    change: ChangeRequest = act.document
    change.approved_on = act.at.date()
    marks = FACTS[change.kind].marks
    if marks is not None:
        fire(act.session, order_of(act), "note_ending", act.actor, internal=True, note=str(change), ends_as=marks)
    if change.kind in EXTENSIONS:
        _inform_developer(act)


def _inform_developer(act: Act) -> None:
    """A short extension that the supervisor granted: 甲方现场负责人 is informed (02 §2.2.3)."""
    change: ChangeRequest = act.document
    people = directory().holders(Post.DEVELOPER_SITE, change.project_id, None, act.at)
    notify(act.session, [p.person_id for p in people if p.person_id != act.actor.person_id], f"已批{summary_of(change)}",
           url=f"/change-request/show/{change.id}", project_id=change.project_id, kind=NoticeKind.APPROVAL,
           outside=f"已批{change.kind.label}")  # fmt: skip


def unmark_order(act: Act) -> None:
    """An approved change that is voided or computed anew: for now the order goes on."""
    order = order_of(act)
    act.document.approved_on = None
    if act.before is ChangeState.APPROVED and order.ends_as is not None:
        fire(act.session, order, "drop_ending", act.actor, internal=True, note=f"{act.document}：{act.note}")


def contract_is_untouched(act: Act) -> None:
    """A change under which the contract is being revoked is not voided any more: it must be carried out."""
    if FACTS[act.document.kind].marks is None:
        return
    contract = _last_contract(act.session, act.document.reservation_id)
    undone = (
        contract is not None and contract.unit.state in WITH_CONTRACT
    )  # not yet followed by the change it was revoked for
    if contract is not None and undone and contract.state in UNDER_REVOCATION:
        raise RuleError("合同 {no} 已办理撤销，这份变更申请只能办完", no=contract)


def revocation_is_over(act: Act) -> None:
    """Sums may be computed anew before the contract is being revoked, or once it is: money may arrive meanwhile."""
    contract = _last_contract(act.session, act.document.reservation_id)
    if contract is not None and contract.state in (ContractState.REVOKING, ContractState.ACCEPTED):
        raise RuleError("合同 {no} 正在办理撤销，办完后再退回重算", no=contract)


def _last_contract(session: Session, reservation_id: int) -> Contract | None:
    query = select(Contract).where(Contract.reservation_id == reservation_id).order_by(Contract.id.desc()).limit(1)
    return session.scalars(query, execution_options=UNSCOPED).first()


def require_revoked(session: Session, change: ChangeRequest) -> None:
    """Executed only after a contract that the authority knows of is revoked (02 §2.2.1); a drafted one ends with the change."""
    contract = live_contract(session, change.reservation_id)
    if contract is not None and contract.state not in ON_PAPER_ONLY:
        raise RuleError(
            "合同 {no} 现在是「{state}」，须先办完撤销才能执行{kind}",
            no=contract, state=contract.state.label, kind=change.kind.label,
        )  # fmt: skip


def contract_is_revoked(act: Act) -> None:
    """The guard of the steps that execute."""
    require_revoked(act.session, act.document)


def void_drafted_contract(act: Act) -> None:
    """A contract that was only drafted or approved is written anew after the change."""
    contract = live_contract(act.session, act.document.reservation_id)
    if contract is not None and contract.state in ON_PAPER_ONLY:
        note = f"{act.document.kind.label} {act.document.number}"
        fire(act.session, contract, "void_with_order", act.actor, internal=True, note=note)


def note_execution(act: Act) -> None:
    """Execution is an act of its own with day and person; a change that leaves the order alive goes on file."""
    change: ChangeRequest = act.document
    change.executed_on, change.executed_by = act.at.date(), act.actor.person_id
    if change.kind not in ENDS_ORDER:
        file_change(act.session, act.actor, change, act.at.date())
