"""Matching lines of the bank with receipts and refunds: by rule or by hand, taken back with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.organisation.parameters import parameter
from app.features.payments.bank.models import BankLine, BankMatch, LineState
from app.features.payments.bank.rules import BankEntry, MoneyPaper, match
from app.features.payments.models import CONFIRMED_STATES, Method, Receipt, Refund, RefundState
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.transactions import write
from app.kernel.workflow import Act, as_step, fire

UNSCOPED = {"unscoped": True}


def open_lines(session: Session, project_id: int) -> list[BankLine]:
    """Lines that nothing proves yet, oldest first."""
    query = select(BankLine).where(BankLine.project_id == project_id, BankLine.state == LineState.OPEN)
    return list(session.scalars(query.order_by(BankLine.booked_on, BankLine.id), execution_options=UNSCOPED))


def unproved_receipts(session: Session, project_id: int) -> list[Receipt]:
    """Confirmed receipts through a bank that no line proves; cash is counted in the till."""
    proved = select(BankMatch.receipt_id).where(BankMatch.undone_at.is_(None), BankMatch.receipt_id.is_not(None))
    query = select(Receipt).where(
        Receipt.project_id == project_id, Receipt.state.in_(CONFIRMED_STATES), Receipt.method != Method.CASH, Receipt.id.not_in(proved)
    )  # fmt: skip
    return list(session.scalars(query.order_by(Receipt.arrived_on, Receipt.id), execution_options=UNSCOPED))


def unproved_refunds(session: Session, project_id: int) -> list[Refund]:
    """Paid refunds that no line proves."""
    proved = select(BankMatch.refund_id).where(BankMatch.undone_at.is_(None), BankMatch.refund_id.is_not(None))
    query = select(Refund).where(
        Refund.project_id == project_id, Refund.state == RefundState.PAID, Refund.id.not_in(proved)
    )
    return list(session.scalars(query.order_by(Refund.paid_on, Refund.id), execution_options=UNSCOPED))


def paper_of(record: Receipt | Refund) -> MoneyPaper:
    """A receipt or refund as the rules see it."""
    if isinstance(record, Refund):
        account = record.credited.value if record.credited is not None else ""
        return MoneyPaper(
            ("refund", record.id),
            account,
            record.paid_on or now().date(),
            -record.amount,
            record.reference,
            record.payee_name,
        )
    day = record.arrived_on or record.paid_on
    batch = f"{record.pos_terminal} {record.paid_on}" if record.method is Method.POS else ""
    amount = record.amount - record.fee
    return MoneyPaper(
        ("receipt", record.id), record.credited.value, day, amount, record.reference, record.payer_name, batch
    )


def match_all(session: Any, actor: Actor, project_id: int) -> int:
    """自动对账: whatever is certain; returns how many lines were matched. Run again it changes nothing."""

    def work() -> int:
        lines = {line.id: line for line in open_lines(session, project_id)}
        entries = [
            BankEntry(k, e.credited.value, e.booked_on, e.amount, e.reference, f"{e.counterparty} {e.memo}")
            for k, e in lines.items()
        ]
        papers = [paper_of(r) for r in unproved_receipts(session, project_id)]
        papers += [paper_of(r) for r in unproved_refunds(session, project_id)]
        found = match(entries, papers, days=parameter(session, project_id, "reconcile_days"))
        with as_step(session):
            for entry, proved, how in found.pairs:
                line = lines[entry.key]
                _keep(session, actor, line, proved, how)
                fire(session, line, "match_by_rule", actor, internal=True, note=how)
        return len(found.pairs)

    return write(session, work)


def _keep(session: Session, actor: Actor, line: BankLine, papers: Iterable[MoneyPaper], how: str) -> None:
    for paper in papers:
        session.add(
            BankMatch(
                project_id=line.project_id,
                line_id=line.id,
                amount=paper.amount,
                how=how,
                at=now(),
                person_id=actor.person_id,
                **{f"{paper.key[0]}_id": paper.key[1]},
            )
        )
    session.flush()


def match_by_hand(act: Act) -> None:
    """The person names the papers; their net sum must be the line's."""
    line: BankLine = act.document
    numbers = [n for n in re.split(r"[\s,，、;；]+", act.form["numbers"].strip()) if n]
    if len(numbers) != len(set(numbers)):
        raise RuleError("同一张单据写了两次", field="numbers")
    papers = [paper_of(_named(act.session, line.project_id, number)) for number in numbers]
    whole = sum((paper.amount for paper in papers), Decimal(0))
    if whole != line.amount:
        raise RuleError(
            "这些单据的净额合计 {whole} 元，流水是 {amount} 元，两者应一致", field="numbers",
            whole=format_amount(whole), amount=format_amount(line.amount),
        )  # fmt: skip
    if any(paper.account != line.credited.value for paper in papers):
        raise RuleError("单据的入账账户与这条流水的银行账户不同", field="numbers")
    _keep(act.session, act.actor, line, papers, "人工核对")


def _named(session: Session, project_id: int, number: str) -> Receipt | Refund:
    receipt = session.scalars(
        select(Receipt).where(Receipt.project_id == project_id, Receipt.number == number), execution_options=UNSCOPED
    ).first()
    if receipt is not None and receipt.state in CONFIRMED_STATES:
        return receipt
    refund = session.scalars(
        select(Refund).where(Refund.project_id == project_id, Refund.number == number), execution_options=UNSCOPED
    ).first()
    if refund is not None and refund.state is RefundState.PAID:
        return refund
    raise RuleError("没有已确认的收款单或已付款的退款单「{number}」", field="numbers", number=number)


def live_matches(session: Session, line_id: int) -> list[BankMatch]:
    """What proves a line now."""
    query = select(BankMatch).where(BankMatch.line_id == line_id, BankMatch.undone_at.is_(None))
    return list(session.scalars(query.order_by(BankMatch.id), execution_options=UNSCOPED))


def unmatch(act: Act) -> None:
    """取消对账: the matches stay with who took them back and why."""
    for found in live_matches(act.session, act.document.id):
        found.undone_at, found.undone_by, found.undone_reason = act.at, act.actor.person_id, act.note[:300]
    act.document.explanation = ""


def explain(act: Act) -> None:
    """Money that is no buyer's (利息, 账户管理费): said once, counted no more."""
    act.document.explanation = act.note[:300]


def release_receipt(session: Session, actor: Actor, receipt: Receipt, why: str) -> None:
    """红冲: what proved the receipt proves nothing any more; its line is open again. Joins the caller's step."""
    query = select(BankLine).join(BankMatch, BankMatch.line_id == BankLine.id).where(
        BankMatch.receipt_id == receipt.id, BankMatch.undone_at.is_(None)
    )  # fmt: skip
    for line in list(session.scalars(query, execution_options=UNSCOPED)):
        fire(session, line, "unmatch", actor, internal=True, note=why)
