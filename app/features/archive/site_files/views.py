"""现场文件: what the site keeps beside its households, by category and year."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select

from app.extensions import db
from app.features.archive.category import CATEGORY
from app.features.archive.folders.views import EXPORTERS
from app.features.archive.lending import lend_link
from app.features.archive.models import PaperState
from app.features.archive.papers.views import check_copies
from app.features.archive.site_files.models import FILERS, SiteFile
from app.features.archive.site_files.tables_in import FILES_IN
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.screens.parts import Link
from app.kernel.screens.view import DocumentView
from app.kernel.workflow import fire


def _lent(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(SiteFile.state == PaperState.LENT)


def _may_go(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(SiteFile.keep_until < now().date(), SiteFile.state.in_([PaperState.IN, PaperState.DOOMED]))


class SiteFileView(DocumentView):
    """现场文件 (02 §2.5.8)."""

    model = SiteFile
    label = L("现场文件")
    category = CATEGORY
    icon = "box"
    creators = FILERS
    exporters = EXPORTERS
    importable = FILES_IN
    editable_states = (PaperState.EXPECTED, PaperState.IN)
    logs_reading = True
    form = (
        "category", "year", "title", "medium", "copies", "pages", "received_on", "received_from", "retention", "box", "shelf", "note",
    )  # fmt: skip
    edit_form_fields = ("title", "medium", "copies", "pages", "received_from", "box", "shelf", "note")
    listed = (
        "number",
        "title",
        "category",
        "year",
        "medium",
        "copies",
        "received_on",
        "keeper_id",
        "box",
        "shelf",
        "state",
    )
    filters = ("category", "year", "medium", "state")
    search = ("number", "title", "received_from")
    sortable = ("received_on", "keep_until")
    search_hint = L("档号、文件名称、来自")
    chips = (("lent", L("借出"), _lent), ("may_go", L("到期可销毁"), _may_go))
    fact_groups = (
        (L("要点"), ("number", "title", "category", "year", "medium", "copies", "pages", "received_on", "received_from", "box", "shelf",
                    "keeper_id", "retention", "keep_until", "sealed_at", "note")),
    )  # fmt: skip

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """«借阅» while it lies in its box."""
        return lend_link(record, actor)

    def check(self, record: Any, actor: Actor) -> None:
        """Numbers and days that a file can have."""
        check_copies(record)
        if record.received_on > now().date():
            raise RuleError("收到日期不能晚于今天", field="received_on")
        if not 2000 <= record.year <= now().year + 1:
            raise RuleError("年度请填 4 位数字，例如 {year}", field="year", year=now().year)

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """On file as soon as it is entered."""
        if new:
            fire(db.session(), record, "file", actor, internal=True)
