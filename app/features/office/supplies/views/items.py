"""物品: what lies there, what runs low; the 流水 behind it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, select

from app.extensions import db
from app.features.office.category import CATEGORY
from app.features.office.posts import EXPORTERS, KEEPERS
from app.features.office.supplies.models import StockMovement, SupplyItem
from app.features.office.supplies.tables_in import ITEMS_IN
from app.features.organisation.parameters import parameter
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.entrance import current_project_id
from app.kernel.errors import RuleError
from app.kernel.screens.display import DASH, lookup_names, moment
from app.kernel.screens.parts import Cell, Column, Link, Row, Table
from app.kernel.screens.view import DocumentView

SHOWN = 50


def low(query: Select[Any], _actor: Actor) -> Select[Any]:
    """Below the minimum."""
    return query.where(SupplyItem.active.is_(True), SupplyItem.stock < SupplyItem.minimum)


def soon(query: Select[Any], _actor: Actor) -> Select[Any]:
    """Not below, but within the parameter's share of the minimum."""
    percent = parameter(db.session(), current_project_id(), "supply_soon_percent")
    return query.where(
        SupplyItem.active.is_(True),
        SupplyItem.minimum > 0,
        SupplyItem.stock >= SupplyItem.minimum,
        SupplyItem.stock * 100 <= SupplyItem.minimum * percent,
    )


class SupplyItemView(DocumentView):
    """物品 (07 «办公用品»: kept by the clerk and administration, read by the site)."""

    model = SupplyItem
    label = L("物品")
    title = L("办公用品")
    category = CATEGORY
    icon = "box"
    creators = KEEPERS
    exporters = EXPORTERS
    importable = ITEMS_IN
    listed = ("title", "stock", "unit", "minimum", "standing", "kept_at", "last_price", "active")
    filters = ("kept_at", "active")
    search = ("title",)
    sortable = ("stock",)
    form = ("name", "spec", "unit", "minimum", "kept_at", "active")
    facts = ("title", "unit", "stock", "minimum", "standing", "kept_at", "last_price", "active")
    chips = (
        ("low", L("低于安全量"), low),
        ("soon", L("即将用完"), soon),
        ("unused", L("停用"), lambda query, _actor: query.where(SupplyItem.active.is_(False))),
    )
    search_hint = L("搜物品名称、规格")
    empty_hint = L("先登记案场常用的纸、笔、水等物品，再办入库。")

    def check(self, record: Any, actor: Actor) -> None:
        """The title is what people pick by."""
        if record.minimum < 0:
            raise RuleError("安全量不能小于 0", field="minimum")
        record.title = " ".join(filter(None, (record.name, record.spec)))

    def list_acts(self, actor: Actor, query_text: str = "") -> list[Link]:
        """The daily work starts at the list."""
        acts = super().list_acts(actor, query_text)
        if not actor.holds(KEEPERS, self.current_project()):
            return acts
        order = Link(
            _("按安全量生成采购申请"), "/supply-purchase/from-minima", method="post", icon="truck",
            confirm=_("把低于安全量的物品列成一张采购申请草稿，数量和单价可以再改。"),
        )  # fmt: skip
        return [
            order,
            Link(_("入库"), "/supply-receipt/add", icon="down"),
            Link(_("领用"), "/supply-hand/add", icon="hand"),
            *acts,
        ]

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """The same for this item."""
        if not actor.holds(KEEPERS, record.project_id):
            return []
        first = f"line-0-item_id={record.id}"
        return [
            Link(_("入库"), f"/supply-receipt/add?{first}"),
            Link(_("领用"), f"/supply-hand/add?{first}"),
            Link(_("盘点"), f"/supply-check/add?{first}"),
        ]


def this_month(query: Select[Any], _actor: Actor) -> Select[Any]:
    """Since the first of the month."""
    return query.where(StockMovement.at >= now().replace(day=1, hour=0, minute=0, second=0))


def last_month(query: Select[Any], _actor: Actor) -> Select[Any]:
    """The calendar month before."""
    first = now().replace(day=1, hour=0, minute=0, second=0)
    return query.where(StockMovement.at < first, StockMovement.at >= (first - timedelta(days=1)).replace(day=1))


class StockMovementView(DocumentView):
    """出入库流水: read only, by item, kind, person."""

    model = StockMovement
    label = L("出入库流水")
    category = CATEGORY
    icon = "swap"
    exporters = EXPORTERS
    listed = ("at", "item", "kind", "quantity", "balance", "unit_price", "holder_id", "team_id", "paper", "person_id")
    filters = ("kind", "item_id", "holder_id")
    search = ("paper", "item.title")
    chips = (("month", L("本月"), this_month), ("before", L("上月"), last_month))
    files = False
    empty_hint = L("入库、领用签收、盘点之后，这里逐笔记录。")


def movements_of(item: SupplyItem, _actor: Actor) -> Table:
    """The newest movements of an item."""
    rows = db.session.scalars(
        select(StockMovement).where(StockMovement.item_id == item.id).order_by(StockMovement.id.desc()).limit(SHOWN)
    ).all()
    names = lookup_names("person", {row.holder_id for row in rows if row.holder_id})
    columns = (
        Column("paper", _("单号"), phone="hd"), Column("at", _("时间")), Column("kind", _("类型"), phone="badge"),
        Column("quantity", _("数量"), numeric=True), Column("balance", _("结存"), numeric=True), Column("holder", _("领用人")),
    )  # fmt: skip
    return Table(
        columns,
        tuple(
            Row(
                str(row.id), f"/{row.subject.replace('_', '-')}/show/{row.subject_id}", row.paper,
                (Cell(row.paper), Cell(moment(row.at)), Cell(row.kind.label), Cell(f"{row.quantity:+d}"), Cell(str(row.balance)),
                 Cell(names.get(row.holder_id or 0, DASH))),
            )
            for row in rows
        ),
        empty=_("还没有出入库"),
    )  # fmt: skip
