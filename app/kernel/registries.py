"""What an earlier room shows of later ones: related tabs, board actions, home cards, search. A feature fills them in register()."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.kernel.actors import Actor
from app.kernel.gathering import Asking
from app.kernel.posts import ALL_POSTS, Post

TabLoader = Callable[[Any, Actor], Any]  # (document, actor) → Table, Card or Markup; None hides the tab


@dataclass(frozen=True)
class TabEntry:
    """A tab of related records on a document's page, for these posts."""

    key: str
    title: str
    load: TabLoader
    posts: frozenset[Post]
    url: Callable[[Any], str] | None = None  # fetched from there when it is opened; `load` is not asked


@dataclass(frozen=True)
class SearchEntry:
    """How records of a model are found: the words, the title of a hit, its page."""

    model: type[Any]
    label: str
    title: Callable[[Any], str]
    text: Callable[[Any], str]
    url: Callable[[Any], str]
    digests: Callable[[Any], list[str]]
    rank: int


TABS: dict[type[Any], list[TabEntry]] = {}
DRAWER_ACTS: list[Callable[[Any, Actor], list[Any]]] = []
HOME_CARDS: list[Callable[[Actor], Any]] = []
Fill = Callable[[Actor], list[Any] | Asking[list[Any]]]  # plain, or asking for numbers on the way (kernel/gathering.py)
STATS: list[Fill] = []
REMINDERS: list[Fill] = []
SEARCH: dict[type[Any], SearchEntry] = {}
LOOKUPS: dict[str, Callable[[set[int]], dict[int, str]]] = {}
LOOKUP_CHOICES: dict[str, Callable[[int | None], dict[int, str]]] = {}
SIDE_CARDS: dict[type[Any], list[Callable[[Any, Actor], Any]]] = {}
MAIN_CARDS: dict[type[Any], list[Callable[[Any, Actor], Any]]] = {}
RECORD_ACTS: dict[type[Any], list[Callable[[Any, Actor], list[Any]]]] = {}
BRIEFS: dict[type[Any], list[Callable[[Any, Actor], list[Any]]]] = {}


def _once(entries: list[Any], entry: Any) -> None:
    if entry not in entries:
        entries.append(entry)


def add_tab(model: type[Any], key: str, title: str, load: TabLoader, posts: frozenset[Post] = ALL_POSTS) -> None:
    """Show related records on the page of `model`."""
    entries = TABS.setdefault(model, [])
    if all(e.key != key for e in entries):
        entries.append(TabEntry(key, title, load, posts))


def add_fetched_tab(model: type[Any], key: str, title: str, url: Callable[[Any], str], posts: frozenset[Post]) -> None:
    """A tab whose content costs too much for every opening of the page: fetched from `url` when somebody wants it."""
    entries = TABS.setdefault(model, [])
    if all(e.key != key for e in entries):
        entries.append(TabEntry(key, title, lambda _record, _actor: None, posts, url))


def add_main_card(model: type[Any], load: Callable[[Any, Actor], Any]) -> None:
    """A further card under the facts of a document's page; None hides it."""
    _once(MAIN_CARDS.setdefault(model, []), load)


def add_brief(model: type[Any], load: Callable[[Any, Actor], list[Any]]) -> None:
    """Facts of a later room in the short history of a record, as it stands beside a form that concerns it."""
    _once(BRIEFS.setdefault(model, []), load)


def add_side_card(model: type[Any], load: Callable[[Any, Actor], Any]) -> None:
    """A card beside the facts (price break-down …); None hides it."""
    _once(SIDE_CARDS.setdefault(model, []), load)


def add_record_act(model: type[Any], acts: Callable[[Any, Actor], list[Any]]) -> None:
    """Buttons on the page of a record that a later room leads on from (a quote to the lock of its unit)."""
    _once(RECORD_ACTS.setdefault(model, []), acts)


def add_drawer_act(act: Callable[[Any, Actor], list[Any]]) -> None:
    """Legal acts for the person on a unit, shown in the board's drawer."""
    _once(DRAWER_ACTS, act)


def add_home_card(card: Callable[[Actor], Any]) -> None:
    """A card on the home page; None hides it."""
    _once(HOME_CARDS, card)


def add_stat(stat: Fill) -> None:
    """Today's numbers on the home page."""
    _once(STATS, stat)


def add_reminder(reminder: Fill) -> None:
    """Lines of 提醒 on the home page."""
    _once(REMINDERS, reminder)


def add_search(
    model: type[Any],
    label: str,
    *,
    title: Callable[[Any], str],
    text: Callable[[Any], str],
    url: Callable[[Any], str],
    digests: Callable[[Any], list[str]] = lambda _record: [],
    rank: int = 5,
) -> None:
    """Let the global search find records of this model. rank: what people mostly look for stands first (1 customers … 9)."""
    SEARCH[model] = SearchEntry(model, label, title, text, url, digests, rank)


def add_lookup(
    name: str,
    names: Callable[[set[int]], dict[int, str]],
    choices: Callable[[int | None], dict[int, str]] = lambda _project_id: {},
) -> None:
    """Names for ids that have no relationship (person, team); choices: who or what a list of that project may be narrowed to."""
    LOOKUPS[name] = names
    LOOKUP_CHOICES[name] = choices
