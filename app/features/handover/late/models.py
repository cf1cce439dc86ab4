"""What is a 逾期交付违约金批次, and its line: one home that was not handed over by the contract's date (02 §2.3.6 L6)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.handover.household import OfHousehold
from app.kernel.audiences import AftercarePapers, ProjectPapers
from app.kernel.base import Document, Numbered, field, now, one_live_row, state_field
from app.kernel.columns import Money, Rate
from app.kernel.constraints import sentence
from app.kernel.posts import Post
from app.kernel.states import State

sentence("uq_late_batch_open", "这栋楼已有一份没有办完的逾期交付违约金批次，请先办完或作废那一份")
sentence("uq_late_home_period", "这套房的这段逾期已经计过违约金，请重新计算")
SERVICE = frozenset({Post.DEVELOPER_SERVICE})


class LateBatchState(State):
    DRAFT = ("draft", "待核对", "mute")
    REVIEW = ("review", "审批中", "info")
    BOOKED = ("booked", "已登记应付", "ok")
    REFUSED = ("refused", "不同意", "bad")
    VOID = ("void", "作废", "mute")


class LateHomeState(State):
    COUNTED = ("counted", "计入", "warn")
    EXCLUDED = ("excluded", "不计入", "mute")
    OWED = ("owed", "已登记应付", "ok")
    VOID = ("void", "作废", "mute")


class LateBatch(Numbered, ProjectPapers, Document):
    """逾期交付违约金批次: the late homes of one building up to a day."""

    __tablename__ = "late_batch"
    __label__ = "逾期交付违约金"
    __number__ = "YQ"
    __file_writers__ = SERVICE
    __table_args__ = (one_live_row("building_id", alive="state IN ('draft', 'review')", name="uq_late_batch_open"),)

    building_id: Mapped[int] = field("楼栋", ForeignKey("building.id"), nullable=False, index=True)
    until_on: Mapped[date] = field(
        "算到",
        Date,
        nullable=False,
        default=lambda: now().date(),
        hint="还没有交付的房源算到这一天；已交付的算到交付日",
    )
    note: Mapped[str] = field("备注", String(300), nullable=False, default="", long=True)
    homes: Mapped[int] = field("计入房源", Integer, nullable=False, default=0, auto=True, unit="套")
    total: Mapped[Decimal] = field("违约金合计", Money, nullable=False, default=Decimal(0), auto=True)
    booked_on: Mapped[date | None] = field("登记应付日", Date, auto=True)
    submitted_by: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[LateBatchState] = state_field(LateBatchState)

    building: Mapped[Any] = relationship("Building")
    lines: Mapped[list[LateHome]] = relationship(back_populates="batch", order_by="LateHome.id")

    def __str__(self) -> str:
        return self.number or f"{self.__label__} {self.building.name if self.building else ''}".strip()


class LateHome(OfHousehold, AftercarePapers, Document):
    """One home of a batch: what was paid × the contract's daily rate × days, each payment for its own days.

    parts: [counted from the day after, yuan, days] of each, empty on lines of before payments were told apart; days: the longest.
    """

    __tablename__ = "late_home"
    __label__ = "逾期交付明细"
    __personal__ = frozenset({"buyers"})
    __table_args__ = (
        CheckConstraint("until_on > from_on", name="period"),
        CheckConstraint("amount >= 0", name="amount"),
        one_live_row("reservation_id", "from_on", alive="state IN ('counted', 'owed')", name="uq_late_home_period"),
    )

    batch_id: Mapped[int] = field("批次", ForeignKey("late_batch.id"), nullable=False, index=True, auto=True)
    promised_on: Mapped[date] = field("合同交付日", Date, nullable=False, auto=True)
    from_on: Mapped[date] = field("起算日（次日起）", Date, nullable=False, auto=True)
    until_on: Mapped[date] = field("算到", Date, nullable=False, auto=True)
    handed_on: Mapped[date | None] = field("实际交付日", Date, auto=True)
    days: Mapped[int] = field("逾期天数", Integer, nullable=False, auto=True, unit="天")
    paid: Mapped[Decimal] = field(
        "已付房价款", Money, nullable=False, auto=True, hint="算到之日以前已付的；逾期以后付的，从付款次日起算"
    )
    rate: Mapped[Decimal] = field("日费率", Rate, nullable=False, auto=True, unit="‱")
    amount: Mapped[Decimal] = field("违约金", Money, nullable=False, auto=True)
    parts: Mapped[list[Any]] = mapped_column(JSON, nullable=False, default=list)
    why: Mapped[str] = field("说明", String(200), nullable=False, default="", auto=True, wide=True)
    refund_id: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[LateHomeState] = state_field(LateHomeState)

    batch: Mapped[LateBatch] = relationship(back_populates="lines")
