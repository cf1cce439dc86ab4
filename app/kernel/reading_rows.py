"""Rows that are read although something in them is damaged: the value that cannot be read is marked, the others are there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import DecimalException
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import Column, ColumnElement, DateTime, Dialect, String, TypeDecorator, select, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

UNREADABLE = object()
UNSCOPED = {"unscoped": True}
_UNFIT = (ValueError, TypeError, DecimalException, InvalidToken, DBAPIError)  # what column types and drivers raise

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}")


class _AsWritten(TypeDecorator[datetime]):
    """A moment in SQLite's file exactly as SQLAlchemy writes it: Python would read «2026-11-30!10:00:00» as well."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is not None and not _MOMENT.fullmatch(value):
            raise ValueError(value)
        return None if value is None else datetime.fromisoformat(value)


def _stored(session: Session, column: Column[Any]) -> ColumnElement[Any]:
    """What to select so that every changed byte of the column is seen."""
    texts = session.get_bind().dialect.name == "sqlite" and isinstance(column.type, DateTime)
    return type_coerce(column, _AsWritten()) if texts else column


def rows_of(session: Session, columns: Sequence[Column[Any]], which: ColumnElement[bool]) -> list[dict[str, Any]]:
    """The rows as dictionaries by column name with their id, ordered by it; what cannot be read is UNREADABLE."""
    key = columns[0].table.c.id
    query = select(key, *(_stored(session, c) for c in columns)).where(which).order_by(key)
    try:
        found = session.execute(query, execution_options=UNSCOPED).all()
    except _UNFIT:
        return _piece_by_piece(session, key, columns, which)
    names = ("id", *(column.name for column in columns))
    return [dict(zip(names, row, strict=True)) for row in found]


def _piece_by_piece(
    session: Session, key: Any, columns: Sequence[Column[Any]], which: ColumnElement[bool]
) -> list[dict[str, Any]]:
    """Column by column, and a damaged column row by row."""
    ids = session.scalars(select(key).where(which).order_by(key), execution_options=UNSCOPED).all()
    rows: dict[int, dict[str, Any]] = {pk: {"id": pk} for pk in ids}
    for column in columns:
        try:
            query = select(key, _stored(session, column)).where(which)
            found = session.execute(query, execution_options=UNSCOPED).all()
            values = dict(found)  # rows of two
        except _UNFIT:
            values = {pk: _one(session, column, key == pk) for pk in ids}
        for pk, row in rows.items():
            row[column.name] = values.get(pk)
    return list(rows.values())


def _one(session: Session, column: Column[Any], which: ColumnElement[bool]) -> Any:
    try:
        return session.scalar(select(_stored(session, column)).where(which), execution_options=UNSCOPED)
    except _UNFIT:
        return UNREADABLE
