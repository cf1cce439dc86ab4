"""R2: after thousands of random receipts, refunds, transfers, red entries and odd splits the book is right to the fen (04 R2).

The checker (book_checker.py) reads with SQL of its own. Small in the suite; `--full` is 10,000 acts on each database, `--seed N` repeats.
"""

from __future__ import annotations

import itertools
import random
import time
from types import SimpleNamespace
from typing import Any

import pytest

from app.features.payments.effects import transfer
from app.features.payments.models import CONFIRMED_STATES, FundKind, OrderAccount, Receipt, ReceiptState
from app.features.payments.verify import verify
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import RuleError
from tests.cast import Cast
from tests.features.payments import makers
from tests.features.payments.test_random_money import one_event
from tests.stress.book_checker import booked_by_account, faults_of, paid_by_account

pytestmark = [pytest.mark.slow, pytest.mark.stress_small, pytest.mark.both_databases, pytest.mark.timeout(7200)]
SMALL, FULL = 150, 10_000  # acts that the book accepted
OPEN = 12  # accounts in use at a time
EVERY = 1_000  # acts between two looks of the checker


class Cashier:
    """Random acts over a dozen accounts; those that a move closed are replaced."""

    def __init__(self, cast: Cast, chance: random.Random) -> None:
        self.cast, self.chance = cast, chance
        self.numbers = itertools.count(1)
        self.accounts = [makers.account(cast, next(self.numbers)) for _ in range(OPEN)]
        self.receipts: list[Receipt] = []
        self.moves = 0

    def act(self) -> None:
        """One act. Raises RuleError when the book refuses it."""
        what = self.chance.random()
        if what < 0.03:
            self.move()
        elif what < 0.1:
            self.split()
        else:
            one_event(self.cast, self.chance, self.accounts, self.receipts)
        if len(self.receipts) > 300:  # the old ones keep what they have
            del self.receipts[:100]

    def split(self) -> None:
        """¥100.00 in three unequal parts."""
        account = self.chance.choice(self.accounts)
        for part in ("33.33", "33.33", "33.34"):
            self.receipts.append(makers.received(self.cast, account, part, FundKind.PRICE))

    def move(self) -> None:
        """All money of one order goes to a new one (换房)."""
        place = self.chance.randrange(OPEN)
        old, new = self.accounts[place], makers.account(self.cast, next(self.numbers))
        paper: Any = SimpleNamespace(__tablename__="change_request", id=new.id, project_id=old.project_id)
        who = self.cast.actor("developer_finance")
        with acting_as(who):
            transfer(self.cast.session, who, old, new, paper=paper, reason="换房")
        self.accounts[place] = new
        self.moves += 1


def look(cast: Cast) -> None:
    """The checker and our own verification find nothing; every account's 已收 is its ledger."""
    with acting_as(SYSTEM):
        cast.session.rollback()
        connection = cast.session.connection()
        assert faults_of(connection) == []
        assert paid_by_account(connection) == booked_by_account(connection)
        assert list(verify(cast.session())) == []


def test_the_book_is_right_after_random_acts(cast: Cast, database: str, request: pytest.FixtureRequest) -> None:
    wanted = FULL if request.config.getoption("full") else SMALL
    seed, start = request.config.getoption("seed"), time.monotonic()
    cashier = Cashier(cast, random.Random(seed))
    done = refused = 0
    while done < wanted:
        try:
            cashier.act()
        except RuleError:
            refused += 1
            continue
        done += 1
        if done % EVERY == 0:
            look(cast)
    look(cast)
    with acting_as(SYSTEM):
        session = cast.session
        states = set(session.query(Receipt.state).distinct())
        assert {(ReceiptState.REVERSED,), (ReceiptState.CONFIRMED,)} <= states and (cashier.moves or wanted == SMALL)
        counted = session.query(Receipt).filter(Receipt.state.in_(CONFIRMED_STATES)).count()
        accounts = session.query(OrderAccount).count()
    told = f"{database}, seed {seed}: {done:,} acts, {refused:,} refused, {cashier.moves} moves, {accounts} accounts"
    took = f"{counted:,} receipts count, {time.monotonic() - start:.0f} s"
    request.node.user_properties.append(("stress", f"{told}, {took}"))
