"""The ledger itself: append-only, balanced, sealed; the same on both databases (04 R2–R4)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.features.payments.effects import confirmed_total
from app.features.payments.effects.ledger import post
from app.features.payments.models import (
    FundKind,
    LedgerCode,
    LedgerPosting,
    PostingKind,
    Receipt,
    ReceiptState,
)
from app.features.payments.rules.booking import Line
from app.features.payments.verify import verify
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.errors import RuleError, StaleError
from app.kernel.spreadsheets import read_workbook
from app.kernel.transactions import write
from app.kernel.workflow import fire
from tests.features.payments import makers
from tests.features.payments.makers import entered, received, today

TAMPERING = [
    "UPDATE {table} SET amount = amount + 1",
    "UPDATE {table} SET amount = amount",
    "DELETE FROM {table}",
]
TABLES = {"ledger_entry": "amount", "ledger_allocation": "amount", "ledger_posting": "sequence"}


def refused(session, statement):
    with pytest.raises(DBAPIError, match="只能红冲"):
        session.execute(text(statement))
    session.rollback()


@pytest.mark.both_databases
def test_posted_rows_are_never_changed(cast, database):
    received(cast, makers.account(cast), 20000)
    session = cast.session
    session.rollback()
    for table, column in TABLES.items():
        for statement in TAMPERING:
            refused(session, statement.format(table=table).replace("amount", column))
        columns = ", ".join(session.execute(text(f"SELECT * FROM {table}")).keys())
        if database == "sqlite":
            refused(session, f"INSERT OR REPLACE INTO {table} SELECT {columns} FROM {table}")
            refused(session, f"REPLACE INTO {table} SELECT {columns} FROM {table}")
        else:
            refused(session, f"TRUNCATE {table} CASCADE")
        refused(
            session,
            f"INSERT INTO {table} SELECT {columns} FROM {table} WHERE true "
            f"ON CONFLICT (id) DO UPDATE SET {column} = excluded.{column} + 1",
        )
    with acting_as(SYSTEM):
        assert list(verify(session())) == []
        assert confirmed_total(session, 1) == 20000


def book(cast, lines, subject_id=77):
    class Paper:
        __tablename__ = "paper"
        id = subject_id
        project_id = cast.project_ids["a"]

    account = cast.session.query(makers.OrderAccount).first() or makers.account(cast)
    work = lambda: post(  # noqa: E731
        cast.session, SYSTEM, Paper, PostingKind.SETTLEMENT, lines, account_id=account.id, memo="试", at=now()
    )
    return write(cast.session, work)


def test_an_unbalanced_posting_is_not_made(cast):
    with acting_as(SYSTEM):
        for lines in (
            [],
            [Line(LedgerCode.CASH, Decimal("1.00"))],
            [Line(LedgerCode.CASH, Decimal("1.00")), Line(LedgerCode.BUYERS, Decimal("-0.99"), FundKind.PRICE)],
        ):
            with pytest.raises(ValueError, match="unbalanced"):
                book(cast, lines)
        cast.session.rollback()
        assert cast.session.query(LedgerPosting).count() == 0


def test_one_event_is_booked_once(cast):
    lines = [Line(LedgerCode.CASH, Decimal("1.00")), Line(LedgerCode.BUYERS, Decimal("-1.00"), FundKind.PRICE)]
    with acting_as(SYSTEM):
        book(cast, lines)
        with pytest.raises(RuleError):
            book(cast, lines)
        cast.session.rollback()
        assert cast.session.query(LedgerPosting).count() == 1


@pytest.mark.both_databases
def test_twenty_confirmations_make_one_posting(cast, at_once):
    receipt = entered(cast, makers.account(cast), 20000)
    key, account_id = receipt.id, receipt.account_id
    cashiers = [cast.actor("developer_finance"), cast.actor("developer_finance2")] * 10

    def confirm(session, who):
        paper = session.scalars(select(Receipt).where(Receipt.id == key)).one()
        return fire(session, paper, "confirm", who, arrived_on=today()).after

    answers = at_once(confirm, cashiers)
    assert [a for a in answers if not isinstance(a, Exception)] == [ReceiptState.CONFIRMED.value]
    losers = [a for a in answers if isinstance(a, Exception)]
    assert all(isinstance(a, StaleError) for a in losers), losers
    with acting_as(SYSTEM):
        assert cast.session.query(LedgerPosting).count() == 1
        assert confirmed_total(cast.session, account_id) == 20000
        assert list(verify(cast.session())) == []


@pytest.mark.both_databases
def test_receipt_numbers_have_no_gap_and_no_twin_in_parallel(cast, at_once):
    account = makers.account(cast)
    keys = [entered(cast, account, 100 + n).id for n in range(20)]
    who = cast.actor("developer_finance")
    waiting = list(keys)

    def confirm(session, actor):
        paper = session.scalars(select(Receipt).where(Receipt.id == waiting.pop())).one()
        return fire(session, paper, "confirm", actor, arrived_on=today()).after

    answers = at_once(confirm, [who] * 20)
    assert answers == [ReceiptState.CONFIRMED.value] * 20
    with acting_as(SYSTEM):
        numbers = sorted(r.number for r in cast.session.query(Receipt))
        assert [int(n[-4:]) for n in numbers] == list(range(1, 21))
        assert list(verify(cast.session())) == []


def tamper(session, database, statement):
    """What somebody with the database file in hands could do: without the triggers."""
    for (name,) in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        session.execute(text(f"DROP TRIGGER {name}"))
    session.execute(text(statement))
    session.commit()
    with acting_as(SYSTEM):
        return list(verify(session()))


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE ledger_entry SET amount = amount + 1 WHERE id = 1", "凭证 1：内容与记账时不符"),
        ("UPDATE ledger_entry SET amount = amount + 1 WHERE id = 1", "凭证 1：借贷不平"),
        ("UPDATE ledger_entry SET account_id = 2 WHERE id = 2", "凭证 1：内容与记账时不符"),
        ("UPDATE ledger_entry SET fund_kind = 'price' WHERE id = 2", "凭证 1：内容与记账时不符"),
        ("UPDATE ledger_posting SET memo = memo || 'x' WHERE sequence = 2", "凭证 2：内容与记账时不符"),
        ("UPDATE ledger_posting SET person_id = 1 WHERE sequence = 2", "凭证 2：内容与记账时不符"),
        ("UPDATE ledger_posting SET digest = 'x' WHERE sequence = 1", "凭证 2：与前一张凭证的摘要接不上"),
        ("DELETE FROM ledger_allocation WHERE id = 1", "应收行 1：记录 20000.00 元，分配合计 0"),
        ("UPDATE ledger_allocation SET amount = amount - 1 WHERE id = 1", "分配记录 1：内容与写入时不符"),
        ("UPDATE receivable SET received = received - 1 WHERE id = 1", "应收行 1：记录 19999.99 元"),
        ("UPDATE receipt SET amount = amount + 1 WHERE id = 1", "收款单 1：金额 20000.01 元，总账贷记 20000.00 元"),
        ("UPDATE receipt SET state = 'reversed' WHERE id = 1", "收款单 1：状态是「已红冲」，与总账凭证不符"),
        (
            "DELETE FROM ledger_entry WHERE posting_id = (SELECT id FROM ledger_posting WHERE sequence = 2)",
            "凭证 2：借贷不平",
        ),
    ],
)
def test_the_doctor_names_what_was_changed(cast, database, statement, found):
    received(cast, makers.account(cast, 1), 20000)
    received(cast, makers.account(cast, 2), 30000)
    cast.session.rollback()
    findings = tamper(cast.session, database, statement)
    assert any(found in finding for finding in findings), findings


def test_the_doctor_misses_the_last_posting(cast, database):
    received(cast, makers.account(cast, 1), 20000)
    received(cast, makers.account(cast, 2), 30000)
    cast.session.rollback()
    cast.session.execute(text("DROP TRIGGER tr_ledger_entry_delete"))
    cast.session.execute(text("DELETE FROM ledger_entry WHERE posting_id = 2"))
    cast.session.commit()
    findings = tamper(cast.session, database, "DELETE FROM ledger_posting WHERE sequence = 2")
    assert any("总账应有 2 张凭证，只到第 1 张" in finding for finding in findings), findings


def test_both_projects_have_books_of_their_own(cast):
    received(cast, makers.account(cast, 1), 20000)
    other = makers.account(cast, 2, project="b", login="other_consultant")
    clerk = cast.actor("other_clerk")
    with acting_as(clerk):
        from app.features.payments.effects import enter_receipt
        from app.features.payments.models import Method

        paper = enter_receipt(
            cast.session, clerk, other, kind=FundKind.DEPOSIT, amount=Decimal(500), method=Method.CASH
        )
    makers.confirm(cast, paper, "other_finance")
    with acting_as(SYSTEM):
        found = [(p.project_id, p.sequence) for p in cast.session.query(LedgerPosting).order_by(LedgerPosting.id)]
    assert found == [(cast.project_ids["a"], 1), (cast.project_ids["b"], 1)]
    with acting_as(cast.actor("developer_finance")):
        cast.session.rollback()
        assert cast.session.query(LedgerPosting).count() == 1
    with acting_as(cast.actor("consultant1")):
        cast.session.rollback()
        assert cast.session.query(LedgerPosting).count() == 0


def test_no_sum_counts_what_was_voided(cast, client_as):
    account = makers.account(cast)
    receipts = [makers.entered(cast, account, amount, FundKind.PRICE) for amount in (1000, 700)]
    makers.act(cast, receipts[1], "discard", "clerk", note="重复登记")
    client = client_as("developer_finance")
    page = client.get("/receipt/list/").text
    assert "合计（不含已红冲、已作废）" in page and "1,700.00" not in page
    more = [makers.entered(cast, account, 10, FundKind.PRICE) for _n in range(30)]
    page = client.get("/receipt/list/").text
    assert "合计（全部 32 条，不含已红冲、已作废）" in page and "1,300.00" in page
    (sheet,) = read_workbook(client.post("/receipt/list/export", data={"reason": "月度对账用"}).data, "a.xlsx")
    (total,) = [row for row in sheet.rows if row and str(row[0]).startswith("合计")]
    assert 1300 in total and 2000 not in total, (total, len(more))
