"""Buyers' money: accounts, receivables, notices, receipts, refunds and the ledger beneath them."""

from app.features.payments.models.accounts import (
    NoticeState,
    OrderAccount,
    PaymentNotice,
    Receivable,
    ReceivableState,
    payable_on,
)
from app.features.payments.models.kinds import EARNEST, Credited, FundKind, Method, PaidBy
from app.features.payments.models.ledger import LedgerAllocation, LedgerCode, LedgerEntry, LedgerPosting, PostingKind
from app.features.payments.models.receipts import (
    CONFIRMED_STATES,
    HANDLERS,
    Receipt,
    ReceiptState,
    Refund,
    RefundState,
)

__all__ = [
    "CONFIRMED_STATES",
    "EARNEST",
    "HANDLERS",
    "Credited",
    "FundKind",
    "LedgerAllocation",
    "LedgerCode",
    "LedgerEntry",
    "LedgerPosting",
    "Method",
    "NoticeState",
    "OrderAccount",
    "PaidBy",
    "PaymentNotice",
    "PostingKind",
    "Receipt",
    "ReceiptState",
    "Receivable",
    "ReceivableState",
    "Refund",
    "RefundState",
    "payable_on",
]
