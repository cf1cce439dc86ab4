"""The purge: listed, confirmed, worked off in batches; who called or bought meanwhile stays (02 §2.5.8, 04 S12)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.features.customers.models import Contact, Customer
from app.features.privacy.purge import effects
from app.features.privacy.purge.jobs import erase_old_visitors, list_old_visitors
from app.features.privacy.purge.models import PurgeRun, PurgeState
from app.features.privacy.purge.rules import oldest_kept
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.errors import Forbidden
from app.kernel.jobs import JOBS, run
from app.kernel.transactions import write
from tests.cast import Cast
from tests.features.deals import orders as o

OLD = now() - timedelta(days=800)


@pytest.mark.parametrize(
    ("today", "months", "day"),
    [
        (date(2026, 11, 30), 24, date(2024, 11, 30)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 12, date(2025, 1, 15)),
    ],
)
def test_the_day_that_parts_them(today: date, months: int, day: date) -> None:
    assert oldest_kept(today, months) == day


def aged(session: Session, *customers: Customer) -> None:
    ids = [one.id for one in customers]
    with acting_as(SYSTEM):
        write(
            session, lambda: session.execute(update(Customer).where(Customer.id.in_(ids)).values(last_contact_at=OLD))
        )


def job(session: Session, name: str) -> int:
    return run(session, JOBS[name])


def lists(session: Session) -> list[PurgeRun]:
    session.rollback()
    with acting_as(SYSTEM):
        return list(session.scalars(select(PurgeRun).order_by(PurgeRun.id)))


@pytest.fixture
def five(session: Session, cast: Cast) -> list[Customer]:
    """Two old visitors, an old buyer, a fresh visitor, an old visitor of project B."""
    made = [
        o.customer(cast, phone=f"1000000{n}", name=name)
        for n, name in enumerate(("赵一", "钱二", "孙三", "李四"), 1001)
    ]
    other = o.customer(cast, "other_consultant", "10000001005", "周五", "b")
    o.effective(cast, o.unit(cast), made[2], o.scheme(cast))
    aged(session, made[0], made[1], made[2], other)
    return [*made, other]


def test_nothing_is_erased_before_the_head_office_has_confirmed(
    session: Session, cast: Cast, five: list[Customer]
) -> None:
    assert job(session, "list_old_visitors") == 2
    first = next(one for one in lists(session) if one.project_id == cast.project_ids["a"])
    assert (first.found, first.state) == (2, PurgeState.LISTED)
    assert job(session, "list_old_visitors") == 0, "one open list a project"
    assert job(session, "erase_old_visitors") == 0
    assert o.fresh(cast, Customer, five[0].id).anonymised_at is None
    for login in ("supervisor", "site_manager", "auditor"):
        with pytest.raises(Forbidden):
            o.step(cast, first, "confirm", login)


def test_what_was_confirmed_goes_in_batches_and_is_asked_again(
    session: Session, cast: Cast, five: list[Customer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effects, "BATCH", 1)
    more = o.customer(cast, phone="10000001006", name="吴六")
    aged(session, more)
    job(session, "list_old_visitors")
    mine = next(one for one in lists(session) if one.project_id == cast.project_ids["a"])
    assert mine.found == 3
    o.step(cast, mine, "keep", "sales_admin", customer_id=more.id, why="老客户介绍人")
    o.step(cast, mine, "confirm", "sales_admin")
    with acting_as(SYSTEM):
        write(
            session,
            lambda: session.execute(update(Customer).where(Customer.id == five[1].id).values(last_contact_at=now())),
        )
    before = _visits(session)
    assert [job(session, "erase_old_visitors") for _ in range(4)] == [1, 1, 0, 0]
    mine = o.fresh(cast, PurgeRun, mine.id)
    assert (mine.state, mine.erased, mine.kept) == (PurgeState.DONE, 1, 2)
    names = [o.fresh(cast, Customer, one.id).name for one in (*five, more)]
    assert names == ["已匿名客户", "钱二", "孙三", "李四", "周五", "吴六"]
    assert _visits(session) == before, "the statistics count as before"
    assert job(session, "list_old_visitors") == 1, (
        "who was kept stands on the next list; project B's list is open still"
    )


def _visits(session: Session) -> Any:
    session.rollback()
    with acting_as(SYSTEM):
        return session.execute(
            select(Contact.source, Contact.kind, func.count()).group_by(Contact.source, Contact.kind)
        ).all()


def test_jobs_are_named() -> None:
    assert JOBS["list_old_visitors"].work is list_old_visitors
    assert JOBS["erase_old_visitors"].work is erase_old_visitors


def test_the_page_lists_them(session: Session, five: list[Customer], client_as: Any) -> None:
    job(session, "list_old_visitors")
    page = client_as("sales_admin").get("/purge-run/show/1").get_data(as_text=True)
    assert "赵一" in page and "确认清理" in page and "孙三" not in page
    assert client_as("supervisor").get("/purge-run/list/").status_code in (302, 403, 404)
