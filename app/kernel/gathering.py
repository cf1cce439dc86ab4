"""The numbers of many rooms in one statement (04 F1): who needs some yields the statements, each of one row, and is given the rows.

def reminders(actor: Actor) -> Asking[list[FeedItem]]:
    (late,) = yield [how_many(select(Customer.id).where(Customer.follow_due_on < today))]
    return [FeedItem(…)] if late[0] else []
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, func, select, true

from app.kernel.transactions import AnySession

T = TypeVar("T")
Statement = Select[*tuple[Any, ...]]
Asking = Generator[Sequence[Statement], Sequence[Any], T]

COUNT_CAP = 10_000  # «1 万+»: nobody reads further, and counting on costs as much as there are rows
AT_ONCE = 50  # SQLite joins 64 tables at most


def how_many(ids: Statement) -> Select[int]:
    """The statement that counts these rows, at most COUNT_CAP + 1."""
    return select(func.count()).select_from(ids.order_by(None).limit(COUNT_CAP + 1).subquery())


def counted(number: int) -> str:
    """The number as it is shown."""
    return f"{number:,}" if number <= COUNT_CAP else "1 万+"


def gathered(session: AnySession, askers: Iterable[Asking[T] | T]) -> list[T]:
    """What each of them has to say, in their order; those that need nothing give it right away."""
    found: list[Any] = list(askers)
    told: dict[int, Sequence[Any] | None] = {n: None for n, one in enumerate(found) if isinstance(one, Generator)}
    while told:
        asked: dict[int, Sequence[Statement]] = {}
        for place, rows in told.items():
            try:
                asked[place] = found[place].send(rows)
            except StopIteration as said:
                found[place] = said.value
        rows_of = _rows(session, [query for queries in asked.values() for query in queries])
        told = {place: [next(rows_of) for _query in queries] for place, queries in asked.items()}
    return found


def _rows(session: AnySession, queries: list[Statement]) -> Iterator[Any]:
    for start in range(0, len(queries), AT_ONCE):
        yield from _one_statement(session, queries[start : start + AT_ONCE])


def _one_statement(session: AnySession, queries: Sequence[Statement]) -> Iterator[Any]:
    """Each statement is a table of one row; the session's scope reaches into them as into any other."""
    tables = [query.subquery() for query in queries]
    joined: Any = tables[0]
    for table in tables[1:]:
        joined = joined.join(table, true())
    row = iter(session.execute(select(*(c for table in tables for c in table.c)).select_from(joined)).one())
    for table in tables:
        yield tuple(next(row) for _column in table.c)
