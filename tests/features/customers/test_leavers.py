"""客户移交: everything of a leaver in one act; his open pages are shut at once (02 §2.5.2, §2.5.11)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.customers.choices import CustomerState, Grade
from app.features.customers.leavers.models import CustomerTransfer, TransferLine, TransferState
from app.features.customers.models import Contact, Customer, CustomerPhone
from app.features.customers.owners.models import OwnerRule, OwnershipChange
from app.features.customers.pool.models import PoolEntry
from app.features.customers.registry import FOLLOWS
from app.features.deals.reservations.models import Buyer, Reservation
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.audiences import CustomerPapers
from app.kernel.base import models_of, now
from app.kernel.errors import Forbidden, RuleError
from app.kernel.notices import Notice
from app.kernel.workflow import fire
from tests.cast import Cast
from tests.factories import saved
from tests.features.customers.conftest import Register
from tests.features.deals import orders


def transfer(cast: Cast, *lines: dict[str, Any], leaver: str = "consultant1") -> CustomerTransfer:
    project_id = cast.project_ids["a"]
    made = CustomerTransfer(
        project_id=project_id, from_id=cast.person_ids[leaver], created_by=cast.person_ids["supervisor"]
    )
    made.lines = [TransferLine(project_id=project_id, **line) for line in lines]
    return saved(cast.session, made)


def executed(cast: Cast, paper: CustomerTransfer, login: str = "supervisor") -> CustomerTransfer:
    actor = cast.actor(login)
    with acting_as(actor):
        fire(cast.session, paper, "execute", actor)
    return orders.fresh(cast, CustomerTransfer, paper.id)


def many(registered: Register, number: int) -> list[Customer]:
    return [registered("consultant1", "王伟", f"1000002{n + 1:04}", grade=list(Grade)[n % 4]) for n in range(number)]


def test_by_parts_with_one_named(cast: Cast, registered: Register, session: Session) -> None:
    customers, ids = many(registered, 7), cast.person_ids
    paper = executed(cast, transfer(
        cast, {"to_id": ids["supervisor"], "customer_id": customers[0].id}, {"to_id": ids["consultant2"], "weight": 2},
        {"to_id": ids["supervisor2"], "weight": 1},
    ))  # fmt: skip
    assert (paper.state, paper.given, paper.pooled, paper.number) == (
        TransferState.DONE,
        7,
        0,
        f"KY-JPYL-{now().year}-0001",
    )
    with acting_as(SYSTEM):
        rows = session.execute(select(Customer.owner_id, func.count()).group_by(Customer.owner_id)).all()
        assert dict(rows) == {ids["supervisor"]: 1, ids["consultant2"]: 4, ids["supervisor2"]: 2}
        for model in (CustomerPhone, Contact):  # what is read through them went along
            assert (
                session.scalar(select(func.count()).select_from(model).where(model.owner_id == ids["consultant1"])) == 0
            )
        changes = session.scalars(select(OwnershipChange)).all()
        assert {(c.rule, c.paper) for c in changes} == {(OwnerRule.HANDED_OVER, paper.number)} and len(changes) == 7
        assert session.scalars(select(Customer.follow_due_on).where(Customer.follow_due_on < now().date())).all() == []
        told = session.scalars(select(Notice.title).where(Notice.person_id == ids["consultant2"])).all()
    assert any("接手 4 位客户" in title for title in told)
    with acting_as(cast.actor("consultant2")):
        team = session.scalars(select(Customer.team_id).distinct()).all()
    assert team == [cast.team_ids["a2"]]


def test_without_receivers_into_the_pool(cast: Cast, registered: Register, session: Session) -> None:
    many(registered, 3)
    paper = executed(cast, transfer(cast))
    assert (paper.given, paper.pooled) == (0, 3)
    with acting_as(SYSTEM):
        assert session.scalar(select(func.count()).select_from(PoolEntry)) == 3
        assert set(session.scalars(select(Customer.state))) == {CustomerState.POOL}


def test_who_has_bought_needs_somebody(cast: Cast, registered: Register, session: Session) -> None:
    customer, *_rest = many(registered, 2)
    order = orders.effective(cast, orders.unit(cast), customer, orders.scheme(cast))
    with pytest.raises(RuleError, match="1 位客户已认筹、认购或签约"):
        executed(cast, transfer(cast))
    with acting_as(SYSTEM):
        paper = session.scalars(select(CustomerTransfer)).one()
    assert orders.fresh(cast, CustomerTransfer, paper.id).state is TransferState.DRAFT  # nothing happened
    assert orders.fresh(cast, Customer, customer.id).owner_id == cast.person_ids["consultant1"]
    saved(
        session,
        TransferLine(project_id=cast.project_ids["a"], transfer_id=paper.id, to_id=cast.person_ids["consultant2"]),
    )
    paper = executed(cast, orders.fresh(cast, CustomerTransfer, paper.id))
    assert paper.orders == 1
    found = orders.fresh(cast, Reservation, order.id)
    assert (found.owner_id, found.team_id) == (cast.person_ids["consultant2"], cast.team_ids["a2"])
    with acting_as(cast.actor("consultant2")):
        assert session.scalars(select(Buyer).where(Buyer.reservation_id == order.id)).all()
    with acting_as(cast.actor("consultant1")):
        assert session.scalars(select(Reservation)).all() == []


def test_a_team_supervisor_keeps_to_his_team(cast: Cast, registered: Register) -> None:
    many(registered, 1)
    paper = transfer(cast, {"to_id": cast.person_ids["consultant2"]})
    with pytest.raises(RuleError, match="不在你的班组"):
        executed(cast, paper, "supervisor2")
    with pytest.raises(Forbidden):
        executed(cast, paper, "consultant2")


def test_his_open_tab_is_shut(
    cast: Cast, registered: Register, client_as: Callable[[str], FlaskClient], session: Session
) -> None:
    customer = registered("consultant1")
    with acting_as(SYSTEM):
        phone = session.scalars(select(CustomerPhone)).one().id
    tab = client_as("consultant1")
    assert tab.get(f"/customer/show/{customer.id}").status_code == 200
    assert tab.get(f"/customer/step/note_follow_up/{customer.id}").status_code == 200
    executed(cast, transfer(cast, {"to_id": cast.person_ids["consultant2"]}))
    for address in ("customer/show", "customer/edit", "customer/step/note_follow_up"):
        assert tab.get(f"/{address}/{customer.id}").status_code == 404, address
    form = {"method": "phone", "result": "reached", "content": "还是我的客户"}
    assert tab.post(f"/customer/step/note_follow_up/{customer.id}", data=form).status_code == 404
    assert tab.post(f"/reveal/customer_phone/{phone}/number", data={"reason": "回访客户"}).status_code in (403, 404)
    assert "王伟" not in tab.get("/customer/list/").get_data(as_text=True)
    assert "100****1234" not in tab.get("/search?q=王伟").get_data(as_text=True)
    assert client_as("consultant2").get(f"/customer/show/{customer.id}").status_code == 200


def test_every_paper_of_a_customer_follows_his_owner(app: Flask) -> None:
    """A room that keeps rows of customers says so (follows_owner), or that they have parties of their own."""
    rows = [m for m in models_of(CustomerPapers) if "customer_id" in m.__mapper__.columns]
    forgotten = {m.__tablename__ for m in rows if m not in FOLLOWS and not getattr(m, "__own_people__", False)}
    assert forgotten == set()
    assert {m.__tablename__ for m in rows} >= {"contact", "customer_phone", "follow_up", "quote", "ownership_claim"}
