"""What a 催款函件 needs and what follows when it goes out: an asking on every overdue row, the term counted from the receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.organisation.parameters import parameter
from app.features.payments.dunning.effects import record
from app.features.payments.effects.accounts import require_open
from app.features.payments.effects.late_fees import accruals
from app.features.payments.effects.ledger import UNSCOPED
from app.features.payments.effects.receipts import follow_account, number_for
from app.features.payments.letters.models import DunningLetter, LetterKind, LetterState
from app.features.payments.models import OrderAccount, PaidBy, Receivable, ReceivableState
from app.features.payments.rules.late_fee import Accrual, days_late
from app.kernel.approval.kinds import Need
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.workflow import Act

GONE_OUT = (LetterState.SENT, LetterState.SIGNED, LetterState.RETURNED)


@dataclass(frozen=True)
class LateRow:
    """An overdue row as a letter names it."""

    row: Receivable
    days: int
    accrual: Accrual | None

    @property
    def fee(self) -> Decimal:
        """Accrued and not waived, yuan."""
        return max(self.accrual.late.fee - self.accrual.waived, Decimal(0)) if self.accrual else Decimal(0)


def late_rows(session: Session, account_id: int, as_of: date | None = None) -> list[LateRow]:
    """The buyer's overdue rows of an account with their late fees up to a day (default today), oldest first."""
    day = as_of or now().date()
    query = select(Receivable).where(
        Receivable.account_id == account_id, Receivable.state == ReceivableState.OVERDUE, Receivable.payer == PaidBy.BUYER
    )  # fmt: skip
    rows = list(session.scalars(query, execution_options=UNSCOPED))
    fees = accruals(session, rows, day)
    found = [LateRow(row, days_late(row.payable_on or day, day), fees.get(row.id)) for row in rows]
    return sorted(found, key=lambda late: (-late.days, late.row.id))


def rows_on_paper(session: Session, letter: DunningLetter) -> list[LateRow]:
    """The rows with days and fees as of the day on which the letter's sums were written: a paper says one thing."""
    rows = late_rows(session, letter.account_id)
    if not rows or rows[0].row.payable_on is None:
        return rows
    return late_rows(session, letter.account_id, rows[0].row.payable_on + timedelta(days=letter.days))


def fill(session: Session, letter: DunningLetter, account: OrderAccount) -> None:
    """People come from the account, the sums from its overdue rows today. Raises RuleError when the letter has no ground."""
    require_open(account)
    follow_account(letter, account)
    write_sums(session, letter, account)
    if letter.pay_until is None:
        days = parameter(session, account.project_id, "dunning_answer_days")
        letter.pay_until = now().date() + timedelta(days=days)
    if letter.pay_until <= now().date():
        raise RuleError("限期应晚于今天", field="pay_until")


def write_sums(session: Session, letter: DunningLetter, account: OrderAccount) -> None:
    """Overdue sum, fee and days as they are now; a 解除通知函 only where the contract allows it and a demand went before."""
    rows = late_rows(session, account.id)
    if not rows:
        raise RuleError("账户「{title}」没有逾期的应收款，不用发函", field="account_id", title=account.title)
    letter.overdue = sum((late.row.open_amount for late in rows), Decimal(0))
    letter.late_fee, letter.days = sum((late.fee for late in rows), Decimal(0)), rows[0].days
    if letter.kind is LetterKind.TERMINATION:
        _require_ground(session, account, rows)


def _require_ground(session: Session, account: OrderAccount, rows: Sequence[LateRow]) -> None:
    if not any(late.row.terminable for late in rows):
        raise RuleError("逾期还没有超过合同约定的解除天数，不能发解除通知函", field="kind")
    demand = select(DunningLetter.id).where(
        DunningLetter.account_id == account.id, DunningLetter.kind == LetterKind.DEMAND, DunningLetter.state.in_(GONE_OUT)
    )  # fmt: skip
    if session.scalar(demand.limit(1), execution_options=UNSCOPED) is None:
        raise RuleError("发解除通知函之前，须先发过催款函", field="kind")


def account_of(act: Act) -> OrderAccount:
    """The letter's account, whoever acts."""
    query = select(OrderAccount).where(OrderAccount.id == act.document.account_id)
    return act.session.scalars(query, execution_options=UNSCOPED).one()


def sums_are_current(act: Act) -> None:
    """What is reviewed is what is owed now."""
    write_sums(act.session, act.document, account_of(act))


def give_number(act: Act) -> None:
    """The number comes with the first submit."""
    act.document.submitted_by = act.actor.person_id
    if act.document.number is None:
        act.document.number = number_for(act.session, act.document, act.at.date())


def approval_need(_session: Session, letter: Any) -> Need:
    """What the reviewers read."""
    text = f"{letter.account.title}，逾期 {format_amount(letter.overdue)} 元，最长 {letter.days} 天，滞纳金 {format_amount(letter.late_fee)} 元，限期 {letter.pay_until}"
    return Need(Decimal(1), summary=text)


def note_sending(act: Act) -> None:
    """Sent: every overdue row was asked for by letter; the term is never shorter than the site's days from the sending."""
    letter: DunningLetter = act.document
    letter.sent_on, letter.express_no = act.form["on"], act.form["express_no"]
    _not_ahead(act, letter.sent_on)
    _at_least(act.session, letter, letter.sent_on)
    for late in late_rows(act.session, letter.account_id):
        record(
            act.session,
            act.actor,
            late.row,
            how="函件",
            answer=f"{letter.kind.label} {letter.number}，快递 {letter.express_no}",
        )


def note_signing(act: Act) -> None:
    """Signed for: the term counts from here."""
    letter: DunningLetter = act.document
    letter.signed_on, letter.signed_by = act.form["on"], act.get("signed_by") or ""
    _not_ahead(act, letter.signed_on)
    if letter.sent_on is not None and letter.signed_on < letter.sent_on:
        raise RuleError("签收日期不能早于寄出日期 {day}", field="on", day=letter.sent_on.isoformat())
    _at_least(act.session, letter, letter.signed_on)


def _at_least(session: Session, letter: DunningLetter, day: date) -> None:
    first = day + timedelta(days=parameter(session, letter.project_id, "dunning_answer_days"))
    letter.pay_until = max(letter.pay_until or first, first)


def _not_ahead(act: Act, day: date) -> None:
    if day > act.at.date():
        raise RuleError("日期不能晚于今天", field="on")
