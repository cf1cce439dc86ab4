"""认购, 合同 and 变更 of the demo world: nine months of orders in every state, made through the flows by the people concerned.

Two chapters, for 2栋 changed its price three days ago between them: what was ordered before keeps its price.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.demo.deals.sold import sold
from app.demo.deals.special import special
from app.demo.deals.take_over import take_over
from app.demo.deals.timetable import Timetable
from app.demo.deals.today import today
from app.demo.deals.variations import varied
from app.demo.deals.waiting import waiting
from app.demo.world import World
from app.kernel.base import now

PRICE_CHANGE = 3  # days ago: see pricing.change


def load(session: Any, world: World) -> None:
    """Everything up to the price change."""
    world.kept["orders"] = times = Timetable()
    for life in (
        *sold(session, world),
        *special(session, world),
        *varied(session, world),
        *waiting(session, world),
        *today(session, world, now()),
    ):
        times.add(life)
    times.run(session, world.at(PRICE_CHANGE, 0))


def recent(session: Any, world: World) -> None:
    """The last days, up to this minute."""
    times: Timetable = world.kept["orders"]
    times.run(session, now() + timedelta(seconds=1))
    take_over(session, world)
