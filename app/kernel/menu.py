"""The side menu of a person: worked out once for each set of posts and language, because every page draws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from app.kernel.actors import current_actor
from app.kernel.menu_icons import icon_of
from app.kernel.words import reads_english, several


@dataclass(frozen=True)
class MenuEntry:
    """A line of the menu, or a group with its lines. blueprint: every page of it belongs to this line."""

    name: str
    label: str
    icon: str
    url: str = ""
    blueprint: str = ""
    childs: tuple[MenuEntry, ...] = ()


def install(app: Flask) -> None:
    """Gives every template `menu()`."""
    app.extensions["menus"] = {}
    app.context_processor(lambda: {"menu": menu})


def menu() -> tuple[MenuEntry, ...]:
    """What the person of this request may open; nothing for nobody."""
    actor = current_actor()
    if actor is None:
        return ()
    known, key = current_app.extensions["menus"], (frozenset(actor.posts), reads_english())
    if key not in known:
        appbuilder: Any = current_app.appbuilder  # type: ignore[attr-defined]
        known[key] = _visible(appbuilder.sm, appbuilder.menu.get_list())
    made: tuple[MenuEntry, ...] = known[key]
    return made


def _visible(manager: Any, items: list[Any]) -> tuple[MenuEntry, ...]:
    return tuple(
        MenuEntry(
            item.name,
            several(item.label),
            icon_of(item.name, item.icon or "", group=bool(item.childs)),
            item.get_url(),
            item.baseview.endpoint if item.baseview else "",
            _visible(manager, item.childs),
        )
        for item in items
        if item and item.name != "-" and manager.has_access("menu_access", item.name)
    )
