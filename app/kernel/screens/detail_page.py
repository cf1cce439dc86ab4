"""The detail page: one record with its state, legal acts, facts, related records and trail."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.screens.parts import Card, Crumb, Html, Link, StepMark, Tag


@dataclass(frozen=True)
class Tab:
    """A page of related records: its card is here, or fetched from `url` (an HTML fragment) when it is opened."""

    key: str
    title: str
    count: int | None = None
    card: Card | None = None
    url: str = ""


@dataclass(frozen=True)
class DetailPage:
    """One record: head with state and legal acts, step bar, facts, related records, trail."""

    title: str
    number: str = ""
    tag: Tag | None = None
    crumbs: tuple[Crumb, ...] = ()
    acts: tuple[Link, ...] = ()
    more_acts: tuple[Link, ...] = ()  # under 「更多」
    stepbar: tuple[StepMark, ...] = ()
    reason: Html = ""  # why the paper was turned down or sent back
    note: Html = ""  # why an act that people look for is not possible now
    main: tuple[Card, ...] = ()
    before_tabs: int = 1  # so many cards of `main` stand above the tabs
    side: tuple[Card, ...] = ()
    tabs: tuple[Tab, ...] = ()
    group_text: str = ""  # what 「复制到群」 copies; empty = no such button
