"""What is a 认筹单: who queues for which units, with how much 诚意金, kept by whom."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.audiences import DealPapers
from app.kernel.base import Document, Numbered, field, one_live_row, state_field
from app.kernel.columns import Encrypted, Money
from app.kernel.constraints import sentence
from app.kernel.states import Choice, State

sentence("uq_intention_sequence", "这个排号已被另一份认筹单占用，请核对台账的序号")
sentence("uq_intention_live_customer", "这位客户已有一份进行中的认筹单，请打开那一份继续办理")


class IntentionState(State):
    DRAFT = ("draft", "草稿", "mute")
    SUBMITTED = ("submitted", "已提交", "info")
    VALID = ("valid", "有效", "ok")
    PRESENT = ("present", "已签到", "cyan")
    CHOSEN = ("chosen", "已选房", "ok")
    PASSED = ("passed", "过号", "warn")
    DEPOSITED = ("deposited", "转定金", "ok")
    LEAVING = ("leaving", "退号中", "warn")
    LEFT = ("left", "已退", "mute")
    VOID = ("void", "作废", "mute")


class Keeping(Choice):
    """How the 诚意金 is kept: frozen on the buyer's own account, or collected by 甲方."""

    NONE = ("none", "不收款（意向登记）", "mute")
    FROZEN = ("frozen", "银行冻结")
    COLLECTED = ("collected", "收取")


class Intention(Numbered, DealPapers, Document):
    """认筹单. sequence is the place in the queue, given when it becomes 有效; money is no 定金 and refundable (02 §2.3.3)."""

    __tablename__ = "intention"
    __label__ = "认筹单"
    __personal__ = frozenset({"customer_name", "refund_name"})
    __number__ = "RC"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("(keeping = 'none') = (amount = 0)", name="amount_kept"),
        UniqueConstraint("project_id", "sequence", name="uq_intention_sequence"),
        one_live_row("customer_id", alive="state IN ('submitted', 'valid', 'present')", name="uq_intention_live_customer"),
    )  # fmt: skip

    customer_id: Mapped[int] = field("客户", ForeignKey("customer.id"), nullable=False, index=True)
    customer_name: Mapped[str] = field("客户姓名", String(64), nullable=False, default="", auto=True)
    first_unit_id: Mapped[int] = field("第一意向", ForeignKey("unit.id"), nullable=False, index=True)
    second_unit_id: Mapped[int | None] = field("第二意向", ForeignKey("unit.id"))
    third_unit_id: Mapped[int | None] = field("第三意向", ForeignKey("unit.id"))
    keeping: Mapped[Keeping] = field(
        "诚意金方式", Keeping, nullable=False, default=Keeping.NONE, hint="取得预售证以前只能登记意向，不收款"
    )
    amount: Mapped[Decimal] = field("诚意金", Money, nullable=False, default=Decimal(0))
    refund_name: Mapped[str] = field("退款户名", String(64), nullable=False, default="")
    refund_account: Mapped[str | None] = field("退款账号", Encrypted, personal="id")
    remark: Mapped[str] = field("备注", String(300), nullable=False, default="", long=True)
    sequence: Mapped[int | None] = field("序号", Integer, auto=True)
    valid_on: Mapped[date | None] = field("生效日", Date, auto=True)
    reservation_id: Mapped[int | None] = field("认购书", ForeignKey("reservation.id"), index=True, auto=True)
    submitted_by: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[IntentionState] = state_field(IntentionState)

    customer: Mapped[Any] = relationship("Customer")
    first_unit: Mapped[Any] = relationship("Unit", foreign_keys=[first_unit_id])
    second_unit: Mapped[Any] = relationship("Unit", foreign_keys=[second_unit_id])
    third_unit: Mapped[Any] = relationship("Unit", foreign_keys=[third_unit_id])
    reservation: Mapped[Any] = relationship("Reservation")

    def __str__(self) -> str:
        return self.number or f"认筹单 {self.customer_name}".strip()

    @property
    def wished(self) -> list[int]:
        """The wished units, first wish first."""
        return [key for key in (self.first_unit_id, self.second_unit_id, self.third_unit_id) if key is not None]
