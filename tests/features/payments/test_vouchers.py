"""凭证导出 for 金蝶 and 用友: every line of the book, balanced, with the site's codes."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from app.features.organisation.models import Parameter
from app.features.payments.models import FundKind, LedgerCode, Method
from app.features.payments.vouchers.reading import account_codes, voucher_lines
from app.features.payments.vouchers.rules import CODE_OF, LAYOUTS, balances, rows
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from tests.factories import saved
from tests.features.payments import makers
from tests.features.payments.makers import received, today


def busy_month(cast):
    account = makers.account(cast)
    received(cast, account, 20000)
    received(cast, account, 1000, FundKind.PRICE, method=Method.POS, pos_terminal="T1", reference="P1", fee=Decimal(6))
    return account


def test_every_code_of_the_book_has_one_of_the_site(cast):
    with acting_as(SYSTEM):
        codes, word = account_codes(cast.session, cast.project_ids["a"])
    assert set(codes) == set(CODE_OF) == set(LedgerCode) and word == "记"


@pytest.mark.parametrize("program", list(LAYOUTS))
def test_the_table_of_each_program(cast, program):
    busy_month(cast)
    with acting_as(SYSTEM):
        lines = voucher_lines(cast.session, cast.project_ids["a"], f"{now():%Y-%m}")
        codes, word = account_codes(cast.session, cast.project_ids["a"])
    assert balances(lines) == (Decimal(21000), Decimal(21000))
    assert [line.number for line in lines] == [1, 1, 2, 2, 2]
    table = rows(program, lines, codes, word)
    assert all(len(row) == len(LAYOUTS[program].heads) for row in table)
    assert [row for row in table if "1001" in row] and [row for row in table if "2203.01" in row]


def test_the_sheet_has_the_sites_own_codes(cast, client_as):
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
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0)
    cells = [cell for row in sheet.to_python() for cell in row]
    assert cells.count("2205.88") == 2
    assert client.get("/voucher-export/sheet?program=excel").status_code == 404
    assert client.get("/voucher-export/?month=2026-13").status_code == 200
    assert client_as("clerk").get("/voucher-export/").status_code in (403, 404)
