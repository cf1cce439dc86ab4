"""The site's old 投诉台账 comes in: what is over as closed, the rest with its clocks; whom it speaks of still sees nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.features.complaints.cases.models import CaseState, Complaint, Level, Satisfaction
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from tests.cast import MEMBERS
from tests.tables import bring, plain, table

HEADS = [
    "受理日期", "投诉来源", "投诉类别", "业主姓名", "联系电话", "投诉内容", "客户诉求", "被投诉人", "投诉级别", "补偿金额", "批示", "处理结果", "办结日期", "客户满意度", "回访记录",
]  # fmt: skip
BEGUN = datetime(2026, 9, 2, 10, 30)


def row(
    name: str = "赵明", facts: str = "样板间和交付标准不一致", at: object = "2026-09-02 10:30", **more: object
) -> list[object]:
    told = dict.fromkeys(HEADS, "") | {
        "受理日期": at, "投诉来源": "来电", "投诉类别": "服务态度", "业主姓名": name, "联系电话": "10000007788", "投诉内容": facts,
    }  # fmt: skip
    return list((told | more).values())


OVER = {
    "投诉级别": "一般",
    "处理结果": "已致歉并换顾问",
    "办结日期": "2026-09-04",
    "客户满意度": "满意",
    "回访记录": "电话回访",
}


def cases(cast) -> list[Complaint]:
    cast.session.rollback()
    with acting_as(SYSTEM):
        return list(cast.session.scalars(select(Complaint).order_by(Complaint.created_at)))


def test_what_is_over_comes_in_as_closed_and_what_is_not_begins_its_clocks(cast, client_as):
    data = table(
        HEADS, row(**OVER), row("钱芳", "电梯口漏水", now() - timedelta(minutes=5), 投诉类别="质量", 客户诉求="尽快修")
    )
    way = bring(client_as("supervisor"), "complaint", data, "投诉台账.xlsx").check()
    assert "2 行新增" in plain(way.preview), plain(way.preview)
    assert way.confirm().status_code == 302
    old, new = cases(cast)
    assert (old.state, old.level, old.satisfaction, old.answer) == (
        CaseState.CLOSED, Level.COMMON, Satisfaction.YES, "已致歉并换顾问",
    )  # fmt: skip
    assert (old.created_at, old.closed_at, old.next_due_at, old.reply_due_at) == (
        BEGUN,
        datetime(2026, 9, 4),
        None,
        None,
    )
    assert "-2026-" in old.number
    assert (new.state, new.level) == (CaseState.REGISTERED, None)
    assert new.next_due_at is not None
    again = bring(client_as("supervisor"), "complaint", data, "投诉台账.xlsx").check()
    assert "0 行新增，2 条已存在且一致" in plain(again.preview), plain(again.preview)
    shown = plain(client_as("supervisor").get(f"/complaint/show/{old.id}").get_data(as_text=True))
    assert "按台账登记办结" in shown


def test_an_old_open_one_is_late_since_its_day(cast, client_as):
    bring(client_as("clerk"), "complaint", table(HEADS, row())).check().confirm()
    (case,) = cases(cast)
    assert BEGUN < case.next_due_at < BEGUN + timedelta(days=1)


@pytest.mark.parametrize(
    ("who", "more", "words"),
    [
        ("clerk", OVER, "已办结的投诉由销售主管或案场经理导入"),
        ("developer_service", OVER, "已办结的投诉由销售主管或案场经理导入"),
        ("supervisor", OVER | {"投诉级别": ""}, "已办结的请填级别"),
        ("supervisor", OVER | {"处理结果": ""}, "已办结的请填答复客户的内容"),
        ("supervisor", OVER | {"投诉级别": "严重"}, "请填写批复"),
        ("supervisor", OVER | {"补偿金额": "9.9万"}, "请填写批复"),
        ("supervisor", OVER | {"办结日期": "2026-09-01"}, "日期应依次是登记、答复、办结"),
        ("supervisor", OVER | {"投诉类别": "员工"}, "对象是员工，请填写被投诉人"),
        ("supervisor", {"受理日期": "2099-01-01"}, "登记日期不能晚于现在"),
        ("clerk", {"投诉级别": "一般"}, "没有填办结日期的按新投诉登记"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_is_named_and_nothing_is_written(cast, client_as, who, more, words):
    way = bring(client_as(who), "complaint", table(HEADS, row("钱芳", "好的一行"), row(**more))).check()
    assert words in plain(way.preview), plain(way.preview)
    assert "第 3 行" in plain(way.preview)
    way.confirm()
    assert cases(cast) == []


def test_nobody_brings_in_what_speaks_of_himself_and_he_does_not_see_it(cast, client_as):
    name = MEMBERS["clerk"][0]
    data = table(HEADS, row(被投诉人=name, 投诉类别="员工"))
    way = bring(client_as("clerk"), "complaint", data).check()
    assert "涉及本人的事不能由本人登记" in plain(way.preview), plain(way.preview)
    assert bring(client_as("supervisor"), "complaint", data).check().confirm().status_code == 302
    (case,) = cases(cast)
    assert case.against_id == cast.person_ids["clerk"]
    assert client_as("clerk").get(f"/complaint/show/{case.id}").status_code == 404
    assert case.number not in client_as("clerk").get("/complaint/list/").get_data(as_text=True)
    again = bring(client_as("clerk"), "complaint", table(HEADS, row())).check()
    assert "1 行新增" in plain(again.preview), "a hidden case is not told of by «已存在»"


def test_a_major_one_with_its_decision_is_over(cast, client_as):
    data = table(HEADS, row(**OVER | {"投诉级别": "重大", "批示": "同意补偿一年物业费"}))
    bring(client_as("site_manager"), "complaint", data).check().confirm()
    (case,) = cases(cast)
    assert (case.state, case.level, case.decision) == (CaseState.CLOSED, Level.MAJOR, "同意补偿一年物业费")
    assert case.decided_at == case.raised_at == datetime(2026, 9, 4)


def test_a_row_that_is_known_with_a_cell_that_nobody_reads_has_one_fault(client_as):
    bring(client_as("supervisor"), "complaint", table(HEADS, row(**OVER))).check().confirm()
    more = OVER | {"投诉级别": "严重"}  # what is over already is not judged anew: no decision is asked for
    assert "1 条已存在" in plain(bring(client_as("supervisor"), "complaint", table(HEADS, row(**more))).check().preview)
    again = table(HEADS, row(**more | {"客户满意度": "说不清"}))
    said = plain(bring(client_as("supervisor"), "complaint", again).check().preview)
    assert "要改的地方 共 1 处" in said, said
    assert "没有“说不清”这一项" in said


def test_a_day_that_lies_ahead_is_told_once(client_as):
    ahead = table(HEADS, row(**OVER | {"受理日期": "2099-01-01"}))
    said = plain(bring(client_as("supervisor"), "complaint", ahead).check().preview)
    assert "登记日期不能晚于现在" in said
    assert "日期应依次是登记、答复、办结" not in said, said
