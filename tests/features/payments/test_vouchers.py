"""凭证导出 for 金蝶 and 用友: files that the programs take in, red entries on their side, the site's codes, who took what."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from app.features.organisation.models import Parameter
from app.features.payments.models import FundKind, LedgerCode, Method, ReceiptState
from app.features.payments.vouchers import kingdee, yonyou
from app.features.payments.vouchers.reading import books_of, takings, voucher_lines
from app.features.payments.vouchers.rules import (
    CODE_OF,
    Books,
    Fault,
    VoucherLine,
    balances,
    faults,
    fitting,
    unbroken,
    width,
)
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.screens.sheet_answer import log_export
from tests.factories import saved
from tests.features.payments import makers
from tests.features.payments.makers import received, today
from tests.features.payments.test_receipts import ask_reversal, decide_as

BOOKS = Books({code: f"10{n:02}.01" for n, code in enumerate(LedgerCode)}, "记", "宋岚")


def line(amount=Decimal(100), **more):
    values = {
        "number": 1, "line": 1, "day": date(2026, 11, 3), "memo": "SK-1 3栋1单元1102 定金", "code": LedgerCode.CASH,
        "amount": amount, "account": "3栋1单元1102", "maker": "宋岚",
    }  # fmt: skip
    return VoucherLine(**{**values, **more})


def busy_month(cast):
    account = makers.account(cast)
    received(cast, account, 20000)
    received(cast, account, 1000, FundKind.PRICE, method=Method.POS, pos_terminal="T1", reference="P1", fee=Decimal(6))
    return account


def lines_of(cast):
    with acting_as(SYSTEM):
        return voucher_lines(cast.session, cast.project_ids["a"], f"{now():%Y-%m}")


def taken_red(cast):
    """A confirmed receipt that was taken back."""
    receipt = received(cast, makers.account(cast), 20000)
    with acting_as(SYSTEM):
        decide_as(cast, ask_reversal(cast, receipt), "developer_finance2")
        cast.session.refresh(receipt)
    assert receipt.state is ReceiptState.REVERSED


def test_every_code_of_the_book_has_one_of_the_site(cast):
    with acting_as(SYSTEM):
        books = books_of(cast.session, cast.project_ids["a"], "宋岚")
    assert set(books.codes) == set(CODE_OF) == set(LedgerCode) and books.word == "记" and books.maker == "宋岚"
    assert not faults([line(code=code) for code in LedgerCode], books, yonyou.CODES)
    assert not faults([line(code=code) for code in LedgerCode], books, kingdee.CODES)


# ── red entries ──────────────────────────────────────────────
def test_a_red_entry_stays_on_the_side_of_the_one_it_takes_back(cast):
    taken_red(cast)
    first, second, back, again = lines_of(cast)
    assert (first.debit, first.credit, second.debit, second.credit) == (20000, 0, 0, 20000)
    assert (back.code, again.code) == (first.code, second.code)
    assert (back.debit, back.credit, again.debit, again.credit) == (-20000, 0, 0, -20000)
    assert balances([first, second, back, again]) == (0, 0)
    assert [row[9:12] for row in kingdee.rows([back, again], BOOKS)] == [[-20000, -20000, 0], [-20000, 0, -20000]]
    assert [yonyou.fields(one, BOOKS)[6:8] for one in (back, again)] == [["-20000.00", "0"], ["0", "-20000.00"]]


# ── 用友 ─────────────────────────────────────────────────────
def test_the_text_for_yonyou_line_by_line():
    text = yonyou.text([line(), line(-Decimal("100.5"), line=2, code=LedgerCode.BUYERS)], BOOKS).decode("gbk")
    assert text.splitlines() == [
        "填制凭证,V800",
        "2026-11-03,记,1,0,SK-1 3栋1单元1102 定金,100001,100.00,0,,,,宋岚,,,,,,,,,",
        "2026-11-03,记,1,0,SK-1 3栋1单元1102 定金,100401,0,100.50,,,,宋岚,,,,,,,,,",
    ]
    assert text.endswith("\r\n") and "\r\n\r\n" not in text
    assert {row.count(",") for row in text.splitlines()[1:]} == {len(yonyou.FIELDS) - 1}


@pytest.mark.parametrize(
    ("memo", "told"),
    [
        ('红冲 SK-1：重复,"误"', "红冲 SK-1：重复，”误”"),
        ("两行\n文字", "两行 文字"),
        ("买受人 𠮷田", "买受人 〓田"),
        ("=1+1", "摘要 =1+1"),
        ("-退款", "摘要 -退款"),
        ("@cmd", "摘要 @cmd"),
    ],
)
def test_no_text_breaks_a_line_or_starts_a_formula(memo, told):
    (row,) = yonyou.text([line(memo=memo)], BOOKS).decode("gbk").splitlines()[1:]
    assert row.split(",")[4] == told and row.count(",") == len(yonyou.FIELDS) - 1


def test_a_long_text_is_cut_to_what_the_program_takes():
    long = "红冲 SK-JPYL-2026-0041：客户要求改由配偶付款，原款退回原付款账户后重新缴纳，见附件说明"
    cut = fitting(long, yonyou.MOST)
    assert width(cut) <= yonyou.MOST and cut.endswith("…") and long.startswith(cut[:-1])
    assert fitting("定金", yonyou.MOST) == "定金"
    assert width(kingdee.memo(line(memo="摘" * 300))) <= kingdee.MOST


@pytest.mark.parametrize("code", ["", "预收", "22-03", "12", "1.1", "2203.", "1001.00000000000001"])
def test_codes_that_yonyou_does_not_know_are_named(code):
    books = replace(BOOKS, codes={**BOOKS.codes, LedgerCode.CASH: code})
    assert faults([line()], books, yonyou.CODES) == [Fault("code_cash", code)]
    assert not faults([line(code=LedgerCode.BUYERS)], books, yonyou.CODES)  # nothing is booked there
    assert faults([line()], replace(BOOKS, word="1"), yonyou.CODES) == [Fault("voucher_word", "1")]


@pytest.mark.parametrize("code", ["100", "1001", "10.1", "1001.01.02", "1001.00000000001"])
def test_dots_between_the_levels_are_no_digits(code):
    assert yonyou.CODES.fullmatch(code)


@pytest.mark.parametrize(
    ("runs", "known"),
    [([], 0), ([(3, 5)], 0), ([(1, 2)], 2), ([(3, 5), (1, 2)], 5), ([(1, 4), (1, 2)], 4), ([(1, 2), (4, 6)], 2)],
)
def test_what_was_taken_is_known_up_to_the_first_gap(runs, known):
    assert unbroken(runs) == known


# ── the page and its files ───────────────────────────────────
def sheets(answer):
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_workbook_for_kingdee_has_heads_and_entries_and_nothing_else(cast, client_as):
    busy_month(cast)
    saved(
        cast.session,
        Parameter(
            project_id=cast.project_ids["a"], key="code_buyers", value="2205.88", effective_from=today(-1), note="试"
        ),
    )
    client = client_as("developer_finance")
    assert "2205.88" in client.get("/voucher-export/").text
    answer = client.get(f"/voucher-export/sheet?program=kingdee&month={now():%Y-%m}")
    found = sheets(answer)
    assert list(found) == ["Page1", "t_Schema"]
    assert tuple(found["Page1"][0]) == kingdee.HEADS and len(found["Page1"]) == 1 + 5
    assert [row[5] for row in found["Page1"][1:]].count("2205.88") == 2
    assert sum(row[10] for row in found["Page1"][1:]) == sum(row[11] for row in found["Page1"][1:]) == 21000
    named = [row[3] for row in found["t_Schema"] if row[0] == "FieldInfo"]
    assert named == list(kingdee.HEADS)
    assert client.get("/voucher-export/sheet?program=excel").status_code == 404
    assert client.get("/voucher-export/?month=2026-13").status_code == 200
    assert client_as("clerk").get("/voucher-export/").status_code in (403, 404)


def test_the_text_for_yonyou_is_gbk_and_numbered_within_the_month(cast, client_as):
    busy_month(cast)
    answer = client_as("developer_finance").get(f"/voucher-export/sheet?program=yonyou&month={now():%Y-%m}")
    rows = [row.split(",") for row in answer.data.decode("gbk").splitlines()]
    assert rows[0] == ["填制凭证", "V800"]
    assert [row[2] for row in rows[1:]] == ["1", "1", "2", "2", "2"] and {row[1] for row in rows[1:]} == {"记"}
    assert sum(Decimal(row[6]) for row in rows[1:]) == sum(Decimal(row[7]) for row in rows[1:]) == 21000
    assert ".txt" in answer.headers["Content-Disposition"]


def test_the_table_for_people_stands_under_the_developers_name(cast, client_as):
    busy_month(cast)
    answer = client_as("developer_finance").get(f"/voucher-export/sheet?program=people&month={now():%Y-%m}")
    ((_name, rows),) = sheets(answer).items()
    with acting_as(SYSTEM):
        assert rows[0][0] == cast.a.developer.name != cast.a.agency.name
    assert any(row[0] == "合计" and row[5:7] == [21000, 21000] for row in rows)


def test_a_code_that_the_program_does_not_know_makes_no_file(cast, client_as):
    busy_month(cast)
    saved(
        cast.session,
        Parameter(
            project_id=cast.project_ids["a"], key="code_buyers", value="预收房款", effective_from=today(-1), note="试"
        ),
    )
    client = client_as("developer_finance")
    answer = client.get(f"/voucher-export/sheet?program=yonyou&month={now():%Y-%m}")
    assert answer.status_code == 422
    assert "「科目代码·预收房款」现在是「预收房款」" in answer.text and "参数 → 凭证导出" in answer.text
    assert client.get("/voucher-export/sheet?program=yonyou&month=2020-01").status_code == 422  # nothing was booked
    with acting_as(SYSTEM):
        assert takings(cast.session, cast.project_ids["a"], f"{now():%Y-%m}") == []


def test_the_page_tells_who_took_the_month_and_what_came_after(cast, client_as):
    account = busy_month(cast)
    client = client_as("developer_finance")
    month = f"{now():%Y-%m}"
    assert "还没有结账" in client.get("/voucher-export/").text
    assert "导出过这个月" not in client.get("/voucher-export/").text
    client.get(f"/voucher-export/sheet?program=yonyou&month={month}")
    told = client.get("/voucher-export/").text
    assert "导出过这个月的用友凭证（第 1—2 号）" in told and "不要再引入一次" in told and "又记了" not in told
    received(cast, account, 500, FundKind.PRICE)
    told = client.get("/voucher-export/").text
    assert "又记了 1 张，从第 3 号起" in told
    answer = client.get(f"/voucher-export/sheet?program=yonyou&month={month}&first=3")
    assert {row.split(",")[2] for row in answer.data.decode("gbk").splitlines()[1:]} == {"3"}
    with acting_as(SYSTEM):
        newest, oldest = takings(cast.session, cast.project_ids["a"], month)
    assert (newest.first, newest.last, oldest.first, oldest.last) == (3, 3, 1, 2) and not newest.closed


def test_each_program_lacks_what_it_was_not_given_itself(cast, client_as):
    account = busy_month(cast)
    client, month = client_as("developer_finance"), f"{now():%Y-%m}"
    client.get(f"/voucher-export/sheet?program=yonyou&month={month}")
    received(cast, account, 500, FundKind.PRICE)
    client.get(f"/voucher-export/sheet?program=kingdee&month={month}&first=3")
    told = client.get("/voucher-export/").text
    assert "只导出新增的（用友）" in told and f"program=yonyou&amp;month={month}&amp;first=3" in told
    assert "只导出新增的（金蝶）" not in told and "金蝶凭证没有从第 1 号起连续导出过，缺的从第 1 号起" in told
    client.get(f"/voucher-export/sheet?program=kingdee&month={month}")
    told = client.get("/voucher-export/").text
    assert "金蝶凭证没有" not in told and "只导出新增的（用友）" in told


def test_exports_of_older_versions_tell_no_numbers(cast, client_as):
    busy_month(cast)
    client, month = client_as("developer_finance"), f"{now():%Y-%m}"
    with acting_as(cast.actor("developer_finance")):
        log_export(
            cast.session, "vouchers", cast.project_ids["a"], report="用友", program="yonyou", month=month, file="x.txt"
        )
    told = client.get("/voucher-export/").text
    assert (
        "导出过这个月的用友凭证；已经引入账套的不要再引入一次" in told and "第 0" not in told and "又记了" not in told
    )
