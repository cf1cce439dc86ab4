"""Where a page leads to a change of its order: the form, or the change that runs already; nothing that cannot be had (02 §2.2.3)."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, and_, exists, not_, or_
from sqlalchemy.orm import Session

from app.features.deals.changes.effects import running_change
from app.features.deals.changes.effects.filling import obstacle_to
from app.features.deals.changes.models import ChangeKind, ChangeRequest, ChangeState
from app.features.deals.changes.rules import (
    FACTS,
    GONE,
    OFFICE,
    ON_PAPER_ONLY,
    TERMS_ENTERED,
    TOTAL_ON_FILE,
    executors_of,
)
from app.features.deals.contracts.models import Contract
from app.features.deals.reservations.models import Reservation, ReservationState
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.posts import Post
from app.kernel.screens.parts import Link
from app.kernel.words import shown

ASKERS = frozenset({Post.CONSULTANT, Post.SUPERVISOR, Post.CLERK})
CHANGEABLE = (ReservationState.EFFECTIVE, ReservationState.SIGNED)
EXECUTORS = frozenset({Post.DEVELOPER_FINANCE, *OFFICE})


def change_link(
    session: Session,
    order: Reservation | None,
    actor: Actor,
    kind: ChangeKind | None = None,
    *,
    label: str = "",
    more: str = "",
) -> list[Link]:
    """To the form of this kind (None: to the choice of one), or to the change that runs. more: what else the address says."""
    if order is None or order.state not in CHANGEABLE:
        return []
    running = running_change(session, order.id)
    if running is not None:
        return [running_link(running)]
    if not actor.holds(ASKERS, order.project_id) or (
        kind is not None and obstacle_to(session, kind, order) is not None
    ):
        return []
    chosen = f"&kind={kind.value}" if kind is not None else ""
    return [Link(label or _("申请变更"), f"/change-request/add?reservation_id={order.id}{chosen}{more}", icon="swap")]


def running_link(running: ChangeRequest) -> Link:
    """«正在办理：退房 BG-JPYL-2026-0007»."""
    what = f"{shown(running.kind.label)} {running.number or shown(running.state.label)}"
    return Link(_("正在办理：%(what)s", what=what), f"/change-request/show/{running.id}", icon="swap")


def to_execute(query: Select[Any], actor: Actor) -> Select[Any]:
    """Approved, nothing to be revoked first, and the person's to carry out."""
    kinds = [kind for kind in ChangeKind if actor.holds(executors_of(kind))]
    contract = and_(Contract.reservation_id == ChangeRequest.reservation_id, Contract.state.not_in(GONE))
    marked = [kind for kind in ChangeKind if FACTS[kind].marks is not None]
    known = exists().where(contract, Contract.state.not_in(ON_PAPER_ONLY))
    entered = and_(Contract.state.in_(TERMS_ENTERED), Contract.online_no != "")
    on_file = exists().where(contract, or_(Contract.state.in_(TOTAL_ON_FILE), entered))
    dearer = and_(ChangeRequest.kind == ChangeKind.PAYMENT, ChangeRequest.new_total != ChangeRequest.old_total)
    waits = or_(and_(ChangeRequest.kind.in_(marked), known), and_(dearer, on_file))
    return query.where(ChangeRequest.state == ChangeState.APPROVED, ChangeRequest.kind.in_(kinds), not_(waits))


def without_supplement(query: Select[Any], _actor: Actor) -> Select[Any]:
    """Executed, and its 补充协议 is not signed yet; with its contract the supplement has ended."""
    lives = exists().where(Contract.id == ChangeRequest.contract_id, Contract.state.not_in(GONE))
    return query.where(lives, ChangeRequest.supplement_signed_on.is_(None))


def late_supplement(query: Select[Any], actor: Actor) -> Select[Any]:
    """The same, beyond its day."""
    return without_supplement(query, actor).where(ChangeRequest.supplement_due_on < now().date())


def to_revoke(query: Select[Any], _actor: Actor) -> Select[Any]:
    """Contracts whose order is to end or to change by an approved paper: the authority revokes them first."""
    approved = exists().where(Reservation.id == Contract.reservation_id, Reservation.ends_as.is_not(None))
    return query.where(Contract.state.not_in((*GONE, *ON_PAPER_ONLY)), approved)
