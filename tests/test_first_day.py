"""What a newcomer stumbled over: lists without rows, search boxes, drafts, detours, steps that were taken already."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from app.features.complaints.cases.models import Level
from app.features.customers.leavers.models import CustomerTransfer
from app.features.customers.statistics.chart import bars
from app.features.organisation.parameter_table import PARAMETERS
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.months import beside
from app.kernel.screens.trail import stepbar
from tests.features.complaints.papers import case
from tests.features.deals.orders import step
from tests.features.office import store


def test_an_empty_list_says_where_its_first_record_comes_from(client_as):
    seller = client_as("consultant1")
    page = seller.get("/quote/list/").get_data(as_text=True)
    assert "点「新增置业计划」登记第一条。" in page
    narrowed = seller.get("/quote/list/?q=没有这个人").get_data(as_text=True)
    assert re.search(r'<div class="empty">.*href="/quote/list/"[^>]*>清除条件</a></div>', narrowed)


def test_a_search_box_names_what_it_searches(client_as):
    page = client_as("consultant1").get("/quote/list/").get_data(as_text=True)
    assert 'placeholder="编号、房源、客户"' in page


def test_a_paper_without_a_number_shows_no_id():
    assert str(CustomerTransfer(id=17)) == "客户移交单"


def test_a_detour_is_where_the_paper_is_and_no_end(cast):
    thing = step(
        cast, store.equipment(cast), "send_to_repair", "clerk", fault="卡纸", vendor="江城电脑", sent_on=now().date()
    )
    with acting_as(SYSTEM):
        assert [mark.status for mark in stepbar(cast.session, thing)][-1] == "now"


def test_a_step_that_was_taken_already_is_not_the_one_that_is_due(cast, client_as):
    paper = step(cast, case(cast), "grade", "supervisor", level=Level.COMMON, against=None)
    page = client_as("supervisor").get(f"/complaint/show/{paper.id}").get_data(as_text=True)
    assert re.findall(r'class="btn btn-primary"[^>]*>(?:<svg.*?</svg>)?([^<]+)', page)[:1] == ["开始处理"]


def test_forms_start_with_what_is_mostly_written(client_as):
    page = client_as("developer_finance").get("/month-close/add").get_data(as_text=True)
    assert f'value="{beside(f"{now():%Y-%m}", -1)}"' in page
    assert 'value="许静"' in client_as("contract_officer").get("/seal-use/add").get_data(as_text=True)


def test_a_report_marks_how_it_is_seen(client_as):
    page = client_as("supervisor").get("/receivable-report/?part=building").get_data(as_text=True)
    assert re.search(r'<div class="seg">.*part=building" aria-current="page">', page)


def test_the_words_before_the_bars_have_room():
    drawn = str(bars("途径", [("Recommended by friends", 5, "5"), ("路过", 3, "3")]))
    end = int(re.findall(r'<text x="(\d+)"[^>]*text-anchor="end"', drawn)[0])
    assert end >= 8 * len("Recommended by friends")


def test_whom_nothing_waits_for_is_shown_where_to_begin(cast, client_as):
    page = client_as("admin").get("/").get_data(as_text=True)
    assert "从这里开始" in page
    assert re.search(r'<h2>从这里开始</h2>.*?<a href="/person/list/">', page, re.DOTALL)
    step(cast, case(cast), "grade", "supervisor", level=Level.COMMON, against=None)
    assert "从这里开始" not in client_as("supervisor").get("/").get_data(as_text=True)


def test_a_part_of_a_whole_is_said_and_typed_in_per_cent(client_as):
    cap = PARAMETERS["deposit_cap"]
    assert cap.kind.parse("20 %", cap.label) == cap.kind.parse("0.20", cap.label) == Decimal("0.2")
    with pytest.raises(RuleError, match="定金上限占总价"):
        cap.kind.parse("120%", cap.label)
    page = client_as("sales_admin").get("/parameters/").get_data(as_text=True)
    assert re.search(r"定金上限占总价.*?</td><td[^>]*>20 %</td>", page)
