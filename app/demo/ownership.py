"""Whose customers they are: 公海, 判客, 关系户, a hand-over — every state to be seen, with today's work open."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.demo.world import World
from app.features.customers.choices import ContactKind, CustomerState, Source
from app.features.customers.claims.choices import Ground, Relation, Ruling
from app.features.customers.claims.effects import claim_at_desk
from app.features.customers.claims.models import Relative
from app.features.customers.effects import NewCustomer
from app.features.customers.leavers.models import CustomerTransfer, Occasion, TransferLine
from app.features.customers.models import Customer, CustomerPhone
from app.features.customers.pool.effects import recycle
from app.features.customers.pool.models import PoolEntry, PoolState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.transactions import write
from app.kernel.workflow import fire

WHOLE = {"unscoped": True}
OPEN = (CustomerState.NEW, CustomerState.FOLLOWING)
PROJECT = "JPYL"
CASES = (  # days ago, claimant, ground, ruling, the first owner's percent, why; then who appeals, and the last word
    (12, "consultant2", Ground.KNOWN, Ruling.FIRST, None, "登记在先，期间电话跟进两次"),
    (9, "consultant3", Ground.CLOSED_TOLD, Ruling.SPLIT, 50, "原顾问外出，当场电话告知"),
    (6, "consultant4", Ground.CLOSED_UNTOLD, Ruling.FIRST, None, "没有告知原顾问，按规则全部归原归属顾问"),
    (2, "consultant3", Ground.KNOWN, Ruling.CLAIMANT, None, "原顾问超过有效期没有跟进"),
    (1, "consultant2", Ground.KNOWN, Ruling.CLAIMANT, None, "原顾问两周没有联系"),
    (0, "consultant4", Ground.KNOWN, None, None, ""),
    (0, "consultant3", Ground.SPOUSES, None, None, ""),
)


def load(session: Any, world: World) -> None:
    """After the deals: owners and orders are there."""
    _cases(session, world)
    _relatives(session, world)
    _pool(session, world)
    _handover(session, world)


def own(
    session: Any, world: World, login: str, *, before: datetime | None = None, states: Any = OPEN
) -> list[Customer]:
    """Customers of a seller whom no paper of this chapter touches yet, the latest first."""
    used = world.kept.setdefault("ruled", set())
    query = select(Customer).where(
        Customer.owner_id == world.people[login].id, Customer.state.in_(states), Customer.id.not_in(used)
    )
    if before is not None:
        query = query.where(Customer.first_at < before)
    found = list(session.scalars(query.order_by(Customer.id.desc()).limit(8), execution_options=WHOLE))
    used.update(found[:1] and [found[0].id])
    return found


def number_of(session: Any, customer: Customer) -> str:
    """His number in use."""
    query = select(CustomerPhone.number).where(CustomerPhone.customer_id == customer.id, CustomerPhone.live)
    return str(session.scalars(query, execution_options=WHOLE).first())


def _cases(session: Any, world: World) -> None:
    """Seven cases of consultant1's customers: final, to be appealed, appealed, to be ruled."""
    project_id = world.projects[PROJECT].id
    for days_ago, claimant, ground, ruling, percent, why in CASES:
        moment = world.at(days_ago, 8, 20)
        customer = next(c for c in own(session, world, "consultant1", before=moment))
        with world.acting(claimant, moment) as actor:
            data = NewCustomer(
                kind=ContactKind.FIRST_VISIT,
                source=Source.PASSING,
                name=customer.name,
                phones=(number_of(session, customer),),
            )
            claim = claim_at_desk(session, actor, project_id, data, ground)
        if ruling is not None:
            with world.acting("supervisor", moment + timedelta(minutes=20)) as actor:
                form: dict[str, Any] = {"percent": Decimal(percent)} if percent else {}
                fire(session, claim, "rule", actor, ruling=ruling, note=why, **form)
            if days_ago == 1:
                with world.acting("consultant1", moment + timedelta(minutes=50)) as actor:
                    fire(session, claim, "appeal", actor, note="这两周一直在微信联系，截图已上传")
            if days_ago > 5:
                with world.acting("supervisor", moment + timedelta(days=4)), acting_as(SYSTEM):
                    fire(session, claim, "settle", SYSTEM, internal=True)
    with world.acting("consultant2", world.at(3, 9)) as actor:
        customer = own(session, world, "consultant1")[0]
        data = NewCustomer(
            kind=ContactKind.CALL, source=Source.FRIEND, name=customer.name, phones=(number_of(session, customer),)
        )
        claim = claim_at_desk(session, actor, project_id, data)
        fire(session, claim, "withdraw", actor, note="核对后确认是同事的客户")


def _relatives(session: Any, world: World) -> None:
    """Two customers of one seller are husband and wife; two brothers are taken apart again."""
    one, other, third = own(session, world, "consultant2")[:3]
    with world.acting("consultant2", world.at(2, 15)) as actor:
        fire(
            session,
            one,
            "note_relative",
            actor,
            phone=number_of(session, other),
            relation=Relation.SPOUSE,
            note="结婚证复印件",
        )
        fire(
            session,
            one,
            "note_relative",
            actor,
            phone=number_of(session, third),
            relation=Relation.PARENT,
            note="户口本",
        )
    with world.acting("supervisor", world.at(1, 15)) as actor:
        pair = session.scalars(select(Relative).order_by(Relative.id.desc())).first()
        fire(session, pair, "end", actor, note="登记错误，不是亲属")


def _pool(session: Any, world: World) -> None:
    """What the night took; two are taken, one is given; the rest waits."""
    with world.acting("supervisor", world.at(0, 0, 30)), acting_as(SYSTEM):
        while write(session, lambda: recycle(session)):
            pass
    query = select(PoolEntry).where(
        PoolEntry.state == PoolState.WAITING, PoolEntry.project_id == world.projects[PROJECT].id
    )
    entries = list(session.scalars(query.order_by(PoolEntry.id).limit(3), execution_options=WHOLE))
    for entry, login in zip(entries, ("consultant2", "consultant4", ""), strict=False):
        with world.acting(login or "supervisor", world.at(0, 8, 40)) as actor:
            if login and entry.former_id != actor.person_id:
                fire(session, entry, "claim", actor)
            else:
                fire(session, entry, "give", actor, owner_id=world.people["consultant3"].id, note="客户要求女顾问")


def _handover(session: Any, world: World) -> None:
    """A draft: consultant4 will move to another site; what he has is shared by two colleagues."""
    project_id = world.projects[PROJECT].id
    with world.acting("supervisor", world.at(0, 8, 50)) as actor:
        paper = CustomerTransfer(
            project_id=project_id, from_id=world.people["consultant4"].id, occasion=Occasion.MOVING, remark="下月调往翠湖壹号",
            created_by=actor.person_id,
        )  # fmt: skip
        paper.lines = [
            TransferLine(project_id=project_id, to_id=world.people["consultant1"].id, weight=1),
            TransferLine(project_id=project_id, to_id=world.people["consultant2"].id, weight=2),
        ]
        save(session, paper)


def save(session: Any, record: Any) -> None:
    """One record in a transaction."""

    def work() -> None:
        session.add(record)
        session.flush()

    write(session, work)
