"""Erasing persons: what names or describes them goes from every table, what counts stays (02 §2.5.11, 04 S12).

Personal columns are written past the session, so that the audit trail does not copy what is being erased. The trail and the
transition log of before are append-only and chained; for erased customers no page shows them (decision 0053).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.features.customers.models import Customer
from app.features.customers.pool.models import PoolEntry
from app.features.privacy.traces import TRACES
from app.kernel import audit
from app.kernel.actors import Actor
from app.kernel.attachments import Attachment
from app.kernel.file_erasure import give_up_files
from app.kernel.many_changes import fire_many
from app.kernel.notices import Notice
from app.kernel.search_index import put
from app.kernel.search_words import is_searched

UNSCOPED = {"unscoped": True}


def anonymise(session: Session, actor: Actor, ids: list[int], why: str, at: datetime) -> int:
    """Erase these customers inside a step; returns how many. Whether they may be erased was asked before (kept_by_law)."""
    if not ids:
        return 0
    session.flush()
    rows = _rows_of(session, ids)
    _give_up_files(session, actor, rows)
    _leave_pool(session, actor, ids, why, at)
    fire_many(session, Customer, ids, "forget", actor, note=why)
    session.flush()
    _write(session, ids, at)
    session.expire_all()
    for model, keys in rows.items():
        if is_searched(model):  # every word of him anew: what was said, and his name beside it
            for record in session.scalars(select(model).where(model.id.in_(keys)), execution_options=UNSCOPED).all():
                put(session, record)
    for row in session.execute(
        select(Customer.id, Customer.project_id).where(Customer.id.in_(ids)), execution_options=UNSCOPED
    ):
        session.add(
            audit.entry("anonymise", subject="customer", subject_id=row.id, project_id=row.project_id, reason=why[:200])
        )
    session.flush()
    return len(ids)


def _rows_of(session: Session, ids: list[int]) -> dict[type[Any], list[int]]:
    """The rows of these persons by their model."""
    found: dict[type[Any], set[int]] = {}
    for model, column, _values in TRACES:
        query = select(model.id).where(getattr(model, column).in_(ids))
        found.setdefault(model, set()).update(session.scalars(query, execution_options=UNSCOPED))
    return {model: sorted(keys) for model, keys in found.items()}


def _give_up_files(session: Session, actor: Actor, rows: dict[type[Any], list[int]]) -> None:
    """Attachments and prints go; their content is erased by the job of the file store."""
    for model, keys in rows.items():
        query = select(Attachment.owner_id).where(
            Attachment.owner_table == model.__tablename__,
            Attachment.owner_id.in_(keys),
            Attachment.given_up_at.is_(None),
        )
        for key in sorted(set(session.scalars(query, execution_options=UNSCOPED))):
            give_up_files(session, session.get_one(model, key, execution_options=UNSCOPED), actor)


def _leave_pool(session: Session, actor: Actor, ids: list[int], why: str, at: datetime) -> None:
    """Nobody takes him from the 公海 any more."""
    query = select(PoolEntry.id).where(PoolEntry.customer_id.in_(ids), PoolEntry.left_at.is_(None))
    fire_many(
        session,
        PoolEntry,
        list(session.scalars(query, execution_options=UNSCOPED)),
        "leave",
        actor,
        note=why,
        left_at=at,
    )


def _write(session: Session, ids: list[int], at: datetime) -> None:
    """Straight into the tables."""
    for model, column, values in TRACES:
        table: Any = model.__table__
        marks = {"no_calls_at": at, "anonymised_at": at} if model is Customer else {}
        if values:
            session.execute(update(table).where(table.c[column].in_(ids)).values(**values, **marks))
    pages = [f"/customer/show/{key}" for key in ids]
    session.execute(delete(Notice).where(Notice.url.in_(pages)))  # their titles name the customer
