"""按揭, 疑难单, 面积补差, 交楼 and 办证 of the demo world: loans on their way, 1栋 with keys and deeds in every state."""

from __future__ import annotations

from typing import Any

from app.demo.aftercare import deeds, doubts, houses, late, loans
from app.demo.world import World


def load(session: Any, world: World) -> None:
    """After the orders and their money; before the archive, which files what came in."""
    loans.load(session, world)
    houses.load(session, world)
    late.load(session, world)
    deeds.load(session, world)
    doubts.load(session, world)
