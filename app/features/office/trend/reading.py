"""What the trend counts, read within the person's scope: approved and paid claims by month, what the store gave out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.office.expenses.books import Book
from app.features.office.expenses.effects import paths
from app.features.office.expenses.kinds import ExpenseState
from app.features.office.expenses.models import ExpenseSubject
from app.features.office.expenses.rules import Budget
from app.features.office.supplies.kinds import MovementKind
from app.features.office.supplies.models import StockMovement, SupplyItem
from app.features.office.trend.rules import SubjectYear, months_of, year_budget

COUNTED = (ExpenseState.APPROVED, ExpenseState.PAID)
GIVEN_OUT = (MovementKind.ISSUE, MovementKind.RETURN)


@dataclass(frozen=True)
class Year:
    """One book in one year. names: subject → path; rows in the order of the tree; budgets as they are set."""

    names: dict[int, str]
    rows: list[SubjectYear]
    budgets: list[Budget]
    paths: dict[int, tuple[int, ...]]

    def spent(self, month: str) -> Decimal:
        """All subjects of a month, in yuan."""
        return sum((row.months.get(month, Decimal(0)) for row in self.rows), Decimal(0))


def expenses_of_year(session: Session, book: Book, project_id: int, year: int) -> Year:
    """Every subject that was spent on or has a budget."""
    spent = _spent(session, book, project_id, year)
    budgets = _budgets(session, book, project_id, year)
    query = select(ExpenseSubject.id, ExpenseSubject.path).where(ExpenseSubject.project_id == project_id)
    names = {row[0]: row[1] for row in session.execute(query.order_by(ExpenseSubject.path))}
    touched = {key for key, _month in spent} | {b.subject_id for b in budgets}
    rows = [
        SubjectYear(
            key, {month: spent[key, month] for month in months_of(year) if (key, month) in spent},
            year_budget(budgets, key, str(year)),
        )
        for key in names
        if key in touched
    ]  # fmt: skip
    return Year(names, rows, budgets, paths(session, project_id))


def _spent(session: Session, book: Book, project_id: int, year: int) -> dict[tuple[int, str], Decimal]:
    line, expense = book.line, book.expense
    query = (
        select(line.subject_id, expense.month, func.sum(line.amount))
        .join(expense, expense.id == line.expense_id)
        .where(expense.project_id == project_id, expense.month.startswith(str(year)), expense.state.in_(COUNTED))
        .group_by(line.subject_id, expense.month)
    )
    return {(row[0], row[1]): row[2] for row in session.execute(query)}


def _budgets(session: Session, book: Book, project_id: int, year: int) -> list[Budget]:
    model = book.budget
    query = select(model.subject_id, model.period, model.amount).where(
        model.project_id == project_id, model.period.startswith(str(year))
    )
    return [Budget(row[0], row[1], row[2]) for row in session.execute(query)]


@dataclass
class Use:
    """What was given out of one item or to one person: pieces a month, value at the last price in yuan."""

    name: str
    months: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    value: Decimal = Decimal(0)

    @property
    def pieces(self) -> int:
        return sum(self.months.values())


def supplies_of_year(
    session: Session, project_id: int, year: int
) -> tuple[dict[int, Use], dict[int, Use], dict[int, Use]]:
    """(by item, by person, by team); what was given back is taken off. Team 0 = no team."""
    query = select(StockMovement.item_id, StockMovement.holder_id, StockMovement.team_id, StockMovement.at,
                   StockMovement.quantity, SupplyItem.title, SupplyItem.unit, SupplyItem.last_price).join(
        SupplyItem, SupplyItem.id == StockMovement.item_id
    ).where(StockMovement.project_id == project_id, StockMovement.kind.in_(GIVEN_OUT))  # fmt: skip
    items: dict[int, Use] = {}
    people: dict[int, Use] = {}
    teams: dict[int, Use] = {}
    for row in session.execute(query.order_by(SupplyItem.title)):
        if row.at.year != year:
            continue
        _count(items.setdefault(row.item_id, Use(f"{row.title}（{row.unit}）")), row)
        _count(people.setdefault(row.holder_id or 0, Use("")), row)
        _count(teams.setdefault(row.team_id or 0, Use("")), row)
    return items, people, teams


def _count(use: Use, row: Any) -> None:
    use.months[f"{row.at:%Y-%m}"] -= row.quantity  # an issue is a negative movement
    use.value -= row.quantity * (row.last_price or Decimal(0))
