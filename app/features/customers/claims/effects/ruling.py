"""A ruling and its appeal: who may judge, what is frozen, who owns the customer from then on (02 §2.5.2, 07)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.features.customers.choices import CustomerState
from app.features.customers.claims.choices import ClaimState, Ruling
from app.features.customers.claims.effects.evidence import evidence_of, proposal_of
from app.features.customers.claims.effects.filing import LIVE
from app.features.customers.claims.models import OwnershipClaim
from app.features.customers.claims.rules import check_judge, share_of
from app.features.customers.effects.ownership import (
    WHOLE,
    How,
    Owner,
    begin_anew,
    check_owner,
    give_to,
    owner_now,
)
from app.features.customers.models import Customer
from app.features.customers.owners.models import OwnerRule
from app.features.customers.registry import keeps_owner
from app.features.organisation.parameters import parameter
from app.kernel.actors import SYSTEM, directory
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.jobs import every
from app.kernel.notices import NoticeKind, notify, notify_posts
from app.kernel.posts import Post
from app.kernel.workflow import Act, fire


@keeps_owner
def under_judgement(customer_id: Any) -> Any:
    """A customer whose owner is to be ruled about does not fall into the 公海 meanwhile."""
    claim: Any = OwnershipClaim.__table__
    return exists().where(claim.c.customer_id == customer_id, claim.c.state.in_([s.value for s in LIVE]))


def may_judge(act: Act) -> None:
    """Guard: a supervisor who is no party; the site manager only when every supervisor is a party."""
    claim: OwnershipClaim = act.document
    check_judge(act.actor.person_id, claim.parties)
    _below_are_parties(act, Post.SUPERVISOR, Post.SITE_MANAGER, claim.parties)


def may_judge_appeal(act: Act) -> None:
    """Guard: the site manager, when he neither ruled nor is a party; else the project manager."""
    claim: OwnershipClaim = act.document
    check_judge(act.actor.person_id, claim.parties, claim.ruled_by)
    _below_are_parties(act, Post.SITE_MANAGER, Post.PROJECT_MANAGER, claim.parties | {claim.ruled_by or 0})


def _below_are_parties(act: Act, usual: Post, next_up: Post, excluded: frozenset[int]) -> None:
    claim = act.document
    if act.posting is None or act.posting.post is not next_up:
        return
    free = [
        h.name
        for h in directory().holders(usual, claim.project_id, claim.team_id, act.at)
        if h.person_id not in excluded
    ]
    if free:
        raise RuleError("请由 {who} 裁定；他们都是当事人或已裁定过时才由上级裁定", who="、".join(free[:3]))


def rule(act: Act) -> None:
    """Step 裁定: evidence and proposal are frozen as they stand, the customer moves at once; the parties may appeal."""
    claim: OwnershipClaim = act.document
    proposal = proposal_of(act.session, claim)
    claim.proposal, claim.proposed_share, claim.proposal_why = proposal.ruling, proposal.share, proposal.why
    claim.evidence = evidence_of(act.session, claim)
    claim.ruling, claim.share = act.get("ruling"), share_of(act.get("ruling"), act.get("percent"))
    claim.ruled_by, claim.ruled_at, claim.ruling_why = act.actor.person_id, act.at, act.note[:500]
    claim.appeal_until = act.at.date() + timedelta(days=parameter(act.session, claim.project_id, "appeal_days"))
    _carry_out(act, claim)
    _tell(act, claim, f"判客单 {claim.number} 已裁定：{said(claim)}，{claim.appeal_until} 前可以申诉")


def appeal(act: Act) -> None:
    """Step 申诉: a party, within the days, with his reason."""
    claim: OwnershipClaim = act.document
    if act.actor.person_id not in claim.parties:
        raise RuleError("只有当事顾问可以申诉")
    if claim.appeal_until is not None and act.at.date() > claim.appeal_until:
        raise RuleError("申诉期限 {day} 已过，裁定已生效", day=claim.appeal_until)
    claim.appealed_by, claim.appeal_why = act.actor.person_id, act.note[:500]
    url, title = f"/ownership-claim/show/{claim.id}", f"判客单 {claim.number} 有申诉待裁定"
    notify_posts(act.session, [Post.SITE_MANAGER], claim.project_id, title, url=url, kind=NoticeKind.DUE)


def rule_appeal(act: Act) -> None:
    """Step 申诉裁定: the last word; what it says replaces the ruling, the first one stays in the trail."""
    claim: OwnershipClaim = act.document
    claim.ruling, claim.share = act.get("ruling"), share_of(act.get("ruling"), act.get("percent"))
    claim.final_by, claim.final_at, claim.final_why = act.actor.person_id, act.at, act.note[:500]
    _carry_out(act, claim)
    _tell(act, claim, f"判客单 {claim.number} 申诉已裁定：{said(claim)}")


def note_final(act: Act) -> None:
    """Nobody appealed."""
    act.document.final_at = act.at


def said(claim: OwnershipClaim) -> str:
    """«分单 60 % / 40 %»."""
    if claim.ruling is Ruling.SPLIT and claim.share is not None:
        first = claim.share * 100
        return f"{claim.ruling.label} {first.normalize():f} % / {(100 - first).normalize():f} %"
    return claim.ruling.label if claim.ruling is not None else ""


def _owner(session: Session, claim: OwnershipClaim) -> Owner:
    """Whose the customer is by the ruling. Raises RuleError when that person sells no more."""
    if claim.ruling is Ruling.POOL:
        return Owner()
    first = claim.ruling is not Ruling.CLAIMANT
    person = claim.owner_id if first else claim.partner_id
    if person is None:
        raise RuleError("客户在公海，没有原归属顾问，请裁定归申请顾问", field="ruling")
    check_owner(claim.project_id, person, now(), field="ruling")
    if claim.ruling is Ruling.SPLIT:
        return owner_now(session, person, claim.project_id, partner_id=claim.partner_id, share=claim.share)
    return owner_now(session, person, claim.project_id)


def _carry_out(act: Act, claim: OwnershipClaim) -> None:
    customer = act.session.get_one(Customer, claim.customer_id, execution_options=WHOLE)
    owner, how = _owner(act.session, claim), How(OwnerRule.RULED, act.actor, act.note, claim.number or "")
    if owner.person_id is None:
        if customer.state not in (CustomerState.NEW, CustomerState.FOLLOWING):
            raise RuleError("客户现在是「{state}」，不能转公海", field="ruling", state=customer.state.label)
        fire(act.session, customer, "recycle", act.actor, internal=True, note=act.note, paper=claim.number or "")
    elif customer.state is CustomerState.POOL:
        fire(act.session, customer, "leave_pool", act.actor, internal=True, note=act.note, paper=claim.number or "")
    before = customer.owner_id
    give_to(act.session, customer, owner, how)  # also when he stays: the history says so, and his relatives follow
    if owner.person_id is not None and owner.person_id != before:
        begin_anew(act.session, customer, act.at.date())
    if owner.person_id is None:
        customer.protected_until = customer.follow_due_on = None


def _tell(act: Act, claim: OwnershipClaim, title: str) -> None:
    notify(
        act.session,
        claim.parties,
        title,
        body=act.note,
        url=f"/ownership-claim/show/{claim.id}",
        project_id=claim.project_id,
    )


@every(seconds=3600, name="claims")
def settle(session: Session) -> int:
    """Rulings whose days for an appeal are over hold; safe to repeat."""
    query = select(OwnershipClaim).where(
        OwnershipClaim.state == ClaimState.RULED, OwnershipClaim.appeal_until < now().date()
    )
    over = session.scalars(query.order_by(OwnershipClaim.id)).all()
    for claim in over:
        fire(session, claim, "settle", SYSTEM, internal=True)
    return len(over)


def proposed_percent(claim: Any) -> Decimal | None:
    """What the form starts with: the part of a proposed split."""
    split = claim.proposal is Ruling.SPLIT and claim.proposed_share is not None
    return claim.proposed_share * 100 if split else None
