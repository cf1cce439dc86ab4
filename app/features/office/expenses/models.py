"""What is 费用: subjects, budgets, claims with lines — the agency's and the developer's in books of their own (07 «费用»).

The two sides never share a table: what the agency bears is invisible to 甲方 by the scope of the rows themselves.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.features.office.expenses.kinds import ExpenseState, PayMethod
from app.kernel.audiences import AgencyExpensePapers, DeveloperExpensePapers, ProjectPapers
from app.kernel.base import Document, Numbered, Record, field, now, state_field
from app.kernel.columns import Money
from app.kernel.constraints import sentence

PAID = "(paid_on IS NULL) = (pay_method IS NULL) AND (paid_on IS NULL) = (voucher_number IS NULL)"
for side in ("agency", "developer"):
    sentence(f"uq_{side}_budget_period", "这个科目在这个期间已有预算，请直接修改那一条")
sentence("uq_expense_subject_path", "同一上级下已有这个科目名称")


def today() -> date:
    """Day of the site clock."""
    return now().date()


class ExpenseSubject(ProjectPapers, Document):
    """费用科目: a tree per project; `path` is «办公费 / 文具纸张», kept with every save."""

    __tablename__ = "expense_subject"
    __label__ = "费用科目"
    __title__ = "path"
    __table_args__ = (UniqueConstraint("project_id", "path", name="uq_expense_subject_path"),)

    name: Mapped[str] = field("名称", String(40), nullable=False)
    parent_id: Mapped[int | None] = field("上级科目", ForeignKey("expense_subject.id"), index=True, hint="一级科目不填")
    active: Mapped[bool] = field("在用", Boolean, nullable=False, default=True)
    path: Mapped[str] = field("科目", String(130), nullable=False, default="", auto=True)

    parent: Mapped[ExpenseSubject | None] = relationship(remote_side="ExpenseSubject.id")


class BudgetFields:
    """预算: one subject, one period, one amount."""

    subject_id: Mapped[int] = field("科目", ForeignKey("expense_subject.id"), nullable=False, index=True)
    period: Mapped[str] = field("期间", String(12), nullable=False, hint="全年填 2026，当月填 2026-11", index=True)
    amount: Mapped[Decimal] = field("预算金额", Money, nullable=False)
    note: Mapped[str] = field("说明", String(200), nullable=False, default="")

    @declared_attr
    def subject(cls) -> Mapped[ExpenseSubject]:  # noqa: N805
        return relationship("ExpenseSubject", lazy="joined")

    @property
    def title(self) -> str:
        """«办公费 2026-11»."""
        return f"{self.subject.path} {self.period}" if self.subject else self.period


class AgencyBudget(AgencyExpensePapers, BudgetFields, Document):
    """费用预算 of what the agency bears."""

    __tablename__ = "agency_budget"
    __label__ = "费用预算"
    __title__ = "title"
    __table_args__ = (
        UniqueConstraint("project_id", "subject_id", "period", name="uq_agency_budget_period"),
        CheckConstraint("amount >= 0", name="amount"),
    )


class DeveloperBudget(DeveloperExpensePapers, BudgetFields, Document):
    """甲方费用预算."""

    __tablename__ = "developer_budget"
    __label__ = "甲方费用预算"
    __title__ = "title"
    __table_args__ = (
        UniqueConstraint("project_id", "subject_id", "period", name="uq_developer_budget_period"),
        CheckConstraint("amount >= 0", name="amount"),
    )


class ExpenseFields:
    """费用单: what was spent when and why; amount and month follow from the form, over_amount is fixed at the submit."""

    __labels__: ClassVar[dict[str, str]] = {"over_mark": "超预算", "owner_id": "报销人"}

    spent_on: Mapped[date] = field("发生日期", Date, nullable=False, default=today)
    reason: Mapped[str] = field("事由", String(300), nullable=False, wide=True, long=True)
    payee: Mapped[str] = field("收款人", String(80), nullable=False, default="", hint="不填为本人")
    over_reason: Mapped[str] = field(
        "超预算说明", String(300), nullable=False, default="", wide=True, hint="超出预算时必填，随单上报"
    )
    amount: Mapped[Decimal] = field("金额", Money, nullable=False, default=Decimal(0), auto=True)
    month: Mapped[str] = field("费用月份", String(7), nullable=False, default="", auto=True, index=True)
    over_amount: Mapped[Decimal] = field("超预算金额", Money, nullable=False, default=Decimal(0), auto=True)
    paid_on: Mapped[date | None] = field("付款日", Date, auto=True)
    pay_method: Mapped[PayMethod | None] = field("付款方式", PayMethod, auto=True)
    voucher_number: Mapped[str | None] = field("凭证号", String(40), auto=True)
    submitted_by: Mapped[int | None] = mapped_column(Integer)

    @property
    def over_mark(self) -> str:
        """«超 960.00» or an empty text."""
        return f"超 {self.over_amount:,.2f}" if self.over_amount else ""

    @property
    def line_words(self) -> str:
        """The lines as text: what the approval covers."""
        lines: list[Any] = self.lines  # type: ignore[attr-defined]
        return "；".join(f"{line.subject_id} {line.amount:.2f} {line.purpose}" for line in lines)


class AgencyExpense(Numbered, AgencyExpensePapers, ExpenseFields, Document):
    """费用 borne by the agency."""

    __tablename__ = "agency_expense"
    __label__ = "费用报销"
    __number__ = "FY"
    __table_args__ = (CheckConstraint(PAID, name="paid"),)

    state: Mapped[ExpenseState] = state_field(ExpenseState)
    lines: Mapped[list[AgencyExpenseLine]] = relationship(
        cascade="all, delete-orphan", order_by="AgencyExpenseLine.id", back_populates="expense"
    )


class DeveloperExpense(Numbered, DeveloperExpensePapers, ExpenseFields, Document):
    """费用 borne by the developer."""

    __tablename__ = "developer_expense"
    __label__ = "甲方费用"
    __number__ = "DF"
    __table_args__ = (CheckConstraint(PAID, name="paid"),)

    state: Mapped[ExpenseState] = state_field(ExpenseState)
    lines: Mapped[list[DeveloperExpenseLine]] = relationship(
        cascade="all, delete-orphan", order_by="DeveloperExpenseLine.id", back_populates="expense"
    )


class LineFields:
    """费用明细: subject, what for, how much. Reached through its claim alone, by scope or by the grant of whoever decides it
    (02 §2.1.5): rows with a scope of their own would be missing for a decider of another team."""

    subject_id: Mapped[int] = field("科目", ForeignKey("expense_subject.id"), nullable=False, index=True)
    purpose: Mapped[str] = field("用途", String(100), nullable=False)
    amount: Mapped[Decimal] = field("金额", Money, nullable=False)

    @declared_attr
    def subject(cls) -> Mapped[ExpenseSubject]:  # noqa: N805
        return relationship("ExpenseSubject")


class AgencyExpenseLine(LineFields, Record):
    """A line of a 费用报销."""

    __tablename__ = "agency_expense_line"
    __label__ = "费用明细"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    expense_id: Mapped[int] = mapped_column(ForeignKey("agency_expense.id"), nullable=False, index=True)
    expense: Mapped[AgencyExpense] = relationship(back_populates="lines")


class DeveloperExpenseLine(LineFields, Record):
    """A line of a 甲方费用."""

    __tablename__ = "developer_expense_line"
    __label__ = "甲方费用明细"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    expense_id: Mapped[int] = mapped_column(ForeignKey("developer_expense.id"), nullable=False, index=True)
    expense: Mapped[DeveloperExpense] = relationship(back_populates="lines")
