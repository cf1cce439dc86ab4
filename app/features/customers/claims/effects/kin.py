"""关系户: near relatives are one group with one owner; two owners of one group are a case for 判客 (02 §2.5.2)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import or_, select

from app.features.customers.choices import CustomerState
from app.features.customers.claims.choices import Ground, Relation, RelativeState
from app.features.customers.claims.effects.filing import customer_by_number, file_claim, tell_of_claim
from app.features.customers.claims.models import OwnershipClaim, Relative
from app.features.customers.effects.ownership import WHOLE, How, Owner, give_many
from app.features.customers.models import Customer
from app.features.customers.owners.models import OwnerRule
from app.features.customers.registry import follows_owner, when_owner_moved
from app.features.organisation.parameters import parameter
from app.kernel.chinese import mask_name, parse_phone
from app.kernel.errors import RuleError
from app.kernel.many_changes import fire_many
from app.kernel.workflow import Act

GROUNDS = {Relation.SPOUSE: Ground.SPOUSES, Relation.SIBLING: Ground.SIBLINGS}
follows_owner(Relative)

FOLLOWED = (OwnerRule.CHANGED, OwnerRule.RULED, OwnerRule.CLAIMED, OwnerRule.ASSIGNED)


def group_of(session: Any, ids: Collection[int]) -> set[int]:
    """The customers who hang together with these by 关系户 papers in force, these included."""
    known, fresh = set(ids), set(ids)
    while fresh:
        pairs = select(Relative.customer_id, Relative.relative_id).where(
            Relative.state == RelativeState.ACTIVE,
            or_(Relative.customer_id.in_(fresh), Relative.relative_id.in_(fresh)),
        )
        met = {key for pair in session.execute(pairs, execution_options=WHOLE) for key in pair}
        fresh = met - known
        known |= fresh
    return known


def note_relative(act: Act) -> None:
    """Step 登记关系户: the relative is found by his number. Two different owners become a 判客单 about the earlier registered one."""
    customer: Customer = act.document
    relation: Relation = act.get("relation")
    if relation is Relation.SIBLING and not parameter(act.session, customer.project_id, "siblings_one_group"):
        raise RuleError("本项目兄弟姐妹不算一组关系户", field="relation")
    other = customer_by_number(act.session, customer.project_id, parse_phone(act.get("phone") or "", field="phone"))
    if other is None:
        raise RuleError("这个号码没有登记过客户，请先登记这位亲属", field="phone")
    if other.id == customer.id:
        raise RuleError("这是客户自己的号码，请填亲属的号码", field="phone")
    if other.id in group_of(act.session, [customer.id]):
        raise RuleError("两位客户已经是一组关系户", field="phone")
    same = other.owner_id == customer.owner_id
    act.session.add(
        Relative(
            project_id=customer.project_id, owner_id=customer.owner_id, partner_id=customer.partner_id, team_id=customer.team_id,
            customer_id=customer.id, relative_id=other.id, customer_name=customer.name, relation=relation, reason=act.note[:200],
            relative_name=other.name if same else mask_name(other.name),
        )
    )  # fmt: skip
    act.session.flush()
    if not same:
        _bring_to_judge(act, customer, other, GROUNDS.get(relation, Ground.RELATIVES))


def _bring_to_judge(act: Act, one: Customer, other: Customer, ground: Ground) -> None:
    first, later = sorted((one, other), key=lambda c: (c.owner_id is None, c.first_at, c.id))
    if later.owner_id is None:  # he stands in the 公海: he goes to the owner of his relative
        _follow(
            act.session,
            {later.id},
            Owner(first.owner_id, first.team_id, first.partner_id, first.owner_share),
            act.actor,
        )
        return
    story = f"关系户（{ground.label}），依据：{act.note}"
    claim = OwnershipClaim(project_id=first.project_id, ground=ground, met_at=later.first_at, story=story[:1000])
    file_claim(act.session, act.actor, claim, first, later.owner_id)
    act.session.add(claim)
    act.session.flush()
    tell_of_claim(act.session, claim)


@when_owner_moved
def relatives_follow(session: Any, ids: Sequence[int], owner: Owner, how: How) -> None:
    """Ownership follows within a group; falling into the 公海 concerns each for himself."""
    if how.rule not in FOLLOWED or owner.person_id is None:
        return
    others = group_of(session, ids) - set(ids)
    if others:
        _follow(session, others, owner, how.actor, how.paper)


def _follow(session: Any, ids: set[int], owner: Owner, actor: Any, paper: str = "") -> None:
    query = select(Customer.id).where(Customer.id.in_(ids), Customer.state != CustomerState.LOST)
    alive = list(session.scalars(query, execution_options=WHOLE))
    fire_many(session, Customer, alive, "leave_pool", actor, note="关系户随同")
    give_many(session, alive, owner, How(OwnerRule.KIN, actor, "关系户随同", paper))


def end_relation(act: Act) -> None:
    """Step 解除: from now on each goes his own way."""
    act.document.ended_why = act.note[:200]
