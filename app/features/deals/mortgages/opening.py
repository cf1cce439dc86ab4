"""How a 按揭 is born from its order, and what it hears of it: signature and end (02 §2.2.2)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.deals.contracts.models import Contract, ContractState
from app.features.deals.mortgages.models import (
    BEFORE_GRANT,
    BEFORE_RELEASE,
    LoanKind,
    M,
    Mortgage,
    MortgagePaper,
    Repayment,
)
from app.features.deals.mortgages.rules import age_on, checklist, due_days, first_payment, shown_on_unit
from app.features.deals.reservations.models import Reservation
from app.features.organisation.numbers import number_for
from app.features.organisation.parameters import parameters
from app.features.payments.effects import account_of, plan_rows_of
from app.features.payments.models import OrderAccount
from app.features.pricing.rules.plan import RowKind
from app.features.units import effects as units
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.chinese import fold
from app.kernel.notices import NoticeKind, notify_posts
from app.kernel.posts import Post
from app.kernel.workflow import Act, as_step, fire

UNSCOPED = {"unscoped": True}
ROW_OF = {LoanKind.BANK: RowKind.BANK_LOAN, LoanKind.FUND: RowKind.FUND_LOAN}
FUND_CENTRE, NO_BANK_YET = "公积金管理中心", "待定银行"
USUAL_RATE = {LoanKind.BANK: Decimal("0.035"), LoanKind.FUND: Decimal("0.026")}
LISTED = {fold(name): (code, name) for kind in LoanKind for code, name, _copies in checklist(kind)}  # forms fold （）


def planned_loans(session: Session, order: Reservation) -> dict[LoanKind, Decimal]:
    """What each lender is to give by the plan as it stands, yuan; an order without a loan has none."""
    account = account_of(session, order.id)
    if account is None:
        rows = [(RowKind(row[0]), Decimal(row[2])) for row in order.plan_rows]
    else:
        rows = [(line.kind, line.amount) for line in plan_rows_of(session, account)]
    sums = {kind: sum((amount for row, amount in rows if row is ROW_OF[kind]), Decimal(0)) for kind in LoanKind}
    return {kind: amount for kind, amount in sums.items() if amount}


def awaits_money(session: Session, mortgage: Mortgage) -> OrderAccount | None:
    """The account into which the lender's money is still to come."""
    account = account_of(session, mortgage.reservation_id)
    if account is None or mortgage.state not in (M.RELEASED, M.REGISTERED):
        return None
    rows = [row for row in plan_rows_of(session, account) if row.kind is ROW_OF[mortgage.kind]]
    return account if any(row.confirmed < row.amount for row in rows) else None


def follow_order(session: Session, mortgage: Mortgage, order: Reservation) -> None:
    """Scope, flat and buyer are the order's; the oldest buyer's age follows from his identity number when nobody typed it."""
    mortgage.project_id, mortgage.owner_id, mortgage.partner_id = order.project_id, order.owner_id, order.partner_id
    mortgage.team_id, mortgage.unit_id, mortgage.customer_id = order.team_id, order.unit_id, order.customer_id
    mortgage.customer_name, mortgage.total = order.customer_name, order.total or Decimal(0)
    if mortgage.age is None:
        ages = [age for buyer in order.buyers if (age := age_on(buyer.id_number, now().date())) is not None]
        mortgage.age = max(ages, default=None)
    for other in siblings(session, mortgage):  # one household: whoever told the one lender need not tell the other
        mortgage.age = other.age if mortgage.age is None else mortgage.age
        mortgage.monthly_income = other.monthly_income if mortgage.monthly_income is None else mortgage.monthly_income
    contract = signed_contract(session, order.id)
    if contract is not None and contract.signed_on is not None:
        set_deadlines(session, mortgage, contract.signed_on)


def compute(mortgage: Mortgage) -> None:
    """月供, and the list of papers with their kinds; a new paper starts with the usual list."""
    years, rate = mortgage.years or 30, Decimal("0.035") if mortgage.yearly_rate is None else mortgage.yearly_rate
    mortgage.monthly_payment = first_payment(mortgage.amount, rate, years, mortgage.repayment)
    if not mortgage.papers:
        mortgage.papers = [MortgagePaper(name=name, copies=copies) for _code, name, copies in checklist(mortgage.kind)]
    for paper in mortgage.papers:
        paper.code, paper.name = LISTED.get(fold(paper.name), ("", paper.name))
        paper.copies, paper.note = paper.copies or 1, paper.note or ""
        paper.project_id, paper.owner_id = mortgage.project_id, mortgage.owner_id
        paper.partner_id, paper.team_id = mortgage.partner_id, mortgage.team_id


def signed_contract(session: Session, order_id: int) -> Contract | None:
    """The living contract of an order that both sides signed."""
    gone = (ContractState.VOID, ContractState.REVOKED)
    query = select(Contract).where(Contract.reservation_id == order_id, Contract.signed_on.is_not(None))
    return session.scalars(query.where(Contract.state.not_in(gone)), execution_options=UNSCOPED).first()


def set_deadlines(session: Session, mortgage: Mortgage, signed_on: date) -> None:
    """齐件 +7, 放款 +45 days after the signature."""
    days = parameters(session, mortgage.project_id, ("mortgage_papers_days", "mortgage_release_days"))
    mortgage.signed_on = signed_on
    mortgage.papers_due_on, mortgage.release_due_on = due_days(
        signed_on, days["mortgage_papers_days"], days["mortgage_release_days"]
    )


def live_mortgages(session: Session, order_id: int) -> list[Mortgage]:
    """The loans of an order that are under way."""
    query = select(Mortgage).where(Mortgage.reservation_id == order_id, Mortgage.state.in_(BEFORE_RELEASE))
    return list(session.scalars(query.order_by(Mortgage.id), execution_options=UNSCOPED))


def siblings(session: Session, mortgage: Mortgage) -> list[Mortgage]:
    """组合贷款: the other lender's papers of the same order, paid out or not."""
    gone = (M.REFUSED, M.VOID)
    query = select(Mortgage).where(Mortgage.reservation_id == mortgage.reservation_id, Mortgage.state.not_in(gone))
    with session.no_autoflush:  # asked while the paper is still being filled
        found = session.scalars(query.order_by(Mortgage.id), execution_options=UNSCOPED)
        return [one for one in found if one is not mortgage]


def monthly_sum(session: Session, mortgage: Mortgage) -> Decimal:
    """月供 of all lenders of the order together; one that has no paper yet counts by the plan, on the usual terms."""
    every = [mortgage, *siblings(session, mortgage)]
    whole = sum((one.monthly_payment for one in every), Decimal(0))
    order = session.get(Reservation, mortgage.reservation_id, execution_options=UNSCOPED)
    if order is None:
        return whole
    asked = {one.kind for one in every}
    for kind, amount in planned_loans(session, order).items():
        if kind not in asked:
            whole += first_payment(amount, USUAL_RATE[kind], order.loan_years or 30, Repayment.LEVEL)
    return whole


def share_means(session: Session, mortgage: Mortgage) -> None:
    """Age and income that were entered here stand with the other lender, too, while he has not decided."""
    for other in siblings(session, mortgage):
        if other.state in BEFORE_GRANT:
            other.age, other.monthly_income = mortgage.age, mortgage.monthly_income


def hear_of_signature(act: Act, contract: Any) -> None:
    """Listener: at the signature every lender of the plan has its paper, and the days begin to count."""
    session, order = act.session, contract.reservation
    known = {paper.kind: paper for paper in live_mortgages(session, order.id)}
    with as_step(session):
        for kind, amount in planned_loans(session, order).items():
            paper = known.get(kind) or open_mortgage(session, act.actor, order, kind, amount)
            set_deadlines(session, paper, contract.signed_on)
        session.flush()


def open_mortgage(session: Session, actor: Actor, order: Reservation, kind: LoanKind, amount: Decimal) -> Mortgage:
    """The paper of one lender, from what the order says. Inside a step."""
    lender = FUND_CENTRE if kind is LoanKind.FUND else order.loan_bank or NO_BANK_YET
    mortgage = Mortgage(
        reservation_id=order.id, kind=kind, lender=lender, amount=amount, years=order.loan_years or 30,
        yearly_rate=USUAL_RATE[kind], created_by=actor.person_id,
        repayment=Repayment.LEVEL,
    )  # fmt: skip
    follow_order(session, mortgage, order)
    compute(mortgage)
    mortgage.number = number_for(session, mortgage, now().date())
    session.add(mortgage)
    session.flush()
    tell_unit(session, actor, mortgage)
    return mortgage


def hear_of_payment(act: Act, order: Any) -> None:
    """Listener: after 变更付款方式 a lender that the plan no longer names is asked for nothing, a new one gets its paper."""
    session, planned = act.session, planned_loans(act.session, order)
    contract = signed_contract(session, order.id)
    with as_step(session):
        for mortgage in live_mortgages(session, order.id):
            amount = planned.pop(mortgage.kind, None)
            if amount is None:
                why = f"{act.document.kind.label} {act.document}：改为{act.document.new_scheme.name}，不再贷款"
                fire(session, mortgage, "end", act.actor, internal=True, note=why)
                tell_unit(session, act.actor, mortgage)
                _tell_officer(session, mortgage, why)
            elif mortgage.state in BEFORE_GRANT:
                mortgage.amount = amount
                compute(mortgage)
        for kind, amount in planned.items():
            if contract is not None and kind not in _lent(session, order.id):
                open_mortgage(session, act.actor, order, kind, amount)
        session.flush()


def _tell_officer(session: Session, mortgage: Mortgage, why: str) -> None:
    notify_posts(
        session, [Post.CONTRACT_OFFICER], mortgage.project_id, f"{mortgage.unit.full_name} 按揭 {mortgage} 已终止",
        body=f"{why}。请通知银行撤回申请、退还资料", url=f"/mortgage/show/{mortgage.id}", kind=NoticeKind.NEWS, outside="有按揭已终止",
    )  # fmt: skip


def _lent(session: Session, order_id: int) -> set[LoanKind]:
    """Lenders that have paid already."""
    query = select(Mortgage.kind).where(
        Mortgage.reservation_id == order_id, Mortgage.state.in_((M.RELEASED, M.REGISTERED))
    )
    return set(session.scalars(query, execution_options=UNSCOPED))


def hear_of_end(act: Act, order: Any) -> None:
    """Listener: an order that ended lends no more."""
    for mortgage in live_mortgages(act.session, order.id):
        fire(act.session, mortgage, "end", act.actor, internal=True, note=str(order))


def tell_unit(session: Session, actor: Actor, mortgage: Mortgage) -> None:
    """按揭进度 of the flat."""
    session.flush()
    query = select(Mortgage.state).where(Mortgage.reservation_id == mortgage.reservation_id)
    word = shown_on_unit(list(session.scalars(query, execution_options=UNSCOPED)))
    units.note_progress(session, units.locked_unit(session, mortgage.unit_id, actor), loan_state=word)
