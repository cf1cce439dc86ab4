"""What is a 特殊折扣单: list, public-discount price, asked price, and what the approver grants."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.audiences import DealPapers
from app.kernel.base import Document, Numbered, field, one_live_row, state_field
from app.kernel.columns import Money, Rate
from app.kernel.constraints import sentence
from app.kernel.states import State

OPEN_DISCOUNT = "uq_discount_request_open"
sentence(OPEN_DISCOUNT, "这套房源和这位客户已有一份未用完的特殊折扣单，请先用掉或作废那一份")


class DiscountState(State):
    DRAFT = ("draft", "草稿", "mute")
    REVIEW = ("review", "审批中", "info")
    APPROVED = ("approved", "已批", "ok")
    USED = ("used", "已使用", "ok")
    EXPIRED = ("expired", "过期", "mute")
    REFUSED = ("refused", "拒绝", "bad")
    VOID = ("void", "作废", "mute")


class DiscountRequest(Numbered, DealPapers, Document):
    """One request; asked_total is the deal total after every concession, so several papers count together by themselves."""

    __tablename__ = "discount_request"
    __label__ = "特殊折扣单"
    __personal__ = frozenset({"customer_name"})
    __labels__: ClassVar[dict[str, str]] = {"extra_percent": "额外让利"}
    __number__ = "ZK"
    __table_args__ = (
        CheckConstraint("asked_total > 0", name="asked_total_positive"),
        one_live_row("unit_id", "customer_id", alive="state IN ('review', 'approved')", name=OPEN_DISCOUNT),
    )

    unit_id: Mapped[int] = field("房源", ForeignKey("unit.id"), nullable=False, index=True)
    customer_id: Mapped[int] = field("客户", ForeignKey("customer.id"), nullable=False, index=True)
    customer_name: Mapped[str] = field("客户姓名", String(64), nullable=False, default="", auto=True)
    scheme_id: Mapped[int] = field("付款方式", ForeignKey("payment_scheme.id"), nullable=False)
    list_total: Mapped[Decimal] = field("表价总价", Money, nullable=False, auto=True)
    public_total: Mapped[Decimal] = field("公开折后总价", Money, nullable=False, auto=True)
    asked_total: Mapped[Decimal] = field("申请总价", Money, nullable=False, hint="所有让利之后的成交总价")
    extra: Mapped[Decimal] = field("额外让利比例", Rate, unit="%", nullable=False, auto=True)
    reason: Mapped[str] = field("理由", String(500), nullable=False, long=True)
    wanted_until: Mapped[date] = field("希望有效至", Date, nullable=False)
    granted_total: Mapped[Decimal | None] = field("核定总价", Money, auto=True)
    valid_until: Mapped[date | None] = field("有效至", Date, auto=True)
    used_at: Mapped[datetime | None] = field("使用时间", DateTime, auto=True)
    reservation_id: Mapped[int | None] = mapped_column(Integer, index=True)
    submitted_by: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[DiscountState] = state_field(DiscountState)

    unit: Mapped[Any] = relationship("Unit")
    customer: Mapped[Any] = relationship("Customer")
    scheme: Mapped[Any] = relationship("PaymentScheme")

    def __str__(self) -> str:
        return self.number or f"特殊折扣单 {self.unit.full_name if self.unit else ''}".strip()

    @property
    def extra_percent(self) -> str:
        """«2.19 %»"""
        return f"{self.extra * 100:.2f} %"
