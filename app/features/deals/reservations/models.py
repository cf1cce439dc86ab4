"""What is a 认购书: unit, buyers, price, payment, the dated facts beside its state (02 §2.2.2, §2.4)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, Date, DateTime, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.customers.choices import IdKind
from app.features.deals.lines.models import OrderLine
from app.kernel.audiences import DealPapers
from app.kernel.base import Document, Numbered, field, now, one_live_row, state_field
from app.kernel.columns import ChoiceType, Encrypted, Money, Rate
from app.kernel.constraints import sentence
from app.kernel.states import Choice, State

LIVE_ORDER = "uq_reservation_live_unit"
ALIVE = "locked_at IS NOT NULL AND closed_at IS NULL"  # the lock included, until the order is closed
sentence(LIVE_ORDER, "该房源已被认购，请刷新销控表后另选房源")


class ReservationState(State):
    DRAFT = ("draft", "草稿", "mute")
    LOCKED = ("locked", "销控锁定", "cyan")
    REVIEW = ("review", "审核中", "info")
    AWAITING = ("awaiting", "待定金", "warn")
    EFFECTIVE = ("effective", "有效", "ok")
    SIGNED = ("signed", "已转签约", "ok")
    CLOSED = ("closed", "已关闭", "mute")


class CloseKind(Choice):
    """Why an order ended (02 §2.2.2 已关闭)."""

    RELEASED = ("released", "释放", "mute")
    WITHDRAWN = ("withdrawn", "退订", "warn")
    FORFEITED = ("forfeited", "挞定", "bad")
    CANCELLED = ("cancelled", "退房", "bad")
    EXCHANGED = ("exchanged", "换房", "plum")
    CHANGED = ("changed", "变更", "plum")


class Ownership(Choice):
    """共有方式."""

    SOLE = ("sole", "单独所有")
    JOINT = ("joint", "共同共有")
    SHARES = ("shares", "按份共有")

    def after(self, asked: Ownership | None, *, alone: bool) -> Ownership:
        """After 更名 or 增减名: one alone owns the flat alone, several as asked or as before, else jointly."""
        if alone:
            return Ownership.SOLE
        wanted = asked or self
        return Ownership.JOINT if wanted is Ownership.SOLE else wanted


class Standing(Choice):
    """Buyers are versioned: nobody is overwritten by 更名 or 增减名 (02 §2.2.3)."""

    CURRENT = ("current", "现买受人", "ok")
    PROPOSED = ("proposed", "待变更", "warn")
    FORMER = ("former", "原买受人", "mute")


class Reservation(Numbered, DealPapers, Document):
    """认购书. price_steps keeps the chain P1–P6 as it was computed, plan_rows the payment plan."""

    __tablename__ = "reservation"
    __label__ = "认购书"
    __personal__ = frozenset({"customer_name"})
    __number__ = "RG"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (close_kind IS NULL)", name="closed_with_kind"),
        CheckConstraint("total IS NULL OR total > 0", name="total_positive"),
        one_live_row("unit_id", alive=ALIVE, name=LIVE_ORDER),
    )

    unit_id: Mapped[int] = field("房源", ForeignKey("unit.id"), nullable=False, index=True, auto=True)
    customer_id: Mapped[int] = field("客户", ForeignKey("customer.id"), nullable=False, index=True, auto=True)
    customer_name: Mapped[str] = field("客户姓名", String(64), nullable=False, default="", auto=True)
    reserved_on: Mapped[date] = field("认购日期", Date, nullable=False, default=lambda: now().date())
    scheme_id: Mapped[int | None] = field("付款方式", ForeignKey("payment_scheme.id"))
    list_total: Mapped[Decimal | None] = field("表价总价", Money, auto=True)
    public_total: Mapped[Decimal | None] = field("公开折后总价", Money, auto=True)
    total: Mapped[Decimal | None] = field(
        "成交总价", Money, hint="含装修款、车位等；不填则按公开折后总价；低于公开折后总价须先有已批的特殊折扣单"
    )
    extras_total: Mapped[Decimal] = field(
        "装修款、车位等合计", Money, nullable=False, default=Decimal(0), auto=True, hint="已含在成交总价内"
    )
    unit_price: Mapped[Decimal | None] = field("成交单价", Money, auto=True, unit="元/㎡")
    discount_request_id: Mapped[int | None] = field("特殊折扣单", ForeignKey("discount_request.id"), auto=True)
    discount_ids: Mapped[list[int] | None] = mapped_column(JSON)  # 公开优惠 that it was given; None = all of its day
    deposit: Mapped[Decimal | None] = field("定金", Money, hint="不得超过成交总价的 20 %")
    sign_due_on: Mapped[date | None] = field("应签约日", Date, auto=True)
    first_sign_due_on: Mapped[date | None] = field("原应签约日", Date, auto=True, hint="延期签约以前的日期")
    predecessor_id: Mapped[int | None] = field("换自", ForeignKey("reservation.id"), index=True, auto=True)
    share: Mapped[Decimal] = field("分单比例", Rate, unit="%", nullable=False, default=Decimal(1), auto=True)
    ownership: Mapped[Ownership] = field("共有方式", Ownership, nullable=False, default=Ownership.SOLE)
    agent: Mapped[str] = field("委托代理人", String(64), nullable=False, default="")
    agent_paper: Mapped[str] = field("委托公证号", String(64), nullable=False, default="")
    guardian: Mapped[str] = field("监护人", String(64), nullable=False, default="")
    mail_address: Mapped[str | None] = field("送达地址", Encrypted, personal="address", wide=True)
    loan_bank: Mapped[str] = field("贷款银行", String(64), nullable=False, default="")
    loan_amount: Mapped[Decimal | None] = field("贷款金额", Money, hint="不填则按付款方式的贷款比例")
    fund_amount: Mapped[Decimal | None] = field("其中公积金", Money, hint="组合贷款填写")
    loan_years: Mapped[int | None] = field("贷款年限", Integer, unit="年")
    attached: Mapped[str] = field("附属车位、储藏间", String(100), nullable=False, default="")
    remark: Mapped[str] = field("备注", String(500), nullable=False, default="", long=True)
    state: Mapped[ReservationState] = state_field(ReservationState)

    material_checked_on: Mapped[date | None] = field("资料核对", Date, auto=True)
    customer_signed_on: Mapped[date | None] = field("客户签字", Date, auto=True)
    deposit_confirmed_on: Mapped[date | None] = field("定金确认", Date, auto=True)
    short_until: Mapped[date | None] = field("欠定补齐期限", Date, auto=True)
    sealed_on: Mapped[date | None] = field("甲方盖章", Date, auto=True)
    collected_on: Mapped[date | None] = field("三份领取", Date, auto=True)
    demanded_on: Mapped[date | None] = field("催签函寄出日", Date, auto=True)
    demand_express: Mapped[str] = field("催签函快递单号", String(40), nullable=False, default="", auto=True)
    end_notice_on: Mapped[date | None] = field("解除通知寄出日", Date, auto=True)
    end_notice_express: Mapped[str] = field("解除通知快递单号", String(40), nullable=False, default="", auto=True)
    locked_at: Mapped[datetime | None] = field("销控时间", DateTime, auto=True)
    closed_at: Mapped[datetime | None] = field("关闭时间", DateTime, auto=True)
    close_kind: Mapped[CloseKind | None] = field("关闭原因", CloseKind, auto=True)
    ends_as: Mapped[CloseKind | None] = field(
        "已批准", CloseKind, auto=True, hint="已批准、还没有执行的退订、挞定或退房"
    )
    taken_over_on: Mapped[date | None] = field("期初接管", Date, auto=True, hint="上线前的旧单，由期初接管写入")
    submitted_by: Mapped[int | None] = mapped_column(Integer)
    price_steps: Mapped[list[Any]] = mapped_column(JSON, nullable=False, default=list)
    plan_rows: Mapped[list[Any]] = mapped_column(JSON, nullable=False, default=list)

    unit: Mapped[Any] = relationship("Unit")
    customer: Mapped[Any] = relationship("Customer")
    scheme: Mapped[Any] = relationship("PaymentScheme")
    discount_request: Mapped[Any] = relationship("DiscountRequest")
    predecessor: Mapped[Any] = relationship("Reservation", remote_side="Reservation.id")
    lines: Mapped[list[OrderLine]] = relationship(order_by="OrderLine.id", back_populates="reservation")
    buyers: Mapped[list[Buyer]] = relationship(
        primaryjoin="and_(Buyer.reservation_id == Reservation.id, Buyer.standing == 'current')", order_by="Buyer.id",
        viewonly=True,
    )  # fmt: skip

    __chosen_with__ = ("unit",)

    @property
    def home_total(self) -> Decimal:
        """成交总价 less 装修款, 车位 and 储藏间: the 房款, yuan; 0 before a total is set."""
        return (self.total or Decimal(0)) - self.extras_total if self.total else Decimal(0)

    @property
    def home_public_total(self) -> Decimal:
        """公开折后总价 of the 房款 alone, yuan; 0 before it is computed."""
        return (self.public_total or Decimal(0)) - self.extras_total if self.public_total else Decimal(0)

    @property
    def attached_lines(self) -> list[OrderLine]:
        """The 车位 and 储藏间 among its lines."""
        return [line for line in self.lines if line.unit_id is not None]

    @property
    def chosen_as(self) -> str:
        """Where an order is chosen from a list: nobody knows its home by the number."""
        return f"{self.number} {self.unit.full_name}" if self.number and self.unit else str(self)

    def __str__(self) -> str:
        return self.number or f"认购书 {self.unit.full_name if self.unit else ''}".strip()


class Buyer(DealPapers, Document):
    """买受人: one of the buyers with his ID and share."""

    __tablename__ = "buyer"
    __label__ = "买受人"
    __title__ = "name"
    __labels__: ClassVar[dict[str, str]] = {"share_told": "份额"}
    __table_args__ = (CheckConstraint("share > 0 AND share <= 1000000", name="share_within_whole"),)

    reservation_id: Mapped[int] = field("认购书", ForeignKey("reservation.id"), nullable=False, index=True)
    name: Mapped[str] = field("姓名", String(64), nullable=False)
    id_kind: Mapped[IdKind] = field("证件类型", ChoiceType(IdKind), nullable=False, default=IdKind.ID_CARD)
    id_number: Mapped[str] = field("证件号码", Encrypted, personal="id", nullable=False)
    phone: Mapped[str | None] = field("手机", Encrypted, personal="phone")
    share: Mapped[Decimal] = field(
        "份额", Rate, unit="%", nullable=False, default=Decimal(1), hint="按份共有时填写，如 50%；各人合计为 100%"
    )

    guardian: Mapped[str] = field(
        "监护人", String(64), nullable=False, default="", hint="未满 18 周岁的买受人必填监护人姓名"
    )
    guardian_paper: Mapped[str] = field(
        "监护关系证明", String(64), nullable=False, default="", hint="例如：出生证明编号"
    )
    change_id: Mapped[int | None] = field("变更申请", ForeignKey("change_request.id"), index=True, auto=True)
    standing: Mapped[Standing] = field("买受人状态", Standing, nullable=False, default=Standing.CURRENT, auto=True)
    left_on: Mapped[date | None] = field("退出日期", Date, auto=True)

    reservation: Mapped[Reservation] = relationship()
    change: Mapped[Any] = relationship("ChangeRequest", foreign_keys=[change_id])

    @property
    def share_told(self) -> str:
        """«50.00 %» of 按份共有, else the way they own it: of a couple's flat each does not own the whole."""
        if self.standing is Standing.FORMER:
            return f"{self.share * 100:.2f} %" if self.share < 1 else ""
        proposed = self.standing is Standing.PROPOSED and self.change is not None
        ownership = self.change.ownership_after if proposed else self.reservation.ownership
        return f"{self.share * 100:.2f} %" if ownership is Ownership.SHARES else ownership.label
