"""The kinds of printed papers: declared by the features beside the record that they print, in `register()`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.kernel.actors import Actor
from app.kernel.base import declared_fields
from app.kernel.chinese import mask_id, mask_phone
from app.kernel.errors import Forbidden, NotFound
from app.kernel.money import capitals, format_amount
from app.kernel.papers.definition import Definition, Values, read_definition
from app.kernel.privacy import may_reveal, personal_field
from app.kernel.registries import LOOKUPS

NONE = "／"  # what a Chinese form writes where there is nothing to say
_MASKS = {"id": mask_id, "phone": mask_phone}


@dataclass
class Desk:
    """What a kind's values are written with: who prints, and whether he asked for personal numbers in full."""

    session: Session
    actor: Actor
    full: bool = False
    shown_in_full: list[tuple[str, int, str]] = field(default_factory=list)  # (table, id, field) for the trail

    def reads(self, model: type[Any], name: str, project_id: int) -> bool:
        """Whether the person may read this field: a paper tells nobody more than the record's page."""
        facts = dict(declared_fields(model))[name]
        return facts.readers is None or self.actor.system or self.actor.holds(facts.readers, project_id)

    def personal(self, record: Any, name: str) -> str:
        """A personal value as it may stand on this paper. Raises Forbidden for full values beyond the person's right."""
        facts, value = personal_field(type(record), name), getattr(record, name)
        if not value:
            return NONE
        if self.full:
            if not may_reveal(self.actor, record, facts):
                raise Forbidden(facts.label)
            self.shown_in_full.append((record.__tablename__, record.id, name))
            return str(value)
        mask = _MASKS.get(facts.personal)
        return mask(str(value)) if mask is not None else "*" * 6


@dataclass(frozen=True)
class PrintedKind:
    """One kind. values: what its placeholders stand for; offered: whether this record can be printed so; personal: it shows
    numbers of people; filed: puts the stored PDF where it is kept (inside the transaction of the print)."""

    key: str
    label: str
    model: type[Any]
    values: Callable[[Desk, Any], Values]
    sheet: Path
    offered: Callable[[Any], bool] = lambda _record: True
    personal: bool = False
    filed: Callable[[Session, Actor, Any, Any], None] | None = None

    @cached_property
    def definition(self) -> Definition:
        """Its own placeholders after those of every paper, and the shipped template."""
        own = read_definition(self.sheet)
        return Definition((*COMMON.placeholders, *own.placeholders), own.blocks)

    @property
    def lists(self) -> dict[str, list[str]]:
        """The lists among its placeholders with their columns."""
        return {one.name: list(one.columns) for one in self.definition.placeholders if one.columns}


PRINTED: dict[str, PrintedKind] = {}
COMMON = read_definition(Path(__file__).with_name("common.txt"))
SITE: list[Callable[[Session, Any], Values]] = []


def paper_kind(
    key: str, label: str, model: type[Any], values: Callable[[Desk, Any], Values], *, sheets: Path, **more: Any
) -> PrintedKind:
    """Declare a kind. sheets: the folder with its definition file «key.txt»."""
    made = PrintedKind(key, label, model, values, sheets / f"{key}.txt", **more)
    PRINTED[key] = made
    return made


def site_values(source: Callable[[Session, Any], Values]) -> None:
    """Who tells of the project of a record: its name, the companies (organisation)."""
    if source not in SITE:
        SITE.append(source)


def kind_of(key: str) -> PrintedKind:
    """Raises NotFound for a key that nobody declared."""
    if key not in PRINTED:
        raise NotFound("paper")
    return PRINTED[key]


def kinds_for(record: Any) -> list[PrintedKind]:
    """What this record can be printed as now."""
    return [kind for kind in PRINTED.values() if type(record) is kind.model and kind.offered(record)]


# ── how values are written on paper ─────────────────────────
def told(value: Any) -> str:
    """A word, or the mark of an empty place."""
    return str(getattr(value, "label", value)) if value not in (None, "") else NONE


def person(person_id: int | None) -> str:
    """A colleague's name."""
    return LOOKUPS["person"]({person_id}).get(person_id, NONE) if person_id is not None else NONE


def day(value: date | None) -> str:
    """«2026年11月24日»."""
    return f"{value.year}年{value.month}月{value.day}日" if value is not None else NONE


def money(amount: Decimal | None) -> str:
    """«1,106,834.00»."""
    return format_amount(amount) if amount is not None else NONE


def in_capitals(amount: Decimal | None) -> str:
    """«人民币壹佰壹拾万零陆仟捌佰叁拾肆元整» (02 §2.3.10)."""
    return capitals(amount, prefix="人民币") if amount is not None else NONE


def percent(rate: Decimal | None, places: int = 2) -> str:
    """«98.00 %»."""
    return f"{rate * 100:.{places}f} %" if rate is not None else NONE
