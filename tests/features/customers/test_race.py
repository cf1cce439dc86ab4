"""Two desks type the same new number at the same moment: one customer, and the loser reads one sentence (issue «customers»)."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.extensions import db
from app.features.customers.choices import ContactKind, Source
from app.features.customers.effects import NewCustomer, register
from app.features.customers.models import Customer, CustomerPhone
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import RuleError
from tests.cast import Cast

DESKS = ["consultant1", "consultant2", "supervisor", "supervisor2"] * 2


@pytest.mark.both_databases
@pytest.mark.slow
def test_one_wins_and_the_losers_read_the_sentence(app: Flask, database: str, session: Session, cast: Cast) -> None:
    actors = [cast.actor(login) for login in DESKS]
    project_id, answers, start = cast.project_ids["a"], [], threading.Barrier(len(actors))

    def desk(actor: Any) -> None:
        with app.app_context(), acting_as(actor):
            start.wait()
            try:
                data = NewCustomer(ContactKind.FIRST_VISIT, Source.PASSING, name="王伟", phones=("10000001234",))
                register(db.session, actor, project_id, data)
                answers.append("ok")
            except RuleError as error:
                answers.append(str(error))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=desk, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == sorted(["ok"] + ["该号码已登记，请找主管判客"] * (len(actors) - 1))
    session.rollback()
    with acting_as(SYSTEM):
        assert session.scalar(select(func.count()).select_from(Customer)) == 1
        assert session.scalar(select(func.count()).select_from(CustomerPhone)) == 1
