"""Screens of prices with the fixed cast: what managers do there, and that nobody below them meets a floor price."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.features.pricing.effects.lines import Prices
from app.features.pricing.models import (
    Mandate,
    PaymentScheme,
    PriceLine,
    PriceList,
    PublicDiscount,
    SalesScheme,
    SchemeState,
)
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from tests.cast import Cast
from tests.features.pricing import papers
from tests.features.pricing.test_price_lists import agree, decided, draft, step
from tests.features.units import makers

CANARY = re.compile(r"11,?873(?!\d)|1,?062,?98\d|底价")  # 11,873.00 a ㎡, × 89.53 = 1,062,989.69, and the word itself
FLOOR = Prices(Decimal(12950), Decimal(11873), Decimal(13000))
ClientAs = Callable[[str], FlaskClient]


def text_of(answer: TestResponse) -> str:
    """The page, or every part of a workbook, as text."""
    if not answer.data.startswith(b"PK"):
        return answer.get_data(as_text=True)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


def only(cast: Cast, model: type) -> object:
    with acting_as(SYSTEM):
        cast.session.rollback()
        return cast.session.scalars(select(model)).one()


@pytest.mark.parametrize("reader", ["consultant1", "supervisor", "clerk", "auditor"])
def test_the_floor_price_is_nowhere_for_those_below(cast: Cast, client_as: ClientAs, reader: str) -> None:
    units = makers.house(cast, "1101")
    paper = decided(cast, draft(cast, units, FLOOR))
    client, unit = client_as(reader), units[0].id
    pages = [
        "/", "/board", f"/board/unit/{unit}", f"/unit/show/{unit}", "/unit/list/", "/unit/list/export", "/price-list/list/",
        f"/price-list/show/{paper.id}", f"/price-list/grid/{paper.id}", "/price-line/list/", "/price-line/list/export",
        "/price-line/list/?order=floor_unit_price", "/approvals", f"/approvals/{paper.id}", "/notices", "/search?q=3栋", "/search?q=价目表",
        "/payment-scheme/list/", "/sales-scheme/list/",
    ]  # fmt: skip
    seen = 0
    for page in pages:
        answer = client.get(page)
        assert answer.status_code in (200, 302, 403, 404), f"{page}: {answer.status}"
        text = text_of(answer)
        seen += answer.status_code == 200
        assert not CANARY.search(text), f"{page}: {CANARY.search(text)}"
    assert seen >= 4


def test_managers_read_it(cast: Cast, client_as: ClientAs) -> None:
    paper = decided(cast, draft(cast, makers.house(cast, "1101"), FLOOR))
    for login in ("site_manager", "developer_lead"):
        client = client_as(login)
        for page in (f"/price-list/show/{paper.id}", "/price-line/list/export", "/unit/list/export"):
            assert CANARY.search(text_of(client.get(page))), page


def test_price_lists_of_another_project_do_not_exist(cast: Cast, client_as: ClientAs) -> None:
    paper = draft(cast, makers.house(cast, "1101"))
    for login in ("other_site_manager", "other_lead"):
        client = client_as(login)
        for page in ("show", "grid", "edit"):
            assert client.get(f"/price-list/{page}/{paper.id}").status_code in (403, 404)
        assert paper.name not in client.get("/price-list/list/").get_data(as_text=True)


def test_a_list_is_made_filled_and_submitted_on_the_screen(cast: Cast, client_as: ClientAs) -> None:
    units = makers.house(cast, "1101", "1102")
    client, today = client_as("site_manager"), now().date()
    client.post("/price-list/add", data={"name": "首期价目表", "effective_on": str(today), "reason": "开盘"})
    paper = only(cast, PriceList)
    grid = f"/price-list/grid/{paper.id}"
    page = client.get(grid).get_data(as_text=True)
    assert "3栋1单元1101" in page
    building = re.search(r'option value="(\d+)" selected', page)[1]
    version = re.search(r'name="_version" value="(\d+)"', page)[1]
    one, two = (unit.id for unit in units)
    form = {"building": building, "_version": version, f"list-{one}": "１2,900", f"floor-{one}": "abc"}
    wrong = client.post(grid, data=form)
    assert wrong.status_code == 422
    assert "3栋1单元1101：「abc」不是金额" in wrong.get_data(as_text=True)
    assert "１2,900" in wrong.get_data(as_text=True)
    form |= {f"floor-{one}": "12000", f"filed-{one}": "13000", f"list-{two}": ""}
    assert client.post(grid, data=form).status_code == 302
    line = only(cast, PriceLine)
    assert (line.unit_id, line.list_unit_price, line.list_total) == (one, Decimal(12900), Decimal("1154937.00"))
    assert client.post(grid, data=form).status_code == 409
    shown = client.get(f"/price-list/show/{paper.id}").get_data(as_text=True)
    assert "12,900.00" in shown
    assert "+100.00" in shown or "100.00" in shown
    assert client.post(f"/price-list/step/submit/{paper.id}").status_code == 302
    assert only(cast, PriceList).state.label == "审批中"
    assert client.get(grid).status_code == 403


def test_a_scheme_with_its_discounts(cast: Cast, client_as: ClientAs) -> None:
    makers.house(cast, "1101")
    client, today = client_as("site_manager"), now().date()
    data = {
        "name": "强销方案",
        "valid_from": str(today),
        "compounding": "multiplied",
        "rounding_step": "1",
        "rounding_way": "half_up",
    }
    assert client.post("/sales-scheme/add", data=data).status_code == 302
    scheme = only(cast, SalesScheme)
    row = {
        "sales_scheme_id": scheme.id,
        "position": "1",
        "name": "按时签约",
        "factor": "0.99",
        "condition": "7 天内签约",
    }
    both = client.post("/public-discount/add", data=row | {"amount": "5000"})
    assert both.status_code == 422
    assert "只填一项" in both.get_data(as_text=True)
    assert client.post("/public-discount/add", data=row).status_code == 302
    assert "按时签约" in client.get(f"/sales-scheme/show/{scheme.id}").get_data(as_text=True)
    assert client_as("consultant1").get(f"/sales-scheme/show/{scheme.id}").status_code == 404
    step(cast, scheme, "submit", "site_manager")
    assert client.post("/public-discount/add", data=row | {"name": "再来一个"}).status_code == 422
    assert client.get(f"/public-discount/edit/{only(cast, PublicDiscount).id}").status_code == 403
    agree(cast, scheme, "project_manager", "developer_lead")
    assert only(cast, SalesScheme).state is SchemeState.ACTIVE
    assert "按时签约" in client_as("consultant1").get(f"/sales-scheme/show/{scheme.id}").get_data(as_text=True)


def test_a_payment_scheme_asks_for_the_fields_of_its_kind(cast: Cast, client_as: ClientAs) -> None:
    client = client_as("site_manager")
    data = {"name": "商业按揭", "kind": "mortgage", "discount": "0.98", "deposit": "20,000"}
    assert "请填写贷款比例" in client.post("/payment-scheme/add", data=data).get_data(as_text=True)
    data |= {"loan_share": "0.7", "loan_step": "10000", "loan_days": "60"}
    assert "不用填分期安排" in client.post("/payment-scheme/add", data=data | {"instalments": "50% 0"}).get_data(
        as_text=True
    )
    assert client.post("/payment-scheme/add", data=data).status_code == 302
    scheme = only(cast, PaymentScheme)
    step(cast, scheme, "submit", "site_manager")
    agree(cast, scheme, "project_manager", "developer_lead")
    assert only(cast, PaymentScheme).state is SchemeState.ACTIVE


def test_instalments_are_read_as_a_sentence(cast: Cast, client_as: ClientAs) -> None:
    client = client_as("site_manager")
    data = {
        "name": "两期", "kind": "instalments", "discount": "0.99", "deposit": "20,000",
        "instalments": "50% 0\n50% 60", "row_step": "1",
    }  # fmt: skip
    assert client.post("/payment-scheme/add", data=data).status_code == 302
    page = client.get(f"/payment-scheme/show/{only(cast, PaymentScheme).id}").get_data(as_text=True)
    assert "签约时 50 %，签约后 60 天 50 %" in page


def test_instalments_that_nobody_can_read_are_shown_as_typed(cast: Cast, client_as: ClientAs) -> None:
    """Brought in from outside: the page of the scheme opens all the same."""
    scheme = papers.mortgage(cast)
    cast.session.execute(update(PaymentScheme.__table__).values(instalments="对半分"))
    cast.session.commit()
    page = client_as("site_manager").get(f"/payment-scheme/show/{scheme.id}")
    assert (page.status_code, "对半分" in page.get_data(as_text=True)) == (200, True)


def test_a_public_discount_below_the_floor_is_refused_before_anybody_is_quoted(cast: Cast, client_as: ClientAs) -> None:
    makers.house(cast, "1101")
    papers.mortgage(cast)
    deep = papers.sales(cast, ("清盘", "factor", "0.94"), name="清盘方案", state=SchemeState.DRAFT)
    with pytest.raises(Exception, match="低于底价：3栋1单元1101"):
        step(cast, deep, "submit", "site_manager")


def test_a_mandate_is_registered_by_the_clerk_and_decided_by_the_developer(cast: Cast, client_as: ClientAs) -> None:
    client, today = client_as("clerk"), now().date()
    data = {
        "document_no": "授权 2026-01", "signed_on": str(today), "signed_by": "沈国栋", "valid_from": str(today),
        "valid_until": str(today + timedelta(days=30)), "cap_units": "20", "cap_amount": "30万",
    }  # fmt: skip
    assert client.post("/mandate/add", data=data).status_code == 302
    paper = only(cast, Mandate)
    assert client.post(f"/mandate/step/submit/{paper.id}").status_code == 302
    agree(cast, paper, "developer_lead")
    assert "300,000.00" in client_as("supervisor").get(f"/mandate/show/{paper.id}").get_data(as_text=True)
    assert client_as("consultant1").get(f"/mandate/show/{paper.id}").status_code in (403, 404)
