"""What is a 滞纳金减免单."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.payments.models import OrderAccount, Receivable
from app.kernel.audiences import MoneyPapers
from app.kernel.base import Document, Numbered, field, one_live_row, state_field
from app.kernel.columns import Money
from app.kernel.constraints import sentence
from app.kernel.states import State

sentence("uq_late_fee_waiver_live", "这笔应收款已有一张减免单在办，请先办完或作废那一张")


class WaiverState(State):
    DRAFT = ("draft", "草稿", "mute")
    REVIEW = ("review", "审批中", "info")
    GRANTED = ("granted", "已减免", "ok")
    REFUSED = ("refused", "不同意", "bad")
    VOID = ("void", "作废", "mute")


class LateFeeWaiver(MoneyPapers, Numbered, Document):
    """滞纳金减免单 of one late 应收行. fee and uncharged are those of the day it was written; the approval counts afresh."""

    __tablename__ = "late_fee_waiver"
    __label__ = "滞纳金减免单"
    __number__ = "ZN"
    __personal__ = frozenset({"account", "receivable"})
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        one_live_row("receivable_id", alive="state IN ('draft', 'review')", name="uq_late_fee_waiver_live"),
    )

    receivable_id: Mapped[int] = field("逾期应收行", ForeignKey("receivable.id"), nullable=False, index=True)
    account_id: Mapped[int] = field("收款账户", ForeignKey("order_account.id"), nullable=False, auto=True, index=True)
    amount: Mapped[Decimal] = field("减免金额", Money, nullable=False)
    reason: Mapped[str] = field("减免理由", String(300), nullable=False, wide=True, long=True)
    fee: Mapped[Decimal] = field("申请时滞纳金", Money, nullable=False, auto=True)
    days: Mapped[int] = field("申请时逾期", Integer, nullable=False, auto=True, unit="天")
    granted_on: Mapped[date | None] = field("减免生效日", Date, nullable=True, auto=True)
    submitted_by: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[WaiverState] = state_field(WaiverState)

    receivable: Mapped[Receivable] = relationship()
    account: Mapped[OrderAccount] = relationship()

    def __str__(self) -> str:
        return self.number or (f"滞纳金减免单 {self.account.title}" if self.account else "滞纳金减免单")
