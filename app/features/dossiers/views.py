"""客户档案报送: batches, the files in them, the meter on the customer's page."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from markupsafe import Markup
from sqlalchemy import Select, select

from app.extensions import db
from app.features.dossiers.category import CATEGORY
from app.features.dossiers.models import MAKERS, RECEIVERS, BatchState, DossierBatch, DossierFile, Standing
from app.features.dossiers.reading import meter_of, order_of
from app.features.dossiers.rules import Meter
from app.kernel.actors import Actor
from app.kernel.posts import Post
from app.kernel.screens.parts import Card, Html, Link, Table
from app.kernel.screens.related import table_of
from app.kernel.screens.view import DocumentView

HEADS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.GENERAL_MANAGER})
EXPORTERS = HEADS | MAKERS | RECEIVERS
SHOWN = 300


def _waiting(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(DossierBatch.state == BatchState.SUBMITTED)


def _returned(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(DossierBatch.state == BatchState.RETURNED)


class DossierBatchView(DocumentView):
    """客户档案报送批次 (S1.11.2)."""

    model = DossierBatch
    label = L("客户档案报送批次")
    title = L("客户档案报送")
    category = CATEGORY
    icon = "upload"
    creators = MAKERS
    exporters = EXPORTERS
    form = ("kind", "note")
    listed = ("number", "kind", "count", "left_out", "turn", "submitted_on", "receiver", "received_on", "state")
    filters = ("kind", "state")
    search = ("number", "note")
    sortable = ("submitted_on",)
    search_hint = L("批次编号、说明")
    empty_hint = L("先新增一批，再点「选入应报客户」；只有单独同意向甲方提供的客户会被报送")
    facts = (
        "number", "kind", "count", "left_out", "turn", "submitted_on", "correction", "receiver", "received_on", "created_by", "note",
    )  # fmt: skip
    chips = (("waiting", L("待接收"), _waiting), ("returned", L("退回补正"), _returned))

    def due(self, record: Any, actor: Actor) -> Link | None:
        """An empty batch is filled first."""
        if record.state is not BatchState.DRAFT or record.files or not actor.holds(MAKERS, record.project_id):
            return None
        return Link(_("选入应报客户"), self.step_url(record.id, "fill"), method="post")

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """The data sheet of the batch: the list of its files, narrowed to it."""
        if not actor.holds(EXPORTERS, record.project_id) or not record.files:
            return []
        return [Link(_("导出数据表"), f"/dossier-file/list/export?batch_id={record.id}", icon="download")]


class DossierFileView(DocumentView):
    """客户电子档案: written with their batch, never by a form."""

    model = DossierFile
    label = L("客户电子档案")
    category = CATEGORY
    icon = "file"
    exporters = EXPORTERS
    listed = (
        "customer_name", "phones_masked", "edition", "standing", "grade", "unit_name", "total", "wanted", "source", "seller",
        "completeness", "missing_names", "frozen_at",
    )  # fmt: skip
    filters = ("batch_id", "standing")
    search = ("customer_name", "unit_name")
    search_hint = L("客户姓名、房源")
    files: ClassVar[bool] = False
    logs_reading = True
    fact_groups = (
        (L("要点"), ("batch", "standing", "left_out_why", "edition", "correction", "changed", "frozen_at", "consent", "seller")),
        (L("客户"), ("customer_name", "phones", "gender", "age_band", "home_area", "work_area", "occupation", "family", "grade")),
        (L("需求和来往"), ("source", "purpose", "wanted", "concerns", "resistance", "first_on", "last_on", "visits", "follow_ups")),
        (L("成交"), ("unit_name", "total", "paid", "scheme", "reserved_on", "signed_on")),
        (L("齐全度"), ("needed", "present", "missing_names")),
    )  # fmt: skip


TOLD = (
    "customer_name", "phones_masked", "grade", "unit_name", "completeness", "missing_names", "edition", "standing", "correction",
)  # fmt: skip
LEFT = ("customer_name", "left_out_why", "standing")


def _files(batch: DossierBatch, *standing: Standing) -> list[DossierFile]:
    query = select(DossierFile).where(DossierFile.batch_id == batch.id, DossierFile.standing.in_(standing))
    return list(db.session.scalars(query.order_by(DossierFile.id).limit(SHOWN)))


def told_of(batch: DossierBatch, actor: Actor) -> Table:
    """The files that go or went, older editions last."""
    rows = (
        _files(batch, Standing.RETURNED)
        + _files(batch, Standing.WAITING, Standing.SENT)
        + _files(batch, Standing.REPLACED)
    )
    return table_of(DossierFile, TOLD, rows, actor)


def left_out_of(batch: DossierBatch, actor: Actor) -> Any:
    """Who is not told of and why; nothing of it for the other side."""
    rows = _files(batch, Standing.LEFT_OUT, Standing.STOPPED)
    return table_of(DossierFile, LEFT, rows, actor) if rows else None


def meter_html(meter: Meter) -> Html:
    """«11 / 14 · 78 %», a bar, and what is missing."""
    bar = Markup(
        '<p><b>{} / {}</b> · {} %</p><div class="prog{}" role="progressbar" aria-label="{}" aria-valuenow="{}" aria-valuemin="0"'
        ' aria-valuemax="100"><i style="width:{}%"></i></div>'
    ).format(
        meter.present,
        meter.needed,
        meter.percent,
        "" if meter.missing else " ok",
        _("齐全度"),
        meter.percent,
        meter.percent,
    )
    if not meter.missing:
        return bar + Markup("<p>{}</p>").format(_("这一户的电子档案已齐"))
    items = Markup("").join(Markup("<li>{}</li>").format(name) for name in meter.missing)
    return bar + Markup("<p>{}</p><ul>{}</ul>").format(_("还缺 %(n)s 项：", n=len(meter.missing)), items)


def file_of_customer(customer: Any, _actor: Actor) -> Card:
    """How complete his file is; where it was sent stands in the batches."""
    session = db.session()
    return Card(_("电子档案"), "html", html=meter_html(meter_of(session, customer, order_of(session, customer.id))))


def sent_of_customer(customer: Any, actor: Actor) -> Any:
    """Which editions went to 甲方营销策划部."""
    query = select(DossierFile).where(DossierFile.customer_id == customer.id).order_by(DossierFile.id.desc()).limit(50)
    rows = list(db.session.scalars(query))
    return (
        table_of(DossierFile, ("batch", "edition", "standing", "left_out_why", "frozen_at"), rows, actor)
        if rows
        else None
    )
