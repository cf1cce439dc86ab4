"""资料: entered by the desk into a household, read by whoever reads the household."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select

from app.extensions import db
from app.features.archive.category import CATEGORY
from app.features.archive.folders.effects import recount
from app.features.archive.folders.models import Folder, FolderState, PaperKind
from app.features.archive.folders.views import EXPORTERS
from app.features.archive.lending import lend_link
from app.features.archive.models import PaperState
from app.features.archive.papers.effects import belong_to
from app.features.archive.papers.models import FILERS, Paper
from app.features.archive.papers.tables_in import PAPERS_IN
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import NotFound, RuleError
from app.kernel.screens.parts import Link
from app.kernel.screens.view import DocumentView
from app.kernel.workflow import fire

MOST_COPIES = 1000


def awaited(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Paper.state == PaperState.EXPECTED)


def late(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Paper.state == PaperState.EXPECTED, Paper.due_on < now().date())


def lent(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Paper.state == PaperState.LENT)


def may_go(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Paper.keep_until < now().date(), Paper.state.in_([PaperState.IN, PaperState.DOOMED]))


def check_copies(record: Any) -> None:
    """Raise RuleError for a number of copies or pages that no paper has."""
    if not 1 <= record.copies <= MOST_COPIES:
        raise RuleError("份数应在 1 和 {n} 之间", field="copies", n=MOST_COPIES)
    if record.pages is not None and record.pages < 1:
        raise RuleError("页数至少是 1，不清楚就不填", field="pages")


class PaperView(DocumentView):
    """资料 (02 §2.5.8)."""

    model = Paper
    label = L("资料")
    title = L("客户资料")
    category = CATEGORY
    icon = "file"
    creators = FILERS
    exporters = EXPORTERS
    editable_states = (PaperState.EXPECTED, PaperState.IN)
    logs_reading = True
    many = True
    form = (
        "folder_id",
        "kind_id",
        "title",
        "medium",
        "copies",
        "pages",
        "received_on",
        "received_from",
        "box",
        "shelf",
        "note",
    )
    edit_form_fields = ("title", "medium", "copies", "pages", "received_on", "received_from", "note")
    listed = (
        "number", "title", "unit_name", "customer_name", "kind", "medium", "copies", "received_on", "box", "shelf", "state",
    )  # fmt: skip
    filters = ("kind_id", "medium", "state", "owner_id")
    search = ("number", "title", "unit_name", "customer_name")
    sortable = ("received_on", "due_on", "keep_until")
    search_hint = L("档号、资料名称、房源、姓名、拼音")
    importable = PAPERS_IN
    chips = (
        ("awaited", L("待归档"), awaited),
        ("late", L("逾期未归档"), late),
        ("lent", L("借出"), lent),
        ("may_go", L("到期可销毁"), may_go),
    )
    pick_filters: ClassVar = {
        "folder_id": lambda query: query.where(Folder.state != FolderState.ENDED),
        "kind_id": lambda query: query.where(PaperKind.active),
    }
    fact_groups = (
        (L("要点"), ("number", "title", "folder", "kind", "unit_name", "customer_name", "owner_id", "medium", "copies", "pages", "received_on",
                    "received_from", "due_on", "box", "shelf", "keeper_id", "retention", "keep_until", "sealed_at", "note")),
    )  # fmt: skip

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """«借阅» while it lies in its box."""
        return lend_link(record, actor)

    def check(self, record: Any, actor: Actor) -> None:
        """The folder lends it scope and names, the kind its title and how long it is kept."""
        check_copies(record)
        if record.received_on > now().date():
            raise RuleError("收到日期不能晚于今天", field="received_on")
        folder, kind = db.session.get(Folder, record.folder_id), db.session.get(PaperKind, record.kind_id)
        if folder is None or kind is None:
            raise NotFound("folder")
        if folder.state is FolderState.ENDED:
            raise RuleError("户档 {no} 已终止，不能再登记资料；先重新打开", field="folder_id", no=folder.number)
        belong_to(record, folder, kind)

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """What the desk enters lies before it: on file at once. A changed form counts in the meter."""
        if new:
            fire(db.session(), record, "file", actor, internal=True)
        else:
            recount(db.session(), db.session.get_one(Folder, record.folder_id))
