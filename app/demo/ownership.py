"""Whose customers they are: 公海, 判客, 关系户, 渠道报备, 老带新, a hand-over — every state to be seen, with today's work open."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import select

from app.demo import invented
from app.demo.world import World
from app.features.customers.channels.choices import Verdict
from app.features.customers.channels.effects import fill_report
from app.features.customers.channels.models import ChannelCompany, ChannelReport
from app.features.customers.choices import ContactKind, CustomerState, Source
from app.features.customers.claims.choices import Ground, Relation, Ruling
from app.features.customers.claims.effects import claim_at_desk
from app.features.customers.claims.models import Relative
from app.features.customers.effects import NewCustomer, advance
from app.features.customers.leavers.models import CustomerTransfer, Occasion, TransferLine
from app.features.customers.models import Customer, CustomerPhone
from app.features.customers.pool.effects import recycle
from app.features.customers.pool.models import PoolEntry, PoolState
from app.features.customers.referrals.effects import fill_referral
from app.features.customers.referrals.models import Condition, Referral
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.transactions import write
from app.kernel.workflow import as_step, fire

WHOLE = {"unscoped": True}
OPEN = (CustomerState.NEW, CustomerState.FOLLOWING)
PROJECT = "JPYL"
CHANNELS = (
    ("安家房产经纪", "钱立", "QD-2026-003"),
    ("城北置换中心", "孙文", "QD-2026-005"),
    ("好邻居地产", "李敏", "QD-2026-001"),
)
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
    _channels(session, world)
    _referrals(session, world)
    _handover(session, world)


def _own(
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


def _number(session: Any, customer: Customer) -> str:
    query = select(CustomerPhone.number).where(CustomerPhone.customer_id == customer.id, CustomerPhone.live)
    return str(session.scalars(query, execution_options=WHOLE).first())


def _cases(session: Any, world: World) -> None:
    """Seven cases of consultant1's customers: final, to be appealed, appealed, to be ruled."""
    project_id = world.projects[PROJECT].id
    for days_ago, claimant, ground, ruling, percent, why in CASES:
        moment = world.at(days_ago, 8, 20)
        customer = next(c for c in _own(session, world, "consultant1", before=moment))
        with world.acting(claimant, moment) as actor:
            data = NewCustomer(
                kind=ContactKind.FIRST_VISIT,
                source=Source.PASSING,
                name=customer.name,
                phones=(_number(session, customer),),
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
        customer = _own(session, world, "consultant1")[0]
        data = NewCustomer(
            kind=ContactKind.CALL, source=Source.FRIEND, name=customer.name, phones=(_number(session, customer),)
        )
        claim = claim_at_desk(session, actor, project_id, data)
        fire(session, claim, "withdraw", actor, note="核对后确认是同事的客户")


def _relatives(session: Any, world: World) -> None:
    """Two customers of one seller are husband and wife; two brothers are taken apart again."""
    one, other, third = _own(session, world, "consultant2")[:3]
    with world.acting("consultant2", world.at(2, 15)) as actor:
        fire(
            session,
            one,
            "note_relative",
            actor,
            phone=_number(session, other),
            relation=Relation.SPOUSE,
            note="结婚证复印件",
        )
        fire(
            session, one, "note_relative", actor, phone=_number(session, third), relation=Relation.PARENT, note="户口本"
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


def _report(
    session: Any, world: World, channel: ChannelCompany, at: datetime, login: str = "channel_officer", **values: Any
) -> ChannelReport:
    with world.acting(login, at) as actor:
        made = ChannelReport(project_id=world.projects[PROJECT].id, channel_id=channel.id, reported_at=at, **values)

        def work() -> None:
            with as_step(session):
                fill_report(session, actor, made)
                session.add(made)
                session.flush()

        write(session, work)
    return made


def _channels(session: Any, world: World) -> None:
    """Reports in every state: to be judged, a clash, a hidden number, waiting, brought, reserved, signed, paid, refused, expired."""
    channels = _companies(session, world)
    numbers = invented.phones(world.random)
    for place, (days_ago, upto) in enumerate((
        (0, "pending"), (0, "valid"), (1, "valid"), (3, "visited"), (8, "reserved"), (15, "signed"), (40, "paid"), (6, "invalid"),
    )):  # fmt: skip
        name, number = invented.name(world.random, male=place % 2 == 0), next(numbers)
        shown = f"{number[:3]}****{number[-4:]}" if place % 3 == 0 else number
        values = {
            "broker": ("赵强", "陈静", "吴昊")[place % 3],
            "called": name[0] + ("先生" if place % 2 == 0 else "女士"),
            "phone": shown,
        }
        at = world.at(days_ago, 8, 5)
        report = _report(session, world, channels[place % 2], at, **values)
        _walk(session, world, report, upto, number, name, at)
    clash = _report(
        session, world, channels[0], world.at(0, 8, 10), broker="赵强", called="周女士", phone=next(numbers)
    )
    _report(session, world, channels[1], world.at(0, 8, 25), broker="陈静", called="周女士", phone=clash.phone)
    known = _own(session, world, "consultant3")[0]
    number = _number(session, known)
    _report(
        session,
        world,
        channels[1],
        world.at(0, 8, 30),
        broker="陈静",
        called=known.name[0] + "先生",
        phone=f"{number[:3]}****{number[-4:]}",
    )


def _companies(session: Any, world: World) -> list[ChannelCompany]:
    found = []
    for name, contact, contract in CHANNELS:
        with world.acting("channel_officer", world.at(58, 9)) as actor:
            company = ChannelCompany(
                project_id=world.projects[PROJECT].id, name=name, contact=contact, contract_no=contract, created_by=actor.person_id,
                commission_terms="成交总价 1.2 %，签约且首付到账后结算",
            )  # fmt: skip
            _save(session, company)
        found.append(company)
    with world.acting("supervisor", world.at(20, 9)) as actor:
        fire(session, found[2], "stop", actor, note="多次虚假报备")
    return found


def _walk(session: Any, world: World, report: ChannelReport, upto: str, number: str, name: str, at: datetime) -> None:
    """As far as it is to go."""
    if upto == "pending":
        return
    with world.acting("supervisor", at + timedelta(minutes=10)) as actor:
        if upto == "invalid":
            fire(session, report, "refuse", actor, verdict=Verdict.KNOWN, note="客户上周已由顾问电话登记")
            return
        fire(session, report, "accept", actor)
    if upto == "valid":
        return
    with world.acting("channel_officer", at + timedelta(hours=3)) as actor:
        receiver = world.people["consultant4"].id
        fire(
            session,
            report,
            "arrive",
            actor,
            phone=number,
            called=name,
            receiver_id=receiver,
            at=at + timedelta(hours=3),
        )
    steps = {"visited": 0, "reserved": 1, "signed": 2, "paid": 2}[upto]
    for step in ("reserve", "sign")[:steps]:
        with world.acting("supervisor", at + timedelta(days=2)), acting_as(SYSTEM):
            write(session, partial(advance, session, report.customer_id or 0, step, SYSTEM))
    if upto == "paid":
        with world.acting("site_manager", at + timedelta(days=20)) as actor:
            fire(session, report, "pay", actor, commission=Decimal(13282), paid_on=world.day(20))


def _referrals(session: Any, world: World) -> None:
    """One waits, one is earned, one approved, one paid, one is none."""
    old = _own(session, world, "consultant1", states=(CustomerState.RESERVED, CustomerState.SIGNED))
    for place, upto in enumerate(("waiting", "earned", "approved", "paid", "void")):
        new = next(c for c in _own(session, world, "consultant4") if c.first_at > old[-1].first_at)
        with world.acting("consultant4", world.at(5, 10)):
            made = Referral(
                project_id=world.projects[PROJECT].id, referrer_id=old[-1].id, customer_id=new.id, condition=Condition.RESERVED,
                reward=("一年物业费", "购物卡")[place % 2], amount=Decimal((3600, 2000)[place % 2]),
            )  # fmt: skip
            with acting_as(SYSTEM):
                write(session, partial(_referred, session, made))
        if upto == "void":
            with world.acting("supervisor", world.at(4, 10)) as actor:
                fire(session, made, "void", actor, note="新客户此前已自行来电")
        elif upto != "waiting":
            with world.acting("supervisor", world.at(3, 10)), acting_as(SYSTEM):
                write(session, partial(advance, session, new.id, "reserve", SYSTEM))
            if upto in ("approved", "paid"):
                with world.acting("site_manager", world.at(2, 10)) as actor:
                    fire(session, made, "approve", actor)
            if upto == "paid":
                with world.acting("clerk", world.at(1, 10)) as actor:
                    fire(session, made, "pay", actor, paid_on=world.day(1), paid_how="本人签收，收条已归档")


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
        _save(session, paper)


def _referred(session: Any, made: Referral) -> None:
    fill_referral(session, made)
    session.add(made)
    session.flush()


def _save(session: Any, record: Any) -> None:
    def work() -> None:
        session.add(record)
        session.flush()

    write(session, work)
