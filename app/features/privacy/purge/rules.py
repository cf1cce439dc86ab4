"""Which day parts those who are kept from those who are erased."""

from __future__ import annotations

from datetime import date

from app.features.archive.rules import months_later


def oldest_kept(today: date, months: int) -> date:
    """Whoever was last heard of before this day is to be erased; on the day itself he is still kept."""
    return months_later(today, -months)
