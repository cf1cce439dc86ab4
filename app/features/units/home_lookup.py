"""Homes as tables of other people write them: «3栋1单元1102», «3-1-1102», «３＃1102室» → our units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from app.features.units.models import Unit
from app.kernel.home_texts import home_key


def units_named(desk: Any, texts: Iterable[str]) -> dict[str, list[int]]:
    """Ids of the project's units by each text as written; scope applies."""
    keys: dict[str, list[int]] = {}
    for pk, name in desk.session.execute(select(Unit.id, Unit.full_name).where(Unit.project_id == desk.project_id)):
        keys.setdefault(home_key(name), []).append(pk)
    return {text: keys[home_key(text)] for text in texts if home_key(text) in keys}


def by_unit(found: Mapping[str, list[int]], owners: Mapping[int, list[int]]) -> dict[str, list[int]]:
    """From units to what hangs on them (accounts, orders) by unit id."""
    return {text: [pk for unit in units for pk in owners.get(unit, ())] for text, units in found.items()}
