"""What follows when a claim moves: the budget it takes, the bills it needs, who is told, what was paid (S1.10, 07 «费用»)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, object_session

from app.features.office.expenses import rules
from app.features.office.expenses.books import Book, book_of
from app.features.office.expenses.kinds import TAKING
from app.features.office.expenses.models import ExpenseSubject
from app.features.office.expenses.rules import Budget, Spend
from app.features.organisation.parameters import parameter
from app.kernel.approval.kinds import Need
from app.kernel.attachments import files_of
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.notices import NoticeKind, notify, notify_posts
from app.kernel.workflow import Act

UNSCOPED = {"unscoped": True}


def paths(session: Session, project_id: int) -> dict[int, tuple[int, ...]]:
    """Every subject of the project with all above it, itself first."""
    query = select(ExpenseSubject.id, ExpenseSubject.parent_id).where(ExpenseSubject.project_id == project_id)
    parents: dict[int, int | None] = {row[0]: row[1] for row in session.execute(query, execution_options=UNSCOPED)}
    found: dict[int, tuple[int, ...]] = {}
    for key in parents:
        path: list[int] = []
        here: int | None = key
        while here is not None and here not in path:
            path.append(here)
            here = parents.get(here)
        found[key] = tuple(path)
    return found


def standing(
    session: Session, book: Book, project_id: int, month: str, *, without: int | None = None, lock: bool = False
) -> list[Budget]:
    """The budgets of a month and of its year with what live claims have taken; `without` leaves one claim out.

    lock=True holds the budget rows until the transaction ends, so that two claims cannot both take the last of them. Sums are
    read unscoped: a budget is one for all, whoever asks.
    """
    model = book.budget
    query = select(model).where(model.project_id == project_id, or_(model.period == month, model.period == month[:4]))
    query = query.order_by(model.id).execution_options(populate_existing=lock)
    rows = list(session.scalars(query.with_for_update(of=model) if lock else query, execution_options=UNSCOPED))
    spent = _taken(session, book, project_id, month[:4], without)
    known = paths(session, project_id)
    return [
        Budget(row.subject_id, row.period, row.amount, _sum_under(row.subject_id, row.period, spent, known))
        for row in rows
    ]


def _taken(
    session: Session, book: Book, project_id: int, year: str, without: int | None
) -> dict[tuple[int, str], Decimal]:
    """(subject, month) → yuan of the lines of live claims of the year."""
    line, expense = book.line, book.expense
    query = (
        select(line.subject_id, expense.month, func.sum(line.amount))
        .join(expense, expense.id == line.expense_id)
        .where(expense.project_id == project_id, expense.month.startswith(year), expense.state.in_(TAKING))
        .group_by(line.subject_id, expense.month)
    )
    if without is not None:
        query = query.where(expense.id != without)
    return {(row[0], row[1]): row[2] for row in session.execute(query, execution_options=UNSCOPED)}


def _sum_under(
    subject_id: int, period: str, spent: dict[tuple[int, str], Decimal], known: dict[int, tuple[int, ...]]
) -> Decimal:
    parts = (
        amount
        for (key, month), amount in spent.items()
        if subject_id in known.get(key, ()) and month.startswith(period)
    )
    return sum(parts, Decimal(0))


def spends_of(session: Session, project_id: int, lines: Iterable[tuple[int, Decimal]]) -> list[Spend]:
    """The lines of a claim, one Spend a subject."""
    known = paths(session, project_id)
    summed: dict[int, Decimal] = defaultdict(Decimal)
    for subject_id, amount in lines:
        summed[subject_id] += amount
    return [Spend(known.get(key, (key,)), amount) for key, amount in summed.items()]


def bare_counts(session: Session, project_id: int) -> bool:
    """Whether spending without any budget is over budget (parameter)."""
    return bool(parameter(session, project_id, "expense_needs_budget"))


# ── steps ────────────────────────────────────────────────────
def bills_are_attached(act: Act) -> None:
    """Receipts are required from the parameter's amount on."""
    if lacks_bills(act.session, act.document):
        limit = parameter(act.session, act.document.project_id, "expense_bill_from")
        raise RuleError(
            "金额满 {limit} 元须附票据，请先在「附件」里上传发票或收据的照片，再提交", limit=format_amount(limit)
        )


def lacks_bills(session: Session, claim: Any) -> bool:
    """Whether the claim is so large that it needs a receipt, and has none."""
    limit = parameter(session, claim.project_id, "expense_bill_from")
    return bool(claim.amount >= limit) and not files_of(session, claim)


def take_budget(act: Act) -> None:
    """Under the lock of the budgets: by how much the claim is over. Raises RuleError when nobody explained it."""
    claim, session = act.document, act.session
    book = book_of(claim)
    budgets = standing(session, book, claim.project_id, claim.month, without=claim.id, lock=True)
    spends = spends_of(session, claim.project_id, ((line.subject_id, line.amount) for line in claim.lines))
    bare = bare_counts(session, claim.project_id)
    claim.over_amount = rules.excess(budgets, spends, claim.month, bare_counts=bare)
    claim.submitted_by = act.actor.person_id
    if claim.over_amount and not claim.over_reason:
        claim.over_reason = (act.get("over_reason") or "").strip()[:300]
    if claim.over_amount and not claim.over_reason:
        raise RuleError(
            "超预算 {over} 元：请写明超预算说明，或回到单据减少金额；带说明提交后会多报一级审批",
            field="over_reason", over=format_amount(claim.over_amount),
        )  # fmt: skip


def lacks_reason(claim: Any) -> bool:
    """Whether the claim would be over budget now, and nobody has said why: the step asks for it."""
    session = object_session(claim)
    if session is None or claim.over_reason:
        return False
    budgets = standing(session, book_of(claim), claim.project_id, claim.month, without=claim.id)
    spends = spends_of(session, claim.project_id, ((line.subject_id, line.amount) for line in claim.lines))
    return rules.excess(budgets, spends, claim.month, bare_counts=bare_counts(session, claim.project_id)) > 0


def approval_need(_session: Session, claim: Any) -> Need:
    """By the amount in yuan; over budget one level higher (07)."""
    words = "、".join(f"{line.subject.path} {format_amount(line.amount)}" for line in claim.lines[:3])
    more = f" 等 {len(claim.lines)} 笔" if len(claim.lines) > 3 else ""
    over = f"，超预算 {format_amount(claim.over_amount)} 元：{claim.over_reason}" if claim.over_amount else ""
    return Need(
        claim.amount, higher=1 if claim.over_amount else 0,
        summary=f"{format_amount(claim.amount)} 元（{words}{more}）；{claim.reason}{over}",
    )  # fmt: skip


def tell_payers(act: Act) -> None:
    """Approved: finance pays."""
    claim = act.document
    notify_posts(
        act.session, book_of(claim).payers, claim.project_id, f"待付款：{claim} {format_amount(claim.amount)} 元",
        body=claim.reason, url=page_of(claim), kind=NoticeKind.REMINDER, outside="有费用待付款",
    )  # fmt: skip


def payment_fits(act: Act) -> None:
    """Not paid tomorrow, not before it was spent."""
    if not act.document.spent_on <= act.form["paid_on"] <= act.at.date():
        raise RuleError("付款日应在发生日期 {day} 和今天之间", field="paid_on", day=act.document.spent_on)


def note_payment(act: Act) -> None:
    """Day, way and voucher of the payment."""
    claim = act.document
    claim.paid_on, claim.pay_method = act.form["paid_on"], act.form["pay_method"]
    claim.voucher_number = act.form["voucher_number"]


def tell_claimant(act: Act) -> None:
    """Paid, or sent back by finance."""
    claim = act.document
    words = "已付款" if claim.paid_on is not None else "财务退回"
    notify(
        act.session, [claim.created_by or 0], f"{claim} {words}", body=act.note or format_amount(claim.amount) + " 元",
        url=page_of(claim), project_id=claim.project_id, outside=f"费用{words}",
    )  # fmt: skip


def page_of(claim: Any) -> str:
    """Address of the claim."""
    return f"/{claim.__tablename__.replace('_', '-')}/show/{claim.id}"


def repath(session: Session, subject: ExpenseSubject) -> None:
    """A subject was renamed or moved: its path and those below it follow."""
    above = subject.parent.path + " / " if subject.parent is not None else ""
    subject.path = above + subject.name
    session.flush()
    below = session.scalars(select(ExpenseSubject).where(ExpenseSubject.parent_id == subject.id)).all()
    for child in below:
        repath(session, child)
