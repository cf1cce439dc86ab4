"""日历 参数: the days on which people work, and the numbers that differ between sites (02 §2.5.4)."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from sqlalchemy import Boolean, ColumnElement, Date, ForeignKey, String, UniqueConstraint, false, or_
from sqlalchemy.orm import Mapped, relationship

from app.features.organisation.models.projects import Project
from app.features.organisation.parameter_table import PARAMETERS
from app.kernel.actors import Actor
from app.kernel.base import Document, field
from app.kernel.posts import Post
from app.kernel.schema import append_only
from app.kernel.scope import Audience, ByRule, Reference
from app.kernel.states import Choice


class CalendarName(Choice):
    """Two calendars: the site is open nearly every day; banks, 甲方 and HQ keep office days (02 §2.5.4)."""

    SITE = ("site", "案场日历")
    OFFICE = ("office", "办公日历")


class CalendarDay(Reference, Document):
    """日历: whether people work on a day; seeded from the published holidays, edited by the administrator."""

    __tablename__ = "calendar_day"
    __label__ = "日历"
    __title__ = "title"
    __table_args__ = (UniqueConstraint("which", "day", name="uq_calendar_day_which_day"),)

    which: Mapped[CalendarName] = field("日历", CalendarName, nullable=False)
    day: Mapped[date] = field("日期", Date, nullable=False, index=True)
    working: Mapped[bool] = field("上班", Boolean, nullable=False)
    name: Mapped[str] = field("说明", String(40), nullable=False, default="", hint="节日名称或调整原因")

    @property
    def title(self) -> str:
        """«案场日历 2026-10-01»."""
        return f"{self.which.label} {self.day}" if self.which and self.day else ""


# The declared parameters as a closed list with their Chinese names.
ParameterName: type[Choice] = cast(Any, Choice)("ParameterName", {key: (key, d.label) for key, d in PARAMETERS.items()})
PARAMETER_READERS = frozenset({Post.SALES_ADMIN, Post.GENERAL_MANAGER, Post.AUDITOR})


class Parameter(ByRule, Document):
    """参数: one value from a day on, for one project or (without project) for all; rows are added, never changed."""

    __tablename__ = "parameter"
    __label__ = "参数"
    __title__ = "title"
    audience = Audience("parameters", PARAMETER_READERS)
    writers = frozenset({Post.SALES_ADMIN})

    project_id: Mapped[int | None] = field("项目", ForeignKey("project.id"), index=True, hint="不填表示所有项目")
    key: Mapped[Any] = field("参数", ParameterName, nullable=False, index=True)
    value: Mapped[str] = field("值", String(200), nullable=False)
    effective_from: Mapped[date] = field("生效日期", Date, nullable=False)
    note: Mapped[str] = field("修改原因", String(200), nullable=False, default="")

    project: Mapped[Project | None] = relationship()

    @property
    def title(self) -> str:
        """«锁定时长 = 30 分钟»."""
        return f"{self.key.label} = {self.value} {PARAMETERS[self.key.value].unit}".strip() if self.key else ""

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Settings of the own projects and those for all, for the posts that read settings."""
        projects = actor.projects_as(PARAMETER_READERS)
        return or_(cls.project_id.is_(None), cls.project_id.in_(sorted(projects))) if projects else false()


append_only("parameter", "参数历史只能追加，不能修改或删除")
