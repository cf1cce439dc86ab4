"""What buyers owe: the account of an order, its receivable rows, the 缴款通知单 (02 §2.2.2, §2.3.4, §2.4)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ColumnElement,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    String,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.customers.models import Customer
from app.features.payments.models.kinds import FundKind, PaidBy
from app.features.pricing.models import PricedLine
from app.features.units.models import Unit
from app.kernel.audiences import MoneyPapers
from app.kernel.base import Document, Numbered, field, state_field
from app.kernel.columns import Money, Rate
from app.kernel.constraints import sentence
from app.kernel.states import State

sentence("uq_order_account_paper", "这份认购书已经开过收款账户，不能再开一个")
sentence("ck_receivable_received", "已收金额不能为负数，也不能超过该行的应收金额")


class ReceivableState(State):
    """未到期 → 应收 → 部分 → 已缴清; 延期 until the new date, 逾期 until paid; 取消 when the plan ends."""

    NOT_DUE = ("not_due", "未到期", "mute")
    DUE = ("due", "应收", "info")
    PARTIAL = ("partial", "部分", "warn")
    PAID = ("paid", "已缴清", "ok")
    OVERDUE = ("overdue", "逾期", "bad")
    EXTENDED = ("extended", "延期", "warn")
    CANCELLED = ("cancelled", "取消", "mute")


class NoticeState(State):
    """A 缴款通知单: carried to the cashier, then 已收款, or 作废."""

    ISSUED = ("issued", "待缴款", "info")
    PAID = ("paid", "已收款", "ok")
    VOID = ("void", "已作废", "mute")


ORDER = "reservation"


class OrderAccount(MoneyPapers, Document):
    """收款账户: all money of one order, or of a paper before it (认筹单, 小订单). subject and reservation_id name that paper in the
    room of deals, which this room does not know."""

    __tablename__ = "order_account"
    __label__ = "收款账户"
    __title__ = "title"
    __personal__ = frozenset({"title"})
    __table_args__ = (
        UniqueConstraint("subject", "reservation_id", name="uq_order_account_paper"),
        CheckConstraint("total > 0", name="total"),
    )

    title: Mapped[str] = field("账户", String(160), nullable=False, auto=True)
    subject: Mapped[str] = mapped_column(String(32), nullable=False, default=ORDER)
    reservation_id: Mapped[int] = mapped_column(Integer, nullable=False)
    order_number: Mapped[str] = field("认购书编号", String(64), nullable=False, auto=True, index=True)
    unit_id: Mapped[int] = field("房源", ForeignKey("unit.id"), nullable=False, auto=True, index=True)
    customer_id: Mapped[int] = field("客户", ForeignKey("customer.id"), nullable=False, auto=True, index=True)
    buyers: Mapped[str] = field("买受人", String(200), nullable=False, auto=True, personal="name")
    total: Mapped[Decimal] = field("成交总价", Money, nullable=False, auto=True)
    opened_on: Mapped[date] = field("开户日", Date, nullable=False, auto=True)
    closed_at: Mapped[datetime | None] = field("结清关闭", DateTime, nullable=True, auto=True)
    # the contract's clause on late payment (02 §2.3.6); without a rate nothing accrues
    late_rate: Mapped[Decimal | None] = field("逾期付款日费率", Rate, nullable=True, auto=True, unit="‱")
    termination_days: Mapped[int | None] = field("逾期解除天数", Integer, nullable=True, auto=True, unit="天")
    termination_share: Mapped[Decimal | None] = field("解除违约金比例", Rate, nullable=True, auto=True, unit="%")

    unit: Mapped[Unit] = relationship()
    customer: Mapped[Customer] = relationship()
    receivables: Mapped[list[Receivable]] = relationship(back_populates="account", order_by="Receivable.id")

    @property
    def is_of_order(self) -> bool:
        """Not of a 认筹单 or 小订单."""
        return self.subject == ORDER


class Receivable(MoneyPapers, Document):
    """应收行: what is owed by whom until when. `received` is Σ of its allocations, kept by effects only (`doctor` compares)."""

    __tablename__ = "receivable"
    __label__ = "应收行"
    __title__ = "title"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("received >= 0 AND received <= amount", name="received"),
        CheckConstraint("extended_to IS NULL OR extended_to > due_on", name="extended"),
        CheckConstraint("late_waived >= 0", name="late_waived"),
    )

    account_id: Mapped[int] = field("收款账户", ForeignKey("order_account.id"), nullable=False, auto=True, index=True)
    kind: Mapped[FundKind] = field("款项类型", FundKind, nullable=False, auto=True)
    payer: Mapped[PaidBy] = field("付款方", PaidBy, nullable=False, auto=True)
    instalment: Mapped[int] = field("期次", Integer, nullable=False, auto=True)
    # the 计价项目 that it is owed for; None: of the whole order (rows from before plans had lines, money beside the plan)
    line: Mapped[PricedLine | None] = field("分项", PricedLine, nullable=True, auto=True)
    line_name: Mapped[str] = field("分项名称", String(64), nullable=False, default="", auto=True)
    anchor: Mapped[str | None] = mapped_column(String(16))  # the event that the due date counts from, with its days
    anchor_days: Mapped[int | None] = mapped_column(Integer)
    due_on: Mapped[date | None] = field("应收日", Date, nullable=True, auto=True, index=True)
    extended_to: Mapped[date | None] = field(
        "延期至", Date, nullable=True, auto=True, index=True
    )  # due_on stays as agreed
    extension_paper: Mapped[str] = field("延期依据", String(64), nullable=False, default="", auto=True)
    amount: Mapped[Decimal] = field("应收金额", Money, nullable=False, auto=True)
    received: Mapped[Decimal] = field("已收金额", Money, nullable=False, default=Decimal(0), auto=True)
    reminders: Mapped[int] = field("催款次数", Integer, nullable=False, default=0, auto=True)
    next_reminder_on: Mapped[date | None] = field("下次催款", Date, nullable=True, auto=True)
    promised_on: Mapped[date | None] = field("承诺付款日", Date, nullable=True, auto=True)
    dunning_level: Mapped[int] = mapped_column(Integer, nullable=False, default=0)  # day rules that were reached
    reminded_level: Mapped[int] = mapped_column(
        Integer, nullable=False, default=0
    )  # the rule at which he was last asked
    dunning_on: Mapped[date | None] = mapped_column(
        Date, index=True
    )  # the day on which level or terminable change next
    broken_promises: Mapped[int] = field("失约次数", Integer, nullable=False, default=0, auto=True)
    terminable: Mapped[bool] = field("出卖人可解除", Boolean, nullable=False, default=False, auto=True)
    late_waived: Mapped[Decimal] = field("已减免滞纳金", Money, nullable=False, default=Decimal(0), auto=True)
    late_of_id: Mapped[int | None] = field(
        "逾期的应收行", ForeignKey("receivable.id"), nullable=True, auto=True, index=True
    )
    note: Mapped[str] = field("说明", String(200), nullable=False, default="", auto=True)
    state: Mapped[ReceivableState] = state_field(ReceivableState)

    account: Mapped[OrderAccount] = relationship(back_populates="receivables")
    late_of: Mapped[Receivable | None] = relationship(remote_side="Receivable.id")

    @property
    def payable_on(self) -> date | None:
        """The day until which it is to be paid: the extension's, else the agreed one."""
        return self.extended_to or self.due_on

    @property
    def open_amount(self) -> Decimal:
        """What is still to be paid, yuan; nothing once the row is cancelled."""
        return Decimal(0) if self.state is ReceivableState.CANCELLED else self.amount - self.received

    @property
    def title(self) -> str:
        """«3栋1单元1102 王伟 首期», «… 首期（车位 B1-023）»."""
        return f"{self.account.title} {self.words}" if self.account and self.kind else ""

    @property
    def words(self) -> str:
        """What it is owed for: «首期»; beside the home «首期（装修款）»."""
        if self.line is None or self.line is PricedLine.HOME:
            return self.kind.label
        return f"{self.kind.label}（{self.line.named(self.line_name)}）"


def payable_on() -> ColumnElement[date | None]:
    """Receivable.payable_on in a statement."""
    return func.coalesce(Receivable.extended_to, Receivable.due_on)


class PaymentNotice(MoneyPapers, Numbered, Document):
    """缴款通知单: what the buyer carries to the cashier; issued by consultant or clerk, no money moves by it."""

    __tablename__ = "payment_notice"
    __label__ = "缴款通知单"
    __number__ = "JK"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    account_id: Mapped[int] = field("收款账户", ForeignKey("order_account.id"), nullable=False, index=True)
    kind: Mapped[FundKind] = field("款项类型", FundKind, nullable=False)
    amount: Mapped[Decimal] = field("金额", Money, nullable=False)
    pay_by: Mapped[date | None] = field("请于此日前缴款", Date, nullable=True)
    remark: Mapped[str] = field("备注", String(200), nullable=False, default="", wide=True)
    state: Mapped[NoticeState] = state_field(NoticeState)

    account: Mapped[OrderAccount] = relationship()
