"""A 判客单 is born: somebody received a customer who is somebody else's (02 §2.5.2)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.features.customers import rules
from app.features.customers.choices import CustomerState
from app.features.customers.claims.choices import ClaimState, Ground
from app.features.customers.claims.effects.evidence import proposal_of
from app.features.customers.claims.models import CLAIMANTS, OwnershipClaim
from app.features.customers.effects.arrival import NewCustomer, met
from app.features.customers.effects.ownership import WHOLE, check_owner, team_at
from app.features.customers.models import Customer, CustomerPhone
from app.features.organisation.numbers import number_for
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.chinese import fold, mask_name, parse_phone
from app.kernel.columns import blind
from app.kernel.errors import NotFound, RuleError
from app.kernel.notices import NoticeKind, notify, notify_posts
from app.kernel.posts import Post
from app.kernel.transactions import write
from app.kernel.workflow import as_step

LIVE = (ClaimState.OPEN, ClaimState.RULED, ClaimState.APPEALED)


def customer_by_number(session: Any, project_id: int, number: str) -> Customer | None:
    """The live customer with this normalised number, whoever owns him: for cases that a supervisor decides."""
    query = (
        select(Customer)
        .join(CustomerPhone, CustomerPhone.customer_id == Customer.id)
        .where(CustomerPhone.project_id == project_id, CustomerPhone.digest == blind(number), CustomerPhone.live)
    )
    found: Customer | None = session.scalars(query, execution_options=WHOLE).first()
    return found


def customer_by_identity(session: Any, project_id: int, number: str) -> Customer | None:
    """The live customer with this identity number."""
    query = select(Customer).where(
        Customer.project_id == project_id,
        Customer.id_digest == blind("id:" + number),
        Customer.state != CustomerState.LOST,
    )
    found: Customer | None = session.scalars(query, execution_options=WHOLE).first()
    return found


def claimed_customer(session: Any, claim: OwnershipClaim) -> Customer:
    """By the number or the identity that was typed. Raises RuleError when nobody has it."""
    if not claim.phone and not claim.id_number:
        raise RuleError("请填写客户手机或证件号码", field="phone")
    if claim.phone:
        claim.phone = parse_phone(claim.phone, field="phone")
        found = customer_by_number(session, claim.project_id, claim.phone)
        if found is not None:
            return found
    if claim.id_number:
        claim.id_number = fold(claim.id_number).upper().replace(" ", "")
        found = customer_by_identity(session, claim.project_id, claim.id_number)
        if found is not None:
            return found
    raise RuleError("没有登记过这位客户，直接登记来访就可以，不用判客", field="phone" if claim.phone else "id_number")


def file_claim(session: Any, actor: Actor, claim: OwnershipClaim, customer: Customer, claimant_id: int) -> None:
    """Fill a new 判客单: the parties, the proposal, who hears of it. Runs in the transaction that stores it.

    Raises RuleError when the customer is the claimant's own, is under another case, or the claimant sells nothing here.
    """
    check_owner(customer.project_id, claimant_id, now(), field="phone")
    if claimant_id in (customer.owner_id, customer.partner_id):
        raise RuleError("这已经是申请顾问自己的客户，不用判客", field="phone")
    if claim.met_at > now():
        raise RuleError("接待时间不能晚于现在", field="met_at")
    live = select(OwnershipClaim.number).where(
        OwnershipClaim.customer_id == customer.id, OwnershipClaim.state.in_(LIVE)
    )
    under = session.scalars(live, execution_options=WHOLE).first()
    if under is not None:
        raise RuleError("这位客户已有判客单 {no} 在办，请等裁定", field="phone", no=under)
    claim.project_id, claim.customer_id, claim.customer_name = (
        customer.project_id,
        customer.id,
        mask_name(customer.name),
    )
    claim.owner_id, claim.partner_id = customer.owner_id, claimant_id
    team = team_at(session, claimant_id, customer.project_id, now())
    claim.team_id = team if team == customer.team_id else None  # two teams: whoever supervises the whole site
    proposal = proposal_of(session, claim)
    claim.proposal, claim.proposed_share, claim.proposal_why = proposal.ruling, proposal.share, proposal.why
    claim.number = number_for(session, claim, now().date())
    claim.created_by = actor.person_id


def tell_of_claim(session: Any, claim: OwnershipClaim) -> None:
    """Supervisors judge, the owner may bring his side."""
    url = f"/ownership-claim/show/{claim.id}"
    title = f"判客单 {claim.number} 待裁定：{claim.ground.label}"
    notify_posts(
        session, [Post.SUPERVISOR], claim.project_id, title, url=url, team_id=claim.team_id, kind=NoticeKind.DUE
    )
    if claim.owner_id is not None:
        notify(
            session,
            [claim.owner_id],
            f"你的客户「{claim.customer_name}」有同事申请判客",
            url=url,
            project_id=claim.project_id,
        )


def claim_at_desk(
    session: Any, actor: Actor, project_id: int, data: NewCustomer, ground: Ground = Ground.KNOWN
) -> OwnershipClaim:
    """The desk registers a number that is somebody else's: the visit is kept with that customer, and a 判客单 is born.

    The claimant is whoever received him. Raises RuleError as file_claim does, NotFound for an unknown number.
    """
    (number, *_more) = rules.phones(data.phones)

    def work() -> OwnershipClaim:
        customer = customer_by_number(session, project_id, number)
        if customer is None:
            raise NotFound("customer")
        claimant = data.receiver_id or actor.person_id
        with as_step(session):
            at, receiver = data.at or now(), f"{data.kind.label}接待，登记姓名「{data.name}」"
            claim = OwnershipClaim(project_id=project_id, phone=number, ground=ground, met_at=at, story=receiver)
            file_claim(session, actor, claim, customer, claimant)
            met(session, actor, customer, data)
            session.add(claim)
            session.flush()
            tell_of_claim(session, claim)
        return claim

    return write(session, work)


def may_claim(actor: Actor, project_id: int | None) -> bool:
    """Whether the person claims customers himself (07)."""
    return actor.holds(CLAIMANTS, project_id)
