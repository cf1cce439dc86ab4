"""One page of a list: its rows by number or by walking from a row, how many there are, and the ways to the other pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from app.kernel.screens.asking import MAX_PAGE, SIZES, Asked, kept_values, list_link
from app.kernel.screens.cursor import Cursor, read_cursor, write_cursor
from app.kernel.screens.list_page import PageNumber, Pager
from app.kernel.screens.ordering import Key, full_sorting, keys_of, page_ids
from app.kernel.screens.selection import Selection

COUNT_CAP = 10_000
LAST = Cursor(True, -1, None)


@dataclass(frozen=True)
class Part:
    """The rows of one page. page: counted from the start, or from the end below zero; before, after: whether there are more."""

    records: tuple[Any, ...]
    page: int
    before: bool
    after: bool
    keys: tuple[Key, ...]


def count(session: Session, chosen: Selection, model: type[Any]) -> int:
    """How many rows fit, at most COUNT_CAP + 1: a bounded cost however many there are."""
    most = COUNT_CAP + 1
    parts = [
        chosen.query.with_only_columns(model.id).where(*([] if way is None else [way])).order_by(None).limit(most)
        for way in chosen.ways
    ]
    rows = union_all(*(select(part.subquery()) for part in parts)) if len(parts) > 1 else parts[0]
    return min(session.scalar(select(func.count()).select_from(rows.subquery())) or 0, most)


def part(view: Any, session: Session, ask: Asked, chosen: Selection, total: int, options: list[Any]) -> Part:
    """The rows that the address asks for; an odd cursor, or one behind the end, shows the first page."""
    keys = keys_of(view, ask)
    cursor = read_cursor(ask.at, ask.order_text, keys) if ask.at else None
    if cursor is not None:
        found = _walked(view, session, ask, chosen, keys, cursor, options)
        if found is not None:
            return found
    number = min(ask.page, _pages(ask, total)) if cursor is None else 1
    rows = _rows(view, session, chosen, keys, None, ask.size, (number - 1) * ask.size, options)
    return Part(rows[: ask.size], number, number > 1, len(rows) > ask.size, keys)


def _walked(
    view: Any,
    session: Session,
    ask: Asked,
    chosen: Selection,
    keys: tuple[Key, ...],
    cursor: Cursor,
    options: list[Any],
) -> Part | None:
    rows = _rows(view, session, chosen, keys, cursor, ask.size, 0, options)
    more, rows = len(rows) > ask.size, rows[: ask.size]
    if cursor.backwards:
        rows = rows[::-1]
        full = more or cursor.page < 0
        return Part(rows, cursor.page, more, cursor.values is not None, keys) if rows and full else None
    return Part(rows, cursor.page, True, more, keys) if rows else None


def _rows(
    view: Any, session: Session, chosen: Selection, keys: tuple[Key, ...], cursor: Cursor | None, size: int, offset: int,
    options: list[Any],
) -> tuple[Any, ...]:  # fmt: skip
    """One row more than the page has, in the order walked."""
    model, backwards = view.model, cursor is not None and cursor.backwards
    ids = page_ids(
        chosen.query, model, keys, cursor.values if cursor else None, backwards=backwards, limit=size + 1, offset=offset,
        ways=list(chosen.ways),
    )  # fmt: skip
    query = select(model).where(model.id.in_(ids)).order_by(*full_sorting(keys)).options(*options)
    rows = tuple(session.scalars(query).unique())
    return rows[::-1] if backwards else rows


def _pages(ask: Asked, total: int) -> int:
    return min(max(1, -(-total // ask.size)), MAX_PAGE)


def pager(view: Any, ask: Asked, shown: Part, total: int) -> Pager:
    """Back, forward, first, last, and the numbers near by as far as one may jump."""
    known, page = total <= COUNT_CAP, shown.page
    pages = _pages(ask, total)
    whole = known and -(-total // ask.size) <= MAX_PAGE
    to_last = list_link(view, ask, page=pages) if whole else _walk(view, ask, LAST)
    text = _("共 %(n)s 条", n=f"{total:,}") if known else _("共 1 万多条")
    return Pager(
        text, page if page > 0 else 0, pages, ask.size, SIZES,
        prev_url=_edge(view, ask, shown, back=True) if shown.before else "",
        next_url=_edge(view, ask, shown, back=False) if shown.after else "",
        numbers=_numbers(view, ask, page, pages),
        first_url=list_link(view, ask) if page != 1 else "",
        last_url=to_last if shown.after else "",
        kept=tuple(kept_values(ask).items()),
    )  # fmt: skip


def _walk(view: Any, ask: Asked, cursor: Cursor) -> str:
    return list_link(view, ask, at=write_cursor(ask.order_text, cursor))


def _edge(view: Any, ask: Asked, shown: Part, *, back: bool) -> str:
    """Walking on from the first or last row; the second page leads back to the first by its plain address."""
    page = shown.page + (-1 if back else 1)
    if page == 1:
        return list_link(view, ask)
    row = shown.records[0 if back else -1]
    values = tuple(getattr(row, key.attribute.key) for key in shown.keys)
    return _walk(view, ask, Cursor(back, page, values))


def _numbers(view: Any, ask: Asked, page: int, pages: int) -> tuple[PageNumber, ...]:
    if page < 0 or page > pages:
        word = str(page) if page > 0 else _("末页") if page == -1 else _("倒数第 %(n)s 页", n=-page)
        return (PageNumber("1", list_link(view, ask)), PageNumber("…"), PageNumber(word, current=True))
    near = sorted({1, pages, *(p for p in range(page - 2, page + 3) if 1 <= p <= pages)})
    numbers: list[PageNumber] = []
    for before, p in zip([0, *near], near, strict=False):
        if p - before > 1:
            numbers.append(PageNumber("…"))
        numbers.append(PageNumber(str(p), "" if p == page else list_link(view, ask, page=p), current=p == page))
    return tuple(numbers)
