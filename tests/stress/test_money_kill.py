"""kill -9 in the middle of 收款: confirmations over HTTP while workers die; nothing is half done, nothing acknowledged is lost (04 R5)."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from app.features.payments.models import FundKind
from app.features.payments.verify import verify
from app.kernel.actors import SYSTEM, acting_as
from tests.bench.web import HOST
from tests.features.payments import makers
from tests.stress.book_checker import booked_by_account, faults_of, paid_by_account
from tests.stress.buyers import NO_ANSWER, Visitor

pytestmark = [pytest.mark.slow, pytest.mark.stress_small, pytest.mark.both_databases]
CASHIERS = 3


def signed_in(server) -> Visitor:
    who = Visitor(HOST, server.port)
    who.sign_in("developer_finance", "/receipt/add")
    return who


def confirm(who: Visitor, keys: list[int], acknowledged: list[int]) -> None:
    """One cashier confirms until the list is empty; a dead worker is no answer, and he comes back with the same key."""
    while keys:
        key = keys.pop()
        for _ in range(20):
            try:
                answer = who.ask(
                    "POST", f"/receipt/step/confirm/{key}", {"arrived_on": str(makers.today()), "_key": f"k{key}"}
                )
            except NO_ANSWER:
                time.sleep(0.2)
                continue
            if answer.status == 302:
                acknowledged.append(key)
                break
            time.sleep(0.1)


def test_killed_confirmations_are_whole_or_not_there(cast, server, request):
    full = request.config.getoption("--full")
    number, kills = (2500, 200) if full else (30, 6)
    accounts = [makers.account(cast, n) for n in (1, 2, 3)]
    keys = [makers.entered(cast, accounts[n % 3], 100 + n, FundKind.PRICE).id for n in range(number)]
    cast.session.remove()
    waiting, acknowledged, over = list(keys), [], threading.Event()
    chance = random.Random(request.config.getoption("--seed"))

    def kill() -> None:
        for _ in range(kills):
            if over.wait(chance.uniform(0.05, 0.6)):
                return
            pids = server.worker_pids()
            if pids:
                os.kill(chance.choice(pids), signal.SIGKILL)

    cashiers = [signed_in(server) for _ in range(CASHIERS)]
    killer = threading.Thread(target=kill)
    killer.start()
    with ThreadPoolExecutor(CASHIERS) as pool:
        list(pool.map(lambda who: confirm(who, waiting, acknowledged), cashiers))
    over.set()
    killer.join()
    with acting_as(SYSTEM):
        cast.session.rollback()
        connection = cast.session.connection()
        confirmed = {row.id for row in connection.execute(text("SELECT id FROM receipt WHERE state = 'confirmed'"))}
        assert set(acknowledged) == set(keys) == confirmed
        assert faults_of(connection) == []
        assert paid_by_account(connection) == booked_by_account(connection)
        assert list(verify(cast.session())) == []
