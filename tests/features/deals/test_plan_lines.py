"""分项 from the plan to the bill: what is owed, received, billed and reported for 房款, 装修款 and 车位 closes to the fen (0040)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.features.deals.changes.models import ChangeKind
from app.features.deals.reservations.models import Reservation
from app.features.deals.verify import verify
from app.features.payments.effects import account_of, date_plan, extend_row
from app.features.payments.effects.adjustments import give_price_back, lend_less
from app.features.payments.models import FundKind, PaidBy, Receipt, Receivable, ReceivableState
from app.features.payments.reports.reading import report
from app.features.payments.rules.booking import brought_as
from app.features.payments.verify import verify as verify_money
from app.features.pricing.models import PricedLine
from app.features.units.models import Unit
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import RuleError
from app.kernel.transactions import write
from app.kernel.workflow import as_step
from tests.cast import Cast
from tests.features.deals import orders as o
from tests.features.deals.test_concessions import mortgage
from tests.features.deals.test_price_lines import HOME_LIST, PLACE, changed, chosen, place

FINISH = Decimal(89530)
JFS_CHAIN = ("supervisor", "site_manager", "developer_site")


def with_lines(cast: Cast, paid_by: Any) -> Reservation:
    """有效: a home of 1,145,984 (under 按揭 less its discounts), 装修款 89,530, a place of 150,000; 定金 20,000 is confirmed."""
    where, car = o.unit(cast), place(cast)
    changed(cast, Unit, where.id, finish="精装", finish_price=FINISH)
    order = chosen(cast, o.filled(cast, o.locked(cast, where, o.customer(cast)), paid_by), car)
    o.step(cast, order, "submit", "consultant1")
    o.decided(cast, order, "supervisor")
    o.step(cast, order, "customer_sign", "consultant1", on=o.today())
    o.paid(cast, order, "20000")
    return o.fresh(cast, Reservation, order.id)


def rows(cast: Cast, order: Reservation) -> list[Receivable]:
    with acting_as(SYSTEM):
        cast.session.rollback()
        query = select(Receivable).where(Receivable.state != ReceivableState.CANCELLED).order_by(Receivable.id)
        account = account_of(cast.session, order.id)
        return list(cast.session.scalars(query.where(Receivable.account_id == account.id)))


def told(found: list[Receivable]) -> list[tuple[str, str, Decimal, Decimal]]:
    return [(row.kind.label, row.line.label if row.line else "", row.amount, row.received) for row in found]


def by_line(found: list[Receivable]) -> dict[PricedLine, Decimal]:
    return {line: sum(r.amount for r in found if r.line is line) for line in {row.line for row in found}}


def healthy(cast: Cast) -> None:
    with acting_as(SYSTEM):
        cast.session.rollback()
        assert [*verify(cast.session), *verify_money(cast.session)] == []


@pytest.mark.both_databases
def test_every_line_is_owed_paid_and_reported_on_its_own(cast: Cast) -> None:
    order = with_lines(cast, o.scheme(cast))
    found = rows(cast, order)
    assert told(found) == [
        ("定金", "房款", 20000, 20000), ("楼款", "房款", HOME_LIST - 20000, 0), ("楼款", "装修款", FINISH, 0), ("楼款", "车位", PLACE, 0),
    ]  # fmt: skip
    assert [row.words for row in found[1:]] == ["楼款", "楼款（装修款 精装）", f"楼款（车位 {found[3].line_name}）"]
    assert [brought_as(row) for row in found] == [FundKind.DEPOSIT, FundKind.PRICE, FundKind.FINISH, FundKind.PARKING]
    o.paid(cast, order, "90000", FundKind.FINISH)  # 470 more than the line: then the oldest row
    o.paid(cast, order, "150000", FundKind.PARKING)
    assert told(rows(cast, order))[1:] == [
        ("楼款", "房款", HOME_LIST - 20000, 470), ("楼款", "装修款", FINISH, FINISH), ("楼款", "车位", PLACE, PLACE),
    ]  # fmt: skip
    with acting_as(SYSTEM):
        made = report(cast.session, order.project_id, "line")
        lines = {key: (line.owed, line.settled, line.booked) for key, line in made.lines.items()}
    assert lines[PricedLine.FINISH] == (FINISH, FINISH, FINISH)
    assert lines[PricedLine.PARKING] == (PLACE, PLACE, PLACE)
    assert lines[PricedLine.HOME] == (HOME_LIST, Decimal(20470), Decimal(20470))
    assert made.total.booked == Decimal(260000)
    healthy(cast)


def test_another_payment_keeps_what_each_line_was_paid(cast: Cast) -> None:
    lump, loan = o.scheme(cast), mortgage(cast)
    order = with_lines(cast, lump)
    o.paid(cast, order, "150000", FundKind.PARKING)
    o.paid(cast, order, "30000", FundKind.FINISH)
    paper = o.agreed(
        cast, o.change(cast, order, ChangeKind.PAYMENT, new_scheme_id=loan.id), "submit_payment_change", *JFS_CHAIN
    )
    o.step(cast, paper, "execute_payment", "developer_finance")
    after, found = o.fresh(cast, Reservation, order.id), rows(cast, order)
    with acting_as(SYSTEM):
        prices = {line.kind: line.public_total for line in after.lines}
    assert by_line(found) == {PricedLine.HOME: after.home_total, **prices}
    assert sum(row.received for row in found) == Decimal(200000)
    assert {row.line for row in found if row.payer is PaidBy.BANK} <= {PricedLine.HOME, PricedLine.FINISH}
    healthy(cast)


def test_a_line_that_was_paid_beyond_its_new_price_pays_the_others(cast: Cast) -> None:
    """车位 150,000 paid whole; under the new 付款方式 98 折 is taken off all lines: 147,000."""
    lump, all_lines = o.scheme(cast), mortgage(cast)
    changed(cast, type(all_lines), all_lines.id, discount_on=PricedLine.ALL)
    order = with_lines(cast, lump)
    o.paid(cast, order, "150000", FundKind.PARKING)
    paper = o.agreed(
        cast, o.change(cast, order, ChangeKind.PAYMENT, new_scheme_id=all_lines.id), "submit_payment_change", *JFS_CHAIN
    )
    o.step(cast, paper, "execute_payment", "developer_finance")
    after, found = o.fresh(cast, Reservation, order.id), rows(cast, order)
    with acting_as(SYSTEM):
        prices = {line.kind: line.public_total for line in after.lines}
    assert prices[PricedLine.PARKING] < PLACE
    assert by_line(found) == {PricedLine.HOME: after.home_total, **prices}
    assert sum(row.received for row in found) == Decimal(170000)
    healthy(cast)


def test_a_smaller_loan_and_a_smaller_home_leave_the_other_lines(cast: Cast) -> None:
    order = with_lines(cast, mortgage(cast))
    before = by_line(rows(cast, order))
    with acting_as(SYSTEM):
        account = account_of(cast.session, order.id)
        lend_less(cast.session, account, SYSTEM, FundKind.BANK_LOAN, Decimal("100000.50"), o.today(7), "补首付")
    found = rows(cast, order)
    assert by_line(found) == before, "what the bank gives less of a line the buyer owes for that line"
    added = [row for row in found if row.note == "补首付"]
    assert sum(row.amount for row in added) == Decimal("100000.50") and {row.line for row in added} <= set(before)
    with acting_as(SYSTEM):
        account = account_of(cast.session, order.id)
        give_price_back(cast.session, account, SYSTEM, Decimal("19200.00"), paper=order, reason="面积补差")
    after = by_line(rows(cast, order))
    assert after == {**before, PricedLine.HOME: before[PricedLine.HOME] - Decimal("19200.00")}
    healthy(cast)


def test_an_instalment_is_put_off_and_asked_for_as_one(cast: Cast) -> None:
    order = with_lines(cast, o.scheme(cast))
    with acting_as(SYSTEM):
        account = account_of(cast.session, order.id)
        date_plan(cast.session, account, SYSTEM, reserved_on=o.today(-20), signed_on=o.today(-10))
    home = next(row for row in rows(cast, order) if row.kind is FundKind.PRICE and row.line is PricedLine.HOME)
    o.step(cast, home, "remind", "consultant1", how="电话", next_on=o.today(2))
    asked = [row for row in rows(cast, order) if row.kind is FundKind.PRICE]
    assert {(row.reminders, row.next_reminder_on) for row in asked} == {(1, o.today(2))}
    with acting_as(SYSTEM):
        row = cast.session.get(Receivable, home.id)
        write(cast.session, lambda: extend_row(cast.session, SYSTEM, row, o.today(5), "BG-1"))
    assert {row.extended_to for row in rows(cast, order) if row.kind is FundKind.PRICE} == {o.today(5)}


def test_doctor_names_a_line_that_does_not_close(cast: Cast) -> None:
    order = with_lines(cast, o.scheme(cast))
    row = next(row for row in rows(cast, order) if row.line is PricedLine.PARKING)
    changed(cast, Receivable, row.id, amount=PLACE - 1)
    with acting_as(SYSTEM):
        cast.session.rollback()
        assert any("应为 150,000.00 元，应收行合计 149,999.00 元" in line for line in verify(cast.session))


def test_the_pages_name_the_lines(cast: Cast, client_as: Any) -> None:
    order = with_lines(cast, o.scheme(cast))
    with acting_as(SYSTEM):
        account = account_of(cast.session, order.id)
    page = client_as("consultant1").get(f"/order-account/show/{account.id}").text
    assert "分项应收" in page and "装修款 精装" in page and "150,000.00" in page
    row = next(row for row in rows(cast, order) if row.line is PricedLine.FINISH)
    shown = client_as("consultant1").get(f"/receivable/show/{row.id}").text
    assert "kind=finish" in shown, "the 缴款通知单 is for 装修款"
    listed = client_as("supervisor").get("/receivable/list/?line=parking").text
    assert "150,000.00" in listed and "89,530.00" not in listed
    shown = client_as("developer_finance").get("/receivable-report/?part=line").text
    assert shown.index(">房款<") < shown.index(">装修款<") < shown.index(">车位<") < shown.index("未分项"), (
        "房款 stands first"
    )


def bill_steps(cast: Cast) -> Receipt:
    with acting_as(SYSTEM):
        cast.session.rollback()
        return cast.session.scalars(select(Receipt).order_by(Receipt.id.desc())).first()


def test_a_bill_for_one_line_says_no_more_than_what_was_paid_of_it(cast: Cast) -> None:
    from app.features.payments.bills.models import BillKind
    from tests.features.payments.test_bills import bills, book

    order = with_lines(cast, o.scheme(cast))
    o.paid(cast, order, "1365514.00", FundKind.PRICE)  # all the rest: three lines in one receipt
    book(cast, BillKind.INVOICE)
    receipt = bill_steps(cast)
    asked = {"payer": "王伟", "line": "finish"}
    with pytest.raises(RuleError, match=r"冲抵「装修款」的还可开票 89,530\.00 元"):
        o.step(
            cast, receipt, "issue_invoice", "developer_finance", serial="A000001", amount=Decimal("89530.01"), **asked
        )
    o.step(cast, receipt, "issue_invoice", "developer_finance", serial="A000001", amount=FINISH, **asked)
    with pytest.raises(RuleError, match=r"还可开票 0\.00 元"):
        o.step(cast, receipt, "issue_invoice", "developer_finance", serial="A000002", amount=Decimal(1), **asked)
    assert [(b.line, b.amount) for b in bills(cast, serial="A000001")] == [(PricedLine.FINISH, FINISH)]


@pytest.mark.both_databases
def test_receipts_are_exchanged_for_an_invoice_a_line(cast: Cast) -> None:
    from app.features.payments.bills.effects import take_receipts, tie_receipts
    from app.features.payments.bills.models import BillExchange, BillKind, BillState
    from tests.features.payments.test_bills import bills, book, issue

    order = with_lines(cast, o.scheme(cast))
    book(cast)
    book(cast, BillKind.INVOICE, 11, 15)
    o.paid(cast, order, "1365514.00", FundKind.PRICE)
    with acting_as(SYSTEM):
        cast.session.rollback()
        receipts = list(cast.session.scalars(select(Receipt).order_by(Receipt.id)))
    for number, receipt in enumerate(receipts, 1):
        issue(cast, receipt, f"A00000{number}")

    def work() -> BillExchange:
        with as_step(cast.session):
            paper = BillExchange(project_id=order.project_id, account_id=receipts[0].account_id, number="HP-1")
            take_receipts(cast.session, paper)
            cast.session.add(paper)
            cast.session.flush()
            tie_receipts(cast.session, paper)
        return paper

    with acting_as(SYSTEM):
        paper = write(cast.session, work)
    o.step(cast, paper, "exchange", "developer_finance", serial="A000011", payer="王伟", by_line=True)
    made = bills(cast, kind=BillKind.INVOICE, state=BillState.ISSUED)
    assert [(b.serial, b.line, b.amount) for b in made] == [
        ("A000011", PricedLine.HOME, HOME_LIST), ("A000012", PricedLine.FINISH, FINISH), ("A000013", PricedLine.PARKING, PLACE),
    ]  # fmt: skip
    assert o.fresh(cast, BillExchange, paper.id).invoice == "A000011、A000012、A000013"
