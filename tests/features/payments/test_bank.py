"""银行与 POS 对账: what is certain is matched, everything else waits for a person (issue 5 point 5)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.payments.bank.effects import live_matches, match_all, open_lines, unproved_receipts
from app.features.payments.bank.models import BankLine, BankMatch, LineState
from app.features.payments.bank.reading import waiting_at_the_bank
from app.features.payments.bank.rules import BY_AMOUNT, BY_BATCH, BY_NAME, BY_REFERENCE, BankEntry, MoneyPaper, match
from app.features.payments.models import Credited, FundKind, Method
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import Forbidden, RuleError
from tests.factories import saved
from tests.features.payments import makers
from tests.features.payments.makers import act, entered, received, today
from tests.features.payments.test_receipts import ask_reversal, decide_as

DAY = date(2026, 6, 10)
FIN_D = "developer_finance"


def entry(key, amount, days=0, reference="", words="", account="s"):
    return BankEntry(key, account, DAY + timedelta(days=days), Decimal(amount), reference, words)


def paper(key, amount, days=0, reference="", name="", batch="", account="s"):
    return MoneyPaper(("receipt", key), account, DAY + timedelta(days=days), Decimal(amount), reference, name, batch)


def found(entries, papers):
    return [(e.key, tuple(p.key[1] for p in proved), how) for e, proved, how in match(entries, papers, days=3).pairs]


@pytest.mark.parametrize(
    ("entries", "papers", "expected"),
    [
        ([entry(1, 100, 2, "R1")], [paper(7, 100, 0, "R1"), paper(8, 100, 0, "R2")], [(1, (7,), BY_REFERENCE)]),
        ([entry(1, 100, 0, "", "汇款 R1 房款")], [paper(7, 100, 0, "R1")], [(1, (7,), BY_REFERENCE)]),
        ([entry(1, 100, 0, "R1")], [paper(7, 101, 0, "R1")], []),  # another amount is another payment
        ([entry(1, 100, 4)], [paper(7, 100)], []),
        ([entry(1, 100, 3)], [paper(7, 100)], [(1, (7,), BY_AMOUNT)]),
        ([entry(1, 100)], [paper(7, 100), paper(8, 100)], []),  # two receipts, one line: a person decides
        ([entry(1, 100), entry(2, 100)], [paper(7, 100)], []),
        ([entry(1, 100, words="王伟")], [paper(7, 100, name="李娜"), paper(8, 100, name="王伟")], [(1, (8,), BY_NAME)]),
        ([entry(1, 100, account="g")], [paper(7, 100)], []),
        ([entry(1, 100, 0, "R9")], [paper(7, 100, 0, "R1")], []),  # two references that differ
        ([entry(1, -100)], [paper(7, 100)], []),
        ([entry(1, -100)], [paper(7, -100)], [(1, (7,), BY_AMOUNT)]),
        ([entry(1, 297, 1)], [paper(7, 99, batch="T1 d"), paper(8, 198, batch="T1 d")], [(1, (7, 8), BY_BATCH)]),
        ([entry(1, 297, 1)], [paper(7, 99, batch="T1 d"), paper(8, 198, batch="T2 d")], []),
        ([entry(1, 297, 1), entry(2, 297, 2)], [paper(7, 99, batch="T1 d"), paper(8, 198, batch="T1 d")], []),
    ],
)  # fmt: skip
def test_what_is_certain(entries, papers, expected):
    assert found(entries, papers) == expected


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, 6), st.sampled_from(["", "A", "B"])), max_size=8),
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, 6), st.sampled_from(["", "A", "B"])), max_size=8),
)
def test_nothing_is_used_twice_and_sums_agree(lines, papers):
    entries = [entry(n, amount, day, ref) for n, (amount, day, ref) in enumerate(lines)]
    money = [
        paper(n, amount, day, ref, batch=f"T {day}" if ref == "B" else "")
        for n, (amount, day, ref) in enumerate(papers)
    ]
    pairs = match(entries, money, days=2).pairs
    used = [p.key for _e, proved, _how in pairs for p in proved]
    assert len(used) == len(set(used)) and len({e.key for e, *_ in pairs}) == len(pairs)
    assert all(e.amount == sum(p.amount for p in proved) for e, proved, _how in pairs)


def line(cast, income=0, outgo=0, **more):
    values = {"credited": Credited.SUPERVISED, "booked_on": today(), "project_id": cast.project_ids["a"]} | more
    return saved(cast.session, BankLine(income=Decimal(income), outgo=Decimal(outgo), **values))


def run(cast):
    who = cast.actor(FIN_D)
    with acting_as(who):
        cast.session.rollback()
        return match_all(cast.session, who, cast.project_ids["a"])


def state(cast, of):
    with acting_as(SYSTEM):
        cast.session.rollback()
        return cast.session.get(BankLine, of.id).state


def test_the_receipts_of_a_day(cast):
    account = makers.account(cast)
    received(cast, account, 20000, method=Method.TRANSFER, reference="A1")
    received(cast, account, 1000, FundKind.PRICE, method=Method.POS, pos_terminal="T1", reference="P1", fee=Decimal(6))
    received(cast, account, 2000, FundKind.PRICE, method=Method.POS, pos_terminal="T1", reference="P2", fee=Decimal(12))
    received(cast, account, 55, FundKind.PRICE)  # cash is no business of the bank
    first, pos, other = (
        line(cast, 20000, reference="A1"),
        line(cast, 2982, memo="POS 清算"),
        line(cast, "3.14", memo="利息"),
    )
    assert (run(cast), run(cast)) == (2, 0)
    assert [state(cast, one) for one in (first, pos, other)] == [LineState.MATCHED, LineState.MATCHED, LineState.OPEN]
    with acting_as(SYSTEM):
        assert unproved_receipts(cast.session, cast.project_ids["a"]) == []
    act(cast, other, "explain", FIN_D, note="活期利息")
    assert state(cast, other) is LineState.EXPLAINED
    with acting_as(SYSTEM):
        assert open_lines(cast.session, cast.project_ids["a"]) == []


def test_by_hand_only_what_adds_up(cast):
    account = makers.account(cast)
    one = received(cast, account, 20000, method=Method.TRANSFER, reference="A1")
    two = received(cast, account, 500, FundKind.PRICE, method=Method.TRANSFER, reference="A2")
    both = line(cast, 20500)
    for numbers, sentence in (
        (one.number, r"合计 20,000\.00 元，流水是 20,500\.00 元"), (f"{one.number},{one.number}", "写了两次"),
        ("SK-9", "没有已确认的收款单或已付款的退款单「SK-9」"),
    ):  # fmt: skip
        with pytest.raises(RuleError, match=sentence):
            act(cast, both, "match", FIN_D, numbers=numbers)
    with pytest.raises(Forbidden):
        act(cast, both, "match", "clerk", numbers=one.number)
    act(cast, both, "match", FIN_D, numbers=f"{one.number}，{two.number}")
    with pytest.raises(RuleError, match="请填写原因"):
        act(cast, both, "unmatch", FIN_D)
    again = line(cast, 20000, booked_on=today(-1))
    with pytest.raises(RuleError, match="已经对过账"):
        act(cast, again, "match", FIN_D, numbers=one.number)
    act(cast, both, "unmatch", FIN_D, note="对错了")
    act(cast, again, "match", FIN_D, numbers=one.number)
    with acting_as(SYSTEM):
        assert [m.undone_reason for m in cast.session.query(BankMatch).order_by(BankMatch.id)] == [
            "对错了",
            "对错了",
            "",
        ]


def test_a_red_entry_opens_its_line_again(cast):
    receipt = received(cast, makers.account(cast), 20000, method=Method.TRANSFER, reference="A1")
    proved = line(cast, 20000, reference="A1")
    run(cast)
    with acting_as(SYSTEM):
        decide_as(cast, ask_reversal(cast, receipt), "developer_finance2")
        assert live_matches(cast.session, proved.id) == []
    assert state(cast, proved) is LineState.OPEN


def test_money_at_the_bank_that_waits_for_the_cashier(cast):
    waiting = entered(cast, makers.account(cast), 20000, method=Method.TRANSFER, reference="A1")
    line(cast, 20000, reference="A1")
    assert run(cast) == 0
    with acting_as(SYSTEM):
        lines = open_lines(cast.session, cast.project_ids["a"])
        assert [r.id for r in waiting_at_the_bank(cast.session, cast.project_ids["a"], lines)] == [waiting.id]


def test_a_line_comes_in_once(cast):
    line(cast, 5, reference="A1")
    with pytest.raises(RuleError, match="这笔银行流水已经导入过"):
        line(cast, 5, reference="A1")
    line(cast, 6, reference="A1")


@pytest.mark.parametrize(("income", "outgo"), [(0, 0), (1, 1), (-1, 0), (0, -1)])
def test_a_line_is_money_in_or_money_out(cast, income, outgo):
    with pytest.raises(RuleError):
        line(cast, income, outgo)


def test_pages(cast, client_as):
    account = makers.account(cast)
    received(cast, account, 20000, method=Method.TRANSFER, reference="A1")
    one = line(cast, 20000, reference="A1", counterparty="王伟")
    client = client_as(FIN_D)
    assert "银行有、账上没有" in client.get("/reconciliation/").text
    assert client.post("/reconciliation/run").status_code == 302
    assert "流水号与金额一致" in client.get(f"/bank-line/show/{one.id}").text
    assert client_as("clerk").post("/reconciliation/run").status_code in (403, 404)
    assert client_as("consultant1").get("/reconciliation/").status_code in (403, 404)


def test_the_page_of_a_receipt_says_what_the_bank_has(cast, client_as):
    waiting = entered(cast, makers.account(cast), 20000, method=Method.TRANSFER, reference="A1").id
    elsewhere = entered(cast, makers.account(cast, 2), 300, method=Method.TRANSFER, reference="B2").id
    line(cast, 20000, reference="A1")
    line(cast, 300, credited=Credited.GENERAL)  # another account of ours
    cast.session.remove()
    money = client_as(FIN_D)
    page = money.get(f"/receipt/show/{waiting}").text
    assert "/bank-line/show/" in page
    assert "没有账户、金额、日期都相符的一笔" in money.get(f"/receipt/show/{elsewhere}").text
    seller = client_as("consultant1").get(f"/receipt/show/{waiting}")
    assert seller.status_code != 200 or "/bank-line/show/" not in seller.text


def test_nothing_imported_is_not_called_reconciled(cast, client_as):
    money = client_as(FIN_D)
    assert "还没有导入银行流水" in money.get("/reconciliation/").text
    line(cast, 20000)
    cast.session.remove()
    page = money.get("/reconciliation/").text
    assert "还没有导入银行流水" not in page
    assert "都对上了" in page


def test_a_line_that_came_in_by_mistake_is_deleted_after_a_question(cast, client_as):
    with acting_as(SYSTEM):
        key = line(cast, 20000, created_by=cast.person_ids[FIN_D]).id
    money = client_as(FIN_D)
    page = money.get(f"/bank-line/show/{key}").text
    assert "删除草稿" not in page and "只删重复导入或导错的流水" in page
    assert money.post(f"/bank-line/delete/{key}").status_code == 302
