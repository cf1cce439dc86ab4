"""Mail and group messages: what goes when, once, again after a failure or a kill, and never with personal data (02 §2.5.11)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.kernel import base
from app.kernel.accounts import security_of
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.notices import Notice, NoticeKind, answered, notify
from app.kernel.notices.preferences import NoticePreference, Wish
from app.kernel.outbox import outbound, planning, reminding, sending
from app.kernel.outbox.outbound import Undelivered
from app.kernel.outbox.records import Delivery, DeliveryState, DeliveryTry, Platform, Robot
from app.kernel.transactions import write
from tests.cast import Cast
from tests.kernel.mail_server import MailBox, running

DAY, NIGHT = datetime(2026, 11, 24, 10, 0), datetime(2026, 11, 24, 22, 0)
NAME, PHONE, ID = "欧阳震华", "13912345678", "310101198001011234"


@pytest.fixture
def clock() -> Iterator[Callable[[datetime], None]]:
    """clock(moment): from now on it is then."""
    token = base.clock.set(lambda: DAY)
    yield lambda moment: base.clock.set(lambda: moment) and None
    base.clock.reset(token)


@pytest.fixture
def box(app: Flask) -> Iterator[MailBox]:
    """The site's mail goes to a server of the test."""
    before = {name: app.config[name] for name in ("SMTP_HOST", "SMTP_PORT", "SMTP_FROM", "SMTP_SECURITY")}
    with running() as found:
        app.config.update(
            SMTP_HOST="127.0.0.1", SMTP_PORT=found.port, SMTP_FROM="anchang@example.cn", SMTP_SECURITY="none"
        )
        yield found
    app.config.update(before)


@pytest.fixture
def group(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the platform was sent."""
    sent: list[str] = []

    def post(_address: str, body: bytes, _hosts: tuple[str, ...]) -> bytes:
        sent.append(body.decode())
        return b'{"errcode":0}'

    monkeypatch.setattr(outbound, "post", post)
    return sent


def wants(session: Any, cast: Cast, login: str, wish: Wish = Wish.DIGEST, **more: Any) -> None:
    """The person's settings: this wish for every kind."""
    wishes = {kind.value: wish.value for kind in NoticeKind}
    mine = NoticePreference(person_id=cast.person_ids[login], address=f"{login}@example.cn", wishes=wishes, **more)
    write(session, lambda: session.add(mine))


def robot(session: Any, cast: Cast, *kinds: NoticeKind, active: bool = True, project: str = "a") -> int:
    made = Robot(
        project_id=cast.project_ids[project], name="案场群", platform=Platform.WECOM, active=active, kinds=[k.value for k in kinds],
        address="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=top-secret",
    )  # fmt: skip
    with acting_as(SYSTEM):
        write(session, lambda: session.add(made))
        return made.id


def tell(session: Any, cast: Cast, *logins: str, **more: Any) -> None:
    """A notice full of personal data for these people."""
    words = {"title": f"客户「{NAME}」已分配给你", "body": f"{PHONE} {ID}", "project_id": cast.project_ids["a"], **more}
    write(session, lambda: notify(session, [cast.person_ids[login] for login in logins], **words))


def go(session: Any) -> list[Delivery]:
    """One round of the worker and the postman; what is in the outbox afterwards, oldest first."""
    with acting_as(SYSTEM):
        write(session, lambda: (reminding.tell_again(session), reminding.summarise(session), planning.plan(session)))
    sending.send_due(session)
    session.rollback()
    return list(session.scalars(select(Delivery).order_by(Delivery.id)))


@pytest.mark.parametrize(
    ("wish", "urgent", "moment", "state"),
    [
        (Wish.AT_ONCE, False, DAY, "sent"),
        (Wish.AT_ONCE, False, NIGHT, "queued"),
        (Wish.AT_ONCE, True, NIGHT, "sent"),
        (Wish.DIGEST, True, NIGHT, "sent"),
        (Wish.DIGEST, False, NIGHT, None),
        (Wish.NEVER, False, DAY, None),
        (Wish.NEVER, True, DAY, None),
    ],
)
def test_what_goes_out_when(session, cast, clock, box, wish, urgent, moment, state):
    clock(moment)
    wants(session, cast, "clerk", wish, digested_on=moment.date())
    tell(session, cast, "clerk", urgent=urgent)
    assert [row.state.value for row in go(session)] == ([state] if state else [])
    assert len(box.mails) == (state == "sent")


def test_what_was_held_comes_in_the_morning_unless_it_was_read(session, cast, clock, box):
    clock(NIGHT)
    for login in ("clerk", "supervisor"):
        wants(session, cast, login, Wish.AT_ONCE, digested_on=DAY.date() + timedelta(days=1))
        tell(session, cast, login)
    assert [row.not_before for row in go(session)] == [datetime(2026, 11, 25, 8, 30)] * 2
    clock(datetime(2026, 11, 25, 8, 29))
    assert {row.state.value for row in go(session)} == {"queued"}
    read = update(Notice).where(Notice.person_id == cast.person_ids["supervisor"]).values(read_at=now())
    write(session, lambda: session.execute(read))
    clock(datetime(2026, 11, 25, 8, 30))
    assert [row.state.value for row in go(session)] == ["sent", "dropped"]
    assert len(box.mails) == 1


def test_his_own_quiet_hours_stand_before_the_sites(session, cast, clock, box):
    hours = {"quiet_from": DAY.time(), "quiet_until": DAY.replace(hour=11).time()}
    wants(session, cast, "clerk", Wish.AT_ONCE, digested_on=DAY.date(), **hours)
    tell(session, cast, "clerk")
    assert [row.not_before for row in go(session)] == [DAY.replace(hour=11)]


def test_nothing_personal_leaves_the_house(session, cast, clock, box, group):
    wants(session, cast, "clerk", Wish.AT_ONCE, digested_on=None)
    robot(session, cast, *NoticeKind)
    for kind in NoticeKind:
        tell(session, cast, "clerk", kind=kind, url="/customer/show/7", urgent=kind is NoticeKind.ALARM)
    clock(datetime(2026, 11, 25, 8, 31))
    rows = go(session)
    assert len(rows) == 2 * len(NoticeKind) + 1, "each by mail and to the group, and one summary"
    mails = [f"{mail['Subject']} {mail.get_content()}" for mail in box.mails]
    assert len(mails) == len(NoticeKind) + 1
    assert len(group) == len(NoticeKind)
    logged = [f"{row.subject} {row.text} {row.answer}" for row in rows]
    for text in (*mails, *group, *logged):
        assert not [canary for canary in (NAME, PHONE, ID, "top-secret") if canary in text]
    approval = next(mail for mail in mails if mail.startswith("【案场管家】江畔云庐 · 审批 "))
    assert "/notices/" in approval


def test_a_group_hears_an_event_once_and_only_its_own_kinds_of_its_own_project(session, cast, clock, group):
    robot(session, cast, NoticeKind.APPROVAL)
    robot(session, cast, NoticeKind.APPROVAL, active=False)
    robot(session, cast, NoticeKind.APPROVAL, project="b")
    robot(session, cast, NoticeKind.TASK)
    tell(
        session,
        cast,
        "clerk",
        "supervisor",
        "site_manager",
        kind=NoticeKind.APPROVAL,
        outside="特殊折扣：待销售主管审批",
    )
    go(session)
    go(session)
    assert len(group) == 1
    assert "特殊折扣：待销售主管审批" in group[0]
    assert "编号 1" in group[0]


def test_no_robot_and_no_mail_server_mean_silence(session, cast, clock):
    wants(session, cast, "clerk", Wish.AT_ONCE)
    tell(session, cast, "clerk", urgent=True)
    assert go(session) == []
    assert session.scalars(select(Notice.planned_at)).one() == DAY, "switching mail on later brings no old news"


def test_an_urgent_notice_is_told_again_until_it_is_settled(session, cast, clock, box):
    wants(session, cast, "clerk", digested_on=DAY.date())
    tell(session, cast, "clerk", urgent=True, url="/approvals/1")
    counts = []
    for minutes in (0, 14, 15, 29, 30):
        clock(DAY + timedelta(minutes=minutes))
        go(session)
        counts.append(len(box.mails))
    assert counts == [1, 1, 2, 2, 3]
    assert [("再次提醒" in mail["Subject"]) for mail in box.mails] == [False, True, True]
    assert len({mail["Message-ID"] for mail in box.mails}) == 3
    write(session, lambda: answered(session, [cast.person_ids["clerk"]], "/approvals/1"))
    clock(DAY + timedelta(minutes=50))
    go(session)
    assert len(box.mails) == 3


def test_the_mail_box_is_not_filled_with_one_notice(session, cast, clock, box):
    """The bell goes on until it is read; by mail it comes once and four times more."""
    clock(DAY)
    wants(session, cast, "clerk", Wish.AT_ONCE, digested_on=DAY.date())
    tell(session, cast, "clerk", urgent=True)
    for quarter in range(10):
        clock(DAY + timedelta(minutes=15 * quarter + 1))
        go(session)
    assert len(box.mails) == 1 + planning.MAILED_AGAIN
    assert session.scalars(select(Notice.repeats)).one() == 9


def test_nobody_is_woken_again_at_night_but_in_the_morning(session, cast, clock, box):
    clock(NIGHT)
    wants(session, cast, "clerk", digested_on=DAY.date() + timedelta(days=1))
    tell(session, cast, "clerk", urgent=True)
    go(session)
    clock(NIGHT + timedelta(hours=2))
    go(session)
    assert len(box.mails) == 1
    clock(datetime(2026, 11, 25, 8, 30))
    go(session)
    assert len(box.mails) == 2


def test_one_summary_a_morning_of_what_waits(session, cast, clock, box):
    wants(session, cast, "clerk", digested_on=DAY.date())
    wants(session, cast, "supervisor", digested_on=DAY.date())
    for _ in range(3):
        tell(session, cast, "clerk", kind=NoticeKind.DUE)
    tell(session, cast, "clerk", kind=NoticeKind.APPROVAL)
    for moment in ((24, 23, 0), (25, 8, 29), (25, 8, 30), (25, 9, 0)):
        clock(datetime(2026, 11, *moment))
        go(session)
    assert len(box.mails) == 1, "the supervisor has nothing waiting and gets no mail"
    text = box.mails[0].get_content()
    assert "未读通知 4 条（审批 1、到期 3）" in text
    assert "clerk@example.cn" in box.recipients[0]


def test_a_refused_mail_is_tried_again_with_growing_pauses_and_then_told_to_the_administrator(
    session, cast, clock, box
):
    box.refusing = "451"
    wants(session, cast, "clerk", Wish.AT_ONCE, digested_on=DAY.date())
    tell(session, cast, "clerk")
    moment, pauses = DAY, []
    for _ in range(6):
        clock(moment)
        row = go(session)[0]
        pauses.append((row.not_before - moment) // timedelta(minutes=1))
        moment = max(row.not_before, moment)
    assert pauses[:5] == [1, 5, 30, 120, 360]
    row = session.scalars(select(Delivery)).first()
    assert (row.state, row.attempts) == (DeliveryState.FAILED, 6)
    assert row.answer == "邮件服务器拒收这个收件地址"
    assert len(session.scalars(select(DeliveryTry)).all()) == 6
    told = session.scalars(select(Notice).where(Notice.kind == NoticeKind.ALARM)).all()
    assert {notice.person_id for notice in told} == {cast.person_ids["admin"]}


def test_a_server_that_is_not_there_is_a_failure_not_an_error(session, cast, clock, box, app):
    app.config["SMTP_PORT"] = 1
    wants(session, cast, "clerk", Wish.AT_ONCE, digested_on=DAY.date())
    tell(session, cast, "clerk")
    row = go(session)[0]
    assert (row.state, row.attempts) == (DeliveryState.QUEUED, 1)
    assert "连不上" in row.answer


def test_killed_between_sending_and_noting_it_is_sent_again_with_the_same_id(session, cast, clock, box, monkeypatch):
    wants(session, cast, "clerk", Wish.AT_ONCE, digested_on=DAY.date())
    tell(session, cast, "clerk")

    class Killed(BaseException):
        """kill -9."""

    def killed(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_note", killed)
        with pytest.raises(Killed):
            go(session)
    session.rollback()
    assert session.scalars(select(Delivery.state)).one() is DeliveryState.SENDING
    assert write(session, lambda: sending.take_back_lost(session)) == 0, "this process still runs"
    monkeypatch.setattr(sending, "runner", lambda: "the next worker")
    with acting_as(SYSTEM):
        assert write(session, lambda: sending.take_back_lost(session)) == 1
    go(session)
    assert len(box.mails) == 2
    assert box.mails[0]["Message-ID"] == box.mails[1]["Message-ID"]
    assert session.scalars(select(Delivery.state)).one() is DeliveryState.SENT


def test_what_somebody_else_took_is_not_sent_twice(session, cast, clock, box):
    wants(session, cast, "clerk", Wish.AT_ONCE, digested_on=DAY.date())
    tell(session, cast, "clerk")
    with acting_as(SYSTEM):
        write(session, lambda: planning.plan(session))
        taken = session.scalars(select(Delivery.id)).one()
        session.rollback()
        assert sending.send_one(session, taken)
        assert not sending.send_one(session, taken)
    assert len(box.mails) == 1


def test_whoever_left_and_a_group_switched_off_hear_nothing_more(session, cast, clock, box, monkeypatch, group):
    wants(session, cast, "clerk", Wish.AT_ONCE, digested_on=DAY.date())
    robot_id = robot(session, cast, NoticeKind.NEWS)
    clock(NIGHT)
    tell(session, cast, "clerk")
    assert {row.state.value for row in go(session)} == {"queued"}
    with acting_as(SYSTEM):
        write(session, lambda: session.execute(update(Robot).where(Robot.id == robot_id).values(active=False)))
    monkeypatch.setattr(sending.site, "at_work", lambda _person: None)
    clock(DAY + timedelta(days=1))
    assert {row.state.value for row in go(session)} == {"dropped"}
    assert (box.mails, group) == ([], [])


def test_a_platform_that_refuses_is_tried_again(session, cast, clock, monkeypatch):
    def refused(*_: Any) -> bytes:
        raise Undelivered("对方 5 秒内没有回答")

    monkeypatch.setattr(outbound, "post", refused)
    robot(session, cast, NoticeKind.NEWS)
    tell(session, cast, "clerk")
    row = go(session)[0]
    assert (row.state, row.answer) == (DeliveryState.QUEUED, "对方 5 秒内没有回答")
    assert row.not_before == DAY + timedelta(minutes=1)


def test_the_log_is_kept_thirty_days(session, cast, clock, group):
    robot(session, cast, NoticeKind.NEWS)
    tell(session, cast, "clerk")
    assert len(go(session)) == 1
    clock(DAY + timedelta(days=29))
    assert write(session, lambda: sending.forget_old(session)) == 0
    clock(DAY + timedelta(days=31))
    assert write(session, lambda: sending.forget_old(session)) == 1
    assert session.scalars(select(DeliveryTry)).all() == []


def test_a_reader_of_english_gets_english(session, cast, clock, box):
    wants(session, cast, "clerk", Wish.AT_ONCE, digested_on=DAY.date())
    user_id = cast.actor("clerk").user_id
    write(session, lambda: setattr(security_of(session, user_id), "language", "en"))
    tell(session, cast, "clerk", kind=NoticeKind.APPROVAL, urgent=True)
    go(session)
    said = f"{box.mails[0]['Subject']}\n{box.mails[0].get_content()}".replace("江畔云庐", "")
    assert re.findall("[\u3400-\u9fff]+", said) == []


@pytest.mark.both_databases
def test_address_and_secret_are_not_readable_in_the_database(session, cast, clock, group):
    robot(session, cast, NoticeKind.NEWS)
    stored = session.connection().exec_driver_sql("SELECT address, secret FROM group_robot").one()
    assert b"top-secret" not in bytes(stored[0])
