"""What is a 计价项目 of a 认购书: 装修款, 车位 or 储藏间 beside the 房款, each computed P1–P4 on its own (02 §2.3.1, §2.4)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, DateTime, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.pricing.models import PricedLine
from app.kernel.audiences import DealPapers
from app.kernel.base import Document, field, one_live_row
from app.kernel.columns import Money
from app.kernel.constraints import sentence

LIVE_LINE = "uq_order_line_live_unit"
sentence(LIVE_LINE, "这个车位或储藏间已随别的认购书售出，请刷新后另选")


class OrderLine(DealPapers, Document):
    """One line of an order beside its home. The order's own total less these lines is the 房款.

    list_total is kept from the day it was chosen; public_total is P4 of it, yuan, and what it is sold for: a concession is
    given on the 房款 alone. taken_at … left_at: while this order has the parking place or store room.
    """

    __tablename__ = "order_line"
    __label__ = "计价项目"
    __title__ = "name"
    __table_args__ = (
        CheckConstraint("kind IN ('finish', 'parking', 'store')", name="kind"),
        CheckConstraint("(kind = 'finish') = (unit_id IS NULL)", name="unit_of_kind"),
        CheckConstraint("list_total > 0 AND public_total > 0", name="totals_positive"),
        one_live_row("unit_id", alive="taken_at IS NOT NULL AND left_at IS NULL", name=LIVE_LINE),
    )

    reservation_id: Mapped[int] = field("认购书", ForeignKey("reservation.id"), nullable=False, index=True)
    kind: Mapped[PricedLine] = field("项目", PricedLine, nullable=False)
    unit_id: Mapped[int | None] = field("房源", ForeignKey("unit.id"), index=True)
    name: Mapped[str] = field("名称", String(64), nullable=False)
    list_total: Mapped[Decimal] = field("表价", Money, nullable=False, auto=True)
    public_total: Mapped[Decimal] = field("成交价", Money, nullable=False, auto=True)
    area_back: Mapped[Decimal] = field("面积补差已退", Money, nullable=False, default=Decimal(0), auto=True)
    steps: Mapped[list[Any]] = mapped_column(JSON, nullable=False, default=list)
    taken_at: Mapped[datetime | None] = field("锁定时间", DateTime, auto=True)
    left_at: Mapped[datetime | None] = field("释放时间", DateTime, auto=True)

    reservation: Mapped[Any] = relationship("Reservation", back_populates="lines")
    unit: Mapped[Any] = relationship("Unit")
