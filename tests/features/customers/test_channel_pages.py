"""渠道报备 and 老带新 through the pages and from a channel's table: who sees what, what is refused in which words, once only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.features.customers.channels.choices import ReportState, Verdict
from app.features.customers.channels.models import ChannelCompany, ChannelReport
from app.features.customers.choices import Source
from app.features.customers.effects import advance
from app.features.customers.referrals.models import Referral, ReferralState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import clock, now
from app.kernel.transactions import write
from tests.factories import saved
from tests.tables import bring, plain, table

HEAD = ["渠道名称", "业务员", "经纪人手机", "客户姓名", "联系电话", "报备日期", "说明"]
NUMBER, HIDDEN = "10000001234", "100****1234"
AT = (now() - timedelta(hours=2)).replace(second=0)
TYPED = {"broker": "赵强", "called": "王先生", "phone": HIDDEN, "reported_at": f"{AT:%Y-%m-%dT%H:%M}"}


@pytest.fixture
def house(cast) -> ChannelCompany:
    return saved(cast.session, ChannelCompany(project_id=cast.project_ids["a"], name="安家经纪"))


def all_of(session, model):
    with acting_as(SYSTEM):
        session.rollback()
        return list(session.scalars(select(model).order_by(model.id)))


def row(**changes: str) -> list[str]:
    usual = dict(
        zip(HEAD, ["安家经纪", "赵强", "10000007777", "王先生", HIDDEN, f"{AT:%Y-%m-%d %H:%M}", "看三房"], strict=True)
    )
    return list((usual | changes).values())


# ── from a table ────────────────────────────────────────────
def test_a_channels_table_becomes_reports_with_proposals(house, registered, client_as, session):
    registered("consultant1", "李娜", "10000005678")
    rows = [
        row(),
        row(客户姓名="李女士", 联系电话="１００-0000-5678"),
        row(客户姓名="赵女士", 联系电话="100 0000 9012", 经纪人手机=""),
    ]
    way = bring(client_as("channel_officer"), "channel-report", table(["渠道报备表"], HEAD, *rows)).check()
    assert "3 行新增" in plain(way.preview), plain(way.preview)
    assert way.confirm().status_code == 302
    made = all_of(session, ChannelReport)
    assert [(r.called, r.proposal, r.state) for r in made] == [
        ("王先生", Verdict.VALID, ReportState.PENDING), ("李女士", Verdict.NATURAL, ReportState.PENDING),
        ("赵女士", Verdict.VALID, ReportState.PENDING),
    ]  # fmt: skip
    assert [r.phone for r in made] == [HIDDEN, "10000005678", "10000009012"]
    assert made[0].broker_phone == "10000007777" and made[0].reported_at == AT and len({r.number for r in made}) == 3


def test_the_same_table_twice_makes_nothing_twice(house, client_as, session):
    officer = client_as("channel_officer")
    data = table(HEAD, row(), row(客户姓名="赵女士", 联系电话="10000009012"))
    assert bring(officer, "channel-report", data).check().confirm().status_code == 302
    again = bring(officer, "channel-report", data).check()
    assert "0 行新增，2 条已存在且一致" in plain(again.preview), plain(again.preview)
    assert len(all_of(session, ChannelReport)) == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"联系电话": "100***234"}, "隐号请写成前三位加后四位"),
        ({"联系电话": "12345"}, "不是有效的电话号码"),
        ({"联系电话": ""}, "不能为空"),
        ({"客户姓名": ""}, "不能为空"),
        ({"客户姓名": "王10000001234"}, "客户姓氏"),
        ({"渠道名称": "没有这家"}, "没有这家"),
        ({"报备日期": "2099-1-1"}, "不能晚于现在"),
        ({"报备日期": "昨天"}, "昨天"),
    ],
)
def test_a_bad_row_says_what_to_do_and_nothing_is_written(house, client_as, session, changes, words):
    way = bring(client_as("channel_officer"), "channel-report", table(HEAD, row(), row(**changes))).check()
    said = plain(way.preview)
    if way.status == 200 and "行新增" in said and words not in said:
        assert way.confirm().status_code == 422, said
    else:
        assert words in said, said
        assert way.confirm().status_code == 422
    assert all_of(session, ChannelReport) == []


def test_consultants_bring_no_tables(house, client_as):
    assert client_as("consultant1").get("/import/channel-report").status_code == 403


# ── 渠道报备 through the pages ────────────────────────────────
def test_a_report_is_written_judged_and_shown_with_a_hidden_number(house, client_as, session):
    officer, boss = client_as("channel_officer"), client_as("supervisor")
    page = officer.get("/channel-report/add").get_data(as_text=True)
    assert "安家经纪" in page and "隐号 138****8888" in page
    done = officer.post("/channel-report/add", data=TYPED | {"channel_id": str(house.id), "phone": NUMBER})
    assert done.status_code == 302
    (made,) = all_of(session, ChannelReport)
    shown = boss.get(f"/channel-report/show/{made.id}").get_data(as_text=True)
    assert "系统建议「有效」" in shown and "判有效" in shown and NUMBER not in shown and HIDDEN in shown
    assert NUMBER not in boss.get("/channel-report/list/").get_data(as_text=True)
    assert "1 份渠道报备待判" in boss.get("/").get_data(as_text=True)
    assert boss.post(f"/channel-report/step/accept/{made.id}", data={"_version": str(made.version)}).status_code == 302
    assert all_of(session, ChannelReport)[0].state is ReportState.VALID
    assert "前带看" in officer.get(f"/channel-report/show/{made.id}").get_data(as_text=True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"phone": "100***234"}, "隐号请写成前三位加后四位"), ({"called": ""}, "请填写客户称呼"), ({"broker": ""}, "请填写经纪人"),
        ({"channel_id": "999"}, "没有找到所选的渠道公司"), ({"reported_at": "2099-01-01T10:00"}, "报备时间不能晚于现在"),
    ],
)  # fmt: skip
def test_what_a_form_refuses_keeps_what_was_typed(house, client_as, session, changes, words):
    answer = client_as("channel_officer").post(
        "/channel-report/add", data=TYPED | {"channel_id": str(house.id), "remark": "周末来"} | changes
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and words in page and "周末来" in page, plain(page)
    assert all_of(session, ChannelReport) == []


def test_a_stopped_company_reports_nobody(house, client_as, session):
    boss = client_as("supervisor")
    stopped = boss.post(
        f"/channel-company/step/stop/{house.id}", data={"note": "协议到期", "_version": str(house.version)}
    )
    assert stopped.status_code == 302
    answer = client_as("channel_officer").post("/channel-report/add", data=TYPED | {"channel_id": str(house.id)})
    assert answer.status_code == 422 and "已停止合作" in answer.get_data(as_text=True)


def test_reports_are_their_writers_and_the_chains(house, client_as, session):
    client_as("consultant1").post("/channel-report/add", data=TYPED | {"channel_id": str(house.id)})
    (made,) = all_of(session, ChannelReport)
    url = f"/channel-report/show/{made.id}"
    assert client_as("consultant1").get(url).status_code == 200
    for login in ("consultant2", "other_supervisor"):
        assert client_as(login).get(url).status_code == 404, login
    for login in ("clerk", "developer_marketing", "finance"):
        assert client_as(login).get(url).status_code in (403, 404), login
    for login in ("supervisor", "site_manager", "auditor"):
        assert client_as(login).get(url).status_code == 200, login
    assert client_as("supervisor").get("/channel-report/list/export").status_code == 200
    assert client_as("channel_officer").get("/channel-report/list/export").status_code == 403


# ── 老带新 through the pages ──────────────────────────────────
def test_who_says_that_somebody_brought_him_leads_to_the_paper(cast, registered, client_as, session):
    old, new = registered("consultant1"), registered("consultant1", "李娜", "10000005678", source=Source.REFERRAL)
    mine, link = client_as("consultant1"), f'href="/referral/add?customer_id={new.id}"'
    assert link in mine.get(f"/customer/show/{new.id}").get_data(as_text=True)
    assert "/referral/add?" not in mine.get(f"/customer/show/{old.id}").get_data(as_text=True)
    assert link not in client_as("clerk").get(f"/customer/show/{new.id}").get_data(as_text=True)
    assert "李娜" in mine.get(f"/referral/add?customer_id={new.id}").get_data(as_text=True)
    with acting_as(SYSTEM):
        write(session, lambda: advance(session, old.id, "reserve", SYSTEM))
    told = {"referrer_id": str(old.id), "customer_id": str(new.id), "condition": "sign", "reward": "购物卡"}
    assert mine.post("/referral/add", data=told).status_code == 302
    assert link not in mine.get(f"/customer/show/{new.id}").get_data(as_text=True)


def test_a_referral_goes_from_the_form_to_the_reward(cast, registered, client_as, session):
    old, new = registered("consultant1"), registered("consultant1", "李娜", "10000005678")
    mine = client_as("consultant1")
    typed = {
        "referrer_id": str(old.id),
        "customer_id": str(new.id),
        "condition": "reserve",
        "reward": "一年物业费",
        "amount": "3,000",
    }
    refused = mine.post("/referral/add", data=typed)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422 and "还没有认购，不能作为推荐人" in page and "一年物业费" in page

    def progress(customer, name):
        with acting_as(SYSTEM):
            write(session, lambda: advance(session, customer.id, name, SYSTEM))

    progress(old, "reserve")
    assert mine.post("/referral/add", data=typed).status_code == 302
    twice = mine.post("/referral/add", data=typed)
    assert twice.status_code in (409, 422) and len(all_of(session, Referral)) == 1
    (made,) = all_of(session, Referral)
    assert "老带新" in mine.get(f"/customer/show/{old.id}").get_data(as_text=True)
    for login in ("consultant2", "other_consultant"):
        assert client_as(login).get(f"/referral/show/{made.id}").status_code == 404, login
    progress(new, "reserve")
    manager, clerk = client_as("site_manager"), client_as("clerk")
    assert "已达到条件" in manager.get("/referral/list/?chip=approve").get_data(as_text=True)
    version = str(all_of(session, Referral)[0].version)
    assert mine.post(f"/referral/step/approve/{made.id}", data={"_version": version}).status_code == 403
    assert manager.post(f"/referral/step/approve/{made.id}", data={"_version": version}).status_code == 302
    paid = clerk.post(
        f"/referral/step/pay/{made.id}", data={"paid_on": now().date().isoformat(), "paid_how": "本人签收"}
    )
    assert paid.status_code == 302 and all_of(session, Referral)[0].state is ReferralState.PAID
    shown = clerk.get(f"/referral/show/{made.id}").get_data(as_text=True)
    assert "本人签收" in shown and "3,000.00" in shown


def test_who_came_first_was_not_brought(cast, registered, client_as, session):
    first, moment = registered("consultant1"), now() + timedelta(minutes=1)
    token = clock.set(lambda: moment)
    try:
        later = registered("consultant1", "李娜", "10000005678")
    finally:
        clock.reset(token)
    with acting_as(SYSTEM):
        write(session, lambda: advance(session, later.id, "reserve", SYSTEM))
    answer = client_as("consultant1").post(
        "/referral/add",
        data={"referrer_id": str(later.id), "customer_id": str(first.id), "condition": "sign", "reward": "购物卡"},
    )
    assert answer.status_code == 422 and all_of(session, Referral) == []
