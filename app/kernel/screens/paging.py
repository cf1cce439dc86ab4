"""One page of a list: its rows by number or by walking from a row, how many there are, and the ways to the other pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import CTE, Select, and_, case, func, inspect, literal, select, tuple_, union_all
from sqlalchemy.orm import Session

from app.kernel.gathering import COUNT_CAP
from app.kernel.screens.asking import CURSOR, MAX_PAGE, SIZES, Asked, kept_values, list_link
from app.kernel.screens.cursor import Cursor, read_cursor, write_cursor
from app.kernel.screens.list_page import PageNumber, Pager
from app.kernel.screens.ordering import Key, full_sorting, keys_of, page_ids
from app.kernel.screens.selection import Selection

LAST = Cursor(True, -1, None)


@dataclass(frozen=True)
class Part:
    """The rows of one page. page: counted from the start, or from the end below zero; before, after: whether there are more.

    total: how many rows fit, at most COUNT_CAP + 1: a bounded cost however many there are. sums: column → its sum over all of them,
    None where there are more than that.
    """

    records: tuple[Any, ...]
    page: int
    before: bool
    after: bool
    keys: tuple[Key, ...]
    total: int
    sums: Mapping[str, Decimal | None] = field(default_factory=dict)


@dataclass(frozen=True)
class _Reading:
    """How the rows of a list are read; the number of all and their sums come with them, in the same statement."""

    session: Session
    model: type[Any]
    ask: Asked
    chosen: Selection
    keys: tuple[Key, ...]
    options: list[Any]
    summed: tuple[str, ...]
    uncounted: tuple[Any, ...]

    def rows(self, cursor: Cursor | None, offset: int) -> tuple[tuple[Any, ...], int, dict[str, Any]]:
        """One row more than the page has, in the order walked, the total (0 when there is no row here), and the sums."""
        backwards = cursor is not None and cursor.backwards
        fitting = self._fitting()
        counted = select(func.count().label("rows")).select_from(fitting).cte("counted")
        total = select(counted.c.rows).scalar_subquery()
        ids: Any = self._walked(cursor, offset)
        if self._narrowed():
            ids = union_all(*(select(way.subquery()) for way in self._few_or_many(ids, fitting, total, cursor, offset)))
        query = select(self.model, total, *self._sums(fitting, total)).where(self.model.id.in_(ids))
        found = self.session.execute(query.order_by(*full_sorting(self.keys)).options(*self.options)).unique().all()
        rows = tuple(row[0] for row in found)
        sums = dict(zip(self.summed, found[0][2:], strict=True)) if found else {}
        return rows[::-1] if backwards else rows, found[0][1] if found else 0, sums

    def _sums(self, fitting: CTE, total: Any) -> list[Any]:
        """Over all pages; beyond COUNT_CAP rows nobody adds up."""
        table = self.model.__table__
        ours = table.c.id.in_(select(fitting.c.id))
        if self.uncounted:
            ours = and_(ours, table.c.state.not_in(self.uncounted))
        return [
            case(
                (total <= COUNT_CAP, select(func.sum(table.c[_column(self.model, name)])).where(ours).scalar_subquery())
            )
            for name in self.summed
        ]

    def _walked(self, cursor: Cursor | None, offset: int) -> Select[Any]:
        """Ids of the page, found by walking through the order of the list."""
        return page_ids(
            self.chosen.query, self.model, self.keys, cursor.values if cursor else None, backwards=cursor is not None and cursor.backwards,
            limit=self.ask.size + 1, offset=offset, ways=list(self.chosen.ways),
        )  # fmt: skip

    def _narrowed(self) -> bool:
        """Whether a filter or a chip leaves perhaps few rows of a list in its own order."""
        walkable = len({key.descending for key in self.keys}) == 1 and not self.keys[0].column.nullable
        mine = not self.ask.order and self.chosen.ways[0] is None
        return mine and walkable and bool(self.ask.chip or self.ask.filters)

    def _few_or_many(
        self, walked: Select[Any], fitting: CTE, total: Any, cursor: Cursor | None, offset: int
    ) -> tuple[Select[Any], Select[Any]]:
        """Few rows are sorted, as the index of the filter gives them; only among many one walks until a page is full.

        Walking through a million rows to find twenty is what the planner would do for both: it knows not how many there are.
        """
        backwards = cursor is not None and cursor.backwards
        few, columns = select(fitting.c.id).where(total <= COUNT_CAP), [fitting.c[k.attribute.key] for k in self.keys]
        descending = self.keys[0].descending is not backwards
        if cursor is not None and cursor.values is not None:
            told = [literal(v, k.attribute.type) for k, v in zip(self.keys, cursor.values, strict=True)]
            here, there = tuple_(*columns), tuple_(*told)
            few = few.where(here < there if descending else here > there)
        few = few.order_by(*(c.desc() if descending else c.asc() for c in columns))
        return few.limit(self.ask.size + 1).offset(offset), walked.where(total > COUNT_CAP)

    def _fitting(self) -> CTE:
        """The ids of all rows that fit, at most COUNT_CAP + 1 of them; with what they are sorted by when few are."""
        most, sorted_by = COUNT_CAP + 1, self.keys[:-1] if self._narrowed() else ()
        parts = [
            self.chosen.query.with_only_columns(self.model.id, *(key.attribute for key in sorted_by))
            .where(*([] if way is None else [way]))
            .order_by(None)
            .limit(most)
            for way in self.chosen.ways
        ]
        rows = union_all(*(select(part.subquery()) for part in parts)) if len(parts) > 1 else parts[0]
        return rows.cte("fitting")


def part(view: Any, session: Session, ask: Asked, chosen: Selection, options: list[Any]) -> Part:
    """The rows that the address asks for; an odd cursor, or one behind the end, shows the first page."""
    keys = keys_of(view, ask)
    stored = inspect(view.model).column_attrs.keys()
    reading = _Reading(
        session, view.model, ask, chosen, keys, options, tuple(n for n in view.sum_columns if n in stored),
        view.uncounted,
    )  # fmt: skip
    cursor = read_cursor(ask.at, ask.order_text, keys) if ask.at else None
    found = _walked(reading, cursor) if cursor is not None else _numbered(reading, ask.page)
    return found or _numbered(reading, 1) or Part((), 1, False, False, keys, 0)


def _column(model: type[Any], name: str) -> str:
    return str(inspect(model).column_attrs[name].columns[0].name)


def _walked(reading: _Reading, cursor: Cursor) -> Part | None:
    size = reading.ask.size
    rows, total, sums = reading.rows(cursor, 0)
    more, rows = len(rows) > size, rows[:size]
    if not rows or (cursor.backwards and cursor.page > 0 and not more):
        return None
    if cursor.backwards:
        return Part(
            rows[::-1], cursor.page, more, cursor.values is not None, reading.keys, min(total, COUNT_CAP + 1), sums
        )
    return Part(rows, cursor.page, True, more, reading.keys, min(total, COUNT_CAP + 1), sums)


def _numbered(reading: _Reading, number: int) -> Part | None:
    """The page of that number; behind the end the last one."""
    size = reading.ask.size
    rows, total, sums = reading.rows(None, (number - 1) * size)
    if not rows and number > 1:
        _first, total, sums = reading.rows(None, 0)
        number = pages_of(reading.ask, total)
        rows, total, sums = reading.rows(None, (number - 1) * size)
    if not rows:
        return None
    return Part(rows[:size], number, number > 1, len(rows) > size, reading.keys, min(total, COUNT_CAP + 1), sums)


def pages_of(ask: Asked, total: int) -> int:
    """The pages that one may jump to."""
    return min(max(1, -(-total // ask.size)), MAX_PAGE)


def pager(view: Any, ask: Asked, shown: Part) -> Pager:
    """Back, forward, first, last, and the numbers near by as far as one may jump."""
    total, page = shown.total, shown.page
    known, pages = total <= COUNT_CAP, pages_of(ask, total)
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
    return list_link(view, ask, **{CURSOR: write_cursor(ask.order_text, cursor)})


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
