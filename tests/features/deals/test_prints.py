"""认购书 and the other papers of an order, printed: what stands on them, who may, what is kept and filed (issue 5 point 10)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from app.features.archive.models import Medium
from app.features.archive.papers.models import Paper, PaperState
from app.features.deals.changes.models import ChangeKind, FaultOf
from app.features.payments.models import FundKind, Receipt
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.attachments import Attachment, content_of, files_of
from app.kernel.audit import AuditEntry
from app.kernel.errors import NotFound
from app.kernel.money import capitals
from app.kernel.papers.kinds import PRINTED, Desk, kinds_for
from app.kernel.papers.printed import sheet_of
from app.kernel.papers.records import PrintedPaper
from tests.features.archive import files
from tests.features.deals import loans, orders
from tests.features.deals.test_doubts import doubt
from tests.features.handover.homes import changed
from tests.kernel.papers.words import pdf_text, told, word_text

ID_CARD = orders.ID_NUMBER
WISH = {"form": "pdf", "copies": "3", "numbers": "masked"}


def effective(cast: Any) -> Any:
    """An order of consultant1 with its deposit confirmed."""
    return orders.effective(cast, orders.unit(cast), orders.customer(cast), orders.scheme(cast))


def printed(client: Any, key: str, record: Any, **more: str) -> Any:
    return client.post(f"/print/{key}/{record.id}", data={**WISH, **more})


def rows(cast: Any) -> list[PrintedPaper]:
    cast.session.rollback()
    return list(cast.session.scalars(select(PrintedPaper).order_by(PrintedPaper.id)))


def content(cast: Any, row: PrintedPaper) -> bytes:
    return content_of(cast.session.get_one(Attachment, row.attachment_id))


def squeezed(text: str) -> str:
    return text.replace(" ", "")


def test_the_order_is_printed_masked_stored_and_filed(cast, client_as):
    order = effective(cast)
    client = client_as("consultant1")
    shown = client.get(f"/reservation/show/{order.id}").text
    assert f"/print/reservation/{order.id}" in shown
    assert "还没有打印过" in client.get(f"/print/reservation/{order.id}").text
    answer = printed(client, "reservation", order)
    assert answer.status_code == 302, answer.text
    (row,) = rows(cast)
    assert (row.turn, row.copies, row.full, row.template, row.printed_name) == (1, 3, False, "系统默认", "林晓")
    assert answer.headers["Location"] == f"/files/{row.attachment_id}/view"
    text = squeezed(pdf_text(content(cast, row)))
    for part in (
        order.number,
        "王伟",
        "1102栋1单元1102",
        "人民币贰万元整",
        "1101**********002X",
        "第1次打印",
        "江城置业有限公司",
    ):
        assert part in text, part
    assert ID_CARD not in text
    with acting_as(SYSTEM):
        paper = cast.session.scalars(select(Paper).where(Paper.source == "reservation")).one()
        (filed,) = files_of(cast.session, paper)
    assert filed.sha256 == row.sha256 and paper.state.value == "expected", "the signed sheet is still awaited"


def test_again_is_the_second_time_and_as_word(cast, client_as):
    order = effective(cast)
    client = client_as("clerk")
    printed(client, "reservation", order)
    printed(client, "reservation", order, form="docx")
    first, second = rows(cast)
    assert (first.turn, second.turn) == (1, 2)
    made = cast.session.get_one(Attachment, second.attachment_id)
    assert made.name.endswith("第2次.docx") and "王伟" in word_text(content_of(made))
    page = client.get(f"/print/reservation/{order.id}").text
    assert "第 1 次" in page and "第 2 次" in page and "方芳" in page


def test_full_numbers_need_a_reason_are_logged_and_stay_closed(cast, client_as):
    order = effective(cast)
    client = client_as("contract_officer")
    refused = printed(client, "reservation", order, numbers="full")
    assert refused.status_code == 422 and "须写明用途" in refused.text and rows(cast) == []
    assert printed(client, "reservation", order, numbers="full", reason="签约使用").status_code == 302
    (row,) = rows(cast)
    assert row.full and ID_CARD in squeezed(pdf_text(content(cast, row)))
    looks = cast.session.scalars(select(AuditEntry).where(AuditEntry.act == "reveal")).all()
    assert {(one.subject, one.changes["field"]) for one in looks} >= {("buyer", "id_number")}
    assert all("签约使用" in one.changes["reason"] for one in looks)
    for login, code in (
        ("auditor", 404),
        ("assistant", 404),
        ("consultant2", 404),
        ("supervisor", 200),
        ("other_clerk", 404),
    ):
        assert client_as(login).get(f"/files/{row.attachment_id}/view").status_code == code, login
    assert client_as("auditor").get(f"/files/{row.attachment_id}/thumb").status_code == 404


def test_the_assistant_never_prints_in_full(cast, client_as):
    order = effective(cast)
    answer = printed(client_as("assistant"), "reservation", order, numbers="full", reason="签约使用")
    assert answer.status_code == 403 and rows(cast) == []


def test_who_may_print(cast, client_as):
    order = effective(cast)
    for login, code in (
        ("consultant2", 404), ("other_clerk", 404), ("auditor", 403), ("admin", 403), ("developer_finance", 200), ("supervisor", 200),
    ):  # fmt: skip
        assert client_as(login).get(f"/print/reservation/{order.id}").status_code == code, login
    assert client_as("clerk").get("/print/nothing/1").status_code == 404
    assert client_as("clerk").get("/print/reservation/999999").status_code == 404
    assert "打印认购书" not in client_as("auditor").get(f"/reservation/show/{order.id}").text


def test_nothing_unapproved_is_printed_as_an_order(cast, client_as):
    order = orders.locked(cast, orders.unit(cast), orders.customer(cast))
    client = client_as("consultant1")
    answer = client.get(f"/print/reservation/{order.id}")
    assert answer.status_code == 422 and "现在不能打印认购书" in answer.text
    assert client.get(f"/print/unit_choice/{order.id}").status_code == 200


@pytest.mark.parametrize("copies", ["0", "-1", "51", "1e3", "３", "", "abc"])
def test_a_wrong_number_of_copies_is_named(cast, client_as, copies):
    order = effective(cast)
    answer = printed(client_as("clerk"), "reservation", order, copies=copies)
    assert answer.status_code == 422 and "份数应在 1 和 50 之间" in answer.text and rows(cast) == []


def test_a_double_click_prints_once(cast, client_as):
    order, client = effective(cast), client_as("clerk")
    first = printed(client, "unit_choice", order, _key="k1")
    again = printed(client, "unit_choice", order, _key="k1")
    assert first.headers["Location"] == again.headers["Location"] and len(rows(cast)) == 1


def test_a_print_is_never_taken_off_and_its_row_never_changed(cast, client_as):
    order, client = effective(cast), client_as("clerk")
    printed(client, "sign_guide", order)
    (row,) = rows(cast)
    assert f"/files/{row.attachment_id}/remove" not in client.get(f"/reservation/show/{order.id}").text
    assert "打印留底" in client.post(f"/files/{row.attachment_id}/remove", follow_redirects=True).text
    with pytest.raises(Exception, match="打印记录只能追加"):
        cast.session.execute(PrintedPaper.__table__.update().values(turn=9))
    cast.session.rollback()


def test_what_was_printed_before_the_folder_is_filed_with_it(cast, client_as):
    order = orders.filled(cast, orders.locked(cast, orders.unit(cast), orders.customer(cast)), orders.scheme(cast))
    orders.step(cast, order, "submit", "consultant1")
    orders.decided(cast, orders.fresh(cast, type(order), order.id), "supervisor")
    assert printed(client_as("consultant1"), "reservation", order).status_code == 302
    (row,) = rows(cast)
    orders.paid(cast, order, "20000")
    orders.step(cast, orders.fresh(cast, type(order), order.id), "customer_sign", "consultant1", on=orders.today())
    with acting_as(SYSTEM):
        paper = cast.session.scalars(select(Paper).where(Paper.source == "reservation")).one()
        assert [one.sha256 for one in files_of(cast.session, paper)] == [row.sha256]


def test_contract_change_and_receipt(cast, client_as):
    order = effective(cast)
    contract = orders.signed(cast, order)
    client = client_as("contract_officer")
    assert printed(client, "contract_cover", contract).status_code == 302
    with acting_as(SYSTEM):
        receipt = cast.session.scalars(select(Receipt).order_by(Receipt.id)).first()
    assert printed(client_as("developer_finance"), "receipt", receipt).status_code == 302
    cover, paid = rows(cast)
    text = squeezed(pdf_text(content(cast, cover)))
    for part in ("商品房买卖合同信息表", contract.contract_no, "王伟", "系统审批"):
        assert squeezed(part) in text, part
    text = squeezed(pdf_text(content(cast, paid)))
    assert receipt.number in text and "人民币" in text and "宋岚" in text
    with acting_as(SYSTEM):
        filed = cast.session.scalars(
            select(Paper).where(Paper.source == "receipt", Paper.source_id == receipt.id)
        ).one()
        assert [one.sha256 for one in files_of(cast.session, filed)] == [paid.sha256]


def test_the_signed_contract_is_awaited_though_its_sheet_was_printed_before(cast, client_as):
    order = effective(cast)
    paper = orders.entered(cast, order)
    assert printed(client_as("contract_officer"), "contract_cover", paper).status_code == 302
    orders.step(cast, paper, "buyer_sign", "contract_officer", on=orders.today())
    orders.step(cast, paper, "seller_seal", "developer_site", on=orders.today())
    orders.paid(cast, order, str((order.total or Decimal(0)) - Decimal(20000)), FundKind.PRICE)
    orders.step(
        cast,
        orders.fresh(cast, type(paper), paper.id),
        "sign",
        "contract_officer",
        on=orders.today(),
        contract_no="HT-1",
    )
    with acting_as(SYSTEM):
        filed = cast.session.scalars(select(Paper).where(Paper.source == "contract", Paper.source_id == paper.id)).all()
        assert [(one.medium, one.state) for one in filed] == [
            (Medium.ELECTRONIC, PaperState.IN), (Medium.ORIGINAL, PaperState.EXPECTED),
        ]  # fmt: skip


def test_a_consultants_receipt_does_not_tell_how_it_was_paid(cast, client_as):
    effective(cast)
    with acting_as(SYSTEM):
        receipt = cast.session.scalars(select(Receipt).order_by(Receipt.id)).first()
    kind = PRINTED["receipt"]
    with acting_as(cast.actor("consultant1")):
        mine = kind.values(Desk(cast.session, cast.actor("consultant1")), receipt)
    with acting_as(cast.actor("clerk")):
        desk = kind.values(Desk(cast.session, cast.actor("clerk")), receipt)
    assert mine["方式"] == "／" and desk["方式"] != "／"


def test_an_application_carries_its_trail(cast, client_as):
    order = effective(cast)
    change = orders.approved_change(cast, order, ChangeKind.WITHDRAWAL, FaultOf.NOBODY)
    assert printed(client_as("clerk"), "change_request", change).status_code == 302
    (row,) = rows(cast)
    text = squeezed(pdf_text(content(cast, row)))
    for part in ("退订申请表", change.number, "甲方负责人", "人民币贰万元整", "申请人（签字）"):
        assert part in text, part


def test_every_value_of_every_kind_is_told(cast):
    order = effective(cast)
    contract = orders.signed(cast, order)
    with acting_as(SYSTEM):
        for record in (orders.fresh(cast, type(order), order.id), orders.fresh(cast, type(contract), contract.id)):
            for kind in kinds_for(record):
                sheet = sheet_of(kind, Desk(cast.session, SYSTEM), record, 1, "系统默认")
                assert {one.name for one in kind.definition.placeholders} == set(sheet.values), kind.key


def test_nothing_of_a_refused_print_is_left(cast, client_as, monkeypatch):
    from app.kernel.papers import printing

    order = effective(cast)

    def fails(*_: Any) -> None:
        raise NotFound("paper")

    monkeypatch.setattr(printing, "attach", fails)
    assert printed(client_as("clerk"), "reservation", order).status_code == 404
    assert rows(cast) == [] and cast.session.scalar(select(func.count(Attachment.id))) == 0


def test_a_household_without_loan_gets_no_list_of_loan_papers(cast):
    order = effective(cast)
    with acting_as(SYSTEM):
        fresh = orders.fresh(cast, type(order), order.id)
        assert "loan_list" not in [kind.key for kind in kinds_for(fresh)]
        assert files.folder_of(cast, fresh) is not None


def test_a_day_has_its_limit(cast, client_as, monkeypatch):
    from app.kernel.papers import printing

    monkeypatch.setattr(printing, "DAILY_PRINTS", 1)
    order, client = effective(cast), client_as("clerk")
    assert printed(client, "unit_choice", order, form="docx").status_code == 302
    answer = printed(client, "unit_choice", order, form="docx")
    assert answer.status_code == 422 and "已到上限" in answer.text and len(rows(cast)) == 1


def test_a_doubt_on_paper(cast):
    asked = doubt(cast)
    with acting_as(SYSTEM):
        text = told(cast.session, orders.fresh(cast, type(asked), asked.id))["doubt"]
    assert asked.number in text and "客户要求删去补充协议第四条" in text


def test_an_order_with_a_loan_has_its_list_of_papers(cast):
    order = loans.effective(cast)
    with acting_as(SYSTEM):
        papers = told(cast.session, orders.fresh(cast, type(order), order.id))
    assert {"reservation", "unit_choice", "sign_guide", "loan_list"} <= set(papers)
    assert "收入证明" in papers["loan_list"]
    guide = papers["sign_guide"]  # 1,145,984 with a loan of 800,000: the buyer brings 345,984
    for text in (capitals(order.total, prefix="人民币"), "人民币叁拾肆万伍仟玖佰捌拾肆元整", "人民币贰万元整"):
        assert text in guide, text


def test_a_supplement_tells_terms_parties_and_capitals(cast):
    contract = orders.contract(cast, effective(cast))
    changed(cast, contract, supplement="顶层屋面防水保修八年。")
    orders.step(cast, contract, "submit", "contract_officer")
    for login in ("supervisor", "site_manager", "developer_site"):
        contract = orders.decided(cast, contract, login)
    with acting_as(SYSTEM):
        text = told(cast.session, contract)["supplement"]
    for words in ("顶层屋面防水保修八年", "王伟", capitals(contract.total, prefix="人民币"), "一式 4 份"):
        assert words in text, words


def test_a_forfeited_deposit_stands_in_capitals(cast):
    paper = orders.approved_change(cast, effective(cast), ChangeKind.FORFEITURE, FaultOf.BUYER)
    with acting_as(SYSTEM):
        text = told(cast.session, paper)["change_request"]
    assert "没收定金" in text and "20,000.00（人民币贰万元整）" in text


def test_the_signing_route_tells_who_did_what(cast):
    order = effective(cast)
    contract = orders.signed(cast, order)
    with acting_as(SYSTEM):
        text = told(cast.session, orders.fresh(cast, type(contract), contract.id))["sign_route"]
    for part in ("认购书审核", "周敏", "签约完成", "许静", "甲方盖章", "陆一鸣"):
        assert part in text, part
