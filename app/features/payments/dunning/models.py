"""What is a 催款记录: one asking of one 应收行, with the answer and the promise (02 §2.2.2)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.payments.models import OrderAccount, Receivable
from app.kernel.audiences import MoneyPapers
from app.kernel.base import Document, field, now
from app.kernel.columns import Money
from app.kernel.states import Choice

HOW = (("电话", "电话"), ("微信", "微信"), ("函件", "函件"), ("面谈", "面谈"))


class Promise(Choice):
    """What became of the word that the buyer gave."""

    NONE = ("none", "未承诺")
    OPEN = ("open", "待兑现", "info")
    KEPT = ("kept", "已兑现", "ok")
    BROKEN = ("broken", "失约", "bad")
    RENEWED = ("renewed", "已另行承诺", "mute")  # before its day another one took its place


class DunningRecord(MoneyPapers, Document):
    """催款记录: written by the step 「登记催款」 of the row, or by a letter that goes out; never changed, never deleted."""

    __tablename__ = "dunning_record"
    __label__ = "催款记录"
    __title__ = "title"
    __personal__ = frozenset({"title", "account", "receivable"})
    __table_args__ = (
        CheckConstraint("promised_amount IS NULL OR promised_amount > 0", name="promised_amount"),
        CheckConstraint("promised_on IS NOT NULL OR promise = 'none'", name="promise"),
    )

    account_id: Mapped[int] = field("收款账户", ForeignKey("order_account.id"), nullable=False, auto=True, index=True)
    receivable_id: Mapped[int] = field("应收行", ForeignKey("receivable.id"), nullable=False, auto=True, index=True)
    at: Mapped[datetime] = field("催款时间", DateTime, nullable=False, default=now, auto=True, index=True)
    person_id: Mapped[int] = field("催款人", Integer, nullable=False, auto=True, lookup="person", index=True)
    how: Mapped[str] = field("方式", String(16), nullable=False, auto=True)
    open_amount: Mapped[Decimal] = field("当时未收", Money, nullable=False, auto=True)
    received_before: Mapped[Decimal] = mapped_column(Money, nullable=False)  # the promise counts from here
    answer: Mapped[str] = field("客户答复", String(500), nullable=False, default="", auto=True, wide=True)
    promised_on: Mapped[date | None] = field("承诺付款日", Date, nullable=True, auto=True, index=True)
    promised_amount: Mapped[Decimal | None] = field("承诺金额", Money, nullable=True, auto=True)
    promise: Mapped[Promise] = field("承诺结果", Promise, nullable=False, default=Promise.NONE, auto=True, index=True)
    settled_on: Mapped[date | None] = field("结果日期", Date, nullable=True, auto=True)
    next_on: Mapped[date | None] = field("下次催款日", Date, nullable=True, auto=True)

    account: Mapped[OrderAccount] = relationship()
    receivable: Mapped[Receivable] = relationship()

    @property
    def title(self) -> str:
        """«3栋1单元1102 王伟 首期 11-24 电话»."""
        if self.account is None or self.receivable is None or self.at is None:
            return ""
        return f"{self.account.title} {self.receivable.kind.label} {self.at:%m-%d} {self.how}"
