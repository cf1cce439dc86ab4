"""What is a 建议单: whose idea, about what, what the site made of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, ForeignKey, String
from sqlalchemy.orm import Mapped, relationship

from app.features.complaints.people import HANDLERS, ON_SITE
from app.kernel.audiences import IncidentPapers
from app.kernel.base import Document, Numbered, field, state_field
from app.kernel.posts import Post
from app.kernel.states import Choice, State


class SuggestionState(State):
    NEW = ("new", "待整理", "warn")
    REPORTED = ("reported", "已上报", "info")
    ADOPTED = ("adopted", "已采纳", "plum")
    DECLINED = ("declined", "未采纳", "mute")
    HANDLED = ("handled", "已处理", "cyan")
    ANSWERED = ("answered", "已答复", "ok")
    VOID = ("void", "作废", "mute")


class Proposer(Choice):
    """Whose idea it is."""

    CUSTOMER = ("customer", "客户")
    STAFF = ("staff", "员工")
    DEVELOPER = ("developer", "甲方")


class SuggestionAbout(Choice):
    """What it is about."""

    PRODUCT = ("product", "产品设计")
    SERVICE = ("service", "接待服务")
    SITE = ("site", "案场环境")
    PROCESS = ("process", "办事流程")
    PROMOTION = ("promotion", "推广活动")
    MANAGEMENT = ("management", "内部管理")
    OTHER = ("other", "其他")


class Suggestion(Numbered, IncidentPapers, Document):
    """建议单. owner_id is who wrote it down."""

    __tablename__ = "suggestion"
    __label__ = "建议单"
    __number__ = "JY"
    __personal__ = frozenset({"proposer"})
    __labels__: ClassVar[dict[str, str]] = {"owner_id": "登记人", "partner_id": "协办人"}
    __file_writers__: ClassVar[frozenset[Post]] = ON_SITE | HANDLERS

    who: Mapped[Proposer] = field("提出方", Proposer, nullable=False)
    proposer: Mapped[str] = field("提出人", String(64), nullable=False, default="", hint="员工自己提的可以不填")
    customer_id: Mapped[int | None] = field("关联客户", ForeignKey("customer.id"), index=True)
    about: Mapped[SuggestionAbout] = field("方面", SuggestionAbout, nullable=False)
    content: Mapped[str] = field("建议内容", String(1000), nullable=False, long=True)
    benefit: Mapped[str] = field("预期效果", String(500), nullable=False, default="", long=True)
    report_due_at: Mapped[datetime | None] = field("整理上报期限", DateTime, auto=True, index=True)
    summary: Mapped[str] = field("整理意见", String(1000), nullable=False, default="", auto=True, wide=True)
    reported_at: Mapped[datetime | None] = field("整理上报时间", DateTime, auto=True)
    decision: Mapped[str] = field("批复", String(1000), nullable=False, default="", auto=True, wide=True)
    result: Mapped[str] = field("处理情况", String(1000), nullable=False, default="", auto=True, wide=True)
    handled_at: Mapped[datetime | None] = field("处理时间", DateTime, auto=True)
    answer: Mapped[str] = field("答复提出人", String(1000), nullable=False, default="", auto=True, wide=True)
    answered_at: Mapped[datetime | None] = field("答复时间", DateTime, auto=True)
    state: Mapped[SuggestionState] = state_field(SuggestionState)

    customer: Mapped[Any] = relationship("Customer")


S = SuggestionState
OPEN = (S.NEW, S.REPORTED, S.ADOPTED, S.DECLINED, S.HANDLED)
