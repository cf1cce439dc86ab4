"""What is a 疑难单: whose doubt, on which occasion, what the supervisor proposes, what was answered and what came of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Boolean, Date, DateTime, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.audiences import DealPapers
from app.kernel.base import Document, Numbered, field, state_field
from app.kernel.posts import Post
from app.kernel.states import Choice, State

ASKERS = frozenset({Post.CONSULTANT, Post.SUPERVISOR})
# 07: creator and chain; 甲方法务 comes in by the approval that asks him
READERS = ASKERS | {Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.DEVELOPER_LEAD, Post.AUDITOR}


class DoubtState(State):
    DRAFT = ("draft", "草稿", "mute")
    ASKED = ("asked", "待主管处理", "warn")
    REVIEW = ("review", "逐级上报中", "info")
    DECIDED = ("decided", "已批复待答复", "plum")
    ANSWERED = ("answered", "已答复客户", "info")
    CLOSED = ("closed", "已办结", "ok")
    VOID = ("void", "作废", "mute")


class Occasion(Choice):
    """When the doubt came up."""

    SIGNING = ("signing", "签约")
    HANDOVER = ("handover", "交楼")


class Outcome(Choice):
    """What became of it."""

    SIGNED = ("signed", "已签约", "ok")
    TAKEN = ("taken", "已收楼", "ok")
    CHANGED = ("changed", "办理变更", "plum")
    LEFT = ("left", "客户放弃", "bad")
    OTHER = ("other", "其他")


class Doubt(Numbered, DealPapers, Document):
    """疑难单 of one order. decision is 甲方负责人's word, or the supervisor's when he answered on the spot."""

    __tablename__ = "doubt"
    __label__ = "疑难单"
    __number__ = "YN"
    __personal__ = frozenset({"customer_name"})
    __file_writers__: ClassVar[frozenset[Post]] = ASKERS

    occasion: Mapped[Occasion] = field("环节", Occasion, nullable=False)
    reservation_id: Mapped[int] = field("认购书", ForeignKey("reservation.id"), nullable=False, index=True)
    unit_id: Mapped[int] = field("房源", ForeignKey("unit.id"), nullable=False, index=True, auto=True)
    customer_id: Mapped[int] = mapped_column(Integer, nullable=False, index=True)
    customer_name: Mapped[str] = field("客户姓名", String(64), nullable=False, default="", auto=True)
    question: Mapped[str] = field(
        "客户提出的问题", String(1000), nullable=False, long=True, hint="写清哪一条、客户要求什么"
    )
    legal: Mapped[bool] = field("涉及合同条款", Boolean, nullable=False, default=False, hint="上报时加甲方法务")
    asked_at: Mapped[datetime | None] = field("提出时间", DateTime, auto=True)
    answer_due_at: Mapped[datetime | None] = field("答复期限", DateTime, auto=True, index=True)
    proposal: Mapped[str] = field("主管建议", String(1000), nullable=False, default="", auto=True, wide=True)
    decision: Mapped[str] = field("批复", String(1000), nullable=False, default="", auto=True, wide=True)
    decided_at: Mapped[datetime | None] = field("批复时间", DateTime, auto=True)
    answer: Mapped[str] = field("答复客户", String(1000), nullable=False, default="", auto=True, wide=True)
    answered_at: Mapped[datetime | None] = field("答复时间", DateTime, auto=True)
    outcome: Mapped[Outcome | None] = field("结果", Outcome, auto=True)
    closed_on: Mapped[date | None] = field("办结日", Date, auto=True)
    submitted_by: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[DoubtState] = state_field(DoubtState)

    reservation: Mapped[Any] = relationship("Reservation")
    unit: Mapped[Any] = relationship("Unit")

    def __str__(self) -> str:
        return self.number or f"疑难单 {self.unit.full_name if self.unit else ''}".strip()
