"""What is a 移交单: which papers go to whom, signed by the receiver (02 §2.5.8)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.archive.models import Medium
from app.kernel.audiences import ProjectPapers
from app.kernel.base import Document, Numbered, field, state_field
from app.kernel.posts import Post
from app.kernel.states import Choice, State

FILERS = frozenset({Post.CLERK, Post.CONTRACT_OFFICER})
READERS = FILERS | {
    Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.GENERAL_MANAGER, Post.AUDITOR,
    Post.DEVELOPER_SITE,
}  # fmt: skip


class Receiver(Choice):
    """Who takes papers over from a site."""

    DEVELOPER = ("developer", "甲方")
    TITLE_OFFICE = ("title_office", "权证")
    PROPERTY = ("property", "物业")
    BANK = ("bank", "银行")
    BUYER = ("buyer", "客户")
    OTHER = ("other", "其他")


class HandoverState(State):
    DRAFT = ("draft", "草稿", "mute")
    HANDED = ("handed", "已签收", "ok")
    VOID = ("void", "作废", "mute")


class PaperHandover(Numbered, ProjectPapers, Document):
    """移交单."""

    __tablename__ = "paper_handover"
    __label__ = "移交单"
    __number__ = "YJ"

    receiver_kind: Mapped[Receiver] = field("移交给", Receiver, nullable=False)
    organisation: Mapped[str] = field("接收单位", String(100), nullable=False)
    purpose: Mapped[str] = field("用途", String(200), nullable=False)
    note: Mapped[str] = field("备注", String(300), nullable=False, default="", long=True)
    handed_on: Mapped[date | None] = field("移交日期", Date, auto=True)
    receiver: Mapped[str] = field("签收人", String(64), nullable=False, default="", auto=True)
    count: Mapped[int] = field("资料份数", Integer, nullable=False, default=0, auto=True, unit="份")
    submitted_by: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[HandoverState] = state_field(HandoverState)

    lines: Mapped[list[HandoverLine]] = relationship(order_by="HandoverLine.id", back_populates="handover")
    project: Mapped[Any] = relationship("Project")

    def __str__(self) -> str:
        return self.number or f"移交单 {self.organisation or ''}".strip()


class HandoverLine(ProjectPapers, Document):
    """A paper on the list, as it was when it was put there."""

    __tablename__ = "handover_line"
    __label__ = "移交资料"
    __title__ = "title"
    __table_args__ = (UniqueConstraint("handover_id", "paper_id", name="uq_handover_line_paper"),)

    handover_id: Mapped[int] = field("移交单", ForeignKey("paper_handover.id"), nullable=False)
    paper_id: Mapped[int] = field("资料", ForeignKey("paper.id"), nullable=False, index=True)
    paper_number: Mapped[str] = field("档号", String(80), nullable=False, default="", auto=True)
    title: Mapped[str] = field("资料名称", String(120), nullable=False, default="", auto=True)
    about: Mapped[str] = field("房源、客户", String(140), nullable=False, default="", auto=True)
    medium: Mapped[Medium] = field("原件/复印", Medium, nullable=False, auto=True)
    copies: Mapped[int] = field("份数", Integer, nullable=False, default=1, auto=True, unit="份")

    handover: Mapped[PaperHandover] = relationship(back_populates="lines")
