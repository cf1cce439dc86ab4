"""What is a 推盘批次: units that go on sale together (02 §2.2.1 first row, §2.5.10)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from app.kernel.audiences import SellingPapers
from app.kernel.base import Document, Numbered, field, state_field
from app.kernel.states import State


class ReleaseState(State):
    """草稿 → 审批中 → 已推出 / 不同意 · 作废."""

    DRAFT = ("draft", "草稿", "mute")
    REVIEW = ("review", "审批中", "warn")
    RELEASED = ("released", "已推出", "ok")
    REFUSED = ("refused", "不同意", "bad")
    VOID = ("void", "已作废", "mute")


class ReleaseBatch(SellingPapers, Numbered, Document):
    """推盘批次: prepared by SUP, agreed by SM and PM, decided by JFS; its units are all released at once."""

    __tablename__ = "release_batch"
    __label__ = "推盘批次"
    __number__ = "TP"
    __title__ = "name"
    __table_args__ = (UniqueConstraint("project_id", "name", name="uq_release_batch_name"),)

    name: Mapped[str] = field("批次名称", String(64), nullable=False, hint="例如：第 2 批推盘")
    planned_on: Mapped[date] = field("计划推出日", Date, nullable=False)
    note: Mapped[str] = field("说明", String(500), nullable=False, default="", long=True)
    released_on: Mapped[date | None] = field("推出日", Date, nullable=True, auto=True)
    state: Mapped[ReleaseState] = state_field(ReleaseState)
    lines: Mapped[list[ReleaseLine]] = relationship(order_by="ReleaseLine.unit_id", back_populates="batch")
    __published_parts__ = ("lines",)

    def in_effect(self) -> bool:
        """Everybody reads what was released."""
        return self.state is ReleaseState.RELEASED


class ReleaseLine(SellingPapers, Document):
    """批次房源: one unit of a batch."""

    __tablename__ = "release_line"
    __label__ = "批次房源"
    __title__ = "id"
    __table_args__ = (UniqueConstraint("batch_id", "unit_id", name="uq_release_line_unit"),)

    batch_id: Mapped[int] = field("推盘批次", ForeignKey("release_batch.id"), nullable=False)
    unit_id: Mapped[int] = field("房源", ForeignKey("unit.id"), nullable=False, index=True)
    batch: Mapped[ReleaseBatch] = relationship(back_populates="lines")
    unit: Mapped[Any] = relationship("Unit")
    __part_of__ = "batch"
