"""What follows when money moves. Orders use these; nobody else writes accounts, rows or the ledger."""

from app.features.payments.effects.accounts import (
    PlanLine,
    account_of,
    open_account,
    open_earnest_account,
    pending_total,
    plan_rows_of,
    rename_account,
)
from app.features.payments.effects.extending import check_extension, extend_row
from app.features.payments.effects.late_fees import (
    accrual,
    accumulated_due,
    charge_late_fee,
    price_paid,
    set_late_terms,
    waive_late_fee,
)
from app.features.payments.effects.ledger import confirmed_total
from app.features.payments.effects.plans import add_receivable, cancel_plan, date_plan, replace_plan
from app.features.payments.effects.receipts import enter_receipt
from app.features.payments.effects.refunds import refunds_unpaid, request_refund, settle
from app.features.payments.effects.transfers import transfer
from app.features.payments.registry import when_confirmed, when_reversed

__all__ = [
    "PlanLine",
    "account_of",
    "accrual",
    "accumulated_due",
    "add_receivable",
    "cancel_plan",
    "charge_late_fee",
    "check_extension",
    "confirmed_total",
    "date_plan",
    "enter_receipt",
    "extend_row",
    "open_account",
    "open_earnest_account",
    "pending_total",
    "plan_rows_of",
    "price_paid",
    "refunds_unpaid",
    "rename_account",
    "replace_plan",
    "request_refund",
    "set_late_terms",
    "settle",
    "transfer",
    "waive_late_fee",
    "when_confirmed",
    "when_reversed",
]
