"""Money follows its buyer to the order that replaces his old one (02 §2.2.3 换房: transferred, not lost)."""

from __future__ import annotations

from typing import Any

from app.features.payments.effects.accounts import close_account, locked_account, require_open
from app.features.payments.effects.allocating import (
    allocate_prepaid,
    allocated_parts,
    confirmed_receipts,
    write_parts,
)
from app.features.payments.effects.ledger import held_by_kind, post
from app.features.payments.effects.refunds import require_quiet
from app.features.payments.models import (
    FundKind,
    LedgerAllocation,
    LedgerCode,
    OrderAccount,
    PostingKind,
    Receipt,
)
from app.features.payments.rules.booking import credit_code, transfer_lines
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.transactions import write
from app.kernel.workflow import as_step

MOVED = (LedgerCode.BUYERS, LedgerCode.COLLECTED)  # what is still the buyer's; late fees and charges were earned
LENT = (FundKind.BANK_LOAN, FundKind.FUND_LOAN)


def transfer(
    session: Any, actor: Actor, source: OrderAccount, target: OrderAccount, *, paper: Any, reason: str,
    into: FundKind | None = None,
) -> None:  # fmt: skip
    """All that the buyers still have on `source` goes to `target`, each kind as it is or all `into` one; `source` closes.

    One posting over both accounts; the receipts follow, so that a later refund goes back to whoever paid and a red entry
    takes the money from where it lies now. paper: the executed 变更申请 (a row with project_id; one transfer each).
    Raises RuleError while receipts or refunds are under way, or when a bank has lent on the old flat already.
    """

    def work() -> None:
        held = {key: locked_account(session, key) for key in sorted((source.id, target.id))}
        old, new = held[source.id], held[target.id]
        require_open(old)
        require_open(new)
        require_quiet(session, old)
        there = {code: held_by_kind(session, old.id, code) for code in MOVED}
        if any(kind in LENT for kind in there[LedgerCode.BUYERS]):
            raise RuleError("「{title}」的贷款已经放款，请先与银行结清再办理", title=old.title)
        lines = transfer_lines(there, old.id, new.id, into)
        with as_step(session):
            if lines:
                memo = f"{paper} {reason}：{old.title} 转 {new.title}"
                post(session, actor, paper, PostingKind.TRANSFER, lines, account_id=old.id, memo=memo, at=now())
            _move_receipts(session, old, new)
            close_account(session, old, actor)
            allocate_prepaid(session, new, actor)

    write(session, work)


def _move_receipts(session: Any, old: OrderAccount, new: OrderAccount) -> None:
    """Receipts of the buyer's own money let go of the old rows and belong to the new account; what paid a late fee stays there."""
    moved: dict[int, Receipt] = {r.id: r for r in confirmed_receipts(session, old.id) if credit_code(r.kind) in MOVED}
    for row, receipt_id, amount in allocated_parts(session, LedgerAllocation.account_id == old.id):
        if receipt_id in moved and row.kind is not FundKind.LATE_FEE:
            write_parts(session, moved[receipt_id], [(row, -amount)], now())
    for receipt in moved.values():
        receipt.account = new
    session.flush()
