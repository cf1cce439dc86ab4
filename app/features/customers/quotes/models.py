"""What is a 置业计划: customer, unit, 付款方式, every step of the price, the plan; void when the price changes (02 §2.3.1)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.audiences import CustomerPapers
from app.kernel.base import Document, Numbered, field, state_field
from app.kernel.columns import Money, Rate
from app.kernel.states import State


class QuoteState(State):
    VALID = ("valid", "有效", "ok")
    CHANGED = ("changed", "价格已变动", "warn")
    EXPIRED = ("expired", "已过期", "mute")
    VOID = ("void", "已作废", "mute")


class Quote(CustomerPapers, Numbered, Document):
    """置业计划. steps keeps P1–P4 of the 房款 as [label, change, total], plan_rows the plan as [kind, payer, amount, anchor, days,
    number], lines what stands beside the home as [kind, name, list total, total]; the totals are sums over all of it."""

    __tablename__ = "quote"
    __label__ = "置业计划"
    __number__ = "ZY"
    __table_args__ = (
        CheckConstraint("public_total > 0", name="public_total"),
        CheckConstraint("loan_years IS NULL OR loan_years BETWEEN 1 AND 30", name="loan_years"),
        CheckConstraint("fund_years IS NULL OR fund_years BETWEEN 1 AND 30", name="fund_years"),
    )

    customer_id: Mapped[int] = field("客户", ForeignKey("customer.id"), nullable=False, index=True)
    unit_id: Mapped[int] = field("房源", ForeignKey("unit.id"), nullable=False, index=True)
    scheme_id: Mapped[int] = field("付款方式", ForeignKey("payment_scheme.id"), nullable=False)
    loan_amount: Mapped[Decimal | None] = field("贷款合计", Money, hint="按揭、组合：不填则按付款方式的贷款比例")
    fund_amount: Mapped[Decimal | None] = field("其中公积金", Money, hint="只有组合贷款填写")
    loan_years: Mapped[int | None] = field("贷款年限", Integer, unit="年", hint="按揭、组合：用来估算月供")
    fund_years: Mapped[int | None] = field("公积金年限", Integer, unit="年", hint="不填则与贷款年限相同")
    loan_rate: Mapped[Decimal | None] = field("商贷年利率", Rate, unit="%", hint="填 3.5% 或 0.035")
    fund_rate: Mapped[Decimal | None] = field("公积金年利率", Rate, unit="%", hint="填 2.6% 或 0.026")
    discounts_text: Mapped[str] = field("公开优惠", String(500), nullable=False, default="", auto=True)
    list_total: Mapped[Decimal] = field("表价总价", Money, nullable=False, auto=True)
    public_total: Mapped[Decimal] = field("公开折后总价", Money, nullable=False, auto=True)
    extras_total: Mapped[Decimal] = field(
        "装修款、车位等合计", Money, nullable=False, default=Decimal(0), auto=True, hint="已含在公开折后总价内"
    )
    unit_price: Mapped[Decimal] = field("折后单价", Money, nullable=False, auto=True, unit="元/㎡")
    total_discount: Mapped[Decimal] = field("总折扣", Rate, unit="%", nullable=False, auto=True)
    deposit: Mapped[Decimal] = field("定金", Money, nullable=False, auto=True)
    monthly: Mapped[Decimal | None] = field("首月月供", Money, auto=True)
    valid_until: Mapped[date] = field("有效至", Date, nullable=False, auto=True)
    state: Mapped[QuoteState] = state_field(QuoteState)
    steps: Mapped[list[Any]] = mapped_column(JSON, nullable=False, default=list)
    plan_rows: Mapped[list[Any]] = mapped_column(JSON, nullable=False, default=list)
    lines: Mapped[list[Any]] = mapped_column(JSON, nullable=False, default=list)

    customer: Mapped[Any] = relationship("Customer")
    unit: Mapped[Any] = relationship("Unit")
    scheme: Mapped[Any] = relationship("PaymentScheme")

    @property
    def home_total(self) -> Decimal:
        """The 房款 among the total, yuan."""
        return self.public_total - self.extras_total

    @property
    def home_list_total(self) -> Decimal:
        """表价 of the home alone, yuan."""
        return self.list_total - sum((Decimal(line[2]) for line in self.lines), Decimal(0))
