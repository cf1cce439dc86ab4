"""Every value of the protected papers is kept twice: in its row and in the audit trail. `doctor` compares both (04 R3).

Whoever changes a row behind the app leaves the trail as it was; the finding names table, row and field. A value that cannot be
read at all (a day that no month has) is named in the same way, in every table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal, DecimalException
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, inspect, select
from sqlalchemy.orm import Session

from app.kernel.audit import SKIP, AuditEntry, told_columns
from app.kernel.base import FieldFacts, every_table
from app.kernel.columns import Encrypted
from app.kernel.reading_rows import UNREADABLE, UNSCOPED, rows_of

BATCH = 500
_PROTECTED: dict[type[Any], bool] = {}
LINES: Table = AuditEntry.__table__


def protect(*models: type[Any], sealed: bool = False) -> None:
    """Declare papers whose every value `doctor` holds against the trail.

    sealed: their rows carry digests of their own, and those of an older version may be without lines in the trail.
    """
    _PROTECTED.update(dict.fromkeys(models, sealed))


def protected_tables() -> list[Table]:
    """Their tables, in order of declaration."""
    return [model.__table__ for model in _PROTECTED]


def where_it_stands(table: str, row_id: int, column: Column[Any]) -> str:
    """«表 receipt 第 17 行「金额」(amount)»."""
    facts: FieldFacts | None = column.info.get("field")
    label = f"「{facts.label}」" if facts else ""
    return f"表 {table} 第 {row_id} 行{label}({column.name})"


def unreadable(session: Session) -> Iterator[str]:
    """Values of any table that are nothing of their kind: no day, no amount, no word of the list. Encrypted ones are left out:
    reading a million phones takes minutes; those of protected papers are read by `altered`."""
    for table in every_table():
        if "id" not in table.columns:
            continue
        columns = [c for c in table.columns if c.name != "id" and not isinstance(c.type, Encrypted)]
        for rows in _batches(session, table, columns):
            for row in rows:
                for column in columns:
                    if row[column.name] is UNREADABLE or _of_another_kind(column, row[column.name]):
                        yield f"{where_it_stands(table.name, row['id'], column)}：读不出来，数据已损坏"


def _of_another_kind(column: Column[Any], value: Any) -> bool:
    """SQLite keeps «十二» in a column of numbers; SQLAlchemy hands plain numbers and texts on as they are."""
    kind = getattr(column.type, "impl", column.type).python_type if value is not None else None
    return kind in (int, str) and not isinstance(value, kind | Decimal if kind is int else kind)


def _batches(session: Session, table: Table, columns: Sequence[Column[Any]]) -> Iterator[list[dict[str, Any]]]:
    last = 0
    while True:
        key = table.c.id
        ids = session.scalars(
            select(key).where(key > last).order_by(key).limit(BATCH), execution_options=UNSCOPED
        ).all()
        if not ids:
            return
        yield rows_of(session, columns, key.between(ids[0], ids[-1])) if columns else [{"id": pk} for pk in ids]
        last = ids[-1]


def altered(session: Session) -> Iterator[str]:
    """Chinese findings about protected rows that are not what the trail says, one a value; nothing when all is well."""
    for model, sealed in _PROTECTED.items():
        table: Table = model.__table__
        last = 0
        for rows in _batches(session, table, [c for c in table.columns if c.name != "id"]):
            trail = _trail(session, table.name, LINES.c.subject_id.between(last + 1, rows[-1]["id"]))
            for row in rows:
                lines = trail.pop(row["id"], None)
                if lines is not None:
                    yield from _differences(model, row, _last_values(lines))
                elif not sealed:
                    yield f"表 {table.name} 第 {row['id']} 行：没有登记痕迹，不是在系统里登记的"
            yield from _gone(table.name, trail)
            last = rows[-1]["id"]
        yield from _gone(table.name, _trail(session, table.name, LINES.c.subject_id > last))


def _trail(session: Session, table: str, which: ColumnElement[bool]) -> dict[int, list[dict[str, Any]]]:
    columns = [LINES.c.subject_id, LINES.c.act, LINES.c.changes]
    acts = LINES.c.act.in_(("insert", "update", "delete"))
    found: dict[int, list[dict[str, Any]]] = {}
    for line in rows_of(session, columns, (LINES.c.subject == table) & acts & which):
        found.setdefault(line["subject_id"], []).append(line)
    return found


def _gone(table: str, trail: dict[int, list[dict[str, Any]]]) -> Iterable[str]:
    for key, lines in sorted(trail.items()):
        if lines[-1]["act"] != "delete":
            yield f"表 {table} 第 {key} 行：登记过，现在没有了"


def _last_values(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """attribute → what the row should say. A line that cannot be read tells nothing of any attribute any more: None."""
    values: dict[str, Any] = {}
    for line in lines:
        if line["changes"] is UNREADABLE or not isinstance(line["changes"], dict):
            return dict.fromkeys(values, UNREADABLE) | {"*": UNREADABLE}
        values.update((name, pair[1]) for name, pair in line["changes"].items())
    return values


def _differences(model: type[Any], row: dict[str, Any], told: dict[str, Any]) -> Iterator[str]:
    attributes = inspect(model).column_attrs
    for name, secret in told_columns(model).items():
        column: Any = attributes[name].columns[0]
        if name == "id":
            continue
        value = row[column.name]
        place = where_it_stands(model.__tablename__, row["id"], column)
        if value is UNREADABLE:
            yield f"{place}：读不出来，数据已损坏"
        elif (
            not secret and told.get(name, told.get("*")) is not UNREADABLE and not _same(column, value, told.get(name))
        ):
            facts: FieldFacts | None = column.info.get("field")
            shown = "" if facts and facts.personal else f"：现在是 {_shown(value)}，登记时是 {_shown(told.get(name))}"
            yield f"{place}：与登记痕迹不符{shown}"
    for name in SKIP & set(attributes.keys()):
        if row[attributes[name].columns[0].name] is UNREADABLE:
            yield f"{where_it_stands(model.__tablename__, row['id'], attributes[name].columns[0])}：读不出来，数据已损坏"


def _same(column: Column[Any], value: Any, told: Any) -> bool:
    """Whether the trail says the same; a column that came with a later version may stand at its default."""
    if told is None and value is not None:
        default: Any = column.default
        return default is not None and default.is_scalar and value == default.arg
    if isinstance(value, Decimal):
        try:
            return value == Decimal(str(told))
        except DecimalException:
            return False
    if isinstance(value, datetime | date):
        return bool(value.isoformat() == told)
    return bool(value == told)


def _shown(value: Any) -> str:
    return "空" if value is None else str(getattr(value, "label", value))[:60]
