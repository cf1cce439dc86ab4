"""The screens of the supplies: a paper with lines in one form, nothing typed is lost, chips and reminders."""

from __future__ import annotations

import re
from decimal import Decimal

from sqlalchemy import ColumnDefault

from app.features.office.supplies.models import SupplyCheck, SupplyHand, SupplyItem, SupplyPurchase, SupplyReceipt
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.screens.lines import line_model
from app.kernel.screens.view import view_of
from tests import test_kept_forms as kept
from tests.factories import saved
from tests.features.office import store


def goods(*lines, **more):
    """The form of a receipt: (item, quantity, price) a row, a row left out between them."""
    form = {"supplier": "江城文具", "came_on": "2026-11-20"} | more
    for number, (one, quantity, price) in enumerate(lines):
        form |= {
            f"line-{number * 2}-item_id": str(one.id),
            f"line-{number * 2}-quantity": quantity,
            f"line-{number * 2}-unit_price": price,
        }
    return form


def test_a_receipt_is_typed_with_its_lines_and_posted(client_as, cast):
    one, other = store.item(cast), store.item(cast, "中性笔", unit="支")
    clerk = client_as("clerk")
    page = clerk.get("/supply-receipt/add").get_data(as_text=True)
    assert page.count('name="line-') == 9  # three empty rows
    answer = clerk.post("/supply-receipt/add", data=goods((one, "10", "18.50"), (other, "24", "1.2")))
    ids = one.id, other.id
    made = store.all_of(cast, SupplyReceipt)[-1]
    key = made.id
    assert answer.headers["Location"] == f"/supply-receipt/show/{key}"
    assert [(line.item_id, line.quantity, str(line.amount)) for line in made.lines] == [
        (ids[0], 10, "185.00"),
        (ids[1], 24, "28.80"),
    ]
    shown = clerk.get(f"/supply-receipt/show/{key}").get_data(as_text=True)
    assert "213.80" in shown
    assert "确认入库" in shown
    clerk.post(f"/supply-receipt/step/post/{key}", data={})
    assert store.fresh(cast, other).stock == 24


def test_errors_name_the_row_and_nothing_typed_is_lost(client_as, cast):
    one = store.item(cast)
    answer = client_as("clerk").post(
        "/supply-receipt/add", data=goods((one, "ten", "18"), (one, "0", "7.5"), supplier="")
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "第 1 行 数量" in page
    assert "「ten」不是整数" in page
    assert 'value="ten"' in page
    assert 'value="7.5"' in page
    answer = client_as("clerk").post("/supply-receipt/add", data=goods((one, "1", "18"), (one, "0", "7.5")))
    page = answer.get_data(as_text=True)
    assert "第 2 行的数量应大于 0" in page
    assert re.search(r'name="line-2-quantity"[^>]*aria-invalid="true"', page)
    assert store.all_of(cast, SupplyReceipt) == []


def test_a_paper_without_lines_says_so(client_as):
    answer = client_as("clerk").post("/supply-receipt/add", data=goods())
    assert answer.status_code == 422
    assert "请至少填写一行「入库物品」" in answer.get_data(as_text=True)


def test_more_rows_without_script(client_as, cast):
    answer = client_as("clerk").post("/supply-receipt/add", data=goods((store.item(cast), "x", ""), _save="more_lines"))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert 'value="x"' in page
    assert page.count('name="line-') == 12
    assert "aria-invalid" not in page


def test_lines_are_changed_by_place_and_a_stale_form_never_wins(client_as, cast):
    one = store.item(cast)
    clerk = client_as("clerk")
    clerk.post("/supply-receipt/add", data=goods((one, "10", "18"), (one, "5", "9")))
    made = store.all_of(cast, SupplyReceipt)[-1]
    first, seen = made.lines[0].id, made.version
    assert (
        clerk.post(f"/supply-receipt/edit/{made.id}", data=goods((one, "11", "18"), _version=str(seen))).status_code
        == 302
    )
    changed = store.fresh(cast, made)
    assert [(line.id, line.quantity) for line in changed.lines] == [(first, 11)]
    assert changed.version > seen
    stale = clerk.post(f"/supply-receipt/edit/{made.id}", data=goods((one, "99", "18"), _version=str(seen)))
    assert stale.status_code == 409
    assert 'value="99"' in stale.get_data(as_text=True)


def test_a_foreign_item_cannot_be_written_into_a_line(client_as, cast):
    foreign = saved(
        cast.session, SupplyItem(project_id=cast.project_ids["b"], name="别家的纸", unit="包", title="别家的纸")
    )
    answer = client_as("clerk").post("/supply-receipt/add", data=goods((foreign, "1", "1")))
    assert answer.status_code == 422
    assert "没有找到所选的物品" in answer.get_data(as_text=True)
    assert "别家的纸" not in client_as("clerk").get("/supply-receipt/pick/item_id").get_data(as_text=True)


def test_the_receiver_signs_on_his_own_page(client_as, cast):
    paper = store.item(cast, stock=9)
    clerk = client_as("clerk")
    clerk.post(
        "/supply-hand/add",
        data={
            "kind": "issue",
            "holder_id": str(cast.person_ids["consultant1"]),
            "line-0-item_id": str(paper.id),
            "line-0-quantity": "2",
        },
    )
    slip = store.all_of(cast, SupplyHand)[-1].id
    clerk.post(f"/supply-hand/step/hand/{slip}", data={})
    assert "等 林晓 用自己的账号签收" in clerk.get(f"/supply-hand/show/{slip}").get_data(as_text=True)
    receiver = client_as("consultant1")
    assert "1 张领用单待你签收" in receiver.get("/").get_data(as_text=True)
    assert f"/supply-hand/step/sign/{slip}" in receiver.get(f"/supply-hand/show/{slip}").get_data(as_text=True)
    receiver.post(f"/supply-hand/step/sign/{slip}", data={})
    assert store.fresh(cast, paper).stock == 7
    assert "待你签收" not in receiver.get("/").get_data(as_text=True)


def test_chips_and_the_reminder_of_the_clerk(client_as, cast):
    store.item(cast, "A4 纸", stock=2, minimum=5)
    store.item(cast, "中性笔", stock=6, minimum=5)
    store.item(cast, "饮用水", stock=60, minimum=5)
    clerk = client_as("clerk")
    assert "1 种办公用品低于安全量" in clerk.get("/").get_data(as_text=True)
    low, soon = (clerk.get(f"/supply-item/list/?chip={chip}").get_data(as_text=True) for chip in ("low", "soon"))
    assert ("A4 纸" in low, "中性笔" in low, "饮用水" in low) == (True, False, False)
    assert ("A4 纸" in soon, "中性笔" in soon, "饮用水" in soon) == (False, True, False)
    assert "低于安全量" not in client_as("consultant1").get("/").get_data(as_text=True)


def test_a_purchase_is_made_from_the_minima(client_as, cast):
    store.item(cast, "A4 纸", stock=2, minimum=5)
    answer = client_as("clerk").post("/supply-purchase/from-minima")
    made = store.all_of(cast, SupplyPurchase)[-1]
    assert answer.headers["Location"] == f"/supply-purchase/edit/{made.id}"
    page = client_as("clerk").get(answer.headers["Location"]).get_data(as_text=True)
    assert 'name="line-0-quantity"' in page
    assert 'value="8"' in page


def test_the_developer_sees_nothing_of_it(client_as, cast):
    paper = store.item(cast, stock=2)
    developer = client_as("developer_lead")
    for address in ("/supply-item/list/", f"/supply-item/show/{paper.id}", "/stock-movement/list/"):
        assert developer.get(address).status_code in (403, 404), address


def test_lines_typed_before_the_sign_in_ended_come_back(client_as, cast):
    one = store.item(cast)
    clerk = client_as("clerk")
    marks = kept.opened(clerk, "/supply-receipt/add")
    kept.end(cast, "clerk")
    late = goods((one, "10", "18.50"), (one, "7", "2"), (one, "31", "2"), supplier="晚到的文具店")
    login = clerk.post("/supply-receipt/add", data=late | marks).headers["Location"]
    page = clerk.get(kept.sign_in(clerk, "clerk", login).headers["Location"]).get_data(as_text=True)
    assert kept.SAID in page
    for typed in ('value="晚到的文具店"', 'value="10"', 'value="18.50"', 'value="31"'):
        assert typed in page, typed
    assert "没有保存，可从这里复制" not in page  # nothing was left over: every line has its row


def test_the_whole_store_is_counted_on_one_sheet(client_as, cast):
    clerk = client_as("clerk")
    assert clerk.post("/supply-check/whole").headers["Location"] == "/supply-item/list/", "nothing is kept yet"
    paper, pens = store.item(cast, name="复印纸", stock=10), store.item(cast, name="中性笔", stock=4)
    gone = store.item(cast, name="传真纸", active=False)
    edit = clerk.post("/supply-check/whole").headers["Location"]
    made = store.all_of(cast, SupplyCheck)[-1]
    assert edit == f"/supply-check/edit/{made.id}"
    with acting_as(SYSTEM):
        listed = {line.item_id: line.quantity for line in store.fresh(cast, made).lines}
    assert listed == {paper.id: 10, pens.id: 4}
    assert gone.id not in listed
    again = clerk.post("/supply-check/whole", headers={"Referer": "http://localhost/supply-check/list/"})
    assert "没有办完" in again.get_data(as_text=True), "two counts at once would book a difference twice"
    assert client_as("consultant1").post("/supply-check/whole").status_code == 403


def test_what_a_line_must_have_bears_a_star(client_as, monkeypatch):
    """Also what starts with a computed value: emptied, it is refused."""
    column = line_model(view_of(SupplyReceipt)).__table__.c.unit_price
    monkeypatch.setattr(column, "default", ColumnDefault(lambda: Decimal(1)))
    page = client_as("clerk").get("/supply-receipt/add").text
    assert re.search(r">单价 <span class=\"req\"", page)
