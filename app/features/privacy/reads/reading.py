"""The lines of the trail that tell of a look at personal data: opened, shown in full, downloaded, printed, exported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from app.features.customers.effects.phones import number_digest
from app.features.customers.models import Customer, CustomerPhone
from app.features.deals.reservations.models import Reservation
from app.kernel.audit import AuditEntry
from app.kernel.base import Record, facts_of, model_of
from app.kernel.chinese import mask_name, parse_phone
from app.kernel.errors import RuleError
from app.kernel.papers.records import PrintedPaper

UNSCOPED = {"unscoped": True}
LOOKS = ("reveal", "read", "download", "export", "phone_check")


@dataclass(frozen=True)
class Question:
    """Who looked (a person), at whom (customers), between two days, in which projects."""

    projects: tuple[int, ...]
    since: date
    until: date
    person_id: int | None = None
    customers: tuple[int, ...] | None = None  # None = everybody, () = nobody was found by what was typed


@dataclass(frozen=True)
class Look:
    """One look. about: «客户电话 王*»; what: the field, file or list; wide: a list that may have contained the customer."""

    at: datetime
    person: str
    act: str
    subject: str
    subject_id: int | None
    about: str
    what: str
    reason: str
    address: str
    wide: bool = False


def customers_named(session: Session, text: str, projects: tuple[int, ...]) -> tuple[int, ...]:
    """Ids by «#18», by a whole number of a phone, or by the exact name."""
    text = text.strip()
    if text.startswith("#") and text[1:].isascii() and text[1:].isdigit() and len(text) < 11:
        query: Select[Any] = select(Customer.id).where(Customer.id == int(text[1:]))
    else:
        try:
            digest = number_digest(parse_phone(text, field="customer"))
            query = select(CustomerPhone.customer_id).where(CustomerPhone.digest == digest)
            query = query.where(CustomerPhone.project_id.in_(projects))
            return tuple(sorted(set(session.scalars(query, execution_options=UNSCOPED))))
        except RuleError:
            query = select(Customer.id).where(Customer.name == text)
    return tuple(session.scalars(query.where(Customer.project_id.in_(projects)).limit(50), execution_options=UNSCOPED))


def looks(session: Session, question: Question, limit: int) -> list[Look]:
    """The newest first, prints among them."""
    if question.customers == ():
        return []
    rows = None if question.customers is None else records_of(session, question.customers)
    lines = session.scalars(_lines(question, rows).limit(limit)).all()
    names = _names(session, [(one.subject or "", one.subject_id or 0) for one in lines])
    found = [_look(one, names, rows) for one in lines]
    found += _prints(session, question, rows, limit)
    return sorted(found, key=lambda one: one.at, reverse=True)[:limit]


def records_of(session: Session, customers: Iterable[int]) -> dict[str, list[int]]:
    """Every record of these customers by table: themselves, what names them, what hangs on their orders."""
    ids = list(customers)
    found = {"customer": ids}
    orders = list(
        session.scalars(select(Reservation.id).where(Reservation.customer_id.in_(ids)), execution_options=UNSCOPED)
    )
    for mapper in Record.registry.mappers:
        model, table = mapper.class_, mapper.local_table
        if not issubclass(model, Record) or table is None or model is Customer:
            continue
        ways = []
        if "customer_id" in table.c:
            ways.append(table.c.customer_id.in_(ids))
        if orders and "reservation_id" in table.c:
            ways.append(table.c.reservation_id.in_(orders))
        if ways:
            found[table.name] = list(session.scalars(select(table.c.id).where(or_(*ways))))
    return {name: keys for name, keys in found.items() if keys}


def _between(column: Any, question: Question) -> Any:
    end = datetime.combine(question.until + timedelta(days=1), time())
    return and_(column >= datetime.combine(question.since, time()), column < end)


def _lines(question: Question, rows: dict[str, list[int]] | None) -> Select[Any]:
    query = select(AuditEntry).where(AuditEntry.act.in_(LOOKS), _between(AuditEntry.at, question))
    query = query.where(AuditEntry.project_id.in_(question.projects))
    if question.person_id is not None:
        query = query.where(AuditEntry.person_id == question.person_id)
    if rows is not None:
        own = [and_(AuditEntry.subject == table, AuditEntry.subject_id.in_(keys)) for table, keys in rows.items()]
        lists = and_(AuditEntry.act == "export", AuditEntry.subject.in_(list(rows)))
        query = query.where(or_(lists, *own))
    return query.order_by(AuditEntry.id.desc())


def _look(line: AuditEntry, names: dict[tuple[str, int], str], rows: dict[str, list[int]] | None) -> Look:
    table, told = line.subject or "", line.changes
    what = str(told.get("name") or told.get("report") or told.get("number") or "")
    if told.get("field"):
        what = _field(table, str(told["field"]))
    if line.act == "export":
        what = f"{what} {told.get('rows', '')}".strip()
    about = f"{_label(table)} {names.get((table, line.subject_id or 0), '')}".strip()
    reason = str(told.get("reason") or "")
    wide = rows is not None and line.act == "export"
    return Look(
        line.at, line.person_name, line.act, table, line.subject_id, about, what, reason, line.address or "", wide
    )


def _prints(session: Session, question: Question, rows: dict[str, list[int]] | None, limit: int) -> list[Look]:
    query = select(PrintedPaper).where(
        _between(PrintedPaper.printed_at, question), PrintedPaper.project_id.in_(question.projects)
    )
    if question.person_id is not None:
        query = query.where(PrintedPaper.printed_by == question.person_id)
    if rows is not None:
        query = query.where(or_(*(
            and_(PrintedPaper.owner_table == table, PrintedPaper.owner_id.in_(keys)) for table, keys in rows.items()
        )))  # fmt: skip
    papers = session.scalars(query.order_by(PrintedPaper.id.desc()).limit(limit)).all()
    names = _names(session, [(one.owner_table, one.owner_id) for one in papers])
    return [
        Look(
            one.printed_at, one.printed_name, "print", one.owner_table, one.owner_id,
            f"{_label(one.owner_table)} {names.get((one.owner_table, one.owner_id), '')}".strip(),
            f"{one.number} 第 {one.turn} 次".strip(), "", "",
        )
        for one in papers
    ]  # fmt: skip


def _names(session: Session, pairs: list[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Whose record it is, by the masked name of the customer (02 §2.5.11: 张* in wide reports)."""
    tables: dict[str, set[int]] = {}
    for table, key in pairs:
        tables.setdefault(table, set()).add(key)
    found: dict[tuple[str, int], str] = {}
    for table, keys in tables.items():
        model = _model(table)
        if model is None or not (model is Customer or hasattr(model, "customer_id")):
            continue
        query = select(model.id, Customer.name).where(model.id.in_(keys))
        if model is not Customer:
            query = query.join(Customer, Customer.id == model.customer_id)
        for key, name in session.execute(query, execution_options=UNSCOPED):
            found[table, key] = mask_name(name)
    return found


def _model(table: str) -> Any:
    try:
        return model_of(table)
    except KeyError:
        return None


def _label(table: str) -> str:
    model = _model(table)
    return getattr(model, "__label__", "") or table


def _field(table: str, name: str) -> str:
    model = _model(table)
    return facts_of(model, name).label if model is not None else name
