"""What is an 意向分析: one day's look at one A or B customer, the supervisor's advice on it, the next action."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, DateTime, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, relationship

from app.kernel.audiences import CustomerPapers
from app.kernel.base import Document, field, state_field
from app.kernel.states import Choice, State


class AnalysisState(State):
    ASKED = ("asked", "待主管建议", "warn")
    ADVISED = ("advised", "主管已建议", "info")
    DONE = ("done", "已落实", "ok")
    VOID = ("void", "作废", "mute")


class AdviceWay(Choice):
    """How the supervisor helped."""

    WORD = ("word", "成交建议", "info")
    TALK = ("talk", "主管陪谈", "ok")


class IntentAnalysis(CustomerPapers, Document):
    """意向分析. It belongs to the customer's owner and follows him; `grade` is that of the day."""

    __tablename__ = "intent_analysis"
    __label__ = "意向分析"
    __title__ = "title"
    __personal__ = frozenset({"title"})
    __table_args__ = (
        Index("ix_intent_analysis_day", "customer_id", "created_at"),
        Index("ix_intent_analysis_advised", "customer_id", "advised_at"),
    )

    customer_id: Mapped[int] = field("客户", ForeignKey("customer.id"), nullable=False, index=True)
    grade: Mapped[str] = field("当日等级", String(1), nullable=False, default="", auto=True)
    situation: Mapped[str] = field(
        "情况判断", String(1000), nullable=False, long=True, hint="买房动机、决策人、资金、离成交还差什么"
    )
    doubts: Mapped[str] = field("主要疑虑", String(500), nullable=False, default="", long=True)
    counter: Mapped[str] = field("应对办法", String(500), nullable=False, default="", long=True, hint="照统一口径")
    offered: Mapped[str] = field(
        "推荐房源", String(200), nullable=False, default="", wide=True, hint="房号，用顿号隔开"
    )
    next_step: Mapped[str] = field("下一步", String(200), nullable=False, wide=True)
    next_on: Mapped[date] = field("行动日期", Date, nullable=False)
    wants_talk: Mapped[bool] = field("请主管陪谈", Boolean, nullable=False, default=False)
    advice: Mapped[str] = field("主管建议", String(1000), nullable=False, default="", auto=True, wide=True)
    advice_way: Mapped[AdviceWay | None] = field("方式", AdviceWay, auto=True)
    advised_by: Mapped[int | None] = field("建议人", Integer, auto=True, lookup="person")
    advised_at: Mapped[datetime | None] = field("建议时间", DateTime, auto=True)
    outcome: Mapped[str] = field("落实情况", String(500), nullable=False, default="", auto=True, wide=True)
    done_at: Mapped[datetime | None] = field("落实时间", DateTime, auto=True)
    state: Mapped[AnalysisState] = state_field(AnalysisState)

    customer: Mapped[Any] = relationship("Customer")

    @property
    def title(self) -> str:
        """«11-24 王伟»"""
        return f"{self.created_at:%m-%d} {self.customer.name}" if self.created_at and self.customer else "意向分析"
