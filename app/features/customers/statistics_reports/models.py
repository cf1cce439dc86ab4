"""What is a 潜客统计上报: a week or month, its figures as they were on the submission, what the supervisor concludes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, Date, DateTime, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.audiences import DossierPapers
from app.kernel.base import Document, Numbered, field, now, one_live_row, state_field
from app.kernel.constraints import sentence
from app.kernel.posts import Post
from app.kernel.states import Choice, State

MAKERS = frozenset({Post.SUPERVISOR})
ONE_A_PERIOD = "uq_statistics_report_period"
sentence(ONE_A_PERIOD, "这一期的潜客统计已有一份，请打开那一份；要重做先作废")


class ReportKind(Choice):
    """How long the period is."""

    WEEK = ("week", "周统计", "info")
    MONTH = ("month", "月统计", "plum")


class ReportState(State):
    DRAFT = ("draft", "草稿", "mute")
    SUBMITTED = ("submitted", "已上报", "info")
    RETURNED = ("returned", "退回", "warn")
    READ = ("read", "已阅", "ok")
    VOID = ("void", "作废", "mute")


class StatisticsReport(Numbered, DossierPapers, Document):
    """潜客统计上报 of the whole site. figures: see rules.py; the numbers beside them are for lists and their sums."""

    __tablename__ = "statistics_report"
    __label__ = "潜客统计上报"
    __number__ = "QT"
    __labels__: ClassVar[dict[str, str]] = {"period": "统计期间"}
    __table_args__ = (
        one_live_row("project_id", "kind", "first_on", alive="state <> 'void'", name=ONE_A_PERIOD),
        CheckConstraint("last_on >= first_on", name="period"),
    )

    kind: Mapped[ReportKind] = field("类别", ReportKind, nullable=False, default=ReportKind.WEEK)
    day: Mapped[date] = field(
        "期间内任一天",
        Date,
        nullable=False,
        default=lambda: now().date(),
        hint="周统计取这一天所在的周一到周日，月统计取当月",
    )
    first_on: Mapped[date] = field("期间起", Date, nullable=False, auto=True)
    last_on: Mapped[date] = field("期间止", Date, nullable=False, auto=True)
    conclusion: Mapped[str] = field(
        "主管结论",
        String(1000),
        nullable=False,
        long=True,
        hint="客户从哪里来、要什么、为什么没有买，与上期比有什么变化",
    )
    advice: Mapped[str] = field(
        "建议", String(1000), nullable=False, default="", long=True, hint="推广、说辞、价格、产品上要做什么"
    )
    customers: Mapped[int] = field("新增客户", Integer, nullable=False, default=0, auto=True, unit="人")
    calls: Mapped[int] = field("来电", Integer, nullable=False, default=0, auto=True, unit="组")
    visits: Mapped[int] = field("来访", Integer, nullable=False, default=0, auto=True, unit="组")
    reserved: Mapped[int] = field("认购", Integer, nullable=False, default=0, auto=True, unit="人")
    signed: Mapped[int] = field("签约", Integer, nullable=False, default=0, auto=True, unit="人")
    lost: Mapped[int] = field("流失", Integer, nullable=False, default=0, auto=True, unit="人")
    submitted_at: Mapped[datetime | None] = field("上报时间", DateTime, auto=True)
    submitted_by: Mapped[int | None] = field("上报人", Integer, auto=True, lookup="person")
    read_at: Mapped[datetime | None] = field("审阅时间", DateTime, auto=True)
    opinion: Mapped[str] = field("审阅意见", String(1000), nullable=False, default="", auto=True, wide=True)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False, default=dict)
    state: Mapped[ReportState] = state_field(ReportState)

    project: Mapped[Any] = relationship("Project")

    def in_effect(self) -> bool:
        """甲方营销策划部 reads it once the agency has."""
        return self.state is ReportState.READ

    @property
    def period(self) -> str:
        """«2026-11-23～2026-11-29»"""
        return f"{self.first_on}～{self.last_on}" if self.first_on else ""

    def __str__(self) -> str:
        return self.number or f"{self.kind.label if self.kind else '潜客统计'} {self.period}".strip()
