"""What every 变更申请 shares: number, the mark on its order, the contract beside it, who approved and executed when."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.deals.archiving import file_change
from app.features.deals.changes.effects.executing import settle_notices, tell_executors
from app.features.deals.changes.effects.revoking import marks_of
from app.features.deals.changes.effects.supplements import ask_for_supplement
from app.features.deals.changes.models import (
    ENDINGS,
    EXTENSIONS,
    ChangeKind,
    ChangeRequest,
    ChangeState,
)
from app.features.deals.changes.rules import proofs_for
from app.features.deals.reservations.models import Reservation
from app.features.organisation.numbers import number_for
from app.kernel.actors import directory
from app.kernel.approval.kinds import Need
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.notices import NoticeKind, notify
from app.kernel.posts import Post
from app.kernel.row_locks import locked
from app.kernel.workflow import Act, fire

UNSCOPED = {"unscoped": True}
ENDS_ORDER = ENDINGS | {ChangeKind.EXCHANGE}
APPLICANT_FIELDS = (
    "kind", "reservation_id", "fault", "reason", "penalty_share", "fee", "refundable", "kept", "penalty", "new_unit_id",
    "new_scheme_id", "new_total", "loan_bank", "loan_amount", "fund_amount", "loan_years", "new_customer_id", "relation", "new_buyers",
    "receivable_id", "new_due_on", "new_ownership", "proof_sha256",
)  # fmt: skip
BEFORE_PROOFS = APPLICANT_FIELDS[:-2]  # what requests of before 0070 covered
RUNNING = (ChangeState.DRAFT, ChangeState.REVIEW, ChangeState.APPROVED)


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


def running_change(
    session: Session, reservation_id: int, states: Collection[ChangeState] = RUNNING, *, beside: int | None = None
) -> ChangeRequest | None:
    """The change of an order that is under way, the one that went furthest; beside: not this one."""
    query = select(ChangeRequest).where(
        ChangeRequest.reservation_id == reservation_id,
        ChangeRequest.state.in_(states),
        ChangeRequest.id != (beside or 0),
    )
    found = session.scalars(query.order_by(ChangeRequest.id), execution_options=UNSCOPED).all()
    return max(found, key=lambda one: (RUNNING.index(one.state), -one.id), default=None)


def require_alone(session: Session, change: ChangeRequest, order: Reservation) -> None:
    """One change of an order at a time (02 §2.2.3): a new one is not even written while another is drafted, decided or
    waits to be executed. Raises RuleError that names the other paper.
    """
    other = running_change(session, order.id, RUNNING if change.id is None else RUNNING[1:], beside=change.id)
    if other is not None:
        raise RuleError(
            "认购书 {no} 已有一份{kind}在办（{paper}，{state}），同时只办一件；请先办完、撤回或作废那一份",
            field="reservation_id", no=order, kind=other.kind.label, paper=other, state=other.state.label,
        )  # fmt: skip


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
    """The whole chain of 02 §2.2.3 signs; an extension goes to the post that may grant its days, a falling total and a name
    without kinship to 甲方负责人."""
    if change.kind in EXTENSIONS:
        return Need(Decimal(days_later(change)), summary=summary_of(change))
    falls = change.kind is ChangeKind.EXCHANGE and (change.new_total or 0) < (change.old_total or 0)
    renamed = change.kind in (ChangeKind.RENAME, ChangeKind.CO_BUYERS)
    stranger = renamed and not proofs_for(change.relation)
    lead = Post.DEVELOPER_LEAD if falls or stranger else None
    return Need(Decimal(1), at_least=lead, summary=summary_of(change))


def note_approval(act: Act) -> None:
    """Approved: from now on nothing new is signed on the order, where the change asks for that."""
    change: ChangeRequest = act.document
    change.approved_on = act.at.date()
    locked(act.session, Reservation, change.reservation_id)  # the contract goes no step further meanwhile
    marks = marks_of(act.session, change)
    if marks is not None:
        fire(act.session, order_of(act), "note_ending", act.actor, internal=True, note=str(change), ends_as=marks)
    if change.kind in EXTENSIONS:
        _inform_developer(act)
    tell_executors(act.session, change, summary_of(change))


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
    settle_notices(act.session, act.document)
    if act.before is ChangeState.APPROVED and order.ends_as is not None:
        fire(act.session, order, "drop_ending", act.actor, internal=True, note=f"{act.document}：{act.note}")


def note_execution(act: Act) -> None:
    """Execution is an act of its own with day and person; a change that leaves the order alive goes on file."""
    change: ChangeRequest = act.document
    change.executed_on, change.executed_by = act.at.date(), act.actor.person_id
    settle_notices(act.session, change)
    if change.kind not in ENDS_ORDER:
        file_change(act.session, act.actor, change, act.at.date())
        ask_for_supplement(act)
