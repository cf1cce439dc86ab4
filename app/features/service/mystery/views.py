"""神秘客报告: the list and the form."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as L  # noqa: N812

from app.features.service.category import CATEGORY
from app.features.service.mystery.models import WRITERS, MysteryVisit
from app.features.service.people import EXPORTERS, READERS, SERVING
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.screens.view import DocumentView

MOST = 100


class MysteryVisitView(DocumentView):
    """神秘客报告 (S3.15)."""

    model = MysteryVisit
    label = L("神秘客报告")
    category = CATEGORY
    icon = "eye"
    readers = READERS
    creators = WRITERS
    exporters = EXPORTERS
    listed = ("number", "visited_on", "visitor", "person_id", "score", "problems", "state")
    filters = ("state", "person_id")
    search = ("number", "visitor", "problems")
    sortable = ("visited_on", "score")
    people: ClassVar = {"person_id": SERVING}
    search_hint = L("编号、检查方、问题")
    empty_hint = L("神秘客暗访后把报告登记在这里，下发给接待的顾问确认。")
    takes_files = L("报告原件")
    form = ("visited_on", "visitor", "person_id", "score", "strengths", "problems", "advice")
    fact_groups = ((L("要点"), ("visited_on", "visitor", "person_id", "score", "strengths", "problems", "advice")),)

    def check(self, record: Any, actor: Actor) -> None:
        """Marks from 0 to 100; not of a day ahead."""
        if not 0 <= record.score <= MOST:
            raise RuleError("总分应为 0—{most}", field="score", most=MOST)
        if record.visited_on > now().date():
            raise RuleError("到访日期不能晚于今天", field="visited_on")
