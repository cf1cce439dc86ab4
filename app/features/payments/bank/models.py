"""What is a 银行流水, what a 对账 of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, relationship

from app.features.payments.models import Credited, Receipt, Refund
from app.kernel.audiences import CashierPapers
from app.kernel.base import Document, Record, field, one_live_row, state_field
from app.kernel.columns import Money
from app.kernel.constraints import sentence
from app.kernel.states import State

sentence("uq_bank_line_reference", "这笔银行流水已经导入过")
sentence("uq_bank_match_receipt", "这张收款单已经对过账，请先取消原来的对账")
sentence("uq_bank_match_refund", "这张退款单已经对过账，请先取消原来的对账")


class LineState(State):
    OPEN = ("open", "未对账", "warn")
    MATCHED = ("matched", "已对账", "ok")
    EXPLAINED = ("explained", "已说明", "mute")


class BankLine(CashierPapers, Document):
    """银行流水: one line of a statement, money in or money out; POS settlements come net and for a whole day."""

    __tablename__ = "bank_line"
    __label__ = "银行流水"
    __title__ = "title"
    __personal__ = frozenset({"counterparty", "memo"})
    __table_args__ = (
        CheckConstraint("income >= 0 AND outgo >= 0 AND (income = 0) <> (outgo = 0)", name="amount"),
        one_live_row(
            "project_id",
            "credited",
            "reference",
            "income",
            "outgo",
            alive="reference <> ''",
            name="uq_bank_line_reference",
        ),
    )

    credited: Mapped[Credited] = field("银行账户", Credited, nullable=False, default=Credited.SUPERVISED)
    booked_on: Mapped[date] = field("交易日期", Date, nullable=False, index=True)
    income: Mapped[Decimal] = field("收入金额", Money, nullable=False, default=Decimal(0))
    outgo: Mapped[Decimal] = field("支出金额", Money, nullable=False, default=Decimal(0))
    counterparty: Mapped[str] = field("对方户名", String(100), nullable=False, default="", personal="name")
    reference: Mapped[str] = field("流水号", String(64), nullable=False, default="")
    memo: Mapped[str] = field("摘要", String(200), nullable=False, default="", wide=True)
    explanation: Mapped[str] = field("说明", String(300), nullable=False, default="", auto=True, wide=True)
    state: Mapped[LineState] = state_field(LineState)

    @property
    def amount(self) -> Decimal:
        """Yuan, positive when money came in."""
        return (self.income or Decimal(0)) - (self.outgo or Decimal(0))

    @property
    def title(self) -> str:
        """«2026-11-24 收入 20,000.00»."""
        if self.booked_on is None:
            return "银行流水"
        word = "收入" if self.amount > 0 else "支出"
        return f"{self.booked_on} {word} {abs(self.amount):,.2f}"


class BankMatch(CashierPapers, Record):
    """One receipt or refund that a line of the bank proves; taken back with a reason, never deleted."""

    __tablename__ = "bank_match"
    __label__ = "对账"
    __table_args__ = (
        CheckConstraint("(receipt_id IS NULL) <> (refund_id IS NULL)", name="paper"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone"),
        one_live_row("receipt_id", alive="undone_at IS NULL", name="uq_bank_match_receipt"),
        one_live_row("refund_id", alive="undone_at IS NULL", name="uq_bank_match_refund"),
    )

    line_id: Mapped[int] = field("银行流水", ForeignKey("bank_line.id"), nullable=False, auto=True, index=True)
    receipt_id: Mapped[int | None] = field("收款单", ForeignKey("receipt.id"), nullable=True, auto=True)
    refund_id: Mapped[int | None] = field("退款单", ForeignKey("refund.id"), nullable=True, auto=True)
    amount: Mapped[Decimal] = field("金额", Money, nullable=False, auto=True)
    how: Mapped[str] = field("依据", String(40), nullable=False, auto=True)
    at: Mapped[datetime] = field("对账时间", DateTime, nullable=False, auto=True)
    person_id: Mapped[int] = field("对账人", Integer, nullable=False, auto=True, lookup="person")
    undone_at: Mapped[datetime | None] = field("取消时间", DateTime, nullable=True, auto=True)
    undone_by: Mapped[int | None] = field("取消人", Integer, nullable=True, auto=True, lookup="person")
    undone_reason: Mapped[str] = field("取消原因", String(300), nullable=False, default="", auto=True)

    line: Mapped[BankLine] = relationship()
    receipt: Mapped[Receipt | None] = relationship()
    refund: Mapped[Refund | None] = relationship()
