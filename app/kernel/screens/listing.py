"""The list of a document: search, main filters, order, pages — within the actor's rows by the session's scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask_babel import gettext as _
from sqlalchemy import Select, func, inspect, or_, select
from sqlalchemy.orm import Session, joinedload

from app.kernel.actors import Actor
from app.kernel.chinese import fold
from app.kernel.entrance import database
from app.kernel.screens.display import cell, lookup_names, reach_into
from app.kernel.screens.fields import field_for, label_of
from app.kernel.screens.filters import filter_options, title_column
from app.kernel.screens.list_page import Chip, FilterField, ListPage, PageNumber, Pager
from app.kernel.screens.parts import Cell, Column, Crumb, Link, Row
from app.kernel.search import proposed_ids

SIZES = (20, 50, 100)
COUNT_CAP = 10_000
MAX_PAGE = 400


@dataclass(frozen=True)
class Asked:
    """What the address asks for; everything odd is brought back to something sensible, never an error."""

    q: str
    filters: dict[str, str]
    order: str
    descending: bool
    page: int
    size: int
    chip: str = ""


def _number(text: str | None, low: int, high: int, fallback: int) -> int:
    return min(max(int(text), low), high) if text and text.isascii() and text.isdigit() and len(text) < 9 else fallback


def asked(view: Any) -> Asked:
    """Read the address of a list."""
    args = request.args
    order = args.get("order", "")
    name = order.lstrip("-")
    return Asked(
        q=fold(args.get("q", ""))[:100],
        filters={n: args[n] for n in view.filters if args.get(n)},
        order=name if name in view.order_columns else "",
        descending=order.startswith("-") or not order,
        page=_number(args.get("page"), 1, MAX_PAGE, 1),
        size=_number(args.get("size"), SIZES[0], SIZES[-1], SIZES[0]),
        chip=args.get("chip", ""),
    )


def base_query(view: Any, ask: Asked, actor: Actor) -> Select[Any]:
    """Rows that fit search and filters, without order and page; the scope is added by the session."""
    model = view.model
    query = view.restrict(select(model), actor)
    project_id = view.current_project()
    if project_id is not None and "project_id" in inspect(model).columns:
        here = model.project_id == project_id
        common = inspect(model).columns["project_id"].nullable  # rows without project belong to every project
        query = query.where(here | model.project_id.is_(None) if common else here)
    for name, value in ask.filters.items():
        query = _filtered(query, view, name, value)
    if ask.q:
        query = _searched(query, view, actor, ask.q)
    chip = next((c for c in view.chips if c[0] == ask.chip), None)
    return chip[2](query, actor) if chip else query


def _filtered(query: Select[Any], view: Any, name: str, value: str) -> Select[Any]:
    model, found = view.model, field_for(view.model, name)
    if found is None:
        return query
    attribute = getattr(model, found.name)
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None
    if found.kind == "record" and (title := title_column(found)) is not None:
        if number is not None and filter_options(view, database(), found) is not None:
            return query.where(attribute == number)  # chosen from a list: «1» is the record, not a piece of «10栋»
        named = getattr(model, found.shows).has(title.icontains(value, autoescape=True))
        return query.where(named if number is None else or_(attribute == number, named))
    if found.kind in ("record", "lookup", "integer"):
        return query if number is None else query.where(attribute == number)
    if found.kind == "boolean":
        return query.where(attribute.is_(value == "1"))
    if found.kind == "choice":
        return query.where(attribute == value) if value in {m.value for m in found.choices} else query
    return query.where(attribute == value)


def _searched(query: Select[Any], view: Any, actor: Actor, q: str) -> Select[Any]:
    """A search column contains the words («%» and «_» are plain letters), or the index knows the record by them: pinyin, numbers."""
    model, parts = view.model, []
    indexed = proposed_ids(database(), actor, model, q)
    if indexed:
        parts.append(model.id.in_(indexed))
    for name in view.search_names:
        if "." in name:
            head, rest = name.split(".", 1)
            relation = getattr(model, head)
            parts.append(relation.has(getattr(relation.property.mapper.class_, rest).icontains(q, autoescape=True)))
        else:
            parts.append(getattr(model, name).icontains(q, autoescape=True))
    extra = view.search_condition(q)
    if extra is not None:
        parts.append(extra)
    return query.where(or_(*parts)) if parts else query


def ordered(query: Select[Any], view: Any, ask: Asked) -> Select[Any]:
    """By an indexed column of the view, ties and default by id, newest first."""
    model = view.model
    if ask.order:
        found = field_for(model, ask.order)
        attribute = getattr(model, found.name if found else ask.order)
        query = query.order_by(attribute.desc() if ask.descending else attribute.asc())
    elif view.default_order is not None:
        query = query.order_by(*view.default_order)
    return query.order_by(model.id.desc())


def eager(view: Any) -> list[Any]:
    """Loader options for every related record that the list shows: no query per row."""
    options = []
    for name in view.list_names:
        found = field_for(view.model, name)
        head = name.split(".")[0] if "." in name else (found.shows if found else name)
        if head in inspect(view.model).relationships:
            option: Any = joinedload(getattr(view.model, head))
            nested = name.split(".")[1:-1]
            owner = inspect(view.model).relationships[head].mapper.class_
            for part in nested:
                option = option.joinedload(getattr(owner, part))
                owner = inspect(owner).relationships[part].mapper.class_
            options.append(option)
    return options


def count(session: Session, query: Select[Any], model: type[Any]) -> int:
    """How many rows, at most COUNT_CAP + 1."""
    inner = query.with_only_columns(model.id).order_by(None).limit(COUNT_CAP + 1).subquery()
    return session.scalar(select(func.count()).select_from(inner)) or 0


def names_for(view: Any, records: list[Any], columns: list[str]) -> dict[str, dict[int, str]]:
    """Names of people and teams on this page, one query a kind."""
    wanted: dict[str, set[int]] = {}
    for name in columns:
        found = field_for(view.model, name)
        if found is not None and found.kind == "lookup":
            ids = {reach_into(r, name) for r in records}
            wanted.setdefault(found.facts.lookup, set()).update(ids)
    return {lookup: lookup_names(lookup, ids) for lookup, ids in wanted.items()}


def _link(view: Any, ask: Asked, **changes: Any) -> str:
    values: dict[str, Any] = {**ask.filters}
    if ask.q:
        values["q"] = ask.q
    if ask.order:
        values["order"] = ("-" if ask.descending else "") + ask.order
    if ask.size != SIZES[0]:
        values["size"] = ask.size
    if ask.chip:
        values["chip"] = ask.chip
    values.update(changes)
    text = urlencode({k: v for k, v in values.items() if v not in (None, "")})
    return view.list_url() + ("?" + text if text else "")


def list_page(view: Any, session: Session, actor: Actor) -> ListPage:
    """Everything the list template draws."""
    ask = asked(view)
    query = base_query(view, ask, actor)
    total = count(session, query, view.model)
    page = min(ask.page, max(1, -(-total // ask.size)))
    records = list(
        session.scalars(
            ordered(query, view, ask).options(*eager(view)).offset((page - 1) * ask.size).limit(ask.size)
        ).unique()
    )
    columns = view.readable_columns(actor)
    names = names_for(view, records, columns)
    return ListPage(
        title=str(view.title),
        columns=tuple(_column(view, ask, name, i) for i, name in enumerate(columns)),
        rows=tuple(_row(view, r, columns, names, actor) for r in records),
        pager=_pager(view, ask, total, page),
        crumbs=(Crumb(str(view.category)), Crumb(str(view.title))) if view.category else (),
        acts=tuple(view.list_acts(actor, query_text=_link(view, ask, page=None).partition("?")[2])),
        chips=_chips(view, ask),
        search_value=ask.q,
        search_placeholder=str(view.search_hint),
        filters=tuple(_filter(view, session, f, ask.filters.get(f, "")) for f in view.filters),
        kept=tuple((k, str(v)) for k, v in (("order", ("-" if ask.descending else "") + ask.order if ask.order else ""),
                                            ("size", ask.size if ask.size != SIZES[0] else ""), ("chip", ask.chip)) if v),
        reset_url=view.list_url() if ask.q or ask.filters else "",
        bulk=tuple(view.bulk_steps(actor)),
        bulk_url=view.list_url() + "bulk" if view.bulk_steps(actor) else "",
        totals=view.totals(records, columns, total <= ask.size),
        empty_title=_("没有符合条件的记录") if ask.q or ask.filters else _("还没有%(what)s", what=view.title),
        empty_hint=_("换个条件再查") if ask.q or ask.filters else str(view.empty_hint),
    )  # fmt: skip


def _chips(view: Any, ask: Asked) -> tuple[Chip, ...]:
    if not view.chips:
        return ()
    every = Chip(_("全部"), _link(view, ask, chip=None, page=None), pressed=not ask.chip)
    return (
        every,
        *(
            Chip(str(label), _link(view, ask, chip=key, page=None), pressed=ask.chip == key)
            for key, label, _fn in view.chips
        ),
    )


def _column(view: Any, ask: Asked, name: str, position: int) -> Column:
    found = field_for(view.model, name)
    sortable = name in view.order_columns
    now_sorted = sortable and ask.order == name
    return Column(
        key=name,
        label=label_of(view.model, name),
        numeric=found.numeric if found else False,
        sort_url=_link(view, ask, order=("" if now_sorted and ask.descending else "-") + name, page=None)
        if sortable
        else "",
        sort=("descending" if ask.descending else "ascending") if now_sorted else "none",
        phone="hd" if position == 0 else "badge" if name == "state" else "shown" if position < 5 else "lo",
    )


def _row(view: Any, record: Any, columns: list[str], names: dict[str, dict[int, str]], actor: Actor) -> Row:
    return Row(
        id=str(record.id),
        url=view.show_url(record.id),
        name=str(record),
        cells=tuple(cell(record, n, actor, names) for n in columns),
        ops=tuple(view.row_acts(record, actor)),
    )


def _filter(view: Any, session: Session, name: str, value: str) -> FilterField:
    found = field_for(view.model, name)
    if found is None:
        raise KeyError(name)
    options = filter_options(view, session, found)
    if options is None:
        return FilterField(name, found.label, "text", value=value)
    return FilterField(name, found.label, "select", tuple(options), value)


def _pager(view: Any, ask: Asked, total: int, page: int) -> Pager:
    pages = min(max(1, -(-total // ask.size)), MAX_PAGE)
    near = sorted({1, pages, *(p for p in range(page - 2, page + 3) if 1 <= p <= pages)})
    numbers: list[PageNumber] = []
    for before, p in zip([0, *near], near, strict=False):
        if p - before > 1:
            numbers.append(PageNumber("…"))
        numbers.append(PageNumber(str(p), "" if p == page else _link(view, ask, page=p), current=p == page))
    text = _("共 %(n)s 条", n=f"{total:,}") if total <= COUNT_CAP else _("共 1 万多条")
    return Pager(
        text, page, pages, ask.size, SIZES,
        prev_url=_link(view, ask, page=page - 1) if page > 1 else "",
        next_url=_link(view, ask, page=page + 1) if page < pages else "",
        numbers=tuple(numbers),
        kept=tuple((k, v) for k, v in {**ask.filters, "q": ask.q, "chip": ask.chip}.items() if v),
    )  # fmt: skip


def sum_cells(view: Any, records: list[Any], columns: list[str]) -> tuple[Cell, ...]:
    """Totals of the money and area columns that the view names in `sum_columns`."""
    cells: list[Cell] = []
    for position, name in enumerate(columns):
        if name in view.sum_columns:
            values = [reach_into(r, name) for r in records]
            cells.append(Cell(f"{sum((v for v in values if v is not None), start=0):,.2f}", numeric=True))
        else:
            cells.append(Cell(_("合计") if position == 0 else " "))
    return tuple(cells)


def add_link(view: Any, actor: Actor) -> list[Link]:
    """«新增…» when the actor may create one in the current project."""
    return (
        [Link(_("新增%(what)s", what=view.label), view.add_url(), tone="primary", icon="plus")]
        if view.may_add(actor)
        else []
    )
