"""Units are found by full name and room; the hit leads to the board, which every reader of units has."""

from __future__ import annotations

from app.features.units.models import Unit
from app.kernel.registries import add_search


def register() -> None:
    """Declare units to the global search. Nothing of price or hold is in the words."""
    add_search(
        Unit,
        Unit.__label__,
        title=lambda unit: unit.full_name,
        text=lambda unit: f"{unit.full_name} {unit.room}",
        url=lambda unit: f"/board?building={unit.building_id}#u{unit.id}",
        rank=2,
    )
