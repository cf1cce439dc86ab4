"""What is a 合同: numbers, form, terms and penalties, signatures and filing (02 §2.2.2, §2.4)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.units.models import PricingBasis
from app.kernel.audiences import DealPapers
from app.kernel.base import Document, Numbered, field, one_live_row, state_field
from app.kernel.columns import Area, ChoiceType, Money, Rate
from app.kernel.constraints import sentence
from app.kernel.states import Choice, State

LIVE_CONTRACT = "uq_contract_live_reservation"
sentence(LIVE_CONTRACT, "这份认购书已经有一份合同，请打开那份合同继续办理")


class ContractState(State):
    DRAFT = ("draft", "草稿", "mute")
    REVIEW = ("review", "审核中", "info")
    APPROVED = ("approved", "已审", "info")
    ENTERED = ("entered", "网签录入·草签", "plum")
    SIGNED = ("signed", "已签", "ok")
    ONLINE = ("online", "网签", "ok")
    FILED = ("filed", "备案", "ok")
    COLLECTED = ("collected", "已领取", "ok")
    REVOKING = ("revoking", "撤销申请", "warn")
    ACCEPTED = ("accepted", "房管受理", "warn")
    REVOKED = ("revoked", "已撤销", "bad")
    VOID = ("void", "作废", "mute")


class ContractAlert(Choice):
    """The deadline that a signed contract has come to."""

    ONLINE = ("online", "网签逾期", "warn")
    FILING = ("filing", "备案临近", "warn")
    URGENT = ("urgent", "备案即将到期", "bad")
    OVERDUE = ("overdue", "备案逾期", "bad")
    COLLECT = ("collect", "领取逾期", "warn")


class Form(Choice):
    """范本."""

    PRESALE = ("gf-2014-0171", "预售 GF-2014-0171")
    READY = ("gf-2014-0172", "现售 GF-2014-0172")


class Contract(Numbered, DealPapers, Document):
    """合同 of one 认购书. The system's number is the internal one; contract_no is printed on the paper.

    buyers and buyer_ids are those of the day it was written: whoever signs must be the buyers of the order.
    """

    __tablename__ = "contract"
    __label__ = "合同"
    __personal__ = frozenset({"customer_name", "buyers"})
    __number__ = "HT"
    __table_args__ = (
        CheckConstraint("total > 0", name="total_positive"),
        one_live_row("reservation_id", alive="state NOT IN ('void', 'revoked')", name=LIVE_CONTRACT),
    )

    reservation_id: Mapped[int] = field("认购书", ForeignKey("reservation.id"), nullable=False, index=True)
    unit_id: Mapped[int] = field("房源", ForeignKey("unit.id"), nullable=False, index=True, auto=True)
    customer_id: Mapped[int] = field("客户", ForeignKey("customer.id"), nullable=False, index=True, auto=True)
    customer_name: Mapped[str] = field("客户姓名", String(64), nullable=False, default="", auto=True)
    buyers: Mapped[str] = field("买受人", String(200), nullable=False, default="", auto=True)
    buyer_ids: Mapped[list[int]] = mapped_column(JSON, nullable=False, default=list)
    contract_no: Mapped[str] = field("合同号", String(64), nullable=False, default="")
    form: Mapped[Form] = field("范本", Form, nullable=False, default=Form.PRESALE)
    building_area: Mapped[Decimal] = field("合同建筑面积", Area, nullable=False, auto=True)
    pricing_basis: Mapped[PricingBasis] = field("计价方式", ChoiceType(PricingBasis), nullable=False, auto=True)
    unit_price: Mapped[Decimal] = field("合同单价", Money, nullable=False, auto=True, unit="元/㎡")
    total: Mapped[Decimal] = field("合同总价", Money, nullable=False, auto=True)
    scheme_id: Mapped[int] = field("付款方式", ForeignKey("payment_scheme.id"), nullable=False, auto=True)
    handover_on: Mapped[date | None] = field("交付日", Date)
    late_rate: Mapped[Decimal] = field(
        "逾期付款日费率", Rate, unit="‱", nullable=False, default=Decimal("0.0002"), hint="填万分之 2、0.02% 或 0.0002"
    )
    late_days: Mapped[int] = field("逾期解除天数", Integer, nullable=False, default=60, unit="天")
    termination_rate: Mapped[Decimal] = field("解除违约金比例", Rate, unit="%", nullable=False, default=Decimal("0.05"))
    area_clause: Mapped[str] = field(
        "面积差异条款", String(200), nullable=False, default="按《商品房销售管理办法》第二十条"
    )
    supplement: Mapped[str] = field("补充协议", String(500), nullable=False, default="", long=True)
    terms_changed: Mapped[bool] = field(
        "改动了范本条款", Boolean, nullable=False, default=False, hint="改动范本条款须经甲方法务审核"
    )
    copies: Mapped[int] = field("份数", Integer, nullable=False, default=4, unit="份")
    paper_no: Mapped[str] = field("领用编号", String(64), nullable=False, default="")
    key_keeper: Mapped[str] = field("U盾保管人", String(32), nullable=False, default="")
    notarised: Mapped[bool] = field("公证委托签约", Boolean, nullable=False, default=False)
    papers_complete: Mapped[bool] = field("按揭资料已齐", Boolean, nullable=False, default=False)
    papers_promised_on: Mapped[date | None] = field("承诺齐件日", Date)
    state: Mapped[ContractState] = state_field(ContractState)

    buyer_signed_on: Mapped[date | None] = field("买方签署", Date, auto=True)
    seller_sealed_on: Mapped[date | None] = field("甲方盖章", Date, auto=True)
    signed_on: Mapped[date | None] = field("签约日", Date, auto=True)
    online_no: Mapped[str] = field("网签号", String(64), nullable=False, default="", auto=True)
    online_on: Mapped[date | None] = field("网签日", Date, auto=True)
    filed_no: Mapped[str] = field("备案号", String(64), nullable=False, default="", auto=True)
    filed_on: Mapped[date | None] = field("备案日", Date, auto=True)
    alert: Mapped[ContractAlert | None] = field("期限提醒", ContractAlert, auto=True, index=True)
    collected_on: Mapped[date | None] = field("领取日", Date, auto=True)
    taken_over_on: Mapped[date | None] = field("期初接管", Date, auto=True)
    revoked_on: Mapped[date | None] = field("撤销日", Date, auto=True)
    submitted_by: Mapped[int | None] = mapped_column(Integer)

    reservation: Mapped[Any] = relationship("Reservation")
    unit: Mapped[Any] = relationship("Unit")
    customer: Mapped[Any] = relationship("Customer")
    scheme: Mapped[Any] = relationship("PaymentScheme")

    def __str__(self) -> str:
        return self.contract_no or self.number or f"合同 {self.unit.full_name if self.unit else ''}".strip()
