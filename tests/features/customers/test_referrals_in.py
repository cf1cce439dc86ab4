"""Old ledgers of 老带新 and of 渠道公司 come in (issue 6 point 3)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.features.customers.channels.choices import ChannelState
from app.features.customers.channels.models import ChannelCompany
from app.features.customers.effects.progress import advance
from app.features.customers.referrals.models import Condition, Referral, ReferralState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.transactions import write
from tests.features.deals import orders
from tests.tables import bring, plain, table

HEADS = ["老业主", "被推荐人电话", "登记日期", "条件", "奖励", "奖励金额", "兑现日期", "领取人"]
OLD, NEW, THIRD = "10000001234", "10000005678", "10000009012"


@pytest.fixture
def pair(registered, session):
    """王伟 has signed, 李娜 is new, 陈静 too."""
    old, new, third = (
        registered("consultant1"),
        registered("consultant2", "李娜", NEW),
        registered("consultant1", "陈静", THIRD),
    )
    moved(session, old, "reserve", "sign")
    return old, new, third


def moved(session, customer, *names: str) -> None:
    for name in names:
        with acting_as(SYSTEM):
            write(session, lambda n=name: advance(session, customer.id, n, SYSTEM))


def rows(cast, model):
    cast.session.rollback()
    with acting_as(SYSTEM):
        return list(cast.session.scalars(select(model).order_by(model.id)))


def today(days: int = 0) -> str:
    return (now().date() + timedelta(days=days)).isoformat()


def test_who_has_bought_since_comes_in_as_earned_and_the_rest_waits(cast, client_as, pair, session):
    _old, new, _third = pair
    moved(session, new, "reserve")
    data = table(
        HEADS, ["王伟", NEW, today(-3), "认购", "一年物业费", "2,400", "", ""], [OLD, THIRD, "", "签约", "购物卡", "0.1万", "", ""],
    )  # fmt: skip
    way = bring(client_as("supervisor"), "referral", data, "老带新台账.xlsx").check()
    assert "2 行新增" in plain(way.preview), plain(way.preview)
    assert way.confirm().status_code == 302
    first, second = rows(cast, Referral)
    assert (first.state, first.condition, first.amount, first.earned_on) == (
        ReferralState.EARNED, Condition.RESERVED, Decimal(2400), now().date(),
    )  # fmt: skip
    assert (first.owner_id, first.customer_name, first.number[:3]) == (cast.person_ids["consultant2"], "李娜", "LD-")
    assert (second.state, second.condition, second.referrer_name) == (ReferralState.WAITING, Condition.SIGNED, "王伟")
    again = bring(client_as("supervisor"), "referral", data, "老带新台账.xlsx").check()
    assert "0 行新增，2 条已存在且一致" in plain(again.preview), plain(again.preview)
    approved = orders.step(cast, first, "approve", "site_manager")
    assert approved.state is ReferralState.APPROVED


def test_what_was_handed_out_is_brought_in_by_who_approves_it(cast, client_as, pair, session):
    _old, new, _third = pair
    moved(session, new, "reserve", "sign")
    data = table(HEADS, [OLD, NEW, today(-1), "签约", "一年物业费", "", today(), "本人签收"])
    way = bring(client_as("supervisor"), "referral", data).check()
    assert "已兑现的由案场经理导入" in plain(way.preview), plain(way.preview)
    assert bring(client_as("site_manager"), "referral", data).check().confirm().status_code == 302
    (paper,) = rows(cast, Referral)
    assert (paper.state, paper.paid_on, paper.paid_how) == (ReferralState.PAID, now().date(), "本人签收")
    assert client_as("consultant1").get("/import/referral").status_code == 403


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["李娜", OLD, "", "", "卡", "", "", ""], "还没有认购"),
        ([OLD, OLD, "", "", "卡", "", "", ""], "不能是同一位"),
        ([OLD, "10000000001", "", "", "卡", "", "", ""], "系统里没有找到"),
        ([OLD, NEW, "2099-01-01", "", "卡", "", "", ""], "登记日期不能晚于今天"),
        ([OLD, NEW, "", "", "", "", "", ""], "奖励内容"),
        ([OLD, NEW, "", "", "卡", "0", "", ""], "大于 0"),
        ([OLD, NEW, "", "", "卡", "", today(), "签收"], "没有达到奖励条件"),
        ([OLD, NEW, "", "", "卡", "", "", "签收"], "请同时填兑现日"),
    ],
)
def test_a_row_that_cannot_be_is_named_and_nothing_is_written(cast, client_as, pair, row, words):
    good = [OLD, THIRD, "", "签约", "购物卡", "", "", ""]
    way = bring(client_as("site_manager"), "referral", table(HEADS, good, row)).check()
    assert words in plain(way.preview), plain(way.preview)
    way.confirm()
    assert rows(cast, Referral) == []


def test_after_the_deal_nobody_is_brought_without_an_earlier_day(cast, client_as, pair, session):
    moved(session, pair[1], "reserve")
    for told in ("", today(1)):
        way = bring(client_as("site_manager"), "referral", table(HEADS, [OLD, NEW, told, "", "卡", "", "", ""])).check()
        assert "老带新须在认购前登记" in plain(way.preview) or "不能晚于今天" in plain(way.preview), plain(way.preview)


def test_one_new_customer_was_brought_by_one_person(cast, client_as, pair, session):
    old, _new, third = pair
    moved(session, third, "reserve")
    bring(client_as("supervisor"), "referral", table(HEADS, [OLD, NEW, "", "", "卡", "", "", ""])).check().confirm()
    way = bring(client_as("supervisor"), "referral", table(HEADS, [THIRD, NEW, "", "", "卡", "", "", ""])).check()
    assert f"新客户已登记由「{old.name}」推荐" in plain(way.preview), plain(way.preview)


COMPANY = ["公司名称", "对接人", "电话", "协议编号", "合作期限", "佣金标准"]


def test_channel_companies_come_in_by_name(cast, client_as):
    data = table(
        COMPANY, ["安家经纪", "刘洋", "02788880001", "QD-01", "2027.3.31", "1.2 %"], ["居易网", "", "", "", "", ""]
    )
    way = bring(client_as("channel_officer"), "channel-company", data).check()
    assert "2 行新增" in plain(way.preview), plain(way.preview)
    way.confirm()
    first, _second = rows(cast, ChannelCompany)
    assert (first.name, first.phone, first.until) == ("安家经纪", "02788880001", date(2027, 3, 31))
    again = bring(client_as("channel_officer"), "channel-company", data).check()
    assert "0 行新增，2 条已存在且一致" in plain(again.preview), plain(again.preview)
    changed = table(COMPANY, ["安家经纪", "", "", "", "2028-3-31", ""])
    way = bring(client_as("supervisor"), "channel-company", changed).check()
    assert "1 条更新" in plain(way.preview), plain(way.preview)
    way.confirm()
    first = rows(cast, ChannelCompany)[0]
    assert (first.until, first.contact) == (date(2028, 3, 31), "刘洋")


def test_a_stopped_company_is_not_changed_by_a_table(cast, client_as):
    bring(
        client_as("supervisor"), "channel-company", table(COMPANY, ["安家经纪", "", "", "", "", ""])
    ).check().confirm()
    (company,) = rows(cast, ChannelCompany)
    stopped = orders.step(cast, company, "stop", "supervisor", note="合同到期")
    assert stopped.state is ChannelState.STOPPED
    way = bring(
        client_as("supervisor"), "channel-company", table(COMPANY, ["安家经纪", "新人", "", "", "", ""])
    ).check()
    assert "1 条更新" not in plain(way.preview), plain(way.preview)
    way.confirm()
    assert rows(cast, ChannelCompany)[0].contact is None
