"""资料档案 of the demo world: households half and fully on file, loans, letters, seals and regulations in every state."""

from __future__ import annotations

from typing import Any

from app.demo.archive import desk, households, regulations, site_files, templates
from app.demo.world import World


def load(session: Any, world: World) -> None:
    """Nine months of filing, and what waits today for each post."""
    households.load(session, world)
    site_files.load(session, world)
    desk.load(session, world)
    regulations.load(session, world)
    templates.load(session, world)
