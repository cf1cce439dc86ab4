"""判客 from the desk to the appeal: the parties, the judge, what is frozen, whose the customer is (02 §2.5.2, 07)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.customers.choices import ContactKind, CustomerState, Source
from app.features.customers.claims.choices import ClaimState, Ground, Relation, Ruling
from app.features.customers.claims.effects import claim_at_desk
from app.features.customers.claims.effects.ruling import settle
from app.features.customers.claims.models import OwnershipClaim, Relative
from app.features.customers.effects import NewCustomer
from app.features.customers.models import Contact, Customer, CustomerPhone
from app.features.customers.owners.models import OwnerRule, OwnershipChange
from app.features.customers.pool.effects import recycle
from app.features.deals.reservations.models import Buyer, Reservation
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import clock, now
from app.kernel.errors import RuleError
from app.kernel.notices import Notice
from app.kernel.transactions import write
from app.kernel.workflow import fire, legal_steps
from tests.bench.hours import real_now
from tests.cast import Cast
from tests.features.customers.conftest import Register
from tests.features.deals import orders

NUMBER = "10000001234"


@pytest.fixture
def step(session: Session, cast: Cast) -> Callable[..., Any]:
    """step(record, "rule", "supervisor", …) → the record as it is then."""

    def act(record: Any, name: str, login: str, **form: Any) -> Any:
        actor = cast.actor(login)
        with acting_as(actor):
            fire(session, record, name, actor, **form)
        return orders.fresh(cast, type(record), record.id)

    return act


def claimed(cast: Cast, login: str = "consultant2", number: str = NUMBER, **more: Any) -> OwnershipClaim:
    """Somebody receives a customer who is registered already."""
    actor = cast.actor(login)
    data = NewCustomer(kind=ContactKind.FIRST_VISIT, source=Source.PASSING, name="王先生", phones=(number,))
    with acting_as(actor):
        made = claim_at_desk(cast.session, actor, cast.project_ids["a"], data, **more)
    return orders.fresh(cast, OwnershipClaim, made.id)


def owners(cast: Cast, customer: Customer) -> tuple[Any, ...]:
    found = orders.fresh(cast, Customer, customer.id)
    return found.owner_id, found.partner_id, found.owner_share


def test_the_desk_makes_a_case_and_keeps_the_visit(cast: Cast, registered: Register, session: Session) -> None:
    customer = registered("consultant1")
    protected, before = customer.protected_until, customer.visits
    claim = claimed(cast)
    people = cast.person_ids
    assert (claim.owner_id, claim.partner_id) == (people["consultant1"], people["consultant2"])
    assert claim.number.startswith("PQ-JPYL-") and claim.customer_name == "王*"
    assert (claim.proposal, claim.proposed_share) == (Ruling.FIRST, Decimal(1))
    with acting_as(SYSTEM):
        visits = session.scalars(select(Contact).where(Contact.customer_id == customer.id).order_by(Contact.id)).all()
        told = set(session.scalars(select(Notice.person_id).where(Notice.url == f"/ownership-claim/show/{claim.id}")))
    assert [v.receiver_id for v in visits] == [people["consultant1"], people["consultant2"]]
    after = orders.fresh(cast, Customer, customer.id)
    assert (after.protected_until, after.visits) == (protected, before + 1)
    assert {people["supervisor"], people["consultant1"]} <= told  # two teams: whoever has the whole site judges
    with pytest.raises(RuleError, match=claim.number):
        claimed(cast)


def test_who_reads_and_who_judges(cast: Cast, registered: Register, session: Session) -> None:
    registered("consultant1")
    claim = claimed(cast)
    for login, seen in {
        "consultant1": True, "consultant2": True, "supervisor": True, "site_manager": True, "other_supervisor": False, "supervisor2": False,
    }.items():  # fmt: skip
        with acting_as(cast.actor(login)):
            found = session.scalars(select(OwnershipClaim).where(OwnershipClaim.id == claim.id)).first()
            assert (found is not None) is seen, login
    with acting_as(cast.actor("consultant2")):
        assert {s.name for s in legal_steps(claim, cast.actor("consultant2"))} == {"withdraw"}
        assert session.scalars(select(Customer)).all() == []  # the case opens no file


def test_a_ruling_for_the_claimant(
    cast: Cast, registered: Register, session: Session, step: Callable[..., Any]
) -> None:
    customer = registered("consultant1")
    claim = step(claimed(cast), "rule", "supervisor", ruling=Ruling.CLAIMANT, note="原顾问两周未联系")
    assert (
        claim.state is ClaimState.RULED and claim.share == 0 and claim.appeal_until == now().date() + timedelta(days=3)
    )
    assert owners(cast, customer) == (cast.person_ids["consultant2"], None, None)
    with acting_as(cast.actor("consultant1")):  # everything went with him
        for model in (Customer, CustomerPhone, Contact):
            assert session.scalar(select(func.count()).select_from(model)) == 0
    with acting_as(cast.actor("consultant2")):
        change = session.scalars(select(OwnershipChange)).one()
    assert (change.rule, change.paper, change.by_name) == (OwnerRule.RULED, claim.number, "周敏")
    evidence = claim.evidence
    assert any("首次登记" in words and "林晓" in words for words in evidence)
    session.rollback()
    write_follow_up(cast, customer)
    assert orders.fresh(cast, OwnershipClaim, claim.id).evidence == evidence  # frozen


def write_follow_up(cast: Cast, customer: Customer) -> None:
    from app.features.customers.choices import FollowMethod, FollowResult

    actor = cast.actor("consultant2")
    with acting_as(actor):
        fire(
            cast.session,
            customer,
            "note_follow_up",
            actor,
            method=FollowMethod.PHONE,
            result=FollowResult.REACHED,
            content="已联系",
        )


def test_a_split_reaches_the_orders(cast: Cast, registered: Register, step: Callable[..., Any]) -> None:
    customer = registered("consultant1")
    order = orders.filled(cast, orders.locked(cast, orders.unit(cast), customer), orders.scheme(cast))
    claim = claimed(cast, ground=Ground.CLOSED_TOLD)
    assert (claim.proposal, claim.proposed_share) == (Ruling.SPLIT, Decimal("0.5"))
    step(claim, "rule", "supervisor", ruling=Ruling.SPLIT, percent=Decimal(60), note="代为成交，已电话告知")
    people = cast.person_ids
    both = (people["consultant1"], people["consultant2"], Decimal("0.6"))
    assert owners(cast, customer) == both
    found = orders.fresh(cast, Reservation, order.id)
    assert (found.owner_id, found.partner_id, found.share) == both
    with acting_as(cast.actor("consultant2")):
        assert cast.session.scalars(select(Buyer).where(Buyer.reservation_id == order.id)).all()
    later = orders.locked(cast, orders.unit(cast, "1103"), customer)
    assert (later.partner_id, later.share) == both[1:]


def test_parties_appeal_and_the_site_manager_has_the_last_word(
    cast: Cast, registered: Register, step: Callable[..., Any]
) -> None:
    customer = registered("consultant1")
    claim = step(claimed(cast), "rule", "supervisor", ruling=Ruling.CLAIMANT, note="超期未跟进")
    claim = step(claim, "appeal", "consultant1", note="当天有微信记录")
    assert claim.state is ClaimState.APPEALED and claim.appeal_why == "当天有微信记录"
    claim = step(claim, "rule_appeal", "site_manager", ruling=Ruling.FIRST, note="微信记录属实")
    assert (
        claim.state is ClaimState.FINAL
        and claim.ruling is Ruling.FIRST
        and claim.final_by == cast.person_ids["site_manager"]
    )
    assert owners(cast, customer)[0] == cast.person_ids["consultant1"]
    assert legal_steps(claim, cast.actor("consultant2")) == []


def test_the_days_for_an_appeal(cast: Cast, registered: Register, session: Session, step: Callable[..., Any]) -> None:
    registered("consultant1")
    claim = step(claimed(cast), "rule", "supervisor", ruling=Ruling.FIRST, note="跟进及时")
    with acting_as(SYSTEM):
        assert write(session, lambda: settle(session)) == 0
    token = clock.set(lambda: claim.ruled_at + timedelta(days=4))
    try:
        with pytest.raises(RuleError, match="申诉期限"):
            step(claim, "appeal", "consultant2", note="不服")
        with acting_as(SYSTEM):
            assert write(session, lambda: settle(session)) == 1
    finally:
        clock.reset(token)
    assert orders.fresh(cast, OwnershipClaim, claim.id).state is ClaimState.FINAL


def test_a_party_does_not_judge(cast: Cast, registered: Register, step: Callable[..., Any]) -> None:
    registered("supervisor")  # his own customer
    claim = claimed(cast, "consultant1")
    with pytest.raises(RuleError, match="当事人"):
        step(claim, "rule", "supervisor", ruling=Ruling.FIRST, note="我的客户")
    assert claim.team_id is None
    with pytest.raises(RuleError, match="高远"):  # another supervisor is free: not yet the site manager
        step(claim, "rule", "site_manager", ruling=Ruling.FIRST, note="裁定")


def test_the_first_judge_does_not_hear_the_appeal(cast: Cast, registered: Register, step: Callable[..., Any]) -> None:
    registered("consultant1")
    claim = step(claimed(cast), "rule", "supervisor", ruling=Ruling.CLAIMANT, note="超期")
    claim = step(claim, "appeal", "consultant1", note="不服")
    with pytest.raises(RuleError, match="吴越"):
        step(claim, "rule_appeal", "project_manager", ruling=Ruling.FIRST, note="改判")


def test_to_the_pool_only_before_he_queues(cast: Cast, registered: Register, step: Callable[..., Any]) -> None:
    customer = registered("consultant1")
    step(claimed(cast), "rule", "supervisor", ruling=Ruling.POOL, note="两边都没有跟进")
    found = orders.fresh(cast, Customer, customer.id)
    assert found.state is CustomerState.POOL and found.owner_id is None
    token = clock.set(lambda: now_plus(4))
    with acting_as(SYSTEM):
        write(cast.session, lambda: settle(cast.session))
    clock.reset(token)
    again = claimed(cast)
    assert (again.owner_id, again.proposal) == (None, Ruling.CLAIMANT)
    with pytest.raises(RuleError, match="没有原归属顾问"):
        step(again, "rule", "supervisor", ruling=Ruling.FIRST, note="裁定")
    step(again, "rule", "supervisor", ruling=Ruling.CLAIMANT, note="谁接待归谁")
    found = orders.fresh(cast, Customer, customer.id)
    assert (found.state, found.owner_id) == (CustomerState.FOLLOWING, cast.person_ids["consultant2"])


def test_a_case_keeps_the_customer_from_the_pool(cast: Cast, registered: Register, session: Session) -> None:
    registered("consultant1")
    claimed(cast)
    token = clock.set(lambda: now_plus(60))
    try:
        with acting_as(SYSTEM):
            assert write(session, lambda: recycle(session)) == 0
    finally:
        clock.reset(token)


def now_plus(days: int) -> Any:

    return real_now() + timedelta(days=days)


@pytest.mark.parametrize("relation", [Relation.SPOUSE, Relation.PARENT])
def test_relatives_of_two_consultants_come_before_the_judge(
    cast: Cast, registered: Register, step: Callable[..., Any], session: Session, relation: Relation
) -> None:
    husband, wife = registered("consultant1"), registered("consultant2", "李娜", "10000005678")
    step(wife, "note_relative", "consultant2", phone=NUMBER, relation=relation, note="户口本")
    with acting_as(SYSTEM):
        pair, claim = session.scalars(select(Relative)).one(), session.scalars(select(OwnershipClaim)).one()
    assert (pair.customer_id, pair.relative_id, pair.relative_name) == (wife.id, husband.id, "王*")
    assert (claim.customer_id, claim.partner_id) == (husband.id, cast.person_ids["consultant2"])
    split = relation is Relation.SPOUSE
    assert claim.proposal is (Ruling.SPLIT if split else Ruling.FIRST)
    step(claim, "rule", "supervisor", ruling=claim.proposal, percent=Decimal(50) if split else None, note="按规则")
    first, second = owners(cast, husband), owners(cast, wife)
    people = cast.person_ids
    assert (
        first
        == second
        == (
            (people["consultant1"], people["consultant2"], Decimal("0.5"))
            if split
            else (people["consultant1"], None, None)
        )
    )


def test_relatives_stay_together_and_siblings_as_the_site_says(
    cast: Cast, registered: Register, step: Callable[..., Any]
) -> None:
    father, son = registered("consultant1"), registered("consultant1", "王小明", "10000005678")
    step(son, "note_relative", "consultant1", phone=NUMBER, relation=Relation.PARENT, note="户口本")
    with pytest.raises(RuleError, match="已经是一组"):
        step(father, "note_relative", "consultant1", phone="10000005678", relation=Relation.CHILD, note="户口本")
    step(father, "change_owner", "supervisor", owner_id=cast.person_ids["consultant2"], note="调剂")
    assert owners(cast, father) == owners(cast, son) == (cast.person_ids["consultant2"], None, None)
    with pytest.raises(RuleError, match="兄弟姐妹"):
        step(father, "note_relative", "consultant2", phone="10000005678", relation=Relation.SIBLING, note="口述")
