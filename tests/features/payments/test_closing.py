"""月结: closed in order, nothing dated into it, opened again by 甲方负责人 alone; 超额定金 (02 §2.3.3, issue 5 point 5)."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal

import pytest

from app.features.payments.closing.effects import close_by_calendar
from app.features.payments.closing.guard import closed_until, next_day
from app.features.payments.closing.models import MonthClose, MonthState
from app.features.payments.effects import confirmed_total, ledger, request_refund
from app.features.payments.models import FundKind, Method
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import clock
from app.kernel.errors import Forbidden, RuleError
from app.kernel.notices.records import Notice
from app.kernel.transactions import write
from tests.factories import saved
from tests.features.payments import makers
from tests.features.payments.makers import act, confirm, entered, received
from tests.features.payments.test_receipts import ask_reversal, decide_as
from tests.features.payments.test_settlement import PAY

pytestmark = pytest.mark.usefixtures("sound_book")
OPEN, CLOSED, REOPENED = MonthState


@contextmanager
def at(text):
    day = date.fromisoformat(text)
    token = clock.set(lambda: datetime.combine(day, time(12)))
    try:
        yield day
    finally:
        clock.reset(token)


@pytest.mark.parametrize(
    ("months", "day", "last"),
    [
        ({}, "2026-10-31", ""), ({"2026-10": OPEN}, "2026-10-31", ""), ({"2026-10": CLOSED}, "2026-10-31", "2026-10"),
        ({"2026-10": CLOSED}, "2026-11-01", ""), ({"2026-10": CLOSED}, "2026-09-30", "2026-10"),
        ({"2026-10": REOPENED}, "2026-10-01", ""), ({"2026-09": REOPENED, "2026-10": CLOSED}, "2026-09-30", ""),
        ({"2025-12": CLOSED}, "2026-01-01", ""), ({"2026-01": CLOSED}, "2025-12-31", "2026-01"),
    ],
)  # fmt: skip
def test_which_days_are_shut(months, day, last):
    assert closed_until(months, date.fromisoformat(day)) == last


def test_the_day_after_a_month():
    assert [next_day(m) for m in ("2026-01", "2026-02", "2026-12")] == [
        date(2026, 2, 1),
        date(2026, 3, 1),
        date(2027, 1, 1),
    ]


def months(cast):
    with acting_as(SYSTEM):
        cast.session.rollback()
        return {m.month: m for m in cast.session.query(MonthClose)}


def by_calendar(cast):
    with acting_as(SYSTEM):
        cast.session.rollback()
        return write(cast.session, lambda: close_by_calendar(cast.session))


def told(cast):
    """The titles of what one cashier was told."""
    with acting_as(SYSTEM):
        cast.session.rollback()
        query = cast.session.query(Notice).filter_by(person_id=cast.actor("developer_finance").person_id)
        return [n.title for n in query if "结账" in n.title]


def closed_october(cast):
    """An account of October with a confirmed 定金; the book of October is closed."""
    with at("2026-10-20"):
        account = makers.account(cast)
        received(cast, account, 20000)
    with at("2026-11-03"):
        by_calendar(cast)
    assert months(cast)["2026-10"].state is CLOSED
    return account


def test_the_month_is_closed_on_its_day_with_its_sums(cast):
    with at("2026-10-20"):
        received(cast, makers.account(cast), 20000)
    with at("2026-11-02"):
        assert by_calendar(cast) == 0
    with at("2026-11-03"):
        assert by_calendar(cast) == 2
        assert by_calendar(cast) == 0
        assert told(cast) == []  # nothing is left to do
    month = months(cast)["2026-10"]
    assert (month.state, month.postings, month.received, month.refunded) == (CLOSED, 1, Decimal(20000), 0)


def test_receipts_that_wait_hold_the_closing_up(cast):
    with at("2026-10-20"):
        account = makers.account(cast)
        received(cast, account, 20000)
        late = entered(cast, account, 500, FundKind.PRICE)
    with at("2026-11-03"):
        by_calendar(cast)
        by_calendar(cast)
        assert told(cast) == ["2026-10 月到期结账"]
        month = months(cast)["2026-10"]
        assert month.state is OPEN
        with pytest.raises(RuleError, match="还有 1 张收款单待确认"):
            act(cast, month, "close", "developer_finance")
        act(cast, late, "discard", "clerk", note="未到账")
        by_calendar(cast)
    assert months(cast)["2026-10"].state is CLOSED


def test_before_it_is_closed_a_month_shows_what_the_book_has_and_what_is_in_the_way(cast, client_as):
    with at("2026-10-20"):
        account = makers.account(cast)
        received(cast, account, 20000)
        entered(cast, account, 500, FundKind.PRICE)
    with at("2026-11-03"):
        by_calendar(cast)
        month = months(cast)["2026-10"]
        assert (month.state, month.received) == (OPEN, Decimal(20000))
        pk = month.id
        cast.session.remove()
        page = client_as("developer_finance").get(f"/month-close/show/{pk}").text
        assert "20,000.00 元" in page
        assert "1 张收款单待确认" in page
        assert "/receipt/list/?state=pending&amp;paid_on.from=2026-10-01&amp;paid_on.to=2026-10-31" in page
        assert "结账时间" not in page


SHUT = "2026 年 10 月已结账，{what}不能是 .*；请改用 2026-11-01 以后的日期"


def test_nothing_is_dated_into_a_closed_month(cast):
    account = closed_october(cast)
    with at("2026-11-05"):
        for day in (date(2026, 10, 31), date(2026, 10, 1)):
            with pytest.raises(RuleError, match=SHUT.format(what="收款日")) as refused:
                entered(cast, account, 100, FundKind.PRICE, paid_on=day)
            assert refused.value.field == "paid_on"
        receipt = entered(cast, account, 100, FundKind.PRICE, paid_on=date(2026, 11, 1))
        with pytest.raises(RuleError, match="到账日应在收款日与今天之间"):
            act(cast, receipt, "confirm", "developer_finance", arrived_on=date(2026, 10, 31))
        confirm(cast, receipt)
        much = received(cast, account, 2000000, FundKind.PRICE, method=Method.TRANSFER, reference="A1")
        clerk = cast.actor("clerk")
        with acting_as(clerk):
            refund = request_refund(cast.session, clerk, much, Decimal(100), "多缴")
        with pytest.raises(RuleError, match=SHUT.format(what="付款日")):
            act(cast, refund, "pay", "developer_finance", paid_on=date(2026, 10, 31), **PAY)


def test_a_red_entry_of_a_closed_month_is_booked_today(cast):
    account = closed_october(cast)
    with at("2026-11-05"), acting_as(SYSTEM):
        from app.features.payments.models import LedgerPosting, Receipt

        receipt = cast.session.query(Receipt).filter_by(account_id=account.id).one()
        decide_as(cast, ask_reversal(cast, receipt), "developer_finance2")
        booked = [p.booked_on for p in cast.session.query(LedgerPosting).order_by(LedgerPosting.id)]
    assert booked == [date(2026, 10, 20), date(2026, 11, 5)]


def test_a_receipt_is_booked_on_the_day_the_money_came(cast):
    from app.features.payments.models import LedgerPosting

    with at("2026-10-31"):
        receipt = entered(cast, makers.account(cast), 20000)
    with at("2026-11-01"):
        act(cast, receipt, "confirm", "developer_finance", arrived_on=date(2026, 10, 31))
    with acting_as(SYSTEM):
        assert cast.session.query(LedgerPosting).one().booked_on == date(2026, 10, 31)


def test_only_the_lead_opens_a_month_again(cast):
    account = closed_october(cast)
    with at("2026-11-05"):
        month = months(cast)["2026-10"]
        for login in ("developer_finance", "site_manager", "finance"):
            with pytest.raises(Forbidden):
                act(cast, month, "reopen", login, note="补登")
        with pytest.raises(RuleError, match="请填写原因"):
            act(cast, month, "reopen", "developer_lead")
        act(cast, month, "reopen", "developer_lead", note="漏登一笔")
        received(cast, account, 100, FundKind.PRICE, paid_on=date(2026, 10, 31))
        assert by_calendar(cast) == 0
        act(cast, months(cast)["2026-10"], "close", "developer_finance")
    month = months(cast)["2026-10"]
    assert (month.state, month.reason) == (CLOSED, "漏登一笔")


def test_months_are_closed_in_order(cast):
    project = cast.project_ids["a"]
    saved(cast.session, MonthClose(project_id=project, month="2026-09"))
    later = saved(cast.session, MonthClose(project_id=project, month="2026-10"))
    with pytest.raises(RuleError, match="请先结 2026-09 月的账"):
        act(cast, later, "close", "developer_finance")


# ── 定金 beyond its cap ─────────────────────────────────────


def test_the_surplus_of_a_deposit_is_booked_as_price(cast):
    """02 §2.3.3: 250,000 on 1,106,834 → 221,366.80 with deposit effect, 28,633.20 as 房款, and the site manager knows."""
    account = makers.account(cast)
    receipt = entered(cast, account, 250000, method=Method.TRANSFER, reference="A1")
    with pytest.raises(RuleError, match=r"超出的 28,633\.20 元将按房款入账，须案场经理"):
        confirm(cast, receipt)
    with pytest.raises(Forbidden):
        act(cast, receipt, "accept_surplus", "supervisor")
    act(cast, receipt, "accept_surplus", "site_manager")
    confirm(cast, receipt)
    with acting_as(SYSTEM):
        assert confirmed_total(cast.session, account.id, [FundKind.DEPOSIT]) == Decimal("221366.80")
        assert confirmed_total(cast.session, account.id, [FundKind.PRICE]) == Decimal("28633.20")
        assert confirmed_total(cast.session, account.id) == Decimal(250000)


def test_deposits_count_together(cast):
    account = makers.account(cast)
    received(cast, account, "221366.80", method=Method.TRANSFER, reference="A1")
    second = entered(cast, account, "0.01")
    with pytest.raises(RuleError, match=r"超出的 0\.01 元"):
        confirm(cast, second)
    act(cast, second, "accept_surplus", "site_manager")
    confirm(cast, second)
    with acting_as(SYSTEM):
        assert confirmed_total(cast.session, account.id, [FundKind.DEPOSIT]) == Decimal("221366.80")


@pytest.mark.both_databases
def test_a_month_that_closes_while_a_posting_waits_for_the_book_takes_it_no_more(cast, monkeypatch):
    """Whoever waited for the lock of the book asks afterwards: what the other transaction closed is closed for him."""
    account = makers.account(cast)
    receipt = entered(cast, account, "20000")
    counted = ledger.next_value

    def closed_meanwhile(session, key):
        month = f"{receipt.paid_on:%Y-%m}"
        session.add(MonthClose(project_id=account.project_id, month=month, state=CLOSED))
        return counted(session, key)

    monkeypatch.setattr(ledger, "next_value", closed_meanwhile)
    with pytest.raises(RuleError, match="月已结账"):
        confirm(cast, receipt)
    monkeypatch.undo()
    confirm(cast, receipt)
