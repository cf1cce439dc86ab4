"""Money that came and went: 收款单 and 退款单 (02 §2.2.2). Nothing is «已收» before 甲方财务 confirms it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.payments.models.accounts import OrderAccount, PaymentNotice
from app.features.payments.models.kinds import Credited, FundKind, Method
from app.kernel.audiences import MoneyPapers
from app.kernel.base import Document, Numbered, field, now, one_live_row, state_field
from app.kernel.columns import Encrypted, Money
from app.kernel.constraints import sentence
from app.kernel.posts import Post
from app.kernel.states import State

sentence("uq_receipt_reference", "这笔流水号已经登记过一张收款单，请核对是否重复登记")

# 07: the owner chain sees state and amount; how it was paid and by whom is for those who handle the money.
HANDLERS = frozenset(
    {
        Post.CLERK,
        Post.DEVELOPER_FINANCE,
        Post.DEVELOPER_LEAD,
        Post.FINANCE,
        Post.CONTRACT_OFFICER,
        Post.AUDITOR,
        Post.SALES_ADMIN,
    }
)


class ReceiptState(State):
    """待确认 → 已确认 → 红冲待核 → 已红冲; a wrong entry that was never confirmed is 已作废."""

    PENDING = ("pending", "待确认", "warn")
    CONFIRMED = ("confirmed", "已确认", "ok")
    REVERSING = ("reversing", "红冲待核", "bad")
    REVERSED = ("reversed", "已红冲", "mute")
    VOID = ("void", "已作废", "mute")


class RefundState(State):
    """待付款 → 已付款; 已作废 before it is paid."""

    PENDING = ("pending", "待付款", "warn")
    PAID = ("paid", "已付款", "ok")
    VOID = ("void", "已作废", "mute")


CONFIRMED_STATES = (ReceiptState.CONFIRMED, ReceiptState.REVERSING)  # money that counts until the red entry is made


class Receipt(MoneyPapers, Numbered, Document):
    """收款单: entered by clerk or cashier, confirmed by 甲方财务 alone. The number comes with the confirmation, without gaps."""

    __tablename__ = "receipt"
    __label__ = "收款单"
    __number__ = "SK"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("fee >= 0 AND fee < amount", name="fee"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed"),
        CheckConstraint("(number IS NULL) = (confirmed_at IS NULL)", name="numbered"),
        one_live_row("project_id", "method", "reference", alive="reference <> '' AND state NOT IN ('void', 'reversed')",
                     name="uq_receipt_reference"),
    )  # fmt: skip

    account_id: Mapped[int] = field("收款账户", ForeignKey("order_account.id"), nullable=False, index=True)
    notice_id: Mapped[int | None] = field("缴款通知单", ForeignKey("payment_notice.id"), nullable=True, index=True)
    kind: Mapped[FundKind] = field("款项类型", FundKind, nullable=False)
    amount: Mapped[Decimal] = field("金额", Money, nullable=False)
    paid_on: Mapped[date] = field("收款日", Date, nullable=False, index=True, default=lambda: now().date())
    arrived_on: Mapped[date | None] = field("到账日", Date, nullable=True)
    method: Mapped[Method] = field("方式", Method, nullable=False, readers=HANDLERS)
    credited: Mapped[Credited] = field(
        "入账账户", Credited, nullable=False, default=Credited.SUPERVISED, readers=HANDLERS, hint="预售款应进监管账户"
    )
    payer_name: Mapped[str] = field(
        "付款人", String(64), nullable=False, default="", personal="name", readers=HANDLERS, hint="不填为第一位买受人"
    )
    third_party_paper: Mapped[str] = field(
        "代付声明",
        String(100),
        nullable=False,
        default="",
        readers=HANDLERS,
        hint="付款人不是买受人时填写声明编号或日期",
    )
    pos_terminal: Mapped[str] = field("POS 终端号", String(32), nullable=False, default="", readers=HANDLERS)
    reference: Mapped[str] = field(
        "流水号", String(64), nullable=False, default="", readers=HANDLERS, hint="POS 参考号或银行流水号"
    )
    fee: Mapped[Decimal] = field("手续费", Money, nullable=False, default=Decimal(0), readers=HANDLERS)
    remark: Mapped[str] = field("备注", String(200), nullable=False, default="", wide=True, readers=HANDLERS)
    surplus: Mapped[Decimal] = field("超额定金转房款", Money, nullable=False, default=Decimal(0), auto=True)
    surplus_by: Mapped[int | None] = field("超额同意人", Integer, nullable=True, auto=True, lookup="person")
    confirmed_at: Mapped[datetime | None] = field("确认时间", DateTime, nullable=True, auto=True, index=True)
    confirmed_by: Mapped[int | None] = field("确认人", Integer, nullable=True, auto=True, lookup="person")
    reversed_at: Mapped[datetime | None] = field("红冲时间", DateTime, nullable=True, auto=True)
    submitted_by: Mapped[int | None] = mapped_column(Integer)  # who asked for the red entry: he may not decide it
    state: Mapped[ReceiptState] = state_field(ReceiptState)

    account: Mapped[OrderAccount] = relationship()
    notice: Mapped[PaymentNotice | None] = relationship()

    def __str__(self) -> str:
        return self.number or (
            f"收款单 {self.account.title} {self.kind.label}" if self.account and self.kind else "收款单"
        )


class Refund(MoneyPapers, Numbered, Document):
    """退款单: money back to the payer of one receipt. settled: the money left 预收房款 when the order was settled; else it is 预收."""

    __tablename__ = "refund"
    __label__ = "退款单"
    __number__ = "TK"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(paid_at IS NULL) = (number IS NULL)", name="numbered"),
    )

    account_id: Mapped[int] = field("收款账户", ForeignKey("order_account.id"), nullable=False, auto=True, index=True)
    receipt_id: Mapped[int] = field("原收款单", ForeignKey("receipt.id"), nullable=False, index=True)
    amount: Mapped[Decimal] = field("退款金额", Money, nullable=False)
    reason: Mapped[str] = field("退款原因", String(300), nullable=False, wide=True)
    payee_name: Mapped[str] = field("收款人", String(64), nullable=False, auto=True, personal="name", readers=HANDLERS)
    payee_account: Mapped[str | None] = field("收款账号", Encrypted, nullable=True, personal="id", readers=HANDLERS)
    paper: Mapped[str] = field("依据", String(64), nullable=False, default="", auto=True)
    settled: Mapped[bool] = field("结算退款", Boolean, nullable=False, default=False, auto=True)
    credited: Mapped[Credited | None] = field("付出账户", Credited, nullable=True, auto=True, readers=HANDLERS)
    reference: Mapped[str] = field("付款流水号", String(64), nullable=False, default="", auto=True, readers=HANDLERS)
    paid_on: Mapped[date | None] = field("付款日", Date, nullable=True, auto=True)
    paid_at: Mapped[datetime | None] = field("付款确认时间", DateTime, nullable=True, auto=True)
    paid_by: Mapped[int | None] = field("付款人员", Integer, nullable=True, auto=True, lookup="person")
    state: Mapped[RefundState] = state_field(RefundState)

    account: Mapped[OrderAccount] = relationship()
    receipt: Mapped[Receipt] = relationship()

    def __str__(self) -> str:
        return self.number or (f"退款单 {self.account.title}" if self.account else "退款单")
