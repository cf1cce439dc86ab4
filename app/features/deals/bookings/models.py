"""What is a 小订单: the order that holds the flat, the sum, the days, and whether it goes back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, relationship

from app.kernel.audiences import DealPapers
from app.kernel.base import Document, Numbered, field, one_live_row, state_field
from app.kernel.columns import Money
from app.kernel.constraints import sentence
from app.kernel.states import State

sentence("uq_booking_live_reservation", "这份认购书已有一份进行中的小订单")


class BookingState(State):
    DRAFT = ("draft", "草稿", "mute")
    SIGNED = ("signed", "待确认到账", "warn")
    ACTIVE = ("active", "小订", "plum")
    CONVERTED = ("converted", "已转认购", "ok")
    EXPIRED = ("expired", "已到期", "mute")
    RETURNED = ("returned", "已退订金", "mute")
    VOID = ("void", "作废", "mute")


class Booking(Numbered, DealPapers, Document):
    """小订单 of a locked order. 订金 is no 定金: refundable unless printed otherwise (02 §2.3.3)."""

    __tablename__ = "booking"
    __label__ = "小订单"
    __personal__ = frozenset({"customer_name"})
    __number__ = "XD"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("days BETWEEN 1 AND 7", name="days"),
        one_live_row(
            "reservation_id", alive="state IN ('draft', 'signed', 'active')", name="uq_booking_live_reservation"
        ),
    )

    reservation_id: Mapped[int] = field("认购书", ForeignKey("reservation.id"), nullable=False, index=True)
    unit_id: Mapped[int] = field("房源", ForeignKey("unit.id"), nullable=False, index=True, auto=True)
    customer_id: Mapped[int] = field("客户", ForeignKey("customer.id"), nullable=False, auto=True, index=True)
    customer_name: Mapped[str] = field("客户姓名", String(64), nullable=False, default="", auto=True)
    amount: Mapped[Decimal] = field("订金", Money, nullable=False)
    days: Mapped[int] = field("保留天数", Integer, nullable=False, default=3, unit="天", hint="1 至 7 天")
    refundable: Mapped[bool] = field("到期可退", Boolean, nullable=False, default=True, hint="照此印在小订单上")
    signed_on: Mapped[date | None] = field("签署日", Date, auto=True)
    until: Mapped[date | None] = field("保留到", Date, auto=True)
    state: Mapped[BookingState] = state_field(BookingState)

    reservation: Mapped[Any] = relationship("Reservation")
    unit: Mapped[Any] = relationship("Unit")
    customer: Mapped[Any] = relationship("Customer")

    def __str__(self) -> str:
        return self.number or f"小订单 {self.unit.full_name if self.unit else ''}".strip()
