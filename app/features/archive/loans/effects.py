"""What a loan needs and what follows: the paper goes out and comes back, overdue borrowers are told (02 §2.5.8)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.features.archive.loans.models import FILERS, FileLoan, Loan, LoanState
from app.features.archive.models import Medium, PaperState
from app.features.organisation.numbers import number_for
from app.features.organisation.parameters import parameter
from app.kernel.actors import directory
from app.kernel.approval.kinds import Need
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.jobs import every
from app.kernel.notices import NoticeKind, notify, notify_posts
from app.kernel.posts import Post
from app.kernel.workflow import Act, fire

UNSCOPED = {"unscoped": True}
LOANS: tuple[type[Any], ...] = (Loan, FileLoan)
TELL_AGAIN = 3  # days after which an overdue borrower is told again


def page_of(loan: Any) -> str:
    """«/loan/show/3», «/file-loan/show/3»."""
    return f"/{loan.__tablename__.replace('_', '-')}/show/{loan.id}"


def approval_need(_session: Session, loan: Any) -> Need:
    """销售主管 decides; when he borrows himself, his superior (02 §2.1.2)."""
    summary = f"{loan.who} 借「{loan.paper}」：{loan.purpose}"
    actor = directory().actor_for_person(loan.borrower_id, now()) if loan.borrower_id else None
    if actor is not None and actor.holds({Post.SUPERVISOR}, loan.project_id):
        return Need(at_least=Post.SITE_MANAGER, without=frozenset({Post.SUPERVISOR}), summary=summary)
    return Need(at_least=Post.SUPERVISOR, summary=summary)


def default_due(session: Session, project_id: int, today: date) -> date:
    """«借阅归还期限» days from today."""
    return today + timedelta(days=parameter(session, project_id, "loan_days"))


def paper_of(act: Act) -> Any:
    """The paper, whoever acts."""
    model = type(act.document).paper.property.mapper.class_
    return act.session.get_one(model, act.document.paper_id, execution_options=UNSCOPED)


def may_be_lent(act: Act) -> None:
    """Guard: it lies in its box, and it is a sheet of paper."""
    paper = paper_of(act)
    if paper.medium is Medium.ELECTRONIC:
        raise RuleError("「{what}」是电子件，不用借阅，在资料页面直接打开附件", what=paper)
    if paper.state is not PaperState.IN:
        raise RuleError("「{what}」现在是「{state}」，在库的资料才能借出", what=paper, state=paper.state.label)


def give_number(act: Act) -> None:
    """The number comes with the first submit; the day of return at the latest now."""
    loan = act.document
    loan.submitted_by = act.actor.person_id
    loan.number = loan.number or number_for(act.session, loan, act.at.date())
    loan.due_on = loan.due_on or default_due(act.session, loan.project_id, act.at.date())


def tell_borrower(act: Act) -> None:
    """Approved: the borrower may fetch it."""
    loan = act.document
    if loan.borrower_id:
        notify(
            act.session,
            [loan.borrower_id],
            f"借阅已批准，请到文员处领取：{loan.paper}",
            url=page_of(loan),
            project_id=loan.project_id,
            kind=NoticeKind.APPROVAL,
            outside="借阅已批准",
        )


def hand_out(act: Act) -> None:
    """It goes out against a signature."""
    loan = act.document
    loan.lent_at, loan.receiver, loan.due_on = act.at, act.form["receiver"], act.form["due_on"]
    _due_is_ahead(act, loan.due_on)
    fire(act.session, paper_of(act), "lend", act.actor, internal=True, note=f"{loan.number} {loan.receiver}")


def take_back(act: Act) -> None:
    """It is in its box again."""
    loan = act.document
    loan.returned_on, loan.condition = act.form["on"], act.form["condition"]
    if loan.lent_at is not None and not loan.lent_at.date() <= loan.returned_on <= act.at.date():
        raise RuleError("归还日期应在借出日和今天之间", field="on")
    fire(act.session, paper_of(act), "come_back", act.actor, internal=True, note=f"{loan.number} {loan.condition}")


def extend(act: Act) -> None:
    """A later day of return."""
    loan, day = act.document, act.form["due_on"]
    _due_is_ahead(act, day)
    loan.due_on, loan.told_on = day, None


def _due_is_ahead(act: Act, day: date) -> None:
    if day < act.at.date():
        raise RuleError("应还日期不能早于今天", field="due_on")


@every(seconds=3600, name="overdue_loans")
def tell_overdue(session: Session) -> int:
    """Who keeps a paper beyond its day is told, and the desk with him; again every few days."""
    told = 0
    for model in LOANS:
        told += _tell_overdue(session, model, now().date())
    return told


def _tell_overdue(session: Session, model: Any, today: date) -> int:
    again = or_(model.told_on.is_(None), model.told_on <= today - timedelta(days=TELL_AGAIN))
    query = select(model).where(model.state == LoanState.LENT, model.due_on < today, again)
    loans = session.scalars(query.order_by(model.id)).all()
    for loan in loans:
        title = f"借阅逾期 {(today - loan.due_on).days} 天：{loan.paper}（{loan.who}）"
        where: dict[str, Any] = {
            "url": page_of(loan),
            "project_id": loan.project_id,
            "kind": NoticeKind.DUE,
            "outside": "有资料借阅逾期",
        }
        if loan.borrower_id:
            notify(session, [loan.borrower_id], title, body="请尽快归还，或请主管办理续借", **where)
        notify_posts(session, sorted(FILERS), title=title, **where)
        loan.told_on = today
    session.flush()
    return len(loans)
