"""Customers as tables name them: by one of their numbers, else by name; a number of a foreign customer answers yes or no alone."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from sqlalchemy import select

from app.features.customers.effects.phones import number_digest
from app.features.customers.models import KNOWN_NUMBER, Customer, CustomerPhone
from app.features.organisation.models import Assignment, Person
from app.kernel.chinese import parse_phone
from app.kernel.errors import RuleError
from app.kernel.imports.declared import Desk, Values
from app.kernel.imports.lookups import chunks, records_by_title

_SEVERAL = re.compile(r"[、,，;；/\n]+")
_WHOLE = re.compile(r"[+\d()\-–—]{7,}")  # a piece between blanks that is a number of its own


def numbers_in(text: str | None) -> tuple[str, ...]:
    """The normalised numbers of a cell, one or several. Raises RuleError for one that is none."""
    parts = [part for part in _SEVERAL.split(text or "") if part.strip()]
    pieces = [p for part in parts for p in (part.split() if all(map(_WHOLE.fullmatch, part.split())) else [part])]
    return tuple(parse_phone(piece, field="phone") for piece in pieces)


def customers_by_number(desk: Desk, rows: list[Values]) -> list[Any]:
    """For each row the live customer with one of its numbers when the actor sees him, the yes-or-no refusal when he does not."""
    digests: dict[str, int] = {}
    wanted = sorted({number_digest(number) for row in rows for number in _readable(row.get("phone"))})
    for some in chunks(wanted):
        query = select(CustomerPhone.digest, CustomerPhone.customer_id).where(
            CustomerPhone.project_id == desk.project_id, CustomerPhone.live, CustomerPhone.digest.in_(some)
        )
        digests |= {digest: pk for digest, pk in desk.session.execute(query, execution_options={"unscoped": True})}  # noqa: C416 - a result is no mapping
    seen: dict[int, Customer] = {}
    for some in chunks(sorted(set(digests.values()))):
        seen |= {c.id: c for c in desk.session.scalars(select(Customer).where(Customer.id.in_(some)))}
    return [_whose(row, digests, seen) for row in rows]


def _readable(text: str | None) -> tuple[str, ...]:
    with suppress(RuleError):  # the check of the row names what is wrong with it
        return numbers_in(text)
    return ()


def _whose(row: Values, digests: dict[str, int], seen: dict[int, Customer]) -> Any:
    known = [digests[d] for d in map(number_digest, _readable(row.get("phone"))) if d in digests]
    if not known:
        return None
    return seen.get(known[0]) or RuleError(KNOWN_NUMBER, field="phone")


def customers_named(desk: Desk, texts: set[str]) -> dict[str, list[int]]:
    """Customers by number, else by name, within the actor's rows."""
    rows: list[Values] = [{"phone": text} for text in sorted(texts)]
    found = {
        row["phone"]: [owner.id] for row, owner in zip(rows, customers_by_number(desk, rows), strict=True)
        if isinstance(owner, Customer)
    }  # fmt: skip
    return records_by_title(desk, Customer, texts - found.keys()) | found


def colleagues_named(desk: Desk, texts: set[str]) -> dict[str, list[int]]:
    """Whoever holds or held a post in the project: an old table names people who have left."""
    held = select(Assignment.person_id).where(Assignment.project_id == desk.project_id)
    found: dict[str, list[int]] = {}
    for some in chunks(sorted(texts)):
        query = select(Person.id, Person.name).where(Person.name.in_(some), Person.id.in_(held))
        for pk, name in desk.session.execute(query, execution_options={"unscoped": True}):
            found.setdefault(name, []).append(pk)
    return found
