"""The evidence of a 判客单: who registered when, who followed up, who was here — as sentences, frozen at the ruling."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.customers.choices import ContactKind, CustomerState
from app.features.customers.claims.choices import Ground
from app.features.customers.claims.models import OwnershipClaim
from app.features.customers.claims.rules import ClaimTerms, Proposal, Story, propose
from app.features.customers.effects.ownership import WHOLE
from app.features.customers.models import Contact, Customer, FollowUp
from app.features.customers.owners.models import OwnershipChange
from app.features.customers.registry import DEALS
from app.features.organisation.parameters import parameters
from app.kernel.actors import directory

SHOWN = 5
KEYS = ("call_days", "visit_days", "follow_days", "back_claim_days", "split_percent", "siblings_one_group")


def claim_terms(session: Session, project_id: int) -> ClaimTerms:
    """Today's numbers of a project."""
    value = parameters(session, project_id, KEYS)
    days = {key: value[key] for key in KEYS[:4]}
    return ClaimTerms(**days, split=value["split_percent"] / 100, siblings=value["siblings_one_group"])


def proposal_of(session: Session, claim: OwnershipClaim) -> Proposal:
    """What the rules say of the case now."""
    return propose(claim.ground, story_of(session, claim), claim_terms(session, claim.project_id))


def story_of(session: Session, claim: OwnershipClaim) -> Story:
    """The facts of the case on the day when the claimant met the customer."""
    customer = session.get_one(Customer, claim.customer_id, execution_options=WHOLE)
    deals = [day for source in DEALS for day, _words in source(session, customer.id)]
    valid = _follow_ups(session, customer.id).where(
        FollowUp.valid, FollowUp.by_id == claim.owner_id, FollowUp.at < claim.met_at
    )
    last = session.scalars(valid.limit(1), execution_options=WHOLE).first()
    return Story(
        met_on=claim.met_at.date(),
        owned=claim.owner_id is not None and customer.state is not CustomerState.POOL,
        first_on=customer.first_at.date(),
        first_was_call=customer.first_kind is ContactKind.CALL,
        last_valid_on=last.at.date() if last is not None else None,
        protected_until=customer.protected_until,
        dealt_on=max(deals) if deals and claim.ground is Ground.BACK_CLAIM else None,
    )


def evidence_of(session: Session, claim: OwnershipClaim) -> list[str]:
    """Sentences in the order of time, as the judge reads them. Texts are stored with the ruling: Chinese for every reader."""
    customer = session.get_one(Customer, claim.customer_id, execution_options=WHOLE)
    told = [
        f"{_moment(customer.first_at)} {customer.first_kind.label}首次登记，途径「{customer.source.label}」，登记人{_name(customer.created_by)}"
    ]
    told += [
        f"{_moment(change.at)} {change.rule.label}：{_name(change.before_id)} → {_name(change.after_id)}{_why(change.note)}"
        for change in _rows(session, OwnershipChange, customer.id)
    ]
    visits = select(Contact).where(Contact.customer_id == customer.id).order_by(Contact.at.desc())
    met = session.scalars(visits.limit(SHOWN), execution_options=WHOLE).all()
    told += [f"{_moment(one.at)} {one.kind.label}，接待人{_name(one.receiver_id)}{_late(one)}" for one in reversed(met)]
    tried = session.scalars(_follow_ups(session, customer.id).limit(SHOWN), execution_options=WHOLE).all()
    told += [
        f"{_moment(one.at)} {one.method.label}跟进（{'有效' if one.valid else '无效'}），跟进人{_name(one.by_id)}"
        for one in reversed(tried)
    ]
    if not tried:
        told.append("没有跟进记录")
    told.append(f"保护到期：{customer.protected_until or '无'}；判客时归属：{_name(claim.owner_id)}")
    told += [f"{day} {words}" for source in DEALS for day, words in source(session, customer.id)]
    return told


def _follow_ups(_session: Session, customer_id: int) -> Any:
    return select(FollowUp).where(FollowUp.customer_id == customer_id).order_by(FollowUp.at.desc(), FollowUp.id.desc())


def _rows(session: Session, model: type[Any], customer_id: int) -> Any:
    query = select(model).where(model.customer_id == customer_id).order_by(model.id)
    return session.scalars(query, execution_options=WHOLE).all()


def _name(person_id: int | None) -> str:
    return directory().person_name(person_id) if person_id else "公海"


def _moment(at: datetime | date) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _why(note: str) -> str:
    return f"（{note}）" if note else ""


def _late(contact: Contact) -> str:
    return "（补录）" if contact.entered_late else ""
