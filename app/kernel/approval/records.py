"""The approval tables: policy versions, requests, their steps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, DateTime, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.approval.routing import Mode
from app.kernel.base import Document, Record, field, now
from app.kernel.columns import ChoiceType
from app.kernel.posts import Post
from app.kernel.scope import Reference
from app.kernel.states import Choice


class RequestState(Choice):
    PENDING = ("pending", "审批中", "info")
    APPROVED = ("approved", "已同意", "ok")
    REFUSED = ("refused", "不同意", "bad")
    RETURNED = ("returned", "退回修改", "warn")
    WITHDRAWN = ("withdrawn", "已撤回", "mute")
    VOID = ("void", "已失效", "bad")


class StepState(Choice):
    WAITING = ("waiting", "未到", "mute")
    PENDING = ("pending", "待审批", "info")
    RECORDED = ("recorded", "已批复(代录待核)", "warn")
    APPROVED = ("approved", "同意", "ok")
    REFUSED = ("refused", "不同意", "bad")
    RETURNED = ("returned", "退回", "warn")
    SKIPPED = ("skipped", "越过", "mute")
    INFORMED = ("informed", "知会", "mute")
    CLOSED = ("closed", "未再需要", "mute")


class Medium(Choice):
    """How a decision came that was made outside the system (02 §2.1.3 b)."""

    PAPER = ("paper", "纸质签字")
    WECHAT = ("wechat", "微信批复")
    ORAL = ("oral", "电话口头")


class ApprovalPolicy(Reference, Document):
    """审批规则: one version of the chain of a kind; older versions stay for requests that were opened under them."""

    __tablename__ = "approval_policy"
    __label__ = "审批规则"
    __title__ = "kind"
    __table_args__ = (UniqueConstraint("kind", "revision", name="uq_approval_policy_revision"),)

    kind: Mapped[str] = field("审批事项", String(32), nullable=False)
    revision: Mapped[int] = field("版次", Integer, nullable=False, auto=True)
    mode: Mapped[Mode] = field("方式", Mode, nullable=False)
    chain: Mapped[str] = field(
        "审批链", Text, nullable=False, long=True, hint="每行一个岗位和上限，例如「销售主管 0.5」，最后一行写「不限」"
    )
    minutes: Mapped[int] = field("每步时限(分钟)", Integer, nullable=False, hint="按营业时间计算，超时通知上一级")
    effective_from: Mapped[datetime] = field("生效时间", DateTime, nullable=False, default=now, auto=True)
    note: Mapped[str] = field("修改原因", String(200), nullable=False, default="")


class ApprovalRequest(Record):
    """One request for one paper. It is read through the paper and the inbox, never by a list of its own."""

    __tablename__ = "approval_request"
    __label__ = "审批"

    kind: Mapped[str] = mapped_column(String(32), nullable=False)
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("approval_policy.id"))
    mode: Mapped[Mode] = mapped_column(ChoiceType(Mode), nullable=False)
    subject: Mapped[str] = mapped_column(String(64), nullable=False, index=True)
    subject_id: Mapped[int] = mapped_column(Integer, nullable=False, index=True)
    project_id: Mapped[int] = mapped_column(Integer, nullable=False, index=True)
    team_id: Mapped[int | None] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(200), nullable=False)
    summary: Mapped[str] = mapped_column(String(500), nullable=False, default="")
    applicant_id: Mapped[int] = mapped_column(Integer, nullable=False, index=True)
    applicant_name: Mapped[str] = mapped_column(String(64), nullable=False)
    measure: Mapped[str | None] = mapped_column(String(64))
    content_hash: Mapped[str] = mapped_column(String(64), nullable=False)
    state: Mapped[RequestState] = mapped_column(
        ChoiceType(RequestState), nullable=False, default=RequestState.PENDING, index=True
    )
    opened_at: Mapped[datetime] = mapped_column(DateTime, nullable=False, default=now)
    closed_at: Mapped[datetime | None] = mapped_column(DateTime)
    steps: Mapped[list[ApprovalStep]] = relationship(order_by="ApprovalStep.position", back_populates="request")


class ApprovalStep(Record):
    """One station of a request; judged exactly when it has a date and a name."""

    __tablename__ = "approval_step"
    __label__ = "审批步骤"
    __table_args__ = (
        UniqueConstraint("request_id", "position", name="uq_approval_step_position"),
        CheckConstraint("(decided_at IS NULL) = (decided_name IS NULL)", name="judged"),
    )

    request_id: Mapped[int] = mapped_column(ForeignKey("approval_request.id"), nullable=False, index=True)
    position: Mapped[int] = mapped_column(Integer, nullable=False)
    post: Mapped[Post] = mapped_column(String(32), nullable=False)
    state: Mapped[StepState] = mapped_column(
        ChoiceType(StepState), nullable=False, default=StepState.WAITING, index=True
    )
    project_id: Mapped[int] = mapped_column(Integer, nullable=False, index=True)
    team_id: Mapped[int | None] = mapped_column(Integer)
    due_at: Mapped[datetime | None] = mapped_column(DateTime)
    opened_at: Mapped[datetime | None] = mapped_column(DateTime)
    escalated_at: Mapped[datetime | None] = mapped_column(DateTime)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime)
    decided_by: Mapped[int | None] = mapped_column(Integer, index=True)
    decided_name: Mapped[str | None] = mapped_column(String(64))
    acting_for: Mapped[str | None] = mapped_column(String(64))
    opinion: Mapped[str] = mapped_column(String(1000), nullable=False, default="")
    values: Mapped[dict[str, Any]] = mapped_column("form_values", JSON, nullable=False, default=dict)
    verdict: Mapped[str | None] = mapped_column(String(16))
    medium: Mapped[Medium | None] = mapped_column(ChoiceType(Medium))
    recorded_by: Mapped[int | None] = mapped_column(Integer)
    recorded_name: Mapped[str | None] = mapped_column(String(64))
    recorded_at: Mapped[datetime | None] = mapped_column(DateTime)
    checked_by: Mapped[int | None] = mapped_column(Integer)
    checked_name: Mapped[str | None] = mapped_column(String(64))
    paper_due_at: Mapped[datetime | None] = mapped_column(DateTime)
    attachment_id: Mapped[int | None] = mapped_column(Integer)
    remark: Mapped[str] = mapped_column(String(200), nullable=False, default="")
    request: Mapped[ApprovalRequest] = relationship(back_populates="steps")
