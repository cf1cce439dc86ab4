"""What is a 票据本, a 票据, a 收据换票单."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.payments.models import OrderAccount, Receipt
from app.features.pricing.models import PricedLine
from app.kernel.audiences import CashierPapers
from app.kernel.base import Document, Numbered, field, now, one_live_row, state_field
from app.kernel.columns import Money
from app.kernel.constraints import sentence
from app.kernel.states import Choice, State

MOST = 200  # bills of one book
sentence("uq_bill_serial", "这些号码里有已经登记过的，票据号码不能重复")
sentence("uq_bill_exchange_live", "这个账户已有一张换票单在办，请先办完或作废那一张")


class BillKind(Choice):
    """收据 first, 发票 when the money is final."""

    RECEIPT = ("receipt", "收据")
    INVOICE = ("invoice", "发票")


class BookState(State):
    STORED = ("stored", "在库", "mute")
    DRAWN = ("drawn", "已领用", "info")
    CLOSED = ("closed", "已核销", "ok")


class BillState(State):
    """空白 → 领用 → 已开 → 作废 or 收回 → 核销."""

    BLANK = ("blank", "空白", "mute")
    DRAWN = ("drawn", "领用", "info")
    ISSUED = ("issued", "已开", "ok")
    VOID = ("void", "作废", "bad")
    RECALLED = ("recalled", "收回", "warn")
    WRITTEN_OFF = ("written_off", "核销", "mute")


class ExchangeState(State):
    OPEN = ("open", "待换票", "warn")
    DONE = ("done", "已换票", "ok")
    VOID = ("void", "作废", "mute")


class BillBook(CashierPapers, Document):
    """票据本: a range of serials, registered when it comes, drawn by the cashier who issues from it."""

    __tablename__ = "bill_book"
    __label__ = "票据本"
    __title__ = "title"
    __labels__: ClassVar[dict[str, str]] = {"title": "号段"}
    __table_args__ = (
        CheckConstraint("first_no >= 0 AND last_no >= first_no", name="range"),
        CheckConstraint(f"last_no - first_no < {MOST}", name="most"),
        CheckConstraint("digits >= 1 AND digits <= 12", name="digits"),
    )

    kind: Mapped[BillKind] = field("种类", BillKind, nullable=False)
    prefix: Mapped[str] = field(
        "字头", String(12), nullable=False, default="", hint="号码前面不变的字母或数字，没有就不填"
    )
    first_no: Mapped[int] = field("起始号", Integer, nullable=False, hint="只填数字，例如 1")
    last_no: Mapped[int] = field("终止号", Integer, nullable=False)
    digits: Mapped[int] = field("号码位数", Integer, nullable=False, default=8, hint="不足的前面补零")
    got_on: Mapped[date] = field("入库日期", Date, nullable=False, default=lambda: now().date())
    holder_id: Mapped[int | None] = field("领用人", Integer, nullable=True, auto=True, lookup="person")
    drawn_on: Mapped[date | None] = field("领用日期", Date, nullable=True, auto=True)
    closed_on: Mapped[date | None] = field("核销日期", Date, nullable=True, auto=True)
    state: Mapped[BookState] = state_field(BookState)

    @property
    def title(self) -> str:
        """«收据 00000001—00000050»."""
        if self.kind is None or self.first_no is None or self.last_no is None:
            return "票据本"
        return (
            f"{self.kind.label} {self.prefix}{self.first_no:0{self.digits}}—{self.prefix}{self.last_no:0{self.digits}}"
        )


class BillExchange(CashierPapers, Numbered, Document):
    """收据换票单: the receipts of an account come back, one invoice goes out for their sum, or one for each 计价项目."""

    __tablename__ = "bill_exchange"
    __label__ = "收据换票单"
    __number__ = "HP"
    __personal__ = frozenset({"account"})
    __table_args__ = (
        CheckConstraint("total > 0", name="total"),
        one_live_row("account_id", alive="state = 'open'", name="uq_bill_exchange_live"),
    )

    account_id: Mapped[int] = field("收款账户", ForeignKey("order_account.id"), nullable=False, index=True)
    note: Mapped[str] = field("说明", String(200), nullable=False, default="", wide=True)
    count: Mapped[int] = field("收据张数", Integer, nullable=False, auto=True, unit="张")
    total: Mapped[Decimal] = field("合计金额", Money, nullable=False, auto=True)
    invoice: Mapped[str] = field("发票号码", String(120), nullable=False, default="", auto=True)
    exchanged_on: Mapped[date | None] = field("换票日期", Date, nullable=True, auto=True)
    state: Mapped[ExchangeState] = state_field(ExchangeState)

    account: Mapped[OrderAccount] = relationship()

    def __str__(self) -> str:
        return self.number or (f"收据换票单 {self.account.title}" if self.account else "收据换票单")


class Bill(CashierPapers, Document):
    """票据: one serial. Made with its book, never by hand; amount and receipt come when it is issued."""

    __tablename__ = "bill"
    __label__ = "票据"
    __title__ = "title"
    __personal__ = frozenset({"account", "payer", "receipt", "paid_by"})
    __labels__: ClassVar[dict[str, str]] = {"paid_by": "付款人"}
    __table_args__ = (
        UniqueConstraint("project_id", "kind", "serial", name="uq_bill_serial"),
        CheckConstraint("amount IS NULL OR amount > 0", name="amount"),
        CheckConstraint("(issued_on IS NULL) = (amount IS NULL)", name="issued"),
    )

    book_id: Mapped[int] = field("票据本", ForeignKey("bill_book.id"), nullable=False, auto=True, index=True)
    kind: Mapped[BillKind] = field("种类", BillKind, nullable=False, auto=True)
    serial: Mapped[str] = field("票据号码", String(24), nullable=False, auto=True, index=True)
    sequence: Mapped[int] = mapped_column(Integer, nullable=False)
    account_id: Mapped[int | None] = field(
        "收款账户", ForeignKey("order_account.id"), nullable=True, auto=True, index=True
    )
    receipt_id: Mapped[int | None] = field("收款单", ForeignKey("receipt.id"), nullable=True, auto=True, index=True)
    exchange_id: Mapped[int | None] = field(
        "换票单", ForeignKey("bill_exchange.id"), nullable=True, auto=True, index=True
    )
    payer: Mapped[str] = field("抬头", String(100), nullable=False, default="", auto=True, personal="name")
    line: Mapped[PricedLine | None] = field("分项", PricedLine, nullable=True, auto=True)  # None: of the whole receipt
    amount: Mapped[Decimal | None] = field("票面金额", Money, nullable=True, auto=True)
    issued_on: Mapped[date | None] = field("开票日期", Date, nullable=True, auto=True)
    issued_by: Mapped[int | None] = field("开票人", Integer, nullable=True, auto=True, lookup="person")
    recall_for: Mapped[str] = field("收回事由", String(100), nullable=False, default="", auto=True)
    back_on: Mapped[date | None] = field("收回日期", Date, nullable=True, auto=True)
    state: Mapped[BillState] = state_field(BillState)

    book: Mapped[BillBook] = relationship()
    account: Mapped[OrderAccount | None] = relationship()
    receipt: Mapped[Receipt | None] = relationship()
    exchange: Mapped[BillExchange | None] = relationship()

    @property
    def title(self) -> str:
        """«收据 00000017»."""
        return f"{self.kind.label} {self.serial}" if self.kind and self.serial else "票据"

    @property
    def paid_by(self) -> str:
        """Who brought the money: the buyers, or somebody for them (代付, the bank)."""
        return self.receipt.payer_name if self.receipt is not None else ""
