"""A draft that is sent up in the moment in which somebody deletes it stays (02 §2.1.1)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.features.deals.reservations.models import Buyer, Reservation, ReservationState
from app.features.office.expenses.models import AgencyExpense
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.screens import saving
from app.kernel.transactions import write
from tests.cast import Cast
from tests.features.deals import orders
from tests.features.office import claims
from tests.features.office.store import step

Interleave = Callable[[Callable[[], Any]], None]


@pytest.fixture
def meanwhile(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Interleave:
    """What somebody else does between the question whether it may go and the transaction that deletes it."""

    def arrange(act: Callable[[], Any]) -> None:
        def elsewhere() -> None:
            with app.app_context():
                act()
                db.session.remove()

        def late(session: Any, work: Callable[[], Any]) -> Any:
            db.session.rollback()
            other = threading.Thread(target=elsewhere)
            other.start()
            other.join()
            return write(session, work)

        monkeypatch.setattr(saving, "write", late)

    return arrange


def kept(cast: Cast, model: type[Any], key: int) -> Any:
    with acting_as(SYSTEM):
        cast.session.rollback()
        return cast.session.scalars(select(model).where(model.id == key)).first()


@pytest.mark.both_databases
def test_a_draft_that_was_sent_up_meanwhile_stays(cast: Cast, client_as: Any, meanwhile: Interleave) -> None:
    office = claims.subject(cast)
    claims.budget(cast, office, "5000")
    draft, client = claims.claim(cast, "clerk", (office, "300"), reason="开放日物料"), client_as("clerk")
    key = draft.id
    meanwhile(lambda: step(cast, draft, "submit", "clerk"))
    assert client.post(f"/agency-expense/delete/{key}").status_code == 403
    assert kept(cast, AgencyExpense, key) is not None


@pytest.mark.both_databases
def test_a_row_of_a_paper_that_was_sent_up_meanwhile_stays(cast: Cast, client_as: Any, meanwhile: Interleave) -> None:
    order = orders.locked(cast, orders.unit(cast), orders.customer(cast))
    orders.filled(cast, order, orders.scheme(cast))
    order_id, client = order.id, client_as("consultant1")
    with acting_as(SYSTEM):
        key = cast.session.scalars(select(Buyer.id)).one()

    def sent() -> None:
        with acting_as(SYSTEM):
            paper = db.session.get_one(Reservation, order_id)
            write(db.session, lambda: setattr(paper, "state", ReservationState.REVIEW))

    meanwhile(sent)
    assert client.post(f"/buyer/delete/{key}").status_code == 403
    assert kept(cast, Buyer, key) is not None
