"""The anomalies of Hermitage through our own sessions and steps, on both databases: none reaches a value that counts (04 R6).

G0, G1a, G1b, G1c, OTV, PMP and P4 on plain rows; G-single, G2-item and G2 on what people decide; list-append on the ledger.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.features.deals.changes.models import ChangeKind, FaultOf
from app.features.deals.contracts.models import Contract
from app.features.deals.reservations.locking import lock_unit
from app.features.deals.reservations.models import Reservation
from app.features.payments.effects import request_refund
from app.features.payments.models import FundKind, LedgerPosting, Receipt, Refund
from app.features.payments.verify import verify
from app.features.units.models import Building
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.engine import decide
from app.kernel.approval.finding import current_step, open_of
from app.kernel.approval.records import ApprovalStep, StepState
from app.kernel.errors import RuleError
from app.kernel.transactions import write
from app.kernel.workflow import as_step, fire
from tests.cast import Cast
from tests.factories import saved
from tests.features.deals import orders as o
from tests.features.payments import makers
from tests.features.payments.makers import today

pytestmark = [pytest.mark.both_databases, pytest.mark.slow]
Work = Callable[[Any], Any]


class Pause(Exception):
    """A transaction that changes its mind."""


class Play:
    """Transactions in threads of their own, each with its session; `meet(name)` lets one wait for another."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.events: dict[str, threading.Event] = {}

    def tell(self, name: str) -> None:
        self.events.setdefault(name, threading.Event()).set()

    def meet(self, name: str, seconds: float = 0.4) -> bool:
        """False when it did not come in time: the other waits for us (a lock), which is an answer, too."""
        return self.events.setdefault(name, threading.Event()).wait(seconds)

    def run(self, *works: Work, actor: Any = SYSTEM) -> list[Any]:
        db.session.remove()

        def one(work: Work) -> Any:
            with self.app.app_context(), acting_as(actor):
                try:
                    return work(db.session)
                except (RuleError, Pause) as refused:
                    return refused
                finally:
                    db.session.remove()

        with ThreadPoolExecutor(len(works)) as pool:
            return list(pool.map(one, works))


@pytest.fixture
def play(app: Any) -> Play:
    return Play(app)


@pytest.fixture
def pair(cast: Cast) -> tuple[int, int]:
    """Two plain rows whose number of floors is 10."""
    project = cast.project_ids["a"]
    return tuple(
        saved(cast.session, Building(project_id=project, name=f"{n}栋", floors=10, sections=1)).id for n in (1, 2)
    )  # type: ignore[return-value]


def floors(session: Any, key: int) -> int:
    return int(session.scalar(select(Building.floors).where(Building.id == key)))


def put(session: Any, key: int, value: int | Callable[[int], int]) -> None:
    with as_step(session):
        row = session.scalars(select(Building).where(Building.id == key)).one()
        row.floors = value(row.floors) if callable(value) else value
        session.flush()


def both(session: Any, pair: tuple[int, int]) -> tuple[int, int]:
    with acting_as(SYSTEM):
        session.rollback()
        return floors(session, pair[0]), floors(session, pair[1])


def test_g0_two_writers_never_mix(cast: Cast, play: Play, pair: tuple[int, int]) -> None:
    def writer(value: int) -> Work:
        def work(session: Any) -> None:
            def steps() -> None:
                put(session, pair[0], value)
                play.tell(f"half {value}")
                play.meet(f"half {31 - value}")
                put(session, pair[1], value)

            write(session, steps)

        return work

    play.run(writer(11), writer(20))
    assert both(cast.session, pair) in ((11, 11), (20, 20))


def test_g1a_g1b_g1c_otv_nothing_uncommitted_is_read(cast: Cast, play: Play, pair: tuple[int, int]) -> None:
    seen: list[tuple[int, int]] = []

    def writer(session: Any) -> None:
        def steps() -> None:
            put(session, pair[0], 77)
            put(session, pair[0], 78)
            play.tell("half")
            play.meet("read")
            raise Pause

        write(session, steps)

    def reader(session: Any) -> None:
        play.meet("half", 5)
        seen.append((floors(session, pair[0]), floors(session, pair[1])))
        play.tell("read")

    answers = play.run(writer, reader)
    assert isinstance(answers[0], Pause)
    assert seen == [(10, 10)]
    assert both(cast.session, pair) == (10, 10)


def test_g1c_two_writers_do_not_read_each_other(cast: Cast, play: Play, pair: tuple[int, int]) -> None:
    seen: dict[int, int] = {}

    def writer(own: int, other: int, value: int) -> Work:
        def work(session: Any) -> None:
            def steps() -> None:
                put(session, pair[own], value)
                play.tell(f"wrote {own}")
                play.meet(f"wrote {other}")
                seen[own] = floors(session, pair[other])

            write(session, steps)

        return work

    play.run(writer(0, 1, 11), writer(1, 0, 22))
    assert not (seen[0] == 22 and seen[1] == 11), "each read what the other had not committed yet"


def test_p4_no_update_is_lost(cast: Cast, play: Play, pair: tuple[int, int]) -> None:
    def adder(session: Any) -> bool:
        write(session, lambda: put(session, pair[0], lambda value: value + 1))
        return True

    done = sum(answer is True for answer in play.run(*[adder] * 8))
    assert done >= 1
    assert both(cast.session, pair)[0] == 10 + done


def test_pmp_a_decision_by_a_predicate_is_made_once(cast: Cast, play: Play, pair: tuple[int, int]) -> None:
    """«Is there a 3栋 already?» — both look, the unique rule lets one in."""

    def maker(session: Any) -> bool:
        def steps() -> bool:
            there = session.scalars(select(Building.id).where(Building.name == "3栋")).first()
            play.tell("looked")
            if there is None:
                with as_step(session):
                    session.add(Building(project_id=cast.project_ids["a"], name="3栋", floors=1, sections=1))
                    session.flush()
            return there is None

        return write(session, steps)

    answers = play.run(maker, maker)
    assert sum(answer is True for answer in answers) == 1, answers
    with acting_as(SYSTEM):
        cast.session.rollback()
        assert len(cast.session.scalars(select(Building.id).where(Building.name == "3栋")).all()) == 1


def test_g_single_and_g2_item_money_is_given_back_once(cast: Cast, play: Play) -> None:
    """Two refunds of one over-payment, and a red entry of it: whatever is decided, no more goes back than came."""
    clerk, account = cast.actor("clerk"), makers.account(cast)
    receipt = makers.received(cast, account, 2_000_000, FundKind.PRICE)  # 1,663,166 more than the buyers owe
    key = receipt.id

    def refund(session: Any) -> str:
        paper = session.scalars(select(Receipt).where(Receipt.id == key)).one()
        request_refund(session, clerk, paper, Decimal(1_000_000), "多缴")
        return "refund"

    def red(session: Any) -> str:
        cashier = cast.actor("developer_finance")
        with acting_as(cashier):
            fire(session, session.get_one(Receipt, key), "ask_reversal", cashier, note="错登")
        return "red"

    answers = play.run(refund, refund, red, refund)
    assert [a for a in answers if isinstance(a, str)] in (["refund"], ["red"]), answers
    with acting_as(SYSTEM):
        cast.session.rollback()
        assert sum(r.amount for r in cast.session.scalars(select(Refund))) in (0, 1_000_000)
        assert list(verify(cast.session())) == []


def test_g2_one_flat_has_one_order(cast: Cast, play: Play) -> None:
    flat, who = o.unit(cast), o.customer(cast)
    flat_id, customer_id = flat.id, who.id

    def reserve(session: Any) -> int:
        return int(lock_unit(session, cast.actor("consultant1"), flat_id, customer_id).id)

    answers = play.run(*[reserve] * 6, actor=cast.actor("consultant1"))
    assert sum(isinstance(a, int) for a in answers) == 1, answers
    with acting_as(SYSTEM):
        cast.session.rollback()
        assert len(cast.session.scalars(select(Reservation.id)).all()) == 1


def test_g2_one_order_has_one_contract_and_a_step_one_decision(cast: Cast, play: Play) -> None:
    order = o.effective(cast, o.unit(cast), o.customer(cast), o.scheme(cast))
    paper = o.step(cast, o.change(cast, order, ChangeKind.WITHDRAWAL, FaultOf.NOBODY), "submit", "consultant1")
    with acting_as(SYSTEM):
        request = open_of(cast.session, paper)
        assert request is not None
        request_id, station = request.id, current_step(request)
        assert station is not None
        station_id = station.id
    judge, order_id, officer = cast.actor("supervisor"), order.id, cast.actor("contract_officer")

    def approve(session: Any) -> str:
        with acting_as(judge):
            decide(session, request_id, station_id, judge, "approve", "同意")
        return "approved"

    def refuse(session: Any) -> str:
        with acting_as(judge):
            decide(session, request_id, station_id, judge, "refuse", "不同意")
        return "refused"

    answers = play.run(approve, refuse, approve, refuse)
    decided = [a for a in answers if isinstance(a, str)]
    assert len(decided) == 1, answers
    with acting_as(SYSTEM):
        cast.session.rollback()
        state = cast.session.get_one(ApprovalStep, station_id).state
        assert state is (StepState.APPROVED if decided == ["approved"] else StepState.REFUSED)

    def write_contract(session: Any) -> bool:
        from app.features.deals.contracts.effects import copy_order

        def steps() -> bool:
            made = Contract(reservation_id=order_id, created_by=officer.person_id)
            with as_step(session):
                copy_order(made, session.get_one(Reservation, order_id))
                session.add(made)
                session.flush()
            return True

        return write(session, steps)

    answers = play.run(*[write_contract] * 3)
    assert sum(a is True for a in answers) == 1, answers


def test_list_append_every_read_is_a_prefix(cast: Cast, play: Play, request: pytest.FixtureRequest) -> None:
    """Clients confirm receipts of several accounts, others read the book meanwhile: never a gap, never another order."""
    full = request.config.getoption("--full")
    clients, each = 4, 5_000 if full else 8
    accounts = [makers.account(cast, n) for n in (range(1, 11) if full else (1, 2))]
    entered = [[makers.entered(cast, accounts[n % len(accounts)], 100).id for n in range(each)] for _ in range(clients)]
    project_id, reads, over = cast.project_ids["a"], [], threading.Event()

    def appender(keys: list[int]) -> Work:
        def work(session: Any) -> int:
            cashier = cast.actor("developer_finance")
            with acting_as(cashier):
                for key in keys:
                    fire(session, session.get_one(Receipt, key), "confirm", cashier, arrived_on=today())
            over.set()
            return len(keys)

        return work

    def reader(session: Any) -> None:
        query = select(LedgerPosting.sequence, LedgerPosting.subject_id, LedgerPosting.digest)
        while not over.is_set():
            session.rollback()
            reads.append(
                session.execute(
                    query.where(LedgerPosting.project_id == project_id).order_by(LedgerPosting.sequence)
                ).all()
            )

    answers = play.run(*[appender(keys) for keys in entered], reader)
    assert answers[:clients] == [each] * clients, answers
    with acting_as(SYSTEM):
        cast.session.rollback()
        query = select(LedgerPosting.sequence, LedgerPosting.subject_id, LedgerPosting.digest)
        final = cast.session.execute(query.order_by(LedgerPosting.sequence)).all()
        assert [row[0] for row in final] == list(range(1, clients * each + 1))
        assert reads and all(read == final[: len(read)] for read in reads)
        assert list(verify(cast.session())) == []
