"""设备: the list of what the site has and who has it."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, select

from app.extensions import db
from app.features.office.category import CATEGORY
from app.features.office.equipment.effects import with_leaver
from app.features.office.equipment.models import Equipment, EquipmentHolding, EquipmentRepair, EquipmentState
from app.features.office.equipment.tables_in import EQUIPMENT_IN
from app.features.office.posts import EXPORTERS, KEEPERS
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.screens.parts import Html, Link, Table
from app.kernel.screens.related import table_of
from app.kernel.screens.view import DocumentView

LIVING = (EquipmentState.STORE, EquipmentState.WAITING, EquipmentState.USED, EquipmentState.REPAIR)


def mine(query: Select[Any], actor: Actor) -> Select[Any]:
    """In the hands of the person."""
    return query.where(Equipment.holder_id == actor.person_id)


def leavers(query: Select[Any], _actor: Actor) -> Select[Any]:
    """Held by somebody who is gone or going."""
    return query.where(with_leaver())


class EquipmentView(DocumentView):
    """设备 (07 «设备»)."""

    model = Equipment
    label = L("设备")
    category = CATEGORY
    icon = "building"
    creators = KEEPERS
    exporters = EXPORTERS
    importable = EQUIPMENT_IN
    listed = ("title", "asset_number", "kind", "holder", "place", "bought_on", "price", "warranty_until", "state")
    filters = ("state", "kind")
    search = ("title", "asset_number", "holder.name")
    form = (
        "asset_number",
        "name",
        "kind",
        "model",
        "bought_on",
        "price",
        "warranty_until",
        "owned_by",
        "place",
        "note",
    )
    editable_states: ClassVar = LIVING
    chips = (
        ("mine", L("我保管的"), mine),
        ("repair", L("维修中"), lambda query, _actor: query.where(Equipment.state == EquipmentState.REPAIR)),
        ("leavers", L("使用人已离岗"), leavers),
    )
    fact_groups = (
        (
            L("设备"),
            ("asset_number", "name", "kind", "model", "owned_by", "bought_on", "price", "warranty_until", "note"),
        ),
        (L("现在"), ("holder", "place", "held_since")),
    )
    search_hint = L("搜名称、编号、使用人")
    empty_hint = L("登记案场的电脑、打印机、对讲机等，交付时由使用人签收。")

    def list_acts(self, actor: Actor, query_text: str = "") -> list[Link]:
        """The two records behind the list."""
        more = [Link(_("领用记录"), "/equipment-holding/list/"), Link(_("维修记录"), "/equipment-repair/list/")]
        return [*more, *super().list_acts(actor, query_text)]

    def check(self, record: Any, actor: Actor) -> None:
        """Dates and price make sense; the title is what people pick by."""
        if record.price is not None and record.price < 0:
            raise RuleError("购入价不能小于 0", field="price")
        if record.bought_on is not None and record.bought_on > now().date():
            raise RuleError("购入日期不能晚于今天", field="bought_on")
        record.title = " ".join(filter(None, (record.name, record.model)))

    def note(self, record: Any, actor: Actor) -> Html:
        """Who has to sign, or that its holder is leaving."""
        if record.state is EquipmentState.WAITING and record.holder_id != actor.person_id:
            return _("等 %(who)s 用自己的账号签收。", who=record.holder.name)
        gone = db.session.scalar(select(Equipment.id).where(Equipment.id == record.id, with_leaver()))
        return _("使用人已离岗，请办理交回。") if gone else ""


class EquipmentHoldingView(DocumentView):
    """领用记录: who had what, read only."""

    model = EquipmentHolding
    label = L("设备领用记录")
    category = CATEGORY
    icon = "users"
    exporters = EXPORTERS
    listed = ("equipment", "person_id", "place", "since", "signed_at", "until", "condition")
    filters = ("person_id",)
    search = ("equipment.title", "equipment.asset_number")
    files = False
    empty_hint = L("设备交付签收、交回之后，这里逐条记录。")


class EquipmentRepairView(DocumentView):
    """维修记录: faults and what they cost, read only."""

    model = EquipmentRepair
    label = L("设备维修记录")
    category = CATEGORY
    icon = "cog"
    exporters = EXPORTERS
    listed = ("equipment", "fault", "vendor", "sent_on", "done_on", "cost")
    search = ("equipment.title", "fault", "vendor")
    summed = ("cost",)
    files = False
    chips = (("open", L("还没修好"), lambda query, _actor: query.where(EquipmentRepair.done_on.is_(None))),)
    empty_hint = L("在设备页点「送修」，故障、维修单位和费用记在这里。")


def holdings_of(thing: Equipment, actor: Actor) -> Table:
    """Who had it, newest first."""
    query = (
        select(EquipmentHolding).where(EquipmentHolding.equipment_id == thing.id).order_by(EquipmentHolding.id.desc())
    )
    names = ("person_id", "place", "since", "until", "condition")
    return table_of(EquipmentHolding, names, db.session.scalars(query).all(), actor)


def repairs_of(thing: Equipment, actor: Actor) -> Table:
    """What was repaired, newest first."""
    query = select(EquipmentRepair).where(EquipmentRepair.equipment_id == thing.id).order_by(EquipmentRepair.id.desc())
    names = ("fault", "vendor", "sent_on", "done_on", "cost")
    return table_of(EquipmentRepair, names, db.session.scalars(query).all(), actor)
