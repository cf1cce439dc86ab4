"""The side menu of a person: worked out and drawn once for each set of posts and language, because every page has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, render_template, request
from markupsafe import Markup

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


KEPT = 128  # drawn menus: some ten kilobytes each


def install(app: Flask) -> None:
    """Gives every template `menu()` and `drawn_menu(counts)`."""
    app.extensions["menus"], app.extensions["drawn_menus"] = {}, {}
    app.context_processor(lambda: {"menu": menu, "drawn_menu": drawn_menu})


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


def drawn_menu(counts: dict[str, int]) -> Markup:
    """The lines of the menu with these numbers beside them (name of the entry → number), the line of this page marked."""
    actor, entries, path, room = current_actor(), menu(), request.path, request.blueprint or "-"
    lines = [line for top in entries for line in (top.childs or (top,))]
    here = frozenset(line.name for line in lines if line.url == path or line.blueprint == room)
    posts = actor.posts if actor is not None else frozenset()
    known, key = current_app.extensions["drawn_menus"], (posts, reads_english(), here, tuple(counts.items()))
    if key not in known:
        if len(known) >= KEPT:
            known.clear()
        known[key] = Markup(render_template("macros/side_menu.html", entries=entries, here=here, counts=counts))  # noqa: S704 - escaped by the template
    drawn: Markup = known[key]
    return drawn


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
