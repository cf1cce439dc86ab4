"""How is 老带新 shown?"""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, or_, select

from app.extensions import db
from app.features.customers.choices import Source
from app.features.customers.models import Customer
from app.features.customers.referrals.effects import BOUGHT, fill_referral
from app.features.customers.referrals.models import MAKERS, READERS, Referral, ReferralState
from app.features.customers.referrals.tables_in import REFERRALS_IN
from app.kernel.actors import Actor
from app.kernel.posts import SITE_CHAIN, Post
from app.kernel.screens.parts import Link, Table
from app.kernel.screens.related import table_of
from app.kernel.screens.view import DocumentView, add_document

S = ReferralState


def _to_approve(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Referral.state == S.EARNED)


def _to_pay(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Referral.state == S.APPROVED)


class ReferralView(DocumentView):
    """老带新."""

    model = Referral
    label = L("老带新")
    category = L("归属与渠道")
    icon = "star"
    readers = READERS
    creators = MAKERS
    editors = frozenset()
    importable = REFERRALS_IN
    exporters = SITE_CHAIN | {Post.SUPERVISOR, Post.CLERK}
    listed = (
        "number",
        "referrer_name",
        "customer_name",
        "condition",
        "reward",
        "amount",
        "earned_on",
        "paid_on",
        "owner_id",
        "state",
    )
    filters = ("state", "condition")
    search = ("number", "referrer_name", "customer_name")
    summed = ("amount",)
    chips = (("approve", L("待批准"), _to_approve), ("pay", L("待兑现"), _to_pay))
    search_hint = L("编号、老客户、新客户")
    form = ("referrer_id", "customer_id", "condition", "reward", "amount")
    pick_filters: ClassVar[dict[str, Any]] = {
        "referrer_id": lambda query: query.where(Customer.state.in_(BOUGHT)),
        "customer_id": lambda query: query.where(Customer.state.not_in(BOUGHT)),
    }
    fact_groups = (
        (L("要点"), ("number", "referrer_name", "customer_name", "owner_id", "condition", "reward", "amount")),
        (L("兑现"), ("earned_on", "paid_on", "paid_how", "void_why")),
    )

    def check(self, record: Any, actor: Actor) -> None:
        """Names and scope are the new customer's."""
        if record.id is None:
            fill_referral(db.session(), record)

    def may_delete(self, record: Any, actor: Actor) -> bool:
        """Numbered from the first moment: 「不成立」 instead."""
        return False


def referral_act(customer: Customer, actor: Actor) -> list[Link]:
    """Whoever came by 老带新 and is on nobody's paper yet: the way to it, while it may still be written (before he buys)."""
    if (
        customer.source is not Source.REFERRAL or customer.state in BOUGHT or customer.anonymised_at is not None
        or not actor.holds(MAKERS, customer.project_id)
    ):  # fmt: skip
        return []
    known = select(Referral.id).where(Referral.customer_id == customer.id, Referral.state != S.VOID).limit(1)
    if db.session.scalar(known) is not None:
        return []
    return [Link(_("登记老带新"), f"/referral/add?customer_id={customer.id}", icon="star")]


def referrals_tab(customer: Customer, actor: Actor) -> Table:
    """Whom he brought, and who brought him."""
    either = or_(Referral.customer_id == customer.id, Referral.referrer_id == customer.id)
    rows = list(db.session.scalars(select(Referral).where(either).order_by(Referral.id)))
    return table_of(Referral, ("number", "referrer_name", "customer_name", "condition", "reward", "state"), rows, actor)


def register(appbuilder: Any) -> None:
    """The screens and the customer's tab."""
    from app.kernel import registries

    add_document(appbuilder, ReferralView)
    registries.add_tab(Customer, "referrals", "老带新", referrals_tab, READERS)
