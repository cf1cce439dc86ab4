"""What a 特殊折扣单 needs and what follows when it moves (02 §2.3.2, §2.2.3)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.deals.discounts.models import DiscountRequest, DiscountState
from app.features.organisation.numbers import number_for
from app.features.pricing.effects import below_floor, mandate_counts, note_mandate_use, quote
from app.features.pricing.rules import AGENCY_POSTS, extra_concession, require_approved_total
from app.features.units.models import Unit, UnitState
from app.kernel.actors import SYSTEM
from app.kernel.approval.finding import requests_of
from app.kernel.approval.kinds import Need
from app.kernel.approval.records import StepState
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.jobs import every
from app.kernel.money import format_amount
from app.kernel.posts import Post
from app.kernel.workflow import Act, fire

PERCENT = Decimal(100)
AGENCY = frozenset(Post(code) for code in AGENCY_POSTS)
SELLABLE = frozenset({UnitState.FREE, UnitState.HOLD, UnitState.LOCK})


def price_request(session: Session, paper: DiscountRequest, unit: Unit) -> None:
    """Fill list total, public total and extra concession from the quote of the unit and scheme."""
    chain = quote(session, unit, paper.scheme_id)
    paper.list_total, paper.public_total = chain.list_total, chain.public_total
    if paper.asked_total >= chain.public_total:
        raise RuleError(
            "申请总价不低于公开折后总价 {public} 元，不需要特殊折扣单",
            field="asked_total",
            public=format_amount(chain.public_total),
        )
    extra = Decimal(1) - paper.asked_total / chain.public_total
    paper.extra = extra.quantize(Decimal("0.000001"))


def approval_need(session: Session, paper: Any) -> Need:
    """Who decides: by the extra concession; below the floor only 甲方负责人; agency posts only under a mandate.

    The summary names the concession and never the floor (02 §2.1.6).
    """
    unit = session.scalars(select(Unit).where(Unit.id == paper.unit_id), execution_options={"unscoped": True}).one()
    exact = extra_concession(paper.asked_total, paper.public_total)
    measure = Decimal(exact.numerator) / Decimal(exact.denominator) * PERCENT
    below = below_floor(unit, paper.asked_total)
    counts = mandate_counts(session, paper.project_id, now().date(), paper.public_total - paper.asked_total)
    without = frozenset() if counts else AGENCY
    return Need(
        measure,
        at_least=Post.DEVELOPER_LEAD if below else None,
        without=without,
        summary=f"{unit.full_name}，公开折后 {format_amount(paper.public_total)} 元，申请 {format_amount(paper.asked_total)} 元，"
        f"额外让利 {measure:.2f} %",
    )


def check_grant(_session: Session, paper: Any, values: dict[str, Any]) -> None:
    """核定总价 not below the asked total, valid from today on (02 §2.3.2)."""
    granted, until = values.get("granted_total"), values.get("valid_until")
    if granted is None or until is None:
        raise RuleError("同意时请填写核定总价和有效至", field="granted_total")
    require_approved_total(granted, paper.asked_total, paper.public_total)
    if until < now().date():
        raise RuleError("有效至不能早于今天", field="valid_until")


def unit_can_be_sold(act: Act) -> None:
    """A concession for a unit that is not sold (02 §2.2.3)."""
    unit = act.session.scalars(
        select(Unit).where(Unit.id == act.document.unit_id), execution_options={"unscoped": True}
    ).one()
    if unit.state not in SELLABLE:
        raise RuleError("{unit} 现在是「{state}」，不能申请特殊折扣", unit=unit.full_name, state=unit.state.label)


def price_is_current(act: Act) -> None:
    """The public total of the paper is that of today: a price change in between makes it void."""
    paper: DiscountRequest = act.document
    unit = act.session.scalars(select(Unit).where(Unit.id == paper.unit_id), execution_options={"unscoped": True}).one()
    if quote(act.session, unit, paper.scheme_id).public_total != paper.public_total:
        raise RuleError("公开价格已变动，请先点「修改」重新计算后再提交")


def give_number(act: Act) -> None:
    """The number comes with the first submit."""
    act.document.submitted_by = act.actor.person_id
    if act.document.number is None:
        act.document.number = number_for(act.session, act.document, act.at.date())


def note_grant(act: Act) -> None:
    """What the approver granted; a decision inside the agency counts against the mandate at once, so that its cap holds."""
    paper: DiscountRequest = act.document
    paper.granted_total, paper.valid_until = act.form["granted_total"], act.form["valid_until"]
    post = deciding_post(act.session, paper)
    if post in AGENCY:
        note_mandate_use(
            act.session, paper.project_id, paper.public_total - paper.granted_total, act.at.date(),
            unit_id=paper.unit_id, paper=paper.number or str(paper),
        )  # fmt: skip


def deciding_post(session: Session, paper: DiscountRequest) -> Post | None:
    """The post that gave the last word on the newest request of the paper."""
    request = requests_of(session, paper)[-1]
    decided = [s for s in request.steps if s.state is StepState.APPROVED]
    return Post(decided[-1].post) if decided else None


def note_use(act: Act) -> None:
    """Used once, by this order."""
    paper: DiscountRequest = act.document
    paper.used_at, paper.reservation_id = act.at, act.form["reservation_id"]


def has_open_paper(session: Session, unit_id: int, customer_id: int) -> bool:
    """Whether a paper of this unit and customer waits for its decision or its use."""
    query = select(DiscountRequest.id).where(
        DiscountRequest.unit_id == unit_id,
        DiscountRequest.customer_id == customer_id,
        DiscountRequest.state.in_([DiscountState.REVIEW, DiscountState.APPROVED]),
    )
    return session.scalars(query, execution_options={"unscoped": True}).first() is not None


def forget_use(act: Act) -> None:
    """The order was released before it took effect."""
    act.document.used_at = act.document.reservation_id = None


@every(seconds=600, name="discount_expiry")
def expire_papers(session: Session) -> int:
    """Approved papers whose day is over can no longer be used."""
    today: date = now().date()
    old = session.scalars(
        select(DiscountRequest).where(
            DiscountRequest.state == DiscountState.APPROVED, DiscountRequest.valid_until < today
        )
    ).all()
    for paper in old:
        fire(session, paper, "expire", SYSTEM, internal=True, note="有效期已过")
    return len(old)


def default_until(paper: Any) -> date:
    """The wanted day as the approver's proposal."""
    return paper.wanted_until


def default_total(paper: Any) -> Decimal:
    """The asked total as the approver's proposal."""
    return paper.asked_total
