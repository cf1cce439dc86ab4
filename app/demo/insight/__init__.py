"""统一口径, 意向分析, 难单协助, 潜客统计上报: what the site answers, what the supervisor advises and reports — every state once."""

from __future__ import annotations

from typing import Any

from app.demo.insight import helping, reports, scripts
from app.demo.world import World


def load(session: Any, world: World) -> None:
    """Answers first, then the customers of the last days."""
    scripts.load(session, world)
    helping.load(session, world)
    reports.load(session, world)
