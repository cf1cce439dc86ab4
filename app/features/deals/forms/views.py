"""合同领用: forms by serial, runs that came in, and the 合同使用表 with what is missing."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import func, select

from app.extensions import db
from app.features.deals.forms.effects import check_batch, make_forms
from app.features.deals.forms.models import ContractForm, FormBatch, FormState
from app.features.deals.forms.rules import gap_words, gaps
from app.kernel.actors import Actor
from app.kernel.posts import Post
from app.kernel.screens.parts import Card, Cell, Column, Row, Table
from app.kernel.screens.related import table_of
from app.kernel.screens.view import DocumentView

KEEPERS = frozenset({Post.CLERK, Post.CONTRACT_OFFICER})
EXPORTERS = KEEPERS | {Post.SUPERVISOR, Post.SITE_MANAGER, Post.DEVELOPER_SITE}
READERS = EXPORTERS | {Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.GENERAL_MANAGER, Post.DEVELOPER_LEAD, Post.AUDITOR}


class ContractFormView(DocumentView):
    """空白合同."""

    model = ContractForm
    label = L("空白合同")
    title = L("合同领用")
    category = L("签约按揭")
    icon = "file"
    readers = READERS
    exporters = EXPORTERS
    listed = ("serial", "form", "holder_id", "issued_on", "contract", "closed_on", "state")
    filters = ("state", "form", "batch_id", "holder_id")
    search = ("serial",)
    sortable = ("serial",)
    order = ("serial",)
    files = False
    facts = ("serial", "form", "batch", "holder_id", "issued_on", "contract", "closed_on")
    empty_hint = L("先在「合同入库」登记号段")


class FormBatchView(DocumentView):
    """合同入库."""

    model = FormBatch
    label = L("合同入库")
    category = L("签约按揭")
    icon = "list"
    readers = READERS
    creators = KEEPERS
    editors = frozenset()
    exporters = EXPORTERS
    listed = ("form", "prefix", "first", "last", "received_on", "source")
    filters = ("form",)
    search = ("prefix", "source")
    form = ("form", "prefix", "first", "last", "width", "received_on", "source")
    facts = ("form", "prefix", "first", "last", "received_on", "source", "created_by")

    def check(self, record: Any, actor: Actor) -> None:
        """A run of numbers."""
        check_batch(record)

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """Its forms."""
        if new:
            make_forms(db.session(), record)

    def may_delete(self, record: Any, actor: Actor) -> bool:
        """Numbers that came in stay on the books."""
        return False


def use_card(batch: FormBatch, _actor: Actor) -> Card:
    """合同使用表: every prefix of the project with its counts and the numbers that nobody has."""
    query = (
        select(FormBatch.prefix, ContractForm.state, func.count(ContractForm.id))
        .join(FormBatch, FormBatch.id == ContractForm.batch_id)
        .where(ContractForm.project_id == batch.project_id)
        .group_by(FormBatch.prefix, ContractForm.state)
    )
    counts: dict[str, dict[FormState, int]] = {}
    for prefix, state, number in db.session.execute(query):
        counts.setdefault(prefix, {})[state] = number
    columns = (
        Column("prefix", _("编号前缀"), phone="hd"), Column("all", _("合计"), numeric=True),
        *(Column(state.value, _(state.label), numeric=True) for state in FormState), Column("gaps", _("缺号")),
    )  # fmt: skip
    rows = tuple(
        Row(prefix, "", prefix, (
            Cell(prefix or "—"), Cell(str(sum(held.values())), True), *(Cell(str(held.get(state, 0)), True) for state in FormState),
            Cell(_missing(batch.project_id, prefix) or _("无")),
        ))
        for prefix, held in sorted(counts.items())
    )  # fmt: skip
    return Card(_("合同使用表"), "table", table=Table(columns, rows))


def serials_card(batch: FormBatch, actor: Actor) -> Card:
    """Every serial that came in with it, and where it is."""
    query = select(ContractForm).where(ContractForm.batch_id == batch.id).order_by(ContractForm.position)
    rows = db.session.scalars(query).all()
    names = ("serial", "state", "holder_id", "issued_on", "contract", "closed_on")
    return Card(_("本次入库的合同"), "table", table=table_of(ContractForm, names, rows, actor))


def _missing(project_id: int, prefix: str) -> str:
    query = (
        select(ContractForm.position)
        .join(FormBatch, FormBatch.id == ContractForm.batch_id)
        .where(ContractForm.project_id == project_id, FormBatch.prefix == prefix)
    )
    return gap_words(gaps(db.session.scalars(query)))
