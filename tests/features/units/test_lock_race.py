"""Several people take one unit in the same moment: exactly one wins, the others read who was faster (02 §2.2.1)."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.features.units.effects import take
from app.features.units.models import Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import RuleError
from app.kernel.workflow import StateChange
from tests.features.units.makers import house, read

TAKERS = ("consultant1", "consultant2", "supervisor", "supervisor2", "clerk", "site_manager")


@pytest.mark.both_databases
def test_exactly_one_of_many_takes_the_unit(app: Flask, cast):
    units = house(cast, "1101", "1102", "1103", "1104")
    ids = [one.id for one in units]
    people = [cast.actor(login) for login in TAKERS]
    cast.session.rollback()
    won: list[tuple[int, int]] = []
    lost: list[str] = []
    start = threading.Barrier(len(people))

    def buyer(number: int) -> None:
        with app.app_context(), acting_as(people[number]):
            start.wait()
            for unit_id in ids:
                try:
                    take(db.session, unit_id, people[number], None, 100 * number + unit_id)
                    won.append((unit_id, people[number].person_id))
                except RuleError as refused:
                    lost.append(str(refused))
                finally:
                    db.session.remove()

    threads = [threading.Thread(target=buyer, args=(number,)) for number in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(unit_id for unit_id, _who in won) == ids
    assert len(lost) == len(ids) * (len(people) - 1)
    assert all("销控，剩 30 分钟" in sentence for sentence in lost), lost
    for unit_id, person_id in won:
        taken = read(cast, next(u for u in units if u.id == unit_id))
        assert (taken.state, taken.lock_by) == (UnitState.LOCK, person_id)
    with acting_as(SYSTEM):
        logged = cast.session.scalars(
            select(StateChange.subject_id).where(StateChange.subject == "unit", StateChange.step == "lock")
        ).all()
        assert sorted(logged) == ids
        assert cast.session.scalars(select(Unit.reservation_id).where(Unit.reservation_id.is_(None))).all() == []
