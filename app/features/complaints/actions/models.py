"""What is a 整改: corrective or preventive, its problem, cause and measure, owner, day, the check."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, relationship

from app.features.complaints.people import HANDLERS
from app.kernel.audiences import IncidentPapers
from app.kernel.base import Document, Numbered, field, now, state_field
from app.kernel.posts import AGENCY_POSTS, Post
from app.kernel.states import Choice, State


class ActionState(State):
    OPEN = ("open", "整改中", "warn")
    DONE = ("done", "待检查", "plum")
    PASSED = ("passed", "已完成", "ok")
    VOID = ("void", "作废", "mute")


class ActionKind(Choice):
    """纠正: what went wrong; 预防: what might."""

    CORRECTIVE = ("corrective", "纠正")
    PREVENTIVE = ("preventive", "预防")


def this_month() -> str:
    """«2026-11»."""
    return f"{now():%Y-%m}"


class CorrectiveAction(Numbered, IncidentPapers, Document):
    """整改单 of a month, perhaps of one complaint. owner_id is who has to do it; whoever the complaint is about never sees it."""

    __tablename__ = "corrective_action"
    __label__ = "整改单"
    __number__ = "ZG"
    __labels__: ClassVar[dict[str, str]] = {"partner_id": "协办人", "owner_id": "责任人"}
    __file_writers__: ClassVar[frozenset[Post]] = AGENCY_POSTS

    month: Mapped[str] = field("月份", String(7), nullable=False, default=this_month, index=True, hint="写成 2026-11")
    complaint_id: Mapped[int | None] = field(
        "来源投诉", ForeignKey("complaint.id"), index=True, readers=HANDLERS | {Post.AUDITOR}
    )
    kind: Mapped[ActionKind] = field("性质", ActionKind, nullable=False, default=ActionKind.CORRECTIVE)
    problem: Mapped[str] = field("问题", String(500), nullable=False, long=True)
    cause: Mapped[str] = field("原因", String(500), nullable=False, default="", long=True)
    measure: Mapped[str] = field("措施", String(1000), nullable=False, long=True)
    responsible_id: Mapped[int] = field("责任人", Integer, nullable=False, lookup="person")
    due_on: Mapped[date] = field("要求完成日", Date, nullable=False, index=True)
    done_on: Mapped[date | None] = field("完成日", Date, auto=True)
    outcome: Mapped[str] = field("完成情况", String(1000), nullable=False, default="", auto=True, wide=True)
    checked_on: Mapped[date | None] = field("检查日", Date, auto=True)
    conclusion: Mapped[str] = field("检查结论", String(500), nullable=False, default="", auto=True, wide=True)
    returns: Mapped[int] = field("退回次数", Integer, nullable=False, default=0, auto=True, unit="次")
    state: Mapped[ActionState] = state_field(ActionState)

    complaint: Mapped[Any] = relationship("Complaint")
