"""Voucher lines from postings, and what both programs ask of them; plain functions on values (yuan)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.features.payments.models import LedgerCode
from app.kernel.csv_text import DANGEROUS_STARTS

CODE_OF = {
    code: f"code_{code.value}" for code in LedgerCode
}  # the parameter that holds the code in the site's own books
NOTHING = Decimal(0)
CUT_MARK = "…"
_SPACES = re.compile(r"[\s\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
_WORD = re.compile(r"[^\W\d_]{1,4}")


@dataclass(frozen=True)
class VoucherLine:
    """One entry: number of its voucher in the month, day, text, account, yuan (debit positive), the customer's account.

    red: the entry takes another one back and stays on the side of that one, with a minus.
    """

    number: int
    line: int
    day: date
    memo: str
    code: LedgerCode
    amount: Decimal
    account: str
    maker: str
    red: bool = False

    @property
    def in_debit(self) -> bool:
        """The side on which the entry stands: a red one stands where the entry stood that it takes back."""
        return (self.amount > 0) is not self.red

    @property
    def debit(self) -> Decimal:
        """Yuan in debit, negative for a red entry, 0 for a credit."""
        return self.amount if self.in_debit else NOTHING

    @property
    def credit(self) -> Decimal:
        """Yuan in credit, negative for a red entry, 0 for a debit."""
        return NOTHING if self.in_debit else -self.amount


@dataclass(frozen=True)
class Books:
    """What the developer's accounting calls things: account codes, 凭证字, and who is told as 制单人."""

    codes: Mapping[LedgerCode, str]
    word: str
    maker: str


@dataclass(frozen=True)
class Fault:
    """A parameter that the program would not take: its key, and the value that stands there."""

    key: str
    value: str


def balances(lines: Sequence[VoucherLine]) -> tuple[Decimal, Decimal]:
    """(debit, credit) of the whole table; they are equal because every posting is."""
    return sum((line.debit for line in lines), NOTHING), sum((line.credit for line in lines), NOTHING)


def faults(lines: Iterable[VoucherLine], books: Books, good: re.Pattern[str]) -> list[Fault]:
    """凭证字 and codes of these lines that are empty or that the program does not know the form of."""
    used = {line.code for line in lines}
    wrong = [
        Fault(CODE_OF[code], books.codes[code])
        for code in LedgerCode
        if code in used and not good.fullmatch(books.codes[code])
    ]
    return wrong if _WORD.fullmatch(books.word) else [Fault("voucher_word", books.word), *wrong]


def unbroken(runs: Iterable[tuple[int, int]]) -> int:
    """The last number of what was taken without a gap from 1 on; 0 when 1 is not among it."""
    known = 0
    for first, last in sorted(runs):
        if first <= known + 1:
            known = max(known, last)
    return known


def width(text: str) -> int:
    """How many bytes a text has there: a Chinese character counts two."""
    return len(text.encode("gb18030"))


def fitting(text: str, most: int) -> str:
    """The text within so many bytes, on one line; what is too long ends with «…»."""
    plain = _SPACES.sub(" ", text).strip()
    if width(plain) <= most:
        return plain
    while width(plain) > most - width(CUT_MARK):
        plain = plain[:-1]
    return plain + CUT_MARK


def harmless(text: str) -> str:
    """The text with a word before a sign that a spreadsheet would take for a formula (04 S10); no quote, which 用友 would keep."""
    return f"摘要 {text}" if text.startswith(DANGEROUS_STARTS) else text


def too_long(lines: Iterable[VoucherLine], most: int) -> int:
    """How many vouchers have a text that is cut."""
    return len({line.number for line in lines if fitting(line.memo, most) != _SPACES.sub(" ", line.memo).strip()})
