"""The list of a document: everything that its template draws."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Literal

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import inspect
from sqlalchemy.orm import Session, defer, joinedload

from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.columns import Encrypted
from app.kernel.gathering import COUNT_CAP
from app.kernel.screens.asking import Asked, asked, kept_values, list_link
from app.kernel.screens.display import Names, cell_drawer, lookup_names, plain, reach_into
from app.kernel.screens.fields import field_for, label_of
from app.kernel.screens.filters import filter_field, further_field
from app.kernel.screens.list_choices import chips, columns_shown, kept_for, page_settings
from app.kernel.screens.list_page import FilterField, ListPage
from app.kernel.screens.paging import Part, pager, part
from app.kernel.screens.parts import Cell, Column, Crumb, Link, Row
from app.kernel.screens.selection import select_rows
from app.kernel.screens.trail import minutes_text
from app.kernel.search import PROPOSED
from app.kernel.words import shown as in_reader_words


def eager(view: Any, columns: list[str]) -> list[Any]:
    """Loader options for everything that the list shows: no query per row; encrypted values that it does not show stay shut."""
    shut = [
        a for a in inspect(view.model).column_attrs if isinstance(a.columns[0].type, Encrypted) and a.key not in columns
    ]
    options: list[Any] = [*view.loads, *(defer(getattr(view.model, attribute.key)) for attribute in shut)]
    for name in columns:
        found = field_for(view.model, name)
        head = name.split(".")[0] if "." in name else (found.shows if found else name)
        if head in inspect(view.model).relationships:
            option: Any = joinedload(getattr(view.model, head))
            nested = name.split(".")[1:-1]
            owner = inspect(view.model).relationships[head].mapper.class_
            for step in nested:
                option = option.joinedload(getattr(owner, step))
                owner = inspect(owner).relationships[step].mapper.class_
            options.append(option)
    return options


def names_for(
    view: Any, records: Iterable[Any], columns: list[str], known: Names | None = None
) -> dict[str, dict[int, str]]:
    """Names of people and teams on this page, one query a kind; none for a kind of which all names are known."""
    known = known or {}
    wanted: dict[str, set[int]] = {}
    for name in columns:
        found = field_for(view.model, name)
        if found is not None and found.kind == "lookup":
            ids = {reach_into(r, name) for r in records}
            wanted.setdefault(found.facts.lookup, set()).update(ids)
    found_names = {}
    for lookup, ids in wanted.items():
        told = known.get(lookup, {})
        found_names[lookup] = {**told, **lookup_names(lookup, ids - told.keys())}
    return found_names


def list_page(view: Any, session: Session, actor: Actor) -> ListPage:
    """Everything the list template draws."""
    ask, kept = asked(view), kept_for(view, actor)
    columns = columns_shown(view, actor, ask, kept)
    chosen = select_rows(view, ask, actor)
    shown = part(view, session, ask, chosen, eager(view, columns))
    filters = {name: _filter(view, session, name, ask) for name in view.readable_filters(actor)}
    names = names_for(view, shown.records, columns, _names_in(view, filters))
    bulk, narrowed = tuple(view.bulk_steps(actor)), ask.q or ask.filters
    acts = tuple(view.list_acts(actor, query_text=list_link(view, ask).partition("?")[2]))
    return ListPage(
        title=str(view.title),
        columns=tuple(_column(view, ask, name, i) for i, name in enumerate(columns)),
        rows=tuple(_rows(view, session, shown.records, columns, names, actor)),
        pager=pager(view, ask, shown),
        crumbs=(Crumb(str(view.category)), Crumb(str(view.title))) if view.category else (),
        acts=acts,
        chips=chips(view, actor, ask, kept),
        search_value=ask.q,
        search_placeholder=_search_words(view) if view.search_names else "",
        filters=tuple(filters.values()),
        more_filters=tuple(_further(view, session, name, ask) for name in view.further_filters(actor)),
        kept=tuple((n, v) for n, v in kept_values(ask).items() if n in ("order", "size", "chip", "saved")),
        reset_url=view.list_url() if narrowed else "",
        bulk=bulk,
        bulk_url=view.list_url() + "bulk" if bulk else "",
        totals=_totals(view, shown, columns, shown.total <= ask.size),
        **page_settings(view, actor, ask, kept, columns),
        note=_("匹配较多，只显示最近 %(n)s 条，请再加一个字。", n=f"{PROPOSED:,}") if chosen.cut else "",
        empty_title=_("没有符合条件的记录") if narrowed else _("还没有%(what)s", what=view.title),
        empty_hint=_("换个条件再查，或清除条件看全部。") if narrowed else str(view.empty_hint) or _first_hint(acts),
        empty_link=Link(_("清除条件"), view.list_url()) if narrowed else None,
    )


def _totals(view: Any, found: Part, columns: list[str], whole: bool) -> tuple[Cell, ...]:
    """The line of sums: over the rows of the page when it holds all, else over all pages, as far as anybody counts."""
    if whole or not found.sums or found.total > COUNT_CAP:
        return tuple(view.totals(found.records, columns, whole))
    sums = found.sums
    cells = (Cell(f"{sums[n] or 0:,.2f}", numeric=True) if n in sums else Cell(" ") for n in columns[1:])
    return Cell(sum_word(view, found.total)), *cells


def _search_words(view: Any) -> str:
    """What the search box asks for: as declared, else the labels of what it searches."""
    found = {n: label_of(view.model, n) for name in view.search_names for n in (name.partition(".")[0],)}
    named = "、".join(dict.fromkeys(label for name, label in found.items() if label != name))
    return str(view.search_hint) or named or _("搜%(what)s", what=view.label)


def _first_hint(acts: tuple[Link, ...]) -> str:
    """What to do on a list that has nothing yet: the button that makes the first record, where the person has one."""
    makes = next((act.label for act in acts if act.tone == "primary"), "")
    return _("点「%(act)s」登记第一条。", act=makes) if makes else _("有了记录会列在这里，不用你新增。")


def _names_in(view: Any, filters: dict[str, FilterField]) -> Names:
    """The names that the filters offer: mostly those of the rows too."""
    found = {name: field_for(view.model, name) for name in filters}
    return {
        f.facts.lookup: {int(option.value): option.label for option in filters[name].options}
        for name, f in found.items()
        if f is not None and f.kind == "lookup"
    }


def _column(view: Any, ask: Asked, name: str, position: int) -> Column:
    found = field_for(view.model, name)
    sortable = name in view.order_columns
    now_sorted = sortable and ask.order == name
    turned = ("" if now_sorted and ask.descending else "-") + name
    return Column(
        key=name,
        label=label_of(view.model, name),
        numeric=found.numeric if found else False,
        sort_url=list_link(view, ask, order=turned) if sortable else "",
        sort=("descending" if ask.descending else "ascending") if now_sorted else "none",
        phone=_on_phone(name, position, long=found is not None and found.kind == "long", due=name in view.deadlines),
    )


def _on_phone(name: str, position: int, *, long: bool, due: bool) -> Literal["hd", "badge", "shown", "wide", "lo"]:
    """What becomes of a column where a row is a card: the first is its title, the first five and every deadline are shown, long
    texts over its whole width."""
    if position == 0:
        return "hd"
    return "badge" if name == "state" else "lo" if position >= 5 and not due else "wide" if long else "shown"


def _rows(
    view: Any, session: Session, records: Sequence[Any], columns: list[str], names: Names, actor: Actor
) -> Iterator[Row]:
    bulk = {name: fill for name, fill in getattr(view.model, "__in_bulk__", {}).items() if name in columns}
    told = {name: fill(session, [record.id for record in records]) for name, fill in bulk.items()}
    drawers = [_from_bulk(told[n]) if n in told else cell_drawer(view.model, n, actor, names) for n in columns]
    late = [(place, name) for place, name in enumerate(columns) if name in view.deadlines]
    for record in records:
        cells = [draw(record) for draw in drawers]
        for place, name in late:
            cells[place] = marked_late(view, record, name, cells[place])
        acts = tuple(view.row_acts(record, actor))
        yield Row(str(record.id), view.show_url(record.id), str(record), tuple(cells), acts)


def _from_bulk(values: dict[int, Any]) -> Callable[[Any], Cell]:
    """What the model says of many records in one statement, instead of loading what belongs to each."""
    return lambda record: Cell(plain(values.get(record.id)))


def marked_late(view: Any, record: Any, name: str, shown: Cell) -> Cell:
    """A day that is over while it still counts is red, with how late it is; a moment also says how much time is left."""
    still = view.deadlines.get(name)
    day = getattr(record, name) if still is not None and still(record) else None
    if isinstance(day, datetime):
        return _running(day, shown)
    late = (now().date() - day).days if day is not None else 0
    if late <= 0:
        return shown
    return Cell(Markup('<span class="neg">{}</span>').format(shown.html), sub=_("逾期 %(n)s 天", n=late))


def _running(due: datetime, shown: Cell) -> Cell:
    """A clock: time left, or red with the time that it ran over."""
    minutes = int((due - now()).total_seconds() // 60)
    if minutes >= 0:
        return Cell(shown.html, sub=_("剩 %(t)s", t=minutes_text(minutes)))
    return Cell(Markup('<span class="neg">{}</span>').format(shown.html), sub=_("超时 %(t)s", t=minutes_text(-minutes)))


def _filter(view: Any, session: Session, name: str, ask: Asked) -> FilterField:
    found = field_for(view.model, name)
    if found is None:
        raise KeyError(name)
    return filter_field(view, session, found, name, ask.filters.get(name, ""))


def _further(view: Any, session: Session, name: str, ask: Asked) -> FilterField:
    found = field_for(view.model, name)
    if found is None:
        raise KeyError(name)
    return further_field(view, session, found, name, ask.filters.get(name, ""))


def sum_cells(view: Any, records: Sequence[Any], columns: list[str]) -> tuple[Cell, ...]:
    """Totals of the money and area columns that the view names in `sum_columns`."""
    cells: list[Cell] = []
    counted = [r for r in records if not view.uncounted or r.state not in view.uncounted]
    for position, name in enumerate(columns):
        if name in view.sum_columns:
            values = [reach_into(r, name) for r in counted]
            cells.append(Cell(f"{sum((v for v in values if v is not None), start=0):,.2f}", numeric=True))
        else:
            cells.append(Cell(sum_word(view) if position == 0 else " "))
    return tuple(cells)


def sum_word(view: Any, total: int = 0) -> str:
    """«合计», over how many rows beyond the page, and which ones it does not count."""
    told = {"n": f"{total:,}", "states": "、".join(str(in_reader_words(s.label)) for s in view.uncounted)}
    if view.uncounted:
        return _("合计（全部 %(n)s 条，不含%(states)s）", **told) if total else _("合计（不含%(states)s）", **told)
    return _("合计（全部 %(n)s 条）", **told) if total else _("合计")


def add_link(view: Any, actor: Actor) -> list[Link]:
    """«新增…» when the actor may create one in the current project."""
    return (
        [Link(_("新增%(what)s", what=view.label), view.add_url(), tone="primary", icon="plus")]
        if view.may_add(actor)
        else []
    )
