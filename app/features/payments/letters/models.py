"""What is a 催款函件."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.payments.models import OrderAccount
from app.kernel.audiences import MoneyPapers
from app.kernel.base import Document, Numbered, field, state_field
from app.kernel.columns import Money
from app.kernel.states import Choice, State


class LetterKind(Choice):
    """What the letter does."""

    DEMAND = ("demand", "催款函")
    TERMINATION = ("termination", "解除通知函")


class LetterState(State):
    DRAFT = ("draft", "草稿", "mute")
    REVIEW = ("review", "审核中", "info")
    APPROVED = ("approved", "待寄出", "warn")
    SENT = ("sent", "已寄出", "info")
    SIGNED = ("signed", "已签收", "ok")
    RETURNED = ("returned", "退件", "bad")
    REFUSED = ("refused", "不同意", "bad")
    VOID = ("void", "作废", "mute")


class DunningLetter(MoneyPapers, Numbered, Document):
    """催款函件 of one account. Sums are those of the day it was written and are counted afresh at the submit."""

    __tablename__ = "dunning_letter"
    __label__ = "催款函件"
    __number__ = "CK"
    __personal__ = frozenset({"account"})
    __table_args__ = (CheckConstraint("overdue > 0", name="overdue"),)

    account_id: Mapped[int] = field("收款账户", ForeignKey("order_account.id"), nullable=False, index=True)
    kind: Mapped[LetterKind] = field("种类", LetterKind, nullable=False, default=LetterKind.DEMAND)
    pay_until: Mapped[date | None] = field("限期", Date, nullable=True, hint="不填按项目的催款函限期计算")
    address: Mapped[str] = field(
        "送达地址", String(200), nullable=False, default="", personal="address", wide=True, hint="合同约定的送达地址"
    )
    content: Mapped[str] = field("补充说明", String(1000), nullable=False, default="", long=True)
    overdue: Mapped[Decimal] = field("逾期金额", Money, nullable=False, auto=True)
    late_fee: Mapped[Decimal] = field("滞纳金", Money, nullable=False, default=Decimal(0), auto=True)
    days: Mapped[int] = field("最长逾期", Integer, nullable=False, default=0, auto=True, unit="天")
    sent_on: Mapped[date | None] = field("寄出日期", Date, nullable=True, auto=True)
    express_no: Mapped[str] = field("快递单号", String(40), nullable=False, default="", auto=True)
    signed_on: Mapped[date | None] = field("签收日期", Date, nullable=True, auto=True)
    signed_by: Mapped[str] = field("签收人", String(32), nullable=False, default="", auto=True, personal="name")
    submitted_by: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[LetterState] = state_field(LetterState)

    account: Mapped[OrderAccount] = relationship()

    def __str__(self) -> str:
        return self.number or (f"{self.kind.label} {self.account.title}" if self.account and self.kind else "催款函件")
