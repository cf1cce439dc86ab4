"""What is a 补差单: areas before and after the survey, the error, who pays what, whether the buyer may withdraw (02 §2.3.7)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import Boolean, CheckConstraint, Date, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.features.handover.household import OfHousehold
from app.features.pricing.models import PricedLine
from app.features.units.models import PricingBasis
from app.kernel.audiences import AftercarePapers
from app.kernel.base import Document, Numbered, field, one_live_row, state_field
from app.kernel.columns import Area, ChoiceType, Money, Rate
from app.kernel.constraints import sentence
from app.kernel.posts import Post
from app.kernel.states import Choice, State

LIVE_SETTLEMENT = "uq_area_settlement_live"
sentence(LIVE_SETTLEMENT, "这套房已经有一份补差单，请打开那一份继续办理")
SERVICE = frozenset({Post.DEVELOPER_SERVICE})


class AreaState(State):
    DRAFT = ("draft", "待确认", "mute")
    REVIEW = ("review", "审批中", "info")
    BOOKED = ("booked", "已批待结清", "warn")
    CLEARED = ("cleared", "已结清", "ok")
    WITHDRAWN = ("withdrawn", "转退房", "bad")
    REFUSED = ("refused", "不同意", "bad")
    VOID = ("void", "作废", "mute")


class Direction(Choice):
    """Who pays."""

    PAY = ("pay", "买受人补交", "warn")
    BACK = ("back", "退还买受人", "info")
    EVEN = ("even", "不补不退", "ok")


class Wish(Choice):
    """What the buyer chose when the error lets him withdraw."""

    ACCEPT = ("accept", "接受补差")
    WITHDRAW = ("withdraw", "要求退房")


class AreaSettlement(OfHousehold, Numbered, AftercarePapers, Document):
    """补差单. amount is what moves in all; doubled of it is the part that is paid back double, borne what the seller bears.

    One for each thing that is sold by area: the home, a 车位 or 储藏间 beside it (line, with its name in the account).
    """

    __tablename__ = "area_settlement"
    __label__ = "面积补差单"
    __number__ = "BC"
    __personal__ = frozenset({"buyers"})
    __labels__: ClassVar[dict[str, str]] = {"pay_until": "应缴日", "back_until": "应退日"}
    __file_writers__ = SERVICE | {Post.DEVELOPER_SITE}
    __table_args__ = (
        CheckConstraint("amount >= 0 AND doubled >= 0 AND doubled <= amount AND borne >= 0", name="sums"),
        one_live_row("reservation_id", "unit_id", alive="state NOT IN ('refused', 'void')", name=LIVE_SETTLEMENT),
    )

    surveyed_area: Mapped[Decimal] = field("产权登记建筑面积", Area, nullable=False, unit="㎡")
    surveyed_inner: Mapped[Decimal | None] = field("产权登记套内面积", Area, unit="㎡", hint="按套内计价的必填")
    report_no: Mapped[str] = field("测绘报告号", String(64), nullable=False, default="")
    clause_direction: Mapped[Direction | None] = field("按条款结算", Direction, hint="合同另有约定时填写")
    clause_amount: Mapped[Decimal | None] = field("按条款结算金额", Money)
    note: Mapped[str] = field("备注", String(300), nullable=False, default="", long=True)

    clause: Mapped[str] = field("合同面积差异条款", String(200), nullable=False, default="", auto=True, wide=True)
    line: Mapped[PricedLine] = field("计价项目", PricedLine, nullable=False, default=PricedLine.HOME, auto=True)
    line_name: Mapped[str] = mapped_column(String(64), nullable=False, default="")
    basis: Mapped[PricingBasis] = field("计价方式", ChoiceType(PricingBasis), nullable=False, auto=True)
    contract_area: Mapped[Decimal] = field("合同面积", Area, nullable=False, auto=True)
    unit_price: Mapped[Decimal] = field("合同单价", Money, nullable=False, auto=True, unit="元/㎡")
    error: Mapped[Decimal] = field("误差比", Rate, nullable=False, default=Decimal(0), auto=True, unit="%")
    direction: Mapped[Direction] = field("补差方向", Direction, nullable=False, default=Direction.EVEN, auto=True)
    amount: Mapped[Decimal] = field("补差金额", Money, nullable=False, default=Decimal(0), auto=True)
    doubled: Mapped[Decimal] = field("其中双倍返还", Money, nullable=False, default=Decimal(0), auto=True)
    borne: Mapped[Decimal] = field("甲方承担", Money, nullable=False, default=Decimal(0), auto=True)
    may_withdraw: Mapped[bool] = field("买受人可退房", Boolean, nullable=False, default=False, auto=True)
    wish: Mapped[Wish | None] = field("买受人选择", Wish, auto=True)
    wished_on: Mapped[date | None] = field("选择日期", Date, auto=True)
    booked_on: Mapped[date | None] = field("入账日", Date, auto=True)
    due_on: Mapped[date | None] = field("应缴（退）日", Date, auto=True)
    receivable_id: Mapped[int | None] = mapped_column(Integer)
    submitted_by: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[AreaState] = state_field(AreaState)

    @property
    def pays_back(self) -> bool:
        """Whether the day is the seller's: a sum that goes back, or a buyer who leaves."""
        return self.direction is Direction.BACK or self.state is AreaState.WITHDRAWN

    @property
    def pay_until(self) -> date | None:
        """The buyer's day, on the page of a sum that he owes."""
        return self.due_on

    @property
    def back_until(self) -> date | None:
        """The seller's day."""
        return self.due_on
