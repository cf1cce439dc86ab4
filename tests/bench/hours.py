"""Any hour for the whole suite: `--now 2026-12-31T23:59` moves the one clock of the site (app.kernel.base.now) and lets it run on.

For what depends on the day without saying so: minutes before midnight, the first of a month, a Saturday. Servers of their own
(tests/browser, tests/stress) keep the real hour.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import app.kernel.base

LATER = timedelta()


class MovedClock(datetime):
    """datetime, but its now() is LATER."""

    @classmethod
    def now(cls, tz: object = None) -> datetime:
        return datetime.now(tz) + LATER  # type: ignore[arg-type]


def start_at(moment: str) -> None:
    """From here on the site's clock runs from this moment. Raises ValueError for what is no moment."""
    global LATER
    LATER = datetime.fromisoformat(moment) - datetime.now()
    app.kernel.base.datetime = MovedClock  # type: ignore[misc]


def real_now() -> datetime:
    """The present of the site, for tests that set its clock by it."""
    return MovedClock.now()
