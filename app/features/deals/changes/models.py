"""What is a 变更申请: which order ends, at whose fault, what is kept and what is refunded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.audiences import DealPapers
from app.kernel.base import Document, Numbered, field, one_live_row, state_field
from app.kernel.columns import Money, Rate
from app.kernel.constraints import sentence
from app.kernel.states import Choice, State

OPEN_CHANGE = "uq_change_request_open"
sentence(OPEN_CHANGE, "这份认购书已有一份正在办理的变更申请，请先办完或撤回那一份")


class ChangeState(State):
    DRAFT = ("draft", "草稿", "mute")
    REVIEW = ("review", "审批中", "info")
    APPROVED = ("approved", "已批", "warn")
    EXECUTED = ("executed", "已执行", "ok")
    REFUSED = ("refused", "驳回", "bad")
    VOID = ("void", "作废", "mute")


class ChangeKind(Choice):
    """The kinds of this stage; exchanges and changes of name come with the complete orders."""

    WITHDRAWAL = ("withdrawal", "退订")
    FORFEITURE = ("forfeiture", "挞定")
    CANCELLATION = ("cancellation", "退房")


class FaultOf(Choice):
    """谁的责任."""

    BUYER = ("buyer", "买方责任")
    SELLER = ("seller", "卖方责任")
    NOBODY = ("nobody", "双方无责")


class ChangeRequest(Numbered, DealPapers, Document):
    """变更申请 of one order; the sums are computed by the rules when it is saved and again when it is executed."""

    __tablename__ = "change_request"
    __label__ = "变更申请"
    __personal__ = frozenset({"customer_name"})
    __number__ = "BG"
    __table_args__ = (
        CheckConstraint("penalty >= 0 AND fee >= 0 AND refundable >= 0 AND kept >= 0", name="sums_not_negative"),
        one_live_row("reservation_id", alive="state IN ('review', 'approved')", name=OPEN_CHANGE),
    )

    kind: Mapped[ChangeKind] = field("变更类型", ChangeKind, nullable=False)
    reservation_id: Mapped[int] = field("认购书", ForeignKey("reservation.id"), nullable=False, index=True)
    unit_id: Mapped[int] = field("房源", ForeignKey("unit.id"), nullable=False, index=True, auto=True)
    customer_id: Mapped[int] = field("客户", ForeignKey("customer.id"), nullable=False, auto=True)
    customer_name: Mapped[str] = field("客户姓名", String(64), nullable=False, default="", auto=True)
    fault: Mapped[FaultOf] = field("责任", FaultOf, nullable=False)
    reason: Mapped[str] = field("原因", String(500), nullable=False, long=True)
    penalty_share: Mapped[Decimal] = field(
        "违约金比例", Rate, unit="%", nullable=False, default=Decimal(0), hint="退房填写，填 3% 或 0.03"
    )
    fee: Mapped[Decimal] = field("手续费", Money, nullable=False, default=Decimal(0))
    paid: Mapped[Decimal] = field("已收合计", Money, nullable=False, default=Decimal(0), auto=True)
    kept: Mapped[Decimal] = field("没收定金", Money, nullable=False, default=Decimal(0), auto=True)
    penalty: Mapped[Decimal] = field("违约金", Money, nullable=False, default=Decimal(0), auto=True)
    compensation: Mapped[Decimal] = field("双倍返还部分", Money, nullable=False, default=Decimal(0), auto=True)
    refundable: Mapped[Decimal] = field("应退金额", Money, nullable=False, default=Decimal(0), auto=True)
    executed_on: Mapped[date | None] = field("执行日", Date, auto=True)
    submitted_by: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[ChangeState] = state_field(ChangeState)

    reservation: Mapped[Any] = relationship("Reservation")
    unit: Mapped[Any] = relationship("Unit")
    customer: Mapped[Any] = relationship("Customer")

    def __str__(self) -> str:
        return (
            self.number
            or f"{self.kind.label if self.kind else '变更'} {self.unit.full_name if self.unit else ''}".strip()
        )
