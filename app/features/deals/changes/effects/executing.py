"""Who carries an approved change out, and how he learns of it (02 §2.2.3, 07)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.deals.changes.effects.revoking import contract_to_revoke
from app.features.deals.changes.models import ChangeRequest, ChangeState
from app.features.deals.changes.rules import executors_of, task_of
from app.features.deals.contracts.models import Contract
from app.kernel.actors import directory
from app.kernel.base import now
from app.kernel.notices import NoticeKind, answered, notify_posts
from app.kernel.posts import POSTS, Post
from app.kernel.workflow import Act


def url_of(change: ChangeRequest) -> str:
    """The page of the change."""
    return f"/change-request/show/{change.id}"


def executors_named(change: ChangeRequest) -> str:
    """«甲方财务», «案场文员或签约按揭专员或销售主管»: one of them does it."""
    return "或".join(POSTS[post].label for post in executors_of(change.kind))


def told_afterwards(session: Session, change: Any) -> str:
    """What the applicant reads beside the answer: whose turn it is now."""
    contract = contract_to_revoke(session, change)
    first = f"先由签约按揭专员撤销合同 {contract}，再" if contract is not None else ""
    return f"接下来：{first}由{executors_named(change)}{task_of(change.kind)}"


def tell_executors(session: Session, change: ChangeRequest, summary: str) -> None:
    """Approved: whoever carries it out is asked to; before him whoever revokes the contract."""
    contract = contract_to_revoke(session, change)
    if contract is not None:
        notify_posts(
            session, [Post.CONTRACT_OFFICER], change.project_id, f"请撤销合同 {contract}：{summary}",
            body="变更已批准，在合同页办「申请撤销」「房管受理」「撤销完成」后才能执行", url=_page_of(contract.id),
            kind=NoticeKind.DUE, outside="有合同待撤销",
        )  # fmt: skip
        return
    notify_posts(
        session, executors_of(change.kind), change.project_id, f"待执行：{summary}", body=f"已批准，请{task_of(change.kind)}",
        url=url_of(change), kind=NoticeKind.DUE, outside=f"有{change.kind.label}待执行",
    )  # fmt: skip


def tell_after_revocation(act: Act) -> None:
    """撤销完成 of a contract: nobody is asked for it any more, and the change that waited for it may be executed now."""
    _settle(act.session, [Post.CONTRACT_OFFICER], act.document.project_id, _page_of(act.document.id))
    query = select(ChangeRequest).where(
        ChangeRequest.reservation_id == act.document.reservation_id, ChangeRequest.state == ChangeState.APPROVED
    )
    for change in act.session.scalars(query, execution_options={"unscoped": True}):
        tell_executors(act.session, change, f"{change.unit.full_name}，{change.kind.label}，合同已撤销")


def settle_notices(session: Session, change: ChangeRequest) -> None:
    """Executed, voided or sent back: nobody waits for its execution, or for its contract to be revoked, any more."""
    _settle(session, executors_of(change.kind), change.project_id, url_of(change))
    contracts = select(Contract.id).where(Contract.reservation_id == change.reservation_id)
    for contract_id in session.scalars(contracts, execution_options={"unscoped": True}).all():
        _settle(session, [Post.CONTRACT_OFFICER], change.project_id, _page_of(contract_id))


def _page_of(contract_id: int) -> str:
    return f"/contract/show/{contract_id}"


def _settle(session: Session, posts: Iterable[Post], project_id: int, url: str) -> None:
    people = {h.person_id for post in posts for h in directory().holders(post, project_id, None, now())}
    answered(session, people, url)
