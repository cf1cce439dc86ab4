"""Into the 公海 and out again: by the night's job, by a supervisor, by whoever takes a customer (02 §2.5.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.customers.choices import CustomerState
from app.features.customers.effects.ownership import (
    WHOLE,
    How,
    Owner,
    begin_anew,
    check_owner,
    give_many,
    give_to,
    owner_now,
    tell_owners,
)
from app.features.customers.models import Customer
from app.features.customers.owners.models import OwnerRule, OwnershipChange
from app.features.customers.pool.models import PoolEntry, PoolState
from app.features.customers.pool.rules import Silence, may_take_back, reason
from app.features.customers.pool.silence import fallen, owners_of_falling, pool_terms
from app.features.customers.registry import when_owner_moved
from app.features.organisation.models import Project
from app.features.organisation.parameters import parameter
from app.kernel.actors import SYSTEM
from app.kernel.base import now
from app.kernel.chinese import mask_name
from app.kernel.errors import RuleError, StaleError
from app.kernel.jobs import every
from app.kernel.many_changes import fire_many
from app.kernel.many_records import insert_many
from app.kernel.notices import NoticeKind, notify
from app.kernel.notices.records import Notice
from app.kernel.numbering import next_value
from app.kernel.workflow import Act, as_step, fire

PART = 1000  # customers that fall back in one transaction
SOON_URL = "/customer/list/?chip=pool"
SHOWN = ("project_id", "grade", "source", "wanted_layout", "wanted_area", "wanted_total", "first_at", "last_contact_at", "last_visit_at")  # fmt: skip


@when_owner_moved
def keep_entries(session: Any, ids: Sequence[int], owner: Owner, how: How) -> None:
    """Without an owner a customer stands in the 公海; with one his entry there has ended."""
    waiting = select(PoolEntry.id).where(PoolEntry.customer_id.in_(ids), PoolEntry.state == PoolState.WAITING)
    if owner.person_id is not None:
        entries = list(session.scalars(waiting, execution_options=WHOLE))
        fire_many(
            session, PoolEntry, entries, "leave", how.actor, note=how.note, left_at=now(), taken_by=owner.person_id
        )
        return
    been = set(
        session.scalars(select(PoolEntry.customer_id).where(PoolEntry.customer_id.in_(ids)), execution_options=WHOLE)
    )
    columns = [Customer.id, Customer.name, *(getattr(Customer, name) for name in SHOWN)]
    customers = session.execute(
        select(*columns).where(Customer.id.in_(ids)).order_by(Customer.id), execution_options=WHOLE
    )
    insert_many(session, PoolEntry, [
        {
            "customer_id": key, "called": mask_name(name), **dict(zip(SHOWN, shown, strict=True)), "entered_at": now(), "rule": how.rule,
            "reason": how.note[:500], "former_id": former, "returned": key in been,
        }
        for (key, name, *shown), former in zip(customers.all(), _former(session, ids), strict=True)
    ])  # fmt: skip


def _former(session: Any, ids: Sequence[int]) -> list[int | None]:
    """Whose they were, by the history that was just written; in the order of the ids."""
    query = select(OwnershipChange.customer_id, OwnershipChange.before_id).where(OwnershipChange.customer_id.in_(ids))
    last: dict[int, int | None] = {}
    for customer, before in session.execute(query.order_by(OwnershipChange.id), execution_options=WHOLE):
        last[customer] = before
    return [last.get(key) for key in sorted(ids)]


def may_be_taken(act: Act) -> None:
    """Guard: so many a day and person, also when he taps in two windows at once; the former owner waits."""
    entry: PoolEntry = act.document
    terms, _auto = pool_terms(act.session, entry.project_id)
    mine = act.actor.person_id == entry.former_id
    if not may_take_back(mine, entry.entered_at.date(), act.at.date(), terms):
        raise RuleError("这是你原来的客户，转入公海 {n} 天后才能领回；需要时请销售主管分配", n=terms.back_days)
    most = parameter(act.session, entry.project_id, "pool_claims")
    if next_value(act.session, f"pool:{entry.project_id}:{act.actor.person_id}:{act.at:%Y%m%d}") > most:
        raise RuleError("今天已领取 {n} 位公海客户，到上限了，请明天再领或请销售主管分配", n=most)


def take(act: Act) -> None:
    """Step 领取: he is the actor's from now on, to be called within the days of the protection."""
    check_owner(act.document.project_id, act.actor.person_id, act.at)
    _leave(act, act.actor.person_id, OwnerRule.CLAIMED)


def give(act: Act) -> None:
    """Step 分配: a supervisor gives him to somebody who sells here."""
    owner_id = int(act.get("owner_id"))
    check_owner(act.document.project_id, owner_id, act.at)
    _leave(act, owner_id, OwnerRule.ASSIGNED)


def _leave(act: Act, owner_id: int, rule: OwnerRule) -> None:
    entry: PoolEntry = act.document
    customer = act.session.get_one(Customer, entry.customer_id, execution_options=WHOLE)
    if customer.state is not CustomerState.POOL:  # no word of who he is to somebody who may not read him
        raise StaleError("这位客户已经不在公海，请刷新列表后另选")
    entry.left_at, entry.taken_by = act.at, owner_id
    fire(act.session, customer, "leave_pool", act.actor, internal=True, note=act.note)
    how = How(rule, act.actor, act.note)
    give_to(act.session, customer, owner_now(act.session, owner_id, entry.project_id), how)
    begin_anew(act.session, customer, act.at.date())
    if owner_id != act.actor.person_id:
        tell_owners(act.session, customer, None, how)


@every(seconds=3600, name="pool", in_parts=True)
def recycle(session: Session) -> int:
    """Customers whose last day is over fall into the 公海, a thousand a transaction; safe to repeat. Returns how many fell."""
    today = now().date()
    for project in session.scalars(select(Project).order_by(Project.id)):
        terms, auto = pool_terms(session, project.id)
        ids = fallen(session, project.id, terms, today, PART) if auto else []
        if ids:
            with as_step(session):
                _fall(session, project.id, ids, today)
            return len(ids)
    return 0


def _fall(session: Session, project_id: int, ids: list[int], today: date) -> None:
    terms, _auto = pool_terms(session, project_id)
    columns = (
        Customer.id,
        Customer.last_contact_at,
        Customer.last_visit_at,
        Customer.first_at,
        Customer.owner_since,
        Customer.follow_due_on,
        Customer.owner_id,
    )
    why: dict[str, list[int]] = {}
    losers: dict[int, int] = {}
    rows: Any = session.execute(select(*columns).where(Customer.id.in_(ids)))
    for key, contact, visit, first, since, due, owner in rows:
        silence = Silence(contact.date(), (visit or first).date(), since, due)
        why.setdefault(reason(silence, today, terms), []).append(key)
        losers[owner] = losers.get(owner, 0) + 1
    for words, some in why.items():
        moved = fire_many(
            session, Customer, some, "recycle", SYSTEM, note=words, protected_until=None, follow_due_on=None
        )
        give_many(session, moved, Owner(), How(OwnerRule.RECYCLED, SYSTEM, words))
    for person_id, number in losers.items():
        notify(
            session,
            [person_id],
            f"{number} 位客户超期未跟进，已转入公海",
            url="/pool-entry/list/",
            project_id=project_id,
        )


@every(seconds=3600, name="pool_warning")
def warn(session: Session) -> int:
    """Once a day each owner hears how many of his customers fall back within the days of the warning."""
    today, told = now().date(), 0
    heard = select(Notice.person_id).where(Notice.url == SOON_URL, Notice.created_at >= datetime.combine(today, time()))
    known = set(session.scalars(heard, execution_options=WHOLE))
    for project in session.scalars(select(Project).order_by(Project.id)).all():
        terms, auto = pool_terms(session, project.id)
        if not auto or not terms.warn_days:
            continue
        for owner_id, number in owners_of_falling(session, project.id, terms, today):
            if owner_id not in known:
                title = f"{number} 位客户 {terms.warn_days} 天内将转入公海，请尽快联系"
                notify(session, [owner_id], title, url=SOON_URL, project_id=project.id, kind=NoticeKind.DUE)
                told += 1
    return told
