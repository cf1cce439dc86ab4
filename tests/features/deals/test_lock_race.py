"""Two consultants lock one unit in the same moment: one order, one lock, and the loser reads why (02 §2.2.1)."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.features.deals.reservations.locking import lock_unit
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.units.models import Unit
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import RuleError
from tests.cast import Cast
from tests.features.deals import orders as o

TAKERS = ("consultant1", "consultant2", "supervisor")


@pytest.mark.both_databases
def test_one_of_many_gets_unit_and_order_together(app: Flask, cast: Cast) -> None:
    units = [o.unit(cast, room).id for room in ("1101", "1102", "1103")]
    people = [
        (cast.actor(login), o.customer(cast, login, f"1000000{n}001", f"客户{n}").id) for n, login in enumerate(TAKERS)
    ]
    cast.session.rollback()
    lost: list[str] = []
    start = threading.Barrier(len(people))

    def buyer(number: int) -> None:
        actor, customer_id = people[number]
        with app.app_context(), acting_as(actor):
            start.wait()
            for unit_id in units:
                try:
                    lock_unit(db.session, actor, unit_id, customer_id)
                except RuleError as refused:
                    lost.append(str(refused))
                finally:
                    db.session.remove()

    threads = [threading.Thread(target=buyer, args=(n,)) for n in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(lost) == len(units) * (len(people) - 1)
    assert all("销控，剩" in sentence for sentence in lost), lost
    with acting_as(SYSTEM):
        orders = cast.session.scalars(select(Reservation)).all()
        assert sorted(order.unit_id for order in orders) == units
        for order in orders:
            assert order.state is ReservationState.LOCKED
            assert cast.session.get_one(Unit, order.unit_id).reservation_id == order.id
