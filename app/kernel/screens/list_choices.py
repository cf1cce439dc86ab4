"""What a person has made of a list: his saved filters as chips, those shared with him, the columns that he sees."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.kernel.actors import Actor
from app.kernel.entrance import database
from app.kernel.list_settings import SHARERS, Kept, ListSetting, kept_of
from app.kernel.posts import POSTS
from app.kernel.screens.asking import Asked, list_link
from app.kernel.screens.fields import label_of
from app.kernel.screens.list_page import Chip, ColumnChoice, SavedFilter
from app.kernel.screens.parts import Option

SETTINGS = "/list-settings"


def kept_for(view: Any, actor: Actor) -> Kept:
    """What the person keeps of this list in the current project."""
    return kept_of(database(), actor, view.model.__tablename__, view.current_project())


def columns_shown(view: Any, actor: Actor, ask: Asked, kept: Kept) -> list[str]:
    """The columns of the saved filter, else the person's own, as far as he may see them; else as declared."""
    allowed = set(view.column_choices(actor))
    chosen = [name for name in kept.columns_of(ask.saved) if name in allowed]
    return chosen or view.readable_columns(actor)


def chips(view: Any, actor: Actor, ask: Asked, kept: Kept) -> tuple[Chip, ...]:
    """«全部», the declared chips, the person's own, those shared with him."""
    named = [*view.chips, *kept.filters]
    if not named:
        return ()
    every = Chip(_("全部"), list_link(view, ask, chip=None, saved=None), pressed=not ask.chip and not ask.saved)
    declared = [
        Chip(str(label), list_link(view, ask, chip=key, saved=None), pressed=ask.chip == key and not ask.saved)
        for key, label, _fn in view.chips
    ]
    return (every, *declared, *(_saved(view, actor, ask, one) for one in kept.filters))


def _saved(view: Any, actor: Actor, ask: Asked, one: ListSetting) -> Chip:
    url = f"{view.list_url()}?{one.query}{'&' if one.query else ''}saved={one.id}"
    return Chip(
        one.name, url, pressed=ask.saved == one.id, by=_("同事共享") if one.person_id != actor.person_id else ""
    )


def page_settings(view: Any, actor: Actor, ask: Asked, kept: Kept, columns: list[str]) -> dict[str, Any]:
    """The parts of the list page by which one saves filters and chooses columns."""
    base, project_id = f"{SETTINGS}/{view.model.__tablename__}", view.current_project()
    readers = sorted(view.posts["can_list"], key=list(POSTS).index)
    share = actor.holds(SHARERS, project_id) and hasattr(view.model, "project_id")
    mine = [one for one in kept.filters if one.person_id == actor.person_id]
    rest = [name for name in view.column_choices(actor) if name not in columns]
    return {
        "save_filter_url": f"{base}/filter",
        "present_query": list_link(view, ask, saved=None).partition("?")[2],
        "share_with": tuple(Option(p.value, str(POSTS[p].label)) for p in readers) if share else (),
        "own_filters": tuple(_own(one) for one in mine),
        "columns_url": f"{base}/columns",
        "column_choices": tuple(ColumnChoice(n, label_of(view.model, n), n in columns) for n in (*columns, *rest)),
        "own_columns": columns != view.readable_columns(actor),
    }


def _own(one: ListSetting) -> SavedFilter:
    posts = "、".join(str(POSTS[post].label) for post in sorted(one.posts, key=list(POSTS).index))
    return SavedFilter(one.name, f"{SETTINGS}/{one.id}/rename", f"{SETTINGS}/{one.id}/delete", posts)
