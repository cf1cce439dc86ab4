"""Which papers a line of the bank proves, plain functions on values (yuan; money out is negative)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.kernel.errors import RuleError

BY_REFERENCE, BY_NAME, BY_AMOUNT, BY_BATCH = "流水号与金额一致", "户名与金额一致", "金额与日期唯一", "POS 当日合计一致"


@dataclass(frozen=True)
class BankEntry:
    """A line of the bank: account, day, signed yuan, reference, whatever words stand beside it."""

    key: int
    account: str
    day: date
    amount: Decimal
    reference: str = ""
    words: str = ""


@dataclass(frozen=True)
class MoneyPaper:
    """A confirmed receipt (net of its fee) or a paid refund (negative). batch: terminal and day of a POS receipt."""

    key: tuple[str, int]
    account: str
    day: date
    amount: Decimal
    reference: str = ""
    name: str = ""
    batch: str = ""


@dataclass
class Found:
    """Lines with the papers that they prove, and by which rule."""

    pairs: list[tuple[BankEntry, tuple[MoneyPaper, ...], str]] = field(default_factory=list)


def match(entries: Sequence[BankEntry], papers: Sequence[MoneyPaper], *, days: int) -> Found:
    """Reference first, then name, then an amount that is unique on both sides within the days, then whole POS batches.

    A paper and a line are used once; whatever is not certain stays for a person.
    """
    found, lines, left = Found(), list(entries), list(papers)
    for rule in (_by_reference, _by_name, _alone):
        for entry in list(lines):
            fitting = [paper for paper in left if _fits(entry, paper, days) and rule(entry, paper, lines, left, days)]
            if len(fitting) == 1:
                found.pairs.append((entry, (fitting[0],), _WORDS[rule.__name__]))
                lines.remove(entry)
                left.remove(fitting[0])
    _batches(found, lines, left, days)
    return found


def _fits(entry: BankEntry, paper: MoneyPaper, days: int) -> bool:
    return entry.amount == paper.amount and entry.account == paper.account and abs((entry.day - paper.day).days) <= days


def _by_reference(entry: BankEntry, paper: MoneyPaper, *_others: object) -> bool:
    return bool(paper.reference) and (paper.reference == entry.reference or paper.reference in entry.words.split())


def _by_name(entry: BankEntry, paper: MoneyPaper, *_others: object) -> bool:
    return len(paper.name) > 1 and paper.name in entry.words


def _alone(entry: BankEntry, paper: MoneyPaper, lines: list[BankEntry], left: list[MoneyPaper], days: int) -> bool:
    """The only paper of the line and the only line of the paper; two different references are never one payment."""
    if entry.reference and paper.reference and not paper.batch and entry.reference != paper.reference:
        return False
    return (
        sum(_fits(entry, other, days) for other in left) == 1 and sum(_fits(other, paper, days) for other in lines) == 1
    )


_WORDS = {"_by_reference": BY_REFERENCE, "_by_name": BY_NAME, "_alone": BY_AMOUNT}


def _batches(found: Found, lines: list[BankEntry], left: list[MoneyPaper], days: int) -> None:
    """POS: the bank pays the takings of a terminal and day in one sum, on that day or a few days later."""
    groups: dict[tuple[str, str], list[MoneyPaper]] = {}
    for paper in left:
        if paper.batch:
            groups.setdefault((paper.account, paper.batch), []).append(paper)
    for (account, _batch), some in groups.items():
        whole = sum((paper.amount for paper in some), Decimal(0))
        fitting = [
            entry for entry in lines
            if entry.account == account and entry.amount == whole and 0 <= (entry.day - some[0].day).days <= days
        ]  # fmt: skip
        if len(fitting) == 1:
            found.pairs.append((fitting[0], tuple(some), BY_BATCH))
            lines.remove(fitting[0])


def check_sides(income: Decimal | int, outgo: Decimal | int) -> None:
    """Money in or money out. Raises RuleError."""
    if income < 0 or outgo < 0:
        raise RuleError("金额不能为负数，支出请填在支出一列", field="income" if income < 0 else "outgo")
    if (income > 0) == (outgo > 0):
        raise RuleError("收入和支出请填其中一列", field="income")


def check_booked(day: date, today: date) -> None:
    """Not in the future. Raises RuleError."""
    if day > today:
        raise RuleError("交易日期不能晚于今天", field="booked_on")
