"""So many customers with their numbers, first visits and, when asked for, follow-ups — with the words by which they are found."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, func, select, text

from app.demo.customers import MISSED, TALKS
from app.demo.masses.bulk import drop_indexes, ids_given, last_id, write_rows
from app.demo.masses.invented_customers import SEED, Someone, numbers, someone
from app.demo.masses.sellers import Sellers
from app.features.customers.choices import Eligibility, FollowMethod, FollowResult, PartyKind
from app.features.customers.effects import number_digest, part_digest, tail_digest
from app.features.customers.models import Contact, Customer, CustomerPhone, FollowUp
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.schema import refresh_statistics
from app.kernel.search_index import SearchRow
from app.kernel.search_text import digest_word, owner_words, project_word, table_word, words_of
from app.kernel.transactions import write

CHUNK = 20_000
FOLLOW_UPS = 3
TABLES: tuple[Any, ...] = tuple(m.__table__ for m in (Customer, CustomerPhone, Contact, FollowUp, SearchRow))
CUSTOMER, PHONE, CONTACT, FOLLOW_UP, WORDS = TABLES
STAMPS = ("created_at", "created_by", "updated_at", "updated_by", "version")
OWNED = ("project_id", "owner_id", "partner_id", "team_id")
Row = tuple[Any, ...]
COLUMNS: dict[Table, tuple[str, ...]] = {
    CUSTOMER: (
        "id", "name", "gender", "kind", "state", "grade", "source", "source_detail", "first_kind", "first_at", "last_contact_at",
        "last_visit_at", "follow_due_on", "protected_until", "visits", "owner_since", "wanted_layout", "eligibility", *OWNED, *STAMPS,
    ),
    PHONE: ("id", "customer_id", "number", "digest", "tail_digest", "part_digest", "belongs_to", "live", *OWNED, *STAMPS),
    CONTACT: (
        "id", "customer_id", "at", "kind", "receiver_id", "place", "source", "source_detail", "people", "outcome", "entered_late",
        *OWNED, *STAMPS,
    ),
    FOLLOW_UP: (
        "id", "customer_id", "at", "method", "result", "valid", "content", "grade_before", "grade_after", "by_id", *OWNED, *STAMPS,
    ),
    WORDS: ("id", "subject", "subject_id", "project_id", "words"),
}  # fmt: skip


class Masses:
    """Gathers rows of every table and writes them chunk by chunk; ids are given here, so that rows can name one another."""

    def __init__(self, session: Any, connection: Connection) -> None:
        self.session = session
        self.rows: dict[Table, list[Row]] = {table: [] for table in TABLES}
        self.ids = {table: last_id(connection, table) for table in TABLES}

    def add(self, table: Table, *values: Any) -> int:
        """One row without its id; returns the id that it gets."""
        self.ids[table] += 1
        self.rows[table].append((self.ids[table], *values))
        return self.ids[table]

    def find_by(self, table: Table, key: int, someone: Someone, words: str) -> None:
        """The words of a row in the index, with the marks of its kind, project and owners."""
        owners = [i for i in (someone.seller.person_id, someone.partner_id) if i is not None]
        project = someone.seller.project_id
        marks = f"{table_word(table.name)} {project_word(project)} {owner_words(owners)}"
        self.add(WORDS, table.name, key, project, f"{marks} {words}")

    def flush(self) -> None:
        """Write what was gathered in one transaction."""
        write(self.session, self._write)
        for rows in self.rows.values():
            rows.clear()

    def _write(self) -> None:
        connection = self.session.connection()
        for table, rows in self.rows.items():
            write_rows(connection, table, COLUMNS[table], rows)
        if connection.dialect.name == "sqlite" and self.rows[WORDS]:
            first = self.rows[WORDS][0][0]
            found = "INSERT INTO search_words(rowid, words) SELECT id, words FROM search_entry WHERE id >= :first"
            connection.execute(text(found), {"first": first})


def load_customers(
    session: Any,
    number: int,
    today: date,
    *,
    visits: bool = True,
    follow_ups: bool = False,
    progress: Callable[[str], None] = lambda _words: None,
) -> int:
    """Add customers until the site has `number`; returns how many were made. The organisation of the demo must be there.

    visits: each with his first call or visit; follow_ups: each with three.
    """
    with acting_as(SYSTEM):
        missing = number - (session.scalar(select(func.count()).select_from(CUSTOMER)) or 0)
        if missing <= 0:
            return 0
        sellers = write(session, lambda: Sellers(session, today, missing))
        taken = set(session.scalars(select(CustomerPhone.digest), execution_options={"unscoped": True}))
        masses = Masses(session, session.connection())
        dropped = write(session, lambda: drop_indexes(session.connection(), list(TABLES))) if missing > CHUNK else []
        try:
            for place, one in enumerate(_people(sellers, missing, taken, today), 1):
                _add(masses, one, visits=visits, follow_ups=follow_ups)
                if place % CHUNK == 0 or place == missing:
                    masses.flush()
                    progress(f"{place:,} / {missing:,} 位客户")
        finally:
            progress("建立索引")
            write(session, lambda: _finish(session.connection(), dropped))
        _settle(session)
    return missing


def _finish(connection: Connection, dropped: list[str]) -> None:
    for statement in dropped:
        connection.execute(text(statement))
    for table in TABLES:
        ids_given(connection, table)
    if connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO search_words(search_words) VALUES ('optimize')"))


def _settle(session: Any) -> None:
    """What the worker and PostgreSQL's autovacuum do in time, so that nobody measures tables that the planner has not seen yet."""
    engine = session.get_bind()
    write(session, lambda: refresh_statistics(session.connection()))
    if engine.dialect.name == "postgresql":
        session.rollback()
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in TABLES:
                connection.execute(text(f"VACUUM ANALYZE {table.name}"))


def _people(sellers: Sellers, number: int, taken: set[str], today: date) -> Iterator[Someone]:
    chance = random.Random(SEED)  # noqa: S311 - invented people, no secret
    free = (n for n in numbers(len(taken)) if number_digest(n) not in taken)
    for place in range(number):
        seller, partner_id = sellers.of(place, chance)
        yield someone(chance, seller, partner_id, next(free), place / number, today)


def _add(masses: Masses, one: Someone, *, visits: bool, follow_ups: bool) -> None:
    owned = (one.seller.project_id, one.seller.person_id, one.partner_id, one.seller.team_id)
    stamps = (one.came_at, one.seller.person_id, one.spoke_at, one.seller.person_id, 1)
    visited = None if one.kind.value == "call" else one.came_at
    customer = masses.add(
        CUSTOMER, one.name, one.gender, PartyKind.PERSON, one.state, one.grade, one.source, "", one.kind, one.came_at, one.spoke_at,
        visited, one.due_on, one.protected_until, 0 if visited is None else 1, one.came_at.date(), one.layout,
        Eligibility.UNCHECKED, *owned, *stamps,
    )  # fmt: skip
    whole, tail = number_digest(one.number), tail_digest(one.number)
    masses.add(PHONE, customer, one.number, whole, tail, part_digest(one.number), "本人", not one.lost, *owned, *stamps)
    named = _words(one.name)
    masses.find_by(CUSTOMER, customer, one, named if one.lost else f"{named} {digest_word(whole)} {digest_word(tail)}")
    if visits:
        contact = masses.add(
            CONTACT, customer, one.came_at, one.kind, one.seller.received_by, "案场", one.source, "", 2, one.outcome, False, *owned, *stamps,
        )  # fmt: skip
        masses.find_by(CONTACT, contact, one, named)
    for turn in range(FOLLOW_UPS if follow_ups else 0):
        _follow(masses, one, customer, turn, owned, stamps)


def _follow(masses: Masses, one: Someone, customer: int, turn: int, owned: Row, stamps: Row) -> None:
    """The last of them is the last talk with him; the ones before, one in four in vain, stand between."""
    spoke_at: datetime = one.came_at + (one.spoke_at - one.came_at) * (turn + 1) / FOLLOW_UPS
    reached = turn == FOLLOW_UPS - 1 or (customer + turn) % 4 != 0
    result = FollowResult.REACHED if reached else FollowResult.NO_ANSWER
    content = TALKS[(customer + turn) % len(TALKS)] if reached else MISSED[customer % len(MISSED)]
    made = masses.add(
        FOLLOW_UP, customer, spoke_at.replace(microsecond=0), FollowMethod.PHONE, result, reached, content, one.grade, one.grade,
        one.seller.received_by, *owned, *stamps,
    )  # fmt: skip
    masses.find_by(FOLLOW_UP, made, one, f"{_words(one.name)} {_sentence(content)}")


@lru_cache(maxsize=200_000)
def _words(name: str) -> str:
    return words_of(name)


@lru_cache
def _sentence(content: str) -> str:
    return words_of("", sentences=content)
