"""The short history of a customer, as it stands beside a form: who looks after him, how near he is, what was said last."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from app.extensions import db
from app.features.customers.models import Contact, Customer, FollowUp
from app.kernel.actors import Actor, directory
from app.kernel.registries import BRIEFS
from app.kernel.screens.display import moment, tag_html
from app.kernel.screens.parts import Card, Fact, Link

LAST = 4  # talks that are shown


def history_card(customer: Customer, actor: Actor) -> Card:
    """Grade, owner, open orders, then the last visits, calls and follow-ups, the newest first."""
    owner = directory().person_name(customer.owner_id) if customer.owner_id is not None else _("公海")
    facts = [
        Fact(_("客户"), f"{customer.name}　{customer.phones_masked}"),
        Fact(_("等级"), tag_html(customer.grade)),
        Fact(_("归属顾问"), owner),
        Fact(_("状态"), tag_html(customer.state)),
        Fact(_("首次途径"), _("%(source)s，%(when)s", source=_(customer.source.label), when=moment(customer.first_at))),
    ]
    for load in BRIEFS.get(Customer, []):
        facts += load(customer, actor)
    facts += [Fact(when, words) for _at, when, words in _talks(customer)]
    return Card(_("这位客户"), "facts", facts=tuple(facts), more=Link(_("客户页"), f"/customer/show/{customer.id}"))


def _talks(customer: Customer) -> list[tuple[object, str, str]]:
    session, latest = db.session, []
    visits = select(Contact).where(Contact.customer_id == customer.id).order_by(Contact.at.desc()).limit(LAST)
    for one in session.scalars(visits):
        said = [_(one.kind.label), _(one.outcome.label) if one.outcome else "", one.needs or "", one.doubts or ""]
        latest.append((one.at, moment(one.at), " · ".join(filter(None, said))))
    calls = select(FollowUp).where(FollowUp.customer_id == customer.id).order_by(FollowUp.at.desc()).limit(LAST)
    for one in session.scalars(calls):
        latest.append((one.at, moment(one.at), f"{_(one.method.label)} · {_(one.result.label)} · {one.content}"))
    return sorted(latest, key=lambda talk: talk[0], reverse=True)[:LAST]
