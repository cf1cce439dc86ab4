"""What the organisation does by itself."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.features.organisation.effects import switch_off_leavers
from app.kernel.jobs import every

HOUR = 3600


@every(seconds=HOUR, name="organisation.leavers")
def leavers(session: Session) -> int:
    """Accounts of people whose last day is over."""
    return switch_off_leavers(session)
