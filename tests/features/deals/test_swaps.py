"""Two buyers swap their flats: executed by either side, or by both in the same moment, never a flat lost (02 §2.2.3)."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from flask import Flask

from app.extensions import db
from app.features.deals.changes.models import ChangeKind, ChangeRequest, ChangeState
from app.features.deals.reservations.models import CloseKind, Reservation, ReservationState
from app.features.deals.verify import verify
from app.features.payments.effects import account_of, confirmed_total
from app.features.payments.verify import verify as verify_money
from app.features.units.models import Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import RuleError
from app.kernel.workflow import fire
from tests.cast import Cast
from tests.features.deals import orders as o

CHAIN = ("supervisor", "site_manager", "developer_site")


def swap(cast: Cast) -> tuple[list[Unit], list[ChangeRequest]]:
    """王伟 has the first flat, 李娜 the second; each asks for the other's, both are approved."""
    paid_by, flats = o.scheme(cast), [o.unit(cast, "1102"), o.unit(cast, "1203")]
    people = [o.customer(cast), o.customer(cast, "consultant1", "10000009999", "李娜")]
    orders = [o.effective(cast, flat, who, paid_by) for flat, who in zip(flats, people, strict=True)]
    asked = [o.change(cast, mine, ChangeKind.EXCHANGE, new_unit_id=other.id)
             for mine, other in zip(orders, reversed(flats), strict=True)]  # fmt: skip
    return flats, [o.agreed(cast, paper, "submit_exchange", *CHAIN) for paper in asked]


def swapped(cast: Cast, flats: list[Unit], papers: list[ChangeRequest]) -> None:
    """Each flat has the other's order, each buyer his money, the doctor finds nothing."""
    with acting_as(SYSTEM):
        cast.session.rollback()
        for paper, flat in zip(papers, reversed(flats), strict=True):
            done = cast.session.get_one(ChangeRequest, paper.id)
            assert done.state is ChangeState.EXECUTED
            old = cast.session.get_one(Reservation, done.reservation_id)
            new = cast.session.get_one(Reservation, done.new_reservation_id)
            unit = cast.session.get_one(Unit, flat.id)
            assert (old.state, old.close_kind) == (ReservationState.CLOSED, CloseKind.EXCHANGED)
            assert (new.state, new.unit_id) == (ReservationState.EFFECTIVE, flat.id)
            assert (unit.state, unit.reservation_id) == (UnitState.ORDER, new.id)
            account = account_of(cast.session(), new.id)
            assert account is not None
            assert confirmed_total(cast.session(), account.id) == Decimal(20000)
        assert [*verify(cast.session()), *verify_money(cast.session())] == []
        cast.session.rollback()


def test_one_side_executes_both(cast: Cast) -> None:
    flats, papers = swap(cast)
    o.step(cast, papers[0], "execute_exchange", "developer_finance", signed_on=o.today())
    swapped(cast, flats, papers)


def test_a_swap_waits_for_the_other_sides_approval(cast: Cast) -> None:
    flats, papers = swap(cast)
    o.step(cast, papers[1], "rework", "consultant1", note="重算")
    with pytest.raises(RuleError, match="对调的另一份"):
        o.step(cast, papers[0], "execute_exchange", "developer_finance", signed_on=o.today())
    assert o.fresh(cast, Unit, flats[0].id).state is UnitState.ORDER
    with acting_as(SYSTEM):
        assert list(verify(cast.session())) == [], "the orders that wait for the swap hold no flat"


@pytest.mark.both_databases
def test_opposite_swaps_at_once_neither_deadlock_nor_lose_a_flat(app: Flask, cast: Cast) -> None:
    flats, papers = swap(cast)
    cashiers = [cast.actor("developer_finance"), cast.actor("developer_finance2")]
    ids = [paper.id for paper in papers]
    cast.session.rollback()
    refused: list[str] = []
    start = threading.Barrier(2)

    def cashier(number: int) -> None:
        actor = cashiers[number]
        with app.app_context(), acting_as(actor):
            start.wait()
            try:
                paper = db.session.get_one(ChangeRequest, ids[number])
                fire(db.session, paper, "execute_exchange", actor, signed_on=o.today())
            except RuleError as why:
                refused.append(str(why))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=cashier, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    assert len(refused) == 1, refused
    assert "已执行" in refused[0]
    swapped(cast, flats, papers)
