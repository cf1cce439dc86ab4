"""意向分析: the papers themselves; the page of one customer and the supervisor's list of the day stand beside (page.py, daily.py)."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, ClassVar

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, select

from app.extensions import db
from app.features.customers.analysis.effects import begin, check_next, follow_customer
from app.features.customers.analysis.models import AnalysisState, IntentAnalysis
from app.features.customers.choices import Grade
from app.features.customers.effects.following import WINNING
from app.features.customers.models import Customer
from app.features.customers.views.documents import CATEGORY, EXPORTERS
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.posts import Post
from app.kernel.screens.parts import Link, Table
from app.kernel.screens.related import table_of
from app.kernel.screens.view import DocumentView

WRITERS = frozenset({Post.CONSULTANT, Post.SUPERVISOR})
READERS = IntentAnalysis.audience.posts - {Post.CLERK, Post.CHANNEL_OFFICER}
INTENDING = (Grade.A, Grade.B)


def _waiting(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(IntentAnalysis.state == AnalysisState.ASKED)


def _today(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(IntentAnalysis.created_at >= datetime.combine(now().date(), time()))


class IntentAnalysisView(DocumentView):
    """意向分析 (S1.3.1)."""

    model = IntentAnalysis
    label = L("意向分析")
    title = L("意向分析记录")
    category = CATEGORY
    icon = "edit"
    readers = READERS
    creators = WRITERS
    exporters = EXPORTERS - {Post.CLERK}
    files = False
    many = True
    listed = (
        "created_at",
        "customer",
        "grade",
        "situation",
        "next_step",
        "next_on",
        "advice",
        "advice_way",
        "owner_id",
        "state",
    )
    filters = ("state", "advice_way", "owner_id")
    search = ("customer.name", "situation")
    search_hint = L("客户姓名、情况")
    sortable = ("next_on",)
    chips = (("waiting", L("待主管建议"), _waiting), ("today", L("今日"), _today))
    form = ("customer_id", "situation", "doubts", "counter", "offered", "next_step", "next_on", "wants_talk")
    pick_filters: ClassVar[dict[str, Any]] = {
        "customer_id": lambda query: query.where(Customer.grade.in_(INTENDING), Customer.state.in_(WINNING))
    }
    fact_groups = (
        (L("要点"), ("customer", "grade", "owner_id", "situation", "doubts", "counter", "offered", "next_step", "next_on", "wants_talk")),
        (L("主管建议"), ("advice_way", "advice", "advised_by", "advised_at", "outcome", "done_at")),
    )  # fmt: skip

    def check(self, record: Any, actor: Actor) -> None:
        """Of a customer of one's own scope who may still buy; what is next lies ahead."""
        follow_customer(db.session(), record)
        check_next(record)

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """The supervisor hears of a new one."""
        if new:
            begin(db.session(), record, follow_customer(db.session(), record))

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """Back to the customer's page of analysis."""
        return [Link(str(L("意向分析页")), f"/customer-insight/{record.customer_id}", icon="chart")]


def analyses_of(customer: Any, actor: Actor) -> Table | None:
    """The analyses of a customer, newest first."""
    if not actor.holds(READERS, customer.project_id):
        return None
    query = select(IntentAnalysis).where(IntentAnalysis.customer_id == customer.id).order_by(IntentAnalysis.id.desc())
    names = ("created_at", "situation", "doubts", "next_step", "next_on", "advice", "outcome", "state")
    return table_of(IntentAnalysis, names, db.session.scalars(query.limit(20)).all(), actor)
