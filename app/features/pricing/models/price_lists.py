"""价目表: one version of prices for some units, from its draft to the day it holds (02 §2.2.3 改价, 一房一价)."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from app.features.units.models import FLOOR_PRICE_READERS
from app.kernel.audiences import PricePapers
from app.kernel.base import Document, Numbered, field, state_field
from app.kernel.columns import Money
from app.kernel.constraints import sentence
from app.kernel.states import Choice, State

PRICE_READERS = PricePapers.audience.posts
sentence("uq_price_line_unit", "这套房在本价目表里已有一行价格")


class ListState(State):
    DRAFT = ("draft", "草稿", "mute")
    REVIEW = ("review", "审批中", "info")
    APPROVED = ("approved", "已批", "cyan")
    EFFECTIVE = ("effective", "已生效", "ok")
    RETIRED = ("retired", "已停用", "mute")
    REFUSED = ("refused", "不同意", "bad")
    VOID = ("void", "已作废", "mute")


class TotalRounding(Choice):
    """How list totals are rounded; the project's parameter list_total_rounding proposes one by its label."""

    FEN = ("fen", "分")
    YUAN = ("yuan", "元四舍五入")
    YUAN_CUT = ("yuan_cut", "元去尾")


class LineOutcome(Choice):
    """What became of a line when its list took effect."""

    PENDING = ("pending", "待生效", "mute")
    APPLIED = ("applied", "已生效", "ok")
    KEPT = ("kept", "已售，保留原价", "warn")


class PriceList(PricePapers, Numbered, Document):
    """价目表版本: SM or HQ make it, PM, JFS and JFL decide, on its day it writes the prices of its units."""

    __tablename__ = "price_list"
    __label__ = "价目表"
    __number__ = "JM"
    __title__ = "name"
    __table_args__ = (UniqueConstraint("project_id", "name", name="uq_price_list_name"),)

    name: Mapped[str] = field("版本名称", String(64), nullable=False, hint="例如：第 2 批首期价目表")
    effective_on: Mapped[date] = field("生效日期", Date, nullable=False)
    total_rounding: Mapped[TotalRounding] = field(
        "表价总价取整", TotalRounding, nullable=False, default=TotalRounding.FEN, auto=True
    )
    reason: Mapped[str] = field("调价说明", String(500), nullable=False, long=True)
    applied_at: Mapped[datetime | None] = field("写入时间", DateTime, auto=True)
    state: Mapped[ListState] = state_field(ListState)

    lines: Mapped[list[PriceLine]] = relationship(order_by="PriceLine.unit_id", back_populates="price_list")

    @property
    def lines_digest(self) -> str:
        """A fingerprint of every price, so that the approval covers the lines."""
        text = "\n".join(line.fingerprint for line in self.lines)
        return hashlib.sha256(text.encode()).hexdigest()


class PriceLine(PricePapers, Document):
    """The prices of one unit in one list, yuan and yuan per ㎡."""

    __tablename__ = "price_line"
    __label__ = "价目行"
    __title__ = "id"
    __table_args__ = (
        UniqueConstraint("price_list_id", "unit_id", name="uq_price_line_unit"),
        CheckConstraint("list_unit_price > 0 AND list_total > 0", name="prices"),
        CheckConstraint("floor_unit_price IS NULL OR floor_unit_price > 0", name="floor"),
        CheckConstraint("filed_unit_price IS NULL OR filed_unit_price > 0", name="filed"),
    )

    price_list_id: Mapped[int] = field("价目表", ForeignKey("price_list.id"), nullable=False)
    unit_id: Mapped[int] = field("房源", ForeignKey("unit.id"), nullable=False, index=True)
    list_unit_price: Mapped[Decimal] = field("表价单价", Money, nullable=False, unit="元/㎡")
    list_total: Mapped[Decimal] = field("表价总价", Money, nullable=False, auto=True)
    filed_unit_price: Mapped[Decimal | None] = field("备案单价", Money, unit="元/㎡")
    filed_total: Mapped[Decimal | None] = field("备案总价", Money, auto=True)
    floor_unit_price: Mapped[Decimal | None] = field("底价单价", Money, unit="元/㎡", readers=FLOOR_PRICE_READERS)
    old_unit_price: Mapped[Decimal | None] = field("原表价单价", Money, auto=True, unit="元/㎡")
    outcome: Mapped[LineOutcome] = field("结果", LineOutcome, nullable=False, default=LineOutcome.PENDING, auto=True)
    applied_at: Mapped[datetime | None] = field("写入时间", DateTime, auto=True)

    price_list: Mapped[PriceList] = relationship(back_populates="lines")
    unit: Mapped[Any] = relationship("Unit")

    def __str__(self) -> str:
        return f"{self.unit.full_name} {self.list_unit_price:,.2f}" if self.unit else self.__label__

    @property
    def fingerprint(self) -> str:
        """The decided values of the line."""
        return (
            f"{self.unit_id}|{self.list_unit_price}|{self.list_total}|{self.filed_unit_price}|{self.floor_unit_price}"
        )
