"""特殊折扣单: asked from the order's page or the list; the approver's values are on his own page."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as L  # noqa: N812

from app.extensions import db
from app.features.customers.models import Customer
from app.features.deals.discounts.effects import SELLABLE, price_request
from app.features.deals.discounts.models import DiscountRequest
from app.features.pricing.models import PaymentScheme, SchemeState
from app.features.units.models import Unit
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import NotFound, RuleError
from app.kernel.posts import Post
from app.kernel.screens.view import DocumentView

ASKERS = frozenset({Post.CONSULTANT, Post.SUPERVISOR})
READERS = frozenset(
    {
        Post.CONSULTANT, Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.GENERAL_MANAGER,
        Post.DEVELOPER_SITE, Post.DEVELOPER_LEAD, Post.AUDITOR, Post.CLERK,
    }
)  # fmt: skip


class DiscountView(DocumentView):
    """特殊折扣单 (07: creator, chain, HQ)."""

    model = DiscountRequest
    label = L("特殊折扣单")
    category = L("交易")
    icon = "tag"
    readers = READERS
    creators = ASKERS
    exporters = READERS - {Post.CONSULTANT, Post.AUDITOR}
    listed = (
        "number",
        "unit",
        "customer_name",
        "public_total",
        "asked_total",
        "extra_percent",
        "granted_total",
        "valid_until",
        "owner_id",
        "state",
    )
    filters = ("state", "owner_id")
    search = ("number", "unit.full_name", "customer_name")
    facts = ("unit", "customer_name", "scheme", "list_total", "public_total", "asked_total", "extra_percent", "reason")
    form = ("unit_id", "customer_id", "scheme_id", "asked_total", "reason", "wanted_until")
    pick_filters: ClassVar = {
        "scheme_id": lambda query: query.where(PaymentScheme.state == SchemeState.ACTIVE),
        "unit_id": lambda query: query.where(Unit.state.in_(SELLABLE)),
    }
    fact_groups = (
        (L("要点"), ("unit", "customer_name", "scheme", "owner_id", "list_total", "public_total", "asked_total", "extra_percent", "reason",
                    "wanted_until")),
        (L("批复"), ("granted_total", "valid_until", "used_at")),
    )  # fmt: skip

    def check(self, record: Any, actor: Actor) -> None:
        """Everything but the asked total is computed; the owner of the customer owns the paper."""
        unit, customer = db.session.get(Unit, record.unit_id), db.session.get(Customer, record.customer_id)
        if unit is None or customer is None or unit.project_id != customer.project_id:
            raise NotFound("unit")
        if record.wanted_until < now().date():
            raise RuleError("希望有效至不能早于今天", field="wanted_until")
        record.project_id = unit.project_id
        record.owner_id, record.team_id = customer.owner_id or actor.person_id, customer.team_id
        record.customer_name = customer.name
        price_request(db.session(), record, unit)
