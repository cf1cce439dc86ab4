"""A row with several faults names all of them in one preview: dates, amounts and names are checked together (04 R10)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.kernel.base import now
from app.kernel.imports.declared import Import
from app.kernel.imports.half_read import HalfRead, UnreadCell
from app.kernel.imports.plan import Plan, fault_at
from tests.tables import bring, plain, table


def day(ago: int) -> str:
    return f"{now().date() - timedelta(days=ago)}"


RECEIPTS = ["房号", "款项类型", "收款金额", "收款日", "到账日", "收款方式", "付款人"]
CUSTOMERS = ["姓名", "手机", "途径", "等级", "首次来电来访", "归属顾问", "生日"]
FOLLOW_UPS = ["客户", "跟进时间", "方式", "结果", "内容", "跟进人"]
REPORTS = ["渠道公司", "经纪人", "客户姓名", "手机", "报备时间"]
LINES = ["银行账户", "交易日期", "收入", "支出", "流水号"]
ROWS = [
    ("developer_finance", "receipt", RECEIPTS, ["9栋9999", "首期", "-5", day(-3), "", "转账", "王伟"],
     ("系统里没有找到", "金额必须大于零", "收款日不能晚于今天", "转账请填写银行流水号")),
    ("developer_finance", "receipt", RECEIPTS, ["9栋9999", "什么", "一百", day(-3), "", "转账", ""],
     ("系统里没有找到", "没有“什么”这一项", "不是数字", "收款日不能晚于今天", "转账请填写银行流水号")),
    ("supervisor", "customer", CUSTOMERS, ["138001380001", "12345", "路过", "A", day(-3), "没有此人", "1990-13-1"],
     ("姓名里不要写号码", "手机", "来电来访时间不能晚于现在", "项目里没有这位同事", "没有这一天")),
    ("consultant1", "follow-up", FOLLOW_UPS, ["没有此人", f"{day(-2)} 10:00", "传真", "有效沟通", "聊过", "沈悦"],
     ("系统里没有找到", "没有“传真”这一项", "跟进时间不能晚于现在")),
    ("channel_officer", "channel-report", REPORTS, ["没有的公司", "小李", "", "138****88", f"{day(-2)} 10:00"],
     ("系统里没有找到", "不能为空", "隐号请写成", "报备时间不能晚于现在")),
    ("developer_finance", "bank-line", LINES, ["花旗", day(-2), "-5", "", "A1"],
     ("没有“花旗”这一项", "金额不能为负数", "交易日期不能晚于今天")),
]  # fmt: skip


@pytest.mark.parametrize(("who", "paper", "heads", "row", "words"), ROWS)
def test_a_row_tells_everything_that_is_wrong_with_it(client_as, who, paper, heads, row, words):
    way = bring(client_as(who), paper, table(heads, row)).check()
    assert way.preview, plain(way.columns)
    said = plain(way.preview)
    assert [word for word in words if word not in said] == [], said
    assert way.confirm().status_code == 422


def test_a_cell_that_nobody_can_read_gives_no_second_fault(client_as):
    """What hangs on it waits until it is mended: «请填其中一列» would be wrong of an income that is only misspelt."""
    said = plain(
        bring(client_as("developer_finance"), "bank-line", table(LINES, ["一般账户", day(1), "一百", "", "A1"]))
        .check()
        .preview
    )
    assert "不是数字" in said
    assert "其中一列" not in said


def test_a_doubled_row_is_told_beside_its_other_faults(client_as):
    row = ["一般账户", day(-2), "5.00", "", "A1"]
    said = plain(bring(client_as("developer_finance"), "bank-line", table(LINES, row, row)).check().preview)
    assert said.count("交易日期不能晚于今天") == 2
    assert "与第 2 行重复" in said


def test_who_asks_for_an_unread_cell_is_stopped():
    row = HalfRead({"a": 1}, {"b"})
    assert (row["a"], row.get("a"), row.get("c"), "a" in row) == (1, 1, None, True)
    for ask in (
        lambda: row["b"],
        lambda: row.get("b"),
        lambda: "b" in row,
        lambda: {**row},
        lambda: list(row),
        lambda: dict(row),
    ):
        with pytest.raises(UnreadCell):
            ask()


def test_the_same_faults_of_a_row_laid_down_into_several_are_told_once():
    plan = Plan(Import(), ())
    first, second = (fault_at("明细", 3, None, None, words) for words in ("没有这个科目", "金额不能为负数"))
    for fault in (first, second, first, second):
        plan.tell(fault)
    assert plan.faults == [first, second]
