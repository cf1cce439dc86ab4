"""Screens of 意向分析 and what the customer's page shows of it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812

from app.features.customers.analysis.daily import CustomerInsightView
from app.features.customers.analysis.home import reminders
from app.features.customers.analysis.models import IntentAnalysis
from app.features.customers.analysis.views import INTENDING, READERS, IntentAnalysisView, analyses_of
from app.features.customers.effects.following import WINNING
from app.features.customers.models import Customer
from app.features.customers.views.documents import CATEGORY
from app.kernel import registries
from app.kernel.actors import Actor
from app.kernel.screens.parts import Card, Link
from app.kernel.screens.view import add_document
from app.kernel.timeline import add_timeline, steps_of


def insight_card(customer: Any, actor: Actor) -> Card | None:
    """The way from an A or B customer to his page of analysis."""
    if (
        customer.grade not in INTENDING
        or customer.state not in WINNING
        or not actor.holds(READERS, customer.project_id)
    ):
        return None
    more = Link(_("打开"), f"/customer-insight/{customer.id}")
    return Card(_("意向分析"), "html", html=_("需求对照在售房源、疑虑应对、同类客户成交情况、主管建议。"), more=more)


def register(appbuilder: Any) -> None:
    """Called once by the room."""
    appbuilder.add_view(
        CustomerInsightView, "CustomerInsightView", label=L("A/B 客户分析"), icon="chart", category=str(CATEGORY),
        category_label=CATEGORY,
    )  # fmt: skip
    add_document(appbuilder, IntentAnalysisView)
    registries.add_side_card(Customer, insight_card)
    registries.add_reminder(reminders)
    registries.add_tab(Customer, "analyses", "意向分析", analyses_of, READERS)
    add_timeline(Customer, "意向分析", steps_of(
        IntentAnalysis, lambda page: IntentAnalysis.customer_id == page.id, lambda paper: paper.situation
    ))  # fmt: skip
