"""What is a 突发事件, what is a 纠纷: level, facts, people, measures, report up, result, lessons (S3.9)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, ForeignKey, String
from sqlalchemy.orm import Mapped, declared_attr, relationship

from app.features.complaints.people import HANDLERS, ON_SITE
from app.kernel.audiences import IncidentPapers
from app.kernel.base import Document, Numbered, field, now, state_field
from app.kernel.posts import Post
from app.kernel.states import Choice, State


class EventState(State):
    REPORTED = ("reported", "待受理", "warn")
    HANDLING = ("handling", "处理中", "info")
    RAISED = ("raised", "已上报", "info")
    DECIDED = ("decided", "已批复", "plum")
    CLOSED = ("closed", "已办结", "ok")
    VOID = ("void", "作废", "mute")


class EventLevel(Choice):
    """How heavy; decides how far it goes up."""

    COMMON = ("common", "一般", "warn")
    LARGE = ("large", "较大", "plum")
    MAJOR = ("major", "重大", "bad")


class IncidentKind(Choice):
    """What happened."""

    INJURY = ("injury", "人员受伤")
    CROWD = ("crowd", "聚集维权")
    EQUIPMENT = ("equipment", "设备故障")
    SECURITY = ("security", "治安")
    FIRE = ("fire", "火情水患")
    OPINION = ("opinion", "舆情")
    OTHER = ("other", "其他")


class DisputeKind(Choice):
    """Between whom."""

    OWNERSHIP = ("ownership", "顾问间客户归属")
    CUSTOMER = ("customer", "顾问与客户")
    OTHER = ("other", "其他纠纷")


class Event(Numbered, IncidentPapers, Document):
    """What both have in common. owner_id is who reported it."""

    __abstract__ = True
    __file_writers__: ClassVar[frozenset[Post]] = ON_SITE | HANDLERS

    level: Mapped[EventLevel] = field("级别", EventLevel, nullable=False, default=EventLevel.COMMON)
    happened_at: Mapped[datetime] = field("发生时间", DateTime, nullable=False, default=now)
    facts: Mapped[str] = field("经过", String(1000), nullable=False, long=True)
    people: Mapped[str] = field(
        "涉及人员", String(300), nullable=False, default="", long=True, hint="客户、同事、在场的人"
    )
    accept_due_at: Mapped[datetime | None] = field("受理期限", DateTime, auto=True, index=True)
    accepted_at: Mapped[datetime | None] = field("受理时间", DateTime, auto=True)
    measures: Mapped[str] = field("处置措施", String(1000), nullable=False, default="", auto=True, wide=True)
    proposal: Mapped[str] = field("处理建议", String(1000), nullable=False, default="", auto=True, wide=True)
    decision: Mapped[str] = field("批复", String(1000), nullable=False, default="", auto=True, wide=True)
    result: Mapped[str] = field("结果", String(1000), nullable=False, default="", auto=True, wide=True)
    lessons: Mapped[str] = field("教训与改进", String(1000), nullable=False, default="", auto=True, wide=True)
    closed_at: Mapped[datetime | None] = field("办结时间", DateTime, auto=True)
    state: Mapped[EventState] = state_field(EventState)

    @declared_attr
    def customer_id(cls) -> Mapped[int | None]:  # noqa: N805
        return field("关联客户", ForeignKey("customer.id"), index=True, nullable=True)

    @declared_attr
    def customer(cls) -> Mapped[Any]:  # noqa: N805
        return relationship("Customer")


class Incident(Event):
    """突发事件."""

    __tablename__ = "incident"
    __label__ = "突发事件"
    __number__ = "SJ"
    __personal__ = frozenset({"people"})
    __labels__: ClassVar[dict[str, str]] = {
        "owner_id": "报告人", "partner_id": "协办人", "against_id": "责任人", "also_against_id": "另一责任人",
    }  # fmt: skip

    kind: Mapped[IncidentKind] = field("类别", IncidentKind, nullable=False)
    place: Mapped[str] = field(
        "地点", String(64), nullable=False, default="", choices=("接待大厅", "洽谈区", "样板间", "停车场", "工地")
    )


class Dispute(Event):
    """纠纷 between consultants about a customer, or of a customer with a consultant; neither party sees it or decides it."""

    __tablename__ = "dispute"
    __label__ = "纠纷单"
    __number__ = "JF"
    __personal__ = frozenset({"people"})
    __labels__: ClassVar[dict[str, str]] = {
        "owner_id": "登记人", "partner_id": "协办人", "against_id": "当事同事", "also_against_id": "另一当事同事",
    }  # fmt: skip

    kind: Mapped[DisputeKind] = field("类别", DisputeKind, nullable=False)
    demand: Mapped[str] = field("双方诉求", String(500), nullable=False, default="", long=True)


S = EventState
OPEN = (S.REPORTED, S.HANDLING, S.RAISED, S.DECIDED)
