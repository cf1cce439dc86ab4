"""What is left of the budgets, in words: while people type, on the claim's page, beside its approval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.office.expenses import rules
from app.features.office.expenses.books import Book, book_of
from app.features.office.expenses.effects import bare_counts, spends_of, standing
from app.features.office.expenses.kinds import ExpenseState
from app.features.office.expenses.models import ExpenseSubject
from app.features.office.expenses.rules import Budget, Spend
from app.kernel.money import format_amount
from app.kernel.screens.parts import Card, Fact


@dataclass(frozen=True)
class Standing:
    """rows: (subject, sentence) for every subject of the claim; over: the largest excess in yuan; total of the claim."""

    rows: tuple[tuple[str, str], ...]
    over: Decimal
    total: Decimal


def standing_of(
    session: Session,
    book: Book,
    project_id: int,
    month: str,
    lines: Sequence[tuple[int, Decimal]],
    without: int | None = None,
) -> Standing:
    """How the budgets of a month stand for these (subject, amount); `without` is the claim itself when it was submitted."""
    budgets = standing(session, book, project_id, month, without=without)
    spends = spends_of(session, project_id, lines)
    names = _names(session, project_id)
    rows = tuple((names.get(s.path[0], ""), _sentence(budgets, spends, s, month)) for s in spends)
    over = rules.excess(budgets, spends, month, bare_counts=bare_counts(session, project_id))
    return Standing(rows, over, sum((s.amount for s in spends), Decimal(0)))


def _names(session: Session, project_id: int) -> dict[int, str]:
    query = select(ExpenseSubject.id, ExpenseSubject.path).where(ExpenseSubject.project_id == project_id)
    return {row[0]: row[1] for row in session.execute(query)}


def _sentence(budgets: list[Budget], spends: list[Spend], spend: Spend, month: str) -> str:
    found = rules.tightest(budgets, spend.path, month)
    if found is None:
        return _("没有预算，本单 %(amount)s 元", amount=format_amount(spend.amount))
    said = _(
        "%(period)s 预算 %(budget)s 元，已占用 %(taken)s 元，剩 %(left)s 元；本单 %(amount)s 元",
        period=found.period, budget=format_amount(found.amount), taken=format_amount(found.taken),
        left=format_amount(found.left), amount=format_amount(spend.amount),
    )  # fmt: skip
    over = rules.over_by(found, spends, month)
    return said + (_("，超出 %(over)s 元", over=format_amount(over)) if over else "")


def words_while_typing(found: Standing) -> list[str]:
    """The lines under the table of a claim."""
    if not found.rows:
        return []
    lines = [_("%(subject)s：%(what)s", subject=name, what=sentence) for name, sentence in found.rows]
    total = _("本单合计 %(total)s 元。", total=format_amount(found.total))
    if found.over:
        total += _("超预算 %(over)s 元：请写超预算说明，提交后多报一级审批。", over=format_amount(found.over))
    return [*lines, total]


def budget_card(session: Session, claim: Any) -> Card:
    """The card 预算 of a claim: what it was over by when it was sent up, and how the budgets stand now without the claim itself."""
    lines = [(line.subject_id, line.amount) for line in claim.lines]
    found = standing_of(session, book_of(claim), claim.project_id, claim.month, lines, without=claim.id)
    draft = claim.state is ExpenseState.DRAFT
    facts = [] if draft else [Fact(_("提交时"), _over(claim.over_amount), wide=True)]
    facts += [Fact(_("现在 · %(subject)s", subject=name), sentence, wide=True) for name, sentence in found.rows]
    if found.over and draft:
        facts.append(Fact(_("现在"), _over(found.over), wide=True))
    return Card(_("预算"), "facts", facts=tuple(facts))


def _over(amount: Decimal) -> str:
    if not amount:
        return _("在预算之内")
    return _("超预算 %(over)s 元，多报一级审批", over=format_amount(amount))
