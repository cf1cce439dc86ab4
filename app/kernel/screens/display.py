"""How a value looks: money with separators, dates as people say them, states as tags, «—» for nothing, personal data masked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.chinese import mask_id, mask_name, mask_phone
from app.kernel.rates import PER_CENT, PER_MYRIAD, TENTHS, rate_words
from app.kernel.registries import LOOKUPS
from app.kernel.screens.fields import Field, field_for
from app.kernel.screens.parts import Cell, Html, Tag
from app.kernel.states import Choice, State
from app.kernel.words import reads_english

Names = dict[str, dict[int, str]]  # of people and teams, by the kind of look-up
DASH = "—"
MASKS = {"phone": mask_phone, "id": mask_id, "name": mask_name, "address": lambda text: text[:6] + "****"}


def money(value: Decimal) -> Html:
    """«1,106,834.00», a negative amount in red with a true minus sign."""
    text = f"{abs(value):,.2f}"
    return Markup('<span class="neg">−{}</span>').format(text) if value < 0 else text


def moment(value: datetime) -> str:
    """«今日 10:42», «昨日 17:05», this year «11-24 10:42», else in full."""
    today = now().date()
    clock = f"{value:%H:%M}"
    if value.date() == today:
        return _("今日 %(t)s", t=clock)
    if value.date() == today - timedelta(days=1):
        return _("昨日 %(t)s", t=clock)
    return f"{value:%m-%d} {clock}" if value.year == today.year else f"{value:%Y-%m-%d} {clock}"


def tag_of(state: Any) -> Tag:
    """The tag of a state or a closed-list word."""
    return Tag(state.label, state.tone)


@lru_cache(maxsize=1024, typed=True)  # typed: the same code stands in many closed lists
def tag_html(state: Choice) -> Markup:
    """The same inside a table cell."""
    return Markup('<span class="tag {}">{}</span>').format(state.tone, state.label)


def lookup_names(name: str, ids: set[int]) -> dict[int, str]:
    """Names for ids without a relationship, in one query."""
    wanted = {i for i in ids if i is not None}
    return LOOKUPS[name](wanted) if wanted and name in LOOKUPS else {}


def plain(value: Any, field: Field | None = None, names: dict[int, str] | None = None) -> Html:
    """One value as text or safe HTML; empty values as «—»."""
    if value is None or value == "":
        return DASH
    if field is not None and field.facts.personal in MASKS:
        return MASKS[field.facts.personal](str(value))
    if field is not None and field.kind == "lookup":
        return (names or {}).get(value, DASH)
    if field is not None and field.kind == "money":
        return money(value)
    if field is not None and field.kind == "rate":
        return rate_text(value, field.facts.unit)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, Choice):
        return value.label
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date | time):
        return value.isoformat() if isinstance(value, date) else f"{value:%H:%M}"
    if isinstance(value, Decimal):
        return f"{value:,}"
    return value if isinstance(value, Markup) else str(value)


def rate_text(rate: Decimal, unit: str) -> str:
    """«98 折», in English «98 %»: what a reader sees and may type again."""
    if reads_english() and unit in (TENTHS, PER_MYRIAD):
        return rate_words(rate, PER_CENT)
    return rate_words(rate, unit)


def large_money(amount: Decimal, places: int = 2) -> str:
    """«145.20 万元», in English «1.4520 million yuan»."""
    if reads_english():
        return _("%(n)s 万元", n=f"{amount / 1_000_000:,.{places + 2}f}")
    return _("%(n)s 万元", n=f"{amount / 10_000:,.{places}f}")


def reach_into(record: Any, path: str) -> Any:
    """The value at a dotted path; None when something on the way is missing or out of reach."""
    for part in path.split("."):
        record = getattr(record, part, None)
        if record is None:
            return None
    return record


def drawer(model: type[Any], name: str, actor: Actor, names: Names | None = None) -> Callable[[Any], Html]:
    """How an attribute or path of records is shown, obeying the readers of the field: what holds for all of them is worked out once."""
    found = field_for(model, name)
    path = found.shows if found is not None and "." not in name else name
    show = _shower(found, name, names or {})
    if found is None or found.facts.readers is None or actor.system:
        return lambda record: show(reach_into(record, path))

    def guarded(record: Any) -> Html:
        may = found.readable(actor, getattr(record, "project_id", None))
        return show(reach_into(record, path)) if may else DASH

    return guarded


def _shower(found: Field | None, name: str, names: Names) -> Callable[[Any], Html]:
    if found is None:  # what the model makes of it: a state is a tag here, too
        return lambda value: tag_html(value) if isinstance(value, State) else plain(value)
    if found.kind == "choice" and name == "state":
        return lambda value: tag_html(value) if isinstance(value, State) else plain(value, found)
    if found.kind != "lookup":
        return lambda value: plain(value, found)
    known = names.get(found.facts.lookup)
    return lambda value: plain(value, found, lookup_names(found.facts.lookup, {value}) if known is None else known)


def value_of(record: Any, name: str, actor: Actor, names: Names | None = None) -> Html:
    """The shown value of one record."""
    return drawer(type(record), name, actor, names)(record)


def cell_drawer(model: type[Any], name: str, actor: Actor, names: Names) -> Callable[[Any], Cell]:
    """How a column of a table is drawn."""
    found, draw = field_for(model, name), drawer(model, name, actor, names)
    numeric = found.numeric if found else False
    return lambda record: Cell(draw(record), numeric)


def with_unit(html: Html, unit: str) -> Html:
    """«89.53 ㎡»; nothing is added to «—»."""
    return html if html == DASH or not unit else Markup("{} {}").format(escape(html), unit)
