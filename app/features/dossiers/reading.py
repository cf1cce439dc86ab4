"""What is known of a household at this moment, and which households are to be told of. Whoever asks has decided that before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, joinedload

from app.features.archive.folders.models import Folder
from app.features.customers.choices import ContactKind, CustomerState, Grade
from app.features.customers.consents.effects import agrees, standing
from app.features.customers.consents.models import Purpose
from app.features.customers.models import Contact, Customer, FollowUp
from app.features.deals.contracts.models import Contract
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.dossiers.models import BatchKind, DossierFile, Standing
from app.features.dossiers.rules import OF_BUYERS, PROFILE, Meter, Papers, joined, measure
from app.features.organisation.parameters import parameter
from app.features.payments.models import OrderAccount, Receivable
from app.kernel.registries import LOOKUPS

UNSCOPED = {"unscoped": True}
BOUGHT = (ReservationState.EFFECTIVE, ReservationState.SIGNED)
INTENDING = (CustomerState.NEW, CustomerState.FOLLOWING, CustomerState.QUEUED)
MOST = 300  # households in one batch


def order_of(session: Session, customer_id: int) -> Reservation | None:
    """The newest order in effect of a customer, None before he bought."""
    query = (
        select(Reservation)
        .where(Reservation.customer_id == customer_id, Reservation.state.in_(BOUGHT))
        .order_by(Reservation.id.desc())
    )
    return session.scalars(query, execution_options=UNSCOPED).first()


def folder_of_order(session: Session, order: Reservation | None) -> Folder | None:
    if order is None:
        return None
    query = select(Folder).where(Folder.subject == "reservation", Folder.subject_id == order.id)
    return session.scalars(query, execution_options=UNSCOPED).first()


def meter_of(session: Session, customer: Customer, order: Reservation | None) -> Meter:
    """How complete the household's file is now."""
    known = {name for name in (*PROFILE, *OF_BUYERS) if name != "phones" and getattr(customer, name)}
    if customer.live_phones:
        known.add("phones")
    folder = folder_of_order(session, order)
    missing = tuple(folder.missing_names.split("、")) if folder is not None and folder.missing else ()
    papers = Papers(folder.needed, folder.present, missing) if folder is not None else Papers()
    return measure(known, order is not None, papers)


def content_of(session: Session, customer: Customer, order: Reservation | None) -> dict[str, Any]:
    """Every copied column of a file, as it is now."""
    meter = meter_of(session, customer, order)
    agreed = standing(session, customer.id).get(Purpose.SHARE_DEVELOPER)
    sellers = LOOKUPS["person"]({customer.owner_id}) if customer.owner_id else {}
    found = {
        "customer_name": customer.name, "phones": "、".join(p.number for p in customer.live_phones) or None,
        "source": joined((customer.source.label, customer.source_detail)), "grade": customer.grade.label,
        "wanted": joined((customer.wanted_layout, _label(customer.wanted_area), _label(customer.wanted_total))),
        "first_on": customer.first_at.date(), "last_on": customer.last_contact_at.date(),
        "seller": sellers.get(customer.owner_id or 0, ""), "needed": meter.needed, "present": meter.present,
        "missing_names": "、".join(meter.missing)[:900],
        "consent": f"{agreed.edition} {agreed.channel.label} {agreed.given_at:%Y-%m-%d}" if agreed else "",
    }  # fmt: skip
    for name in ("gender", "age_band", "family", "purpose"):
        found[name] = _label(getattr(customer, name))
    for name in ("home_area", "work_area", "occupation", "concerns", "resistance"):
        found[name] = getattr(customer, name) or ""
    return found | _counted(session, customer.id) | _bought(session, order)


def _label(word: Any) -> str:
    return word.label if word is not None else ""


def _counted(session: Session, customer_id: int) -> dict[str, Any]:
    visits = select(func.count(Contact.id)).where(Contact.customer_id == customer_id, Contact.kind != ContactKind.CALL)
    talks = select(func.count(FollowUp.id)).where(FollowUp.customer_id == customer_id, FollowUp.valid)
    return {
        "visits": session.scalar(visits, execution_options=UNSCOPED) or 0,
        "follow_ups": session.scalar(talks, execution_options=UNSCOPED) or 0,
    }


def _bought(session: Session, order: Reservation | None) -> dict[str, Any]:
    if order is None:
        return {"unit_name": "", "total": None, "paid": None, "scheme": "", "reserved_on": None, "signed_on": None}
    paid = (
        select(func.sum(Receivable.received))
        .join(OrderAccount, Receivable.account_id == OrderAccount.id)
        .where(OrderAccount.reservation_id == order.id, OrderAccount.subject == "reservation")
    )
    signed = select(Contract.signed_on).where(Contract.reservation_id == order.id).order_by(Contract.id.desc())
    return {
        "unit_name": order.unit.full_name, "total": order.total, "paid": session.scalar(paid, execution_options=UNSCOPED),
        "scheme": order.scheme.name if order.scheme else "", "reserved_on": order.reserved_on,
        "signed_on": session.scalars(signed, execution_options=UNSCOPED).first(),
    }  # fmt: skip


# ── whose files are to go ───────────────────────────────────
def untold_deals(project_id: int) -> Select[Any]:
    """Orders in effect whose file was never sent, or was given back and not sent again."""
    told = exists().where(DossierFile.reservation_id == Reservation.id, DossierFile.standing == Standing.SENT)
    return select(Reservation).where(
        Reservation.project_id == project_id, Reservation.state.in_(BOUGHT), Reservation.deposit_confirmed_on.is_not(None), ~told
    )  # fmt: skip


def late_deals(session: Session, project_id: int, at: datetime) -> Select[Any]:
    """Those that could be sent and are late; without the customer's consent nothing is due."""
    days = parameter(session, project_id, "dossier_deal_days")
    return untold_deals(project_id).where(
        Reservation.deposit_confirmed_on < at.date() - timedelta(days=days),
        agrees(Purpose.SHARE_DEVELOPER, Reservation.customer_id),
    )


def intending(session: Session, project_id: int, at: datetime) -> Select[Any]:
    """A and B customers of whom nothing was sent within the week."""
    days = parameter(session, project_id, "dossier_week_days")
    since = datetime.combine(at.date() - timedelta(days=days - 1), datetime.min.time())
    told = exists().where(
        DossierFile.customer_id == Customer.id, DossierFile.standing == Standing.SENT, DossierFile.frozen_at >= since
    )
    return select(Customer).where(
        Customer.project_id == project_id, Customer.grade.in_([Grade.A, Grade.B]), Customer.state.in_(INTENDING),
        Customer.anonymised_at.is_(None), ~told,
    )  # fmt: skip


def households(
    session: Session, project_id: int, kind: BatchKind, at: datetime
) -> Sequence[tuple[Customer, Reservation | None]]:
    """Whom a batch of this kind is about today, the oldest first; those who agreed stand before those who did not."""
    if kind is BatchKind.INTENT:
        query = intending(session, project_id, at)
        willing = agrees(Purpose.SHARE_DEVELOPER, Customer.id)
        query = query.order_by(willing.desc(), Customer.id).limit(MOST)
        return [(one, None) for one in session.scalars(query, execution_options=UNSCOPED)]
    query = untold_deals(project_id).options(joinedload(Reservation.customer)).order_by(Reservation.id).limit(MOST)
    return [(order.customer, order) for order in session.scalars(query, execution_options=UNSCOPED)]


def returned_of(session: Session, customer_id: int) -> DossierFile | None:
    """The household's file that was given back and has no later edition on the other side yet."""
    query = select(DossierFile).where(DossierFile.customer_id == customer_id, DossierFile.standing == Standing.RETURNED)
    return session.scalars(query.order_by(DossierFile.id.desc()), execution_options=UNSCOPED).first()


def waiting_elsewhere(session: Session, batch_id: int, ids: list[int]) -> set[int]:
    """Of these customers, those who stand on another batch that is not sent yet."""
    query = select(DossierFile.customer_id).where(
        DossierFile.customer_id.in_(ids), DossierFile.batch_id != batch_id, DossierFile.standing == Standing.WAITING,
    )  # fmt: skip
    return set(session.scalars(query, execution_options=UNSCOPED))
