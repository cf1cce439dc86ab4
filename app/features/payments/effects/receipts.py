"""A receipt is entered, confirmed by 甲方财务, or taken back by a red entry of two people (02 §2.1.1, §2.2.2)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from app.features.organisation.models import Project
from app.features.organisation.parameters import parameter
from app.features.payments.bank.effects import release_receipt
from app.features.payments.bills.effects import ask_recall
from app.features.payments.closing.guard import require_open_months
from app.features.payments.effects.accounts import locked_account, require_open
from app.features.payments.effects.allocating import (
    allocate_prepaid,
    allocated_parts,
    open_rows,
    parts_for,
    refresh,
    refunded,
    write_parts,
)
from app.features.payments.effects.fitting import notice_of, require_fitting, require_room, taken_of
from app.features.payments.effects.late_fees import charge_settled
from app.features.payments.effects.ledger import UNSCOPED, confirmed_total, post, posting_of
from app.features.payments.models import (
    CONFIRMED_STATES,
    Credited,
    FundKind,
    LedgerAllocation,
    Method,
    NoticeState,
    OrderAccount,
    PostingKind,
    Receipt,
)
from app.features.payments.registry import CONFIRMED, REVERSED
from app.features.payments.rules import deposit_cap
from app.features.payments.rules.booking import Line, asset_code, receipt_lines
from app.features.payments.rules.entry import check_amounts, check_days, check_proof
from app.kernel.actors import Actor
from app.kernel.approval.kinds import Need
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.numbering import next_number
from app.kernel.transactions import write
from app.kernel.workflow import Act, StateChange, as_step, fire


def number_for(session: Session, paper: Any, day: date) -> str:
    """The next number of this kind of paper in its project and year."""
    query = select(Project.code).where(Project.id == paper.project_id)
    code = session.scalar(query, execution_options=UNSCOPED)
    return next_number(session, paper.__number__, str(code), day)


def follow_account(paper: Any, account: OrderAccount) -> None:
    """A paper of an account is seen by whoever sees the account."""
    paper.project_id, paper.owner_id = account.project_id, account.owner_id
    paper.partner_id, paper.team_id = account.partner_id, account.team_id


def enter_receipt(
    session: Any,
    actor: Actor,
    account: OrderAccount,
    *,
    kind: FundKind,
    amount: Decimal,
    method: Method,
    paid_on: date | None = None,
    payer_name: str | None = None,
    credited: Credited = Credited.SUPERVISED,
    **more: Any,
) -> Receipt:
    """Enter a receipt: 待确认, nothing is booked. payer_name None = the first buyer. Raises RuleError as check_receipt."""

    def work() -> Receipt:
        receipt = Receipt(
            account_id=account.id,
            kind=kind,
            amount=amount,
            method=method,
            paid_on=paid_on or now().date(),
            payer_name=payer_name or account.buyers.split("、")[0],
            credited=credited,
            created_by=actor.person_id,
            **more,
        )
        follow_account(receipt, account)
        check_receipt(receipt, account)
        with as_step(session):
            session.add(receipt)
            session.flush()
        return receipt

    return write(session, work)


def check_receipt(receipt: Receipt, account: OrderAccount) -> None:
    """What an entry must hold; raises RuleError with the field to correct."""
    if receipt.notice_id is not None:
        require_room(_session_of(account), receipt)
    _check(receipt, account)


def _check(receipt: Receipt, account: OrderAccount) -> None:
    """What holds at the entry and still when it is confirmed."""
    require_open(account)
    require_fitting(account, receipt.kind)
    check_amounts(receipt.amount, receipt.fee)
    check_days(receipt.paid_on, receipt.arrived_on, now().date())
    _check_months(receipt, account)
    check_proof(receipt.method, receipt.pos_terminal, receipt.reference)
    loan = receipt.kind in (FundKind.BANK_LOAN, FundKind.FUND_LOAN)
    if receipt.method is Method.BANK_LOAN and not loan:
        raise RuleError("银行放款的款项类型应为「按揭」或「公积金」", field="kind")
    if not loan and receipt.payer_name not in account.buyers.split("、") and not receipt.third_party_paper:
        raise RuleError(
            "付款人不是买受人（{buyers}），请填写代付声明", field="third_party_paper", buyers=account.buyers
        )


def _session_of(account: OrderAccount) -> Session:
    session = object_session(account)
    if session is None:
        raise TypeError("an account outside a session")
    return session


def _check_months(receipt: Receipt, account: OrderAccount) -> None:
    days = [(receipt.paid_on, "paid_on", "收款日"), (receipt.arrived_on, "arrived_on", "到账日")]
    require_open_months(
        _session_of(account), account.project_id, [(day, field, what) for day, field, what in days if day is not None]
    )


def deposit_surplus(session: Session, receipt: Receipt, account: OrderAccount) -> Decimal:
    """What of a 定金 goes beyond its legal cap together with what is confirmed: booked as 房款 (02 §2.3.3), yuan."""
    if receipt.kind is not FundKind.DEPOSIT:
        return Decimal(0)
    cap = deposit_cap(account.total, parameter(session, account.project_id, "deposit_cap"))
    beyond = confirmed_total(session, account.id, [FundKind.DEPOSIT]) + receipt.amount - cap
    return min(max(beyond, Decimal(0)), receipt.amount)


def accept_surplus(act: Act) -> None:
    """案场经理 knows that a part of the 定金 has no deposit effect."""
    receipt: Receipt = act.document
    receipt.surplus = deposit_surplus(act.session, receipt, receipt.account)
    receipt.surplus_by = act.actor.person_id


def has_surplus(receipt: Receipt, _actor: Actor) -> bool:
    """Whether 「同意超额定金」 is offered."""
    session = object_session(receipt)
    return session is not None and deposit_surplus(session, receipt, receipt.account) > (receipt.surplus or 0)


def _require_accepted(surplus: Decimal, receipt: Receipt) -> None:
    if surplus > (receipt.surplus if receipt.surplus_by is not None else 0):
        raise RuleError(
            "定金超过法定上限，超出的 {surplus} 元将按房款入账，须案场经理先点「同意超额定金」",
            field="amount",
            surplus=format_amount(surplus),
        )


def confirm_receipt(act: Act) -> None:
    """甲方财务 confirms: number, posting, allocation, notice; then the order hears of it, all in one transaction."""
    receipt: Receipt = act.document
    account = locked_account(act.session, receipt.account_id)
    require_open(account)
    receipt.arrived_on = act.get("arrived_on") or receipt.arrived_on or act.at.date()
    _check(receipt, account)
    surplus = deposit_surplus(act.session, receipt, account)
    _require_accepted(surplus, receipt)
    receipt.surplus = surplus
    number = number_for(act.session, receipt, act.at.date())
    receipt.number, receipt.confirmed_at, receipt.confirmed_by = number, act.at, act.actor.person_id
    parts = parts_for(act.session, receipt.project_id, receipt.kind, receipt.amount, open_rows(act.session, account.id))
    late = sum((part for row, part in parts if row.kind is FundKind.LATE_FEE), Decimal(0))
    if receipt.kind is FundKind.LATE_FEE:
        late = Decimal(0)  # it is credited there as a whole
    lines = receipt_lines(
        receipt.kind, receipt.amount, receipt.fee, asset_code(receipt.method, receipt.credited), late, surplus
    )
    memo = f"{receipt.number} {account.title} {receipt.kind.label}"
    post(
        act.session,
        act.actor,
        receipt,
        PostingKind.RECEIPT,
        lines,
        account_id=account.id,
        memo=memo,
        at=act.at,
        booked_on=receipt.arrived_on,
    )
    write_parts(act.session, receipt, parts, act.at)
    refresh(act.session, account, act.actor)
    charge_settled(act.session, act.actor, account)
    _close_notice(act, receipt)
    for listener in CONFIRMED:
        listener(act, account)


def _close_notice(act: Act, receipt: Receipt) -> None:
    """Paid once everything that it asked for is confirmed: two cards, two receipts."""
    if receipt.notice_id is None:
        return
    notice = notice_of(act.session, receipt.notice_id)
    whole = taken_of(act.session, notice, *CONFIRMED_STATES) >= notice.amount
    if notice.state is NoticeState.ISSUED and whole:
        fire(act.session, notice, "note_paid", act.actor, internal=True, note=receipt.number or "")


def note_submitter(act: Act) -> None:
    """Who asked for the red entry may not decide it."""
    act.document.submitted_by = act.actor.person_id


def reversal_need(session: Session, receipt: Any) -> Need:
    """What the second person reads before he decides: which money, and why it is to be taken back."""
    told = f"{receipt.number} {receipt.account.title} {receipt.kind.label} {format_amount(receipt.amount)} 元"
    why = reason_of_reversal(session, receipt)
    return Need(summary=f"{told}；原因：{why}"[:500] if why else told)


def reason_of_reversal(session: Session, receipt: Receipt) -> str:
    """What the asker wrote when he last asked for the red entry."""
    query = select(StateChange.note).where(
        StateChange.subject == Receipt.__tablename__,
        StateChange.subject_id == receipt.id,
        StateChange.step == "ask_reversal",
    )
    return session.scalar(query.order_by(StateChange.id.desc()).limit(1)) or ""


def money_is_still_there(act: Act) -> None:
    """A receipt is taken back only while its money is: not refunded, not settled."""
    receipt: Receipt = act.document
    require_open(locked_account(act.session, receipt.account_id))
    if refunded(act.session, receipt.id):
        raise RuleError("收款单 {no} 已有退款，不能红冲", no=receipt.number)


def reverse_receipt(act: Act) -> None:
    """红冲: the same entries with the opposite sign, the rows are open again; both papers and both postings stay."""
    receipt: Receipt = act.document
    account = locked_account(act.session, receipt.account_id)
    booked = posting_of(act.session, receipt, PostingKind.RECEIPT)
    if booked is None:
        raise ValueError(f"receipt {receipt.id} is confirmed without a posting")
    post(
        act.session,
        act.actor,
        receipt,
        PostingKind.REVERSAL,
        [Line(e.code, -e.amount, e.fund_kind) for e in booked.entries],
        account_id=account.id,
        memo=f"红冲 {receipt.number}：{reason_of_reversal(act.session, receipt) or account.title}"[:300],
        at=act.at,
        reverses=booked,
    )
    parts = allocated_parts(act.session, LedgerAllocation.receipt_id == receipt.id)
    write_parts(act.session, receipt, [(row, -amount) for row, _receipt, amount in parts], act.at)
    receipt.reversed_at = act.at
    ask_recall(act.session, account, f"红冲 {receipt.number}", receipt.id)
    release_receipt(act.session, act.actor, receipt, f"红冲 {receipt.number}")
    act.session.flush()
    allocate_prepaid(act.session, account, act.actor)
    for listener in REVERSED:
        listener(act, account)
