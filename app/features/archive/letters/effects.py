"""What follows when letters come and go: number, who handles it, until when it is answered."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.archive.letters.models import Counterpart, IncomingLetter, IncomingState, OutgoingLetter
from app.features.organisation.numbers import number_for
from app.features.organisation.parameters import parameter
from app.kernel.approval.kinds import Need
from app.kernel.errors import RuleError
from app.kernel.notices import NoticeKind, notify
from app.kernel.workflow import Act, fire

ALONE, WITH_MANAGER = Decimal(0), Decimal(1)
UNSCOPED = {"unscoped": True}


def register(session: Session, letter: IncomingLetter) -> None:
    """Number and day of the answer, when it is entered."""
    letter.number = letter.number or number_for(session, letter, letter.received_on)
    if letter.needs_reply_on is None:
        days = parameter(session, letter.project_id, "letter_reply_days")
        letter.needs_reply_on = letter.received_on + timedelta(days=days)


def assign(act: Act) -> None:
    """Somebody handles it."""
    letter: IncomingLetter = act.document
    letter.handler_id = int(act.form["handler"])
    notify(act.session, [letter.handler_id], f"来文待办理：{letter.subject}", body=f"{letter.sender}，{letter.needs_reply_on} 前回复",
           url=f"/incoming-letter/show/{letter.id}", project_id=letter.project_id,
           kind=NoticeKind.REMINDER, outside="有来文待办理")  # fmt: skip


def note_reply(act: Act) -> None:
    letter: IncomingLetter = act.document
    letter.replied_on, letter.outcome = act.get("on") or act.at.date(), act.get("outcome") or act.note
    _not_ahead(act, letter.replied_on)


def note_no_reply(act: Act) -> None:
    act.document.outcome = act.note


def approval_need(_session: Session, letter: Any) -> Need:
    """销售主管 reviews; letters to 甲方 and to authorities go through the site manager, too (S3.18)."""
    upward = letter.to_kind in (Counterpart.DEVELOPER, Counterpart.AUTHORITY, Counterpart.HEAD_OFFICE)
    summary = f"{letter.kind.label}，发给{letter.to_kind.label} {letter.recipient}：{letter.subject}"
    return Need(WITH_MANAGER if upward else ALONE, summary=summary)


def give_number(act: Act) -> None:
    """The number comes with the first submit."""
    letter: OutgoingLetter = act.document
    letter.submitted_by = act.actor.person_id
    letter.number = letter.number or number_for(act.session, letter, act.at.date())


def note_sending(act: Act) -> None:
    """Sent; the letter that it answers is answered with it."""
    letter: OutgoingLetter = act.document
    letter.sent_on, letter.express_no = act.form["on"], act.get("express_no") or ""
    _not_ahead(act, letter.sent_on)
    if letter.answers_id is None:
        return
    query = select(IncomingLetter).where(IncomingLetter.id == letter.answers_id)
    came = act.session.scalars(query, execution_options=UNSCOPED).one()
    if came.state in (IncomingState.REGISTERED, IncomingState.ASSIGNED):
        fire(
            act.session,
            came,
            "answered",
            act.actor,
            internal=True,
            note=str(letter),
            on=letter.sent_on,
            outcome=f"已发 {letter.number}",
        )


def note_old_sending(act: Act) -> None:
    """A letter of the old register: it went out before, nobody reviews it any more; whose entry it is stands on its trail."""
    letter: OutgoingLetter = act.document
    letter.sent_on, letter.express_no = act.form["on"], act.get("express_no") or ""
    letter.number = letter.number or number_for(act.session, letter, letter.sent_on)
    _not_ahead(act, letter.sent_on)


def note_answer(act: Act) -> None:
    letter: OutgoingLetter = act.document
    letter.answered_on, letter.outcome = act.form["on"], act.form["outcome"]
    _not_ahead(act, letter.answered_on)


def _not_ahead(act: Act, day: date) -> None:
    if day > act.at.date():
        raise RuleError("日期不能晚于今天", field="on")


def expects_answer(letter: Any, _actor: Any) -> bool:
    return letter.needs_answer is not None
