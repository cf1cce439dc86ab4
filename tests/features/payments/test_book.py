"""The book under random money on both databases (04 R2), and the checker that can fail (R3). `--full`: 10,000 events."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal

import pytest
from sqlalchemy import text

from app.features.payments.effects import request_refund, transfer
from app.features.payments.models import FundKind, OrderAccount, Receipt, ReceiptState
from app.features.payments.reports.reading import DIMENSIONS, report
from app.features.payments.verify import verify
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.engine import decide
from app.kernel.approval.finding import current_step, open_of
from app.kernel.errors import RuleError
from app.kernel.transactions import write
from tests.features.payments import makers
from tests.features.payments.makers import act, entered, today
from tests.features.payments.test_settlement import PAY, change
from tests.stress.book_checker import FAULTS, booked_by_account, faults_of, paid_by_account

KINDS = (FundKind.DEPOSIT, FundKind.FIRST_PAYMENT, FundKind.PRICE, FundKind.LATE_FEE, FundKind.COLLECTED)
ODD = (Decimal("33.33"), Decimal("33.33"), Decimal("33.34"))  # 100.00 in three
EVENTS = ("enter", "enter", "confirm", "confirm", "confirm", "discard", "reverse", "refund", "split", "transfer")


class Desk:
    """Random acts on random papers; a refusal is an answer, never half an effect."""

    def __init__(self, cast, chance):
        self.cast, self.chance, self.done = cast, chance, Counter()
        self.accounts = [makers.account(cast, number) for number in range(1, 5)]
        self.receipts = []
        self.papers = 900

    def run(self, times):
        for _ in range(times):
            what = self.chance.choice(EVENTS)
            try:
                getattr(self, what)()
                self.done[what] += 1
            except RuleError:
                self.done["refused"] += 1

    def amount(self):
        return Decimal(self.chance.choice([1, 3, 7, 10000, 1999999, self.chance.randrange(1, 30_000_000)])).scaleb(-2)

    def enter(self):
        self.receipts.append(
            entered(self.cast, self.chance.choice(self.accounts), self.amount(), self.chance.choice(KINDS))
        )

    def split(self):
        account = self.chance.choice(self.accounts)
        for part in ODD:
            self.receipts.append(makers.confirm(self.cast, entered(self.cast, account, part, FundKind.PRICE)))

    def one(self, state):
        return self.chance.choice([r for r in self.receipts if r.state is state] or [None])

    def confirm(self):
        if receipt := self.one(ReceiptState.PENDING):
            makers.confirm(self.cast, receipt)

    def discard(self):
        if receipt := self.one(ReceiptState.PENDING):
            act(self.cast, receipt, "discard", "clerk", note="录错")

    def reverse(self):
        if receipt := self.one(ReceiptState.CONFIRMED):
            act(self.cast, receipt, "ask_reversal", "developer_finance", note="错登")
            who = self.cast.actor("developer_finance2")
            with acting_as(who):
                request = open_of(self.cast.session, receipt)
                verdict = self.chance.choice(["approve", "approve", "refuse"])
                decide(self.cast.session, request.id, current_step(request).id, who, verdict, "核对")

    def refund(self):
        if receipt := self.one(ReceiptState.CONFIRMED):
            who = self.cast.actor("clerk")
            with acting_as(who):
                paper = request_refund(self.cast.session, who, receipt, self.amount(), "多缴")
            act(self.cast, paper, "pay", "developer_finance", paid_on=today(), **PAY)

    def transfer(self):
        """换房 now and then: the money of one account goes to another, and a new one takes its place."""
        if self.chance.random() > 0.1:
            return
        source, target = self.chance.sample(self.accounts, 2)
        self.papers += 1
        with acting_as(SYSTEM):
            self.cast.session.rollback()
            held = {
                a.id: a
                for a in self.cast.session.query(OrderAccount).filter(OrderAccount.id.in_([source.id, target.id]))
            }
            write(
                self.cast.session,
                lambda: transfer(
                    self.cast.session,
                    SYSTEM,
                    held[source.id],
                    held[target.id],
                    paper=change(self.cast, self.papers),
                    reason="换房",
                ),
            )
        self.accounts.remove(source)
        self.accounts.append(makers.account(self.cast, 100 + self.papers))


@pytest.mark.both_databases
def test_the_book_after_random_money(cast, request):
    times = 10_000 if request.config.getoption("--full") else 100
    desk = Desk(cast, random.Random(request.config.getoption("--seed") or 20261130))
    desk.run(times)
    session = cast.session
    with acting_as(SYSTEM):
        session.rollback()
        connection = session.connection()
        assert faults_of(connection) == []
        assert paid_by_account(connection) == booked_by_account(connection)
        booked = Decimal(sum(booked_by_account(connection).values())).scaleb(-2)
        for dimension in DIMENSIONS:
            assert report(session(), cast.project_ids["a"], dimension).total.booked == booked
        assert list(verify(session())) == []
    assert {"confirm", "split", "enter"} <= set(desk.done), desk.done


HARM = {
    "a posting is not balanced": "UPDATE ledger_entry SET amount = amount + 1 WHERE id = 1",
    "a number of the book is missing or twice": "UPDATE ledger_posting SET sequence = 9 WHERE id = 1",
    "a confirmed receipt is not booked once with its amount": "UPDATE receipt SET amount = amount + 1 WHERE id = 1",
    "a receipt that does not count is booked": "UPDATE receipt SET state = 'void' WHERE id = 1",
    "a row's received is not what was allocated": "UPDATE ledger_allocation SET amount = amount - 1 WHERE id = 1",
    "a receipt pays more than it is": "UPDATE receipt SET amount = 5 WHERE id = 1",
}


@pytest.mark.parametrize("sentence", list(HARM))
def test_the_checker_can_fail(cast, sentence):
    assert sentence in FAULTS
    makers.received(cast, makers.account(cast), 20000)
    session = cast.session
    session.rollback()
    for (name,) in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        session.execute(text(f"DROP TRIGGER {name}"))
    session.execute(text("PRAGMA ignore_check_constraints = ON"))
    session.execute(text(HARM[sentence]))
    session.commit()
    assert any(fault.startswith(sentence) for fault in faults_of(session.connection()))


BYTES = {
    "ledger_posting": ("kind", "booked_on", "at", "subject", "subject_id", "memo", "person_id", "sequence", "previous", "digest", "project_id"),
    "ledger_entry": ("line", "code", "account_id", "fund_kind", "amount", "project_id"),
    "ledger_allocation": ("amount", "at", "receipt_id", "receivable_id", "account_id", "seal", "project_id"),
}  # fmt: skip


@pytest.mark.parametrize(("table", "column"), [(t, c) for t, columns in BYTES.items() for c in columns])
def test_one_changed_byte_is_found_and_named(cast, table, column):
    """R3: whoever has the file in hands flips one byte of a posted row; the doctor names that row or its voucher."""
    account, other = makers.account(cast, 1), makers.account(cast, 2)
    makers.received(cast, account, 20000)
    makers.received(cast, other, 20000)
    session = cast.session
    session.rollback()
    for (name,) in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        session.execute(text(f"DROP TRIGGER {name}"))
    session.execute(text("PRAGMA foreign_keys = OFF"))
    raw = session.execute(text(f"SELECT {column} FROM {table} WHERE id = 1")).scalar()
    flipped = {"kind": "refund", "code": "fees", "fund_kind": "price"}.get(column)
    if flipped is None:
        other_row = (
            column.endswith("_id") and column != "subject_id"
        )  # a row that is there, or the database itself refuses
        flipped = (
            raw ^ (3 if other_row else 64) if isinstance(raw, int) else (chr(ord(raw[0]) ^ 1) if raw else "x") + raw[1:]
        )
    session.execute(text(f"UPDATE {table} SET {column} = :value WHERE id = 1"), {"value": flipped})
    session.commit()
    with acting_as(SYSTEM):
        found = list(verify(session()))
    assert any("凭证 1" in f or "分配记录 1" in f or "凭证 2" in f for f in found), found


@pytest.mark.both_databases
def test_every_read_is_a_prefix_of_the_end(cast, at_once):
    """R6, list-append in small: receipts are confirmed in parallel while others read; no sum ever goes back, none is lost."""
    from sqlalchemy import func, select

    from app.features.payments.models import LedgerEntry
    from app.kernel.workflow import fire

    accounts = [makers.account(cast, n) for n in (1, 2)]
    waiting = [entered(cast, accounts[n % 2], 100 + n, FundKind.PRICE).id for n in range(12)]
    keys, reads = list(waiting), []
    who = cast.actor("developer_finance")

    def work(session, actor):
        seen = []
        for _ in range(3):
            query = select(func.count(LedgerEntry.id), func.sum(LedgerEntry.amount))
            number, whole = session.execute(query, execution_options={"unscoped": True}).one()
            seen.append((number, whole or 0))
            session.rollback()
            paper = session.scalars(select(Receipt).where(Receipt.id == keys.pop())).one()
            fire(session, paper, "confirm", actor, arrived_on=today())
        reads.append(seen)
        return "ok"

    assert at_once(work, [who] * 4) == ["ok"] * 4
    assert all(whole == 0 and number % 2 == 0 for seen in reads for number, whole in seen)  # never half a posting
    assert all(seen == sorted(seen) for seen in reads)
    with acting_as(SYSTEM):
        cast.session.rollback()
        connection = cast.session.connection()
        assert faults_of(connection) == []
        assert sum(booked_by_account(connection).values()) == sum((100 + n) * 100 for n in range(12))
