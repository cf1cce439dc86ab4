"""定金 (02 §2.3.3) and late fees L1–L6 (02 §2.3.6)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.payments.rules import (
    Fault,
    LateFee,
    LateFeeTerms,
    LatePart,
    PaidPart,
    Payer,
    deposit_cap,
    deposit_outcome,
    earnest_refund,
    late_fee,
    seller_late_fee,
    seller_late_parts,
    termination_penalty,
)
from app.kernel.errors import RuleError

TERMS = LateFeeTerms(daily_rate=Decimal("0.0002"), termination_days=60, termination_share=Decimal("0.05"))
DUE = date(2026, 3, 10)
OWED = Decimal(300000)


def fee(*paid: tuple[date, int], as_of: date = date(2026, 4, 30), **more: object) -> LateFee:
    parts = [PaidPart(day, Decimal(amount)) for day, amount in paid]
    return late_fee(OWED, DUE, parts, TERMS, as_of=as_of, **more)  # type: ignore[arg-type]


def test_l1_one_late_payment() -> None:
    assert fee((date(2026, 3, 30), 300000)) == LateFee(Decimal("1200.00"), 20, may_terminate=False)


def test_l2_two_late_parts() -> None:
    assert fee((date(2026, 4, 4), 180000), (date(2026, 3, 20), 120000)) == LateFee(
        Decimal("1140.00"), 25, may_terminate=False
    )


@pytest.mark.parametrize("day", [date(2026, 3, 10), date(2026, 3, 1)])
def test_l3_in_time(day: date) -> None:
    assert fee((day, 300000)) == LateFee(Decimal("0.00"), 0, may_terminate=False)


def test_the_first_day_counts_from_the_day_after() -> None:
    assert fee((date(2026, 3, 11), 300000)).fee == Decimal("60.00")


def test_l4_an_approved_extension_moves_the_start() -> None:
    extended = fee((date(2026, 3, 30), 300000), extended_to=date(2026, 3, 25))
    assert (extended.fee, extended.days) == (Decimal("300.00"), 5)
    with pytest.raises(RuleError):
        fee((date(2026, 3, 30), 300000), extended_to=date(2026, 3, 9))


def test_l5_after_the_limit_the_seller_may_end_the_contract() -> None:
    assert not fee((DUE + timedelta(days=60), 300000)).may_terminate
    late = fee((DUE + timedelta(days=61), 300000))
    assert late == LateFee(Decimal("3660.00"), 61, may_terminate=True)
    assert termination_penalty(Decimal(600000), TERMS.termination_share) == Decimal("30000.00")


def test_what_is_unpaid_counts_until_today() -> None:
    assert fee(as_of=date(2026, 3, 20)).fee == Decimal("600.00")
    assert fee((date(2026, 3, 15), 100000), as_of=date(2026, 3, 20)).fee == Decimal("500.00")
    assert fee((date(2026, 3, 15), 400000), as_of=date(2026, 3, 20)).fee == Decimal("300.00")


def test_a_late_bank_costs_nothing_unless_the_contract_says_so() -> None:
    late = (date(2026, 6, 30), 300000)
    assert fee(late, payer=Payer.BANK) == LateFee(Decimal(0), 112, may_terminate=False)
    strict = LateFeeTerms(daily_rate=Decimal("0.0002"), loans_pay=True)
    parts = [PaidPart(late[0], Decimal(late[1]))]
    assert late_fee(OWED, DUE, parts, strict, as_of=late[0], payer=Payer.BANK).fee == Decimal("6720.00")


PROMISED = date(2026, 6, 30)


def seller_owes(*paid: tuple[date, int], until: date, rate: str = "0.0001") -> Decimal:
    money = [PaidPart(day, Decimal(amount)) for day, amount in paid]
    return seller_late_fee(seller_late_parts(money, promised_on=PROMISED, handed_over_on=until), Decimal(rate))


@pytest.mark.parametrize(
    ("paid", "until", "owed"),
    [
        ([(date(2026, 1, 5), 1106834)], date(2026, 6, 30), "0.00"),  # in time
        ([(date(2026, 1, 5), 1106834)], date(2026, 7, 1), "110.68"),  # from the day after
        ([(date(2026, 1, 5), 1106834)], date(2026, 7, 10), "1106.83"),
        ([(date(2026, 6, 30), 1106834)], date(2026, 7, 10), "1106.83"),  # paid on the promised day: all ten days
        ([(date(2026, 7, 1), 1106834)], date(2026, 7, 10), "996.15"),  # paid later: from the day after the payment
        ([(date(2026, 1, 5), 336834), (date(2026, 7, 6), 770000)], date(2026, 7, 10), "644.83"),  # 336.834 + 308
        ([(date(2026, 1, 5), 336834), (date(2026, 7, 10), 770000)], date(2026, 7, 10), "336.83"),  # on the day itself
        ([(date(2026, 1, 5), 336834), (date(2026, 8, 1), 770000)], date(2026, 7, 10), "336.83"),  # after the handover
        ([], date(2026, 7, 10), "0.00"),
    ],
)
def test_l6_a_late_seller_owes_for_each_payment_its_own_days(
    paid: list[tuple[date, int]], until: date, owed: str
) -> None:
    assert seller_owes(*paid, until=until) == Decimal(owed)


def test_l6_the_parts_name_day_money_and_days() -> None:
    money = [
        PaidPart(date(2026, 7, 6), Decimal(5)), PaidPart(date(2026, 1, 5), Decimal(20)), PaidPart(date(2026, 2, 5), Decimal(30)),
        PaidPart(date(2026, 7, 6), Decimal(2)),
    ]  # fmt: skip
    assert seller_late_parts(money, promised_on=PROMISED, handed_over_on=date(2026, 7, 10)) == [
        LatePart(PROMISED, Decimal(50), 10), LatePart(date(2026, 7, 6), Decimal(7), 4),
    ]  # fmt: skip


PAYMENTS = st.lists(st.tuples(st.integers(-60, 120), st.integers(1, 2_000_000)), max_size=6)


@given(PAYMENTS, st.integers(0, 100), st.integers(0, 100))
def test_l6_two_batches_owe_what_one_would(paid: list[tuple[int, int]], first: int, more: int) -> None:
    """Day by day: what stood paid at the end of a day before earns one day's rate; cut anywhere it is the same."""
    rate = Decimal("0.0001")
    money = [PaidPart(PROMISED + timedelta(days=day), Decimal(amount)) for day, amount in paid]
    cut, end = PROMISED + timedelta(days=first), PROMISED + timedelta(days=first + more)

    def exact(start: date, until: date) -> Decimal:
        return sum(
            (p.amount * rate * p.days for p in seller_late_parts(money, promised_on=start, handed_over_on=until)),
            Decimal(0),
        )

    by_day = sum((Decimal(amount) * rate for n in range(first + more) for day, amount in paid if day <= n), Decimal(0))
    assert exact(PROMISED, end) == by_day == exact(PROMISED, cut) + exact(cut, end)


@given(st.integers(min_value=0, max_value=300000), st.integers(min_value=0, max_value=200))
def test_paying_in_two_parts_on_one_day_costs_the_same(part: int, days: int) -> None:
    day = DUE + timedelta(days=days)
    assert fee((day, part), (day, 300000 - part)).fee == fee((day, 300000)).fee


def test_the_cap_of_a_deposit() -> None:
    assert deposit_cap(Decimal(1106834)) == Decimal("221366.80")
    assert deposit_cap(Decimal(1106834), Decimal("0.10")) == Decimal("110683.40")


@pytest.mark.parametrize(
    ("fault", "kept", "to_buyer"),
    [(Fault.BUYER, 20000, 0), (Fault.SELLER, 0, 40000), (Fault.NOBODY, 0, 20000)],
)
def test_who_gets_the_deposit(fault: Fault, kept: int, to_buyer: int) -> None:
    outcome = deposit_outcome(Decimal(20000), fault)
    assert (outcome.kept, outcome.paid_to_buyer) == (Decimal(kept), Decimal(to_buyer))
    with pytest.raises(RuleError):
        deposit_outcome(Decimal(-1), fault)


@pytest.mark.parametrize(
    ("printed", "fault", "returned"),
    [(False, Fault.BUYER, 5000), (True, Fault.BUYER, 0), (True, Fault.SELLER, 5000), (True, Fault.NOBODY, 5000)],
)
def test_earnest_money_is_no_deposit(printed: bool, fault: Fault, returned: int) -> None:
    assert earnest_refund(Decimal(5000), printed_non_refundable=printed, fault=fault) == Decimal(returned)
