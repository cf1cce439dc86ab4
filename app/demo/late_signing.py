"""Who is late to sign on 江畔云庐: one was notified of the end, one's letter has run out, one was written to yesterday."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.demo.world import World
from app.features.deals.reservations.models import Reservation, ReservationState
from app.kernel.workflow import fire

LETTERS = (
    ("SF1688203301", 8, 3),
    ("SF1688203358", 6, None),
    ("SF1688203417", 1, None),
)  # express no., days ago, notice
NOTICE = "EMS1288300917"


def load(session: Any, world: World) -> None:
    """The three that have been late for longest; the letters went out after the day of signing."""
    query = select(Reservation).where(
        Reservation.project_id == world.projects["JPYL"].id, Reservation.state == ReservationState.EFFECTIVE,
        Reservation.ends_as.is_(None), Reservation.sign_due_on < world.day(9),
    )  # fmt: skip
    late = session.scalars(query.order_by(Reservation.sign_due_on, Reservation.id).limit(len(LETTERS))).all()
    for order, (express, ago, noticed) in zip(late, LETTERS, strict=False):
        with world.acting("clerk", world.at(ago, 16, 20)) as who:
            fire(session, order, "demand_signing", who, on=world.day(ago), express_no=express)
        if noticed is not None:
            with world.acting("developer_site", world.at(noticed, 10, 30)) as who:
                fire(session, order, "notify_end", who, on=world.day(noticed), express_no=NOTICE)
