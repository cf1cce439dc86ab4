"""Whose customer it is, when he falls into the 公海, what a 报备 is worth: the tables of 02 §2.5.2."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from app.features.customers.channels import rules as channels
from app.features.customers.channels.choices import Verdict
from app.features.customers.channels.rules import ChannelTerms, Known
from app.features.customers.claims.choices import Ground, Ruling
from app.features.customers.claims.rules import ClaimTerms, Story, check_judge, in_time, propose, share_of
from app.features.customers.leavers.rules import divided
from app.features.customers.pool.rules import PoolTerms, Silence, last_day, may_take_back, reason
from app.kernel.errors import RuleError

DAY = date(2026, 11, 24)
TERMS = ClaimTerms(call_days=15, visit_days=7, follow_days=10, back_claim_days=7)
FIRST, CLAIMANT, SPLIT = Ruling.FIRST, Ruling.CLAIMANT, Ruling.SPLIT


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("story", "held"),
    [
        (Story(DAY, first_on=ago(7)), True),  # a visit holds 7 days, the last one included
        (Story(DAY, first_on=ago(8)), False),
        (Story(DAY, first_on=ago(15), first_was_call=True), True),  # a call 15
        (Story(DAY, first_on=ago(16), first_was_call=True), False),
        (Story(DAY, first_on=ago(60), last_valid_on=ago(10)), True),  # a valid follow-up 10
        (Story(DAY, first_on=ago(60), last_valid_on=ago(11)), False),
        (Story(DAY, first_on=ago(60), protected_until=DAY), True),
        (Story(DAY, first_on=ago(60), protected_until=ago(1)), False),
        (Story(DAY), False),
    ],
)
def test_a_registration_holds_while_it_is_followed(story: Story, held: bool) -> None:
    assert in_time(story, TERMS) is held


FRESH, STALE = Story(DAY, first_on=ago(3)), Story(DAY, first_on=ago(40))


@pytest.mark.parametrize(
    ("ground", "story", "ruling", "share"),
    [
        (Ground.KNOWN, FRESH, FIRST, 1),  # the first valid register wins if followed in time
        (Ground.KNOWN, STALE, CLAIMANT, 0),
        (Ground.CLOSED_TOLD, FRESH, SPLIT, "0.5"),  # closed on the spot after phoning the absent consultant
        (Ground.CLOSED_TOLD, STALE, SPLIT, "0.5"),
        (Ground.CLOSED_UNTOLD, FRESH, FIRST, 1),  # not phoned, hidden: all to the first
        (Ground.CLOSED_UNTOLD, STALE, FIRST, 1),
        (Ground.SPOUSES, FRESH, SPLIT, "0.5"),
        (Ground.SPOUSES, STALE, SPLIT, "0.5"),
        (Ground.RELATIVES, FRESH, FIRST, 1),
        (Ground.RELATIVES, STALE, CLAIMANT, 0),
        (Ground.SIBLINGS, FRESH, CLAIMANT, 0),  # no group unless the site says so
        (Ground.BACK_CLAIM, Story(DAY, first_on=ago(40), dealt_on=ago(7)), CLAIMANT, 0),  # within 7 days after the deal
        (Ground.BACK_CLAIM, Story(DAY, first_on=ago(40), dealt_on=ago(8)), FIRST, 1),
        (Ground.BACK_CLAIM, FRESH, FIRST, 1),  # no deal yet
        (Ground.KNOWN, Story(DAY, owned=False, first_on=ago(3)), CLAIMANT, 0),  # 公海
        (Ground.CLOSED_UNTOLD, Story(DAY, owned=False), CLAIMANT, 0),
    ],
)
def test_the_proposal(ground: Ground, story: Story, ruling: Ruling, share: object) -> None:
    found = propose(ground, story, TERMS)
    assert (found.ruling, found.share) == (ruling, Decimal(str(share)))
    assert found.why


def test_terms_of_the_site_decide() -> None:
    siblings = ClaimTerms(15, 7, 10, 7, siblings=True)
    assert propose(Ground.SIBLINGS, FRESH, siblings).ruling is FIRST
    uneven = ClaimTerms(15, 7, 10, 7, split=Decimal("0.6"))
    assert propose(Ground.SPOUSES, FRESH, uneven).share == Decimal("0.6")


def test_the_part_of_a_ruling() -> None:
    assert share_of(SPLIT, Decimal(60)) == Decimal("0.6")
    assert [share_of(r, None) for r in (FIRST, CLAIMANT, Ruling.POOL)] == [1, 0, None]
    for ruling, percent in ((SPLIT, None), (SPLIT, Decimal(0)), (SPLIT, Decimal(100)), (FIRST, Decimal(50))):
        with pytest.raises(RuleError):
            share_of(ruling, percent)


def test_nobody_judges_his_own_case() -> None:
    check_judge(3, frozenset({1, 2}))
    for judge, parties, earlier in ((1, {1, 2}, None), (2, {1, 2}, None), (3, {1, 2}, 3)):
        with pytest.raises(RuleError):
            check_judge(judge, frozenset(parties), earlier)


POOL = PoolTerms(contact_days=7, visit_days=30, protect_days=3, warn_days=2, back_days=3)


@pytest.mark.parametrize(
    ("silence", "terms", "last"),
    [
        (Silence(ago(7), ago(20)), POOL, DAY),
        (Silence(ago(0), ago(30)), POOL, DAY),  # no visit for 30 days, though he was called
        (Silence(ago(1), ago(1)), POOL, DAY + timedelta(days=6)),
        (Silence(ago(60), ago(90), since=DAY), POOL, DAY + timedelta(days=3)),  # taken today: 3 days
        (Silence(ago(0), ago(90), since=ago(10)), POOL, DAY + timedelta(days=7)),  # visits count from then
        (Silence(ago(20), ago(10), due=DAY), POOL, DAY),  # grade D: to be called within 30 days
        (Silence(ago(7), ago(10), due=ago(5)), POOL, DAY),
        (Silence(ago(60), ago(60)), PoolTerms(0, 30, 3, 2, 3), ago(30)),
        (Silence(ago(60), ago(60)), PoolTerms(0, 0, 3, 2, 3), None),
    ],
)
def test_the_last_day_before_the_pool(silence: Silence, terms: PoolTerms, last: date | None) -> None:
    assert last_day(silence, terms) == last


def test_why_he_fell_and_who_waits() -> None:
    assert reason(Silence(ago(8), ago(31)), DAY, POOL) == "超过 7 天没有有效联系"
    assert reason(Silence(ago(1), ago(31)), DAY, POOL) == "超过 30 天没有到访"
    assert may_take_back(True, ago(3), DAY, POOL) and may_take_back(False, DAY, DAY, POOL)
    assert not may_take_back(True, ago(2), DAY, POOL)


CHANNEL = ChannelTerms(ahead_minutes=30, valid_days=3, protect_days=30, natural_days=30)
AT = datetime(2026, 11, 24, 10)


@pytest.mark.parametrize(
    ("known", "verdict"),
    [
        (Known(), Verdict.VALID),
        (Known(natural_on=ago(30)), Verdict.NATURAL),
        (Known(natural_on=ago(31)), Verdict.VALID),
        (Known(natural_on=ago(31), protected_until=DAY), Verdict.KNOWN),
        (Known(protected_until=ago(1)), Verdict.VALID),
        (Known(earlier="other"), Verdict.OTHER_CHANNEL),
        (Known(earlier="same"), Verdict.TWICE),
        (Known(dealt=True, earlier="other"), Verdict.DEALT),
    ],
)
def test_what_a_report_is_worth(known: Known, verdict: Verdict) -> None:
    assert channels.judge(known, DAY, CHANNEL) is verdict


@pytest.mark.parametrize(
    ("arrived", "words"),
    [
        (AT + timedelta(minutes=30), ""),
        (AT + timedelta(minutes=29), "30 分钟"),
        (datetime(2026, 11, 27, 17), ""),  # the third day after, the last one included
        (datetime(2026, 11, 28, 9), "已过期"),
    ],
)
def test_the_arrival(arrived: datetime, words: str) -> None:
    until, moment = channels.valid_until(AT, CHANNEL), datetime(2026, 12, 1)
    if not words:
        channels.check_arrival(AT, until, arrived, moment, CHANNEL)
        return
    with pytest.raises(RuleError, match=words):
        channels.check_arrival(AT, until, arrived, moment, CHANNEL)


def test_numbers_of_channels() -> None:
    for text in ("138****8888", "138 **** 8888", "138xxxx8888", "１３８＊＊＊＊８８８８"):
        assert channels.reported_phone(text) == "138****8888"
    assert channels.reported_phone("138-0013-8000") == "13800138000"
    for text in ("138****", "****8888", "13*****88888", "", "abc"):
        with pytest.raises(RuleError):
            channels.reported_phone(text)
    assert channels.surname(" 王先生 ") == "王先生"
    with pytest.raises(RuleError):
        channels.surname("13800138000")


def test_a_deal_belongs_to_the_channel_within_its_protection() -> None:
    assert channels.holds(ago(30), DAY, CHANNEL) and channels.holds(DAY, DAY, CHANNEL)
    assert not channels.holds(ago(31), DAY, CHANNEL) and not channels.holds(DAY, ago(1), CHANNEL)


def test_customers_are_dealt_out_by_weight() -> None:
    found = divided(range(10), {7: 2, 8: 1, 9: 1})
    assert {person: len(ids) for person, ids in found.items()} == {7: 5, 8: 3, 9: 2}
    assert sorted(i for ids in found.values() for i in ids) == list(range(10))
    assert divided([], {7: 1}) == {7: []}
    for weights in ({}, {7: 0}, {7: -1, 8: 2}):
        with pytest.raises(RuleError):
            divided([1], weights)


@pytest.mark.parametrize("weights", [{1: 1, 2: 1}, {1: 3, 2: 1, 3: 1}, {1: 7, 2: 2, 3: 5}])
def test_nobody_is_more_than_one_customer_off_his_part(weights: dict[int, int]) -> None:
    whole = sum(weights.values())
    for number in range(60):
        found = divided(range(number), weights)
        assert all(abs(len(found[p]) - weights[p] * number / whole) <= 1 for p in weights)
