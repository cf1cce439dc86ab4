"""公海: who falls in and why, the warning, claims and their limit — also in two windows at once (02 §2.5.2)."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.extensions import db
from app.features.customers.choices import CustomerState
from app.features.customers.models import Customer, FollowUp
from app.features.customers.owners.models import OwnerRule, OwnershipChange
from app.features.customers.pool.effects import SOON_URL, recycle, warn
from app.features.customers.pool.models import PoolEntry, PoolState
from app.features.customers.pool.rules import Silence, last_day
from app.features.customers.pool.silence import fallen, pool_terms
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.audit import AuditEntry
from app.kernel.base import clock, now
from app.kernel.errors import RuleError, StaleError
from app.kernel.notices import Notice
from app.kernel.search import search
from app.kernel.transactions import write
from app.kernel.workflow import StateChange, fire
from tests.bench.hours import real_now
from tests.cast import Cast
from tests.features.customers.conftest import Register
from tests.features.deals import orders


@contextmanager
def days_later(days: int) -> Iterator[None]:
    token = clock.set(lambda: real_now() + timedelta(days=days))
    try:
        yield
    finally:
        clock.reset(token)


def night(session: Session) -> int:
    with acting_as(SYSTEM):
        return write(session, lambda: recycle(session))


def pooled(cast: Cast, registered: Register, number: int = 1) -> list[PoolEntry]:
    """So many customers of consultant1 in the 公海."""
    for n in range(number):
        registered("consultant1", f"王{'一二三四五六七八九'[n]}", f"1000000{n + 1:04}")
    with days_later(8):
        assert night(cast.session) == number
    with acting_as(SYSTEM):
        cast.session.rollback()
        return list(cast.session.scalars(select(PoolEntry).order_by(PoolEntry.id)))


def test_who_is_left_alone_falls_with_everything(cast: Cast, registered: Register, session: Session) -> None:
    customer = registered("consultant1")
    with days_later(7):
        assert night(session) == 0  # the last day is still his
    with days_later(8):
        assert night(session) == 1 and night(session) == 0  # safe to repeat
    found = orders.fresh(cast, Customer, customer.id)
    assert (found.state, found.owner_id, found.protected_until, found.follow_due_on) == (
        CustomerState.POOL,
        None,
        None,
        None,
    )
    with acting_as(SYSTEM):
        entry = session.scalars(select(PoolEntry)).one()
        log = session.scalars(
            select(StateChange).where(StateChange.subject == "customer", StateChange.step == "recycle")
        ).one()
        told = session.scalars(select(Notice).where(Notice.person_id == cast.person_ids["consultant1"])).all()
        trail = session.scalars(
            select(AuditEntry).where(AuditEntry.subject == "customer", AuditEntry.act == "update")
        ).all()
    assert (entry.called, entry.former_id, entry.rule, entry.reason) == (
        "王*",
        cast.person_ids["consultant1"],
        OwnerRule.RECYCLED,
        "超过 7 天没有有效联系",
    )
    assert (log.before, log.after, log.note) == ("new", "pool", "超过 7 天没有有效联系")
    assert any("1 位客户超期未跟进" in n.title for n in told)
    assert any(line.changes.get("owner_id") == [cast.person_ids["consultant1"], None] for line in trail)
    with acting_as(cast.actor("consultant1")):
        assert session.scalars(select(Customer)).all() == []


def test_the_statements_are_the_rule(cast: Cast, registered: Register, session: Session) -> None:
    chance, today = random.Random(7), now().date()
    for n in range(40):
        customer = registered("consultant1", "王伟", f"1000001{n:04}")
        back = lambda most: datetime.combine(today - timedelta(days=chance.randrange(most)), datetime.min.time())  # noqa: E731
        values = {
            "first_at": back(50), "last_contact_at": back(14), "last_visit_at": chance.choice((None, back(50))),
            "owner_since": chance.choice((None, back(50).date())), "state": chance.choice((CustomerState.NEW, CustomerState.FOLLOWING)),
            "follow_due_on": chance.choice((None, back(14).date() + timedelta(days=7))),
        }  # fmt: skip
        with acting_as(SYSTEM):
            write(
                session,
                lambda v=values, c=customer: session.execute(update(Customer).where(Customer.id == c.id).values(**v)),
            )
    with acting_as(SYSTEM):
        project_id = cast.project_ids["a"]
        terms, auto = pool_terms(session, project_id)
        wanted = set()
        for c in session.scalars(select(Customer)):
            last = last_day(
                Silence(
                    c.last_contact_at.date(), (c.last_visit_at or c.first_at).date(), c.owner_since, c.follow_due_on
                ),
                terms,
            )
            if last is not None and last < today:
                wanted.add(c.id)
        assert auto and set(fallen(session, project_id, terms, today, 100)) == wanted
        assert 3 < len(wanted) < 37


def test_a_live_order_keeps_him(cast: Cast, registered: Register, session: Session) -> None:
    customer = registered("consultant1")
    orders.locked(cast, orders.unit(cast), customer)  # his state does not show it yet
    assert orders.fresh(cast, Customer, customer.id).state is CustomerState.NEW
    with days_later(60):
        assert night(session) == 0


def test_the_owner_is_warned_once_a_day(cast: Cast, registered: Register, session: Session) -> None:
    registered("consultant1")
    registered("consultant1", "李娜", "10000005678")
    for days, told in ((4, 0), (5, 1), (5, 0), (6, 1)):  # falls on the 8th; 2 days before
        with days_later(days), acting_as(SYSTEM):
            assert write(session, lambda: warn(session)) == told, days
    with acting_as(SYSTEM):
        notices = session.scalars(select(Notice).where(Notice.url == SOON_URL).order_by(Notice.id)).all()
    assert [n.title for n in notices] == ["2 位客户 2 天内将转入公海，请尽快联系"] * 2


def test_a_claim_opens_everything_and_starts_the_days(cast: Cast, registered: Register, session: Session) -> None:
    (entry,) = pooled(cast, registered)
    actor = cast.actor("consultant2")
    with acting_as(actor):
        assert session.scalars(select(PoolEntry)).one().phones_masked == "100****0001"
        fire(session, entry, "claim", actor)
    entry, customer = orders.fresh(cast, PoolEntry, entry.id), orders.fresh(cast, Customer, entry.customer_id)
    assert (entry.state, entry.taken_by) == (PoolState.TAKEN, actor.person_id)
    assert (customer.state, customer.owner_id, customer.owner_since) == (
        CustomerState.FOLLOWING,
        actor.person_id,
        now().date(),
    )
    with acting_as(actor):
        assert session.scalar(select(Customer.id)) == customer.id
        assert [c.rule for c in session.scalars(select(OwnershipChange).order_by(OwnershipChange.id))] == [
            OwnerRule.RECYCLED,
            OwnerRule.CLAIMED,
        ]
        assert search(session, actor, "王一").groups  # his words follow the new owner
    with days_later(11):  # he did not call within the three days; the seven of the last contact are long over
        assert night(session) == 1
    with acting_as(SYSTEM):
        last = session.scalars(select(PoolEntry).order_by(PoolEntry.id.desc())).first()
    assert last is not None and last.returned and last.former_id == actor.person_id


def test_the_former_owner_waits_and_the_limit_holds(cast: Cast, registered: Register, session: Session) -> None:
    entries = pooled(cast, registered, 7)
    own, other = cast.actor("consultant1"), cast.actor("consultant2")
    with days_later(9), acting_as(own), pytest.raises(RuleError, match="3 天后"):
        fire(session, entries[0], "claim", own)
    with days_later(11), acting_as(own):
        fire(session, entries[0], "claim", own)
    with acting_as(other):
        for entry in entries[1:6]:
            fire(session, entry, "claim", other)
        with pytest.raises(RuleError, match="今天已领取 5 位"):
            fire(session, entries[6], "claim", other)
    supervisor = cast.actor("supervisor")
    with acting_as(supervisor):  # a supervisor gives without that limit
        fire(session, entries[6], "give", supervisor, owner_id=other.person_id)
        with pytest.raises(StaleError):
            fire(session, entries[5], "give", supervisor, owner_id=own.person_id)


def test_back_to_the_pool_by_the_customers_page(cast: Cast, registered: Register, session: Session) -> None:
    customer, supervisor = registered("consultant1"), cast.actor("supervisor")
    with acting_as(supervisor):
        fire(session, customer, "pool", supervisor, note="客户要求换顾问")
        entry = session.scalars(select(PoolEntry)).one()
        assert (entry.rule, entry.reason) == (OwnerRule.POOLED, "客户要求换顾问")
        fire(session, customer, "assign", supervisor, owner_id=cast.person_ids["consultant2"])
        session.refresh(entry)
        assert entry.state is PoolState.GIVEN and entry.left_at is not None


@pytest.mark.both_databases
@pytest.mark.slow
def test_two_windows_do_not_take_more_than_the_limit(
    app: Flask, database: str, session: Session, cast: Cast, registered: Register
) -> None:
    entries = [entry.id for entry in pooled(cast, registered, 8)]
    actor, answers, start = cast.actor("consultant2"), [], threading.Barrier(8)

    def window(key: int) -> None:
        with app.app_context(), acting_as(actor):
            start.wait()
            try:
                fire(db.session, db.session.get(PoolEntry, key), "claim", actor)
                answers.append("ok")
            except RuleError as error:
                answers.append(str(error)[:4])
            finally:
                db.session.remove()

    threads = [threading.Thread(target=window, args=(key,)) for key in entries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == sorted(["ok"] * 5 + ["今天已领"] * 3)
    session.rollback()
    with acting_as(SYSTEM):
        owned = select(func.count()).select_from(Customer).where(Customer.owner_id == actor.person_id)
        assert session.scalar(owned) == 5
        assert session.scalar(select(func.count()).select_from(FollowUp)) == 0


@pytest.mark.both_databases
@pytest.mark.slow
def test_one_customer_is_taken_once(
    app: Flask, database: str, session: Session, cast: Cast, registered: Register
) -> None:
    (entry,) = pooled(cast, registered)
    key, answers, actors = entry.id, [], [cast.actor(login) for login in ("consultant2", "supervisor", "supervisor2")]
    start = threading.Barrier(len(actors))

    def seller(actor: Any) -> None:
        with app.app_context(), acting_as(actor):
            start.wait()
            try:
                fire(db.session, db.session.get(PoolEntry, key), "claim", actor)
                answers.append("ok")
            except StaleError:
                answers.append("stale")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=seller, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["ok", "stale", "stale"]
