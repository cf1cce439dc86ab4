"""Consents are given and taken back on the customer's page; who must hear of a withdrawal listens here."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, object_session

from app.features.customers.choices import ConsentChannel
from app.features.customers.consents import rules
from app.features.customers.consents.models import Consent, ConsentText, ConsentTextState, Purpose
from app.kernel.actors import Actor
from app.kernel.approval.kinds import Need
from app.kernel.errors import RuleError
from app.kernel.workflow import Act, fire

UNSCOPED = {"unscoped": True}
TICKS = {
    "agree_identity": Purpose.IDENTITY, "agree_developer": Purpose.SHARE_DEVELOPER, "agree_bank": Purpose.SHARE_BANK,
    "agree_channel": Purpose.SHARE_CHANNEL, "agree_marketing": Purpose.MARKETING,
}  # fmt: skip
Listener = Callable[[Session, Any, frozenset[Purpose], datetime], None]
LISTENERS: list[Listener] = []


def add_withdrawal_listener(listener: Listener) -> None:
    """A later room that must act when a customer takes consents back (session, customer, purposes, moment)."""
    if listener not in LISTENERS:
        LISTENERS.append(listener)


def text_in_force(session: Session, project_id: int) -> ConsentText | None:
    """The version that customers of the project are asked with today."""
    query = select(ConsentText).where(
        ConsentText.project_id == project_id, ConsentText.state == ConsentTextState.IN_FORCE
    )
    return session.scalars(query, execution_options=UNSCOPED).first()


def edition_for(customer: Any) -> str:
    """Default of the form: the version in force, empty before the site has one."""
    session = object_session(customer)
    text = text_in_force(session, customer.project_id) if session is not None else None
    return text.edition if text else ""


def standing(session: Session, customer_id: int) -> dict[Purpose, Consent]:
    """What the customer agrees to now."""
    query = select(Consent).where(Consent.customer_id == customer_id, Consent.withdrawn_at.is_(None))
    return {row.purpose: row for row in session.scalars(query, execution_options=UNSCOPED)}


def agrees(purpose: Purpose, customer_id: Any) -> Any:
    """SQL: whether the customer of an outer statement agrees to this now."""
    return exists().where(
        Consent.customer_id == customer_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None)
    )


def give(
    session: Session, actor: Actor, customer: Any, ticked: Collection[Purpose], edition: str, channel: ConsentChannel,
    at: datetime,
) -> list[Purpose]:  # fmt: skip
    """Write down what a customer agreed to, inside a step; gives what was new.

    Raises RuleError when the project has no version in force and none is named.
    """
    edition = edition.strip() or edition_for(customer)
    if not edition:
        raise RuleError("本项目还没有使用中的同意书，请销售主管先在「同意书」里拟一份并送审", field="version")
    fresh = rules.given(ticked, standing(session, customer.id))
    for purpose in fresh:
        session.add(Consent(
            project_id=customer.project_id, owner_id=customer.owner_id, partner_id=customer.partner_id, team_id=customer.team_id,
            customer_id=customer.id, purpose=purpose, edition=edition, channel=channel, given_at=at, created_by=actor.person_id,
        ))  # fmt: skip
    customer.consent_version, customer.consent_channel, customer.consent_at = edition, channel, at
    if Purpose.MARKETING in ticked:
        customer.no_calls_at = None
    session.flush()
    return fresh


def note_consent(act: Act) -> None:
    """Step 登记同意书: which text, when, by which way, and what of it."""
    ticked = [purpose for name, purpose in TICKS.items() if act.get(name)]
    give(act.session, act.actor, act.document, ticked, act.get("version") or "", act.get("channel"), act.at)


def take_back(
    session: Session, actor: Actor, customer: Any, purpose: Purpose | None, at: datetime
) -> frozenset[Purpose]:
    """End one consent, or all of them, inside a step; the rows stay as proof of the time before. Gives what ended.

    Without the consent to marketing — also when it was never given — nobody calls him any more.
    """
    ending = rules.taken_back(purpose)
    for one, row in standing(session, customer.id).items():
        if one in ending:
            row.withdrawn_at, row.withdrawn_by = at, actor.person_id
    if Purpose.BASIC in ending:
        customer.consent_at = None
    if Purpose.MARKETING in ending:
        customer.no_calls_at, customer.follow_due_on = at, None
    session.flush()
    for listener in LISTENERS:
        listener(session, customer, ending, at)
    return ending


def withdraw(act: Act) -> None:
    """Step 撤回同意."""
    take_back(act.session, act.actor, act.document, act.get("purpose"), act.at)


# ── the text ────────────────────────────────────────────────
def note_submitter(act: Act) -> None:
    act.document.submitted_by = act.actor.person_id


def approval_need(_session: Session, paper: ConsentText) -> Need:
    """What 甲方法务 reads."""
    return Need(summary=f"同意书 {paper.edition}。{paper.changes}"[:500])


def supersede_older(act: Act) -> None:
    """Guard that acts before the new version stands: one version is in force."""
    older = text_in_force(act.session, act.document.project_id)
    if older is not None and older.id != act.document.id:
        fire(act.session, older, "supersede", act.actor, internal=True, note=str(act.document))


def come_into_force(act: Act) -> None:
    act.document.in_force_on = act.at.date()


def note_end(act: Act) -> None:
    act.document.ended_on = act.at.date()
