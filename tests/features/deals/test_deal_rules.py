"""From lock to contract: 定金, 欠定, ended orders, extensions, signing (02 §2.2.1–3, §2.3.3)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.deals.rules import (
    ConfirmedRow,
    ExtensionLimit,
    Shortfall,
    contract_deadlines,
    deposit_effect,
    deposit_shortfall,
    extended_lock,
    extension_authority,
    lock_until,
    settle_before_contract,
    settle_withdrawal,
    signing_due,
    signing_obstacles,
    small_booking_until,
)
from app.features.payments.rules import Fault, RowKind, Scheme, payment_plan
from app.kernel.errors import RuleError

TOTAL = Decimal(1106834)
DAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("paid", "effective", "surplus"),
    [
        ("20000", "20000", "0"),
        ("221366.80", "221366.80", "0"),
        ("221366.81", "221366.80", "0.01"),
        ("250000", "221366.80", "28633.20"),
        ("0", "0", "0"),
    ],
)
def test_only_twenty_percent_are_a_deposit(paid: str, effective: str, surplus: str) -> None:
    effect = deposit_effect(Decimal(paid), TOTAL)
    assert (effect.effective, effect.surplus) == (Decimal(effective), Decimal(surplus))


def test_a_deposit_is_not_negative() -> None:
    with pytest.raises(RuleError):
        deposit_effect(Decimal(-1), TOTAL)


@pytest.mark.parametrize(
    ("agreed", "confirmed", "missing"),
    [(20000, 20000, None), (20000, 25000, None), (20000, 5000, 15000), (20000, 19999, 1), (2000, 2000, None)],
)
def test_the_rest_of_a_deposit_within_three_days(agreed: int, confirmed: int, missing: int | None) -> None:
    shortfall = deposit_shortfall(Decimal(agreed), Decimal(confirmed), first_paid_on=DAY)
    assert shortfall == (None if missing is None else Shortfall(Decimal(missing), date(2026, 3, 13)))


@pytest.mark.parametrize(("agreed", "confirmed"), [(20000, 4999), (20000, 0), (2000, 1999)])
def test_below_the_minimum_there_is_no_order(agreed: int, confirmed: int) -> None:
    with pytest.raises(RuleError, match="最低"):
        deposit_shortfall(Decimal(agreed), Decimal(confirmed), first_paid_on=DAY)


def test_a_shortfall_turns_red_after_its_day() -> None:
    shortfall = Shortfall(Decimal(15000), DAY)
    assert [shortfall.is_overdue(day) for day in (DAY, date(2026, 3, 11))] == [False, True]


@pytest.mark.parametrize(
    ("paid", "deposit", "fault", "fee", "kept", "refundable"),
    [
        ("20000", "20000", Fault.BUYER, "0", "20000", "0"),
        ("20000", "20000", Fault.SELLER, "0", "0", "40000"),
        ("20000", "20000", Fault.SELLER, "200", "0", "40000"),
        ("20000", "20000", Fault.NOBODY, "0", "0", "20000"),
        ("20000", "20000", Fault.NOBODY, "200", "0", "19800"),
        ("250000", "250000", Fault.BUYER, "0", "221366.80", "28633.20"),
        ("250000", "250000", Fault.SELLER, "0", "0", "471366.80"),
        ("120000", "20000", Fault.BUYER, "500", "20000", "99500"),
        ("0", "0", Fault.BUYER, "0", "0", "0"),
    ],
)
def test_an_order_that_ends_before_the_contract(
    paid: str, deposit: str, fault: Fault, fee: str, kept: str, refundable: str
) -> None:
    ended = settle_before_contract(Decimal(paid), Decimal(deposit), TOTAL, fault, fee=Decimal(fee))
    assert (ended.kept, ended.refundable, ended.still_owed) == (Decimal(kept), Decimal(refundable), 0)


@pytest.mark.parametrize(
    ("paid", "fault", "penalty", "refundable", "owed"),
    [
        ("336834", Fault.SELLER, "0", "336834", "0"),
        ("336834", Fault.BUYER, "33205.02", "303128.98", "0"),
        ("336834", Fault.NOBODY, "0", "336334", "0"),
        ("20000", Fault.BUYER, "33205.02", "0", "13705.02"),
    ],
)
def test_a_contract_that_is_withdrawn(paid: str, fault: Fault, penalty: str, refundable: str, owed: str) -> None:
    ended = settle_withdrawal(Decimal(paid), TOTAL, fault, penalty_share=Decimal("0.03"), fee=Decimal(500))
    assert (ended.penalty, ended.refundable, ended.still_owed) == (Decimal(penalty), Decimal(refundable), Decimal(owed))


@given(
    st.decimals("0", "2000000", places=2),
    st.decimals("0", "1", places=4),
    st.decimals("0", "5000", places=2),
    st.sampled_from(Fault),
)
def test_no_fen_is_lost_when_a_contract_ends(paid: Decimal, share: Decimal, fee: Decimal, fault: Fault) -> None:
    ended = settle_withdrawal(paid, TOTAL, fault, penalty_share=share, fee=fee)
    assert ended.refundable + ended.penalty + ended.fee == paid + ended.still_owed
    assert min(ended.refundable, ended.still_owed) == 0


def test_a_seller_at_fault_pays_interest_on_top() -> None:
    ended = settle_withdrawal(
        Decimal(1106834), TOTAL, Fault.SELLER, penalty_share=Decimal(0), fee=Decimal(500), interest=Decimal("3200.50")
    )
    assert (ended.penalty, ended.compensation, ended.refundable) == (0, Decimal("3200.50"), Decimal("1110034.50"))
    for fault in (Fault.BUYER, Fault.NOBODY):
        with pytest.raises(RuleError, match="卖方责任"):
            settle_withdrawal(Decimal(1), TOTAL, fault, penalty_share=Decimal(0), interest=Decimal(1))


def test_impossible_settlements_are_refused() -> None:
    with pytest.raises(RuleError):
        settle_before_contract(Decimal(1), Decimal(2), TOTAL, Fault.BUYER)
    with pytest.raises(RuleError):
        settle_before_contract(Decimal(1), Decimal(1), TOTAL, Fault.BUYER, fee=Decimal(-1))
    with pytest.raises(RuleError):
        settle_withdrawal(Decimal(1), TOTAL, Fault.BUYER, penalty_share=Decimal("1.01"))


@pytest.mark.parametrize(
    ("new_day", "post"),
    [
        (11, "supervisor"),
        (13, "supervisor"),
        (14, "developer_site"),
        (17, "developer_site"),
        (18, "developer_lead"),
        (31, "developer_lead"),
    ],
)
def test_who_grants_more_time(new_day: int, post: str) -> None:
    assert extension_authority(DAY, date(2026, 3, new_day), asked_on=DAY) == post


def test_more_time_is_asked_for_before_the_date_and_for_a_later_one() -> None:
    with pytest.raises(RuleError, match="到期前"):
        extension_authority(DAY, date(2026, 3, 12), asked_on=date(2026, 3, 11))
    with pytest.raises(RuleError, match="晚于"):
        extension_authority(DAY, DAY, asked_on=DAY)
    loose = (ExtensionLimit("developer_site", 30), ExtensionLimit("supervisor", 10))
    assert extension_authority(DAY, date(2026, 3, 20), asked_on=DAY, limits=loose) == "supervisor"


def test_the_timer_of_a_lock() -> None:
    locked = datetime(2026, 3, 10, 10, 41)
    until = lock_until(locked, opening_day=False)
    assert until == datetime(2026, 3, 10, 11, 11)
    assert lock_until(locked, opening_day=True) == datetime(2026, 3, 10, 10, 51)
    assert extended_lock(until, extensions=0, now=locked) == datetime(2026, 3, 10, 11, 26)
    with pytest.raises(RuleError, match="一次"):
        extended_lock(until, extensions=1, now=locked)
    with pytest.raises(RuleError, match="已到"):
        extended_lock(until, extensions=0, now=until)


def test_dates_of_an_order() -> None:
    assert signing_due(DAY) == date(2026, 3, 17)
    assert small_booking_until(DAY) == date(2026, 3, 13)
    for days in (0, 8):
        with pytest.raises(RuleError):
            small_booking_until(DAY, days)


def test_deadlines_of_a_contract() -> None:
    deadlines = contract_deadlines(DAY)
    assert deadlines.online_by == date(2026, 3, 13)
    assert deadlines.filed_by == date(2026, 4, 9)
    assert deadlines.filing_reminders == (date(2026, 3, 30), date(2026, 4, 7))
    assert deadlines.collected_by == date(2026, 4, 24)


def confirmed_plan(scheme: Scheme, *kinds: RowKind) -> list[ConfirmedRow]:
    """The plan of the worked example with the rows of these kinds confirmed."""
    fund = Decimal(600000) if scheme == Scheme.COMBINED else Decimal(0)
    return [
        ConfirmedRow(row.kind, row.instalment, row.amount, row.amount if row.kind in kinds else Decimal(0))
        for row in payment_plan(scheme, TOTAL, Decimal(20000), fund_loan=fund)
    ]


def obstacles(scheme: Scheme, rows: list[ConfirmedRow], **facts: object) -> list[str | None]:
    values = {"total": TOTAL, "order_buyers": [1, 2], "contract_buyers": [2, 1], **facts}
    return [obstacle.field for obstacle in signing_obstacles(scheme, rows, **values)]


@pytest.mark.parametrize(
    ("scheme", "kinds", "facts", "fields"),
    [
        (Scheme.LUMP_SUM, (RowKind.DEPOSIT, RowKind.PRICE), {}, []),
        (Scheme.LUMP_SUM, (RowKind.DEPOSIT,), {}, ["plan"]),
        (Scheme.LUMP_SUM, (RowKind.DEPOSIT,), {"lump_sum_first_row": False}, []),
        (Scheme.LUMP_SUM, (), {"lump_sum_first_row": False}, ["plan"]),
        (Scheme.MORTGAGE, (RowKind.DEPOSIT, RowKind.FIRST_PAYMENT), {"papers_complete": True}, []),
        (Scheme.MORTGAGE, (RowKind.DEPOSIT, RowKind.FIRST_PAYMENT), {"papers_promised_on": DAY}, []),
        (Scheme.MORTGAGE, (RowKind.DEPOSIT, RowKind.FIRST_PAYMENT), {}, ["papers"]),
        (Scheme.MORTGAGE, (RowKind.DEPOSIT,), {"papers_complete": True, "lump_sum_first_row": False}, ["plan"]),
        (Scheme.COMBINED, (RowKind.DEPOSIT, RowKind.FIRST_PAYMENT), {"papers_complete": True}, []),
        (Scheme.COMBINED, (), {}, ["plan", "plan", "papers"]),
    ],
)
def test_when_a_contract_may_be_signed(
    scheme: Scheme, kinds: tuple[RowKind, ...], facts: dict[str, object], fields: list[str]
) -> None:
    assert obstacles(scheme, confirmed_plan(scheme, *kinds), **facts) == fields


def test_instalments_need_the_first_row() -> None:
    first = ConfirmedRow(RowKind.FIRST_PAYMENT, 1, Decimal(332050), Decimal(332050))
    later = ConfirmedRow(RowKind.PRICE, 2, Decimal(774784), Decimal(0))
    assert obstacles(Scheme.INSTALMENTS, [first, later]) == []
    unpaid = ConfirmedRow(RowKind.FIRST_PAYMENT, 1, Decimal(332050), Decimal("332049.99"))
    assert obstacles(Scheme.INSTALMENTS, [unpaid, later]) == ["plan"]


def test_buyers_and_plan_must_agree() -> None:
    rows = confirmed_plan(Scheme.LUMP_SUM, RowKind.DEPOSIT, RowKind.PRICE)
    assert obstacles(Scheme.LUMP_SUM, rows, contract_buyers=[1]) == ["buyers"]
    assert obstacles(Scheme.LUMP_SUM, rows, total=TOTAL + 1) == ["plan"]
    assert obstacles(Scheme.LUMP_SUM, rows[:1]) == ["plan"]


def test_an_instalment_of_several_lines_is_missed_as_one_sum() -> None:
    rows = [
        ConfirmedRow(RowKind.DEPOSIT, 1, Decimal(20000), Decimal(20000)),
        ConfirmedRow(RowKind.PRICE, 1, Decimal(1086834), Decimal(1000000)),
        ConfirmedRow(RowKind.PRICE, 1, Decimal(89530), Decimal(0)),
    ]
    values = {"total": Decimal(1196364), "order_buyers": [1], "contract_buyers": [1]}
    assert [str(one) for one in signing_obstacles(Scheme.LUMP_SUM, rows, **values)] == [
        "「楼款」尚缺 176,364.00 元未确认到账。"
    ]
