"""What happened around a record, over all rooms, newest first: each room says for its own papers what its reader may see.

An earlier room shows the line («客户» its calls, quotes, orders, payments); a later one adds to it in register() with
`add_timeline(Customer, "认购", steps_of(Reservation, lambda page: Reservation.customer_id == page.id))`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.kernel.actors import Actor
from app.kernel.readership import may_read_kind
from app.kernel.registries import LOOKUPS
from app.kernel.workflow import StateChange

MOST = 200  # happenings of one kind; older ones stand on the papers themselves
PAPERS = 50  # papers of one kind whose steps are told


@dataclass(frozen=True)
class Happening:
    """One line: when, what, who; `text` is what was said. url: the page of the paper."""

    at: datetime
    title: str
    who: str = ""
    text: str = ""
    url: str = ""
    kind: str = ""


Loader = Callable[[Session, Any, Actor], Sequence[Happening]]


@dataclass(frozen=True)
class TimelineEntry:
    """What one room tells: the word of its chip, and how it is read within the reader's rows."""

    kind: str
    load: Loader


TIMELINES: dict[type[Any], list[TimelineEntry]] = {}


def add_timeline(model: type[Any], kind: str, load: Loader) -> None:
    """Tell what happened around records of `model`; a kind is told once."""
    entries = TIMELINES.setdefault(model, [])
    if all(entry.kind != kind for entry in entries):
        entries.append(TimelineEntry(kind, load))


def kinds_of(model: type[Any]) -> list[str]:
    """The words by which the line may be narrowed, in the order of the rooms."""
    return [entry.kind for entry in TIMELINES.get(model, [])]


def happenings(session: Session, record: Any, actor: Actor, kind: str = "") -> list[Happening]:
    """Everything (or one kind), newest first; what happened at one moment keeps the order of the rooms."""
    found = [
        Happening(one.at, one.title, one.who, one.text, one.url, entry.kind)
        for entry in TIMELINES.get(type(record), [])
        if kind in ("", entry.kind)
        for one in entry.load(session, record, actor)
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def people(ids: set[int]) -> dict[int, str]:
    """Names of people."""
    return LOOKUPS["person"](ids) if ids and "person" in LOOKUPS else {}


def steps_of(
    model: type[Any], on: Callable[[Any], ColumnElement[bool]], told: Callable[[Any], str] = lambda _paper: ""
) -> Loader:
    """Papers of `model` that hang on the record: when each was made (with what `told` says of it), and every step since.

    Nothing for whoever does not read such papers.
    """

    def load(session: Session, record: Any, actor: Actor) -> list[Happening]:
        if not may_read_kind(actor, model, getattr(record, "project_id", None)):
            return []
        newest = select(model).where(on(record)).order_by(model.id.desc()).limit(PAPERS)
        papers = {paper.id: paper for paper in session.scalars(newest)}
        if not papers:
            return []
        names = people({p.created_by for p in papers.values() if p.created_by is not None})
        made = [
            Happening(p.created_at, _titled(p, "建立"), names.get(p.created_by, ""), told(p), _page(p))
            for p in papers.values()
        ]
        return [*made, *(_step(papers[change.subject_id], change) for change in _changes(session, model, papers))]

    return load


def _changes(session: Session, model: type[Any], papers: dict[int, Any]) -> Sequence[StateChange]:
    query = select(StateChange).where(
        StateChange.subject == model.__tablename__, StateChange.subject_id.in_(sorted(papers))
    )
    return session.scalars(query.order_by(StateChange.at.desc(), StateChange.id.desc()).limit(MOST)).all()


def _step(paper: Any, change: StateChange) -> Happening:
    return Happening(change.at, _titled(paper, change.label), change.person_name, change.note, _page(paper))


def _titled(paper: Any, word: str) -> str:
    name = str(paper)
    label = str(type(paper).__label__)
    return f"{name if name.startswith(label) else f'{label} {name}'} · {word}"


def _page(paper: Any) -> str:
    return f"/{paper.__tablename__.replace('_', '-')}/show/{paper.id}"
