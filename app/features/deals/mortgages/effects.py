"""What a 按揭 needs and what follows when it moves: papers on file, 补首付, the flat's word, who is told (02 §2.2.2)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.archive.checklists import await_on_file, require_complete
from app.features.deals.archiving import folder_for
from app.features.deals.contracts.models import Contract, Form
from app.features.deals.mortgages.models import LoanKind, Mortgage, MortgagePaper
from app.features.deals.mortgages.opening import UNSCOPED, monthly_sum, siblings, signed_contract, tell_unit
from app.features.deals.mortgages.rules import first_payment, obstacles, require_granted, require_in_order
from app.features.organisation.numbers import number_for
from app.features.organisation.parameters import parameter, parameters
from app.features.payments.effects import account_of
from app.features.payments.effects.adjustments import lend_less
from app.features.payments.models import FundKind
from app.features.pricing.rules.loan import MortgageLimits
from app.kernel.actors import Actor
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.notices import NoticeKind, notify, notify_posts
from app.kernel.posts import Post
from app.kernel.workflow import Act

FUND_OF = {LoanKind.BANK: FundKind.BANK_LOAN, LoanKind.FUND: FundKind.FUND_LOAN}
LIMITS = ("mortgage_first_share", "mortgage_longest_years", "mortgage_age_limit", "mortgage_income_factor")


def limits_of(session: Session, project_id: int) -> MortgageLimits:
    """The parameters of the checks."""
    found = parameters(session, project_id, LIMITS)
    return MortgageLimits(*(found[key] for key in LIMITS))


def problems_of(session: Session, mortgage: Mortgage) -> list[RuleError]:
    """What speaks against this loan, together with the other lender's of the same order."""
    every = [mortgage, *siblings(session, mortgage)]
    return obstacles(
        mortgage.total,
        sum((one.granted or one.amount for one in every), Decimal(0)),
        monthly_sum(session, mortgage),
        years=max(one.years for one in every), age=mortgage.age, income=mortgage.monthly_income,
        limits=limits_of(session, mortgage.project_id),
    )  # fmt: skip


def means_suffice(act: Act) -> None:
    """预审: all four checks hold, or the lender takes the case nevertheless and says why."""
    found = problems_of(act.session, act.document)
    if found and not act.get("exception"):
        sentences = "；".join(str(one).rstrip("。") for one in found)
        raise RuleError("{what}。银行同意受理的，请写明说明", field="exception", what=sentences)
    act.document.exception = act.get("exception") or ""


def papers_are_there(act: Act) -> None:
    """齐件 means that nothing is missing."""
    require_complete(act.document.papers)


def is_noted_first(act: Act) -> None:
    """期房: the bank pays after 预告登记; a finished house has its mortgage registered straight away."""
    mortgage: Mortgage = act.document
    contract = signed_contract(act.session, mortgage.reservation_id)
    if contract is None:
        raise RuleError("合同还没有签约，不能登记放款")
    if contract.form is Form.PRESALE and mortgage.noted_on is None:
        raise RuleError("预售房要先登记预告抵押，再登记放款")


def begin_step(act: Act) -> None:
    """Every move starts the count of days anew from its own day, gives the number and tells the flat."""
    mortgage: Mortgage = act.document
    mortgage.step_since = act.get("on") or act.at.date()
    mortgage.number = mortgage.number or number_for(act.session, mortgage, act.at.date())
    tell_unit(act.session, act.actor, mortgage)


def dated(name: str, before: str, what: str) -> Any:
    """Effect: note the day of a step; it lies between the step before and today."""

    def note(act: Act) -> None:
        require_in_order(act.form["on"], getattr(act.document, before, None), act.at.date(), what)
        setattr(act.document, name, act.form["on"])

    note.__name__ = f"note_{name}"
    return note


def receive_rest(act: Act) -> None:
    """Everything that was missing came on one day."""
    require_in_order(act.form["on"], None, act.at.date(), "收到日期")
    for paper in act.document.papers:
        paper.received_on = paper.received_on or act.form["on"]
    file_papers(act.session, act.actor, act.document)


def file_papers(session: Session, actor: Actor, mortgage: Mortgage) -> None:
    """What came in is awaited on file; before the order took effect there is no folder yet."""
    folder = folder_for(session, mortgage.reservation_id)
    if folder is not None:
        await_on_file(session, actor, folder, ("mortgage", mortgage.id), mortgage.papers)


def note_complete(act: Act) -> None:
    """齐件: the contract's condition of a sale with a loan is met, too (02 §2.2.1)."""
    act.document.complete_on = act.at.date()
    note_papers_complete(act.session, act.document)


def note_papers_complete(session: Session, mortgage: Mortgage) -> None:
    """The contract of the order waits for no papers of the loan any more."""
    query = select(Contract).where(Contract.reservation_id == mortgage.reservation_id)
    for contract in session.scalars(query, execution_options=UNSCOPED):
        contract.papers_complete = True


def note_supplement(act: Act) -> None:
    """The lender asks for more: one more line of the list."""
    mortgage: Mortgage = act.document
    mortgage.supplement = act.form["what"]
    mortgage.papers.append(MortgagePaper(
        name=act.form["what"][:60], copies=1, note="补件", code="", project_id=mortgage.project_id,
        owner_id=mortgage.owner_id, partner_id=mortgage.partner_id, team_id=mortgage.team_id,
    ))  # fmt: skip


def note_grant(act: Act) -> None:
    """批贷: what the lender gives less than asked for is the buyer's to pay (补首付)."""
    mortgage: Mortgage = act.document
    require_in_order(act.form["on"], mortgage.submitted_on, act.at.date(), "批贷日")
    mortgage.granted_on = act.form["on"]
    lend_short(act, mortgage, act.form["granted"], act.form["on"])


def lend_short(act: Act, mortgage: Mortgage, granted: Decimal, on: date) -> None:
    """What the lender gives; the rest of what was asked for is the buyer's, due some days after that day."""
    short = require_granted(mortgage.amount, granted)
    mortgage.granted = granted
    mortgage.monthly_payment = first_payment(granted, mortgage.yearly_rate, mortgage.years, mortgage.repayment)
    if short:
        _ask_buyer(act, mortgage, short, on)


def _ask_buyer(act: Act, mortgage: Mortgage, short: Decimal, on: date) -> None:
    account = account_of(act.session, mortgage.reservation_id)
    if account is None:
        raise RuleError("这份认购书还没有收款账户，不能登记批贷")
    due_on = on + timedelta(days=parameter(act.session, mortgage.project_id, "shortfall_days"))
    lend_less(act.session, account, act.actor, FUND_OF[mortgage.kind], short, due_on, f"{mortgage.number} 补首付")
    title = f"{mortgage.unit.full_name} 批贷少 {format_amount(short)} 元，请通知客户补首付"
    _tell_owner(act, mortgage, title, "有客户需要补首付")


def note_lien(act: Act) -> None:
    """预告登记 of the sale, then 抵押预告 for the lender."""
    mortgage: Mortgage = act.document
    require_in_order(act.form["on"], mortgage.granted_on, act.at.date(), "预告登记日")
    mortgage.noted_on, mortgage.lien_noted_on = act.form["on"], act.form["lien_on"]
    if mortgage.lien_noted_on is not None and not mortgage.noted_on <= mortgage.lien_noted_on <= act.at.date():
        raise RuleError("抵押预告日应在预告登记日和今天之间", field="lien_on")


def note_release(act: Act) -> None:
    """放款: 甲方财务 looks for the money and confirms it; only then it is received (02 §2.1.1)."""
    mortgage: Mortgage = act.document
    require_in_order(act.form["on"], mortgage.lien_noted_on or mortgage.granted_on, act.at.date(), "放款日")
    mortgage.released_on = act.form["on"]
    amount = format_amount(mortgage.granted or mortgage.amount)
    title = f"{mortgage.unit.full_name} {mortgage.lender}已放款 {amount} 元，请核对到账"
    notify_posts(
        act.session, [Post.DEVELOPER_FINANCE], mortgage.project_id, title, url=f"/mortgage/show/{mortgage.id}",
        kind=NoticeKind.DUE, outside="有按揭款已放款，请核对到账",
    )  # fmt: skip


def note_registration(act: Act) -> None:
    """正式抵押."""
    mortgage: Mortgage = act.document
    require_in_order(act.form["on"], mortgage.granted_on, act.at.date(), "正式抵押日")
    mortgage.registered_on, mortgage.registered_no = act.form["on"], act.form["number"]


def note_refusal(act: Act) -> None:
    """拒贷: the seller learns that the payment has to change."""
    mortgage: Mortgage = act.document
    require_in_order(act.form["on"], mortgage.submitted_on, act.at.date(), "拒贷日期")
    mortgage.refused_on, mortgage.refused_why = act.form["on"], act.note[:200]
    title = f"{mortgage.unit.full_name} {mortgage.lender}拒贷，请联系客户变更付款方式"
    _tell_owner(act, mortgage, title, "有客户被银行拒贷")


def _tell_owner(act: Act, mortgage: Mortgage, title: str, outside: str) -> None:
    where: dict[str, Any] = {"url": f"/mortgage/show/{mortgage.id}", "kind": NoticeKind.ALARM, "outside": outside}
    if mortgage.owner_id is not None:
        notify(act.session, [mortgage.owner_id], title, project_id=mortgage.project_id, **where)
    notify_posts(act.session, [Post.SUPERVISOR], mortgage.project_id, title, team_id=mortgage.team_id, **where)
