"""What is kept of every change of a customer's owner. Rows are only ever added."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import DateTime, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.audiences import CustomerPapers
from app.kernel.base import Record
from app.kernel.columns import ChoiceType, Rate
from app.kernel.states import Choice


class OwnerRule(Choice):
    """By which rule a customer got another owner."""

    CHANGED = ("changed", "主管变更", "info")
    RULED = ("ruled", "判客裁定", "plum")
    KIN = ("kin", "关系户随同", "cyan")
    POOLED = ("pooled", "转入公海", "warn")
    RECYCLED = ("recycled", "超期转公海", "warn")
    CLAIMED = ("claimed", "公海领取", "ok")
    ASSIGNED = ("assigned", "公海分配", "ok")
    HANDED_OVER = ("handed_over", "离职移交", "info")


class OwnershipChange(CustomerPapers, Record):
    """One change of owner. owner_id, partner_id and team_id are those of the customer now, as on every row that is read
    through him; who owned him before and after stands in before_id and after_id."""

    __tablename__ = "ownership_change"
    __label__ = "归属变更"
    __unaudited__ = True  # it is a log itself

    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), nullable=False, index=True)
    at: Mapped[datetime] = mapped_column(DateTime, nullable=False)
    rule: Mapped[OwnerRule] = mapped_column(ChoiceType(OwnerRule), nullable=False)
    before_id: Mapped[int | None] = mapped_column(Integer)
    after_id: Mapped[int | None] = mapped_column(Integer)
    after_partner_id: Mapped[int | None] = mapped_column(Integer)
    share: Mapped[Decimal | None] = mapped_column(Rate)
    by_id: Mapped[int] = mapped_column(Integer, nullable=False)
    by_name: Mapped[str] = mapped_column(String(64), nullable=False)
    paper: Mapped[str] = mapped_column(String(64), nullable=False, default="")
    note: Mapped[str] = mapped_column(String(500), nullable=False, default="")
