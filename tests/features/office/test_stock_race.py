"""Several people sign for the last packs in the same moment: stock never falls below zero (issue 4 point 6)."""

from __future__ import annotations

import threading

import pytest
from flask import Flask

from app.extensions import db
from app.features.office.supplies.kinds import HandState
from app.features.office.supplies.models import SupplyHand
from app.kernel.actors import acting_as
from app.kernel.errors import RuleError
from app.kernel.workflow import fire
from tests.cast import Cast
from tests.features.office import store

PEOPLE = ("consultant1", "consultant2", "assistant", "channel_officer")


@pytest.mark.both_databases
def test_the_last_packs_go_to_whom_there_are_enough_for(app: Flask, cast: Cast) -> None:
    paper = store.item(cast, stock=5)
    slips = [store.step(cast, store.hand(cast, paper, 2, who), "hand", "clerk").id for who in PEOPLE]
    actors = [cast.actor(who) for who in PEOPLE]
    cast.session.rollback()
    refused: list[str] = []
    start = threading.Barrier(len(PEOPLE))

    def sign(number: int) -> None:
        with app.app_context(), acting_as(actors[number]):
            start.wait()
            try:
                fire(db.session, db.session.get_one(SupplyHand, slips[number]), "sign", actors[number])
            except RuleError as error:
                refused.append(str(error))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=sign, args=(number,)) for number in range(len(PEOPLE))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 2
    assert all("库存只有 1 包，不够 2 包" in sentence for sentence in refused), refused
    assert store.fresh(cast, paper).stock == 1
    assert [balance for _kind, _quantity, balance in store.movements(cast, paper)] == [5, 3, 1]
    with acting_as(actors[0]):
        states = [cast.session.get_one(SupplyHand, key).state for key in slips]
    assert sorted(states) == [HandState.SIGNED, HandState.SIGNED, HandState.WAITING, HandState.WAITING]
