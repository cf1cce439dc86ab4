"""What is a 销控指令: hold, release or adjust units by order, acknowledged by every consultant (07 «销控指令»)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from app.features.units.models.units import HOLD_READERS
from app.kernel.audiences import SellingPapers
from app.kernel.base import Document, Numbered, field, state_field
from app.kernel.states import Choice, State


class ControlKind(Choice):
    """What the order does to its units."""

    HOLD = ("hold", "保留")
    RELEASE = ("release", "释放保留")
    STOP = ("stop", "停售")
    RESUME = ("resume", "恢复销售")
    NOTICE = ("notice", "说明")


class ControlState(State):
    """草稿 → 审批中 → 已下达 / 不同意 · 已作废."""

    DRAFT = ("draft", "草稿", "mute")
    REVIEW = ("review", "审批中", "warn")
    ISSUED = ("issued", "已下达", "ok")
    REFUSED = ("refused", "不同意", "bad")
    VOID = ("void", "已作废", "mute")


class ControlOrder(SellingPapers, Numbered, Document):
    """销控指令: decided 直达 by how long it holds; `content` is what consultants read, the reason is not for them."""

    __tablename__ = "control_order"
    __label__ = "销控指令"
    __number__ = "XK"

    kind: Mapped[ControlKind] = field("指令", ControlKind, nullable=False)
    content: Mapped[str] = field("内容", String(500), nullable=False, long=True, hint="置业顾问看得到")
    reason: Mapped[str] = field(
        "原因", String(500), nullable=False, default="", long=True, readers=HOLD_READERS, hint="置业顾问看不到"
    )
    held_for: Mapped[str] = field(
        "为谁保留",
        String(64),
        nullable=False,
        default="",
        personal="name",
        readers=HOLD_READERS,
        hint="指令为保留时填写",
    )
    hours: Mapped[int | None] = field("保留时长", Integer, nullable=True, unit="小时", hint="指令为保留时填写")
    issued_at: Mapped[datetime | None] = field("下达时间", DateTime, nullable=True, auto=True)
    state: Mapped[ControlState] = state_field(ControlState)
    lines: Mapped[list[ControlLine]] = relationship(order_by="ControlLine.unit_id", back_populates="order")
    __published_parts__ = ("lines",)

    def in_effect(self) -> bool:
        """Everybody reads what was issued."""
        return self.state is ControlState.ISSUED


class ControlLine(SellingPapers, Document):
    """指令房源: one unit that the order touches."""

    __tablename__ = "control_line"
    __label__ = "指令房源"
    __title__ = "id"
    __table_args__ = (UniqueConstraint("order_id", "unit_id", name="uq_control_line_unit"),)

    order_id: Mapped[int] = field("销控指令", ForeignKey("control_order.id"), nullable=False)
    unit_id: Mapped[int] = field("房源", ForeignKey("unit.id"), nullable=False, index=True)
    order: Mapped[ControlOrder] = relationship(back_populates="lines")
    unit: Mapped[Any] = relationship("Unit")
    __part_of__ = "order"
