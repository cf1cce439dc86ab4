"""清理名单: what the job found, what became of it."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.extensions import db
from app.features.customers.models import Customer
from app.features.privacy.category import CATEGORY
from app.features.privacy.purge.models import CONFIRMERS, READERS, PurgeRow, PurgeRun, PurgeState
from app.kernel.actors import Actor
from app.kernel.screens.display import tag_html
from app.kernel.screens.parts import Card, Cell, Column, Row, Table
from app.kernel.screens.view import DocumentView

SHOWN = 200


class PurgeRunView(DocumentView):
    """清理名单 (02 §2.5.8): made by the job, never by hand."""

    model = PurgeRun
    label = L("清理名单")
    title = L("未成交客户清理")
    category = CATEGORY
    icon = "trash"
    readers = READERS
    exporters = CONFIRMERS
    listed = ("number", "before", "months", "found", "erased", "kept", "confirmed_by", "finished_at", "state")
    filters = ("state",)
    search = ("number",)
    search_hint = L("编号")
    facts = (
        "number", "before", "months", "found", "erased", "kept", "confirmed_by", "confirmed_at", "finished_at", "created_at",
    )  # fmt: skip
    files: ClassVar[bool] = False
    empty_hint = L("系统每天检查一次；有超过保存期限的未成交客户时自动列出名单")

    def note(self, record: Any, actor: Actor) -> str:
        if record.state is PurgeState.LISTED:
            return _("请核对名单后确认。确认前不删除任何内容；要继续跟进的客户，可先用「保留某位客户」移出。")
        return ""


def listed_of(run: PurgeRun, _actor: Actor) -> Card:
    """The first customers of the list, those that were kept before the others; erased ones have no name any more."""
    query = (
        select(PurgeRow, Customer.name, Customer.source)
        .join(Customer, Customer.id == PurgeRow.customer_id)
        .where(PurgeRow.run_id == run.id)
        .order_by(PurgeRow.id)
        .limit(SHOWN)
    )
    columns = (
        Column("name", _("客户"), phone="hd"), Column("last", _("最近联系")), Column("source", _("认知途径")), Column("why", _("说明")),
        Column("fate", _("处理"), phone="badge"),
    )  # fmt: skip
    rows = tuple(
        Row(
            str(row.id), f"/customer/show/{row.customer_id}", name,
            (Cell(name), Cell(str(row.last_contact_on)), Cell(source.label), Cell(row.why), Cell(tag_html(row.fate))),
        )
        for row, name, source in db.session.execute(query)
    )  # fmt: skip
    note = _("名单共 %(n)s 人，只列出前 %(m)s 人", n=run.found, m=SHOWN) if run.found > SHOWN else ""
    return Card(_("名单"), "table", table=Table(columns, rows, empty=_("名单是空的")), note=note)
