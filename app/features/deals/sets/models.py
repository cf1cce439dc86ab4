"""What is a contract set: for which order, at which place, which papers are there."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.audiences import DealPapers
from app.kernel.base import Document, Record, field, one_live_row, state_field
from app.kernel.constraints import sentence
from app.kernel.states import Choice, State

sentence("uq_contract_set_live", "这份认购书在这个地点已有一套合同，请打开那一套")


class SetState(State):
    PREPARING = ("preparing", "准备中", "warn")
    READY = ("ready", "已备齐", "ok")
    TAKEN = ("taken", "已取用", "mute")
    VOID = ("void", "作废", "mute")


class Place(Choice):
    """签约地点."""

    SITE = ("site", "案场")
    SHANGHAI = ("shanghai", "上海展厅")


class Presence(Choice):
    """Whether a paper of the list lies ready."""

    LACKING = ("lacking", "缺", "bad")
    THERE = ("there", "已备", "ok")


class ContractSet(DealPapers, Document):
    """合同套件: prepared by the contract officer or the clerk; ready only when every paper of its list is there."""

    __tablename__ = "contract_set"
    __label__ = "合同套件"
    __personal__ = frozenset({"customer_name"})
    __table_args__ = (
        one_live_row("reservation_id", "place", alive="state IN ('preparing', 'ready')", name="uq_contract_set_live"),
    )

    reservation_id: Mapped[int] = field("认购书", ForeignKey("reservation.id"), nullable=False, index=True)
    unit_id: Mapped[int] = field("房源", ForeignKey("unit.id"), nullable=False, index=True, auto=True)
    customer_name: Mapped[str] = field("客户姓名", String(64), nullable=False, default="", auto=True)
    place: Mapped[Place] = field("签约地点", Place, nullable=False, default=Place.SITE)
    sign_on: Mapped[date | None] = field("预约签约日", Date)
    ready_on: Mapped[date | None] = field("备齐日", Date, auto=True)
    state: Mapped[SetState] = state_field(SetState)

    reservation: Mapped[Any] = relationship("Reservation")
    unit: Mapped[Any] = relationship("Unit")
    items: Mapped[list[SetItem]] = relationship(order_by="SetItem.id", cascade="all, delete-orphan")

    def __str__(self) -> str:
        return f"{self.unit.full_name} {self.place.label}" if self.unit and self.place else "合同套件"


class SetItem(DealPapers, Record):
    """One paper of the list."""

    __tablename__ = "set_item"
    __label__ = "清单"
    __title__ = "name"

    contract_set_id: Mapped[int] = mapped_column(ForeignKey("contract_set.id"), nullable=False, index=True)
    name: Mapped[str] = field("资料", String(64), nullable=False)
    copies: Mapped[int] = field("份数", Integer, nullable=False, default=1, unit="份")
    presence: Mapped[Presence] = field("是否备好", Presence, nullable=False, default=Presence.LACKING)
