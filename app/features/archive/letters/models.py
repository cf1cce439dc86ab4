"""What is a 来文, what is a 发文 (S3.18: 起草审核认购书/合同/通知/传真, 处理往来函件)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.audiences import AgencyPapers
from app.kernel.base import Document, Numbered, field, now, state_field
from app.kernel.posts import Post
from app.kernel.states import Choice, State

DESK = frozenset({Post.CLERK, Post.CONTRACT_OFFICER})
HEADS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER})
READERS = DESK | HEADS | {Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.GENERAL_MANAGER, Post.AUDITOR}


class LetterKind(Choice):
    """文种."""

    ORDER = ("order", "认购书")
    CONTRACT = ("contract", "合同")
    NOTICE = ("notice", "通知")
    FAX = ("fax", "传真")
    LETTER = ("letter", "函件")


class Counterpart(Choice):
    """Who writes, or to whom is written."""

    BUYER = ("buyer", "客户")
    DEVELOPER = ("developer", "甲方")
    AUTHORITY = ("authority", "政府部门")
    BANK = ("bank", "银行")
    HEAD_OFFICE = ("head_office", "公司总部")
    PARTNER = ("partner", "协作单位")
    OTHER = ("other", "其他")


class IncomingState(State):
    REGISTERED = ("registered", "待分办", "warn")
    ASSIGNED = ("assigned", "办理中", "info")
    REPLIED = ("replied", "已回复", "ok")
    CLOSED = ("closed", "无需回复", "mute")
    VOID = ("void", "作废", "mute")


class IncomingLetter(Numbered, AgencyPapers, Document):
    """来文: registered the day it comes, assigned, answered until its day."""

    __tablename__ = "incoming_letter"
    __label__ = "来文"
    __number__ = "LW"
    __file_writers__ = DESK | HEADS

    kind: Mapped[LetterKind] = field("文种", LetterKind, nullable=False, default=LetterKind.LETTER)
    from_kind: Mapped[Counterpart] = field("来自", Counterpart, nullable=False)
    sender: Mapped[str] = field("来文单位", String(100), nullable=False)
    their_number: Mapped[str] = field("来文字号", String(60), nullable=False, default="")
    subject: Mapped[str] = field("事由", String(200), nullable=False, wide=True)
    received_on: Mapped[date] = field("收到日期", Date, nullable=False, default=lambda: now().date(), index=True)
    needs_reply_on: Mapped[date | None] = field(
        "要求回复日期", Date, index=True, hint="来文没有写明就不填，按项目的回复期限计算"
    )
    express_no: Mapped[str] = field("快递单号", String(40), nullable=False, default="")
    note: Mapped[str] = field("摘要", String(500), nullable=False, default="", long=True)
    handler_id: Mapped[int | None] = field("承办人", Integer, auto=True, lookup="person", index=True)
    replied_on: Mapped[date | None] = field("回复日期", Date, auto=True)
    outcome: Mapped[str] = field("办理结果", String(300), nullable=False, default="", auto=True, wide=True)
    state: Mapped[IncomingState] = state_field(IncomingState)

    def __str__(self) -> str:
        return f"{self.number} {self.subject}" if self.number else self.subject or "来文"


class OutgoingState(State):
    DRAFT = ("draft", "草稿", "mute")
    REVIEW = ("review", "审核中", "info")
    APPROVED = ("approved", "待发出", "warn")
    SENT = ("sent", "已发出", "info")
    ANSWERED = ("answered", "已收回复", "ok")
    DONE = ("done", "无需回复", "ok")
    REFUSED = ("refused", "不同意", "bad")
    VOID = ("void", "作废", "mute")


class OutgoingLetter(Numbered, AgencyPapers, Document):
    """发文: drafted, reviewed, sent with its express number, its answer tracked."""

    __tablename__ = "outgoing_letter"
    __label__ = "发文"
    __number__ = "FW"
    __file_writers__ = DESK | HEADS

    kind: Mapped[LetterKind] = field("文种", LetterKind, nullable=False, default=LetterKind.LETTER)
    to_kind: Mapped[Counterpart] = field("发给", Counterpart, nullable=False)
    recipient: Mapped[str] = field("收文单位或收件人", String(100), nullable=False)
    subject: Mapped[str] = field("事由", String(200), nullable=False, wide=True)
    content: Mapped[str] = field("正文", String(4000), nullable=False, long=True)
    answers_id: Mapped[int | None] = field("答复来文", ForeignKey("incoming_letter.id"), index=True)
    needs_answer: Mapped[date | None] = field("要求对方回复日期", Date, index=True, hint="不需要对方回复就不填")
    copies: Mapped[int] = field("份数", Integer, nullable=False, default=1, unit="份")
    sent_on: Mapped[date | None] = field("发出日期", Date, auto=True)
    express_no: Mapped[str] = field("快递单号", String(40), nullable=False, default="", auto=True)
    answered_on: Mapped[date | None] = field("收到回复", Date, auto=True)
    outcome: Mapped[str] = field("回复内容", String(300), nullable=False, default="", auto=True, wide=True)
    submitted_by: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[OutgoingState] = state_field(OutgoingState)

    answers: Mapped[Any] = relationship("IncomingLetter")

    def __str__(self) -> str:
        return f"{self.number} {self.subject}" if self.number else self.subject or "发文"
