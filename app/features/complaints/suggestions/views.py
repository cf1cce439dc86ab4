"""建议单: what customers and staff propose, and until when it is reported."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select

from app.extensions import db
from app.features.complaints.category import CATEGORY
from app.features.complaints.people import EXPORTERS, ON_SITE
from app.features.complaints.suggestions.effects import register
from app.features.complaints.suggestions.models import OPEN, Proposer, Suggestion, SuggestionState
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.screens.view import DocumentView


def _open(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Suggestion.state.in_(OPEN))


def late_suggestions(query: Select[Any], _actor: Actor) -> Select[Any]:
    """Not sorted within the days."""
    return query.where(Suggestion.state == SuggestionState.NEW, Suggestion.report_due_at < now())


class SuggestionView(DocumentView):
    """建议单 (S3.7)."""

    model = Suggestion
    label = L("建议单")
    category = CATEGORY
    icon = "edit"
    creators = ON_SITE
    exporters = EXPORTERS
    listed = ("number", "who", "about", "content", "report_due_at", "state", "owner_id", "created_at")
    filters = ("state", "who", "about")
    search = ("number", "content", "proposer")
    sortable = ("report_due_at", "created_at")
    chips = (("open", L("未答复"), _open), ("late", L("逾期未上报"), late_suggestions))
    deadlines: ClassVar = {"report_due_at": lambda paper: paper.state is SuggestionState.NEW}
    search_hint = L("编号、内容、提出人")
    empty_hint = L("客户和同事的合理化建议写在这里，三日内整理上报。")
    form = ("who", "proposer", "about", "content", "benefit", "customer_id")
    fact_groups = (
        (L("要点"), ("who", "proposer", "customer", "about", "content", "benefit", "owner_id", "created_at", "report_due_at")),
        (L("处理"), ("summary", "reported_at", "decision", "result", "handled_at", "answer", "answered_at")),
    )  # fmt: skip

    def prepare(self, record: Any, actor: Actor) -> None:
        """It stays with whoever wrote it down."""
        record.owner_id = actor.person_id

    def check(self, record: Any, actor: Actor) -> None:
        """A customer's idea names the customer."""
        if record.who is Proposer.CUSTOMER and not record.proposer and record.customer_id is None:
            raise RuleError("客户提的建议请填写提出人，或选择关联客户", field="proposer")

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """The days begin."""
        if new:
            register(db.session(), record, now())
