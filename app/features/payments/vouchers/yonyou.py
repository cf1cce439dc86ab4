"""The text that 总账工具 of 用友 (T3, T6, U8) takes in: one line an entry, fields parted by commas, in GBK (0058)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from app.features.payments.vouchers.rules import Books, VoucherLine, fitting, harmless

HEAD = "填制凭证,V800"
MOST = 60  # bytes of 摘要
CODES = re.compile(
    r"(?=(?:\.?[0-9]){3,15}\Z)[0-9]+(?:\.[0-9]+)*"
)  # 3 to 15 digits without the dots, as they are written
FIELDS = (
    "制单日期", "凭证类别字", "业务号", "附单据数", "摘要", "科目编码", "借方金额", "贷方金额", "数量", "外币", "汇率", "制单人", "结算方式",
    "票号", "发生日期", "部门编码", "个人编码", "客户编码", "供应商编码", "业务员", "项目编码",
)  # fmt: skip
_MISSING = "〓"  # the printer's sign for a character that a font lacks; GBK has it
_PARTS = str.maketrans({",": "，", '"': "”", "'": "’"})


def text(lines: Iterable[VoucherLine], books: Books) -> bytes:
    """The whole file. What would part a field is written in its full-width form, what GBK lacks as «〓»."""
    rows = [HEAD, *(",".join(fields(line, books)) for line in lines)]
    return "".join(f"{_in_gbk(row)}\r\n" for row in rows).encode("gbk")


def fields(line: VoucherLine, books: Books) -> list[str]:
    """The fields of an entry. A code has no dots there, whatever separates its levels in the parameters."""
    told = [
        line.day.isoformat(), _plain(books.word), str(line.number), "0", memo(line), books.codes[line.code].replace(".", ""),
        _yuan(line.debit), _yuan(line.credit), "", "", "", _plain(books.maker),
    ]  # fmt: skip
    return told + [""] * (len(FIELDS) - len(told))


def memo(line: VoucherLine) -> str:
    """What 摘要 says; it never starts a formula where somebody opens the text in a spreadsheet."""
    return fitting(harmless(_plain(line.memo)), MOST)


def _yuan(amount: Decimal) -> str:
    return f"{amount:.2f}" if amount else "0"


def _plain(value: str) -> str:
    return value.translate(_PARTS)


def _in_gbk(row: str) -> str:
    try:
        row.encode("gbk")
    except UnicodeEncodeError:
        return "".join(sign if _known(sign) else _MISSING for sign in row)
    return row


def _known(sign: str) -> bool:
    try:
        sign.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True
