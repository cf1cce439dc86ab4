"""Erasing persons: what names or describes them goes from every table, what counts stays (02 §2.5.11, 04 S12).

Personal columns are written past the session, so that the audit trail does not copy what is being erased. The trail and the
transition log of before are append-only and chained; for erased customers no page shows them (decision 0053).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.features.customers.choices import CustomerState
from app.features.customers.consents.models import Consent
from app.features.customers.models import Contact, Customer, CustomerPhone, FollowUp
from app.features.customers.quotes.models import Quote
from app.features.dossiers.models import DossierFile, LeftOut, Standing
from app.kernel import audit
from app.kernel.actors import Actor
from app.kernel.attachments import Attachment
from app.kernel.file_erasure import give_up_files
from app.kernel.notices import Notice
from app.kernel.search_index import put, take_out_all
from app.kernel.workflow import fire

UNSCOPED = {"unscoped": True}
NAME, GONE = "已匿名客户", "（已匿名处理）"
CUSTOMER = {
    **dict.fromkeys((
        "wechat", "birthday", "occupation", "work_area", "referrer", "concerns", "resistance", "id_kind", "id_number", "id_digest",
        "id_address", "mail_address", "follow_due_on", "protected_until",
    )), "name": NAME,
}  # fmt: skip
PHONE = {"number": GONE, "digest": "", "tail_digest": "", "live": False}
CONTACT = dict.fromkeys(("called", "needs", "liked", "doubts", "late_reason"))
DOSSIER = {
    "customer_name": NAME, "phones": None, "occupation": "", "work_area": "", "concerns": "", "resistance": "", "published_at": None,
    "standing": Standing.STOPPED, "left_out_why": LeftOut.ANONYMISED,
}  # fmt: skip


def anonymise(session: Session, actor: Actor, ids: list[int], why: str, at: datetime) -> int:
    """Erase these customers inside a step; returns how many. Whether they may be erased was asked before (kept_by_law)."""
    if not ids:
        return 0
    session.flush()
    rows = _rows_of(session, ids)
    _give_up_files(session, actor, rows)
    _forget_words(session, rows)
    _write(session, ids, at)
    session.expire_all()
    for customer in session.scalars(select(Customer).where(Customer.id.in_(ids)), execution_options=UNSCOPED).all():
        session.add(audit.entry(
            "anonymise", subject="customer", subject_id=customer.id, project_id=customer.project_id, reason=why[:200]
        ))  # fmt: skip
        if customer.state is not CustomerState.LOST:
            fire(session, customer, "forget", actor, internal=True, note=why)
        put(session, customer)
    for quote in session.scalars(select(Quote).where(Quote.customer_id.in_(ids)), execution_options=UNSCOPED):
        put(session, quote)
    session.flush()
    return len(ids)


def _rows_of(session: Session, ids: list[int]) -> dict[type[Any], list[int]]:
    """The rows of these persons by their table."""
    found: dict[type[Any], list[int]] = {Customer: ids}
    for model in (Contact, FollowUp, Quote, Consent, DossierFile):
        query = select(model.id).where(model.customer_id.in_(ids))
        found[model] = list(session.scalars(query, execution_options=UNSCOPED))
    return found


def _give_up_files(session: Session, actor: Actor, rows: dict[type[Any], list[int]]) -> None:
    """Attachments and prints go; their content is erased by the job of the file store."""
    for model, keys in rows.items():
        table = model.__tablename__
        query = select(Attachment.owner_id).where(
            Attachment.owner_table == table, Attachment.owner_id.in_(keys), Attachment.given_up_at.is_(None)
        )
        for key in set(session.scalars(query, execution_options=UNSCOPED)):
            give_up_files(session, session.get_one(model, key, execution_options=UNSCOPED), actor)


def _forget_words(session: Session, rows: dict[type[Any], list[int]]) -> None:
    for model in (Contact, FollowUp, DossierFile, Consent):
        take_out_all(session, model.__tablename__, rows[model])


def _write(session: Session, ids: list[int], at: datetime) -> None:
    """Straight into the tables; counters, days, sources and bands stay, so that statistics count as before."""
    for table, key, values in (
        (Customer.__table__, "id", {**CUSTOMER, "no_calls_at": at, "anonymised_at": at}),
        (CustomerPhone.__table__, "customer_id", PHONE),
        (Contact.__table__, "customer_id", CONTACT),
        (FollowUp.__table__, "customer_id", {"content": GONE}),
        (DossierFile.__table__, "customer_id", DOSSIER),
    ):
        session.execute(update(table).where(table.c[key].in_(ids)).values(**values))  # type: ignore[arg-type]
    pages = [f"/customer/show/{key}" for key in ids]
    session.execute(delete(Notice).where(Notice.url.in_(pages)))  # their titles name the customer
