"""渠道报备 from the report to the commission, clashes of channels, tables of channels; 老带新 (02 §2.5.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.customers.channels.choices import ReportState, Verdict
from app.features.customers.channels.effects import expire_reports, fill_report
from app.features.customers.channels.models import ChannelCompany, ChannelReport
from app.features.customers.choices import Source
from app.features.customers.effects import advance
from app.features.customers.models import Contact, Customer
from app.features.customers.referrals.effects import fill_referral
from app.features.customers.referrals.models import Condition, Referral, ReferralState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import clock, now
from app.kernel.errors import RuleError
from app.kernel.transactions import write
from app.kernel.workflow import fire
from tests.bench.hours import real_now
from tests.cast import Cast
from tests.factories import saved
from tests.features.customers.conftest import Register
from tests.features.deals import orders

NUMBER, HIDDEN = "10000001234", "100****1234"
S = ReportState


def company(cast: Cast, name: str = "安家经纪") -> ChannelCompany:
    return saved(cast.session, ChannelCompany(project_id=cast.project_ids["a"], name=name))


def report(
    cast: Cast, phone: str = NUMBER, login: str = "channel_officer", channel: ChannelCompany | None = None, **more: Any
) -> ChannelReport:
    actor = cast.actor(login)
    values = {"broker": "赵强", "called": "王先生", "reported_at": now() - timedelta(hours=1)} | more
    made = ChannelReport(
        project_id=cast.project_ids["a"], channel_id=(channel or company(cast)).id, phone=phone, **values
    )

    def work() -> None:
        from app.kernel.workflow import as_step

        with as_step(cast.session):
            fill_report(cast.session, actor, made)
            cast.session.add(made)
            cast.session.flush()

    with acting_as(actor):
        write(cast.session, work)
    return orders.fresh(cast, ChannelReport, made.id)


@pytest.fixture
def step(session: Session, cast: Cast) -> Callable[..., Any]:
    def act(record: Any, name: str, login: str, **form: Any) -> Any:
        actor = cast.actor(login)
        with acting_as(actor):
            fire(session, record, name, actor, **form)
        return orders.fresh(cast, type(record), record.id)

    return act


def brought(cast: Cast, step: Callable[..., Any], **more: Any) -> ChannelReport:
    """Reported, judged valid, here with consultant2."""
    made = step(report(cast, **more), "accept", "supervisor")
    return step(
        made,
        "arrive",
        "channel_officer",
        phone=NUMBER,
        called="王伟",
        receiver_id=cast.person_ids["consultant2"],
        at=now(),
    )


def test_from_the_report_to_the_commission(cast: Cast, session: Session, step: Callable[..., Any]) -> None:
    made = report(cast, phone=HIDDEN)
    assert (made.state, made.proposal, made.number) == (S.PENDING, Verdict.VALID, f"BB-JPYL-{now().year}-0001")
    made = step(made, "accept", "supervisor")
    assert made.valid_until == made.reported_at.date() + timedelta(days=3)
    with pytest.raises(RuleError, match="不符"):
        step(
            made, "arrive", "channel_officer", phone="10000009999", receiver_id=cast.person_ids["consultant2"], at=now()
        )
    made = step(
        made,
        "arrive",
        "channel_officer",
        phone=NUMBER,
        called="王伟",
        receiver_id=cast.person_ids["consultant2"],
        at=now(),
    )
    assert (made.state, made.partner_id, made.protected_until) == (
        S.VISITED,
        cast.person_ids["consultant2"],
        now().date() + timedelta(days=30),
    )
    customer = orders.fresh(cast, Customer, made.customer_id)
    assert (customer.name, customer.owner_id, customer.source) == (
        "王伟",
        cast.person_ids["consultant2"],
        Source.CHANNEL,
    )
    for name, state in (
        ("reserve", S.RESERVED),
        ("sign", S.SIGNED),
        ("back", S.VISITED),
        ("reserve", S.RESERVED),
        ("sign", S.SIGNED),
    ):
        with acting_as(SYSTEM):
            write(session, lambda n=name: advance(session, customer.id, n, SYSTEM))
        assert orders.fresh(cast, ChannelReport, made.id).state is state
    made = step(made, "pay", "site_manager", commission=Decimal(13282), paid_on=now().date())
    assert (made.state, made.commission) == (S.PAID, Decimal(13282))


@pytest.mark.parametrize(
    ("phone", "called", "verdict"),
    [
        (NUMBER, "王先生", Verdict.NATURAL),
        (HIDDEN, "王先生", Verdict.NATURAL),  # matched by digits and surname
        (HIDDEN, "李女士", Verdict.VALID),  # the same seven digits of somebody else
        ("10000005678", "王先生", Verdict.VALID),
    ],
)
def test_who_was_here_himself(cast: Cast, registered: Register, phone: str, called: str, verdict: Verdict) -> None:
    registered("consultant1")
    assert report(cast, phone=phone, called=called).proposal is verdict


def test_against_the_proposal_a_reason_is_asked(cast: Cast, registered: Register, step: Callable[..., Any]) -> None:
    registered("consultant1")
    made = report(cast)
    with pytest.raises(RuleError, match="自然到访优先"):
        step(made, "accept", "supervisor")
    refused = step(made, "refuse", "supervisor", verdict=made.proposal)
    assert (refused.state, refused.verdict) == (S.INVALID, Verdict.NATURAL)
    with pytest.raises(RuleError, match="你登记的"):
        step(report(cast, phone="10000005678", login="supervisor", channel=company(cast, "乙")), "accept", "supervisor")


def test_two_channels_and_one_customer(cast: Cast, step: Callable[..., Any]) -> None:
    one, two = company(cast, "甲"), company(cast, "乙")
    first = report(cast, phone=HIDDEN, channel=one, reported_at=now() - timedelta(hours=3))
    assert report(cast, channel=two).proposal is Verdict.OTHER_CHANNEL
    assert report(cast, channel=one).proposal is Verdict.TWICE
    assert report(cast, phone=HIDDEN, channel=two, called="李女士").proposal is Verdict.VALID
    step(first, "refuse", "supervisor", verdict=Verdict.KNOWN)
    assert (
        report(cast, channel=two, reported_at=now() - timedelta(hours=4)).proposal is Verdict.VALID
    )  # nobody was before him


def test_thirty_minutes_before(cast: Cast, step: Callable[..., Any]) -> None:
    made = step(report(cast, reported_at=now() - timedelta(minutes=29)), "accept", "supervisor")
    with pytest.raises(RuleError, match="30 分钟"):
        step(made, "arrive", "channel_officer", phone=NUMBER, receiver_id=cast.person_ids["consultant2"], at=now())


def test_somebodys_customer_stays_his(
    cast: Cast, registered: Register, session: Session, step: Callable[..., Any]
) -> None:
    customer = registered("consultant1")
    made = report(cast)
    made = step(made, "accept", "supervisor", note="经理同意按渠道客户接待")
    made = step(made, "arrive", "channel_officer", phone=NUMBER, receiver_id=cast.person_ids["consultant2"], at=now())
    assert made.customer_id == customer.id
    assert orders.fresh(cast, Customer, customer.id).owner_id == cast.person_ids["consultant1"]
    with acting_as(SYSTEM):
        assert session.scalars(select(Contact.source).order_by(Contact.id)).all()[-1] is Source.CHANNEL


def test_reports_expire(cast: Cast, session: Session, step: Callable[..., Any]) -> None:
    waiting = step(report(cast, phone="10000005678"), "accept", "supervisor")
    visited = brought(cast, step, channel=company(cast, "乙"))

    def night(days: int) -> int:
        token = clock.set(lambda: real_now() + timedelta(days=days))
        try:
            with acting_as(SYSTEM):
                return write(session, lambda: expire_reports(session))
        finally:
            clock.reset(token)

    assert [night(2), night(5), night(29), night(31), night(32)] == [0, 1, 0, 1, 0]
    assert orders.fresh(cast, ChannelReport, waiting.id).state is S.EXPIRED
    assert orders.fresh(cast, ChannelReport, visited.id).state is S.EXPIRED


def test_the_order_moves_the_report_by_itself(cast: Cast, session: Session, step: Callable[..., Any]) -> None:
    made = brought(cast, step)
    customer = orders.fresh(cast, Customer, made.customer_id)
    orders.effective(cast, orders.unit(cast), customer, orders.scheme(cast), login="consultant2")
    assert orders.fresh(cast, ChannelReport, made.id).state is S.RESERVED


def referral(cast: Cast, old: Customer, new: Customer, **more: Any) -> Referral:
    made = Referral(
        project_id=cast.project_ids["a"], referrer_id=old.id, customer_id=new.id, reward="一年物业费", **more
    )

    def work() -> None:
        fill_referral(cast.session, made)
        cast.session.add(made)
        cast.session.flush()

    with acting_as(SYSTEM):
        write(cast.session, work)
    return orders.fresh(cast, Referral, made.id)


def test_an_owner_brings_somebody(cast: Cast, registered: Register, session: Session, step: Callable[..., Any]) -> None:
    old, new = registered("consultant1"), registered("consultant2", "李娜", "10000005678")
    with pytest.raises(RuleError, match="还没有认购"):
        referral(cast, old, new)
    with acting_as(SYSTEM):
        write(session, lambda: advance(session, old.id, "reserve", SYSTEM))
    with pytest.raises(RuleError, match="同一位"):
        referral(cast, old, old)
    made = referral(cast, old, new, condition=Condition.SIGNED)
    assert (made.owner_id, made.referrer_name) == (cast.person_ids["consultant2"], "王伟")
    for name, state in (
        ("reserve", ReferralState.WAITING),
        ("sign", ReferralState.EARNED),
        ("back", ReferralState.WAITING),
    ):
        with acting_as(SYSTEM):
            write(session, lambda n=name: advance(session, new.id, n, SYSTEM))
        assert orders.fresh(cast, Referral, made.id).state is state
    for name in ("reserve", "sign"):
        with acting_as(SYSTEM):
            write(session, lambda n=name: advance(session, new.id, n, SYSTEM))
    made = step(step(made, "approve", "site_manager"), "pay", "clerk", paid_on=now().date(), paid_how="本人签收")
    assert made.state is ReferralState.PAID
