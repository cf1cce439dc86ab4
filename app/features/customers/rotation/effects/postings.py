"""老客户公示: posted for the project's days, claimed by a colleague with evidence, decided by SUP; unclaimed, he stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.features.customers.effects.ownership import check_owner
from app.features.customers.models import Customer
from app.features.customers.rotation.choices import PostingState
from app.features.customers.rotation.models import RotationPosting, RotationTurn
from app.features.organisation.parameters import parameter
from app.kernel.actors import SYSTEM, Actor, directory
from app.kernel.base import now
from app.kernel.chinese import mask_name
from app.kernel.errors import RuleError
from app.kernel.jobs import every
from app.kernel.notices import notify
from app.kernel.posts import Post
from app.kernel.workflow import Act, fire


def post_unregistered(session: Any, actor: Actor, customer: Customer, turn: RotationTurn) -> RotationPosting:
    """Post a customer who says that he was here before; the sellers of the project are told. Runs inside a step."""
    moment = now()
    days = parameter(session, customer.project_id, "rotation_claim_days")
    posting = RotationPosting(
        project_id=customer.project_id, customer_id=customer.id, turn_id=turn.id, called=mask_name(customer.name),
        phone=customer.phones_masked[:24], came_at=moment, receiver_id=turn.person_id or actor.person_id,
        until=moment + timedelta(days=days),
    )  # fmt: skip
    session.add(posting)
    session.flush()
    told = [h.person_id for h in directory().holders(Post.CONSULTANT, customer.project_id, None, moment)]
    notify(
        session,
        [person for person in told if person != posting.receiver_id],
        f"老客户公示：{posting.called} {posting.phone}，是你的客户请在 {posting.until:%m-%d %H:%M} 前主张",
        url=f"/rotation-posting/show/{posting.id}",
        project_id=customer.project_id,
    )
    return posting


def someone_elses(act: Act) -> None:
    """Guard: the receiver has him already; the days are not over."""
    if act.actor.person_id == act.document.receiver_id:
        raise RuleError("客户已经由你接待，不用主张")
    if act.at > act.document.until:
        raise RuleError("公示期已过，请找销售主管判客")


def note_claim(act: Act) -> None:
    """Step 主张: who, on which evidence; SUP is told."""
    posting: RotationPosting = act.document
    check_owner(posting.project_id, act.actor.person_id, act.at)
    posting.claimant_id, posting.evidence = act.actor.person_id, (act.get("evidence") or "").strip()
    heads = [h.person_id for h in directory().holders(Post.SUPERVISOR, posting.project_id, None, act.at)]
    notify(
        act.session, heads, f"{act.actor.name} 主张公示的老客户 {posting.called}，请判定", body=posting.evidence,
        url=f"/rotation-posting/show/{posting.id}", project_id=posting.project_id,
    )  # fmt: skip


def not_the_claimant(act: Act) -> None:
    """Guard: nobody decides his own claim, nor one against himself."""
    if act.actor.person_id in (act.document.claimant_id, act.document.receiver_id):
        raise RuleError("这次公示与你有关，请由其他主管或案场经理判定")


def give_to_claimant(act: Act) -> None:
    """Step 归主张人: the customer changes hands by his own step, with its notices."""
    posting: RotationPosting = act.document
    customer = act.session.get_one(Customer, posting.customer_id, execution_options={"unscoped": True})
    if customer.owner_id != posting.claimant_id:
        fire(
            act.session, customer, "change_owner", act.actor, internal=True, note=f"老客户公示：{act.note}",
            owner_id=posting.claimant_id,
        )  # fmt: skip


def tell_both(act: Act) -> None:
    """Step 归接待人: the claimant hears why."""
    posting: RotationPosting = act.document
    told = [p for p in (posting.claimant_id, posting.receiver_id) if p is not None]
    notify(
        act.session, told, f"老客户公示 {posting.called}：仍归接待人", body=act.note,
        url=f"/rotation-posting/show/{posting.id}", project_id=posting.project_id,
    )  # fmt: skip


@every(seconds=600, name="rotation_postings")
def end_postings(session: Any) -> int:
    """Postings whose days are over without a claim: the customer stays where he is. Safe to repeat."""
    query = select(RotationPosting).where(RotationPosting.state == PostingState.POSTED, RotationPosting.until < now())
    over = list(session.scalars(query.order_by(RotationPosting.id)))
    for posting in over:
        fire(session, posting, "expire", SYSTEM, internal=True)
    return len(over)
