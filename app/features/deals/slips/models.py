"""What is a 签约流转单: which order is signed, at which desk its papers lie."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, relationship

from app.kernel.audiences import DealPapers
from app.kernel.base import Document, Numbered, field, one_live_row, state_field
from app.kernel.constraints import sentence
from app.kernel.states import State

sentence("uq_signing_slip_live", "这份认购书已有一份在流转的签约流转单")


class SlipState(State):
    """Each state is the desk that has the papers."""

    SALES = ("sales", "置业顾问", "mute")
    CLERK = ("clerk", "资料核对", "info")
    FINANCE = ("finance", "财务核款", "warn")
    OFFICER = ("officer", "签约办理", "info")
    SEAL = ("seal", "甲方盖章", "plum")
    DONE = ("done", "已办结", "ok")
    VOID = ("void", "作废", "mute")


class SigningSlip(Numbered, DealPapers, Document):
    """签约流转单 of one order; its transition log is the sign-off of every desk."""

    __tablename__ = "signing_slip"
    __label__ = "签约流转单"
    __personal__ = frozenset({"customer_name"})
    __number__ = "LZ"
    __table_args__ = (
        one_live_row("reservation_id", alive="state NOT IN ('done', 'void')", name="uq_signing_slip_live"),
    )

    reservation_id: Mapped[int] = field("认购书", ForeignKey("reservation.id"), nullable=False, index=True)
    unit_id: Mapped[int] = field("房源", ForeignKey("unit.id"), nullable=False, index=True, auto=True)
    customer_name: Mapped[str] = field("客户姓名", String(64), nullable=False, default="", auto=True)
    remark: Mapped[str] = field("交接说明", String(300), nullable=False, default="", long=True)
    state: Mapped[SlipState] = state_field(SlipState, "所在岗位")

    reservation: Mapped[Any] = relationship("Reservation")
    unit: Mapped[Any] = relationship("Unit")

    def __str__(self) -> str:
        return self.number or f"签约流转单 {self.unit.full_name if self.unit else ''}".strip()
