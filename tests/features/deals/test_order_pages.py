"""The screens of orders with the fixed cast: which button is there for whom, what a wrong entry keeps, what nobody may read."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from app.extensions import db
from app.features.customers.models import Customer
from app.features.deals.changes.models import ChangeRequest
from app.features.deals.discounts.models import DiscountRequest
from app.features.deals.reservations.models import Buyer, Reservation, ReservationState
from app.features.organisation.models import Project
from app.features.units.models import Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.transactions import write
from app.kernel.workflow import as_step
from tests.features.deals import orders as o
from tests.matrix.test_statements import statements

WRONG = "110105194912310021"  # the check digit is not right
STEP = re.compile(r"/reservation/step/([a-z_]+)/")
# state → person → the steps that the page offers
BUTTONS = {
    ReservationState.LOCKED: {
        "consultant1": {"submit", "release"},
        "supervisor": {"submit", "release", "extend", "split"},
        "clerk": {"submit"},
        "contract_officer": set(),
        "developer_finance": set(),
        "auditor": set(),
    },
    ReservationState.REVIEW: {
        "consultant1": {"reservation_withdraw"},
        "supervisor": {"release"},
        "clerk": {"check_material"},
        "developer_site": set(),
    },
    ReservationState.AWAITING: {
        "consultant1": {"customer_sign"},
        "supervisor": {"customer_sign", "release"},
        "clerk": {"check_material", "customer_sign"},
        "developer_finance": set(),
    },
    ReservationState.EFFECTIVE: {
        "consultant1": {"collect"},
        "supervisor": set(),
        "clerk": {"check_material", "collect"},
        "developer_site": {"seal"},
        "contract_officer": set(),
    },
}


def order_in(cast, state):
    """An order of consultant1 in a state, and its unit."""
    where, who, paid_by = o.unit(cast), o.customer(cast), o.scheme(cast)
    if state is ReservationState.EFFECTIVE:
        return o.effective(cast, where, who, paid_by), where
    order = o.filled(cast, o.locked(cast, where, who), paid_by)
    if state is not ReservationState.LOCKED:
        order = o.step(cast, order, "submit", "consultant1")
    if state is ReservationState.AWAITING:
        order = o.decided(cast, order, "supervisor")
    return order, where


@pytest.mark.parametrize("state", BUTTONS, ids=lambda state: state.value)
def test_the_page_offers_what_is_legal_now(cast, client_as, state):
    order, _where = order_in(cast, state)
    for login, expected in BUTTONS[state].items():
        answer = client_as(login).get(f"/reservation/show/{order.id}")
        assert answer.status_code == 200, login
        assert set(STEP.findall(answer.text)) == expected, login
        assert state.label in answer.text


def test_the_lock_page_takes_the_unit_for_a_customer_of_ones_own(cast, client_as):
    where, own = o.unit(cast), o.customer(cast)
    o.customer(cast, "consultant2", "10000005678", "赵雅婷")
    client = client_as("consultant1")
    page = client.get(f"/lock/{where.id}").text
    assert "1,145,984.00" in page and "30 分钟" in page
    asked = client.get(f"/lock/{where.id}?pick=customer_id").text
    assert "赵雅婷" not in page + asked and [
        r["id"] for r in client.get(f"/lock/{where.id}?pick=c").json["results"]
    ] == [own.id]
    key = re.search(r'name="_key" value="([^"]+)"', page).group(1)
    empty = client.post(f"/lock/{where.id}", data={"_key": key})
    assert empty.status_code == 422 and "请选择客户" in empty.text
    made = client.post(f"/lock/{where.id}", data={"_key": key, "customer_id": own.id})
    again = client.post(f"/lock/{where.id}", data={"_key": key, "customer_id": own.id})
    assert made.status_code == again.status_code == 302
    assert made.location == again.location
    assert o.fresh(cast, Unit, where.id).state is UnitState.LOCK
    assert "销控到" in client.get(made.location).text


def test_whoever_comes_second_reads_when_it_is_free_and_no_name(cast, client_as):
    where = o.unit(cast)
    o.locked(cast, where, o.customer(cast))
    other = o.customer(cast, "consultant2", "10000005678", "赵雅婷")
    answer = client_as("consultant2").post(f"/lock/{where.id}", data={"_key": "k" * 32, "customer_id": other.id})
    assert answer.status_code == 409
    assert re.search(r"被销控，剩 \d+ 分钟", answer.text)
    assert "林晓" not in answer.text and "赵雅婷" in answer.text


def test_the_lock_page_of_a_taken_unit_says_so_at_once(cast, client_as):
    where = o.unit(cast)
    o.locked(cast, where, o.customer(cast))
    assert re.search(r"被销控，剩 \d+ 分钟", client_as("consultant2").get(f"/lock/{where.id}").text)


def test_a_unit_of_the_other_project_is_no_unit(cast, client_as):
    where = o.unit(cast, project="b")
    assert client_as("consultant1").get(f"/lock/{where.id}").status_code == 404
    assert client_as("developer_finance").get(f"/lock/{where.id}").status_code in (403, 404)


def test_a_wrong_id_number_keeps_what_was_typed(cast, client_as):
    order, _where = order_in(cast, ReservationState.LOCKED)
    client = client_as("consultant1")
    typed = {
        "reservation_id": order.id,
        "name": "孙丽娟",
        "id_kind": "id_card",
        "id_number": WRONG,
        "phone": "",
    }
    answer = client.post("/buyer/add", data=typed)
    assert answer.status_code == 422
    assert "校验位不符" in answer.text
    for kept in ("孙丽娟", WRONG):
        assert f'value="{kept}"' in answer.text, kept
    with acting_as(SYSTEM):
        cast.session.rollback()
        assert cast.session.query(Buyer).filter_by(name="孙丽娟").count() == 0


def test_a_right_buyer_leads_back_to_the_order_and_is_masked(cast, client_as):
    order, _where = order_in(cast, ReservationState.LOCKED)
    client = client_as("consultant1")
    typed = {
        "reservation_id": order.id, "name": "孙丽娟", "id_kind": "id_card", "id_number": o.ID_NUMBER.lower(), "phone": "", "share": "1",
    }  # fmt: skip
    answer = client.post("/buyer/add", data=typed)
    assert answer.status_code == 302 and answer.location.endswith(f"/reservation/show/{order.id}")
    page = client_as("supervisor").get(f"/reservation/show/{order.id}?tab=buyers").text
    assert "孙丽娟" in page and o.ID_NUMBER not in page


def test_a_concession_is_asked_from_the_order_with_everything_known(cast, client_as):
    order, where = order_in(cast, ReservationState.LOCKED)
    client = client_as("consultant1")
    link = re.search(r'href="(/discount-request/add\?[^"]+)"', client.get(f"/reservation/show/{order.id}").text).group(
        1
    )
    page = client.get(link.replace("&amp;", "&")).text
    assert where.full_name in page and "王伟" in page
    order = o.fresh(cast, Reservation, order.id)
    typed = {
        "unit_id": where.id, "customer_id": order.customer_id, "scheme_id": order.scheme_id, "asked_total": "1,120,000",
        "reason": "老业主介绍", "wanted_until": str(o.today(3)),
    }  # fmt: skip
    made = client.post("/discount-request/add", data=typed)
    assert made.status_code == 302, made.text
    with acting_as(SYSTEM):
        cast.session.rollback()
        paper = cast.session.query(DiscountRequest).one()
    assert paper.asked_total == Decimal(1120000) and paper.public_total == order.public_total


def set_floor(cast, where, yuan):
    def work():
        with as_step(cast.session):
            cast.session.get(Unit, where.id).floor_unit_price = Decimal(yuan)
            cast.session.flush()

    with acting_as(SYSTEM):
        write(cast.session, work)


def test_the_floor_price_is_on_no_page_below_the_site_manager(cast, client_as):
    where, who, paid_by = o.unit(cast), o.customer(cast), o.scheme(cast)
    set_floor(cast, where, "11987.65")
    order = o.filled(cast, o.locked(cast, where, who), paid_by)
    paper = o.discount(cast, where, who, paid_by, "1070000")  # below 89.53 × 11,987.65 = 1,073,254.30
    o.step(cast, paper, "submit", "consultant1")
    for login in ("consultant1", "supervisor", "clerk"):
        client = client_as(login)
        pages = (
            f"/reservation/show/{order.id}", f"/reservation/edit/{order.id}", f"/discount-request/show/{paper.id}", "/discount-request/list/",
            f"/lock/{where.id}", f"/unit/show/{where.id}", f"/board/unit/{where.id}", "/inbox",
        )  # fmt: skip
        for page in pages:
            text = client.get(page).text.replace(",", "")
            assert "11987.65" not in text and "1073254" not in text and "底价" not in text, (login, page)
    assert "11,987.65" in client_as("site_manager").get(f"/unit/show/{where.id}").text  # the canary can be seen


def test_consultants_see_their_own_orders_only(cast, client_as):
    order, _where = order_in(cast, ReservationState.LOCKED)
    other = o.locked(
        cast, o.unit(cast, "0803"), o.customer(cast, "consultant2", "10000005678", "赵雅婷"), "consultant2"
    )
    client = client_as("consultant1")
    text = client.get("/reservation/list/").text
    assert "王伟" in text and "赵雅婷" not in text
    assert client.get(f"/reservation/show/{order.id}").status_code == 200
    assert client.get(f"/reservation/show/{other.id}").status_code == 404
    assert client.get(f"/reservation/edit/{other.id}").status_code == 404
    assert "赵雅婷" in client_as("supervisor").get("/reservation/list/").text


def test_the_cashier_reads_orders_and_no_customer_file(cast, client_as):
    order, _where = order_in(cast, ReservationState.EFFECTIVE)
    client = client_as("developer_finance")
    page = client.get(f"/reservation/show/{order.id}").text
    assert "王伟" in page and "20,000.00" in page
    assert "/customer/" not in page
    with acting_as(SYSTEM):
        customer = cast.session.query(Customer).one()
    assert client.get(f"/customer/show/{customer.id}").status_code in (403, 404)
    assert client.get("/customer/list/").status_code in (403, 404)


def test_the_contract_officer_is_led_from_the_order_to_its_contract(cast, client_as):
    order, where = order_in(cast, ReservationState.EFFECTIVE)
    client = client_as("contract_officer")
    assert f"/contract/add?reservation_id={order.id}" in client.get(f"/reservation/show/{order.id}").text
    paper = o.signed(cast, order)
    page = client.get(f"/contract/show/{paper.id}").text
    assert where.full_name in page and "1,145,984.00" in page and "网签提交" in page
    assert "/contract/add" not in client.get(f"/reservation/show/{order.id}").text


def test_a_contract_begins_with_the_handover_day_of_the_project(cast, client_as):
    order, _where = order_in(cast, ReservationState.EFFECTIVE)
    day = o.today(400)
    with acting_as(SYSTEM):
        cast.session.get(Project, order.project_id).handover_on = day
        cast.session.commit()
    client = client_as("contract_officer")
    assert (
        f'name="handover_on" type="date" value="{day}"' in client.get(f"/contract/add?reservation_id={order.id}").text
    )
    assert (
        client.post("/contract/add", data={"reservation_id": order.id, "handover_on": str(o.today(500))}).status_code
        == 302
    )


def test_an_emptied_fee_is_none(cast, client_as):
    order, _where = order_in(cast, ReservationState.EFFECTIVE)
    body = {"fault": "nobody", "reason": "贷款不批", "fee": ""}
    url = f"/change-request/add?reservation_id={order.id}&kind=withdrawal"
    answer = client_as("consultant1").post(url, data={"reservation_id": order.id, **body})
    assert answer.status_code == 302, answer.text
    paper = o.fresh(cast, ChangeRequest, 1)
    assert paper.fee == 0
    again = client_as("consultant1").post(
        f"/change-request/edit/{paper.id}", data={"reservation_id": order.id, "_version": paper.version, **body}
    )
    assert again.status_code == 302, again.text


def test_an_order_is_chosen_by_its_home(cast, client_as):
    order, where = order_in(cast, ReservationState.EFFECTIVE)
    assert f">{order.number} {where.full_name}</option>" in client_as("consultant1").get("/signing-slip/add").text


def test_a_deposit_below_the_least_is_refused_where_it_is_typed(cast, client_as):
    order, _where = order_in(cast, ReservationState.LOCKED)
    body = {
        "scheme_id": order.scheme_id, "deposit": "0", "ownership": "sole", "_version": order.version, "reserved_on": str(o.today()),
    }  # fmt: skip
    answer = client_as("consultant1").post(f"/reservation/edit/{order.id}", data=body)
    assert answer.status_code == 422 and "定金不能低于最低定金 5,000.00 元" in answer.text


def test_nobody_without_the_post_opens_the_room(cast, client_as):
    order, _where = order_in(cast, ReservationState.LOCKED)
    for login in ("marketing", "administration", "channel_officer", "admin", "other_supervisor"):
        client = client_as(login)
        assert client.get(f"/reservation/show/{order.id}").status_code in (403, 404), login
        assert "王伟" not in client.get("/reservation/list/").text, login


def test_the_history_reads_like_the_page(cast, client_as):
    order, _where = order_in(cast, ReservationState.LOCKED)
    o.step(cast, order, "release", "supervisor", note="客户再考虑")
    pane = client_as("consultant1").get(f"/reservation/show/{order.id}").text.partition('id="pane-history"')[2]
    lines = re.findall(r'<tr><td class="nowrap"(.*?)</tr>', pane, re.DOTALL)
    cells = [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", line)] for line in lines]
    words = {label: values for _who, label, *values in cells}
    assert words["付款方式"] == ["—", "一次性"], "a related record by its name"
    assert words["成交总价"] == ["—", "1,145,984.00"]
    assert words["登记"] == [""], "no value before, none after"
    assert re.fullmatch(r"今日 \d\d:\d\d", words["关闭时间"][1]), "moments as people say them"
    assert words["销控"] == ["草稿", "销控锁定"], "born by its first step"


def test_orders_to_choose_from_come_with_their_homes(cast, client_as):
    buyer, client, told = o.customer(cast), client_as("consultant1"), []
    for rooms in (("1101",), ("1102", "1103", "1104", "1105")):
        for room in rooms:
            o.locked(cast, o.unit(cast, room), buyer)
        client.get("/buyer/pick/reservation_id?q=")
        with statements(db.engine) as sent:
            found = client.get("/buyer/pick/reservation_id?q=").get_json()["results"]
        told.append((len(found), len(sent)))
    assert [count for count, _sent in told] == [1, 5]
    assert told[0][1] == told[1][1]
    assert "1105栋1单元1105" in found[0]["text"]
