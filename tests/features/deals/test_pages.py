"""The screens of orders with the fixed cast: a consultant finishes an order by its pages alone; strangers find nothing (07)."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from app.features.deals.contracts.models import Contract, ContractState
from app.features.deals.discounts.models import DiscountRequest, DiscountState
from app.features.deals.reservations.models import Buyer, Reservation, ReservationState
from app.features.units.models import Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.finding import open_of
from tests.cast import Cast
from tests.features.deals import orders as o

LISTS = ("reservation", "contract", "change-request")


def only(cast: Cast, model):
    with acting_as(SYSTEM):
        cast.session.rollback()
        return cast.session.query(model).order_by(model.id.desc()).first()


def decision(cast: Cast, paper) -> tuple[int, int]:
    """(request, station) that waits."""
    with acting_as(SYSTEM):
        request = open_of(cast.session, paper)
        assert request is not None
        return request.id, next(s.id for s in request.steps if s.state.value == "pending")


def decide(cast: Cast, client, paper, **values):
    request_id, step_id = decision(cast, paper)
    assert client.get(f"/approvals/{request_id}").status_code == 200
    body = {"verdict": "approve", "opinion": "同意", "step": step_id, "step_id": step_id} | values
    return client.post(f"/approvals/{request_id}", data=body)


def primary(page: str) -> list[str]:
    """The words on the primary buttons of a page, without icons."""
    found = re.findall(
        r'class="btn btn-primary[^"]*"[^>]*>(.*?)</(?:a|button)>',
        page.partition('<div class="acts')[2].partition("<dialog")[0],
    )
    return [re.sub(r"<[^>]+>", "", words).strip() for words in found]


def test_a_consultant_finishes_an_order_by_its_pages(cast, client_as):
    where, who, paid_by = o.unit(cast), o.customer(cast), o.scheme(cast)
    me = client_as("consultant1")
    assert f"/lock/{where.id}" in me.get(f"/board/unit/{where.id}").text
    page = me.get(f"/lock/{where.id}").text
    assert "30 分钟内提交认购书" in page and "<option" not in page.partition("<main")[2]
    for asked in ("", "王", "wangwei", "1234"):
        found = me.get(f"/lock/{where.id}?pick=customer_id&q={asked}").json["results"]
        assert [(one["id"], "****" in one["text"]) for one in found] == [(who.id, True)], asked
    assert me.get(f"/lock/{where.id}?pick=customer_id&q=zhao").json["results"] == []
    assert "请选择客户" in me.post(f"/lock/{where.id}", data={"_key": "k0"}).text
    taken = me.post(f"/lock/{where.id}", data={"customer_id": who.id, "_key": "k1"})
    assert taken.status_code == 302
    order = only(cast, Reservation)
    assert taken.headers["Location"] == f"/reservation/show/{order.id}"
    page = me.get(f"/reservation/show/{order.id}").text
    for word in ("提交审核", "登记买受人", "提交审核前还差：价格和付款方式、买受人。"):
        assert word in page, word
    assert primary(page) == ["填写价格和付款方式"]

    form = {
        "reserved_on": str(o.today()),
        "scheme_id": paid_by.id,
        "deposit": "20000",
        "ownership": "sole",
        "total": "1120000",
    }
    saved = me.post(f"/reservation/edit/{order.id}", data=form | {"_version": order.version})
    assert saved.status_code == 302, saved.text
    assert primary(me.get(f"/reservation/show/{order.id}").text) == ["登记买受人"]
    form_page = me.get(f"/buyer/add?reservation_id={order.id}").text
    assert 'value="王伟"' in form_page, "the first buyer is mostly the customer"
    assert f'href="/reservation/show/{order.id}">返回' in form_page
    buyer = {
        "reservation_id": order.id,
        "name": "王伟",
        "id_kind": "id_card",
        "id_number": "110105194912310021",
        "share": "1",
    }
    assert "校验位不符" in me.post("/buyer/add", data=buyer | {"_key": "k2"}).text
    added = me.post("/buyer/add", data=buyer | {"id_number": o.ID_NUMBER, "_key": "k3"})
    assert added.headers["Location"] == f"/reservation/show/{order.id}"
    page = me.get(f"/reservation/show/{order.id}").text
    assert "1,120,000.00" in page and "壹佰壹拾贰万元整" in page and o.ID_NUMBER not in page and "王伟" in page
    link = f"/discount-request/add?unit_id={where.id}&amp;customer_id={who.id}&amp;scheme_id={paid_by.id}&amp;asked_total=1120000"
    assert link in page
    refused = me.post(f"/reservation/step/submit/{order.id}", data={"_version": only(cast, Reservation).version})
    assert (
        "特殊折扣单" in me.get(refused.headers["Location"]).text
        if refused.status_code == 302
        else "特殊折扣单" in refused.text
    )

    asked = me.get(link.replace("&amp;", "&")).text
    assert 'value="1120000' in asked and "王伟" in asked and where.full_name in asked
    ask = {
        "unit_id": where.id,
        "customer_id": who.id,
        "scheme_id": paid_by.id,
        "asked_total": "1120000",
        "reason": "老业主介绍",
    }
    assert (
        me.post("/discount-request/add", data=ask | {"wanted_until": str(o.today(3)), "_key": "k4"}).status_code == 302
    )
    paper = only(cast, DiscountRequest)
    me.post(f"/discount-request/step/submit/{paper.id}", data={"_version": paper.version})
    lead = client_as("developer_lead")
    assert "去审批" in lead.get(f"/discount-request/show/{paper.id}").text
    decide(cast, lead, paper, granted_total="1120000", valid_until=str(o.today(3)))
    assert only(cast, DiscountRequest).state is DiscountState.APPROVED

    me.post(f"/reservation/step/submit/{order.id}", data={"_version": only(cast, Reservation).version})
    assert only(cast, Reservation).state is ReservationState.REVIEW
    head = client_as("supervisor")
    assert "审核认购书" in head.get(f"/board/unit/{where.id}").text
    asked = head.get(f"/approvals/{decision(cast, order)[0]}").text
    assert "1,120,000.00" in asked and "壹佰壹拾贰万元整" in asked, "nobody approves an order without its price"
    decide(cast, head, order)
    waiting = me.get(f"/reservation/show/{order.id}").text
    assert only(cast, Reservation).state is ReservationState.AWAITING
    assert "开缴款通知单" in waiting and "请安排客户签字并缴定金" in waiting and "1,100,000.00" in waiting


def test_the_office_brings_an_effective_order_to_its_signature(cast, client_as):
    where = o.unit(cast)
    order = o.effective(cast, where, o.customer(cast), o.scheme(cast))
    office = client_as("contract_officer")
    assert f"/contract/add?reservation_id={order.id}" in office.get(f"/reservation/show/{order.id}").text
    form = {
        "reservation_id": order.id, "form": "gf-2014-0171", "late_rate": "0.0002", "late_days": "60", "termination_rate": "0.05",
        "area_clause": "按办法", "copies": "4", "_key": "c1",
    }  # fmt: skip
    assert office.post("/contract/add", data=form).status_code == 302
    paper = only(cast, Contract)
    assert (paper.total, paper.buyers) == (order.total, "王伟")
    assert "这份认购书已经有一份合同" in office.post("/contract/add", data=form | {"_key": "c2"}).text
    office.post(f"/contract/step/submit/{paper.id}", data={"_version": paper.version})
    for login in ("supervisor", "site_manager", "developer_site"):
        decide(cast, client_as(login), paper)
    assert only(cast, Contract).state is ContractState.APPROVED
    office.post(f"/contract/step/enter/{paper.id}", data={"online_no": "W1", "contract_no": "HT-1"})
    assert o.fresh(cast, Unit, where.id).state is UnitState.DRAFT
    office.post(f"/contract/step/buyer_sign/{paper.id}", data={"on": str(o.today())})
    client_as("developer_site").post(f"/contract/step/seller_seal/{paper.id}", data={"on": str(o.today())})
    o.paid(cast, order, str(order.total - Decimal(20000)), o.FundKind.PRICE)
    office.post(f"/contract/step/sign/{paper.id}", data={"on": str(o.today()), "contract_no": "HT-1"})
    assert o.fresh(cast, Unit, where.id).state is UnitState.SIGN
    seen = client_as("consultant1").get(f"/reservation/show/{order.id}").text
    assert "已转签约" in seen and "申请变更" in seen and "HT-1" in seen


@pytest.mark.parametrize(
    "reader", ["supervisor", "site_manager", "clerk", "contract_officer", "developer_finance", "auditor"]
)
def test_the_chain_reads_orders_with_the_id_numbers_masked(cast, client_as, reader):
    order = o.filled(cast, o.locked(cast, o.unit(cast), o.customer(cast)), o.scheme(cast))
    client = client_as(reader)
    for name in LISTS:
        assert client.get(f"/{name}/list/").status_code == 200, name
    page = client.get(f"/reservation/show/{order.id}").text
    assert "1栋" in page or "1102栋" in page
    assert o.ID_NUMBER not in page


@pytest.mark.parametrize(
    "stranger", ["consultant2", "supervisor2", "other_supervisor", "other_lead", "marketing", "admin"]
)
def test_strangers_and_the_other_team_find_nothing(cast, client_as, stranger):
    order = o.filled(cast, o.locked(cast, o.unit(cast), o.customer(cast)), o.scheme(cast))
    with acting_as(SYSTEM):
        buyer_id = cast.session.query(Buyer).one().id
    client = client_as(stranger)
    for path in (f"/reservation/show/{order.id}", f"/buyer/show/{buyer_id}", f"/reservation/edit/{order.id}"):
        assert client.get(path).status_code in (302, 403, 404), path
    assert client.post(f"/reservation/step/release/{order.id}", data={"note": "x"}).status_code in (302, 403, 404)
    assert o.fresh(cast, Reservation, order.id).state is ReservationState.LOCKED
    listed = client.get("/reservation/list/")
    assert "王伟" not in listed.text


def test_no_page_of_an_order_names_the_floor_price(cast, client_as):
    where, who, paid_by = o.unit(cast), o.customer(cast), o.scheme(cast)
    paper = o.step(cast, o.discount(cast, where, who, paid_by, "1065000"), "submit", "consultant1")
    for login in ("consultant1", "supervisor"):
        page = client_as(login).get(f"/discount-request/show/{paper.id}").text
        assert "底价" not in page and "1,065,407" not in page and "11,900" not in page
