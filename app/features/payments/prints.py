"""Which papers of money are printed, when, and where they are filed (02 §2.5.8)."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from app.features.archive.folders.effects import folder_of
from app.features.archive.papers.effects import file_print
from app.features.payments import printed
from app.features.payments.models import NoticeState, PaymentNotice, Receipt, Refund, RefundState
from app.features.payments.models.receipts import CONFIRMED_STATES
from app.kernel.actors import Actor
from app.kernel.attachments import Attachment
from app.kernel.papers.kinds import paper_kind

SHEETS = Path(__file__).with_name("sheets")
ORDER = "reservation"  # the table of the order whose household takes the receipts


def _file_receipt(session: Session, actor: Actor, receipt: Receipt, file: Attachment) -> None:
    folder = folder_of(session, ORDER, receipt.account.reservation_id)
    if folder is not None:
        title = f"收款单 {receipt.number} {receipt.kind.label} {receipt.amount:,.2f} 元"
        file_print(session, actor, folder, "receipt", title, source=("receipt", receipt.id), file=file)


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
        offered=lambda paper: paper.state is not RefundState.VOID,
    )
