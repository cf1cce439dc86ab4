"""Extensions, late fees, waivers and dunning of 应收行 (02 §2.2.2, §2.2.3, §2.3.6)."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest

from app.features.organisation.models import Parameter
from app.features.payments.dunning.effects import age_rows
from app.features.payments.dunning.models import DunningRecord, Promise
from app.features.payments.effects import (
    accrual,
    charge_late_fee,
    extend_row,
    set_late_terms,
    waive_late_fee,
)
from app.features.payments.models import FundKind, Method, OrderAccount, Receivable, ReceivableState
from app.features.payments.waivers.models import LateFeeWaiver, WaiverState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.engine import decide
from app.kernel.approval.finding import current_step, open_of
from app.kernel.base import clock
from app.kernel.errors import RuleError
from app.kernel.notices.records import Notice
from app.kernel.transactions import write
from app.kernel.workflow import fire
from tests.factories import saved
from tests.features.payments import makers
from tests.features.payments.makers import act, received, rows, today

RATE = Decimal("0.0002")
pytestmark = pytest.mark.usefixtures("sound_book")


@contextmanager
def on(day):
    """The site's clock at noon of a day."""
    token = clock.set(lambda: datetime.combine(day, time(12)))
    try:
        yield
    finally:
        clock.reset(token)


def with_terms(cast, number=1, *, rate=RATE, days=60):
    account = makers.account(cast, number)
    key = account.id
    with acting_as(SYSTEM):
        cast.session.rollback()

        def work():
            set_late_terms(
                cast.session,
                fetched(cast, key),
                daily_rate=rate,
                termination_days=days,
                termination_share=Decimal("0.05"),
            )

        write(cast.session, work)
        return fetched(cast, key)


def fetched(cast, key):
    return cast.session.get(OrderAccount, key)


def as_system(cast, work):
    with acting_as(SYSTEM):
        cast.session.rollback()
        return write(cast.session, work)


def first_payment(cast, account):
    return next(row for row in rows(cast, account) if row.kind is FundKind.FIRST_PAYMENT)


def aged(cast, day):
    with on(day), acting_as(SYSTEM):
        cast.session.rollback()
        return write(cast.session, lambda: age_rows(cast.session))


def test_l1_in_the_book(cast):
    """316,834 due today, paid 20 days later at 万分之二."""
    account = with_terms(cast)
    row = first_payment(cast, account)
    paid = received(cast, account, 20000)
    assert paid.state.value == "confirmed"
    with on(today(20)):
        received(cast, account, row.amount, FundKind.FIRST_PAYMENT, method=Method.TRANSFER, reference="A1")
    with acting_as(SYSTEM):
        row = first_payment(cast, account)
        assert row.state is ReceivableState.PAID
        found = accrual(cast.session, row)
        assert (found.late.fee, found.late.days) == (Decimal("1267.34"), 20)  # 316,834 × 0.0002 × 20 = 1,267.336
        assert found.uncharged == Decimal("1267.34")


def test_without_a_contract_nothing_accrues(cast):
    account = makers.account(cast)
    with on(today(90)), acting_as(SYSTEM):
        assert accrual(cast.session, first_payment(cast, account)).late.fee == 0


def test_an_extension_keeps_both_dates_and_the_fee_counts_from_the_new_one(cast):
    account = with_terms(cast)
    row = first_payment(cast, account)
    due = row.due_on
    as_system(
        cast, lambda: extend_row(cast.session, SYSTEM, first_payment(cast, account), due + timedelta(days=15), "BG-1")
    )
    row = first_payment(cast, account)
    assert (row.state, row.due_on, row.extended_to, row.extension_paper) == (
        ReceivableState.EXTENDED, due, due + timedelta(days=15), "BG-1",
    )  # fmt: skip
    with on(due + timedelta(days=20)), acting_as(SYSTEM):
        assert accrual(cast.session, first_payment(cast, account)).late.days == 5
    assert aged(cast, due + timedelta(days=15)) >= 0
    assert first_payment(cast, account).state is ReceivableState.EXTENDED
    aged(cast, due + timedelta(days=16))
    assert first_payment(cast, account).state is ReceivableState.OVERDUE


def test_an_extension_is_refused_backwards_and_for_paid_rows(cast):
    account = with_terms(cast)
    row = first_payment(cast, account)
    with pytest.raises(RuleError, match="应晚于现在的应收日"):
        as_system(cast, lambda: extend_row(cast.session, SYSTEM, first_payment(cast, account), row.due_on, "BG-1"))
    received(cast, account, 20000)
    received(cast, account, row.amount, FundKind.FIRST_PAYMENT, method=Method.TRANSFER, reference="A1")
    with pytest.raises(RuleError, match="不用延期"):
        as_system(cast, lambda: extend_row(cast.session, SYSTEM, first_payment(cast, account), today(9), "BG-1"))


def test_an_extension_after_the_charge_takes_the_excess_back(cast):
    account = with_terms(cast)
    later = today(5)
    with on(today(20)):
        as_system(cast, lambda: charge_late_fee(cast.session, SYSTEM, first_payment(cast, account)))
        as_system(cast, lambda: extend_row(cast.session, SYSTEM, first_payment(cast, account), later, "BG-1"))
        fee = next(r for r in rows(cast, account) if r.kind is FundKind.LATE_FEE)
        with acting_as(SYSTEM):
            found = accrual(cast.session, first_payment(cast, account))
        assert (fee.amount, found.uncharged, found.excess) == (found.late.fee, 0, 0)


def test_charged_once_until_it_grows(cast):
    account = with_terms(cast)
    with on(today(10)):
        row = first_payment(cast, account)
        act(cast, row, "charge", "developer_finance")
        with pytest.raises(RuleError, match="没有可计收的滞纳金"):
            as_system(cast, lambda: charge_late_fee(cast.session, SYSTEM, first_payment(cast, account)))
    fee = next(r for r in rows(cast, account) if r.kind is FundKind.LATE_FEE)
    assert (fee.amount, fee.late_of_id) == (Decimal("633.67"), row.id)
    with on(today(11)):
        as_system(cast, lambda: charge_late_fee(cast.session, SYSTEM, first_payment(cast, account)))
    fees = [r.amount for r in rows(cast, account) if r.kind is FundKind.LATE_FEE]
    assert sum(fees) == Decimal("697.03")  # 316,834 × 0.0002 × 11 = 697.0348
    assert fees[1] == Decimal("63.36")


def test_paid_late_is_charged_by_itself_where_the_site_says_so(cast):
    saved(
        cast.session,
        Parameter(
            project_id=cast.project_ids["a"], key="late_fee_auto", value="是", effective_from=today(-1), note="试"
        ),
    )
    account = with_terms(cast)
    received(cast, account, 20000)
    row = first_payment(cast, account)
    with on(today(3)):
        received(cast, account, row.amount, FundKind.FIRST_PAYMENT, method=Method.TRANSFER, reference="A1")
    fee = next(r for r in rows(cast, account) if r.kind is FundKind.LATE_FEE)
    assert (fee.amount, fee.received) == (Decimal("190.10"), 0)


def test_a_waiver_takes_off_what_is_not_charged_then_what_is_not_paid(cast):
    account = with_terms(cast)
    with on(today(10)):
        as_system(cast, lambda: charge_late_fee(cast.session, SYSTEM, first_payment(cast, account)))
    received(cast, account, 100, FundKind.LATE_FEE)
    with on(today(11)):  # 633.67 charged, 100 of it paid, 63.36 more accrued
        with pytest.raises(RuleError, match=r"可减免的滞纳金是 597\.03 元"):
            as_system(
                cast,
                lambda: waive_late_fee(cast.session, SYSTEM, first_payment(cast, account), Decimal("597.04"), "JM-1"),
            )
        as_system(
            cast, lambda: waive_late_fee(cast.session, SYSTEM, first_payment(cast, account), Decimal("97.03"), "JM-1")
        )
        fee = next(r for r in rows(cast, account) if r.kind is FundKind.LATE_FEE)
        assert (fee.amount, fee.received) == (Decimal("600.00"), Decimal(100))
        as_system(
            cast, lambda: waive_late_fee(cast.session, SYSTEM, first_payment(cast, account), Decimal("500.00"), "JM-2")
        )
        fee = next(r for r in rows(cast, account) if r.kind is FundKind.LATE_FEE)
        assert (fee.amount, fee.state) == (Decimal(100), ReceivableState.PAID)
        with acting_as(SYSTEM):
            assert accrual(cast.session, first_payment(cast, account)).uncharged == 0


def waiver(cast, row, amount="500.00"):
    return saved(cast.session, LateFeeWaiver(
        project_id=row.project_id, owner_id=row.owner_id, team_id=row.team_id, receivable_id=row.id, account_id=row.account_id,
        amount=Decimal(amount), reason="银行系统故障，有证明", fee=Decimal("633.67"), days=10, created_by=cast.person_ids["consultant1"],
    ))  # fmt: skip


def decided(cast, paper, login, verdict="approve"):
    who = cast.actor(login)
    with acting_as(who):
        cast.session.rollback()
        request = open_of(cast.session, cast.session.get(LateFeeWaiver, paper.id))
        decide(cast.session, request.id, current_step(request).id, who, verdict, "同意")


def test_a_waiver_is_decided_by_supervisor_site_manager_and_developer(cast):
    account = with_terms(cast)
    with on(today(10)):
        row = first_payment(cast, account)
        paper = waiver(cast, row)
        act(cast, paper, "submit", "consultant1")
        for login in ("supervisor", "site_manager", "developer_site"):
            with acting_as(SYSTEM):
                cast.session.rollback()
                assert first_payment(cast, account).late_waived == 0
            decided(cast, paper, login)
        with acting_as(SYSTEM):
            cast.session.rollback()
            done = cast.session.get(LateFeeWaiver, paper.id)
            assert (done.state, done.granted_on, done.reason) == (
                WaiverState.GRANTED,
                today(),
                "银行系统故障，有证明",
            )
            assert first_payment(cast, account).late_waived == Decimal("500.00")
            assert accrual(cast.session, first_payment(cast, account)).uncharged == Decimal("133.67")


def test_a_waiver_beyond_the_fee_is_refused_at_the_submit(cast):
    account = with_terms(cast)
    with on(today(10)):
        paper = waiver(cast, first_payment(cast, account), "633.68")
        with pytest.raises(RuleError, match=r"633\.67 元"):
            act(cast, paper, "submit", "consultant1")


def test_the_job_tells_the_consultant_once_a_rule(cast):
    account = makers.account(cast, 1)
    loan = next(row for row in rows(cast, account) if row.kind is FundKind.BANK_LOAN)
    day = loan.due_on - timedelta(days=7)
    aged(cast, day - timedelta(days=1))
    with acting_as(SYSTEM):
        before = cast.session.query(Notice).count()
    aged(cast, day)
    aged(cast, day)
    with acting_as(SYSTEM):
        told = cast.session.query(Notice).order_by(Notice.id).all()[before:]
        assert [n.person_id for n in told] == [cast.person_ids["consultant1"]]
        assert "按揭" in told[0].body and "770,000.00" in told[0].body


def test_too_late_is_marked_and_told(cast):
    account = with_terms(cast, days=30)
    aged(cast, today(30))
    assert not first_payment(cast, account).terminable
    aged(cast, today(31))
    row = first_payment(cast, account)
    assert row.terminable
    loan = next(r for r in rows(cast, account) if r.kind is FundKind.BANK_LOAN)
    assert not loan.terminable
    with acting_as(SYSTEM):
        told = {n.person_id for n in cast.session.query(Notice).filter(Notice.title.startswith("逾期超过合同约定"))}
    assert told >= {cast.person_ids[x] for x in ("supervisor", "developer_site", "developer_finance")}


def remind(cast, row, **form):
    with acting_as(cast.actor("consultant1")):
        fire(cast.session, row, "remind", cast.actor("consultant1"), how="电话", **form)


def records(cast):
    with acting_as(SYSTEM):
        cast.session.rollback()
        return cast.session.query(DunningRecord).order_by(DunningRecord.id).all()


def test_a_promise_is_kept_or_broken(cast):
    account = makers.account(cast)
    row = first_payment(cast, account)
    remind(cast, row, promised_on=today(2), promised_amount=Decimal(1000), note="后天先付一千")
    received(cast, account, 20000)
    aged(cast, today(2))
    assert records(cast)[0].promise is Promise.OPEN
    aged(cast, today(3))
    broken = records(cast)[0]
    assert (broken.promise, broken.settled_on) == (Promise.BROKEN, today(3))
    assert first_payment(cast, account).broken_promises == 1
    with on(today(3)):
        remind(cast, first_payment(cast, account), promised_on=today(5), promised_amount=Decimal(1000))
        received(cast, account, 1000, FundKind.FIRST_PAYMENT)
    aged(cast, today(4))
    assert records(cast)[1].promise is Promise.KEPT
    row = first_payment(cast, account)
    assert (row.reminders, row.broken_promises) == (2, 1)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"promised_on": today(-1)}, "日期不能早于今天"),
        ({"promised_amount": Decimal(5)}, "请同时填写承诺付款日"),
        ({"promised_on": today(1), "promised_amount": Decimal(0)}, "承诺金额应大于零"),
        ({"promised_on": today(1), "promised_amount": Decimal(316835)}, "不超过未收的 316,834.00 元"),
    ],
)
def test_promises_that_make_no_sense(cast, form, sentence):
    row = first_payment(cast, makers.account(cast))
    with pytest.raises(RuleError, match=sentence):
        remind(cast, row, **form)


def test_the_list_of_whom_to_ask(cast):
    from sqlalchemy import select

    from app.features.payments.views.accounts import to_remind

    account = makers.account(cast)
    who = cast.actor("consultant1")

    def asked():
        with acting_as(who):
            cast.session.rollback()
            return [row.kind for row in cast.session.scalars(to_remind(select(Receivable), who))]

    assert set(asked()) == {FundKind.DEPOSIT, FundKind.FIRST_PAYMENT}
    remind(cast, first_payment(cast, account))
    assert asked() == [FundKind.DEPOSIT]
    aged(cast, today(3))
    with on(today(3)):
        assert set(asked()) == {FundKind.DEPOSIT, FundKind.FIRST_PAYMENT}
