"""The workbook that 标准凭证引入 of 金蝶 (K/3, KIS) takes in: the entries, and the sheet that names their fields (0058)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.features.payments.vouchers.rules import Books, VoucherLine, fitting, harmless

MOST = 255  # bytes of 凭证摘要
CODES = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-]{0,39}")
NOBODY, NO_KIND = "NONE", "*"  # what the program writes where nobody has signed, and where a kind is not used

# head, name of the field there, its type, and its place in the program's own list
_NUMBER, _DAY = "Decimal(28,10)", "DateTime"
FIELDS = (
    ("凭证日期", "FDate", _DAY, 1), ("会计年度", "FYear", _NUMBER, 2), ("会计期间", "FPeriod", _NUMBER, 3),
    ("凭证字", "FGroupID", "Varchar(80)", 4), ("凭证号", "FNumber", _NUMBER, 5), ("科目代码", "FAccountNum", "Varchar(40)", 7),
    ("科目名称", "FAccountName", "Varchar(255)", 8), ("币别代码", "FCurrencyNum", "Varchar(10)", 9),
    ("币别名称", "FCurrencyName", "Varchar(40)", 10), ("原币金额", "FAmountFor", _NUMBER, 11), ("借方", "FDebit", _NUMBER, 12),
    ("贷方", "FCredit", _NUMBER, 13), ("制单", "FPreparerID", "Varchar(255)", 14), ("审核", "FCheckerID", "Varchar(255)", 15),
    ("核准", "FApproveID", "Varchar(255)", 17), ("出纳", "FCashierID", "Varchar(255)", 18), ("经办", "FHandler", "Varchar(50)", 19),
    ("结算方式", "FSettleTypeID", "Varchar(80)", 20), ("结算号", "FSettleNo", "Varchar(255)", 21),
    ("凭证摘要", "FExplanation", "Varchar(255)", 22), ("数量", "FQuantity", _NUMBER, 23),
    ("数量单位", "FMeasureUnitID", "Varchar(255)", 24), ("单价", "FUnitPrice", _NUMBER, 25), ("参考信息", "FReference", "Varchar(255)", 26),
    ("业务日期", "FTransDate", _DAY, 27), ("往来业务编号", "FTransNo", "Varchar(255)", 28), ("附件数", "FAttachments", _NUMBER, 29),
    ("序号", "FSerialNum", _NUMBER, 30), ("系统模块", "FObjectName", "Varchar(100)", 31), ("业务描述", "FParameter", "Varchar(100)", 32),
    ("汇率类型", "FExchangeRateType", "Varchar(80)", 33), ("汇率", "FExchangeRate", _NUMBER, 34), ("分录序号", "FEntryID", _NUMBER, 35),
    ("核算项目", "FItem", "Text", 36), ("过账", "FPosted", _NUMBER, 37), ("机制凭证", "FInternalInd", "Varchar(10)", 38),
    ("现金流量", "FCashFlow", "Text", 39),
)  # fmt: skip
HEADS = tuple(head for head, *_rest in FIELDS)


def rows(lines: Iterable[VoucherLine], books: Books) -> list[list[object]]:
    """Page1 below its heads: an entry a row, debit and credit both written, 原币金额 as the side that the entry stands on."""
    return [_row(line, books) for line in lines]


def _row(line: VoucherLine, books: Books) -> list[object]:
    return [
        line.day, line.day.year, line.day.month, books.word, line.number, books.codes[line.code], line.code.label, "RMB", "人民币",
        line.debit or line.credit, line.debit, line.credit, books.maker, NOBODY, NOBODY, NOBODY, "", NO_KIND, "", memo(line), 0, NO_KIND,
        0, "", line.day, "", 0, line.number, "", "", "公司汇率", 1, line.line - 1, "", 0, "", "",
    ]  # fmt: skip


def memo(line: VoucherLine) -> str:
    """What 凭证摘要 says."""
    return fitting(harmless(line.memo), MOST)


_SCHEMA_HEADS = (
    "FType", "FKey", "FFieldName", "FCaption", "FValueType", "FNeedSave", "FColIndex", "FSrcTableName", "FSrcFieldName", "FExpFieldName",
    "FImpFieldName", "FDefaultVal", "FSearch", "FItemPageName", "FTrueType", "FPrecision", "FSearchName", "FIsShownList", "FViewMask",
    "FPage",
)  # fmt: skip


def schema() -> list[list[object]]:
    """t_Schema, as the program writes it beside its own vouchers: head, three lines about the file, a line a field."""
    about = (
        ("ClassInfo", "ClassType", "VoucherData"),
        ("ClassInfo", "ClassTypeID", "123"),
        ("PageInfo", "Page1", "Page1"),
    )
    told: list[list[object]] = [list(_SCHEMA_HEADS)]
    told += [[kind, key, "", caption, *[""] * 16] for kind, key, caption in about]
    told += [
        [
            "FieldInfo",
            name,
            name,
            head,
            kind,
            "",
            str(place),
            "",
            "",
            name,
            name,
            "",
            "0",
            "",
            "",
            "0",
            "0",
            "0",
            "0",
            "1",
        ]
        for head, name, kind, place in FIELDS
    ]
    return told
