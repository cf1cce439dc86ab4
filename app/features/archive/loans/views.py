"""借阅: what is out, with whom and until when; overdue first."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, select

from app.extensions import db
from app.features.archive.category import CATEGORY
from app.features.archive.folders.views import EXPORTERS
from app.features.archive.lending import LENDABLE
from app.features.archive.loans.effects import default_due
from app.features.archive.loans.models import FILERS, FileLoan, Loan, LoanState
from app.features.archive.models import PaperState
from app.features.archive.papers.models import Paper
from app.features.archive.site_files.models import SiteFile
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import NotFound, RuleError
from app.kernel.screens.parts import Html, Table
from app.kernel.screens.related import table_of
from app.kernel.screens.view import DocumentView


def _chips(model: Any) -> tuple[tuple[str, Any, Any], ...]:
    def out(query: Select[Any], _actor: Actor) -> Select[Any]:
        return query.where(model.state == LoanState.LENT)

    def late(query: Select[Any], _actor: Actor) -> Select[Any]:
        return query.where(model.state == LoanState.LENT, model.due_on < now().date())

    return ("out", L("借出中"), out), ("late", L("逾期未还"), late)


class Borrowings(DocumentView):
    """What both loan screens say and check."""

    category = CATEGORY
    icon = "hand"
    creators = FILERS
    exporters = EXPORTERS
    form = ("paper_id", "borrower_id", "outsider", "purpose", "due_on")
    listed = ("number", "paper", "who", "purpose", "lent_at", "due_on", "returned_on", "state")
    search = ("number", "outsider", "purpose", "receiver")
    filters = ("state", "borrower_id")
    sortable = ("due_on",)
    deadlines: ClassVar = {"due_on": lambda loan: loan.state is LoanState.LENT}
    search_hint = L("借阅号、外部借阅人、用途")
    fact_groups = (
        (L("要点"), ("number", "paper", "who", "purpose", "due_on", "lent_at", "receiver", "returned_on", "condition", "created_by")),
    )  # fmt: skip

    def check(self, record: Any, actor: Actor) -> None:
        """One borrower, a day ahead; the paper lends its scope."""
        if bool(record.borrower_id) == bool(record.outsider):
            raise RuleError("请选择借阅人，或填写外部借阅人，两者填一项", field="borrower_id")
        record.due_on = record.due_on or default_due(db.session(), record.project_id, now().date())
        if record.due_on < now().date():
            raise RuleError("应还日期不能早于今天", field="due_on")
        target = self.model.paper.property.mapper.class_
        paper = db.session.scalars(select(target).where(target.id == record.paper_id)).first()
        if paper is None:
            raise NotFound("paper")
        record.project_id = paper.project_id
        for name in ("owner_id", "partner_id", "team_id"):
            if hasattr(paper, name):
                setattr(record, name, getattr(paper, name))

    def note(self, record: Any, actor: Actor) -> Html:
        """How late it is."""
        late = (now().date() - record.due_on).days if record.state is LoanState.LENT and record.due_on else 0
        return _("已逾期 %(n)s 天未还。", n=late) if late > 0 else ""


class LoanView(Borrowings):
    """借阅 of household papers."""

    model = Loan
    label = L("借阅")
    chips = _chips(Loan)
    pick_filters: ClassVar = {
        "paper_id": lambda query: query.where(Paper.state == PaperState.IN, Paper.medium.in_(LENDABLE))
    }


class FileLoanView(Borrowings):
    """借阅 of site files."""

    model = FileLoan
    label = L("现场文件借阅")
    chips = _chips(FileLoan)
    pick_filters: ClassVar = {
        "paper_id": lambda query: query.where(SiteFile.state == PaperState.IN, SiteFile.medium.in_(LENDABLE))
    }


def loans_of(paper: Any, actor: Actor) -> Table:
    """The loans of one paper, newest first."""
    model: Any = Loan if isinstance(paper, Paper) else FileLoan
    rows = db.session.scalars(select(model).where(model.paper_id == paper.id).order_by(model.id.desc()).limit(50)).all()
    return table_of(model, ("number", "who", "purpose", "lent_at", "due_on", "returned_on", "state"), rows, actor)
