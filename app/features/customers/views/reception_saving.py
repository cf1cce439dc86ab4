"""What becomes of the reception page: a new customer, a known one who comes again, a visitor without a number."""

from __future__ import annotations

from typing import Any

from flask import flash
from flask_babel import gettext as _

from app.extensions import db
from app.features.customers.choices import Grade
from app.features.customers.claims.effects import claim_at_desk
from app.features.customers.claims.models import READERS
from app.features.customers.effects import Arrival, NewCustomer, register, without_phone
from app.features.customers.effects.lookup import Known, known_number
from app.features.customers.models import Customer
from app.features.customers.rotation.choices import Why
from app.features.customers.rotation.effects.postings import post_unregistered
from app.features.customers.rotation.effects.registering import facts_of_turn
from app.features.customers.views.reception_form import Scene
from app.kernel.chinese import parse_phone
from app.kernel.errors import RuleError
from app.kernel.workflow import as_step, fire

PROFILE = ("purpose", "wanted_layout", "wanted_area", "wanted_total")
NOTED = (
    "people", "companions", "outcome", "transport", "stay_minutes", "needs", "budget", "liked", "doubts", "rivals", "next_follow_on",
    "home_area", "place",
)  # fmt: skip


def save(scene: Scene, values: dict[str, Any]) -> str:
    """The page to go to. Raises RuleError with its field."""
    arrival = _arrival(scene, values)
    if scene.customer is not None:
        _note_consent(scene, scene.customer, values)
        return _again(scene, scene.customer, arrival, values)
    if not values["phone"]:
        if values["no_phone_reason"] is None:
            raise RuleError("请填写手机，客户没有留电话的请选择未留电原因", field="phone")
        reason, called = values["no_phone_reason"], values["name"] or ""
        arrival["noted"] |= _wishes(values)
        contact = without_phone(db.session, scene.actor, scene.project_id, Arrival(**arrival), reason, called)
        return f"/contact/show/{contact.id}"
    number = parse_phone(values["phone"], field="phone")
    known = known_number(db.session, scene.actor, scene.project_id, number)
    profile = {n: values[n] for n in PROFILE if values[n] not in (None, "")}
    data = NewCustomer(
        **arrival,
        name=values["name"] or "",
        phones=(values["phone"],),
        grade=values["grade"] or Grade.C,
        profile=profile,
    )
    if known.refusal is not None:
        return _claim(scene, data, known)
    customer = register(db.session, scene.actor, scene.project_id, data)
    _note_consent(scene, customer, values)
    if scene.turn is not None and scene.turn.why is Why.UNREGISTERED:
        with as_step(db.session):
            post_unregistered(db.session, scene.actor, customer, scene.turn)
    return f"/customer/show/{customer.id}"


def _wishes(values: dict[str, Any]) -> dict[str, str]:
    """What a visitor without a number wants: he has no page of his own, so it stands with his needs."""
    told = [getattr(values[name], "label", values[name]) for name in PROFILE if values[name] not in (None, "")]
    return {"needs": "、".join(filter(None, (values["needs"], *told)))[:500]} if told else {}


def _claim(scene: Scene, data: NewCustomer, known: Known) -> str:
    """A colleague's customer whom the person cannot see: the visit is kept and a 判客单 is born (02 §2.5.2). Raises RuleError
    for a customer within his rows: he registers the visit on that customer's page."""
    if known.customer is not None and known.refusal is not None:
        raise known.refusal
    claim = claim_at_desk(db.session, scene.actor, scene.project_id, data)
    flash(_("号码已在同事名下，已生成判客单 %(no)s，等主管裁定", no=claim.number), "warning")
    return f"/ownership-claim/show/{claim.id}" if scene.actor.holds(READERS, scene.project_id) else "/contact/list/"


def _note_consent(scene: Scene, customer: Customer, values: dict[str, Any]) -> None:
    """What the customer agreed to at the door, by the version in force; nothing when he was not asked."""
    ticked: dict[str, Any] = {name: bool(values.get(name)) for name in ("agree_developer", "agree_marketing")}
    channel = values.get("consent_channel")
    if channel is None and any(ticked.values()):
        raise RuleError("请选择客户同意的方式", field="consent_channel")
    if channel is not None:
        fire(db.session, customer, "note_consent", scene.actor, channel=channel, **ticked)


def _again(scene: Scene, customer: Customer, arrival: dict[str, Any], values: dict[str, Any]) -> str:
    """A known customer: the step of his page, with everything that was noted here; what he wants now is kept on his page."""
    noted = arrival.pop("noted")
    fire(db.session, customer, "note_contact", scene.actor, grade=values["grade"], **arrival, **noted)
    with as_step(db.session):
        for name in PROFILE:
            if values[name] not in (None, ""):
                setattr(customer, name, values[name])
        db.session.flush()
    return f"/customer/show/{customer.id}"


def _arrival(scene: Scene, values: dict[str, Any]) -> dict[str, Any]:
    noted = {n: values[n] for n in NOTED if values.get(n) not in (None, "")}
    receiver = values["receiver_id"]
    if scene.turn is not None:
        receiver = scene.turn.person_id
        noted |= facts_of_turn(db.session, scene.turn)
    elif scene.places and "place" not in noted:
        noted["place"] = scene.places[0]
    return {
        "kind": values["kind"],
        "source": values["source"],
        "source_detail": values["source_detail"] or "",
        "at": values["at"],
        "receiver_id": receiver,
        "late_reason": values["late_reason"] or "",
        "noted": noted,
    }
