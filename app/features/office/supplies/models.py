"""What is a 物品, and the papers that move its stock: 采购申请, 入库单, 领用退还单, 盘点报损单 (02 §2.4 «办公»)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.office.supplies.kinds import (
    CheckKind,
    CheckState,
    HandKind,
    HandState,
    MovementKind,
    PurchaseState,
    ReceiptState,
    Standing,
)
from app.kernel.audiences import AgencyPapers
from app.kernel.base import Document, Numbered, Record, field, now, state_field
from app.kernel.columns import Money
from app.kernel.constraints import sentence
from app.kernel.schema import append_only

append_only("stock_movement", "出入库流水只能追加，不能修改或删除")
sentence("ck_supply_item_stock", "库存不能小于 0，请先核对库存再办理")
sentence("uq_supply_item_name", "已有相同名称和规格的物品，请直接使用那一条")


def today() -> date:
    """Day of the site clock: what a new paper is dated with."""
    return now().date()


class SupplyItem(AgencyPapers, Document):
    """物品: stock is the sum of its movements, cached and guarded; nothing but a movement changes it."""

    __tablename__ = "supply_item"
    __label__ = "物品"
    __title__ = "title"
    __labels__: ClassVar[dict[str, str]] = {"standing": "库存状况"}
    __table_args__ = (
        UniqueConstraint("project_id", "name", "spec", name="uq_supply_item_name"),
        CheckConstraint("stock >= 0", name="stock"),
        CheckConstraint("minimum >= 0", name="minimum"),
    )

    name: Mapped[str] = field("名称", String(60), nullable=False)
    spec: Mapped[str] = field("规格", String(60), nullable=False, default="", hint="例如「A4 70g 500张」")
    unit: Mapped[str] = field(
        "单位", String(8), nullable=False, choices=("包", "盒", "支", "个", "本", "箱", "瓶", "卷")
    )
    minimum: Mapped[int] = field("安全量", Integer, nullable=False, default=0, hint="库存低于此数就提醒采购")
    kept_at: Mapped[str] = field("存放处", String(60), nullable=False, default="", choices=("前台柜", "资料室", "库房"))
    active: Mapped[bool] = field("在用", Boolean, nullable=False, default=True)
    stock: Mapped[int] = field("库存", Integer, nullable=False, default=0, auto=True)
    last_price: Mapped[Decimal | None] = field("最近单价", Money, auto=True)
    title: Mapped[str] = field("物品", String(124), nullable=False, default="", auto=True)

    check_lines: Mapped[list[SupplyCheckLine]] = relationship(viewonly=True, order_by="SupplyCheckLine.id")

    @property
    def counted(self) -> int:
        """What the latest count that is not decided yet says lies there; without one, the stock."""
        pending = [line for line in self.check_lines if line.check.counts_now]
        return pending[-1].quantity if pending else self.stock

    @property
    def standing(self) -> Standing | None:
        """A mark on what should be bought."""
        return Standing.LOW if self.active and self.stock < self.minimum else None


class StockMovement(AgencyPapers, Record):
    """流水: one change of one item's stock, signed, with the stock after it. Append-only."""

    __tablename__ = "stock_movement"
    __label__ = "出入库流水"
    __unaudited__ = True  # it is a log itself
    __table_args__ = (
        CheckConstraint("quantity <> 0", name="quantity"),
        CheckConstraint("balance >= 0", name="balance"),
    )

    at: Mapped[datetime] = field("时间", DateTime, nullable=False, auto=True, index=True)
    item_id: Mapped[int] = field("物品", ForeignKey("supply_item.id"), nullable=False, auto=True, index=True)
    kind: Mapped[MovementKind] = field("类型", MovementKind, nullable=False, auto=True, index=True)
    quantity: Mapped[int] = field("数量", Integer, nullable=False, auto=True)
    balance: Mapped[int] = field("结存", Integer, nullable=False, auto=True)
    unit_price: Mapped[Decimal | None] = field("单价", Money, auto=True)
    holder_id: Mapped[int | None] = field("领用人", Integer, auto=True, lookup="person", index=True)
    team_id: Mapped[int | None] = field("班组", Integer, auto=True, lookup="team")
    paper: Mapped[str] = field("单号", String(40), nullable=False, auto=True)
    subject: Mapped[str] = mapped_column(String(64), nullable=False)  # table and id of the paper behind it
    subject_id: Mapped[int] = mapped_column(Integer, nullable=False)
    person_id: Mapped[int] = field("经手人", Integer, nullable=False, auto=True, lookup="person")

    item: Mapped[SupplyItem] = relationship()

    def __str__(self) -> str:
        return f"{self.paper} {self.kind.label}"


class SupplyPurchase(Numbered, AgencyPapers, Document):
    """采购申请: what is to be bought, decided by amount as an expense is; goods come in by 入库单."""

    __tablename__ = "supply_purchase"
    __label__ = "采购申请"
    __number__ = "CG"

    reason: Mapped[str] = field("事由", String(200), nullable=False, wide=True, hint="例如「11 月办公用品补货」")
    wanted_on: Mapped[date | None] = field("希望到货日", Date)
    amount: Mapped[Decimal] = field("预计金额", Money, nullable=False, default=Decimal(0), auto=True)
    submitted_by: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[PurchaseState] = state_field(PurchaseState)
    lines: Mapped[list[SupplyPurchaseLine]] = relationship(
        cascade="all, delete-orphan", order_by="SupplyPurchaseLine.id", back_populates="purchase"
    )

    @property
    def line_words(self) -> str:
        """The lines as text: what the approval covers."""
        return "；".join(f"{line.item_id} {line.quantity} {line.unit_price:.2f}" for line in self.lines)


class SupplyPurchaseLine(AgencyPapers, Record):
    """采购明细: unit_price is an estimate."""

    __tablename__ = "supply_purchase_line"
    __label__ = "采购明细"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)

    purchase_id: Mapped[int] = mapped_column(ForeignKey("supply_purchase.id"), nullable=False, index=True)
    item_id: Mapped[int] = field("物品", ForeignKey("supply_item.id"), nullable=False)
    quantity: Mapped[int] = field("数量", Integer, nullable=False)
    unit_price: Mapped[Decimal] = field("预计单价", Money, nullable=False)
    amount: Mapped[Decimal] = field("金额", Money, nullable=False, default=Decimal(0), auto=True)

    purchase: Mapped[SupplyPurchase] = relationship(back_populates="lines")
    item: Mapped[SupplyItem] = relationship()


class SupplyReceipt(Numbered, AgencyPapers, Document):
    """入库单: what came in, at which price, from whom, on which bill."""

    __tablename__ = "supply_receipt"
    __label__ = "入库单"
    __number__ = "RK"

    purchase_id: Mapped[int | None] = field("采购申请", ForeignKey("supply_purchase.id"), index=True)
    supplier: Mapped[str] = field("供应商", String(80), nullable=False)
    bill_number: Mapped[str] = field("票据号", String(40), nullable=False, default="", hint="发票或送货单号")
    came_on: Mapped[date] = field("入库日期", Date, nullable=False, default=today)
    note: Mapped[str] = field("备注", String(200), nullable=False, default="")
    amount: Mapped[Decimal] = field("金额合计", Money, nullable=False, default=Decimal(0), auto=True)
    state: Mapped[ReceiptState] = state_field(ReceiptState)

    purchase: Mapped[SupplyPurchase | None] = relationship()
    lines: Mapped[list[SupplyReceiptLine]] = relationship(
        cascade="all, delete-orphan", order_by="SupplyReceiptLine.id", back_populates="receipt"
    )


class SupplyReceiptLine(AgencyPapers, Record):
    """入库明细."""

    __tablename__ = "supply_receipt_line"
    __label__ = "入库明细"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)

    receipt_id: Mapped[int] = mapped_column(ForeignKey("supply_receipt.id"), nullable=False, index=True)
    item_id: Mapped[int] = field("物品", ForeignKey("supply_item.id"), nullable=False)
    quantity: Mapped[int] = field("数量", Integer, nullable=False)
    unit_price: Mapped[Decimal] = field("单价", Money, nullable=False)
    amount: Mapped[Decimal] = field("金额", Money, nullable=False, default=Decimal(0), auto=True)

    receipt: Mapped[SupplyReceipt] = relationship(back_populates="lines")
    item: Mapped[SupplyItem] = relationship()


class SupplyHand(Numbered, AgencyPapers, Document):
    """领用退还单: prepared by the clerk; stock moves when the person signs with his own login."""

    __tablename__ = "supply_hand"
    __label__ = "领用退还单"
    __number__ = "LY"
    __labels__: ClassVar[dict[str, str]] = {"things": "物品"}

    kind: Mapped[HandKind] = field("类型", HandKind, nullable=False, default=HandKind.ISSUE)
    holder_id: Mapped[int] = field("领用人", ForeignKey("person.id"), nullable=False, index=True, hint="由本人登录签收")
    note: Mapped[str] = field("用途", String(200), nullable=False, default="")
    team_id: Mapped[int | None] = field("班组", Integer, auto=True, lookup="team")
    handed_at: Mapped[datetime | None] = field("交付时间", DateTime, auto=True)
    signed_at: Mapped[datetime | None] = field("签收时间", DateTime, auto=True)
    state: Mapped[HandState] = state_field(HandState)

    holder: Mapped[Any] = relationship("Person")
    lines: Mapped[list[SupplyHandLine]] = relationship(
        cascade="all, delete-orphan", order_by="SupplyHandLine.id", back_populates="hand"
    )

    @property
    def things(self) -> str:
        """«中性笔 0.5 黑 ×4、便签本 76×76 ×2»: what a list says without opening the paper."""
        return "、".join(f"{line.item.title} ×{line.quantity}" for line in self.lines)


class SupplyHandLine(AgencyPapers, Record):
    """领用明细."""

    __tablename__ = "supply_hand_line"
    __label__ = "领用明细"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)

    hand_id: Mapped[int] = mapped_column(ForeignKey("supply_hand.id"), nullable=False, index=True)
    item_id: Mapped[int] = field("物品", ForeignKey("supply_item.id"), nullable=False)
    quantity: Mapped[int] = field("数量", Integer, nullable=False)

    hand: Mapped[SupplyHand] = relationship(back_populates="lines")
    item: Mapped[SupplyItem] = relationship()


class SupplyCheck(Numbered, AgencyPapers, Document):
    """盘点报损单: what was counted, or what is spoilt; booked only after the approval."""

    __tablename__ = "supply_check"
    __label__ = "盘点报损单"
    __number__ = "PD"

    kind: Mapped[CheckKind] = field("类型", CheckKind, nullable=False, default=CheckKind.COUNT)
    checked_on: Mapped[date] = field("盘点日期", Date, nullable=False, default=today)
    note: Mapped[str] = field("原因说明", String(300), nullable=False, default="", long=True, hint="有差异或报损时必填")
    submitted_by: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[CheckState] = state_field(CheckState)

    lines: Mapped[list[SupplyCheckLine]] = relationship(
        cascade="all, delete-orphan", order_by="SupplyCheckLine.id", back_populates="check"
    )

    @property
    def counts_now(self) -> bool:
        """Whether it is a count that nobody has decided yet."""
        return self.kind is CheckKind.COUNT and self.state in (CheckState.DRAFT, CheckState.REVIEW)

    @property
    def line_words(self) -> str:
        """The lines as text: what the approval covers."""
        return "；".join(f"{line.item_id} {line.quantity} {line.difference} {line.reason}" for line in self.lines)


class SupplyCheckLine(AgencyPapers, Record):
    """盘点明细: book is the stock when it was submitted, difference what will be booked."""

    __tablename__ = "supply_check_line"
    __label__ = "盘点明细"
    __table_args__ = (CheckConstraint("quantity >= 0", name="quantity"),)

    check_id: Mapped[int] = mapped_column(ForeignKey("supply_check.id"), nullable=False, index=True)
    item_id: Mapped[int] = field("物品", ForeignKey("supply_item.id"), nullable=False)
    quantity: Mapped[int] = field("实盘或报损数量", Integer, nullable=False)
    reason: Mapped[str] = field("差异原因", String(100), nullable=False, default="")
    book: Mapped[int | None] = field("账面", Integer, auto=True)
    difference: Mapped[int | None] = field("差异", Integer, auto=True)

    check: Mapped[SupplyCheck] = relationship(back_populates="lines")
    item: Mapped[SupplyItem] = relationship()
