"""Statements as 工行, 建行 and 农行 give them out come in as they are (issue 5 point 5); the heads are theirs, the data invented."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.features.payments.bank.models import BankLine
from app.kernel.actors import SYSTEM, acting_as
from tests.tables import bring, plain, table

ICBC = [
    ["账号：3200000000100001", "户名：江城置业有限公司", "币种：人民币"],
    ["凭证号", "交易时间", "对方账号", "对方单位名称", "借方发生额", "贷方发生额", "摘要", "用途", "余额"],
    [
        "10000001",
        "2026-11-05 10:21:33",
        "6222000011112222",
        "王伟",
        "",
        "20,000.00",
        "跨行汇款",
        "定金",
        "1,020,000.00",
    ],
    ["10000002", "2026-11-06 09:03:10", "6222000011113333", "李娜", "5,000.00", "", "网银转账", "退款", "1,015,000.00"],
]
CCB = [
    [
        "账号",
        "账户名称",
        "交易时间",
        "借方发生额（支取）",
        "贷方发生额（收入）",
        "余额",
        "币种",
        "对方户名",
        "对方账号",
        "对方开户机构",
        "记账日期",
        "摘要",
        "备注",
        "账户明细编号-交易流水号",
        "企业流水号",
        "凭证种类",
        "凭证号",
    ],
    [
        "3200000000100001",
        "江城置业有限公司",
        "20261105 10:21:33",
        "0.00",
        "20000.00",
        "1020000.00",
        "人民币元",
        "王伟",
        "6222000011112222",
        "江城支行",
        "20261105",
        "电子汇入",
        "定金",
        "15-N0000000001",
        "",
        "",
        "",
    ],
    [
        "3200000000100001",
        "江城置业有限公司",
        "20261106 09:03:10",
        "5000.00",
        "0.00",
        "1015000.00",
        "人民币元",
        "李娜",
        "6222000011113333",
        "江城支行",
        "20261106",
        "电子汇出",
        "退款",
        "16-N0000000002",
        "",
        "",
        "",
    ],
]
ABC = [
    ["账户明细"],
    ["账号：3200000000100001", "", "起始日期：20261101"],
    ["交易时间", "收入金额", "支出金额", "账户余额", "交易行名", "对方省市", "对方账号", "对方户名", "交易用途", "交易流水号"],
    ["2026-11-05 10:21:33", "20,000.00", "", "1,020,000.00", "江城支行", "", "6222000011112222", "王伟", "定金", "A0000001"],
    ["2026-11-06 09:03:10", "", "5,000.00", "1,015,000.00", "江城支行", "", "6222000011113333", "李娜", "退款", "A0000002"],
]  # fmt: skip


@pytest.mark.parametrize("rows", [ICBC, CCB, ABC], ids=["icbc", "ccb", "abc"])
def test_a_statement_is_understood_as_it_is(cast, client_as, rows):
    way = bring(client_as("developer_finance"), "bank-line", table(*rows)).check()
    assert way.status == 200, plain(way.columns)
    assert way.confirm().status_code == 302, plain(way.preview)
    with acting_as(SYSTEM):
        cast.session.rollback()
        lines = cast.session.scalars(select(BankLine).order_by(BankLine.id)).all()
        assert [(str(one.booked_on), one.amount, one.counterparty) for one in lines] == [
            ("2026-11-05", Decimal(20000), "王伟"), ("2026-11-06", Decimal(-5000), "李娜"),
        ]  # fmt: skip
        assert all(one.reference for one in lines)
        assert [one.memo for one in lines] == ["定金", "退款"], "the purpose, not how it was sent"
