"""票据: serials without gap or twin, 换票, recall (02 §2.2.2, 07)."""

from __future__ import annotations

import io
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from app.features.payments.bills.effects import make_bills, outstanding, take_receipts, tie_receipts
from app.features.payments.bills.models import Bill, BillBook, BillExchange, BillKind, BillState, BookState
from app.features.payments.bills.rules import missing, runs, serial_text, skipped
from app.features.payments.bills.verify import verify
from app.features.payments.models import FundKind, OrderAccount, Receipt
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import Forbidden, RuleError
from app.kernel.transactions import write
from tests.features.payments import makers
from tests.features.payments.makers import act, received, today
from tests.features.payments.test_receipts import ask_reversal, decide_as
from tests.features.payments.test_settlement import PAY, settled

FIN_D = "developer_finance"


def book(cast, kind=BillKind.RECEIPT, first=1, last=5, *, drawn=True, prefix="A"):
    with acting_as(SYSTEM):
        cast.session.rollback()

        def work():
            made = BillBook(
                project_id=cast.project_ids["a"], kind=kind, prefix=prefix, first_no=first, last_no=last, digits=6
            )
            cast.session.add(made)
            cast.session.flush()
            make_bills(cast.session, made)
            return made

        made = write(cast.session, work)
    return act(cast, made, "draw", FIN_D, holder=str(cast.person_ids[FIN_D])) if drawn else made


def bills(cast, **of):
    with acting_as(SYSTEM):
        cast.session.rollback()
        return cast.session.query(Bill).filter_by(**of).order_by(Bill.kind, Bill.sequence).all()


def issue(cast, receipt, serial, amount=None, step="issue_receipt"):
    return act(cast, receipt, step, FIN_D, serial=serial, amount=Decimal(amount or receipt.amount), payer="王伟")


def found(cast):
    with acting_as(SYSTEM):
        cast.session.rollback()
        return list(verify(cast.session()))


@given(st.sets(st.integers(min_value=0, max_value=300)))
def test_runs_are_the_numbers(numbers):
    assert {n for first, last in runs(numbers) for n in range(first, last + 1)} == numbers
    assert all(later[0] > earlier[1] + 1 for earlier, later in zip(runs(numbers), runs(numbers)[1:], strict=False))


@pytest.mark.parametrize(
    ("used", "gaps"), [((), []), ((1, 2), []), ((1, 3), [(2, 2)]), ((5,), [(1, 4)]), ((2, 5), [(1, 1), (3, 4)])]
)
def test_skipped_serials(used, gaps):
    assert skipped([(n, n in used) for n in range(1, 7)]) == gaps


def test_serials():
    assert serial_text("A", 17, 8) == "A00000017"
    assert missing(1, 5, [1, 2, 5]) == [(3, 4)]


def test_a_book_is_drawn_used_and_written_off(cast):
    made = book(cast, last=2)
    assert [b.state for b in bills(cast)] == [BillState.DRAWN] * 2
    receipt = received(cast, makers.account(cast), 20000)
    issue(cast, receipt, "A000001")
    first = bills(cast, serial="A000001")[0]
    assert (first.state, first.amount, first.receipt_id, first.payer) == (
        BillState.ISSUED,
        Decimal(20000),
        receipt.id,
        "王伟",
    )
    with pytest.raises(RuleError, match="还有 1 张没有用完（从 A000002 起）"):
        act(cast, made, "close", FIN_D)
    act(cast, bills(cast, serial="A000002")[0], "void", FIN_D, note="写错")
    act(cast, made, "close", FIN_D)
    assert {b.state for b in bills(cast)} == {BillState.WRITTEN_OFF}
    assert found(cast) == []


def test_a_book_of_serials_that_are_there_is_refused(cast):
    book(cast, last=3, drawn=False)
    with pytest.raises(RuleError, match="票据号码不能重复"):
        book(cast, first=3, last=6, drawn=False)
    assert len(bills(cast)) == 3
    book(cast, BillKind.INVOICE, last=3, drawn=False)  # invoices count for themselves


@pytest.mark.parametrize(
    ("serial", "amount", "sentence"),
    [
        ("A000009", "1", "没有登记过号码为「A000009」的收据，下一张可用的是「A000001」"),
        ("A000001", "0", "开票金额应大于零且不超过它"),
        ("A000001", "20000.01", "还可开票 20,000.00 元"),
    ],
)
def test_bills_that_are_not_issued(cast, serial, amount, sentence):
    book(cast)
    receipt = received(cast, makers.account(cast), 20000)
    with pytest.raises(RuleError, match=sentence):
        issue(cast, receipt, serial, amount)


def test_a_serial_is_issued_once_and_a_receipt_billed_once(cast):
    book(cast)
    receipt = received(cast, makers.account(cast), 20000)
    issue(cast, receipt, "A000001", "15000")
    with pytest.raises(RuleError, match="收据 A000001 现在是「已开」，不能开具；下一张可用的是「A000002」"):
        issue(cast, receipt, "A000001", "5000")
    issue(cast, receipt, "A000002", "5000")
    with pytest.raises(Forbidden):  # the step is not there any more
        issue(cast, receipt, "A000003", "0.01")
    act(cast, bills(cast, serial="A000001")[0], "void", FIN_D, note="抬头写错")
    issue(cast, receipt, "A000003", "15000")


@pytest.mark.both_databases
def test_twenty_at_once_get_one_serial_once(cast, at_once):
    book(cast, last=30)
    account = makers.account(cast)
    keys = [received(cast, account, 100 + n).id for n in range(6)]
    waiting = list(keys)

    def work(session, who):
        from sqlalchemy import select

        from app.kernel.workflow import fire

        paper = session.scalars(select(Receipt).where(Receipt.id == waiting.pop())).one()
        fire(session, paper, "issue_receipt", who, serial="A000001", amount=paper.amount, payer="王伟")
        return paper.id

    answers = at_once(work, [cast.actor(FIN_D)] * 6)
    assert len([a for a in answers if not isinstance(a, Exception)]) == 1
    assert all(isinstance(a, RuleError) for a in answers if isinstance(a, Exception)), answers
    assert len([b for b in bills(cast) if b.state is BillState.ISSUED]) == 1


def test_the_doctor_names_gaps_and_missing_serials(cast):
    from sqlalchemy import text

    book(cast)
    issue(cast, received(cast, makers.account(cast), 20000), "A000003")
    assert found(cast) == ["收据 A000001—A000005：断号 A000001—A000002"]
    with acting_as(SYSTEM):
        cast.session.execute(text("DELETE FROM bill WHERE serial = 'A000005'"))
        cast.session.commit()
    assert "收据 A000001—A000005：缺号 A000005—A000005" in found(cast)


def test_receipts_become_one_invoice(cast):
    book(cast)
    book(cast, BillKind.INVOICE, prefix="F")
    account = makers.account(cast)
    for number, amount in ((1, 20000), (2, 316834)):
        issue(cast, received(cast, account, amount, FundKind.PRICE), f"A00000{number}")

    def make():
        paper = BillExchange(project_id=account.project_id, account_id=account.id, number="HP-1")
        take_receipts(cast.session, paper)
        cast.session.add(paper)
        cast.session.flush()
        tie_receipts(cast.session, paper)
        return paper

    with acting_as(SYSTEM):
        cast.session.rollback()
        paper = write(cast.session, make)
    assert (paper.count, paper.total) == (2, Decimal(336834))
    act(cast, paper, "exchange", FIN_D, serial="F000001", payer="王伟、李娜")
    assert [b.state for b in bills(cast, kind=BillKind.RECEIPT)][:2] == [BillState.RECALLED] * 2
    invoice = bills(cast, serial="F000001")[0]
    assert (invoice.state, invoice.amount, invoice.account_id) == (BillState.ISSUED, Decimal(336834), account.id)
    with acting_as(SYSTEM):
        receipt = cast.session.query(Receipt).first()
    with pytest.raises(Forbidden):
        issue(cast, receipt, "A000003", "1")
    assert found(cast) == []


def test_a_red_entry_asks_the_bill_back(cast):
    book(cast)
    receipt = received(cast, makers.account(cast), 20000)
    issue(cast, receipt, "A000001")
    with acting_as(SYSTEM):
        request = ask_reversal(cast, receipt)
        decide_as(cast, request, "developer_finance2")
        assert outstanding(cast.session, receipt.account_id) == ["A000001"]
    act(cast, bills(cast, serial="A000001")[0], "recall", FIN_D)
    with acting_as(SYSTEM):
        assert outstanding(cast.session, receipt.account_id) == []


def test_money_of_an_ended_order_waits_for_the_bills(cast):
    book(cast)
    account = makers.account(cast)
    issue(cast, received(cast, account, 20000), "A000001")
    refund = settled(cast, account, refundable=Decimal(20000))[0]
    with pytest.raises(RuleError, match="还有票据没有收回：A000001"):
        act(cast, refund, "pay", FIN_D, paid_on=today(), **PAY)
    act(cast, bills(cast, serial="A000001")[0], "recall", FIN_D)
    act(cast, refund, "pay", FIN_D, paid_on=today(), **PAY)


def test_the_clerk_looks_and_does_not_touch(cast):
    made = book(cast, drawn=False)
    with pytest.raises(Forbidden):
        act(cast, made, "draw", "clerk", holder="1")
    with acting_as(cast.actor("consultant1")):
        cast.session.rollback()
        assert cast.session.query(Bill).count() == 0
    with acting_as(cast.actor("clerk")):
        cast.session.rollback()
        assert cast.session.query(Bill).count() == 5
    assert made.state is BookState.STORED
    assert outstanding(cast.session, 1) == []


def sheet_of(answer):
    (name,) = (book := CalamineWorkbook.from_filelike(io.BytesIO(answer.data))).sheet_names
    return book.get_sheet_by_name(name).to_python()


def test_the_list_of_bills_adds_up_nothing_that_was_voided(cast, client_as):
    """A voided bill keeps its amount; a sum of the column would count it."""
    book(cast)
    account = makers.account(cast)
    issue(cast, received(cast, account, 20000), "A000001")
    issue(cast, received(cast, account, 1234, FundKind.PRICE), "A000002")
    act(cast, bills(cast, serial="A000001")[0], "void", FIN_D, note="写错")
    client = client_as(FIN_D)
    page = client.get("/bill/list/").text
    assert "20,000.00" in page and "1,234.00" in page and "21,234.00" not in page
    asked = client.get("/bill/list/export").text
    key = re.search(r'name="_key" value="([^"]+)"', asked)
    answer = client.post("/bill/list/export", data={"reason": "核对票据号码", "_key": key.group(1) if key else ""})
    cells = [cell for row in sheet_of(answer) for cell in row]
    assert 20000 in cells and 1234 in cells and 21234 not in cells


def test_an_exchange_is_offered_for_accounts_that_have_receipts(cast, client_as):
    """With how many there are and what they come to; not for invoices, voided ones, and what an exchange has taken."""
    book(cast, last=9)
    book(cast, BillKind.INVOICE, prefix="F")
    full, voided, invoiced, taken = (makers.account(cast, number) for number in range(1, 5))
    issue(cast, received(cast, full, 20000), "A000001")
    issue(cast, received(cast, full, 1234, FundKind.PRICE), "A000002")
    issue(cast, received(cast, voided, 20000), "A000003")
    act(cast, bills(cast, serial="A000003")[0], "void", FIN_D, note="写错")
    issue(cast, received(cast, invoiced, 20000), "F000001", step="issue_invoice")
    issue(cast, received(cast, taken, 20000), "A000004")
    keys = {one: account.id for one, account in (("full", full), ("taken", taken))}
    client = client_as(FIN_D)
    assert client.post("/bill-exchange/add", data={"account_id": str(keys["taken"])}).status_code == 302
    page = client.get("/bill-exchange/add").text
    (choice,) = re.findall(r'<select[^>]*name="account_id".*?</select>', page, re.DOTALL)
    options = re.findall(r'<option value="(\d+)"[^>]*>([^<]*)<', choice)
    assert [int(key) for key, _text in options] == [keys["full"]]
    assert options[0][1].endswith("2 张收据，21,234.00 元")
    found = client.get("/bill-exchange/pick/account_id?q=").get_json()["results"]
    assert [(one["id"], one["note"]) for one in found] == [(keys["full"], "2 张收据，21,234.00 元")]


def test_a_bill_is_made_out_to_the_buyers_whoever_paid(cast, client_as):
    book(cast)
    of = makers.account(cast)

    def joined():
        cast.session.get(OrderAccount, of.id).buyers = "王伟、李娜"

    with acting_as(SYSTEM):
        write(cast.session, joined)
    receipt = received(cast, of, 20000, payer_name="贺父", third_party_paper="代付声明")
    page = client_as(FIN_D).get(f"/receipt/step/issue_receipt/{receipt.id}").text
    assert 'value="王伟、李娜"' in page
    act(cast, receipt, "issue_receipt", FIN_D, serial="A000001", amount=Decimal(20000))
    assert bills(cast, serial="A000001")[0].payer == "王伟、李娜"
    page = client_as(FIN_D).get(f"/bill/show/{bills(cast, serial='A000001')[0].id}").text
    assert "付款人" in page and "贺父" in page
