"""What is a 期初接管单: the sums that 甲方 and its finance vouch for, and the orders, rows and receipts that must add up to them."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.payments.models import Credited, FundKind, Method, PaidBy
from app.kernel.audiences import DealPapers
from app.kernel.base import Document, Numbered, field, one_live_row, state_field
from app.kernel.columns import Encrypted, Money, Rate
from app.kernel.constraints import sentence
from app.kernel.states import Choice, State

LATE_RATE = "填万分之 2、0.02% 或 0.0002；空着按范本的万分之 2"
PLACES = "写房号；有几个的，每个写「房号=价格」，用分号隔开"
OPEN = "state IN ('draft', 'review', 'approved')"
sentence("uq_take_over_open", "本项目已有一份期初接管单在办理，请先办完或作废那一份")
sentence("uq_take_over_order_unit", "这套房在本次接管里已有一行")


class TakeOverState(State):
    DRAFT = ("draft", "整理中", "mute")
    REVIEW = ("review", "核对审批中", "info")
    APPROVED = ("approved", "已核准", "warn")
    DONE = ("done", "已接管", "ok")
    VOID = ("void", "作废", "mute")


class Stage(Choice):
    """How far the sale had come on the day of the take-over."""

    ORDERED = ("ordered", "认购")
    SIGNED = ("signed", "签约")
    ONLINE = ("online", "网签")
    FILED = ("filed", "备案")


class TakeOver(DealPapers, Numbered, Document):
    """期初接管单. The expected sums are typed from 甲方's and its finance's own lists, never computed from the rows."""

    __tablename__ = "take_over"
    __label__ = "期初接管单"
    __number__ = "JG"
    __table_args__ = (one_live_row("project_id", alive=OPEN, name="uq_take_over_open"),)

    as_of: Mapped[date] = field("截止日", Date, nullable=False, hint="旧账截到这一天，之后的业务在系统里办")
    orders_expected: Mapped[int] = field(
        "甲方：在途套数", Integer, nullable=False, unit="套", hint="认购未签和已签约合计"
    )
    signed_expected: Mapped[int] = field("甲方：其中已签约", Integer, nullable=False, unit="套")
    total_expected: Mapped[Decimal] = field("甲方：成交总价合计", Money, nullable=False)
    received_expected: Mapped[Decimal] = field("财务：已收合计", Money, nullable=False)
    owed_expected: Mapped[Decimal] = field("财务：未收合计", Money, nullable=False)
    note: Mapped[str] = field("说明", String(500), nullable=False, default="", long=True)
    done_on: Mapped[date | None] = field("接管日", Date, auto=True)
    submitted_by: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[TakeOverState] = state_field(TakeOverState)

    orders: Mapped[list[TakeOverOrder]] = relationship(order_by="TakeOverOrder.unit_id", back_populates="take_over")
    dues: Mapped[list[TakeOverDue]] = relationship(order_by="TakeOverDue.id", back_populates="take_over")
    receipts: Mapped[list[TakeOverReceipt]] = relationship(order_by="TakeOverReceipt.id", back_populates="take_over")

    def __str__(self) -> str:
        return self.number or "期初接管单"

    @property
    def rows_digest(self) -> str:
        """A fingerprint of every row, so that the approval covers them."""
        lines = [
            *(f"o|{o.unit_id}|{o.buyer}|{o.stage.value}|{o.reserved_on}|{o.total}|{o.deposit}|{o.signed_on}|{o.filed_on}|{o.beside}|{o.late_rate}|{o.late_days}" for o in self.orders),
            *(f"d|{d.unit_id}|{d.kind.value}|{d.due_on}|{d.amount}" for d in self.dues),
            *(f"r|{r.unit_id}|{r.kind.value}|{r.paid_on}|{r.amount}|{r.reference}" for r in self.receipts),
        ]  # fmt: skip
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


class TakeOverOrder(DealPapers, Document):
    """One running order: flat, buyer, price, how far it had come. reservation_id: what became of it."""

    __tablename__ = "take_over_order"
    __label__ = "接管订单"
    __title__ = "title"
    __personal__ = frozenset({"title"})
    __table_args__ = (
        UniqueConstraint("take_over_id", "unit_id", name="uq_take_over_order_unit"),
        CheckConstraint("total > 0", name="total"),
        CheckConstraint(
            "coalesce(finish_total, 1) > 0 AND coalesce(parking_total, 1) > 0 AND coalesce(store_total, 1) > 0",
            name="beside",
        ),
    )

    take_over_id: Mapped[int] = field("期初接管单", ForeignKey("take_over.id"), nullable=False, auto=True, index=True)
    unit_id: Mapped[int] = field("房源", ForeignKey("unit.id"), nullable=False, index=True)
    buyer: Mapped[str] = field("买受人", String(64), nullable=False, personal="name")
    id_number: Mapped[str] = field("证件号码", Encrypted, nullable=False, personal="id")
    phone: Mapped[str] = field("手机", Encrypted, nullable=False, personal="phone")
    others: Mapped[str | None] = field(
        "其他买受人", Encrypted, personal="id", wide=True, hint="每人写「姓名 证件号码」，用分号隔开"
    )
    seller_id: Mapped[int] = field("置业顾问", Integer, nullable=False, lookup="person")
    stage: Mapped[Stage] = field("办到哪一步", Stage, nullable=False)
    old_number: Mapped[str] = field("原认购书编号", String(64), nullable=False, default="")
    reserved_on: Mapped[date] = field("认购日期", Date, nullable=False)
    scheme_id: Mapped[int] = field("付款方式", ForeignKey("payment_scheme.id"), nullable=False)
    total: Mapped[Decimal] = field("成交总价", Money, nullable=False)
    home_total: Mapped[Decimal | None] = field("其中房款", Money, hint="填了就核对：各项相加等于成交总价")
    finish_total: Mapped[Decimal | None] = field("装修款", Money)
    parking: Mapped[str] = field("车位", String(200), nullable=False, default="", hint=PLACES)
    parking_total: Mapped[Decimal | None] = field("车位款", Money)
    store: Mapped[str] = field("储藏间", String(200), nullable=False, default="", hint=PLACES)
    store_total: Mapped[Decimal | None] = field("储藏间款", Money)
    deposit: Mapped[Decimal] = field("定金", Money, nullable=False)
    loan_amount: Mapped[Decimal | None] = field("贷款金额", Money)
    fund_amount: Mapped[Decimal | None] = field("其中公积金", Money)
    contract_no: Mapped[str] = field("合同号", String(64), nullable=False, default="")
    signed_on: Mapped[date | None] = field("签约日期", Date)
    online_no: Mapped[str] = field("网签号", String(64), nullable=False, default="")
    online_on: Mapped[date | None] = field("网签日期", Date)
    filed_no: Mapped[str] = field("备案号", String(64), nullable=False, default="")
    filed_on: Mapped[date | None] = field("备案日期", Date)
    late_rate: Mapped[Decimal | None] = field("逾期付款日费率", Rate, unit="‱", hint=LATE_RATE)
    late_days: Mapped[int | None] = field("逾期解除天数", Integer, unit="天")
    reservation_id: Mapped[int | None] = field("认购书", ForeignKey("reservation.id"), auto=True)

    take_over: Mapped[TakeOver] = relationship(back_populates="orders")
    unit: Mapped[Any] = relationship("Unit")
    scheme: Mapped[Any] = relationship("PaymentScheme")
    reservation: Mapped[Any] = relationship("Reservation")

    @property
    def beside(self) -> str:
        """What is sold with the home, for the fingerprint."""
        return (
            f"{self.home_total}|{self.finish_total}|{self.parking}|{self.parking_total}|{self.store}|{self.store_total}"
        )

    @property
    def title(self) -> str:
        """«3栋1单元1102 王伟»."""
        return f"{self.unit.full_name} {self.buyer}" if self.unit else self.__label__


class TakeOverDue(DealPapers, Document):
    """One row of the payment plan as it was agreed; an order without any gets the plan of its 付款方式."""

    __tablename__ = "take_over_due"
    __label__ = "接管应收"
    __title__ = "id"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    take_over_id: Mapped[int] = field("期初接管单", ForeignKey("take_over.id"), nullable=False, auto=True, index=True)
    unit_id: Mapped[int] = field("房源", ForeignKey("unit.id"), nullable=False, index=True)
    kind: Mapped[FundKind] = field("款项类型", FundKind, nullable=False)
    payer: Mapped[PaidBy] = field("付款方", PaidBy, nullable=False, default=PaidBy.BUYER)
    instalment: Mapped[int] = field("期次", Integer, nullable=False, default=1)
    due_on: Mapped[date | None] = field("应收日", Date)
    amount: Mapped[Decimal] = field("应收金额", Money, nullable=False)

    take_over: Mapped[TakeOver] = relationship(back_populates="dues")
    unit: Mapped[Any] = relationship("Unit")


class TakeOverReceipt(DealPapers, Document):
    """Money that had come by the day of the take-over, receipt by receipt."""

    __tablename__ = "take_over_receipt"
    __label__ = "接管收款"
    __title__ = "id"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    take_over_id: Mapped[int] = field("期初接管单", ForeignKey("take_over.id"), nullable=False, auto=True, index=True)
    unit_id: Mapped[int] = field("房源", ForeignKey("unit.id"), nullable=False, index=True)
    kind: Mapped[FundKind] = field("款项类型", FundKind, nullable=False)
    amount: Mapped[Decimal] = field("金额", Money, nullable=False)
    paid_on: Mapped[date] = field("收款日", Date, nullable=False)
    method: Mapped[Method] = field("方式", Method, nullable=False, default=Method.TRANSFER)
    credited: Mapped[Credited] = field("入账账户", Credited, nullable=False, default=Credited.SUPERVISED)
    old_number: Mapped[str] = field("原收据号", String(64), nullable=False, default="")
    reference: Mapped[str] = field("流水号", String(64), nullable=False, default="")

    take_over: Mapped[TakeOver] = relationship(back_populates="receipts")
    unit: Mapped[Any] = relationship("Unit")
