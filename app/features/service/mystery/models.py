"""What is a 神秘客报告: who came for whom, the marks, what was good and what was not."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from sqlalchemy import CheckConstraint, Date, Integer, String
from sqlalchemy.orm import Mapped

from app.features.service.checks.models import SheetState
from app.kernel.audiences import CustomerPapers
from app.kernel.base import Document, Numbered, field, now, state_field
from app.kernel.posts import Post

WRITERS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER, Post.SALES_ADMIN})


class MysteryVisit(Numbered, CustomerPapers, Document):
    """神秘客报告. owner_id is who received the visitor, from the moment when it is issued."""

    __tablename__ = "mystery_visit"
    __label__ = "神秘客报告"
    __number__ = "SM"
    __labels__: ClassVar[dict[str, str]] = {"owner_id": "接待顾问"}
    __table_args__ = (CheckConstraint("score BETWEEN 0 AND 100", name="score"),)
    __file_writers__: ClassVar[frozenset[Post]] = WRITERS

    visited_on: Mapped[date] = field("到访日期", Date, nullable=False, default=lambda: now().date())
    visitor: Mapped[str] = field("检查方", String(64), nullable=False, hint="机构或部门，不写个人姓名")
    person_id: Mapped[int | None] = field("接待顾问", Integer, lookup="person", hint="看的是整个现场时不选")
    score: Mapped[int] = field("总分", Integer, nullable=False, unit="分", hint="0—100")
    strengths: Mapped[str] = field("做得好的", String(1000), nullable=False, default="", long=True)
    problems: Mapped[str] = field("发现的问题", String(1000), nullable=False, default="", long=True)
    advice: Mapped[str] = field("改进建议", String(1000), nullable=False, default="", long=True)
    state: Mapped[SheetState] = state_field(SheetState)
