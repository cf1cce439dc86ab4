"""Voucher lines of both programs from postings, plain functions on values (yuan)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.features.payments.models import LedgerCode

CODE_OF = {
    code: f"code_{code.value}" for code in LedgerCode
}  # the parameter that holds the code in the site's own books


@dataclass(frozen=True)
class VoucherLine:
    """One entry: number of its voucher in the month, day, text, account, yuan (debit positive), the customer's account."""

    number: int
    line: int
    day: date
    memo: str
    code: LedgerCode
    amount: Decimal
    account: str
    maker: str

    @property
    def debit(self) -> Decimal | None:
        """Yuan in debit, nothing for a credit. A red entry stays on its side with a minus in neither program: it is turned."""
        return self.amount if self.amount > 0 else None

    @property
    def credit(self) -> Decimal | None:
        """Yuan in credit, nothing for a debit."""
        return -self.amount if self.amount < 0 else None


@dataclass(frozen=True)
class Layout:
    """The head of a program's table: (head, kind, width), and how a line fills it."""

    label: str
    heads: Sequence[tuple[str, str, int]]


KINGDEE = Layout(
    "金蝶",
    (
        ("凭证日期", "date", 12), ("会计年度", "whole", 8), ("会计期间", "whole", 8), ("凭证字", "text", 7), ("凭证号", "whole", 8),
        ("科目代码", "text", 14), ("科目名称", "text", 22), ("币别代码", "text", 8), ("币别名称", "text", 8), ("原币金额", "money", 16),
        ("借方", "money", 16), ("贷方", "money", 16), ("制单", "text", 10), ("凭证摘要", "text", 46), ("附件数", "whole", 7),
        ("分录序号", "whole", 8), ("核算项目", "text", 30),
    ),
)  # fmt: skip
YONYOU = Layout(
    "用友",
    (
        ("制单日期", "date", 12), ("凭证类别", "text", 8), ("凭证编号", "whole", 9), ("附单据数", "whole", 9), ("摘要", "text", 46),
        ("科目编码", "text", 14), ("科目名称", "text", 22), ("借方金额", "money", 16), ("贷方金额", "money", 16), ("币种", "text", 8),
        ("制单人", "text", 10), ("行号", "whole", 7), ("项目名称", "text", 30),
    ),
)  # fmt: skip
LAYOUTS: Mapping[str, Layout] = {"kingdee": KINGDEE, "yonyou": YONYOU}


def rows(layout: str, lines: Iterable[VoucherLine], codes: Mapping[LedgerCode, str], word: str) -> list[list[object]]:
    """The table of a program. codes: the account codes of the site's own books; word: 凭证字."""
    return [_KINDS[layout](line, codes[line.code], word) for line in lines]


def _kingdee(line: VoucherLine, code: str, word: str) -> list[object]:
    return [
        line.day, line.day.year, line.day.month, word, line.number, code, line.code.label, "RMB", "人民币", abs(line.amount),
        line.debit, line.credit, line.maker, line.memo, 1, line.line, line.account,
    ]  # fmt: skip


def _yonyou(line: VoucherLine, code: str, word: str) -> list[object]:
    return [
        line.day, word, line.number, 1, line.memo, code, line.code.label, line.debit, line.credit, "人民币", line.maker, line.line,
        line.account,
    ]  # fmt: skip


_KINDS = {"kingdee": _kingdee, "yonyou": _yonyou}


def balances(lines: Sequence[VoucherLine]) -> tuple[Decimal, Decimal]:
    """(debit, credit) of the whole table; they are equal because every posting is."""
    debit = sum((line.debit or Decimal(0) for line in lines), Decimal(0))
    return debit, sum((line.credit or Decimal(0) for line in lines), Decimal(0))
