"""甲方授权: the developer's signed paper under which the agency's points count (02 §2.3.2)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from app.kernel.audiences import ManagerPapers
from app.kernel.base import Document, field, now, state_field
from app.kernel.columns import Money
from app.kernel.constraints import sentence
from app.kernel.states import State

sentence("uq_mandate_use_paper", "这份特殊折扣单已经计入授权额度")


class MandateState(State):
    DRAFT = ("draft", "草稿", "mute")
    REVIEW = ("review", "审批中", "info")
    ACTIVE = ("active", "有效", "ok")
    ENDED = ("ended", "已终止", "mute")
    REFUSED = ("refused", "不同意", "bad")


class Mandate(ManagerPapers, Document):
    """甲方授权: registered by CLK, decided by JFL; caps of units and yuan, used up by decisions inside the agency."""

    __tablename__ = "mandate"
    __label__ = "甲方授权"
    __title__ = "document_no"
    __table_args__ = (
        UniqueConstraint("project_id", "document_no", name="uq_mandate_document_no"),
        CheckConstraint("valid_until >= valid_from", name="dates"),
        CheckConstraint("cap_units IS NULL OR cap_units > 0", name="cap_units"),
        CheckConstraint("cap_amount IS NULL OR cap_amount > 0", name="cap_amount"),
    )

    document_no: Mapped[str] = field("授权书文号", String(64), nullable=False)
    signed_on: Mapped[date] = field("签署日期", Date, nullable=False)
    signed_by: Mapped[str] = field("甲方签署人", String(64), nullable=False)
    valid_from: Mapped[date] = field("起用日期", Date, nullable=False)
    valid_until: Mapped[date] = field("截止日期", Date, nullable=False, hint="最后一天，当天仍有效")
    cap_units: Mapped[int | None] = field("套数上限", Integer, unit="套", hint="不填表示不限")
    cap_amount: Mapped[Decimal | None] = field("让利金额上限", Money, hint="不填表示不限")
    note: Mapped[str] = field("授权内容", String(500), nullable=False, default="", long=True)
    state: Mapped[MandateState] = state_field(MandateState)

    uses: Mapped[list[MandateUse]] = relationship(order_by="MandateUse.id", back_populates="mandate")

    __labels__ = {"used_units": "已用套数", "used_amount": "已用金额"}  # noqa: RUF012 - read by the screens

    @property
    def used_units(self) -> int:
        """How many units were given away under it."""
        return len({use.unit_id for use in self.uses})

    @property
    def used_amount(self) -> Decimal:
        """How many yuan were given away under it."""
        return sum((use.amount for use in self.uses), Decimal(0))


class MandateUse(ManagerPapers, Document):
    """授权使用: one concession that was decided inside the agency."""

    __tablename__ = "mandate_use"
    __label__ = "授权使用"
    __title__ = "paper"
    __table_args__ = (
        UniqueConstraint("mandate_id", "paper", name="uq_mandate_use_paper"),
        CheckConstraint("amount > 0", name="amount"),
    )

    mandate_id: Mapped[int] = field("甲方授权", ForeignKey("mandate.id"), nullable=False, index=True)
    unit_id: Mapped[int] = field("房源", ForeignKey("unit.id"), nullable=False, index=True)
    amount: Mapped[Decimal] = field("让利金额", Money, nullable=False)
    paper: Mapped[str] = field("单据", String(64), nullable=False)
    used_at: Mapped[datetime] = field("使用时间", DateTime, nullable=False, default=now)

    mandate: Mapped[Mandate] = relationship(back_populates="uses")
    unit: Mapped[Any] = relationship("Unit")
