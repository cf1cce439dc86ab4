"""How are buildings, flat types and units shown? Declarations; consultants see units on the board only (02 §2.2.1 hold row)."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, select

from app.extensions import db
from app.features.units.entries.effects import EDITORS, EntryOrigin, open_entry, refuse_released, register_correction
from app.features.units.home_names import full_name, section_name
from app.features.units.models import HOLD_READERS, Building, EntryKind, ReleaseLine, Unit, UnitState, UnitType
from app.kernel.actors import Actor
from app.kernel.errors import RuleError
from app.kernel.imports.declared import Import
from app.kernel.posts import Post
from app.kernel.screens.parts import Link
from app.kernel.screens.view import DocumentView

CATEGORY = L("房源")
EXPORTERS = frozenset(
    {
        Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.GENERAL_MANAGER, Post.CLERK,
        Post.DEVELOPER_SITE, Post.DEVELOPER_LEAD,
    }
)  # fmt: skip


class BuildingView(DocumentView):
    """楼栋."""

    model = Building
    label = L("楼栋")
    category = CATEGORY
    icon = "building"
    creators = EDITORS
    listed = ("name", "permit", "floors", "sections", "works", "position")
    search = ("name",)
    order = ("position",)  # the site's own order, as on the board
    files = False


class UnitTypeView(DocumentView):
    """户型."""

    model = UnitType
    label = L("户型")
    category = CATEGORY
    icon = "ruler-combined"
    creators = EDITORS
    listed = ("name", "layout", "building_area", "inner_area")
    search = ("name", "layout")
    importable = Import(key=("name",), updates=True)


class UnitView(DocumentView):
    """房源: entered by CLK and HQ, corrected while 未推, each change checked by the site manager."""

    model = Unit
    label = L("房源")
    title = L("房源一览")
    category = CATEGORY
    icon = "house"
    readers = HOLD_READERS
    creators = EDITORS
    exporters = EXPORTERS
    listed = (
        "full_name", "building", "unit_type", "building_area", "inner_area", "list_unit_price", "list_total", "filed_total",
        "floor_unit_price", "batch", "confirmed", "stopped", "state",
    )  # fmt: skip
    filters = ("building_id", "state", "unit_type_id", "product", "confirmed", "stopped", "entry_id")
    search = ("full_name",)
    search_hint = L("搜房号，例如：3栋1单元1102")
    sortable = ("full_name", "building_area", "list_total")
    order = ("building_id", "section", "-floor", "room")  # as the board; some thousand units: sorted without an index
    summed = ("building_area", "inner_area", "list_total")
    empty_hint = L("先建楼栋和户型，再批量生成或从 Excel 导入")
    chips = (
        ("unchecked", L("待核准"), lambda query, actor: query.where(Unit.confirmed.is_(False))),
        ("held", L("保留"), lambda query, actor: query.where(Unit.state == UnitState.HOLD)),
        ("locked", L("销控中"), lambda query, actor: query.where(Unit.state == UnitState.LOCK)),
    )
    fact_groups = (
        (L("房源"), ("building", "section", "floor", "room", "product", "unit_type", "aspect", "view", "finish", "attached_to", "entry",
                    "confirmed")),
        (L("面积"), ("building_area", "inner_area", "balcony_area", "garden_area", "storey_height", "surveyed_area", "surveyed_inner")),
        (L("价格"), ("pricing_basis", "list_unit_price", "list_total", "filed_unit_price", "filed_total", "floor_unit_price",
                   "finish_price")),
        (L("销售"), ("permit", "batch", "stopped", "held_for", "held_until", "mortgaged", "mortgage_consent_no", "mortgage_consent_on",
                   "seized")),
        (L("办理进度"), ("online_signed_on", "filed_on", "loan_state", "difference_state", "handed_on", "title_state")),
    )  # fmt: skip

    def list_acts(self, actor: Actor, query_text: str = "") -> list[Link]:
        """Ways in for who enters units, before the usual ones."""
        ways = (
            ("/unit-forms/generate", _("批量生成")),
            ("/unit-forms/facts", _("批量设置")),
            ("/unit-import", _("导入")),
        )
        links = [Link(label, url) for url, label in ways] if self.may_add(actor) else []
        return links + super().list_acts(actor, query_text)

    def restrict(self, query: Select[Any], actor: Actor) -> Select[Any]:
        """A list of units never betrays a hold to a post that may not know of it, whatever else that person is."""
        return query.where(Unit.project_id.in_(sorted(actor.projects_as(HOLD_READERS))))

    def may_delete(self, record: Any, actor: Actor) -> bool:
        """An unconfirmed 未推 unit that no batch names."""
        listed = select(ReleaseLine.id).where(ReleaseLine.unit_id == record.id).limit(1)
        return super().may_delete(record, actor) and not record.confirmed and db.session.scalar(listed) is None

    def prepare(self, record: Any, actor: Actor) -> None:
        """The flat type gives what is left out."""
        record.permit_id = record.permit_id or (record.building.permit_id if record.building else None)

    def check(self, record: Any, actor: Actor) -> None:
        """Names, areas, and that a changed unit is still 未推 and goes to the site manager."""
        building = db.session.get(Building, record.building_id)
        if building is None or building.project_id != record.project_id:
            raise RuleError("请选择本项目的楼栋", field="building_id")
        if record.inner_area > record.building_area:
            raise RuleError("套内面积不能大于建筑面积", field="inner_area")
        record.section = section_name(record.section)
        record.full_name = full_name(building.name, record.section, record.room)
        if record.id is None:
            open_entry(
                db.session(), actor, record.project_id, [record], EntryOrigin(EntryKind.GENERATED, record.full_name)
            )
        else:
            refuse_released(record)
            register_correction(db.session(), actor, record)
