"""Short makers of expenses, their subjects and budgets; of project A and this month unless told otherwise."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from app.features.office.expenses.books import AGENCY, DEVELOPER, Book
from app.features.office.expenses.models import ExpenseSubject
from app.features.organisation.models import team_of_person
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.attachments import Attachment
from app.kernel.base import now
from tests.cast import Cast
from tests.factories import saved

__all__ = ["AGENCY", "DEVELOPER", "bill", "budget", "claim", "month", "subject"]


def month() -> str:
    return f"{now():%Y-%m}"


def subject(cast: Cast, name: str = "办公费", parent: ExpenseSubject | None = None) -> ExpenseSubject:
    path = f"{parent.path} / {name}" if parent is not None else name
    parent_id = parent.id if parent is not None else None
    return saved(
        cast.session, ExpenseSubject(project_id=cast.project_ids["a"], name=name, parent_id=parent_id, path=path)
    )


def budget(cast: Cast, of: ExpenseSubject, amount: str, period: str = "", book: Book = AGENCY) -> Any:
    values = {"subject_id": of.id, "period": period or month(), "amount": Decimal(amount)}
    return saved(cast.session, book.budget(project_id=cast.project_ids["a"], **values))


def claim(
    cast: Cast,
    login: str,
    *lines: tuple[ExpenseSubject, str],
    book: Book = AGENCY,
    on: date | None = None,
    with_bill: bool = True,
    **more: Any,
) -> Any:
    """A draft of somebody with its bill."""
    a, person, day = cast.project_ids["a"], cast.person_ids[login], on or now().date()
    with acting_as(SYSTEM):
        team = team_of_person(cast.session, person, a, day)
    scope = {"project_id": a, "owner_id": person, "team_id": team}
    values = {"reason": "案场办公", "spent_on": day, "month": f"{day:%Y-%m}", "created_by": person} | more
    paper = book.expense(amount=sum((Decimal(amount) for _s, amount in lines), Decimal(0)), **values, **scope)
    for one, amount in lines:
        paper.lines.append(book.line(subject_id=one.id, purpose="用途", amount=Decimal(amount)))
    saved(cast.session, paper)
    if with_bill:
        bill(cast, paper, login)
    return paper


def bill(cast: Cast, paper: Any, login: str) -> None:
    """A photo of the receipt lies with the claim."""
    with acting_as(SYSTEM):
        owner = {"owner_table": paper.__tablename__, "owner_id": paper.id, "project_id": paper.project_id}
    saved(cast.session, Attachment(
        name="票据.jpg", mime="image/jpeg", size=4, sha256="0" * 64, uploaded_by=cast.person_ids[login], uploaded_name=login,
        **owner,
    ))  # fmt: skip
