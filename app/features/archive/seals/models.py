"""What is a 用印登记: seal kind, paper, copies, user (02 §2.2.2)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.audiences import ProjectPapers
from app.kernel.base import Document, Numbered, field, now, state_field
from app.kernel.posts import Post
from app.kernel.states import Choice, State

DESK = frozenset({Post.CLERK, Post.CONTRACT_OFFICER})
READERS = DESK | {Post.SUPERVISOR, Post.SITE_MANAGER, Post.DEVELOPER_SITE, Post.AUDITOR}


class SealKind(Choice):
    """Whose seal: the developer's are decided by 甲方, the site's by the site manager (07)."""

    COMPANY = ("company", "甲方公章")
    CONTRACT = ("contract", "甲方合同专用章")
    FINANCE = ("finance", "甲方财务专用章")
    SITE = ("site", "案场专用章")


DEVELOPERS = frozenset({SealKind.COMPANY, SealKind.CONTRACT, SealKind.FINANCE})


class SealState(State):
    DRAFT = ("draft", "草稿", "mute")
    REVIEW = ("review", "审批中", "info")
    APPROVED = ("approved", "待用印", "warn")
    USED = ("used", "已用印", "plum")
    RETURNED = ("returned", "已归还", "ok")
    REFUSED = ("refused", "不同意", "bad")
    VOID = ("void", "作废", "mute")


class SealUse(Numbered, ProjectPapers, Document):
    """用印登记. taken_out: the seal left its keeper and must come back."""

    __tablename__ = "seal_use"
    __label__ = "用印登记"
    __number__ = "YY"
    __file_writers__ = DESK | {Post.SITE_MANAGER, Post.DEVELOPER_SITE}

    seal: Mapped[SealKind] = field("印章", SealKind, nullable=False)
    subject: Mapped[str] = field("用印文件", String(200), nullable=False, wide=True, hint="写清文件名称和编号")
    folder_id: Mapped[int | None] = field("相关户档", ForeignKey("folder.id"), index=True)
    copies: Mapped[int] = field("用印份数", Integer, nullable=False, default=1, unit="份")
    wanted_on: Mapped[date] = field("用印日期", Date, nullable=False, default=lambda: now().date())
    user: Mapped[str] = field("用印人", String(64), nullable=False)
    reason: Mapped[str] = field("事由", String(300), nullable=False, long=True)
    used_on: Mapped[date | None] = field("实际用印日", Date, auto=True)
    used_copies: Mapped[int | None] = field("实际份数", Integer, auto=True, unit="份")
    witness: Mapped[str] = field("监印人", String(64), nullable=False, default="", auto=True)
    due_on: Mapped[date | None] = field("应归还日期", Date, auto=True, index=True)
    returned_on: Mapped[date | None] = field("归还日期", Date, auto=True)
    submitted_by: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[SealState] = state_field(SealState)

    folder: Mapped[Any] = relationship("Folder")

    def __str__(self) -> str:
        return f"{self.number} {self.subject}" if self.number else self.subject or "用印登记"
