"""What is a 保留单: a unit kept for somebody, with a reason, until an hour (02 §2.2.1 «可售→保留»)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.audiences import ManagerPapers
from app.kernel.base import Document, Numbered, field, one_live_row, state_field
from app.kernel.states import State


class HoldState(State):
    """草稿 → 审批中 → 保留中 → 已转销控 / 已释放 · 已到期 · 不同意 · 已作废."""

    DRAFT = ("draft", "草稿", "mute")
    REVIEW = ("review", "审批中", "warn")
    ACTIVE = ("active", "保留中", "ok")
    USED = ("used", "已转销控", "info")
    RELEASED = ("released", "已释放", "mute")
    EXPIRED = ("expired", "已到期", "mute")
    REFUSED = ("refused", "不同意", "bad")
    VOID = ("void", "已作废", "mute")


class Hold(ManagerPapers, Numbered, Document):
    """保留单: at most one runs on a unit. `hours` is the asked length; `until` counts from the decision."""

    __tablename__ = "hold"
    __label__ = "保留单"
    __number__ = "BL"
    __table_args__ = (
        one_live_row("unit_id", alive="state = 'active'", name="uq_hold_live_unit"),
        CheckConstraint("hours > 0", name="hours"),
        CheckConstraint("(started_at IS NULL) = (until IS NULL)", name="dated"),
    )

    unit_id: Mapped[int] = field("房源", ForeignKey("unit.id"), nullable=False, index=True)
    held_for: Mapped[str] = field("为谁保留", String(64), nullable=False, personal="name")
    customer_id: Mapped[int | None] = mapped_column(Integer)
    hours: Mapped[int] = field("保留时长", Integer, nullable=False, unit="小时")
    reason: Mapped[str] = field("保留原因", String(500), nullable=False, long=True)
    started_at: Mapped[datetime | None] = field("保留开始", DateTime, nullable=True, auto=True)
    until: Mapped[datetime | None] = field("保留到", DateTime, nullable=True, auto=True)
    renewed_at: Mapped[datetime | None] = field("续期时间", DateTime, nullable=True, auto=True)
    instruction_id: Mapped[int | None] = field("销控指令", ForeignKey("control_order.id"), nullable=True, auto=True)
    state: Mapped[HoldState] = state_field(HoldState)
    unit: Mapped[Any] = relationship("Unit")
    instruction: Mapped[Any] = relationship("ControlOrder")
