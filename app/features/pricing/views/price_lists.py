"""How is a 价目表 shown? Its lines as a list of their own, with the old price beside the new one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_appbuilder import expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.features.organisation.parameters import parameter
from app.features.pricing.effects.price_lists import price_history
from app.features.pricing.models import PRICE_READERS, PriceLine, PriceList, TotalRounding
from app.features.pricing.states import LIST_EDITORS
from app.features.pricing.views import comparing, grid, upload
from app.features.pricing.views.schemes import CATEGORY
from app.features.units.models import FLOOR_PRICE_READERS, Unit
from app.kernel.actors import Actor
from app.kernel.errors import Forbidden
from app.kernel.posts import Post
from app.kernel.screens.display import money
from app.kernel.screens.parts import Card, Cell, Column, Link, Row, Table
from app.kernel.screens.view import DocumentView, view_of

SHOWN_LINES = 50
LIST_EXPORTERS = PRICE_READERS - {Post.AUDITOR}


class PriceListView(DocumentView):
    """价目表."""

    model = PriceList
    label = L("价目表")
    category = CATEGORY
    icon = "coin"
    creators = LIST_EDITORS
    exporters = LIST_EXPORTERS
    listed = ("number", "name", "effective_on", "applied_at", "created_by", "state")
    filters = ("state",)
    search = ("number", "name", "reason")
    decided_with = ("lines",)
    order = ("-effective_on",)
    form = ("name", "effective_on", "reason")
    facts = ("number", "effective_on", "total_rounding", "applied_at", "reason", "created_by", "created_at")
    empty_hint = L("新增一版价目表，再按规则生成、逐套填写或导入价格")

    def prepare(self, record: Any, actor: Actor) -> None:
        """Totals are rounded as the project rounds them when the list is begun."""
        proposed = TotalRounding.labelled(parameter(db.session(), record.project_id, "list_total_rounding"))
        record.total_rounding = proposed or TotalRounding.FEN

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """Ways to fill a draft; what it changes."""
        compare = [Link(_("版本对比"), f"{self.route_base}/compare/{record.id}", icon="chart")]
        if not self.may_edit(record, actor):
            return compare
        return [
            *compare,
            Link(_("逐套填写"), f"{self.route_base}/grid/{record.id}", icon="edit"),
            Link(_("导入价格"), f"{self.route_base}/upload/{record.id}", icon="upload"),
        ]

    def draft(self, pk: int) -> Any:
        """The draft for its editors; anything else is refused."""
        record = self.find(pk)
        if not self.may_edit(record, self.actor()):
            raise Forbidden(_("修改价格"))
        return record

    @expose("/grid/<int:pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("edit")
    def grid(self, pk: int) -> Any:
        """Prices of one building, unit by unit."""
        return grid.grid_page(self, self.draft(pk))

    @expose("/compare/<int:pk>")
    @has_access
    @permission_name("list")
    def compare(self, pk: int) -> Any:
        """This version against what held before it, or against another (?with=id)."""
        return comparing.compare_page(self, self.find(pk))

    @expose("/compare/<int:pk>/export")
    @has_access
    @permission_name("export")
    def compare_sheet(self, pk: int) -> Any:
        """The same as .xlsx."""
        return comparing.compare_sheet(self, self.find(pk))

    @expose("/upload/<int:pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("edit")
    def upload(self, pk: int) -> Any:
        """Prices from a table."""
        return upload.upload_page(self, self.draft(pk))

    @expose("/upload/<int:pk>/template")
    @has_access
    @permission_name("edit")
    def upload_template(self, pk: int) -> Any:
        """The table to fill in."""
        return upload.template_page(self, self.draft(pk))

    @expose("/upload/<int:pk>/<token>/columns", methods=["GET", "POST"])
    @has_access
    @permission_name("edit")
    def upload_columns(self, pk: int, token: str) -> Any:
        """Which column fills which field."""
        return upload.columns_page(self, self.draft(pk), token)

    @expose("/upload/<int:pk>/<token>/preview", methods=["GET", "POST"])
    @has_access
    @permission_name("edit")
    def upload_preview(self, pk: int, token: str) -> Any:
        """What would be written; the post writes it."""
        return upload.preview_page(self, self.draft(pk), token)

    @expose("/upload/<int:pk>/<token>/report")
    @has_access
    @permission_name("edit")
    def upload_report(self, pk: int, token: str) -> Any:
        """Every error as a table."""
        return upload.report_page(self, self.draft(pk), token)


class PriceLineView(DocumentView):
    """价目行: every price of every list, to filter and export."""

    model = PriceLine
    label = L("价目行")
    title = L("价目明细")
    category = CATEGORY
    icon = "cols"
    exporters = LIST_EXPORTERS
    listed = (
        "price_list", "unit", "unit.building_area", "list_unit_price", "list_total", "filed_unit_price", "filed_total",
        "floor_unit_price", "old_unit_price", "outcome",
    )  # fmt: skip
    filters = ("price_list_id", "outcome")
    search = ("unit.full_name",)
    summed = ("list_total",)
    files = False


def lines_of_list(paper: Any, actor: Actor) -> Card:
    """The first lines of a list; all of them are one click away, and the head says how many there are."""
    floor = actor.holds(FLOOR_PRICE_READERS, paper.project_id)
    total = db.session.scalar(select(func.count(PriceLine.id)).where(PriceLine.price_list_id == paper.id)) or 0
    query = (
        select(PriceLine)
        .join(Unit, Unit.id == PriceLine.unit_id)
        .where(PriceLine.price_list_id == paper.id)
        .options(joinedload(PriceLine.unit))
        .order_by(Unit.building_id, Unit.section, Unit.floor.desc(), Unit.room)
        .limit(SHOWN_LINES)
    )
    columns = [
        Column("unit", _("房源")), Column("area", _("建筑面积"), numeric=True), Column("old", _("原单价"), numeric=True),
        Column("price", _("表价单价"), numeric=True), Column("change", _("变动"), numeric=True),
        Column("total", _("表价总价"), numeric=True), Column("filed", _("备案单价"), numeric=True),
    ]  # fmt: skip
    if floor:
        columns.append(Column("floor", _("底价单价"), numeric=True))
    columns.append(Column("outcome", _("结果")))
    rows = tuple(_line_row(line, floor) for line in db.session.scalars(query))
    table = Table(
        tuple(columns),
        rows,
        empty=_("还没有价格；点「按规则生成」「逐套填写」或「导入价格」"),
        unit=_("套"),
        whole=total,
    )
    view = view_of(PriceLine)
    more = (
        Link(_("全部 %(n)s 套", n=total), f"{view.list_url()}?price_list_id={paper.id}") if view is not None else None
    )
    note = (
        _("共 %(n)s 套，这里列出前 %(m)s 套", n=total, m=len(rows)) if total > len(rows) else _("共 %(n)s 套", n=total)
    )
    return Card(_("价格"), "table", table=table, note=note, more=more if total > len(rows) else None)


def _line_row(line: PriceLine, floor: bool) -> Row:
    old = line.old_unit_price
    change = money(line.list_unit_price - old) if old is not None else ""
    cells = [
        Cell(line.unit.full_name), Cell(str(line.unit.building_area), True), _amount(old), _amount(line.list_unit_price),
        Cell(change, True), _amount(line.list_total), _amount(line.filed_unit_price),
    ]  # fmt: skip
    if floor:
        cells.append(_amount(line.floor_unit_price))
    cells.append(Cell(line.outcome.label))
    return Row(str(line.id), "", line.unit.full_name, tuple(cells))


def _amount(value: Decimal | None) -> Cell:
    return Cell("" if value is None else f"{value:,.2f}", True)


def price_card(unit: Any, actor: Actor) -> Card | None:
    """The list prices that a unit has had, for everybody who sees it; never the floor price."""
    lines = price_history(db.session(), unit.id)
    if not lines:
        return None
    columns = (
        Column("since", _("生效")), Column("list", _("价目表")), Column("price", _("表价单价"), numeric=True),
        Column("total", _("表价总价"), numeric=True),
    )  # fmt: skip
    rows = tuple(
        Row(
            str(line.id), "", line.price_list.name,
            (
                Cell(f"{line.applied_at:%Y-%m-%d}" if line.applied_at else ""), Cell(line.price_list.name),
                _amount(line.list_unit_price), _amount(line.list_total),
            ),
        )
        for line in lines
    )  # fmt: skip
    return Card(_("价格历史"), "table", table=Table(columns, rows))
