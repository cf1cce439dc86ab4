"""Papers of the office on paper: claims with their sum in capitals, what came in, what was handed out, counted, kept (S1.10, S3.22)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.features.office.supplies.kinds import HandKind
from tests.features.office import claims, store
from tests.features.office.store import decided, step
from tests.kernel.papers.words import printed_words


def words(cast, client, key, paper):
    return printed_words(cast.session, client.post(f"/print/{key}/{paper.id}", data={"form": "docx", "copies": "1"}))


def test_a_claim_shows_its_lines_its_sum_in_capitals_and_the_trail(cast, client_as):
    office = claims.subject(cast)
    claims.budget(cast, office, "300")
    paper = claims.claim(cast, "clerk", (office, "326.00"), over_reason="月末集中签约")
    clerk = client_as("clerk")
    assert clerk.post(f"/print/expense_claim/{paper.id}", data={"form": "docx", "copies": "1"}).status_code in (
        404,
        422,
    )
    decided(cast, step(cast, paper, "submit", "clerk"), "supervisor")
    text = words(cast, clerk, "expense_claim", paper)
    for told in ("费用报销单", "方芳", "办公费", "326.00", "人民币叁佰贰拾陆元整", "26.00", "月末集中签约", "周敏"):
        assert told in text, told


def test_the_two_books_do_not_print_each_other(cast, client_as):
    office = claims.subject(cast)
    paper = claims.claim(cast, "clerk", (office, "50.00"), over_reason="急用")
    step(cast, paper, "submit", "clerk")
    for who in ("developer_finance", "developer_lead"):
        answer = client_as(who).post(f"/print/expense_claim/{paper.id}", data={"form": "docx", "copies": "1"})
        assert answer.status_code in (403, 404)


def test_what_comes_in_and_goes_out(cast, client_as):
    clerk, item = client_as("clerk"), store.item(cast, name="复印纸")
    came = step(cast, store.receipt(cast, (item, 20, "24"), amount=Decimal(480)), "post", "clerk")
    text = words(cast, clerk, "supply_receipt", came)
    for told in ("入库单", "江城文具", "480.00", "人民币肆佰捌拾元整"):
        assert told in text, told
    slip = step(cast, store.hand(cast, item, 3), "hand", "clerk")
    assert "在系统中签收" not in words(cast, clerk, "supply_hand", slip), "the sheet is there to be signed"
    step(cast, slip, "sign", "consultant1")
    text = words(cast, clerk, "supply_hand", slip)
    for told in ("办公用品领用单", "林晓", "复印纸", "在系统中签收"):
        assert told in text, told
    back = step(cast, store.hand(cast, item, 1, kind=HandKind.RETURN), "hand", "clerk")
    assert "办公用品退还单" in words(cast, clerk, "supply_hand", back)


@pytest.mark.parametrize(("counted", "difference"), [(8, "-2"), (12, "+2"), (10, "0")])
def test_a_count_with_its_differences(cast, client_as, counted, difference):
    item = store.item(cast, name="复印纸", stock=10)
    paper = store.check(cast, item, counted, note="月末盘点")
    clerk = client_as("clerk")
    assert "／" in words(cast, clerk, "supply_check", paper), "book and difference are not known yet"
    text = words(cast, clerk, "supply_check", step(cast, paper, "submit", "clerk"))
    for told in ("办公用品盘点单", "月末盘点", difference):
        assert told in text, told


def test_what_somebody_keeps(cast, client_as):
    thing = store.equipment(cast)
    thing = step(cast, thing, "hand_out", "clerk", holder_id=cast.person_ids["consultant1"], place="前台")
    text = words(cast, client_as("clerk"), "equipment_slip", thing)
    for told in ("设备领用单", thing.asset_number, "林晓", "前台", "离职前交回"):
        assert told in text, told


def test_a_purchase_shows_its_lines_and_who_agreed(cast, client_as):
    first, second = store.item(cast, name="复印纸"), store.item(cast, name="中性笔")
    paper = store.purchase(cast, (first, 20, "24"), (second, 40, "1.50"))
    clerk = client_as("clerk")
    refused = clerk.post(f"/print/supply_purchase/{paper.id}", data={"form": "docx", "copies": "1"})
    assert refused.status_code in (404, 422), "a draft is nothing yet"
    paper = decided(cast, step(cast, paper, "submit", "clerk"), "supervisor")
    text = words(cast, clerk, "supply_purchase", paper)
    for told in (
        "采购申请单",
        paper.number,
        "复印纸",
        "480.00",
        "中性笔",
        "60.00",
        "540.00",
        "人民币伍佰肆拾元整",
        "周敏",
        "同意",
        "方芳",
    ):
        assert told in text, told
