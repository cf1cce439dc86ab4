"""The two books of expenses: which tables, which approval, who claims, budgets and pays — of the agency and of the developer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.features.office.expenses.models import (
    AgencyBudget,
    AgencyExpense,
    AgencyExpenseLine,
    DeveloperBudget,
    DeveloperExpense,
    DeveloperExpenseLine,
)
from app.features.office.posts import SPENDING_CHAIN, STAFF
from app.kernel.posts import Post


@dataclass(frozen=True)
class Book:
    """kind: code of its approval; chain: default policy; claimers, budgeters, payers: the posts of 07; beside: decides
    what the highest post claims for himself."""

    kind: str
    label: str
    expense: type[Any]
    line: type[Any]
    budget: type[Any]
    chain: str
    claimers: frozenset[Post]
    budgeters: frozenset[Post]
    payers: frozenset[Post]
    beside: Post | None = None


AGENCY = Book(
    "expense_agency", "费用报销", AgencyExpense, AgencyExpenseLine, AgencyBudget, SPENDING_CHAIN,
    claimers=STAFF, budgeters=frozenset({Post.FINANCE, Post.SALES_ADMIN}), payers=frozenset({Post.FINANCE}),
    beside=Post.ADMINISTRATION,  # not finance, which pays: two departments look at the general manager's claim
)  # fmt: skip
DEVELOPER = Book(
    "expense_developer", "甲方费用", DeveloperExpense, DeveloperExpenseLine, DeveloperBudget,
    "案场经理 0\n甲方营销策划部 0\n甲方负责人 不限",
    claimers=frozenset({Post.SUPERVISOR, Post.MARKETING}), budgeters=frozenset({Post.DEVELOPER_MARKETING}),
    payers=frozenset({Post.DEVELOPER_FINANCE}),
)  # fmt: skip
BOOKS = (AGENCY, DEVELOPER)


def book_of(paper: Any) -> Book:
    """The book to which a claim or a budget belongs."""
    return next(b for b in BOOKS if isinstance(paper, (b.expense, b.budget)))
