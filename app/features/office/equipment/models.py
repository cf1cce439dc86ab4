"""What is 设备: who has it or where it stands, what was repaired, how it ended (S3.22)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.audiences import AgencyPapers
from app.kernel.base import Document, Record, field, state_field
from app.kernel.columns import Money
from app.kernel.constraints import sentence
from app.kernel.states import Choice, State

sentence("uq_equipment_asset_number", "这个资产编号已经登记过，请核对标签上的编号")


class EquipmentState(State):
    """在库 → 待签收 → 使用中, 维修中, and the two ends."""

    STORE = ("store", "在库", "info")
    WAITING = ("waiting", "待签收", "warn")
    USED = ("used", "使用中", "ok")
    REPAIR = ("repair", "维修中", "plum")
    REVIEW = ("review", "报废审批中", "warn")
    SCRAPPED = ("scrapped", "已报废", "mute")
    RETURNED = ("returned", "已归还", "mute")


class EquipmentKind(Choice):
    """What sort of thing it is."""

    COMPUTER = ("computer", "电脑")
    PRINTER = ("printer", "打印复印")
    PHONE = ("phone", "电话对讲")
    PROJECTOR = ("projector", "投影音响")
    TABLET = ("tablet", "平板")
    FURNITURE = ("furniture", "家具")
    APPLIANCE = ("appliance", "家电")
    VEHICLE = ("vehicle", "看房车")
    OTHER = ("other", "其他")


class Equipment(AgencyPapers, Document):
    """设备: one thing with its own number."""

    __tablename__ = "equipment"
    __label__ = "设备"
    __title__ = "title"
    __labels__: ClassVar[dict[str, str]] = {"holder": "使用人"}
    __table_args__ = (
        UniqueConstraint("project_id", "asset_number", name="uq_equipment_asset_number"),
        CheckConstraint("price IS NULL OR price >= 0", name="price"),
    )

    asset_number: Mapped[str] = field("资产编号", String(32), nullable=False, hint="标签上的编号")
    name: Mapped[str] = field("名称", String(60), nullable=False)
    kind: Mapped[EquipmentKind] = field("类别", EquipmentKind, nullable=False)
    model: Mapped[str] = field("型号", String(60), nullable=False, default="")
    bought_on: Mapped[date | None] = field("购入日期", Date)
    price: Mapped[Decimal | None] = field("购入价", Money)
    warranty_until: Mapped[date | None] = field("保修至", Date)
    owned_by: Mapped[str] = field(
        "产权方", String(40), nullable=False, default="公司", choices=("公司", "甲方", "租赁")
    )
    place: Mapped[str] = field("存放地点", String(60), nullable=False, default="")
    note: Mapped[str] = field("备注", String(200), nullable=False, default="")
    holder_id: Mapped[int | None] = field("使用人", ForeignKey("person.id"), auto=True, index=True)
    held_since: Mapped[date | None] = field("领用日期", Date, auto=True)
    title: Mapped[str] = field("设备", String(96), nullable=False, default="", auto=True)
    submitted_by: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[EquipmentState] = state_field(EquipmentState)

    holder: Mapped[Any] = relationship("Person")


class EquipmentHolding(AgencyPapers, Record):
    """领用记录: who had it or where it stood, from when to when, how it came back."""

    __tablename__ = "equipment_holding"
    __label__ = "领用记录"
    __table_args__ = (CheckConstraint("until IS NULL OR until >= since", name="days"),)

    equipment_id: Mapped[int] = field("设备", ForeignKey("equipment.id"), nullable=False, auto=True, index=True)
    person_id: Mapped[int | None] = field("使用人", Integer, auto=True, lookup="person")
    place: Mapped[str] = field("地点", String(60), nullable=False, default="", auto=True)
    since: Mapped[date] = field("自", Date, nullable=False, auto=True)
    signed_at: Mapped[datetime | None] = field("签收时间", DateTime, auto=True)
    until: Mapped[date | None] = field("至", Date, auto=True)
    condition: Mapped[str] = field("交回情况", String(200), nullable=False, default="", auto=True)

    equipment: Mapped[Equipment] = relationship()

    def __str__(self) -> str:
        return f"{self.equipment.title} {self.since}"


class EquipmentRepair(AgencyPapers, Record):
    """维修记录: fault, who repairs, what it cost."""

    __tablename__ = "equipment_repair"
    __label__ = "维修记录"
    __table_args__ = (
        CheckConstraint("(done_on IS NULL) = (cost IS NULL)", name="done"),
        CheckConstraint("done_on IS NULL OR done_on >= sent_on", name="days"),
    )

    equipment_id: Mapped[int] = field("设备", ForeignKey("equipment.id"), nullable=False, auto=True, index=True)
    fault: Mapped[str] = field("故障", String(200), nullable=False, auto=True)
    vendor: Mapped[str] = field("维修单位", String(80), nullable=False, auto=True)
    sent_on: Mapped[date] = field("送修日期", Date, nullable=False, auto=True)
    done_on: Mapped[date | None] = field("修好日期", Date, auto=True)
    cost: Mapped[Decimal | None] = field("维修费", Money, auto=True)

    equipment: Mapped[Equipment] = relationship()

    def __str__(self) -> str:
        return f"{self.equipment.title} {self.sent_on}"
