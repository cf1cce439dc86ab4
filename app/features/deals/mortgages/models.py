"""What is a 按揭: lender, sum and terms of one loan, the borrower's means, the dated facts of its way (02 §2.2.2)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.archive.checklists import ChecklistRow, lacking
from app.kernel.audiences import AftercarePapers
from app.kernel.base import Document, Numbered, field, now, one_live_row, state_field
from app.kernel.columns import Money, Rate
from app.kernel.constraints import sentence
from app.kernel.posts import Post
from app.kernel.states import Choice, State

LIVE_MORTGAGE = "uq_mortgage_live"
sentence(LIVE_MORTGAGE, "这份认购书已经有一笔正在办理的同类贷款，请打开那一笔继续办理")


class MortgageState(State):
    """In the order of the normal way; 拒贷 leads to another payment, 作废 to nothing."""

    PRECHECK = ("precheck", "预审", "info")
    COLLECTING = ("collecting", "收集资料", "info")
    COMPLETE = ("complete", "齐件", "info")
    INTERVIEWED = ("interviewed", "面签", "plum")
    SUBMITTED = ("submitted", "送审", "plum")
    SUPPLEMENT = ("supplement", "补件", "warn")
    GRANTED = ("granted", "批贷", "ok")
    NOTED = ("noted", "预告抵押登记", "ok")
    RELEASED = ("released", "已放款", "ok")
    REGISTERED = ("registered", "正式抵押", "ok")
    REFUSED = ("refused", "拒贷", "bad")
    VOID = ("void", "作废", "mute")


class LoanKind(Choice):
    """Whose money: a 组合贷款 is one paper of each kind."""

    BANK = ("bank", "商业贷款")
    FUND = ("fund", "公积金贷款")


class Repayment(Choice):
    LEVEL = ("level", "等额本息")
    FALLING = ("falling", "等额本金")


class Mortgage(Numbered, AftercarePapers, Document):
    """按揭. amount is what is asked for, granted what the lender gives; step_since is the day of the last step."""

    __tablename__ = "mortgage"
    __label__ = "按揭"
    __number__ = "AJ"
    __personal__ = frozenset({"customer_name"})
    __labels__: ClassVar[dict[str, str]] = {"days_here": "本步天数", "lacks": "缺件"}
    __file_writers__ = frozenset({Post.CONTRACT_OFFICER, Post.CLERK})
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("granted IS NULL OR (granted > 0 AND granted <= amount)", name="granted"),
        one_live_row("reservation_id", "kind", alive="state NOT IN ('refused', 'void')", name=LIVE_MORTGAGE),
    )

    reservation_id: Mapped[int] = field("认购书", ForeignKey("reservation.id"), nullable=False, index=True)
    unit_id: Mapped[int] = field("房源", ForeignKey("unit.id"), nullable=False, index=True, auto=True)
    customer_id: Mapped[int] = mapped_column(Integer, nullable=False, index=True)
    customer_name: Mapped[str] = field("客户姓名", String(64), nullable=False, default="", auto=True)
    kind: Mapped[LoanKind] = field("贷款种类", LoanKind, nullable=False)
    lender: Mapped[str] = field("贷款银行或公积金中心", String(64), nullable=False)
    contact: Mapped[str] = field("客户经理", String(64), nullable=False, default="", hint="银行经办人和电话")
    total: Mapped[Decimal] = field("成交总价", Money, nullable=False, auto=True)
    amount: Mapped[Decimal] = field("申请金额", Money, nullable=False)
    years: Mapped[int] = field("贷款年限", Integer, nullable=False, default=30, unit="年")
    yearly_rate: Mapped[Decimal] = field(
        "年利率", Rate, nullable=False, default=Decimal("0.035"), unit="%", hint="填 3.5% 或 0.035"
    )
    repayment: Mapped[Repayment] = field("还款方式", Repayment, nullable=False, default=Repayment.LEVEL)
    age: Mapped[int | None] = field(
        "借款人年龄", Integer, unit="岁", hint="几人共同借款填最年长的；不填按证件号推算；组合贷两笔同用"
    )
    monthly_income: Mapped[Decimal | None] = field(
        "家庭月收入", Money, hint="按收入证明；预审时核对月供合计；组合贷两笔同用"
    )
    monthly_payment: Mapped[Decimal] = field(
        "月供", Money, nullable=False, default=Decimal(0), auto=True, hint="以银行审批为准"
    )
    exception: Mapped[str] = field("不符合条件的说明", String(200), nullable=False, default="", auto=True)
    note: Mapped[str] = field("备注", String(300), nullable=False, default="", long=True)
    state: Mapped[MortgageState] = state_field(MortgageState)

    signed_on: Mapped[date | None] = field("签约日", Date, auto=True)
    papers_due_on: Mapped[date | None] = field("应齐件日", Date, auto=True, index=True)
    release_due_on: Mapped[date | None] = field("应放款日", Date, auto=True, index=True)
    complete_on: Mapped[date | None] = field("齐件日", Date, auto=True)
    interviewed_on: Mapped[date | None] = field("面签日", Date, auto=True)
    submitted_on: Mapped[date | None] = field("送审日", Date, auto=True)
    supplement: Mapped[str] = field("要求补的资料", String(200), nullable=False, default="", auto=True)
    granted_on: Mapped[date | None] = field("批贷日", Date, auto=True)
    granted: Mapped[Decimal | None] = field("批贷金额", Money, auto=True)
    noted_on: Mapped[date | None] = field("预告登记日", Date, auto=True)
    lien_noted_on: Mapped[date | None] = field("抵押预告日", Date, auto=True)
    released_on: Mapped[date | None] = field("放款日", Date, auto=True)
    registered_on: Mapped[date | None] = field("正式抵押日", Date, auto=True)
    registered_no: Mapped[str] = field("抵押登记号", String(64), nullable=False, default="", auto=True)
    refused_on: Mapped[date | None] = field("拒贷日", Date, auto=True)
    refused_why: Mapped[str] = field("拒贷原因", String(200), nullable=False, default="", auto=True)
    step_since: Mapped[date] = field("本步开始", Date, nullable=False, default=lambda: now().date(), auto=True)

    reservation: Mapped[Any] = relationship("Reservation")
    unit: Mapped[Any] = relationship("Unit")
    papers: Mapped[list[MortgagePaper]] = relationship(
        order_by="MortgagePaper.id", back_populates="mortgage", cascade="all, delete-orphan"
    )

    def __str__(self) -> str:
        return self.number or f"按揭 {self.unit.full_name if self.unit else ''}".strip()

    @property
    def days_here(self) -> int | None:
        """How long it stands at its present step; nothing once it is over."""
        return (now().date() - self.step_since).days if self.state in ON_THE_WAY else None

    @property
    def lacks(self) -> str:
        """«3 件», for the list."""
        return f"{count} 件" if self.missing and (count := lacking(self.papers)) else ""

    @property
    def missing(self) -> str:
        """«收入证明、银行流水», while papers are collected."""
        if self.state not in (MortgageState.PRECHECK, MortgageState.COLLECTING, MortgageState.SUPPLEMENT):
            return ""
        return "、".join(paper.name for paper in self.papers if paper.received_on is None)


class MortgagePaper(ChecklistRow, AftercarePapers, Document):
    """按揭资料: a line of the list that the lender asks for."""

    __tablename__ = "mortgage_paper"
    __label__ = "按揭资料"
    __title__ = "name"

    mortgage_id: Mapped[int] = field("按揭", ForeignKey("mortgage.id"), nullable=False, index=True)

    mortgage: Mapped[Mortgage] = relationship(back_populates="papers")


M = MortgageState
BEFORE_GRANT = (M.PRECHECK, M.COLLECTING, M.COMPLETE, M.INTERVIEWED, M.SUBMITTED, M.SUPPLEMENT)
ON_THE_WAY = (*BEFORE_GRANT, M.GRANTED, M.NOTED, M.RELEASED)  # until the mortgage is registered
BEFORE_RELEASE = (*BEFORE_GRANT, M.GRANTED, M.NOTED)
