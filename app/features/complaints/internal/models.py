"""What is a 内部投诉: who complains of whom, how heavy, what was decided. Read by its writer and its deciders only (07)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import DateTime, String
from sqlalchemy.orm import Mapped

from app.features.complaints.cases.models import Satisfaction
from app.features.complaints.clocks import Clocked
from app.kernel.audiences import InternalComplaintPapers
from app.kernel.base import Document, Numbered, field, state_field
from app.kernel.posts import AGENCY_POSTS, Post
from app.kernel.states import Choice, State

DECIDERS = frozenset({Post.SUPERVISOR, Post.PROJECT_MANAGER, Post.SALES_ADMIN})


class InternalState(State):
    REGISTERED = ("registered", "已登记", "warn")
    HANDLING = ("handling", "处理中", "info")
    RAISED = ("raised", "已上报", "info")
    ANSWERED = ("answered", "已答复", "cyan")
    CLOSED = ("closed", "已关闭", "ok")
    WITHDRAWN = ("withdrawn", "已撤回", "mute")


class InternalAbout(Choice):
    """What it is about."""

    CUSTOMERS = ("customers", "客户归属")
    TURNS = ("turns", "轮接分配")
    CONDUCT = ("conduct", "言行态度")
    MANAGEMENT = ("management", "管理方式")
    PAY = ("pay", "佣金绩效")
    OTHER = ("other", "其他")


class InternalLevel(Choice):
    """Light: on the spot; heavy: up to the project manager."""

    LIGHT = ("light", "轻微", "mute")
    HEAVY = ("heavy", "重大", "bad")


class InternalComplaint(Clocked, Numbered, InternalComplaintPapers, Document):
    """内部投诉. owner_id is who complains."""

    __tablename__ = "internal_complaint"
    __label__ = "内部投诉"
    __number__ = "NT"
    __personal__ = frozenset({"owner_id", "against_id", "also_against_id"})
    __labels__: ClassVar[dict[str, str]] = {"owner_id": "投诉人", "partner_id": "协办人"}
    __file_writers__: ClassVar[frozenset[Post]] = AGENCY_POSTS

    about: Mapped[InternalAbout] = field("事由", InternalAbout, nullable=False)
    level: Mapped[InternalLevel] = field("级别", InternalLevel, nullable=False, default=InternalLevel.LIGHT, auto=True)
    facts: Mapped[str] = field("事实", String(1000), nullable=False, long=True, hint="时间、地点、经过、在场的人")
    demand: Mapped[str] = field("诉求", String(500), nullable=False, default="", long=True)
    reply: Mapped[str] = field("首次回复", String(500), nullable=False, default="", auto=True, wide=True)
    proposal: Mapped[str] = field("处理建议", String(1000), nullable=False, default="", auto=True, wide=True)
    answer: Mapped[str] = field("处理结果", String(1000), nullable=False, default="", auto=True, wide=True)
    answered_at: Mapped[datetime | None] = field("答复时间", DateTime, auto=True)
    satisfaction: Mapped[Satisfaction | None] = field("投诉人意见", Satisfaction, auto=True)
    state: Mapped[InternalState] = state_field(InternalState)


S = InternalState
OPEN = (S.REGISTERED, S.HANDLING, S.RAISED, S.ANSWERED)
