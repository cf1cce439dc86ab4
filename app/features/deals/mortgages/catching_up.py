"""A loan that is further than our paper: the bank's ledger, and the books of before the site went live, move it on, never back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.deals.contracts.models import Form
from app.features.deals.mortgages.effects import lend_short, note_papers_complete
from app.features.deals.mortgages.models import LoanKind, Mortgage, MortgageState
from app.features.deals.mortgages.opening import (
    ROW_OF,
    UNSCOPED,
    hear_of_signature,
    open_mortgage,
    planned_loans,
    signed_contract,
)
from app.features.deals.mortgages.rules import require_granted
from app.features.deals.reservations.models import Reservation
from app.features.payments.effects import account_of, plan_rows_of
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.workflow import Act, as_step, fire

S = MortgageState
WAY = (S.PRECHECK, S.COLLECTING, S.COMPLETE, S.INTERVIEWED, S.SUBMITTED, S.GRANTED, S.NOTED, S.RELEASED, S.REGISTERED)
FACTS = {  # the dated fact of each state that the ledger may name
    "complete_on": S.COMPLETE, "interviewed_on": S.INTERVIEWED, "submitted_on": S.SUBMITTED, "granted_on": S.GRANTED,
    "noted_on": S.NOTED, "released_on": S.RELEASED, "registered_on": S.REGISTERED,
}  # fmt: skip
LABELS = {
    "complete_on": "齐件日", "interviewed_on": "面签日", "submitted_on": "送审日", "granted_on": "批贷日", "noted_on": "预告登记日",
    "released_on": "放款日", "registered_on": "正式抵押日",
}  # fmt: skip


@dataclass(frozen=True)
class Ledger:
    """One row: what is lent by whom, how far it is, on which days. amount: what the bank granted or lent, yuan."""

    kind: LoanKind
    lender: str
    amount: Decimal | None
    state: MortgageState
    dates: Mapping[str, date | None]
    registered_no: str = ""


def place_of(state: MortgageState) -> int:
    """How far along the way a state is; 补件 is where 送审 is."""
    return WAY.index(S.SUBMITTED if state is S.SUPPLEMENT else state)


def is_behind(loan: Mortgage, state: MortgageState) -> bool:
    """Whether our paper has still to come to where the ledger is."""
    return place_of(loan.state) < place_of(state)


def require_dates(state: MortgageState, dates: Mapping[str, date | None], today: date) -> None:
    """The day of the state itself is known; the known days follow one another and none lies ahead. Raises RuleError with the field."""
    own = next(name for name, of in FACTS.items() if of is state)
    if dates.get(own) is None:
        raise RuleError("进度是「{state}」，请填{what}", field=own, state=state.label, what=LABELS[own])
    before: date | None = None
    for name, of in FACTS.items():
        on = dates.get(name)
        if on is None:
            continue
        if place_of(of) > place_of(state):
            raise RuleError("进度是「{state}」，不应已有{what}", field=name, state=state.label, what=LABELS[name])
        if on > today:
            raise RuleError("{what}不能晚于今天", field=name, what=LABELS[name])
        if before is not None and on < before:
            raise RuleError("{what}不能早于上一步的 {day}", field=name, what=LABELS[name], day=before.isoformat())
        before = on


def living(session: Session, order_id: int, kind: LoanKind) -> Mortgage | None:
    """The loan of this kind that an order has, lent or on its way."""
    query = select(Mortgage).where(
        Mortgage.reservation_id == order_id, Mortgage.kind == kind, Mortgage.state.not_in((S.REFUSED, S.VOID))
    )
    return session.scalars(query, execution_options=UNSCOPED).first()


def check_ledger(session: Session, order: Reservation, row: Ledger) -> None:
    """What must hold before a row is taken. Raises RuleError with the column."""
    require_dates(row.state, row.dates, now().date())
    loan = living(session, order.id, row.kind)
    asked = loan.amount if loan is not None else planned_loans(session, order).get(row.kind)
    if asked is None:
        raise RuleError("认购书 {no} 的付款计划里没有{kind}", field="kind", no=order, kind=row.kind.label)
    if row.amount is not None and place_of(row.state) >= place_of(S.GRANTED):
        require_granted(asked, row.amount)
    elif row.amount is not None and row.amount != asked:
        raise RuleError("贷款金额应为 {asked} 元，请先变更付款方式", field="amount", asked=format_amount(asked))
    contract = signed_contract(session, order.id)
    if place_of(row.state) >= place_of(S.RELEASED):
        if contract is None:
            raise RuleError("合同还没有签约，不能登记放款", field="stage")
        noted = row.dates.get("noted_on") or (loan.noted_on if loan is not None else None)
        if contract.form is Form.PRESALE and noted is None:
            raise RuleError("预售房要先登记预告抵押，请填预告登记日", field="noted_on")


def catch_up(session: Session, actor: Actor, order: Reservation, row: Ledger) -> Mortgage:
    """The loan stands where the ledger says. Raises RuleError as check_ledger; one that is further is left as it is."""
    check_ledger(session, order, row)
    with as_step(session):
        loan = living(session, order.id, row.kind)
        if loan is None:
            loan = open_mortgage(session, actor, order, row.kind, planned_loans(session, order)[row.kind])
        if is_behind(loan, row.state):
            own = next(name for name, state in FACTS.items() if state is row.state)
            step = f"ledger_{row.state.value}"
            fire(session, loan, step, actor, internal=True, note="按揭台账", row=row, on=row.dates[own])
    return loan


def note_ledger(act: Act) -> None:
    """Lender, days and the granted sum as the ledger has them; what is known already stays."""
    loan: Mortgage = act.document
    row: Ledger = act.form.pop("row")
    loan.lender = row.lender or loan.lender
    for name in FACTS:
        if getattr(loan, name) is None:
            setattr(loan, name, row.dates.get(name))
    loan.lien_noted_on = loan.lien_noted_on or loan.noted_on
    loan.registered_no = row.registered_no or loan.registered_no
    note_papers_complete(act.session, loan)
    if loan.granted is None and place_of(row.state) >= place_of(S.GRANTED):
        loan.granted_on = loan.granted_on or row.dates.get("noted_on") or row.dates.get("released_on") or act.at.date()
        lend_short(act, loan, row.amount if row.amount is not None else loan.amount, loan.granted_on)


def hear_of_take_over(act: Act, contract: Any) -> None:
    """Listener: an old contract with a loan has its paper; what the bank has paid already stands at 已放款."""
    hear_of_signature(act, contract)
    order = contract.reservation
    account = account_of(act.session, order.id)
    rows = [] if account is None else plan_rows_of(act.session, account)
    for kind, of_plan in ROW_OF.items():
        lent = [row for row in rows if row.kind is of_plan]
        loan = living(act.session, order.id, kind)
        if loan is None or not lent or any(row.confirmed < row.amount for row in lent):
            continue
        on = contract.filed_on or contract.online_on or contract.signed_on
        dates = {"noted_on": on, "released_on": on}
        row = Ledger(kind, loan.lender, None, S.RELEASED, dates)
        fire(act.session, loan, f"ledger_{S.RELEASED.value}", act.actor, internal=True, note="期初接管", row=row, on=on)
