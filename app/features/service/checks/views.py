"""服务检查表: items with marks typed in one form; photos are its attachments."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as L  # noqa: N812

from app.extensions import db
from app.features.organisation.parameters import parameter
from app.features.service.category import CATEGORY
from app.features.service.checks.models import ServiceCheck
from app.features.service.checks.rules import score_of
from app.features.service.people import CHECKERS, EXPORTERS, READERS, SERVING
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.screens.lines import Lines
from app.kernel.screens.view import DocumentView
from app.kernel.words import shown


class ServiceCheckView(DocumentView):
    """服务检查表 (S3.15)."""

    model = ServiceCheck
    label = L("服务检查表")
    category = CATEGORY
    icon = "check"
    readers = READERS
    creators = CHECKERS
    exporters = EXPORTERS
    listed = ("number", "turn", "checked_on", "person_id", "score", "findings", "state", "created_by")
    filters = ("state", "turn", "person_id")
    search = ("number", "findings")
    sortable = ("checked_on", "score")
    people: ClassVar = {"person_id": SERVING}
    search_hint = L("编号、总评")
    empty_hint = L("每天或每周按检查项打分，下发给顾问确认；照片传在附件里。")
    takes_files = L("照片")
    form = ("turn", "checked_on", "person_id", "findings")
    lines = Lines("lines", ("item", "full_mark", "mark", "remark"), L("检查项"), note=L("没有打分的检查项不算"))
    fact_groups = ((L("要点"), ("turn", "checked_on", "person_id", "score", "findings", "created_by")),)

    def offered_lines(self, record: Any | None) -> list[dict[str, str]]:
        """The items of the project, each with its full mark: what is not checked today stays without a mark."""
        project_id = self.current_project() if record is None else record.project_id
        items = parameter(db.session(), project_id, "service_check_items")
        return [{"item": shown(one.name), "full_mark": str(one.full_mark)} for one in items]

    def check(self, record: Any, actor: Actor) -> None:
        """Marks within their full marks; not of a day ahead."""
        if record.checked_on > now().date():
            raise RuleError("检查日期不能晚于今天", field="checked_on")
        record.score = score_of([(line.mark, line.full_mark) for line in record.lines])
