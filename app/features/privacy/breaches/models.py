"""What is a 泄露事件: what got out, how many persons, what was done, who was told (个人信息保护法 §57)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.audiences import AgencyPapers
from app.kernel.base import Document, Numbered, field, state_field
from app.kernel.posts import Post
from app.kernel.states import Choice, State

MAKERS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER, Post.SALES_ADMIN})
HEADS = frozenset({Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN})
READERS = HEADS | {Post.SUPERVISOR, Post.GENERAL_MANAGER, Post.AUDITOR}


class BreachKind(Choice):
    """What happened."""

    LOST = ("lost", "资料或设备丢失")
    MISSENT = ("missent", "误发")
    BEYOND = ("beyond", "越权查看或带走")
    SOLD = ("sold", "非法提供或出售")
    BROKEN_IN = ("broken_in", "系统被侵入")
    OTHER = ("other", "其他")


class Harm(Choice):
    """How bad it may become for the persons."""

    LOW = ("low", "不会造成危害", "info")
    SOME = ("some", "可能造成危害", "warn")
    HIGH = ("high", "已造成危害", "bad")


class BreachState(State):
    REGISTERED = ("registered", "已登记", "bad")
    CONTAINED = ("contained", "已采取补救措施", "warn")
    REPORTED = ("reported", "已报告和告知", "info")
    CLOSED = ("closed", "已关闭", "ok")
    VOID = ("void", "作废", "mute")


class Breach(Numbered, AgencyPapers, Document):
    """泄露事件登记."""

    __tablename__ = "privacy_breach"
    __label__ = "泄露事件"
    __number__ = "XL"

    kind: Mapped[BreachKind] = field("事件类型", BreachKind, nullable=False)
    found_at: Mapped[datetime] = field("发现时间", DateTime, nullable=False)
    happened_at: Mapped[datetime | None] = field("发生时间", DateTime)
    what: Mapped[str] = field("经过", String(1000), nullable=False, long=True)
    data_kinds: Mapped[str] = field(
        "涉及的信息种类", String(200), nullable=False, hint="例如：姓名、手机号码；有证件号码的必须写明"
    )
    persons: Mapped[int] = field("涉及人数", Integer, nullable=False, unit="人", hint="不清楚时先写估计数")
    harm: Mapped[Harm] = field("危害", Harm, nullable=False, default=Harm.SOME)
    due_at: Mapped[datetime | None] = field("上报期限", DateTime, auto=True)
    measures: Mapped[str] = field("补救措施", String(1000), nullable=False, default="", auto=True, wide=True)
    contained_at: Mapped[datetime | None] = field("补救时间", DateTime, auto=True)
    authority: Mapped[str] = field("报告主管部门", String(300), nullable=False, default="", auto=True, wide=True)
    told_persons: Mapped[str] = field("告知个人", String(300), nullable=False, default="", auto=True, wide=True)
    reported_at: Mapped[datetime | None] = field("报告时间", DateTime, auto=True)
    cause: Mapped[str] = field("原因和整改", String(1000), nullable=False, default="", auto=True, wide=True)
    submitted_by: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[BreachState] = state_field(BreachState)

    project: Mapped[Any] = relationship("Project")

    def __str__(self) -> str:
        return self.number or f"泄露事件 {self.kind.label if self.kind else ''}".strip()
