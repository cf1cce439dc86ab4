"""Customers, visits and follow-ups from tables: yes or no about foreign numbers, late entries by the supervisor, once only."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.features.customers.choices import ContactKind, Grade, Source
from app.features.customers.models import Contact, Customer, FollowUp
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from tests.features.customers.conftest import numbers_of
from tests.tables import bring, plain, table

YESTERDAY = (now() - timedelta(days=3)).strftime("%Y-%m-%d")
HEAD = ["客户姓名", "联系电话", "客户来源", "意向级别", "置业顾问", "来访日期", "性别", "意向总价段"]


def all_of(session, model):
    with acting_as(SYSTEM):
        session.rollback()
        return list(session.scalars(select(model).order_by(model.id)))


def test_a_legacy_list_becomes_customers_of_their_consultants(cast, client_as, session):
    rows = [
        ["王伟", "100 0000 1234、021-62345678", "中介", "A", "林晓", YESTERDAY, "男", ""],
        ["李秀英", "10000001235", "老带新", "b", "何涛", YESTERDAY, "女", ""],
    ]
    way = bring(client_as("supervisor"), "customer", table(["江畔云庐客户登记表"], HEAD, *rows)).check()
    assert "2 行新增" in plain(way.preview), plain(way.preview)
    assert "100****5678" in way.preview
    assert "10000001235" not in way.preview
    assert way.confirm().status_code == 302
    first, second = all_of(session, Customer)
    assert (first.name, first.source, first.grade) == ("王伟", Source.CHANNEL, Grade.A)
    assert (first.owner_id, second.owner_id) == (cast.person_ids["consultant1"], cast.person_ids["consultant2"])
    assert numbers_of(first) == ["10000001234", "02162345678"]
    assert first.first_at.strftime("%Y-%m-%d") == YESTERDAY
    assert [c.entered_late for c in all_of(session, Contact)] == [True, True]
    again = bring(client_as("supervisor"), "customer", table(HEAD, *rows)).check()
    assert "0 行新增，2 条已存在且一致" in plain(again.preview)


def test_what_the_old_list_knows_of_a_person_comes_along(client_as, session):
    head = [*HEAD, "户籍", "居住状况", "生日", "推荐人"]
    row = ["王伟", "10000001234", "路过", "A", "林晓", YESTERDAY, "男", "", "本市", "租房", "1990.5.1", "赵敏"]
    bring(client_as("supervisor"), "customer", table(head, row)).check().confirm()
    (one,) = all_of(session, Customer)
    assert (one.register.label, one.housing.label, str(one.birthday), one.referrer) == (
        "本市",
        "租房",
        "1990-05-01",
        "赵敏",
    )


def test_what_was_said_at_the_visit_comes_along(client_as, session):
    head = ["来访日期", "类型", "姓名", "联系电话", "途径", "接待人", "同行人", "竞品提及", "认可点"]
    row = [YESTERDAY, "首访", "王伟", "10000001234", "路过", "林晓", "配偶", "云杉府、湖畔里", "江景"]
    way = bring(client_as("supervisor"), "contact", table(head, row)).check()
    assert "1 行新增" in plain(way.preview), plain(way.preview)
    way.confirm()
    (visit,) = all_of(session, Contact)
    assert (visit.companions, visit.rivals, visit.liked) == ("配偶", "云杉府、湖畔里", "江景")


def test_a_number_of_somebody_else_is_told_by_yes_or_no_only(registered, client_as, session):
    registered("consultant2", "赵敏", "10000001236")
    way = bring(
        client_as("supervisor2"), "customer", table(HEAD, ["钱多", "10000001236", "路过", "C", "何涛", "", "", ""])
    ).check()
    assert "已存在但内容不同" in plain(way.preview), "a supervisor of that team sees him"
    registered("consultant1", "孙丽", "10000001237")
    way = bring(
        client_as("supervisor2"), "customer", table(HEAD, ["钱多", "10000001237", "路过", "C", "何涛", "", "", ""])
    ).check()
    said = plain(way.preview)
    assert "该号码已登记，请找主管判客" in said
    assert "孙丽" not in said
    assert "林晓" not in said


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["王伟", 10000001234.0, "路过", "A", "林晓", "", "", ""], "存成了数字格式"),
        (["王伟", "1.0E+10", "路过", "A", "林晓", "", "", ""], "科学计数"),
        (["王伟", "11111111111", "路过", "A", "林晓", "", "", ""], "不像真实号码"),
        (["王伟", "12345", "路过", "A", "林晓", "", "", ""], "不是有效的电话号码"),
        (["", "10000001234", "路过", "A", "林晓", "", "", ""], "不能为空"),
        (["王伟13800001111", "10000001234", "路过", "A", "林晓", "", "", ""], "姓名里不要写号码"),
        (["王伟", "10000001234", "飞来", "A", "林晓", "", "", ""], "没有“飞来”这一项"),
        (["王伟", "10000001234", "路过", "E", "林晓", "", "", ""], "没有“E”这一项"),
        (["王伟", "10000001234", "路过", "A", "没这人", "", "", ""], "没有这位同事"),
        (["王伟", "10000001234", "路过", "A", "方芳", "", "", ""], "在岗的置业顾问"),
        (["王伟", "10000001234", "路过", "A", "林晓", "2099-1-1", "", ""], "不能晚于现在"),
        (["王伟", "10000001234", "路过", "A", "林晓", YESTERDAY, "", ""], "请销售主管补录"),
        (["王伟", "10000001234", "路过", "A", "林晓", "", "保密", ""], "请填：男、女"),
        (["王" * 65, "10000001234", "路过", "A", "林晓", "", "", ""], "最多 64 个字"),
    ],
)
def test_bad_rows_say_what_to_do(cast, client_as, session, row, words):
    way = bring(client_as("clerk"), "customer", table(HEAD, row)).check()
    assert words in plain(way.preview), plain(way.preview)
    assert way.confirm().status_code == 422
    assert all_of(session, Customer) == []


def test_a_visitors_list_knows_who_comes_again_who_is_new_and_who_left_no_number(cast, registered, client_as, session):
    registered("consultant1", "王伟", "10000001234")
    day = now() - timedelta(days=1)
    at = [day.replace(hour=h, minute=5, second=0).strftime("%Y/%m/%d %H:%M") for h in (9, 10, 11)]
    head = ["来访时间", "方式", "姓名", "手机号码", "未留电原因", "渠道", "接待顾问", "人数", "需求"]
    rows = [
        [at[0], "来访", "王伟", "10000001234", "", "路过", "林晓", "2", "看三房"],
        [at[1], "来访", "刘洋", "10000001240", "", "短视频", "何涛", "", ""],
        [at[2], "来访", "张先生", "", "随便看看", "路过", "何涛", "1", ""],
    ]
    supervisor = client_as("supervisor")
    way = bring(supervisor, "contact", table(head, *rows)).check()
    assert "3 行新增" in plain(way.preview), plain(way.preview)
    assert way.confirm().status_code == 302
    contacts = {
        c.called or c.customer_id: c
        for c in all_of(session, Contact)
        if c.needs == "看三房" or c.at > day - timedelta(days=1)
    }
    assert len(contacts) >= 3
    assert contacts["张先生"].customer_id is None
    assert contacts[1].kind is ContactKind.FIRST_VISIT or contacts[1].kind is ContactKind.REVISIT
    assert sorted(c.name for c in all_of(session, Customer)) == ["刘洋", "王伟"]
    again = bring(supervisor, "contact", table(head, *rows)).check()
    assert "0 行新增，3 条已存在且一致" in plain(again.preview), plain(again.preview)


def test_follow_ups_go_the_way_of_the_step(cast, registered, client_as, session):
    registered("consultant1", "王伟", "10000001234")
    registered("consultant2", "赵敏", "10000001236")
    at = (now() - timedelta(minutes=5)).strftime("%Y-%m-%d %H:%M")
    head = ["客户姓名", "跟进时间", "跟进方式", "跟进结果", "跟进内容", "意向等级"]
    rows = [["10000001234", at, "电话", "有效", "约周六复访", "B"], ["王伟", at, "微信", "无人接", "未回", ""]]
    mine = client_as("consultant1")
    way = bring(mine, "follow-up", table(head, *rows)).check()
    assert "2 行新增" in plain(way.preview), plain(way.preview)
    assert way.confirm().status_code == 302
    made = all_of(session, FollowUp)
    assert [(f.valid, f.grade_after, f.by_id) for f in made] == [
        (True, Grade.B, cast.person_ids["consultant1"]), (False, Grade.B, cast.person_ids["consultant1"])
    ]  # fmt: skip
    assert datetime.strptime(at, "%Y-%m-%d %H:%M") == made[0].at
    foreign = bring(mine, "follow-up", table(head, ["赵敏", at, "电话", "有效", "x", ""])).check()
    assert "系统里没有找到" in plain(foreign.preview)
    assert "0 行新增，2 条已存在且一致" in plain(bring(mine, "follow-up", table(head, *rows)).check().preview)


def test_follow_ups_stay_with_those_who_made_them(cast, registered, client_as, session):
    registered("consultant1", "王伟", "10000001234")
    at = [(now() - timedelta(days=days)).strftime("%Y-%m-%d %H:%M") for days in (2, 1)]
    head = ["手机", "跟进时间", "跟进方式", "跟进结果", "跟进内容", "跟进人"]
    rows = [
        ["10000001234", at[0], "电话", "有效", "约周六复访", "何涛"],
        ["10000001234", at[1], "微信", "有效", "发了户型图", ""],
    ]
    refused = bring(client_as("consultant1"), "follow-up", table(head, *rows)).check()
    assert "只能导入自己的跟进" in plain(refused.preview), plain(refused.preview)
    unknown = bring(client_as("supervisor"), "follow-up", table(head, [*rows[0][:5], "没这人"])).check()
    assert "项目里没有这位同事" in plain(unknown.preview)
    way = bring(client_as("supervisor"), "follow-up", table(head, *rows)).check()
    assert "2 行新增" in plain(way.preview), plain(way.preview)
    assert way.confirm().status_code == 302
    told = [(f.by_id, f.at.strftime("%Y-%m-%d %H:%M")) for f in all_of(session, FollowUp)]
    assert told == [(cast.person_ids["consultant2"], at[0]), (cast.person_ids["supervisor"], at[1])]
