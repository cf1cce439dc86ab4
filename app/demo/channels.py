"""渠道报备 and 老带新 of the demo world: every state, a clash of two channels, a hidden number, today's work open."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from app.demo import invented
from app.demo.ownership import PROJECT, number_of, own, save
from app.demo.world import World
from app.features.customers.channels.choices import Verdict
from app.features.customers.channels.effects import fill_report
from app.features.customers.channels.models import ChannelCompany, ChannelReport
from app.features.customers.choices import CustomerState
from app.features.customers.effects import advance
from app.features.customers.referrals.effects import fill_referral
from app.features.customers.referrals.models import Condition, Referral
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.transactions import write
from app.kernel.workflow import as_step, fire

CHANNELS = (
    ("安家房产经纪", "钱立", "QD-2026-003"),
    ("城北置换中心", "孙文", "QD-2026-005"),
    ("好邻居地产", "李敏", "QD-2026-001"),
)


def load(session: Any, world: World) -> None:
    """After 公海 and 判客: the customers who are left have their owners."""
    _channels(session, world)
    _referrals(session, world)


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
    known = own(session, world, "consultant3")[0]
    number = number_of(session, known)
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
            save(session, company)
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
    old = own(session, world, "consultant1", states=(CustomerState.RESERVED, CustomerState.SIGNED))
    for place, upto in enumerate(("waiting", "earned", "approved", "paid", "void")):
        new = next(c for c in own(session, world, "consultant4") if c.first_at > old[-1].first_at)
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


def _referred(session: Any, made: Referral) -> None:
    fill_referral(session, made)
    session.add(made)
    session.flush()
