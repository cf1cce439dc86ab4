"""付款方式: how a buyer pays, the discount that hangs on it, and what its plan is made of (02 §2.3.4)."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import CheckConstraint, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.audiences import SchemePapers
from app.kernel.base import Document, field, one_live_row, state_field
from app.kernel.columns import Money, Rate
from app.kernel.constraints import sentence
from app.kernel.states import Choice, State

sentence("uq_payment_scheme_name", "已有同名的付款方式，请换一个名称，或对旧的点「修订」")
sentence("uq_payment_scheme_at_work", "同名的付款方式已有一份在办理，请先办完那一份")


class SchemeKind(Choice):
    """The four kinds; the labels are those of the rules."""

    LUMP_SUM = ("lump_sum", "一次性")
    MORTGAGE = ("mortgage", "按揭")
    INSTALMENTS = ("instalments", "分期")
    COMBINED = ("combined", "组合")


class PricedLine(Choice):
    """计价项目: what has a price of its own on an order, and what a discount is taken off (02 §2.3.1)."""

    HOME = ("home", "房款")
    FINISH = ("finish", "装修款")
    PARKING = ("parking", "车位")
    STORE = ("store", "储藏间")
    ALL = ("all", "全部项目")

    def covers(self, line: PricedLine) -> bool:
        """Whether a discount of this reach is taken off that line."""
        return self in (PricedLine.ALL, line)

    def named(self, name: str) -> str:
        """«房款», «车位 B1-023», «装修款 精装»: name is that of the line on its order, which may begin with the word itself."""
        return name if name.startswith(self.label) else f"{self.label} {name}".strip()


class SchemeState(State):
    """Of 付款方式 and 销售方案 alike."""

    DRAFT = ("draft", "草稿", "mute")
    REVIEW = ("review", "审批中", "info")
    ACTIVE = ("active", "已生效", "ok")
    RETIRED = ("retired", "已停用", "mute")
    REFUSED = ("refused", "不同意", "bad")


class PaymentScheme(SchemePapers, Document):
    """付款方式, one row a version. Only the fields of its kind are filled; the others stay empty."""

    __tablename__ = "payment_scheme"
    __label__ = "付款方式"
    __title__ = "name"
    __table_args__ = (
        CheckConstraint("discount IS NULL OR (discount > 0 AND discount <= 1000000)", name="discount"),
        CheckConstraint("loan_share IS NULL OR (loan_share > 0 AND loan_share < 1000000)", name="loan_share"),
        CheckConstraint("deposit >= 0", name="deposit"),
        one_live_row("project_id", "name", alive="state = 'active'", name="uq_payment_scheme_name"),
        one_live_row("project_id", "name", alive="state IN ('draft', 'review')", name="uq_payment_scheme_at_work"),
    )

    name: Mapped[str] = field("名称", String(32), nullable=False, hint="例如：商业按揭")
    kind: Mapped[SchemeKind] = field("种类", SchemeKind, nullable=False)
    discount: Mapped[Decimal | None] = field("付款折扣", Rate, unit="折", hint="填 98 折或 0.98；没有折扣不填")
    discount_on: Mapped[PricedLine] = field(
        "折扣适用于",
        PricedLine,
        nullable=False,
        default=PricedLine.HOME,
        hint="付款折扣打在哪一项上；装修款、车位另计时一般只打房款",
    )
    deposit: Mapped[Decimal] = field("定金", Money, nullable=False, default=Decimal(20000))
    lump_sum_days: Mapped[int | None] = field("全款付清期限", Integer, unit="天", hint="一次性：签约后几天内付清")
    loan_share: Mapped[Decimal | None] = field("贷款比例", Rate, unit="%", hint="按揭、组合：七成填 70% 或 0.7")
    loan_step: Mapped[Decimal | None] = field("贷款取整到", Money, hint="按揭、组合：例如 10,000，向下取整")
    loan_days: Mapped[int | None] = field("放款期限", Integer, unit="天", hint="按揭、组合：签约后几天")
    instalments: Mapped[str] = field(
        "分期安排", Text, nullable=False, default="", long=True,
        hint="分期：每行一期，写「比例% 签约后天数」，例如「30% 0」「30% 90」「40% 180」",
    )  # fmt: skip
    row_step: Mapped[Decimal | None] = field("每期取整到", Money, hint="分期：例如 1，向下取整，尾差并入末期")
    condition: Mapped[str] = field("适用条件", String(200), nullable=False, default="", wide=True)
    revision: Mapped[int] = field("版本", Integer, nullable=False, default=1, auto=True)
    series_id: Mapped[int | None] = mapped_column(
        Integer, index=True
    )  # the first version; empty while there is only one
    state: Mapped[SchemeState] = state_field(SchemeState)

    def in_effect(self) -> bool:
        """Everybody reads the ways to pay that are in force."""
        return self.state is SchemeState.ACTIVE
