"""The papers of a title deed and its days: plain functions on values (02 §2.5.7, §2.5.9)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from app.kernel.errors import RuleError

CHECKLIST = (  # code of the archive's kind, name, copies
    ("contract", "商品房买卖合同", 1),
    ("settlement", "房款结清确认", 1),
    ("identity", "身份证明", 2),
    ("deed_tax", "契税完税凭证", 1),
    ("repair_fund", "维修资金票据", 1),
    ("survey", "测绘成果表", 1),
    ("application", "不动产登记申请表", 1),
)
FROM_TAXES = frozenset({"deed_tax", "repair_fund"})  # come with the payment, after the other papers


def due_days(handed_on: date | None, filing_days: int, deed_days: int) -> tuple[date | None, date | None]:
    """Papers filed within 60, certificate within 90 days of the handover; no days before it."""
    if handed_on is None:
        return None, None
    return handed_on + timedelta(days=filing_days), handed_on + timedelta(days=deed_days)


def require_taxes(deed_tax: Decimal, deed_tax_no: str, repair_fund: Decimal, repair_fund_no: str) -> None:
    """A sum comes with its paper. Raises RuleError beside the field; nothing to pay is 0."""
    for field, amount, number in (("deed_tax", deed_tax, deed_tax_no), ("repair_fund", repair_fund, repair_fund_no)):
        if amount < 0:
            raise RuleError("金额不能小于零，免缴填 0", field=field)
        if amount and not number:
            raise RuleError("请填写票据号", field=f"{field}_no")


def require_in_order(on: date, earliest: date | None, today: date, what: str) -> None:
    """A dated fact lies between the step before it and today. Raises RuleError beside the date."""
    if on > today:
        raise RuleError("{what}不能晚于今天", field="on", what=what)
    if earliest is not None and on < earliest:
        raise RuleError("{what}不能早于上一步的 {day}", field="on", what=what, day=earliest.isoformat())
