"""How does a claim move? Chain by amount, over budget one post higher, then paid (07 «费用»)."""

from __future__ import annotations

from app.features.office.expenses import effects
from app.features.office.expenses.books import BOOKS, Book
from app.features.office.expenses.kinds import ExpenseState, PayMethod
from app.features.office.numbers import give_number
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import ask
from app.kernel.base import now
from app.kernel.workflow import Flow, flow, step

DRAFT, REVIEW, APPROVED, PAID, REFUSED, VOID = ExpenseState
COVERED = ("spent_on", "reason", "payee", "over_reason", "amount", "line_words")


def _flow(book: Book) -> Flow:
    approval_kind(
        book.kind,
        book.label,
        book.expense,
        Mode.IN_TURN,
        book.chain,
        unit="元",
        need=effects.approval_need,
        content=COVERED,
        beside=book.beside,
    )
    return flow(
        book.expense,
        step("submit", "提交审批", DRAFT, REVIEW, by=book.claimers, owner_only=True, tone="primary",
             form=[ask("over_reason", "超预算说明", "textarea", when=effects.lacks_reason,
                       hint="本单超出预算，写明原因后多报一级审批；要减少金额请回到单据点「修改」")],
             guards=[effects.bills_are_attached], then=[effects.take_budget, give_number, opens(book.kind)]),
        *approval_steps(book.kind, REVIEW, approved=APPROVED, returned=DRAFT, refused=REFUSED, by=book.claimers,
                        then=(effects.tell_payers,)),
        step("pay", "付款", APPROVED, PAID, by=book.payers, tone="primary", guards=[effects.payment_fits],
             then=[effects.note_payment, effects.tell_claimant],
             form=[ask("paid_on", "付款日", "date", default=lambda _claim: now().date()),
                   ask("pay_method", "付款方式", "choice", choices=PayMethod), ask("voucher_number", "凭证号")]),
        step("send_back", "退回补件", APPROVED, DRAFT, by=book.payers, reason=True, then=[effects.tell_claimant]),
        step("void", "作废", (DRAFT, APPROVED), VOID, by=book.claimers, owner_only=True, reason=True, tone="risk"),
        normal=(DRAFT, REVIEW, APPROVED, PAID),
    )  # fmt: skip


EXPENSE_FLOWS = tuple(_flow(book) for book in BOOKS)
