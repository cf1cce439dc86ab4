"""销售方案: the 公开优惠 that everybody who qualifies gets, and how they add up (02 §2.3.1 P2–P4, P7)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, relationship

from app.features.pricing.models.schemes import PricedLine, SchemeState
from app.kernel.audiences import SchemePapers
from app.kernel.base import Document, field, one_live_row, state_field
from app.kernel.columns import Money, Rate
from app.kernel.constraints import sentence
from app.kernel.rates import TENTHS, rate_words
from app.kernel.states import Choice

sentence("uq_sales_scheme_name", "已有同名的销售方案，请换一个名称，或先停用旧的")


class CompoundingKind(Choice):
    """How several factors meet; the labels are those of the rules."""

    MULTIPLIED = ("multiplied", "连乘")
    ADDED = ("added", "连减")


class RoundingStep(Choice):
    """取整单位 of the deal total, the code is the step in yuan."""

    YUAN = ("1", "元")
    TEN = ("10", "十元")
    HUNDRED = ("100", "百元")


class RoundingWay(Choice):
    """取整方式; the labels are those of kernel/money.py."""

    HALF_UP = ("half_up", "四舍五入")
    CUT = ("cut", "去尾")


class SalesScheme(SchemePapers, Document):
    """销售方案: in force between two days; of several in force the one that began last holds."""

    __tablename__ = "sales_scheme"
    __label__ = "销售方案"
    __title__ = "name"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="dates"),
        one_live_row("project_id", "name", alive="state IN ('draft', 'review', 'active')", name="uq_sales_scheme_name"),
    )

    name: Mapped[str] = field("名称", String(64), nullable=False, hint="例如：十一月强销方案")
    valid_from: Mapped[date] = field("起用日期", Date, nullable=False)
    valid_until: Mapped[date | None] = field("截止日期", Date, hint="最后一天，当天仍有效；不填表示长期")
    compounding: Mapped[CompoundingKind] = field(
        "折扣算法", CompoundingKind, nullable=False, default=CompoundingKind.MULTIPLIED,
        hint="连乘：0.98×0.99；连减：1−0.02−0.01",
    )  # fmt: skip
    rounding_step: Mapped[RoundingStep] = field("总价取整到", RoundingStep, nullable=False, default=RoundingStep.YUAN)
    rounding_way: Mapped[RoundingWay] = field("取整方式", RoundingWay, nullable=False, default=RoundingWay.HALF_UP)
    note: Mapped[str] = field("说明", String(500), nullable=False, default="", long=True)
    state: Mapped[SchemeState] = state_field(SchemeState)

    discounts: Mapped[list[PublicDiscount]] = relationship(
        order_by="(PublicDiscount.position, PublicDiscount.id)", back_populates="sales_scheme"
    )

    __published_parts__ = ("discounts",)

    def in_effect(self) -> bool:
        """Everybody reads the 公开优惠 that hold."""
        return self.state is SchemeState.ACTIVE

    @property
    def terms_text(self) -> str:
        """All its discounts in one line: what the summary of the approval shows."""
        return "；".join(discount.wording for discount in self.discounts)

    @property
    def terms_values(self) -> list[list[Any]]:
        """All its discounts as values: what the approval covers."""
        names = ("position", "name", "factor", "amount", "condition", "valid_from", "valid_until")
        return [
            [getattr(discount, name) for name in names]
            + (
                [] if discount.applies_to is PricedLine.HOME else [discount.applies_to]
            )  # as it was before there were lines
            for discount in self.discounts
        ]


class PublicDiscount(SchemePapers, Document):
    """公开优惠: a factor or a fixed amount, for whom, in which order; edited while its 销售方案 is a draft."""

    __tablename__ = "public_discount"
    __label__ = "公开优惠"
    __title__ = "name"
    __table_args__ = (
        CheckConstraint("(factor IS NULL) <> (amount IS NULL)", name="one_kind"),
        CheckConstraint("factor IS NULL OR (factor > 0 AND factor <= 1000000)", name="factor"),
        CheckConstraint("amount IS NULL OR amount > 0", name="amount"),
        CheckConstraint("valid_until IS NULL OR valid_from IS NULL OR valid_until >= valid_from", name="dates"),
    )

    sales_scheme_id: Mapped[int] = field("销售方案", ForeignKey("sales_scheme.id"), nullable=False, index=True)
    position: Mapped[int] = field("顺序", Integer, nullable=False, default=1, hint="折扣按此顺序逐个计算")
    name: Mapped[str] = field("名称", String(32), nullable=False, hint="例如：按时签约")
    factor: Mapped[Decimal | None] = field("折扣", Rate, unit="折", hint="填 99 折或 0.99；与优惠金额二填一")
    amount: Mapped[Decimal | None] = field("优惠金额", Money, hint="从总价直接减去")
    applies_to: Mapped[PricedLine] = field(
        "适用于", PricedLine, nullable=False, default=PricedLine.HOME, hint="优惠打在哪一项上；减金额的优惠只能选一项"
    )
    condition: Mapped[str] = field("享受条件", String(200), nullable=False, default="", wide=True)
    valid_from: Mapped[date | None] = field("起用日期", Date, hint="不填与方案相同")
    valid_until: Mapped[date | None] = field("截止日期", Date, hint="不填与方案相同")

    sales_scheme: Mapped[SalesScheme] = relationship(back_populates="discounts")
    __part_of__ = "sales_scheme"

    @property
    def wording(self) -> str:
        """«1. 按时签约 99 折（7 天内签约）»."""
        return self.short + (f"（{self.terms}）" if self.terms else "")

    @property
    def short(self) -> str:
        """«1. 按时签约 99 折»."""
        how = rate_words(self.factor, TENTHS) if self.factor is not None else f"减 {self.amount:,.2f} 元"
        on = "" if self.applies_to is PricedLine.HOME else f"（{self.applies_to.label}）"
        return f"{self.position}. {self.name} {how}{on}"

    @property
    def terms(self) -> str:
        """For whom and until when: «7 天内签约，至2026-12-31»; empty for everybody at any time."""
        dates = "".join(f"{word}{day}" for word, day in (("自", self.valid_from), ("至", self.valid_until)) if day)
        return "，".join(filter(None, (self.condition, dates)))
