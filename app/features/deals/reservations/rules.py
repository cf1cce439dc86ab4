"""What holds of the people of a 认购书: minors and their guardians, the split between two consultants (02 §2.2.2, §2.4)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from app.kernel.errors import RuleError

OF_AGE = 18
BIRTH = slice(6, 14)  # of an 18-digit identity number


def born_on(id_number: str) -> date | None:
    """The birthday in an identity number of 18 digits; None for other papers."""
    digits = id_number[BIRTH]
    if len(id_number) != 18 or not digits.isdigit():
        return None
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def is_minor(born: date | None, today: date) -> bool:
    """Under 18 on that day; who was born on 29 February comes of age on 1 March."""
    if born is None:
        return False
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return years < OF_AGE


def demand_counts(sign_due_on: date | None, demanded_on: date | None) -> bool:
    """A 催签函 counts when it went out after the day of signing; an extension makes an older one void."""
    return sign_due_on is not None and demanded_on is not None and demanded_on > sign_due_on


def end_notice_from(sign_due_on: date | None, demanded_on: date | None, days: int) -> date | None:
    """The first day on which the end may be notified: the day after the letter's days; None while no letter counts (02 §2.2.1)."""
    if not demand_counts(sign_due_on, demanded_on) or demanded_on is None:
        return None
    return demanded_on + timedelta(days=days + 1)


def split_share(percent: Decimal) -> Decimal:
    """The owner's part as a fraction; the partner has the rest, so that both add up to 100 %.

    Raises RuleError unless something is left for both, in whole hundredths of a per cent.
    """
    if not Decimal(0) < percent < Decimal(100):
        raise RuleError("本人比例应大于 0 且小于 100", field="percent")
    if percent != percent.quantize(Decimal("0.01")):
        raise RuleError("本人比例最多两位小数", field="percent")
    return percent / 100
