"""What follows on a 老带新: who may be named, when the reward is earned and given."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from app.features.customers.choices import CustomerState
from app.features.customers.effects.ownership import WHOLE
from app.features.customers.models import Customer
from app.features.customers.referrals.models import Condition, Referral, ReferralState
from app.features.customers.registry import follows_owner, when_progress
from app.features.organisation.numbers import number_for
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import NotFound, RuleError
from app.kernel.notices import notify_posts
from app.kernel.posts import Post
from app.kernel.workflow import Act, fire

BOUGHT = (CustomerState.RESERVED, CustomerState.SIGNED)

follows_owner(Referral)


def fill_referral(session: Any, referral: Referral, told_on: date | None = None) -> None:
    """Names, scope and number of a new paper. Raises RuleError as `check_pair` does."""
    old, new = check_pair(session, referral, told_on)
    referral.referrer_name, referral.customer_name = old.name, new.name
    referral.owner_id, referral.partner_id, referral.team_id = new.owner_id, new.partner_id, new.team_id
    referral.number = number_for(session, referral, told_on or now().date())


def check_pair(session: Any, referral: Referral, told_on: date | None = None) -> tuple[Customer, Customer]:
    """Who brings and whom he brings. Raises RuleError: who brings has bought, and came before the one he brings, who had not
    bought yet when it was told of; told_on is the day of an old ledger, without it that is today."""
    old = session.scalars(select(Customer).where(Customer.id == referral.referrer_id)).first()
    new = session.scalars(select(Customer).where(Customer.id == referral.customer_id)).first()
    if old is None or new is None or old.project_id != referral.project_id or new.project_id != referral.project_id:
        raise NotFound("customer")
    if old.id == new.id:
        raise RuleError("老客户和新客户不能是同一位", field="customer_id")
    if old.state not in BOUGHT:
        raise RuleError("老客户「{name}」还没有认购，不能作为推荐人", field="referrer_id", name=old.name)
    if new.first_at < old.first_at:
        raise RuleError("新客户比老客户登记得早，不算老带新", field="customer_id")
    if new.state in BOUGHT and (told_on is None or (new.reserved_at is not None and told_on > new.reserved_at.date())):
        raise RuleError("新客户已经「{state}」，老带新须在认购前登记", field="customer_id", state=new.state.label)
    return old, new


def reached_on(new: Customer, condition: Condition) -> date | None:
    """The day on which the new customer met the condition; None when he did not, or no longer does."""
    if new.state not in BOUGHT:
        return None
    if condition is Condition.RESERVED:
        return new.reserved_at.date() if new.reserved_at is not None else None
    return new.signed_at.date() if new.state is CustomerState.SIGNED and new.signed_at is not None else None


@when_progress
def hear_of_deal(session: Any, customer: Customer, name: str, actor: Actor, paper: str) -> None:
    """The new customer bought or signed: the reward is earned; his order ended before it was approved: it is not."""
    query = select(Referral).where(
        Referral.customer_id == customer.id, Referral.state.in_([ReferralState.WAITING, ReferralState.EARNED])
    )
    referral = session.scalars(query, execution_options=WHOLE).first()
    if referral is None:
        return
    enough = ("reserve", "sign") if referral.condition is Condition.RESERVED else ("sign",)
    if name in enough and referral.state is ReferralState.WAITING:
        fire(session, referral, "earn", actor, internal=True, paper=paper)
    elif name == "back" and referral.state is ReferralState.EARNED:
        fire(session, referral, "unearn", actor, internal=True, paper=paper)


def note_earned(act: Act) -> None:
    """The site manager approves the reward."""
    referral: Referral = act.document
    referral.earned_on = act.get("on") or act.at.date()
    title = f"老带新 {referral.number} 已达到奖励条件，请批准"
    notify_posts(act.session, [Post.SITE_MANAGER], referral.project_id, title, url=f"/referral/show/{referral.id}")


def note_unearned(act: Act) -> None:
    """The order ended."""
    act.document.earned_on = None


def note_paid(act: Act) -> None:
    """How and when the referrer got it."""
    act.document.paid_on, act.document.paid_how = act.get("paid_on"), act.get("paid_how")


def note_booked(act: Act) -> None:
    """The old ledger says when the condition was met, and that the reward was handed out."""
    act.document.earned_on = act.get("on")
    note_paid(act)


def note_void(act: Act) -> None:
    """Why it is none."""
    act.document.void_why = act.note[:200]
