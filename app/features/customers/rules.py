"""What must hold for customers, visits and follow-ups, on plain values (02 §2.4, §2.5.2, §2.5.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.features.customers.choices import ContactKind, FollowResult, Grade, IdKind
from app.kernel.chinese import check_id_card, check_uscc, fold, parse_phone
from app.kernel.errors import RuleError

ENTRY_HOUR = time(12, 0)


@dataclass(frozen=True)
class Terms:
    """The project's numbers, in days: follow-up duty by grade, protection after a call, a visit, a valid follow-up.

    silence: after so many times the duty without a talk a lower grade is suggested.
    """

    duty: Mapping[Grade, int]
    call_days: int
    visit_days: int
    follow_days: int
    silence: int = 2


def is_valid(result: FollowResult) -> bool:
    """Only a talk counts; 停机, 无人接, 拒接 do not (02 §2.4 跟进)."""
    return result is FollowResult.REACHED


def follow_due(grade: Grade, last_valid: date, next_on: date | None, terms: Terms) -> date:
    """The day by which he must be reached again: the duty of his grade, earlier when an earlier day was agreed (02 §2.5.3)."""
    duty = last_valid + timedelta(days=terms.duty[grade])
    return min(duty, next_on) if next_on else duty


def overdue_days(due: date | None, today: date) -> int:
    """Days after the due day, 0 when in time; on the due day itself one is in time."""
    return max((today - due).days, 0) if due else 0


def suggested_grade(grade: Grade, last_valid: date, today: date, terms: Terms) -> Grade | None:
    """The next lower grade after `silence` times the duty without a talk, None when the present one stands (02 §2.5.3)."""
    if grade is list(Grade)[-1] or (today - last_valid).days <= silent_days(grade, terms):
        return None
    return next_lower(grade)


def silent_days(grade: Grade, terms: Terms) -> int:
    """Days of silence that a grade bears; on the day after them a lower one is suggested."""
    return terms.silence * terms.duty[grade]


def next_lower(grade: Grade) -> Grade:
    """A → B → C → D, D stays."""
    order = list(Grade)
    return order[min(order.index(grade) + 1, len(order) - 1)]


def protection_after_contact(kind: ContactKind, day: date, terms: Terms) -> date:
    """Last day on which the first registration protects the owner (02 §2.5.2)."""
    return day + timedelta(days=terms.call_days if kind is ContactKind.CALL else terms.visit_days)


def protection_after_follow(present: date | None, day: date, terms: Terms) -> date:
    """A valid follow-up prolongs the protection, it never shortens it."""
    prolonged = day + timedelta(days=terms.follow_days)
    return max(present, prolonged) if present else prolonged


def visit_kind(kind: ContactKind, visited_before: bool) -> ContactKind:
    """A call stays a call; a visit is 首访 until the customer has been here once (02 §2.4)."""
    if kind is ContactKind.CALL:
        return kind
    return ContactKind.REVISIT if visited_before else ContactKind.FIRST_VISIT


def entry_deadline(at: datetime) -> datetime:
    """A call or visit is entered until 12:00 of the next day (02 §2.4)."""
    return datetime.combine(at.date() + timedelta(days=1), ENTRY_HOUR)


def check_entry(at: datetime, now: datetime, *, by_supervisor: bool, reason: str) -> bool:
    """Whether this is a late entry (补录). Raises RuleError for the future, for others than a supervisor, without a reason."""
    if at > now:
        raise RuleError("来电来访时间不能晚于现在", field="at")
    if now <= entry_deadline(at):
        return False
    if not by_supervisor:
        raise RuleError("已过录入时限（次日 12:00），请销售主管补录并写明原因", field="at")
    if not reason.strip():
        raise RuleError("补录请写明原因", field="late_reason")
    return True


def check_next(next_on: date | None, today: date) -> None:
    """The next follow-up lies ahead; raises RuleError."""
    if next_on is not None and next_on < today:
        raise RuleError("下次跟进日期不能早于今天", field="next_on")


def check_held(at: datetime, now: datetime) -> None:
    """A follow-up lies behind; raises RuleError."""
    if at > now:
        raise RuleError("跟进时间不能晚于现在", field="at")


def check_follow_up(at: datetime, now: datetime, content: str, next_on: date | None) -> None:
    """A follow-up lies behind, the next one ahead, and something was said or tried; raises RuleError."""
    check_held(at, now)
    check_next(next_on, at.date())
    if not content.strip():
        raise RuleError("请写明跟进内容", field="content")


def phones(numbers: Iterable[str], *, field: str = "phone") -> tuple[str, ...]:
    """Normalised numbers in order, each once; blanks are left out. Raises RuleError for impossible and obviously false ones."""
    return tuple(dict.fromkeys(parse_phone(n, field=field) for n in numbers if n.strip()))


def person_name(text: str, *, field: str = "name") -> str:
    """The name as kept; raises RuleError when empty, too long, or full of digits."""
    name = fold(text)
    if not name:
        raise RuleError("请填写客户姓名（可填「王先生」）", field=field)
    if len(name) > 64:
        raise RuleError("姓名不能超过 64 个字", field=field)
    if sum(c.isdigit() for c in name) > 3:
        raise RuleError("姓名里不要写号码，请把号码填在手机一栏", field=field)
    return name


def identity_number(kind: IdKind, text: str, today: date) -> str:
    """The number of a paper as kept: 身份证 and 营业执照 by their check digits, others as written. Raises RuleError."""
    if kind is IdKind.ID_CARD:
        return check_id_card(text, today=today, field="id_number")
    if kind is IdKind.LICENCE:
        return check_uscc(text, field="id_number")
    number = fold(text).upper().replace(" ", "")
    if not 4 <= len(number) <= 32:
        raise RuleError("证件号码应为 4 至 32 位，请核对证件", field="id_number")
    return number
