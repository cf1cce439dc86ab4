"""What is a 客户投诉: who complains, about what and whom, how heavy it is, what was answered (02 §2.4)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import DateTime, ForeignKey, String
from sqlalchemy.orm import Mapped, relationship

from app.features.complaints.clocks import Clock, Clocked
from app.features.complaints.people import HANDLERS
from app.kernel.audiences import ComplaintPapers
from app.kernel.base import Document, Numbered, field, state_field
from app.kernel.columns import Encrypted, Money
from app.kernel.posts import Post
from app.kernel.states import Choice, State

REGISTRARS = frozenset(
    {Post.CONSULTANT, Post.CLERK, Post.SUPERVISOR, Post.DEVELOPER_SERVICE}
)  # 07, and SUP on the spot


class CaseState(State):
    REGISTERED = ("registered", "已登记", "warn")
    GRADED = ("graded", "已定级", "warn")
    HANDLING = ("handling", "处理中", "info")
    RAISED = ("raised", "已上报", "info")
    DECIDED = ("decided", "已批复", "plum")
    ANSWERED = ("answered", "已答复", "cyan")
    CLOSED = ("closed", "已关闭", "ok")
    REOPENED = ("reopened", "重开", "bad")
    VOID = ("void", "作废", "mute")


class CaseSource(Choice):
    """How it came in."""

    SITE = ("site", "现场")
    PHONE = ("phone", "电话")
    LETTER = ("letter", "信函")
    HOTLINE = ("hotline", "12345")
    ONLINE = ("online", "网络")


class CaseAbout(Choice):
    """What it is about."""

    PRODUCT = ("product", "产品")
    SERVICE = ("service", "服务")
    CONTRACT = ("contract", "合同")
    STAFF = ("staff", "员工")
    OTHER = ("other", "其他")


class Level(Choice):
    """How heavy; the clock of the closing hangs on it."""

    MINOR = ("minor", "轻微", "mute")
    COMMON = ("common", "一般", "warn")
    MAJOR = ("major", "重大", "bad")


class Satisfaction(Choice):
    """What the customer says when he is asked afterwards."""

    VERY = ("very", "很满意", "ok")
    YES = ("yes", "满意", "ok")
    SO_SO = ("so_so", "一般", "warn")
    NO = ("no", "不满意", "bad")
    UNREACHED = ("unreached", "未联系上", "mute")


class Complaint(Clocked, Numbered, ComplaintPapers, Document):
    """客户投诉. owner_id is who registered it; the team that of whom it is about."""

    __tablename__ = "complaint"
    __label__ = "客户投诉"
    __number__ = "TS"
    __personal__ = frozenset({"customer_name"})
    __labels__: ClassVar[dict[str, str]] = {"owner_id": "登记人", "partner_id": "协办人"}
    __file_writers__: ClassVar[frozenset[Post]] = REGISTRARS | HANDLERS

    source: Mapped[CaseSource] = field("来源", CaseSource, nullable=False)
    about: Mapped[CaseAbout] = field("对象", CaseAbout, nullable=False)
    level: Mapped[Level | None] = field("级别", Level, auto=True)
    customer_name: Mapped[str] = field("投诉人", String(64), nullable=False)
    phone: Mapped[str | None] = field("联系电话", Encrypted, personal="phone")
    customer_id: Mapped[int | None] = field("关联客户", ForeignKey("customer.id"), index=True)
    reservation_id: Mapped[int | None] = field("关联认购书", ForeignKey("reservation.id"), index=True)
    unit_id: Mapped[int | None] = field("关联房源", ForeignKey("unit.id"), index=True)
    facts: Mapped[str] = field("事实", String(1000), nullable=False, long=True, hint="时间、地点、经过，照客户原话写")
    demand: Mapped[str] = field("诉求", String(500), nullable=False, default="", long=True)
    reply: Mapped[str] = field("首次回复", String(500), nullable=False, default="", auto=True, wide=True)
    proposal: Mapped[str] = field("处理建议", String(1000), nullable=False, default="", auto=True, wide=True)
    compensation: Mapped[Decimal | None] = field(
        "拟补偿", Money, auto=True, unit="元", hint="只作登记；付款由甲方财务按付款流程办理"
    )
    raise_due_at: Mapped[datetime | None] = field("上报期限", DateTime, auto=True)
    plan_due_at: Mapped[datetime | None] = field("方案期限", DateTime, auto=True)
    plan_at: Mapped[datetime | None] = field("提出方案时间", DateTime, auto=True)
    decision: Mapped[str] = field("批复", String(1000), nullable=False, default="", auto=True, wide=True)
    decided_at: Mapped[datetime | None] = field("批复时间", DateTime, auto=True)
    answer: Mapped[str] = field("答复客户", String(1000), nullable=False, default="", auto=True, wide=True)
    answered_at: Mapped[datetime | None] = field("答复时间", DateTime, auto=True)
    satisfaction: Mapped[Satisfaction | None] = field("满意度", Satisfaction, auto=True)
    revisit: Mapped[str] = field("回访情况", String(500), nullable=False, default="", auto=True, wide=True)
    state: Mapped[CaseState] = state_field(CaseState)

    customer: Mapped[Any] = relationship("Customer")
    reservation: Mapped[Any] = relationship("Reservation")
    unit: Mapped[Any] = relationship("Unit")

    def clocks(self) -> tuple[Clock, ...]:
        """A major one is also to be reported up and planned in time."""
        first, limit, close = super().clocks()
        return (
            first, Clock("raise", "上报", self.raise_due_at, self.raised_at), limit,
            Clock("plan", "提出方案", self.plan_due_at, self.plan_at), close,
        )  # fmt: skip


S = CaseState
BEFORE_ANSWER = (S.REGISTERED, S.GRADED, S.HANDLING, S.RAISED, S.DECIDED, S.REOPENED)
OPEN = (*BEFORE_ANSWER, S.ANSWERED)
