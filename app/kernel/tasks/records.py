"""What is a 后台任务: who asked for what, how far it is, what came of it (docs/decisions/0009)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.base import Record, now
from app.kernel.columns import ChoiceType
from app.kernel.constraints import sentence
from app.kernel.states import Choice

sentence("uq_task_key", "这个任务已经提交过，请到「我的任务」查看")


class TaskState(Choice):
    """排队 → 进行 → 完成 or 失败; a lost one goes back to 排队."""

    QUEUED = ("queued", "排队中", "mute")
    RUNNING = ("running", "进行中", "info")
    DONE = ("done", "已完成", "ok")
    FAILED = ("failed", "失败", "bad")


OPEN = (TaskState.QUEUED, TaskState.RUNNING)


class Task(Record):
    """One piece of work for one person. The row is the truth; the queue only hands its number on.

    attempts is the fence: whoever runs it writes only while it is the number that he took the row with.
    """

    __tablename__ = "task"
    __label__ = "后台任务"
    __unaudited__ = True  # what a task does is audited where it does it
    __table_args__ = (
        UniqueConstraint("person_id", "key", name="uq_task_key"),
        Index("ix_task_state_queued_at", "state", "queued_at"),
    )

    kind: Mapped[str] = mapped_column(String(32), nullable=False)
    title: Mapped[str] = mapped_column(String(200), nullable=False)
    person_id: Mapped[int] = mapped_column(Integer, nullable=False, index=True)
    project_id: Mapped[int | None] = mapped_column(Integer)
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False, default=dict)
    key: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[TaskState] = mapped_column(ChoiceType(TaskState), nullable=False, default=TaskState.QUEUED)
    done: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    total: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    message: Mapped[str] = mapped_column(String(500), nullable=False, default="")
    url: Mapped[str] = mapped_column(String(200), nullable=False, default="")
    file_name: Mapped[str] = mapped_column(String(200), nullable=False, default="")
    file_size: Mapped[int] = mapped_column(BigInteger, nullable=False, default=0)
    stored_as: Mapped[str] = mapped_column(String(64), nullable=False, default="")
    attempts: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    runner: Mapped[str] = mapped_column(String(64), nullable=False, default="")
    queued_at: Mapped[datetime] = mapped_column(DateTime, nullable=False, default=now)
    started_at: Mapped[datetime | None] = mapped_column(DateTime)
    finished_at: Mapped[datetime | None] = mapped_column(DateTime)

    @property
    def open(self) -> bool:
        """Whether something is still to come."""
        return self.state in OPEN


@dataclass(frozen=True)
class Outcome:
    """What came of a task: a sentence, the page that shows it, a file (name in the results folder) for the one who asked."""

    message: str
    url: str = ""
    file_name: str = ""
    stored_as: str = ""
    file_size: int = 0
    done: int = 0
