"""甲方授权 in use: whether the agency's points count today, and what they have used up (02 §2.3.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.pricing import rules
from app.features.pricing.models import Mandate, MandateState, MandateUse
from app.features.pricing.rules.readings import mandate_left
from app.kernel.errors import RuleError
from app.kernel.workflow import Act, as_step


def _in_force(session: Session, project_id: int, on: date, *, lock: bool = False) -> list[Mandate]:
    """Mandates that hold on the day, the one that ends first first. Unscoped: a rule asks, no person reads."""
    query = (
        select(Mandate)
        .where(Mandate.project_id == project_id, Mandate.state == MandateState.ACTIVE)
        .where(Mandate.valid_from <= on, Mandate.valid_until >= on)
        .order_by(Mandate.valid_until, Mandate.id)
    )
    if lock:
        query = query.with_for_update(of=Mandate)
    return list(session.scalars(query, execution_options={"unscoped": True, "populate_existing": lock}))


def _uses(session: Session, mandate: Mandate) -> Sequence[MandateUse]:
    query = select(MandateUse).where(MandateUse.mandate_id == mandate.id)
    return session.scalars(query, execution_options={"unscoped": True}).all()


def _left(mandate: Mandate, uses: Sequence[MandateUse], unit_id: int | None) -> rules.Mandate:
    """What is left for this unit: one that was counted already takes no second place under the cap of units."""
    left = mandate_left(mandate, uses)
    counted = any(use.unit_id == unit_id for use in uses)
    return replace(left, units_left=max(left.units_left, 1)) if counted and left.units_left is not None else left


def mandate_covering(
    session: Session, project_id: int, on: date, concession: Decimal, unit_id: int | None = None
) -> rules.Mandate | None:
    """What is left of the first mandate that covers this concession (yuan) for one more unit, or for one that it knows.

    None = no mandate covers it.
    """
    lefts = (_left(paper, _uses(session, paper), unit_id) for paper in _in_force(session, project_id, on))
    return next((left for left in lefts if left.covers(concession, on)), None)


def mandate_counts(session: Session, project_id: int, on: date, concession: Decimal = Decimal(0)) -> bool:
    """Whether agency points count on the day for one more unit with this concession in yuan."""
    return mandate_covering(session, project_id, on, concession) is not None


def note_mandate_use(
    session: Session, project_id: int, amount: Decimal, on: date, *, unit_id: int, paper: str
) -> MandateUse:
    """Count a concession (yuan) that was decided inside the agency against the mandate. Joins the caller's step.

    Call it only when an agency post decided; a decision of 甲方 needs no mandate. Raises RuleError when no mandate covers it
    any more, or the paper was counted before.
    """
    for mandate in _in_force(session, project_id, on, lock=True):
        if _left(mandate, _uses(session, mandate), unit_id).covers(amount, on):
            use = MandateUse(project_id=project_id, mandate_id=mandate.id, unit_id=unit_id, amount=amount, paper=paper)
            with as_step(session):
                session.add(use)
                session.flush()
            return use
    raise RuleError("甲方授权的额度已用完或已过期，这份优惠须由甲方批准")


def mandate_is_signed_and_not_over(act: Act) -> None:
    """The paper is signed and still holds some day."""
    paper: Mandate = act.document
    if paper.valid_until < act.at.date():
        raise RuleError("授权的截止日期已过，请核对", field="valid_until")
    if paper.signed_on > act.at.date():
        raise RuleError("签署日期不能晚于今天", field="signed_on")
