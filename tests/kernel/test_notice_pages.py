"""Pages of 通知, 我的提醒设置 and 邮件与群机器人: one's own, the administrator's, and nothing that leads nowhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.kernel.notices import Notice, NoticeKind, notify
from app.kernel.notices.preferences import NoticePreference, Wish
from app.kernel.outbox import outbound
from app.kernel.outbox.outbound import Undelivered
from app.kernel.outbox.records import Delivery, DeliveryState, DeliveryTry, Robot
from app.kernel.transactions import write
from tests.cast import Cast

Clients = Callable[[str], FlaskClient]
ADDRESS = "https://oapi.dingtalk.com/robot/send?access_token=top-secret"
FORM = {"project_id": "1", "name": "案场群", "platform": "dingtalk", "address": ADDRESS, "secret": "SEC-key", "kinds": ["approval"]}  # fmt: skip
WISHES = {f"wish_{kind.value}": "digest" for kind in NoticeKind}


def told(session: Any, cast: Cast, login: str, title: str, **more: Any) -> int:
    write(session, lambda: notify(session, [cast.person_ids[login]], title, **more))
    return session.scalars(select(Notice.id).where(Notice.title == title)).one()


def page_of(client: FlaskClient, address: str) -> str:
    return client.get(address).get_data(as_text=True)


def test_one_kind_at_a_time(session: Any, cast: Cast, client_as: Clients) -> None:
    told(session, cast, "clerk", "价目表今起生效", kind=NoticeKind.NEWS)
    told(session, cast, "clerk", "待你审批", kind=NoticeKind.APPROVAL)
    clerk = client_as("clerk")
    shown = page_of(clerk, "/notices?kind=approval")
    assert "待你审批" in shown
    assert "价目表今起生效" not in shown
    assert "价目表今起生效" in page_of(clerk, "/notices?kind=nonsense")


def test_one_is_marked_without_opening_it(session: Any, cast: Cast, client_as: Clients) -> None:
    kept, done = (told(session, cast, "clerk", title, url="/board") for title in ("第一条", "第二条"))
    answer = client_as("clerk").post("/notices/read", data={"id": str(done), "next": "/notices?unread=1"})
    assert answer.headers["Location"] == "/notices?unread=1"
    session.rollback()
    assert list(session.scalars(select(Notice.id).where(Notice.read_at.is_(None)))) == [kept]


@pytest.mark.parametrize("url", ["/parameters/", "/approvals/99", "/reservation/show/99", "/nowhere", "//evil.cn", "/notice-channels/log"])  # fmt: skip
def test_what_may_not_be_read_is_no_link(session: Any, cast: Cast, client_as: Clients, url: str) -> None:
    number = told(session, cast, "consultant1", "看不到的内容", url=url)
    client = client_as("consultant1")
    shown = page_of(client, "/notices")
    assert "看不到的内容" in shown
    assert f'/notices/{number}"' not in shown
    assert client.post(f"/notices/{number}").headers["Location"] == "/notices"


def test_a_person_sets_where_his_mail_goes(session: Any, cast: Cast, client_as: Clients) -> None:
    clerk = client_as("clerk")
    assert "21:00" in page_of(clerk, "/notices/settings")
    given = {
        **WISHES,
        "wish_approval": "at_once",
        "address": "fang@example.cn",
        "quiet_from": "20:00",
        "quiet_until": "9:00",
    }
    assert clerk.post("/notices/settings", data=given).status_code == 302
    session.rollback()
    mine = session.scalars(select(NoticePreference)).one()
    assert (mine.person_id, mine.address) == (cast.person_ids["clerk"], "fang@example.cn")
    assert (mine.wish(NoticeKind.APPROVAL), mine.wish(NoticeKind.TASK)) == (Wish.AT_ONCE, Wish.DIGEST)
    assert (f"{mine.quiet_from:%H:%M}", f"{mine.quiet_until:%H:%M}") == ("20:00", "09:00")
    assert "fang@example.cn" in page_of(clerk, "/notices/settings")
    assert "fang@example.cn" not in page_of(client_as("supervisor"), "/notices/settings")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"address": "fang"}, "收件地址不对"),
        ({"address": "a@b.cn, c@d.cn"}, "收件地址不对"),
        ({"address": "a@b.cn\r\nBcc: c@d.cn"}, "收件地址不对"),
        ({"quiet_from": "25:00", "quiet_until": "08:00"}, "免打扰开始应为时刻"),
        ({"quiet_from": "21:00"}, "请都填"),
        ({"wish_due": "often"}, "请从列表中选择"),
    ],
)
def test_wrong_settings_are_given_back(session: Any, client_as: Clients, wrong: dict[str, str], words: str) -> None:
    given = {**WISHES, "address": "", "quiet_from": "", "quiet_until": "", **wrong}
    answer = client_as("clerk").post("/notices/settings", data=given)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert session.scalars(select(NoticePreference)).all() == []


def test_a_test_mail_waits_for_the_postman_once_a_minute(
    session: Any, cast: Cast, client_as: Clients, app: Any
) -> None:
    clerk = client_as("clerk")
    assert clerk.post("/notices/settings/test").status_code == 422, "mail is off"
    app.config["SMTP_HOST"] = "127.0.0.1"
    try:
        clerk.post("/notices/settings", data={**WISHES, "address": "fang@example.cn"})
        assert clerk.post("/notices/settings/test").status_code == 302
        assert clerk.post("/notices/settings/test").status_code == 422
    finally:
        app.config["SMTP_HOST"] = ""
    session.rollback()
    assert session.scalars(select(Delivery.person_id)).all() == [cast.person_ids["clerk"]]


def made(session: Any, admin: FlaskClient) -> Robot:
    answer = admin.post("/notice-channels/robots/add", data=FORM)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    session.rollback()
    return session.scalars(select(Robot)).one()


def test_the_administrator_keeps_a_robot_and_sees_its_secrets_no_more(
    session: Any, cast: Cast, client_as: Clients
) -> None:
    admin = client_as("admin")
    robot = made(session, admin)
    assert not robot.active, "off by default"
    pages = [page_of(admin, address) for address in ("/notice-channels", f"/notice-channels/robots/{robot.id}")]
    assert not [1 for page in pages for secret in ("top-secret", "SEC-key") if secret in page]
    changed = {**FORM, "name": "管理群", "address": "", "secret": ""}
    assert admin.post(f"/notice-channels/robots/{robot.id}", data=changed).status_code == 302
    session.rollback()
    kept = session.scalars(select(Robot)).one()
    assert (kept.name, kept.address, kept.secret) == ("管理群", ADDRESS, "SEC-key")


def test_another_platform_takes_no_address_of_the_old_one(session: Any, client_as: Clients) -> None:
    admin = client_as("admin")
    robot = made(session, admin)
    answer = admin.post(f"/notice-channels/robots/{robot.id}", data={**FORM, "platform": "feishu", "address": ""})
    assert answer.status_code == 422
    session.rollback()
    assert session.scalars(select(Robot.platform)).one().value == "dingtalk"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"address": "http://oapi.dingtalk.com/robot/send"}, "https://"),
        ({"address": "https://10.0.0.1/robot/send"}, "只能填写"),
        ({"address": "", "secret": "x"}, "请填写 Webhook 地址"),
        ({"secret": ""}, "加签"),
        ({"kinds": []}, "请至少选一类"),
        ({"project_id": "99"}, "请从列表中选择"),
    ],
)
def test_a_wrong_robot_is_given_back_without_its_secret(
    session: Any, client_as: Clients, wrong: dict[str, Any], words: str
) -> None:
    answer = client_as("admin").post("/notice-channels/robots/add", data={**FORM, **wrong})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in page
    assert "SEC-key" not in page
    assert session.scalars(select(Robot)).all() == []


def test_the_test_message_tells_what_the_platform_said(
    session: Any, client_as: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = client_as("admin")
    robot = made(session, admin)
    monkeypatch.setattr(outbound, "post", lambda *_: b'{"errcode":0}')
    assert "测试消息已发出" in admin.post(f"/notice-channels/robots/{robot.id}/test", follow_redirects=True).get_data(
        as_text=True
    )

    def refused(*_: Any) -> bytes:
        raise Undelivered("对方服务器解析到内网地址，已拒绝")

    monkeypatch.setattr(outbound, "post", refused)
    page = admin.post(f"/notice-channels/robots/{robot.id}/test", follow_redirects=True).get_data(as_text=True)
    assert "测试消息没有发出：对方服务器解析到内网地址，已拒绝" in page
    session.rollback()
    assert [row.sent for row in session.scalars(select(DeliveryTry).order_by(DeliveryTry.id))] == [True, False]
    assert "已拒绝" in page_of(admin, "/notice-channels/log?failed=1")


def test_on_off_away(session: Any, client_as: Clients) -> None:
    admin = client_as("admin")
    robot = made(session, admin)
    for on in (True, False):
        admin.post(f"/notice-channels/robots/{robot.id}/switch")
        session.rollback()
        assert session.scalars(select(Robot.active)).one() is on
    admin.post(f"/notice-channels/robots/{robot.id}/remove")
    session.rollback()
    assert session.scalars(select(Robot)).all() == []


def test_what_was_given_up_is_sent_again_by_hand(session: Any, client_as: Clients) -> None:
    row = Delivery(
        mark="mail-1-0", channel="mail", subject="【案场管家】审批", text="x", state=DeliveryState.FAILED, attempts=6
    )
    write(session, lambda: session.add(row))
    number, admin = row.id, client_as("admin")
    assert "重发" in page_of(admin, "/notice-channels/log")
    assert admin.post(f"/notice-channels/log/{number}/again").status_code == 302
    session.rollback()
    assert session.get(Delivery, number).state is DeliveryState.QUEUED
    assert admin.post(f"/notice-channels/log/{number}/again").status_code == 422


def test_nobody_else_opens_the_administrators_pages(client_as: Clients) -> None:
    for login in ("sales_admin", "site_manager", "auditor", "clerk"):
        assert client_as(login).get("/notice-channels").status_code in (302, 403, 404), login
