"""When a customer falls into the 公海, on plain values (02 §2.5.2: 7 d without contact, 30 d without visit, 3 d protection)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

NO_CONTACT, NO_VISIT = "超过 {n} 天没有有效联系", "超过 {n} 天没有到访"


@dataclass(frozen=True)
class PoolTerms:
    """The project's numbers, all in days; 0 contact or visit days = that rule is off."""

    contact_days: int
    visit_days: int
    protect_days: int
    warn_days: int
    back_days: int


@dataclass(frozen=True)
class Silence:
    """How long a customer has been left alone. since: when his owner got him; None = from the beginning. due: the day by which
    his grade wants a call; while it is ahead nobody neglects him (D 30 days, 02 §2.5.3; decision 0047)."""

    last_contact: date
    last_visit: date
    since: date | None = None
    due: date | None = None


def _contact_ends(silence: Silence, terms: PoolTerms) -> date:
    end = silence.last_contact + timedelta(days=terms.contact_days)
    return max(end, silence.due) if silence.due else end


def last_day(silence: Silence, terms: PoolTerms) -> date | None:
    """The last day on which he is still his owner's; None = he never falls back by himself.

    Whoever got him counts his visits from that day, and has `protect_days` to call him.
    """
    ends = []
    if terms.contact_days:
        ends.append(_contact_ends(silence, terms))
    if terms.visit_days:
        began = max(silence.last_visit, silence.since) if silence.since else silence.last_visit
        ends.append(began + timedelta(days=terms.visit_days))
    if not ends:
        return None
    return max(min(ends), silence.since + timedelta(days=terms.protect_days)) if silence.since else min(ends)


def reason(silence: Silence, today: date, terms: PoolTerms) -> str:
    """Why he fell back, as the history says it."""
    if terms.contact_days and _contact_ends(silence, terms) < today:
        return NO_CONTACT.format(n=terms.contact_days)
    return NO_VISIT.format(n=terms.visit_days)


def may_take_back(former: bool, entered: date, today: date, terms: PoolTerms) -> bool:
    """The former owner waits some days, so that he does not hold customers by letting them fall and taking them again."""
    return not former or today >= entered + timedelta(days=terms.back_days)
