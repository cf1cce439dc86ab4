"""Which papers of money are printed, when, and where they are filed (02 §2.5.8)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.features.archive.folders.effects import folder_of
from app.features.archive.papers.effects import file_print
from app.features.payments import printed
from app.features.payments.bills.models import BillExchange, ExchangeState
from app.features.payments.letters.models import DunningLetter, LetterKind, LetterState
from app.features.payments.models import FundKind, Method, NoticeState, PaymentNotice, Receipt, Refund, RefundState
from app.features.payments.models.receipts import CONFIRMED_STATES, ReceiptState
from app.features.payments.waivers.models import LateFeeWaiver, WaiverState
from app.kernel.actors import Actor
from app.kernel.attachments import Attachment
from app.kernel.papers.kinds import paper_kind

SHEETS = Path(__file__).with_name("sheets")
APPROVED_LETTER = (LetterState.APPROVED, LetterState.SENT, LetterState.SIGNED, LetterState.RETURNED)
LENT = (FundKind.BANK_LOAN, FundKind.FUND_LOAN)
ORDER = "reservation"  # the table of the order whose household takes the receipts


def _file_receipt(session: Session, actor: Actor, receipt: Receipt, file: Attachment) -> None:
    folder = folder_of(session, ORDER, receipt.account.reservation_id)
    if folder is not None:
        title = f"收款单 {receipt.number} {receipt.kind.label} {receipt.amount:,.2f} 元"
        file_print(session, actor, folder, "receipt", title, source=("receipt", receipt.id), file=file)


def _paid_by_others(receipt: Receipt) -> bool:
    """A bank that lends is no third party: its money is the buyer's by the loan contract."""
    if receipt.state is ReceiptState.VOID or receipt.method is Method.BANK_LOAN or receipt.kind in LENT:
        return False
    return receipt.payer_name not in ("", *receipt.account.buyers.split("、"))


def _may_be_sent(kind: LetterKind) -> Any:
    """An approved letter of this kind."""

    def offered(letter: DunningLetter) -> bool:
        return letter.kind is kind and letter.state in APPROVED_LETTER

    return offered


def declare_papers() -> None:
    """Called once, in register()."""
    paper_kind("payment_notice", "缴款通知单", PaymentNotice, printed.payment_notice, sheets=SHEETS,
               offered=lambda paper: paper.state is not NoticeState.VOID)  # fmt: skip
    paper_kind("receipt", "收款收据", Receipt, printed.receipt, sheets=SHEETS, filed=_file_receipt,
               offered=lambda paper: paper.state in CONFIRMED_STATES)  # fmt: skip
    paper_kind(
        "refund",
        "退款单",
        Refund,
        printed.refund,
        sheets=SHEETS,
        personal=True,
        offered=lambda paper: paper.state is not RefundState.VOID,
    )
    for key, kind in (("demand_letter", LetterKind.DEMAND), ("termination_letter", LetterKind.TERMINATION)):
        paper_kind(
            key,
            kind.label,
            DunningLetter,
            printed.dunning_letter,
            sheets=SHEETS,
            personal=True,
            offered=_may_be_sent(kind),
        )
    paper_kind("third_party", "代付声明", Receipt, printed.third_party, sheets=SHEETS, offered=_paid_by_others)
    paper_kind("bill_exchange", "收据换票单", BillExchange, printed.bill_exchange, sheets=SHEETS,
               offered=lambda paper: paper.state is not ExchangeState.VOID)  # fmt: skip
    paper_kind("late_fee_waiver", "滞纳金减免单", LateFeeWaiver, printed.late_fee_waiver, sheets=SHEETS,
               offered=lambda paper: paper.state not in (WaiverState.DRAFT, WaiverState.VOID))  # fmt: skip
