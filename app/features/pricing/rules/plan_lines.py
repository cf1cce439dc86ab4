"""Which part of a plan row is owed for which 计价项目, plain functions on values (yuan, 02 §2.3.1, §2.3.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal

from app.features.pricing.models import PricedLine
from app.features.pricing.rules.plan import Payer, PlanRow, RowKind
from app.kernel.errors import RuleError
from app.kernel.money import format_amount

MORTGAGED = (PricedLine.HOME, PricedLine.FINISH)  # what a bank lends on: a parking place has no mortgage of its own
NOTHING = Decimal(0)


@dataclass(frozen=True)
class LinePart:
    """One 计价项目 of an order: what it is, which place it names (empty for 房款), its price in yuan."""

    line: PricedLine
    name: str
    amount: Decimal


def split_plan(rows: Sequence[PlanRow], parts: Sequence[LinePart]) -> list[PlanRow]:
    """Each row as one row a line: the rows keep their sums and every line adds up to its price, both to the fen.

    定金 is taken on the first line (房款), loans on 房款 and 装修款 by their prices; what the buyer pays besides is shared by what
    each line still lacks, in whole yuan, so that the last row closes all lines. Without parts the rows stay whole.
    Raises RuleError when the rows do not add up to the parts.
    """
    if not parts or not rows:
        return list(rows)
    planned, priced = sum((row.amount for row in rows), NOTHING), sum((part.amount for part in parts), NOTHING)
    if planned != priced:
        raise RuleError(
            "付款计划合计 {planned} 元与各计价项目合计 {priced} 元不符",
            planned=format_amount(planned), priced=format_amount(priced),
        )  # fmt: skip
    left = [part.amount for part in parts]
    shares: dict[int, list[Decimal]] = {}
    for place in sorted(range(len(rows)), key=lambda n: (_turn(rows[n]), n)):
        shares[place] = _shares(rows[place], parts, left)
        left = [rest - share for rest, share in zip(left, shares[place], strict=True)]
    return [
        replace(row, amount=share, line=part.line, line_name=part.name)
        for place, row in enumerate(rows)
        for part, share in zip(parts, shares[place], strict=True)
        if share
    ]


def _turn(row: PlanRow) -> int:
    return 0 if row.kind is RowKind.DEPOSIT else 1 if row.payer is not Payer.BUYER else 2


def _shares(row: PlanRow, parts: Sequence[LinePart], left: Sequence[Decimal]) -> list[Decimal]:
    """What of the row falls on each line; left: what each line still lacks."""
    if row.kind is RowKind.DEPOSIT:
        return _filled(row.amount, left, [NOTHING] * len(left))
    if row.payer is Payer.BUYER:
        return _by_share(row.amount, left, range(len(left)))
    return _by_share(row.amount, left, [n for n, part in enumerate(parts) if part.line in MORTGAGED])


def _by_share(amount: Decimal, left: Sequence[Decimal], among: Iterable[int]) -> list[Decimal]:
    """Shared by what is left, cut to whole yuan; the cut-off rest goes to the first lines that have room."""
    shares = [NOTHING] * len(left)
    whole = sum((left[n] for n in among), NOTHING)
    for n in among:
        exact = left[n] if amount >= whole else amount * left[n] / whole
        shares[n] = exact if amount >= whole else exact.quantize(Decimal(1), rounding=ROUND_DOWN)
    return _filled(amount - sum(shares, NOTHING), left, shares)


def _filled(rest: Decimal, left: Sequence[Decimal], shares: Sequence[Decimal]) -> list[Decimal]:
    """The rest on top of the shares, line by line as far as there is room."""
    filled = list(shares)
    for n, room in enumerate(left):
        more = min(rest, room - filled[n])
        filled[n] += more
        rest -= more
    return filled
