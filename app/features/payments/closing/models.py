"""What is a 月结."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, DateTime, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.kernel.audiences import LedgerPapers
from app.kernel.base import Document, field, state_field
from app.kernel.columns import Money
from app.kernel.constraints import sentence
from app.kernel.states import State

sentence("uq_month_close_month", "这个月已经登记过月结，请打开那一条办理")


class MonthState(State):
    OPEN = ("open", "待结账", "warn")
    CLOSED = ("closed", "已结账", "ok")
    REOPENED = ("reopened", "已重开", "bad")


class MonthClose(LedgerPapers, Document):
    """月结 of one project and month; the sums are those of the book on the day of the closing."""

    __tablename__ = "month_close"
    __label__ = "月结"
    __title__ = "title"
    __table_args__ = (
        UniqueConstraint("project_id", "month", name="uq_month_close_month"),
        CheckConstraint("length(month) = 7", name="month"),
    )

    month: Mapped[str] = field("月份", String(7), nullable=False, hint="例如 2026-11")
    postings: Mapped[int] = field("凭证张数", Integer, nullable=False, default=0, auto=True)
    received: Mapped[Decimal] = field("本月实收", Money, nullable=False, default=Decimal(0), auto=True)
    refunded: Mapped[Decimal] = field("本月退款", Money, nullable=False, default=Decimal(0), auto=True)
    closed_at: Mapped[datetime | None] = field("结账时间", DateTime, nullable=True, auto=True)
    closed_by: Mapped[int | None] = field("结账人", Integer, nullable=True, auto=True, lookup="person")
    reason: Mapped[str] = field("重开原因", String(300), nullable=False, default="", auto=True, wide=True)
    state: Mapped[MonthState] = state_field(MonthState)

    @property
    def title(self) -> str:
        """«2026-11 月结»."""
        return f"{self.month} 月结" if self.month else "月结"

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(int(self.month[:4]), int(self.month[5:7]), 1)
