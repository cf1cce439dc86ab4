"""Budgets on plain values: which ones a line falls under, what is left, by how much a claim is over (S1.10).

Amounts are Decimal yuan. A budget belongs to a subject and a period: «2026-11» is a month, «2026» a year. A line counts
against every budget of its subject and of the subjects above it, for its month and for its year; the claim is over when one
of them does not suffice. A budget that is reached exactly is not exceeded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.kernel.chinese import fold
from app.kernel.errors import RuleError

ZERO = Decimal(0)
_PERIOD = re.compile(r"(20[0-9]{2})(?:[-/.年]?(0?[1-9]|1[0-2])月?)?年?")


@dataclass(frozen=True)
class Budget:
    """One budget with what live claims (in approval, approved, paid) have taken of it already."""

    subject_id: int
    period: str
    amount: Decimal
    taken: Decimal = ZERO

    @property
    def left(self) -> Decimal:
        return self.amount - self.taken


@dataclass(frozen=True)
class Spend:
    """One line of a claim: the subject with all above it (itself first), and the amount."""

    path: tuple[int, ...]
    amount: Decimal


def parse_period(text: str) -> str:
    """«2026», «2026年», «2026-11», «2026年11月» → «2026» or «2026-11». Raises RuleError (field «period»)."""
    found = _PERIOD.fullmatch("".join(fold(text).split()))
    if found is None:
        raise RuleError("期间「{text}」看不懂，全年填 2026，当月填 2026-11", field="period", text=text)
    return f"{found[1]}-{int(found[2]):02}" if found[2] else found[1]


def covers(budget: Budget, path: Sequence[int], month: str) -> bool:
    """Whether a line of this subject path in this month («2026-11») counts against the budget."""
    return budget.subject_id in path and month.startswith(budget.period)


def over_by(budget: Budget, spends: Iterable[Spend], month: str) -> Decimal:
    """By how much the lines exceed what is left, 0 when they fit."""
    wanted = sum((s.amount for s in spends if covers(budget, s.path, month)), ZERO)
    return max(wanted - budget.left, ZERO) if wanted > ZERO else ZERO


def excess(budgets: Iterable[Budget], spends: Sequence[Spend], month: str, *, bare_counts: bool = False) -> Decimal:
    """The largest excess over any budget; with bare_counts also what falls under no budget at all."""
    known = list(budgets)
    worst = max((over_by(b, spends, month) for b in known), default=ZERO)
    bare = sum((s.amount for s in spends if not any(covers(b, s.path, month) for b in known)), ZERO)
    return max(worst, bare) if bare_counts else worst


def tightest(budgets: Iterable[Budget], path: Sequence[int], month: str) -> Budget | None:
    """The covering budget with the least left: what a person is told while typing."""
    return min((b for b in budgets if covers(b, path, month)), key=lambda b: b.left, default=None)


def require_fits_tree(subject_id: int | None, path_of_parent: Sequence[int]) -> None:
    """A subject does not stand below itself, and the tree has at most three levels. Raises RuleError (field «parent_id»)."""
    if subject_id is not None and subject_id in path_of_parent:
        raise RuleError("上级科目不能是它自己或它的下级", field="parent_id")
    if len(path_of_parent) >= 3:
        raise RuleError("科目最多三级，请选更上一级的科目", field="parent_id")
