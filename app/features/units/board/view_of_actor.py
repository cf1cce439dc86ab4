"""What may this person see on the board, and what did he ask for? Filters, names of holds, his own units."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.features.units.board.rules import PRICE_BANDS, BoardUnit, in_band
from app.features.units.models import HOLD_READERS, UnitState
from app.kernel.actors import Actor
from app.kernel.posts import Post


@dataclass(frozen=True)
class Asked:
    """The filters of the address; anything odd is left out, never an error."""

    type_id: int | None = None
    band: str = ""
    mine_only: bool = False

    @property
    def query(self) -> dict[str, str]:
        """The filters as query values."""
        pairs = {"type": str(self.type_id or ""), "price": self.band, "mine": "1" if self.mine_only else ""}
        return {name: value for name, value in pairs.items() if value}


def asked(args: Mapping[str, str]) -> Asked:
    """Read the filters of the address."""
    kind, band = args.get("type", ""), args.get("price", "")
    known = {name for name, _low, _high in PRICE_BANDS}
    type_id = int(kind) if kind.isascii() and kind.isdigit() and len(kind) < 10 else None
    return Asked(type_id, band if band in known else "", args.get("mine") == "1")


def reads_holds(actor: Actor, project_id: int) -> bool:
    """Whether he may know that a unit is held: everybody but consultants and channel officers."""
    return actor.holds(HOLD_READERS, project_id)


def has_mine(actor: Actor, project_id: int) -> bool:
    """Whether «只看我的» or «只看我组» means anything to him."""
    return actor.holds((Post.CONSULTANT, Post.SUPERVISOR), project_id)


def looks_at_team(actor: Actor, project_id: int) -> bool:
    """A supervisor of scope 本组 marks the units of his team, everybody else his own."""
    return any(p.post is Post.SUPERVISOR and p.team_id is not None and project_id in p.projects for p in actor.postings)


def view_digest(actor: Actor, project_id: int, ask: Asked) -> str:
    """A short name of «this person with these filters», part of the board's version."""
    text = f"{actor.person_id}:{reads_holds(actor, project_id)}:{sorted(ask.query.items())}"
    return f"{zlib.crc32(text.encode()):08x}"


def filters(ask: Asked, mine: set[int]) -> list[Callable[[BoardUnit], bool]]:
    """The tests that a shown unit passes. An unreleased unit has no public price, so a price band leaves it out."""
    tests: list[Callable[[BoardUnit], bool]] = []
    if ask.type_id is not None:
        tests.append(lambda unit: unit.type_id == ask.type_id)
    if ask.band:
        tests.append(lambda unit: unit.state is not UnitState.WAIT and in_band(unit.list_total, ask.band))
    if ask.mine_only:
        tests.append(lambda unit: unit.id in mine)
    return tests
