"""补充协议: what a change alters in a signed contract is agreed in writing, signed by both sides and put on file (02 §2.2.3, §2.5.8)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.deals.archiving import file_supplement
from app.features.deals.changes.effects.revoking import contract_to_revoke
from app.features.deals.changes.models import ChangeKind, ChangeRequest
from app.features.deals.changes.rules import GONE, ON_PAPER_ONLY
from app.features.deals.contracts.effects import live_contract
from app.features.deals.contracts.models import Contract
from app.features.organisation.parameters import parameter
from app.kernel.actors import directory
from app.kernel.errors import RuleError
from app.kernel.notices import NoticeKind, answered, notify_posts
from app.kernel.posts import Post
from app.kernel.workflow import Act

DESK = (Post.CLERK, Post.CONTRACT_OFFICER)
LEAVES_CONTRACT = frozenset({ChangeKind.PAYMENT, ChangeKind.LATER_PAYMENT})  # after every other kind it is written anew


def contract_to_supplement(session: Session, change: ChangeRequest) -> Contract | None:
    """The contract that one side at least has signed and that lives on beside the change."""
    contract = live_contract(session, change.reservation_id)
    if change.kind not in LEAVES_CONTRACT or contract is None or contract.state in ON_PAPER_ONLY:
        return None
    signed = contract.signed_on or contract.buyer_signed_on or contract.seller_sealed_on
    return contract if signed and contract_to_revoke(session, change) is None else None


def is_awaited(change: ChangeRequest) -> bool:
    """Whether a 补充协议 is still to be signed: nobody signs one to a contract that was revoked."""
    contract: Contract | None = change.contract
    return contract is not None and contract.state not in GONE and change.supplement_signed_on is None


def ask_for_supplement(act: Act) -> None:
    """Executed: a 补充协议 is due, awaited on file, and the desk is asked to have it signed."""
    change: ChangeRequest = act.document
    contract = contract_to_supplement(act.session, change)
    if contract is None:
        return
    days = int(parameter(act.session, change.project_id, "supplement_days"))
    change.contract_id, change.supplement_due_on = contract.id, act.at.date() + timedelta(days=days)
    file_supplement(act)
    notify_posts(
        act.session, DESK, change.project_id, f"{change.unit.full_name} {change.kind.label}已执行，请签补充协议",
        body=f"打印「补充协议」，双方签字盖章后在变更申请上登记，{change.supplement_due_on} 前办妥",
        url=f"/change-request/show/{change.id}", kind=NoticeKind.DUE, outside="有补充协议待签署",
    )  # fmt: skip


def note_supplement(act: Act) -> None:
    """Signed by both sides; its scan goes to the change, the original to the archive."""
    change: ChangeRequest = act.document
    on = act.form["on"]
    if on > act.at.date():
        raise RuleError("签署日期不能晚于今天", field="on")
    if change.approved_on is not None and on < change.approved_on:
        raise RuleError("签署日期不能早于批准日 {day}", field="on", day=change.approved_on.isoformat())
    change.supplement_signed_on = on
    _settle_notices(act, change)


def end_supplements(act: Act) -> None:
    """撤销完成 of a contract: nobody waits for the supplements to it any more."""
    query = select(ChangeRequest).where(
        ChangeRequest.contract_id == act.document.id, ChangeRequest.supplement_signed_on.is_(None)
    )
    for change in act.session.scalars(query.order_by(ChangeRequest.id), execution_options={"unscoped": True}).all():
        _settle_notices(act, change)


def _settle_notices(act: Act, change: ChangeRequest) -> None:
    people = {h.person_id for post in DESK for h in directory().holders(post, change.project_id, None, act.at)}
    answered(act.session, people, f"/change-request/show/{change.id}")


def supplements_are_signed(act: Act) -> None:
    """Guard of 领取: the customer takes his contract together with every 补充协议 to it."""
    query = select(ChangeRequest).where(
        ChangeRequest.contract_id == act.document.id, ChangeRequest.supplement_signed_on.is_(None)
    )
    open_ones = act.session.scalars(query.order_by(ChangeRequest.id), execution_options={"unscoped": True}).all()
    if open_ones:
        raise RuleError(
            "还有补充协议没有签署：{papers}。请文员或签约按揭专员在变更申请上打印、签署并登记后再领取",
            papers="、".join(f"{one.kind.label} {one}" for one in open_ones),
        )  # fmt: skip
