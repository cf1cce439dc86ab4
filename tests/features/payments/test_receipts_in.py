"""收款明细 from 甲方's table: matched by room or number, checked like the form, all or nothing, the second time nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.features.payments.models import Credited, FundKind, Method, Receipt, ReceiptState
from app.kernel.actors import SYSTEM, acting_as
from tests.features.payments.makers import account
from tests.tables import bring, plain, selects, table

HEAD = ["房号", "款项名称", "收款金额", "收款日期", "收款方式", "POS终端", "银行流水号", "客户姓名"]
ROWS = [
    ["1栋1102", "定金", "2万", "2026-11-2", "刷卡", "0012", "0098877", "王伟"],
    ["1－1102", "首付款", "¥316,834.00", "2026.11.3", "转账", "", "000123", "王伟"],
    ["RG-2", "定金", 20000, "20261104", "现金", "", "", ""],
]


def receipts(session):
    with acting_as(SYSTEM):
        session.rollback()
        return list(session.scalars(select(Receipt).order_by(Receipt.id)))


@pytest.fixture
def accounts(cast):
    return [account(cast, number) for number in (1, 2)]


def test_three_receipts_come_in_and_wait_for_the_cashier(accounts, client_as, session):
    way = bring(client_as("clerk"), "receipt", table(["收款明细表"], HEAD, *ROWS, ["合计", "", 356834]))
    assert way.check().status == 200
    said = plain(way.preview)
    assert "3 行新增，0 条已存在且一致" in said
    assert "356,834.00" in said
    assert "不是数据、没有读入：明细·第 6 行（合计 356834.0）" in said
    answer = way.confirm()
    assert answer.status_code == 302, plain(answer.get_data(as_text=True))
    done = plain(way.client.get(answer.headers["Location"]).get_data(as_text=True))
    assert "新增 3" in done
    made = receipts(session)
    first = made[0]
    assert (first.kind, first.amount, first.method, first.paid_on) == (
        FundKind.DEPOSIT,
        Decimal(20000),
        Method.POS,
        date(2026, 11, 2),
    )
    assert (first.reference, first.pos_terminal, first.credited) == ("0098877", "0012", Credited.SUPERVISED)
    assert [r.account_id for r in made] == [accounts[0].id, accounts[0].id, accounts[1].id]
    assert {r.state for r in made} == {ReceiptState.PENDING}
    assert made[2].payer_name == "王伟", "the first buyer, as the form fills it"


def test_the_same_file_again_brings_nothing_and_says_so(accounts, client_as, session):
    data = table(HEAD, *ROWS)
    clerk = client_as("clerk")
    bring(clerk, "receipt", data).check().confirm()
    again = bring(clerk, "receipt", data).check()
    said = plain(again.preview)
    assert "0 行新增，3 条已存在且一致" in said
    assert "由 方芳 导入过" in said
    assert "没有要写入的内容" in said
    assert 'type="submit">导入' not in again.preview
    assert again.confirm().status_code == 422
    assert len(receipts(session)) == 3
    one_more = bring(
        clerk, "receipt", table(HEAD, *ROWS, ["2栋1102", "首期", "5,000", "2026-11-05", "现金", "", "", ""])
    ).check()
    assert "1 行新增，3 条已存在且一致" in plain(one_more.preview)
    one_more.confirm()
    assert len(receipts(session)) == 4


def test_all_faults_at_once_with_their_place_and_nothing_written(accounts, client_as, session):
    bad = [
        ["9栋9999", "定金", "20000", "2026-11-02", "现金", "", "", ""],
        ["1栋1102", "押金", "20000", "2026-11-02", "现金", "", "", ""],
        ["1栋1102", "定金", "-5", "2026-11-02", "现金", "", "", ""],
        ["1栋1102", "定金", "20000", "2099-11-02", "现金", "", "", ""],
        ["1栋1102", "定金", "20000", "2026-11-02", "转账", "", "", ""],
        ["1栋1102", "定金", "20001", "2026-11-02", "刷卡", "", "", ""],
        ["1栋1102", "定金", "20002", "2026-11-02", "现金", "", "", "张三"],
        ["", "定金", "20000", "2026-11-02", "现金", "", "", ""],
        ["1栋1102", "定金", "20000", "2026-02-30", "现金", "", "", ""],
        ["1栋1102", "定金", "二万", "2026-11-02", "现金", "", "", ""],
        ["1栋1102", "定金", "20000", "2026-11-02", "转账", "", 1.2345e17, ""],
    ]
    way = bring(client_as("clerk"), "receipt", table(HEAD, ROWS[0], *bad)).check()
    said = plain(way.preview)
    for line, words in zip(
        range(3, 14),
        ("系统里没有找到", "没有“押金”这一项", "大于零", "不能晚于今天", "银行流水号", "终端号和参考号", "代付声明", "不能为空", "没有这一天",
         "不是数字", "科学计数|数字格式"),
        strict=True,
    ):  # fmt: skip
        assert f"第 {line} 行" in said, line
        assert any(word in said for word in words.split("|")), words
    assert "11 行有错" in said
    assert "有错时一行也不导入" in said
    assert way.confirm().status_code == 422
    assert receipts(session) == []
    report = way.client.get(f"{way.url}/report")
    assert report.status_code == 200
    assert report.data.startswith(b"PK")


def test_whose_account_it_is_not_is_not_found(cast, accounts, client_as, session):
    other = account(cast, 3, project="b", login="other_consultant")
    way = bring(
        client_as("clerk"),
        "receipt",
        table(HEAD, [other.order_number, "定金", "20000", "2026-11-02", "现金", "", "", ""]),
    ).check()
    assert "系统里没有找到" in plain(way.preview)
    assert client_as("consultant1").get("/import/receipt").status_code == 403
    assert client_as("consultant1").post("/import/receipt").status_code == 403
    assert way.client.get(f"/import/customer/{way.token}/columns").status_code == 404


def test_columns_that_no_table_may_set(accounts, client_as, session):
    """States, numbers and who confirmed are nobody's column (04 S3)."""
    head = [*HEAD, "状态", "编号", "确认人", "项目"]
    way = bring(client_as("clerk"), "receipt", table(head, [*ROWS[0], "已确认", "SK-1", "宋岚", "翠湖壹号"]))
    assert ">状态<" not in way.columns.split("<tbody")[1].split("</select>")[0]
    way.check().confirm()
    (one,) = receipts(session)
    assert (one.state, one.number, one.confirmed_by) == (ReceiptState.PENDING, None, None)
    picked = dict.fromkeys(("s0c8", "s0c9"), "state")
    refused = bring(way.client, "receipt", table(head, [*ROWS[1], "已确认", "SK-1", "宋岚", "翠湖壹号"])).check(picked)
    assert refused.status == 422


def test_the_heads_of_a_sender_are_named_once(accounts, client_as, session):
    strange = ["物业", "名目", "数目", "哪天", "怎么付", "机器", "号头", "谁"]
    clerk = client_as("clerk")
    way = bring(clerk, "receipt", table(strange, ROWS[0]), source="甲方财务部")
    assert all(value == "" for _name, value in selects(way.columns))
    fields = ("account_id", "kind", "amount", "paid_on", "method", "pos_terminal", "reference", "payer_name")
    assert "还缺必填" in plain(bring(clerk, "receipt", table(strange, ROWS[0])).check({"s0c0": "account_id"}).columns)
    way.check({f"s0c{n}": name for n, name in enumerate(fields)}).confirm()
    assert len(receipts(session)) == 1
    later = bring(clerk, "receipt", table(["收款表"], strange, ROWS[1]), source="甲方财务部")
    assert [value for _name, value in selects(later.columns)] == list(fields)
    assert "1 行新增" in plain(later.check().preview)
    assert '<option value="甲方财务部">' in clerk.get("/import/receipt").get_data(as_text=True)


def test_a_race_for_the_same_file_has_one_winner(accounts, client_as, session):
    """The second finds the rows of the first (and says so) although both saw «3 new»."""
    data = table(HEAD, *ROWS)
    first, second = (bring(client_as(who), "receipt", data).check() for who in ("clerk", "developer_finance"))
    assert first.confirm().status_code == 302
    answer = second.confirm()
    assert answer.status_code == 422
    assert "0 行新增，3 条已存在且一致" in plain(answer.get_data(as_text=True))
    assert session.scalar(select(func.count()).select_from(Receipt.__table__)) == 3
