"""The rules of customers as truth tables, without a database (02 §2.4, §2.5.2, §2.5.3)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from app.features.customers import rules
from app.features.customers.choices import ContactKind, FollowResult, Grade, IdKind
from app.kernel.errors import RuleError

TERMS = rules.Terms({Grade.A: 2, Grade.B: 3, Grade.C: 7, Grade.D: 30}, call_days=15, visit_days=7, follow_days=10)
DAY = date(2026, 11, 10)


@pytest.mark.parametrize(
    ("grade", "next_on", "due"),
    [
        (Grade.A, None, date(2026, 11, 12)),
        (Grade.B, None, date(2026, 11, 13)),
        (Grade.C, None, date(2026, 11, 17)),
        (Grade.D, None, date(2026, 12, 10)),
        (Grade.C, date(2026, 11, 12), date(2026, 11, 12)),  # an agreed earlier day counts
        (Grade.A, date(2026, 11, 20), date(2026, 11, 12)),  # a later one does not undo the duty
    ],
)
def test_due_day_is_the_duty_of_the_grade_or_earlier(grade: Grade, next_on: date | None, due: date) -> None:
    assert rules.follow_due(grade, DAY, next_on, TERMS) == due


@pytest.mark.parametrize(
    ("today", "days"), [(DAY - timedelta(1), 0), (DAY, 0), (DAY + timedelta(1), 1), (DAY + timedelta(9), 9)]
)
def test_overdue_starts_the_day_after(today: date, days: int) -> None:
    assert rules.overdue_days(DAY, today) == days
    assert rules.overdue_days(None, today) == 0


@pytest.mark.parametrize(
    ("grade", "silent", "suggested"),
    [
        (Grade.A, 4, None), (Grade.A, 5, Grade.B), (Grade.B, 6, None), (Grade.B, 7, Grade.C),
        (Grade.C, 14, None), (Grade.C, 15, Grade.D), (Grade.D, 400, None),
    ],
)  # fmt: skip
def test_silence_suggests_the_next_lower_grade(grade: Grade, silent: int, suggested: Grade | None) -> None:
    assert rules.suggested_grade(grade, DAY, DAY + timedelta(silent), TERMS) is suggested


@pytest.mark.parametrize(
    ("result", "valid"),
    [
        (FollowResult.REACHED, True), (FollowResult.NO_ANSWER, False), (FollowResult.REFUSED, False),
        (FollowResult.OUT_OF_SERVICE, False),
    ],
)  # fmt: skip
def test_only_a_talk_is_a_valid_follow_up(result: FollowResult, valid: bool) -> None:
    assert rules.is_valid(result) is valid


def test_protection_after_first_contact_and_follow_up() -> None:
    assert rules.protection_after_contact(ContactKind.CALL, DAY, TERMS) == date(2026, 11, 25)
    assert rules.protection_after_contact(ContactKind.FIRST_VISIT, DAY, TERMS) == date(2026, 11, 17)
    assert rules.protection_after_follow(date(2026, 11, 17), DAY, TERMS) == date(2026, 11, 20)
    assert rules.protection_after_follow(date(2026, 11, 25), DAY, TERMS) == date(2026, 11, 25)  # never shortened
    assert rules.protection_after_follow(None, DAY, TERMS) == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("kind", "before", "found"),
    [
        (ContactKind.CALL, False, ContactKind.CALL), (ContactKind.CALL, True, ContactKind.CALL),
        (ContactKind.FIRST_VISIT, False, ContactKind.FIRST_VISIT), (ContactKind.FIRST_VISIT, True, ContactKind.REVISIT),
        (ContactKind.REVISIT, False, ContactKind.FIRST_VISIT), (ContactKind.REVISIT, True, ContactKind.REVISIT),
    ],
)  # fmt: skip
def test_a_visit_is_the_first_one_until_he_has_been_here(kind: ContactKind, before: bool, found: ContactKind) -> None:
    assert rules.visit_kind(kind, before) is found


AT = datetime(2026, 11, 10, 16, 20)


@pytest.mark.parametrize(
    ("now", "late"),
    [
        (AT, False),
        (datetime(2026, 11, 10, 23, 59), False),
        (datetime(2026, 11, 11, 12, 0), False),
        (datetime(2026, 11, 11, 12, 0, 1), True),
    ],
)
def test_entry_is_late_after_noon_of_the_next_day(now: datetime, late: bool) -> None:
    assert rules.check_entry(AT, now, by_supervisor=True, reason="系统停电") is late


@pytest.mark.parametrize(
    ("now", "by_supervisor", "reason", "sentence"),
    [
        (AT - timedelta(minutes=1), True, "", "不能晚于现在"),
        (AT + timedelta(days=2), False, "忘了", "请销售主管补录"),
        (AT + timedelta(days=2), True, "  ", "请写明原因"),
    ],
)
def test_entry_refused(now: datetime, by_supervisor: bool, reason: str, sentence: str) -> None:
    with pytest.raises(RuleError, match=sentence):
        rules.check_entry(AT, now, by_supervisor=by_supervisor, reason=reason)


def test_next_follow_up_lies_ahead() -> None:
    rules.check_next(None, DAY)
    rules.check_next(DAY, DAY)
    with pytest.raises(RuleError, match="不能早于今天"):
        rules.check_next(DAY - timedelta(1), DAY)


@pytest.mark.parametrize(
    ("at", "content", "next_on", "sentence"),
    [
        (AT + timedelta(minutes=1), "已约", None, "不能晚于现在"),
        (AT, "已约", DAY - timedelta(1), "不能早于今天"),
        (AT, " ", None, "请写明跟进内容"),
    ],
)
def test_follow_ups_refused(at: datetime, content: str, next_on: date | None, sentence: str) -> None:
    rules.check_follow_up(AT, AT, "已约", DAY)
    with pytest.raises(RuleError, match=sentence):
        rules.check_follow_up(at, AT, content, next_on)


def test_numbers_are_normalised_once_each_and_false_ones_refused() -> None:
    assert rules.phones(["100 0000 1234", "", "+86-10000001234", "０１０-62345678"]) == ("10000001234", "01062345678")
    for false in ("11111111111", "12345678901", "13800000000", "1380013800", "微信同号"):
        with pytest.raises(RuleError) as refused:
            rules.phones([false])
        assert refused.value.field == "phone"


@pytest.mark.parametrize(("typed", "kept"), [(" 王 伟 ", "王 伟"), ("ＷＡＮＧ", "WANG"), ("王先生", "王先生")])
def test_names_are_folded(typed: str, kept: str) -> None:
    assert rules.person_name(typed) == kept


@pytest.mark.parametrize("typed", ["", "  ", "王伟10012345678", "王" * 65])
def test_names_refused(typed: str) -> None:
    with pytest.raises(RuleError):
        rules.person_name(typed)


def test_identity_numbers_by_kind_of_paper() -> None:
    assert rules.identity_number(IdKind.ID_CARD, "11010519491231002x", DAY) == "11010519491231002X"
    assert rules.identity_number(IdKind.PASSPORT, " e1234 5678", DAY) == "E12345678"
    for kind, typed in (
        (IdKind.ID_CARD, "110105194912310021"),
        (IdKind.PASSPORT, "e1"),
        (IdKind.LICENCE, "91310000MA1K35QX10"),
    ):
        with pytest.raises(RuleError) as refused:
            rules.identity_number(kind, typed, DAY)
        assert refused.value.field == "id_number"
