"""What is a notice: one row for one person; notices of one call share an event, so that a group hears of it once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, DateTime, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.base import Record, now
from app.kernel.columns import ChoiceType
from app.kernel.states import Choice


class NoticeKind(Choice):
    """What a notice is about; people and groups choose by it what reaches them outside the house."""

    APPROVAL = ("approval", "审批", "info")
    REMINDER = ("reminder", "催办", "warn")
    DUE = ("due", "到期", "warn")
    ALARM = ("alarm", "告警", "bad")
    TASK = ("task", "任务", "mute")
    NEWS = ("news", "公告", "mute")


class Notice(Record):
    """A sentence for one person with the page it leads to.

    outside: the words that may leave the house with it; they name no customer, phone or ID number (02 §2.5.11).
    told_at: when it was told last (an urgent one is told again); planned_at: when mail and groups were seen to.
    """

    __tablename__ = "notice"
    __label__ = "通知"
    __unaudited__ = True
    __table_args__ = (
        Index("ix_notice_unplanned", "id", sqlite_where=text("planned_at IS NULL"), postgresql_where=text("planned_at IS NULL")),
        Index("ix_notice_urgent", "told_at", sqlite_where=text("urgent AND read_at IS NULL"), postgresql_where=text("urgent AND read_at IS NULL")),
    )  # fmt: skip

    person_id: Mapped[int] = mapped_column(Integer, nullable=False, index=True)
    project_id: Mapped[int | None] = mapped_column(Integer)
    kind: Mapped[NoticeKind] = mapped_column(ChoiceType(NoticeKind), nullable=False, default=NoticeKind.NEWS)
    title: Mapped[str] = mapped_column(String(200), nullable=False)
    body: Mapped[str] = mapped_column(String(500), nullable=False, default="")
    outside: Mapped[str] = mapped_column(String(100), nullable=False, default="")
    url: Mapped[str] = mapped_column(String(200), nullable=False, default="")
    urgent: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False)
    event: Mapped[str] = mapped_column(String(32), nullable=False, default="")
    created_at: Mapped[datetime] = mapped_column(DateTime, nullable=False, default=now)
    told_at: Mapped[datetime] = mapped_column(DateTime, nullable=False, default=now)
    repeats: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    planned_at: Mapped[datetime | None] = mapped_column(DateTime)
    read_at: Mapped[datetime | None] = mapped_column(DateTime)
