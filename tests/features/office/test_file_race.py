"""A file is taken off while its paper is sent up: the paper goes up with the file, or without it — never with one that is gone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.features.office.expenses import effects
from app.features.office.expenses.kinds import ExpenseState
from app.features.office.expenses.models import AgencyExpense
from app.kernel import attachments
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.attachments import Attachment
from app.kernel.errors import RuleError
from app.kernel.transactions import write
from app.kernel.workflow import fire
from tests.cast import Cast
from tests.features.office import claims

PATIENCE = 1.5  # seconds that the slow one waits for the other, who must not get through


class Halt:
    """A function that, once it has its answer, lets the other one run before it goes on."""

    def __init__(self, real: Callable[..., Any]) -> None:
        self.real, self.reached, self.passed = real, threading.Event(), threading.Event()

    def __call__(self, *given: Any) -> Any:
        answer = self.real(*given)
        self.reached.set()
        self.passed.wait(PATIENCE)
        return answer


def take_off(key: int, who: Any) -> None:
    row = db.session.get_one(Attachment, key)
    write(db.session, lambda: attachments.remove(db.session(), who, row))


def send_up(key: int, who: Any) -> None:
    fire(db.session, db.session.scalars(select(AgencyExpense).where(AgencyExpense.id == key)).one(), "submit", who)


def run(app: Flask, who: Any, slow: Callable[[], None], quick: Callable[[], None], halt: Halt) -> list[str]:
    """Both at once, the quick one from where the slow one halts; what was refused."""
    refused: list[str] = []

    def one(work: Callable[[], None], last: bool) -> None:
        with app.app_context(), acting_as(who):
            try:
                if last:
                    assert halt.reached.wait(30)
                work()
            except RuleError as error:
                refused.append(str(error))
            finally:
                if last:
                    halt.passed.set()
                db.session.remove()

    threads = [threading.Thread(target=one, args=given) for given in ((slow, False), (quick, True))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def paper_with_file(cast: Cast) -> tuple[int, int]:
    of = claims.subject(cast)
    claims.budget(cast, of, "1000")
    paper = claims.claim(cast, "clerk", (of, "150"))
    with acting_as(SYSTEM):
        file = cast.session.scalars(select(Attachment).where(Attachment.owner_table == paper.__tablename__)).one()
        keys = paper.id, file.id
    cast.session.rollback()
    return keys


def end(cast: Cast, paper: int, file: int) -> tuple[ExpenseState, bool]:
    """State of the paper, and whether the file is still there."""
    with acting_as(SYSTEM):
        cast.session.rollback()
        cast.session.expire_all()
        state = cast.session.get_one(AgencyExpense, paper).state
        return state, cast.session.get_one(Attachment, file).removed_at is None


@pytest.mark.both_databases
def test_a_file_that_is_being_taken_off_does_not_go_up(app: Flask, cast: Cast, monkeypatch: Any) -> None:
    paper, file = paper_with_file(cast)
    who = cast.actor("clerk")
    halt = Halt(attachments.judged_among)
    monkeypatch.setattr(attachments, "judged_among", halt)
    refused = run(app, who, lambda: take_off(file, who), lambda: send_up(paper, who), halt)
    assert end(cast, paper, file) == (ExpenseState.DRAFT, False)
    assert len(refused) == 1 and "须附票据" in refused[0]


@pytest.mark.both_databases
def test_a_file_of_a_paper_that_is_going_up_stays(app: Flask, cast: Cast, monkeypatch: Any) -> None:
    paper, file = paper_with_file(cast)
    who = cast.actor("clerk")
    halt = Halt(effects.lacks_bills)
    monkeypatch.setattr(effects, "lacks_bills", halt)
    refused = run(app, who, lambda: send_up(paper, who), lambda: take_off(file, who), halt)
    assert end(cast, paper, file) == (ExpenseState.REVIEW, True)
    assert len(refused) == 1 and "已随单据送审" in refused[0]
