"""逾期交付违约金: a batch with its homes, and every home as a row that its owner chain reads."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.extensions import db
from app.features.handover.category import CATEGORY
from app.features.handover.late.effects import in_force, list_homes
from app.features.handover.late.lines import payment_lines
from app.features.handover.late.models import SERVICE, LateBatch, LateBatchState, LateHome
from app.features.handover.readers import EXPORTERS
from app.features.units.models import Building
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.posts import Post
from app.kernel.screens.display import tag_html
from app.kernel.screens.parts import Card, Cell, Column, Html, Link, Row, Table
from app.kernel.screens.view import DocumentView

READERS = LateHome.audience.posts - {Post.CONSULTANT, Post.ASSISTANT}  # a whole building; they read their own homes


class LateBatchView(DocumentView):
    """逾期交付违约金批次 (02 §2.3.6 L6)."""

    model = LateBatch
    readers = READERS
    label = L("逾期交付违约金")
    category = CATEGORY
    icon = "clock"
    creators = SERVICE
    exporters = EXPORTERS
    listed = ("number", "building", "until_on", "homes", "total", "booked_on", "state")
    decided_with = ("cards",)
    filters = ("state", "building_id")
    search = ("number", "building.name")
    summed = ("total",)
    empty_hint = L("合同交付日已过还没有交付的楼栋，在这里按楼栋一次算出每户的违约金。")
    form = ("building_id", "until_on", "note")
    facts = ("building", "until_on", "homes", "total", "booked_on", "note")

    def check(self, record: Any, actor: Actor) -> None:
        """A building of the project, up to today at the latest."""
        building = db.session.scalars(select(Building).where(Building.id == record.building_id)).first()
        if building is None or building.project_id != record.project_id:
            raise RuleError("请选择本项目的楼栋", field="building_id")
        if record.until_on > now().date():
            raise RuleError("算到的日期不能晚于今天", field="until_on")

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """The list comes with it, and anew with every change."""
        list_homes(db.session(), record, actor)

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """The homes as a list of their own: for many ticks at once and for the export."""
        return [Link(_("明细列表"), f"/late-home/list/?batch_id={record.id}", icon="cols")]

    def note(self, record: Any, actor: Actor) -> Html:
        """What the checker does."""
        if record.state is not LateBatchState.DRAFT or not actor.holds(SERVICE, record.project_id):
            return ""
        return _("请逐户核对：点一户可改为「不计入」并写明原因；核对后提交审批，批准后每户登记一笔应付款。")


class LateHomeView(DocumentView):
    """逾期交付明细: made with the batch, never by hand."""

    model = LateHome
    label = L("逾期交付明细")
    category = CATEGORY
    icon = "cols"
    exporters = EXPORTERS
    listed = (
        "unit", "buyers", "contract_no", "promised_on", "from_on", "until_on", "handed_on", "days", "paid", "rate", "amount", "why", "state",
    )  # fmt: skip
    filters = ("state", "batch_id")
    search = ("unit.full_name", "contract_no")
    search_hint = L("房号、合同号")
    summed = ("amount",)
    files = False
    facts = (
        "batch", "unit", "buyers", "contract_no", "promised_on", "from_on", "until_on", "handed_on", "days", "paid", "rate", "amount", "why",
    )  # fmt: skip
    deadlines: ClassVar[dict[str, Any]] = {}


def payments_card(line: LateHome, _actor: Actor) -> Card | None:
    """How the sum came about: what was paid until the contract's date, and each later payment for its own days."""
    found = payment_lines(line)
    if not found:
        return None
    columns = (
        Column("from", _("起算日"), phone="hd"), Column("paid", _("已付金额"), numeric=True), Column("days", _("天数"), numeric=True),
        Column("fee", _("违约金"), numeric=True),
    )  # fmt: skip
    rows = tuple(
        Row(str(n), "", str(one.first_on), (
            Cell(str(one.first_on)), Cell(format_amount(one.paid), numeric=True), Cell(str(one.days), numeric=True),
            Cell(format_amount(one.fee), numeric=True),
        ))
        for n, one in enumerate(found)
    )  # fmt: skip
    totals = (
        Cell(_("合计")),
        Cell(format_amount(line.paid), numeric=True),
        Cell(),
        Cell(format_amount(line.amount), numeric=True),
    )
    return Card(
        _("计算明细"), "table", table=Table(columns, rows, totals), note=_("合同交付日以后付的款，从付款次日起算")
    )


def homes_card(batch: LateBatch, _actor: Actor) -> Card:
    """Who is owed what, why somebody is not counted."""
    columns = (
        Column("unit", _("房源"), phone="hd"), Column("promised", _("合同交付日")), Column("until", _("算到")),
        Column("days", _("天数"), numeric=True), Column("paid", _("已付房价款"), numeric=True), Column("amount", _("违约金"), numeric=True),
        Column("state", _("状态"), phone="badge"),
    )  # fmt: skip
    lines = db.session.scalars(in_force(batch)).all()  # within the reader's scope
    rows = tuple(
        Row(str(line.id), f"/late-home/show/{line.id}", line.unit.full_name, (
            Cell(line.unit.full_name, sub=line.why), Cell(str(line.promised_on)), Cell(str(line.until_on)),
            Cell(str(line.days), numeric=True), Cell(format_amount(line.paid), numeric=True),
            Cell(format_amount(line.amount), numeric=True), Cell(tag_html(line.state)),
        ))
        for line in lines
    )  # fmt: skip
    totals = (
        Cell(_("计入合计")),
        Cell(),
        Cell(),
        Cell(),
        Cell(),
        Cell(format_amount(batch.total), numeric=True),
        Cell(),
    )
    return Card(_("房源明细"), "table", table=Table(columns, rows, totals if rows else (), empty=_("没有逾期的房源")))
