"""Many new records in few statements, each with the key of its own row, on both databases."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import event, select

from app.extensions import db
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.notices import Notice
from app.kernel.transactions import write

ROWS = 2_500


@pytest.mark.both_databases
def test_every_new_record_has_its_own_key(session):
    titles = [f"{n} {random.random()}" for n in range(ROWS)]
    notices = [Notice(person_id=n % 7, title=title) for n, title in enumerate(titles)]
    statements = []
    event.listen(db.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))

    def work() -> None:
        session.add_all(notices)
        session.flush()

    with acting_as(SYSTEM):
        write(session, work)
    kept = {notice.id: notice.title for notice in notices}
    assert len([s for s in statements if s.startswith("INSERT INTO notice")]) < 20
    stored = dict(session.execute(select(Notice.__table__.c.id, Notice.__table__.c.title)).all())
    assert stored == kept
    assert [stored[key] for key in sorted(stored)] == titles
