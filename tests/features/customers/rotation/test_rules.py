"""The script of 02 §2.5.1, its edges, and what must hold over any day."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.customers.rotation.choices import Order, Presence, Visitor, Why
from app.features.customers.rotation.rules import Asked, Given, Line, Member, Terms, give, heads, moved, opening, spend
from app.kernel.errors import RuleError

A, B, C = 1, 2, 3
ABC = Line((Member(A), Member(B), Member(C)))
HERE, BUSY, ERRAND, MEAL, LEAVE = Presence.PRESENT, Presence.BUSY, Presence.ERRAND, Presence.MEAL, Presence.LEAVE
NEW = Asked(Visitor.NEW)


def order(line: Line) -> list[int]:
    return [m.person for m in line.members]


def after(line: Line, *asked: Asked, terms: Terms = Terms()) -> Given:
    done = None
    for one in asked:
        done = give(line, one, terms)
        line = done.line
    assert done is not None
    return done


def test_the_script_of_the_spec() -> None:
    first = give(ABC, NEW, Terms())
    assert (first.person, first.why, order(first.line)) == (A, Why.TURN, [B, C, A])
    old = give(first.line, Asked(Visitor.OLD, B), Terms())
    assert (old.person, old.why, old.used, order(old.line)) == (B, Why.OWN, False, [B, C, A])
    second = give(old.line, NEW, Terms())
    assert (second.person, order(second.line)) == (B, [C, A, B])
    away = moved(second.line, C, LEAVE)
    third = give(away, NEW, Terms())
    assert third.person == A
    assert [(s.person, s.why) for s in third.skips] == [(C, Why.PASSED)]
    assert third.line.owed == ()  # private leave: no make-up
    back = moved(third.line, C, HERE)
    assert give(back, NEW, Terms()).person == B


def test_an_errand_is_owed_and_served_first_on_return() -> None:
    line = moved(Line((Member(C), Member(A), Member(B))), C, ERRAND)
    given_a = give(line, NEW, Terms())
    assert given_a.person == A
    assert given_a.line.owed == (C,)
    back = moved(given_a.line, C, HERE)
    made_up = give(back, NEW, Terms())
    assert (made_up.person, made_up.why, made_up.line.owed) == (C, Why.MAKEUP, ())
    assert order(made_up.line) == order(back)  # the make-up costs him no place
    assert give(made_up.line, NEW, Terms()).person == B


@pytest.mark.parametrize(
    ("presence", "owed"), [(BUSY, True), (ERRAND, True), (MEAL, True), (LEAVE, False), (Presence.EXPECTED, False)]
)
def test_what_is_made_up(presence: Presence, owed: bool) -> None:
    passed = give(moved(ABC, A, presence), NEW, Terms())
    assert passed.person == B
    assert (passed.line.owed == (A,)) is owed


def test_skipped_while_receiving_an_old_customer_is_a_parameter() -> None:
    old = give(ABC, Asked(Visitor.OLD, A), Terms()).line
    assert give(moved(old, A, BUSY), NEW, Terms()).line.owed == (A,)
    assert give(moved(old, A, BUSY), NEW, Terms(skip_old=True)).line.owed == ()
    new = give(ABC, NEW, Terms()).line  # A is busy with a new customer: made up all the same
    round_later = after(moved(new, A, BUSY), NEW, NEW, NEW, terms=Terms(skip_old=True))
    assert round_later.person == B
    assert round_later.line.owed == (A,)


def test_debts_are_served_oldest_first_and_only_who_is_back() -> None:
    line = moved(moved(ABC, A, MEAL), B, ERRAND)
    line = give(line, NEW, Terms()).line
    assert line.owed == (A, B)
    line = moved(line, B, HERE)
    served = give(line, NEW, Terms())
    assert (served.person, served.line.owed) == (B, (A,))


@pytest.mark.parametrize(
    ("asked", "person", "why"),
    [
        (Asked(Visitor.NAMED, C), C, Why.NAMED),
        (Asked(Visitor.PEER), A, Why.FREE),
        (Asked(Visitor.CHANNEL), A, Why.FREE),
        (Asked(Visitor.REFERRAL), A, Why.FREE),
        (Asked(Visitor.REFERRAL, B), B, Why.NAMED),
        (Asked(Visitor.CHANNEL, C), C, Why.NAMED),
    ],
)
def test_who_uses_no_turn(asked: Asked, person: int, why: Why) -> None:
    done = give(ABC, asked, Terms())
    assert (done.person, done.why, done.used, order(done.line)) == (person, why, False, [A, B, C])


def test_the_parameters_let_them_use_one() -> None:
    every = Terms(named_uses=True, channel_uses=True, referral_uses=True)
    assert order(give(ABC, Asked(Visitor.CHANNEL), every).line) == [B, C, A]
    named = give(ABC, Asked(Visitor.NAMED, C), every)
    assert named.used
    assert after(named.line, NEW, NEW, NEW, terms=every).person == A  # C's next turn was that one


def test_an_old_customer_whose_consultant_is_away_is_covered_without_a_turn() -> None:
    for presence in (LEAVE, MEAL, ERRAND):
        done = give(moved(ABC, C, presence), Asked(Visitor.OLD, C), Terms())
        assert (done.person, done.why, done.used, order(done.line)) == (A, Why.COVER, False, [A, B, C])
    assert give(moved(ABC, C, BUSY), Asked(Visitor.OLD, C), Terms()).person == C
    assert give(ABC, Asked(Visitor.OLD, 99), Terms()).why is Why.COVER  # not on today's list


def test_an_unregistered_old_customer_takes_the_turn() -> None:
    done = give(ABC, Asked(Visitor.UNREGISTERED), Terms())
    assert (done.person, done.why, done.used, order(done.line)) == (A, Why.UNREGISTERED, True, [B, C, A])


def test_forgetting_to_ask_loses_one_turn() -> None:
    line = spend(Line((Member(B), Member(A), Member(C))), A)
    first = after(line, NEW)
    assert first.person == B
    second = give(first.line, NEW, Terms())
    assert (second.person, [(s.person, s.why) for s in second.skips]) == (C, [(A, Why.SPENT)])
    assert after(second.line, NEW, NEW).person == A  # once only
    owed = Line(ABC.members, owed=(A,))
    assert spend(owed, A).owed == ()  # what he has to get is what he loses


def test_the_supervisor_decides_and_it_counts() -> None:
    done = give(ABC, Asked(Visitor.NEW, C, by_head=True), Terms())
    assert (done.person, done.why) == (C, Why.OVERRIDE)
    assert after(done.line, NEW, NEW, NEW).person == A
    with pytest.raises(RuleError, match="今天在这个队里"):
        give(ABC, Asked(Visitor.NEW, 99, by_head=True), Terms())


def test_position_a_may_not_be_empty() -> None:
    line = moved(moved(ABC, A, LEAVE), B, MEAL)
    for presence in (MEAL, ERRAND, LEAVE):
        with pytest.raises(RuleError, match="A 位不能空"):
            moved(line, C, presence)
    assert moved(line, C, MEAL, by_head=True).member(C) == Member(C, MEAL)
    assert moved(line, C, BUSY).member(C) == Member(C, BUSY)  # with a customer he is where he should be
    with pytest.raises(RuleError, match="没有在岗的顾问"):
        give(moved(line, C, BUSY), NEW, Terms())


def test_who_is_asked_for_must_be_here() -> None:
    with pytest.raises(RuleError, match="不在岗"):
        give(moved(ABC, C, MEAL), Asked(Visitor.NAMED, C), Terms())
    with pytest.raises(RuleError, match="请选择客户指定"):
        give(ABC, Asked(Visitor.NAMED), Terms())
    with pytest.raises(RuleError, match="请选择这位老客户"):
        give(ABC, Asked(Visitor.OLD), Terms())


def test_a_newcomer_stands_at_the_end() -> None:
    assert order(moved(ABC, 4, HERE)) == [A, B, C, 4]


def test_how_a_day_begins() -> None:
    rota = [(A, 1), (B, 2), (C, 3)]
    assert opening(rota, Order.PARITY, date(2026, 11, 23), {}) == (A, B, C)
    assert opening(rota, Order.PARITY, date(2026, 11, 24), {}) == (C, B, A)
    assert opening(rota, Order.FEWEST, date(2026, 11, 24), {A: 5, B: 2, C: 5}) == (B, A, C)


def test_who_comes_next_is_said_before_anybody_comes() -> None:
    line = Line((Member(A, MEAL), Member(B), Member(C)), owed=(C, A))
    assert heads(line) == (C, B, C)
    assert give(line, NEW, Terms()).person == heads(line)[0]


# ── over any day ──
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("new"), st.just(0), st.just(HERE)),
        st.tuples(st.just("new"), st.just(0), st.just(HERE)),
        st.tuples(st.just("old"), st.integers(1, 5), st.just(HERE)),
        st.tuples(st.just("peer"), st.just(0), st.just(HERE)),
        st.tuples(st.just("move"), st.integers(1, 5), st.sampled_from([HERE, HERE, BUSY, ERRAND, MEAL])),
    ),
    max_size=120,
)


def _event(line: Line, kind: str, person: int, presence: Presence) -> Given | Line:
    if kind == "move":
        return moved(line, person, presence)
    visitor = {"new": Visitor.NEW, "old": Visitor.OLD, "peer": Visitor.PEER}[kind]
    return give(line, Asked(visitor, person or None), Terms())


@given(EVENTS)
def test_shares_differ_by_at_most_one_after_make_ups(events: list[tuple[str, int, Presence]]) -> None:
    """Whoever missed turns for the site's sake only: new visitors served plus turns still owed are even all day long."""
    line = Line(tuple(Member(p) for p in range(1, 6)))
    served: Counter[int] = Counter()
    for kind, person, presence in events:
        try:
            done = _event(line, kind, person, presence)
        except RuleError:
            continue
        line = done.line if isinstance(done, Given) else done
        if isinstance(done, Given) and done.used:
            served[done.person] += 1
        shares = [served[p] + line.owed.count(p) for p in range(1, 6)]
        assert max(shares) - min(shares) <= 1, (events, shares)
        assert sorted(order(line)) == [1, 2, 3, 4, 5]


@given(EVENTS, st.integers(1, 5), st.integers(0, 60))
def test_an_absence_of_ones_own_never_costs_or_gives_the_others(
    events: list[tuple[str, int, Presence]], absent: int, since: int
) -> None:
    line = Line(tuple(Member(p) for p in range(1, 6)))
    served: Counter[int] = Counter()
    gone = False
    for number, (kind, person, presence) in enumerate(events):
        if number == since and any(m.here for m in line.members if m.person != absent):
            line, gone = moved(line, absent, LEAVE), True
        if kind == "move" and person == absent and gone:
            continue
        try:
            done = _event(line, kind, person, presence)
        except RuleError:
            continue
        line = done.line if isinstance(done, Given) else done
        if isinstance(done, Given) and done.used:
            served[done.person] += 1
        others = [served[p] + line.owed.count(p) for p in range(1, 6) if p != absent]
        assert max(others) - min(others) <= 1
