"""总账: append-only double entry. A posting is never changed, only reversed by another one (04 R2, R3)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.payments.models.kinds import FundKind
from app.kernel.audiences import LedgerPapers
from app.kernel.base import Record, field
from app.kernel.columns import Money
from app.kernel.schema import append_only
from app.kernel.states import Choice

for table in ("ledger_posting", "ledger_entry", "ledger_allocation"):
    append_only(table, "收款流水不可修改或删除，只能红冲")


class LedgerCode(Choice):
    """会计科目 of buyers' money, seen from 甲方."""

    CASH = ("cash", "库存现金")
    BANK_SUPERVISED = ("bank_supervised", "银行存款—监管户")
    BANK_GENERAL = ("bank_general", "银行存款—一般户")
    BANK_CHARGES = ("bank_charges", "财务费用—手续费")
    BUYERS = ("buyers", "预收房款")
    COLLECTED = ("collected", "代收款项")
    REFUNDS = ("refunds", "应付退款")
    FEES = ("fees", "手续费收入")
    LATE_FEES = ("late_fees", "滞纳金收入")
    FORFEITED = ("forfeited", "没收定金收入")
    PENALTIES = ("penalties", "违约金收入")
    COMPENSATION = ("compensation", "赔偿支出")


class PostingKind(Choice):
    """Why a posting was made."""

    RECEIPT = ("receipt", "收款")
    REVERSAL = ("reversal", "红冲", "bad")
    SETTLEMENT = ("settlement", "结算")
    REFUND = ("refund", "退款")
    TRANSFER = ("transfer", "转款", "plum")


class LedgerPosting(LedgerPapers, Record):
    """凭证: one event of money. digest seals its content, its entries and the digest of the posting before (per project)."""

    __tablename__ = "ledger_posting"
    __label__ = "凭证"
    __table_args__ = (
        UniqueConstraint("project_id", "sequence", name="uq_ledger_posting_sequence"),
        UniqueConstraint("subject", "subject_id", "kind", name="uq_ledger_posting_event"),  # one event is booked once
    )

    sequence: Mapped[int] = field("凭证号", Integer, nullable=False, auto=True)
    kind: Mapped[PostingKind] = field("事项", PostingKind, nullable=False, auto=True)
    booked_on: Mapped[date] = field("记账日", Date, nullable=False, auto=True, index=True)
    at: Mapped[datetime] = field("记账时间", DateTime, nullable=False, auto=True)
    subject: Mapped[str] = mapped_column(String(64), nullable=False)  # table and id of the paper behind it
    subject_id: Mapped[int] = mapped_column(Integer, nullable=False)
    memo: Mapped[str] = field("摘要", String(300), nullable=False, auto=True)
    person_id: Mapped[int] = field("记账人", Integer, nullable=False, auto=True, lookup="person")
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_posting.id"), unique=True)
    previous: Mapped[str] = mapped_column(String(64), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)

    entries: Mapped[list[LedgerEntry]] = relationship(back_populates="posting", order_by="LedgerEntry.line")

    def __str__(self) -> str:
        return f"凭证 {self.sequence}"


class LedgerEntry(LedgerPapers, Record):
    """分录: amount > 0 is a debit, < 0 a credit. fund_kind is the 款项类型 of the money, empty where it has none."""

    __tablename__ = "ledger_entry"
    __label__ = "分录"
    __table_args__ = (
        UniqueConstraint("posting_id", "line", name="uq_ledger_entry_line"),
        CheckConstraint("amount <> 0", name="amount"),
    )

    posting_id: Mapped[int] = field("凭证", ForeignKey("ledger_posting.id"), nullable=False, auto=True)
    line: Mapped[int] = mapped_column(Integer, nullable=False)
    code: Mapped[LedgerCode] = field("科目", LedgerCode, nullable=False, auto=True)
    account_id: Mapped[int] = field("收款账户", ForeignKey("order_account.id"), nullable=False, auto=True, index=True)
    fund_kind: Mapped[FundKind | None] = field("款项类型", FundKind, nullable=True, auto=True)
    amount: Mapped[Decimal] = field("金额", Money, nullable=False, auto=True)

    posting: Mapped[LedgerPosting] = relationship(back_populates="entries")


class LedgerAllocation(LedgerPapers, Record):
    """Which receivable a receipt pays: amount > 0 pays, < 0 takes back (red entry, settlement). seal = digest of the row."""

    __tablename__ = "ledger_allocation"
    __label__ = "收款分配"
    __table_args__ = (CheckConstraint("amount <> 0", name="amount"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("order_account.id"), nullable=False, index=True)
    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipt.id"), nullable=False, index=True)
    receivable_id: Mapped[int] = mapped_column(ForeignKey("receivable.id"), nullable=False, index=True)
    amount: Mapped[Decimal] = mapped_column(Money, nullable=False)
    at: Mapped[datetime] = mapped_column(DateTime, nullable=False)
    seal: Mapped[str] = mapped_column(String(64), nullable=False)
