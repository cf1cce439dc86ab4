"""Step 2 and 3: what is a 钥匙借用单?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, relationship

from app.kernel.audiences import AgencyPapers
from app.kernel.base import Document, Numbered, field, one_live_row, state_field
from app.kernel.columns import Money
from app.kernel.constraints import sentence
from app.kernel.states import Choice, State

sentence("uq_key_loan_unit", "这套房的钥匙还没有归还，不能再借")


class Purpose(Choice):
    """Why the key leaves the cabinet."""

    VIEWING = ("viewing", "带看")
    REPAIR = ("repair", "维修")


class KeyLoanState(State):
    """草稿 → 审批中 → 已借出 → 已归还 / 不同意."""

    DRAFT = ("draft", "草稿", "mute")
    REVIEW = ("review", "审批中", "warn")
    LENT = ("lent", "已借出", "info")
    RETURNED = ("returned", "已归还", "ok")
    REFUSED = ("refused", "不同意", "bad")


class KeyLoan(AgencyPapers, Numbered, Document):
    """钥匙借用单: one key of a unit, lent until a day against a deposit."""

    __tablename__ = "key_loan"
    __label__ = "钥匙借用单"
    __number__ = "YS"
    __table_args__ = (
        CheckConstraint("deposit >= 0", name="deposit"),
        one_live_row("unit_id", alive="state IN ('review', 'lent')", name="uq_key_loan_unit"),
    )

    unit_id: Mapped[int] = field("房源", ForeignKey("unit.id"), nullable=False)
    borrower: Mapped[str] = field("借用人", String(32), nullable=False)
    purpose: Mapped[Purpose] = field("用途", Purpose, nullable=False)
    due_on: Mapped[date] = field("应还日期", Date, nullable=False)
    deposit: Mapped[Decimal] = field("押金", Money, nullable=False, default=Decimal(0))
    returned_on: Mapped[date | None] = field("归还日期", Date, nullable=True, auto=True)
    state: Mapped[KeyLoanState] = state_field(KeyLoanState)

    unit: Mapped[Any] = relationship("Unit")
