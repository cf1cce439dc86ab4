"""Many records changed alike: the same traces as record by record, only where the step may; jobs that work in parts."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.customers.choices import CustomerState
from app.features.customers.models import Customer
from app.kernel import jobs
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.audit import AuditEntry
from app.kernel.many_changes import change_many, fire_many
from app.kernel.search import search
from app.kernel.transactions import write
from app.kernel.workflow import StateChange, as_step
from tests.cast import Cast
from tests.features.deals import orders


def test_traces_and_marks_follow(session: Session, cast: Cast) -> None:
    moved, kept = orders.customer(cast), orders.customer(cast, phone="10000005678", name="李娜")
    other = cast.actor("consultant2")

    def work() -> None:
        with as_step(session):
            assert change_many(session, Customer, [moved.id], {"owner_id": other.person_id}) == 1
            assert fire_many(session, Customer, [moved.id, kept.id], "follow", SYSTEM, note="一起") == [
                moved.id,
                kept.id,
            ]
            assert fire_many(session, Customer, [moved.id], "follow", SYSTEM) == []  # no longer new

    with acting_as(SYSTEM):
        before = moved.version
        write(session, work)
        session.expire_all()
        assert (moved.state, moved.version, moved.owner_id) == (CustomerState.FOLLOWING, before + 2, other.person_id)
        logged = session.execute(
            select(StateChange.subject_id, StateChange.before, StateChange.note).where(StateChange.step == "follow")
        )
        assert {tuple(row) for row in logged} == {(moved.id, "new", "一起"), (kept.id, "new", "一起")}
        lines = session.scalars(
            select(AuditEntry).where(AuditEntry.act == "update", AuditEntry.subject_id == moved.id)
        ).all()
        assert [sorted(line.changes) for line in lines if line.subject == "customer"] == [["owner_id"], ["state"]]
    with acting_as(other):
        assert search(session, other, "王伟").groups


def test_only_inside_a_step_and_only_plain_steps(session: Session, cast: Cast) -> None:
    customer = orders.customer(cast)
    with acting_as(SYSTEM):
        with pytest.raises(RuntimeError):
            write(session, lambda: change_many(session, Customer, [customer.id], {"owner_id": None}))
        with pytest.raises(TypeError):  # its effects look at one record
            write(session, lambda: fire_many(session, Customer, [customer.id], "pool", SYSTEM))


def test_a_job_in_parts_is_due_again_until_nothing_is_left(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    left = [2, 1, 0]
    job = jobs.Job("parts", 3600, lambda _session: left.pop(0), in_parts=True)
    monkeypatch.setattr(jobs, "JOBS", {"parts": job})
    rounds = [jobs.run_due(session, moment=1000.0 + n) for n in range(5)]
    assert rounds == [{"parts": 2}, {"parts": 1}, {"parts": 0}, {}, {}]
