"""What is a 清理名单: visitors without a deal who were not heard of for the months of the parameter (02 §2.5.8)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, DateTime, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.audiences import AgencyPapers
from app.kernel.base import Document, Numbered, Record, field, one_live_row, state_field
from app.kernel.columns import ChoiceType
from app.kernel.constraints import sentence
from app.kernel.posts import Post
from app.kernel.states import Choice, State

CONFIRMERS = frozenset({Post.SALES_ADMIN})
READERS = CONFIRMERS | {Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.GENERAL_MANAGER, Post.AUDITOR}
ONE_OPEN = "uq_purge_run_open"
sentence(ONE_OPEN, "这个项目已有一份没有办完的清理名单，请先办完那一份")


class PurgeState(State):
    LISTED = ("listed", "待确认", "warn")
    CONFIRMED = ("confirmed", "清理中", "info")
    DONE = ("done", "已完成", "ok")
    VOID = ("void", "不清理", "mute")


class Fate(Choice):
    """What became of one customer on the list."""

    WAITING = ("waiting", "待清理", "info")
    ERASED = ("erased", "已匿名", "ok")
    KEPT = ("kept", "保留", "warn")


class PurgeRun(Numbered, AgencyPapers, Document):
    """清理名单: a dry run first; nothing is erased before 销管部 has confirmed it."""

    __tablename__ = "purge_run"
    __label__ = "清理名单"
    __number__ = "QL"
    __table_args__ = (one_live_row("project_id", alive="state IN ('listed', 'confirmed')", name=ONE_OPEN),)

    before: Mapped[date] = field("最近联系早于", Date, nullable=False, auto=True)
    months: Mapped[int] = field("保存期限", Integer, nullable=False, auto=True, unit="个月")
    found: Mapped[int] = field("列入", Integer, nullable=False, default=0, auto=True, unit="人")
    erased: Mapped[int] = field("已匿名", Integer, nullable=False, default=0, auto=True, unit="人")
    kept: Mapped[int] = field("保留", Integer, nullable=False, default=0, auto=True, unit="人")
    confirmed_at: Mapped[datetime | None] = field("确认时间", DateTime, auto=True)
    confirmed_by: Mapped[int | None] = field("确认人", Integer, auto=True, lookup="person")
    finished_at: Mapped[datetime | None] = field("完成时间", DateTime, auto=True)
    state: Mapped[PurgeState] = state_field(PurgeState)

    project: Mapped[Any] = relationship("Project")

    def __str__(self) -> str:
        return self.number or "清理名单"


class PurgeRow(AgencyPapers, Record):
    """One customer on a list; by number only, so that the list itself names nobody afterwards."""

    __tablename__ = "purge_row"
    __label__ = "清理名单行"
    __unaudited__ = True  # up to a million rows; the run, its log and each erasure are on the trail
    __table_args__ = (Index("ix_purge_row_next", "run_id", "fate", "id"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("purge_run.id"), nullable=False)
    customer_id: Mapped[int] = mapped_column(Integer, nullable=False, index=True)
    last_contact_on: Mapped[date] = mapped_column(Date, nullable=False)
    fate: Mapped[Fate] = mapped_column(ChoiceType(Fate), nullable=False, default=Fate.WAITING)
    why: Mapped[str] = mapped_column(String(100), nullable=False, default="")
