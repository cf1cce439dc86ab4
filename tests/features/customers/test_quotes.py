"""置业计划: computed as P1–P10, printed, ended by a new price; each consultant sees his own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.features.customers.models import Customer
from app.features.customers.quotes.effects import Wish, make_quote, plan_of_quote
from app.features.customers.quotes.models import Quote, QuoteState
from app.features.customers.quotes.printed import quote as printed
from app.features.organisation.models import Parameter
from app.features.pricing.models import PublicDiscount, SchemeKind
from app.features.units.models import Product, Unit
from app.kernel import base, jobs
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import NotFound, RuleError
from app.kernel.papers.kinds import Desk
from tests.bench.hours import real_now
from tests.cast import Cast
from tests.factories import saved
from tests.features.deals.test_price_lines import changed, place
from tests.features.pricing import papers
from tests.features.pricing.test_price_lists import decided, draft
from tests.features.units import makers
from tests.kernel.papers.words import printed_words

Register = Callable[..., Customer]


@pytest.fixture
def wish(cast: Cast, registered: Register) -> Wish:
    """3栋1102 for a customer of consultant1, 商业按揭 0.98, with the discounts of the guide."""
    unit = makers.house(cast, "1102")[0]
    scheme = papers.mortgage(cast)
    papers.sales(cast, papers.IN_TIME, papers.FIXED)
    return Wish(registered("consultant1").id, unit.id, scheme.id)


def made(cast: Cast, wish: Wish, login: str = "consultant1") -> Quote:
    actor = cast.actor(login)
    with acting_as(actor):
        return make_quote(cast.session, actor, wish)


def read(cast: Cast) -> Quote:
    with acting_as(SYSTEM):
        cast.session.rollback()
        return cast.session.scalars(select(Quote)).one()


def test_price_plan_and_monthly_payment(cast: Cast, wish: Wish) -> None:
    made(cast, replace(wish, loan_years=30, loan_rate=Decimal("0.035")))
    paper = read(cast)
    assert paper.number.startswith("ZY-JPYL-")
    assert paper.public_total == 1106834
    assert paper.unit_price == Decimal("12362.72")
    assert [step[2] for step in paper.steps] == ["1145984.00", "1123064.32", "1111833.68", "1106833.68", "1106834.00"]
    assert [Decimal(row[2]) for row in paper.plan_rows] == [20000, 316834, 770000]
    assert paper.monthly == Decimal("3457.64")
    assert paper.valid_until == base.now().date() + timedelta(days=3)
    assert paper.owner_id == cast.person_ids["consultant1"]


def test_two_loans(cast: Cast, wish: Wish) -> None:
    both = papers.mortgage(cast, name="组合贷款", kind=SchemeKind.COMBINED)
    asked = replace(
        wish, scheme_id=both.id, loan_years=30, fund_years=20, loan_rate=Decimal("0.035"), fund_rate=Decimal("0.026")
    )
    with pytest.raises(RuleError, match="公积金贷款金额"):
        made(cast, asked)
    made(cast, replace(asked, fund_amount=Decimal(600000)))
    paper = read(cast)
    assert [Decimal(row[2]) for row in paper.plan_rows] == [20000, 316834, 600000, 170000]
    assert paper.monthly == Decimal("3972.11")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"fund_amount": Decimal(1)}, "不用填其中公积金"),
        ({"loan_years": 31}, "1 至 30 年"),
        ({"loan_rate": Decimal("3.5")}, "填 3.5% 或 0.035"),
        ({"loan_amount": Decimal(2000000)}, "小于总价"),
        ({"discount_ids": [99]}, "重新勾选"),
    ],
)
def test_what_does_not_fit_is_refused(cast: Cast, wish: Wish, more: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RuleError, match=sentence):
        made(cast, replace(wish, **more))


def test_only_for_own_customers_and_units_on_sale(cast: Cast, wish: Wish) -> None:
    for login in ("consultant2", "other_consultant", "clerk"):
        with pytest.raises(NotFound):
            made(cast, wish, login)
    closed = makers.unit(cast, makers.building(cast, "5栋"), "0101", **makers.FOR_SALE)
    with pytest.raises(RuleError, match="暂不可售"):
        made(cast, replace(wish, unit_id=closed.id))
    assert made(cast, wish, "supervisor").owner_id == cast.person_ids["consultant1"]


@pytest.mark.both_databases
def test_a_new_price_ends_it(cast: Cast, wish: Wish) -> None:
    made(cast, wish)
    with acting_as(SYSTEM):
        unit = makers.read(cast, read(cast).unit)
    decided(cast, draft(cast, [unit]))
    assert read(cast).state is QuoteState.CHANGED
    assert read(cast).public_total == 1106834


def test_it_ends_after_its_last_day(cast: Cast, wish: Wish) -> None:
    made(cast, wish)
    for days, state in ((3, QuoteState.VALID), (4, QuoteState.EXPIRED)):
        token = base.clock.set(lambda days=days: real_now() + timedelta(days=days))
        try:
            jobs.run(cast.session, jobs.JOBS["quotes"])
        finally:
            base.clock.reset(token)
        assert read(cast).state is state


def test_far_below_the_filed_price_is_said_where_the_site_wants_it(
    cast: Cast, wish: Wish, client_as: Callable[[str], FlaskClient]
) -> None:
    paper = made(cast, wish)
    client, page = client_as("consultant1"), f"/quote/show/{paper.id}"
    assert "请先报备" not in client.get(page).get_data(as_text=True)
    saved(
        cast.session,
        Parameter(project_id=cast.project_ids["a"], key="filed_warn", value="0.04", effective_from=base.now().date()),
    )
    assert "总价低于备案价 4 %" in client.get(page).get_data(as_text=True)


def test_the_screen_from_the_drawer_to_the_print(
    cast: Cast, wish: Wish, client_as: Callable[[str], FlaskClient]
) -> None:
    client = client_as("consultant1")
    assert f"/quote/add?unit_id={wish.unit_id}" in client.get(f"/board/unit/{wish.unit_id}").get_data(as_text=True)
    assert f"customer_id={wish.customer_id}" in client.get(f"/customer/show/{wish.customer_id}").get_data(as_text=True)
    page = client.get(f"/quote/add?unit_id={wish.unit_id}&customer_id={wish.customer_id}").get_data(as_text=True)
    assert "1. 按时签约 99 折" in page
    ticks = re.findall(r'name="discounts"[^>]*>', page)
    assert len(ticks) == 2 and not any("checked" in tick for tick in ticks), (
        "the user says what the customer qualifies for"
    )
    assert "没有条件，人人可享" in page
    form = {"customer_id": wish.customer_id, "unit_id": wish.unit_id, "scheme_id": wish.scheme_id}
    with acting_as(SYSTEM):
        ids = list(cast.session.scalars(select(PublicDiscount.id)))
    wrong = client.post("/quote/add", data=form | {"discounts": ids, "loan_years": "99"})
    assert wrong.status_code == 422
    assert "1 至 30 年" in wrong.get_data(as_text=True)
    answer = client.post("/quote/add", data=form | {"discounts": ids, "loan_years": "30", "loan_rate": "0.035"})
    assert answer.status_code == 302
    shown = client.get(answer.headers["Location"]).get_data(as_text=True)
    for text in ("1,106,834.00", "壹佰壹拾万零陆仟捌佰叁拾肆元整", "770,000.00", "3,457.64", "15,784.85", "21.68"):
        assert text in shown
    onward = f"/lock/{wish.unit_id}?customer_id={wish.customer_id}"
    assert f'href="{onward}"' in shown, "who agrees on it takes the unit for this customer"
    assert f'name="customer_id" value="{wish.customer_id}"' in client.get(onward).get_data(as_text=True)
    found = f'href="/quote/show/{read(cast).id}"'
    assert found in client.get("/search?q=0001").get_data(as_text=True), "a paper is found by its number"
    assert found not in client_as("consultant2").get("/search?q=0001").get_data(as_text=True)
    made = client.post(f"/print/quote/{read(cast).id}", data={"form": "docx", "copies": "1"})
    printed = printed_words(cast.session, made)
    assert "1,106,834.00" in printed
    assert "林晓" in printed
    for login in ("consultant2", "other_consultant"):
        for page in (f"/quote/show/{read(cast).id}", f"/print/quote/{read(cast).id}"):
            assert client_as(login).get(page).status_code == 404
    assert "底价" not in shown + printed


@pytest.fixture
def wish_with_lines(cast: Cast, wish: Wish) -> Wish:
    """The same home with 装修款 89,530, a 储藏间 of 35,000 that belongs to it, and a place of 150,000 chosen beside it."""
    car, price = place(cast), Decimal(35000)
    place(cast, "储001", Product.STORE, list_unit_price=price, list_total=price, attached_to_id=wish.unit_id)
    changed(cast, Unit, wish.unit_id, finish="精装", finish_price=Decimal(89530))
    return replace(wish, place_ids=(car.id,))


def test_finish_and_places_are_quoted_with_prices_of_their_own(
    cast: Cast, wish_with_lines: Wish, client_as: Any
) -> None:
    made(cast, wish_with_lines)
    paper = read(cast)
    assert (paper.home_total, paper.extras_total, paper.public_total) == (1106834, 274530, 1381364)
    assert [(kind, Decimal(total)) for kind, _name, _list, total in paper.lines] == [
        ("finish", 89530), ("store", 35000), ("parking", 150000),
    ]  # fmt: skip
    assert paper.unit_price == Decimal("12362.72"), "per ㎡ of the home alone"
    plan = plan_of_quote(paper)
    assert sum(row.amount for row in plan) == 1381364
    assert {row.line.label: sum(r.amount for r in plan if r.line is row.line) for row in plan} == {
        "房款": 1106834, "装修款": 89530, "储藏间": 35000, "车位": 150000,
    }  # fmt: skip
    with acting_as(SYSTEM):
        cast.session.rollback()
        values = printed(Desk(cast.session, SYSTEM), cast.session.scalars(select(Quote)).one())
    assert [row["折后价"] for row in values["计价项目"]] == ["1,106,834.00", "89,530.00", "35,000.00", "150,000.00"]
    assert values["装修款"] == "89,530.00 元，已含在总价内" and values["公开折后总价大写"].endswith(
        "壹仟叁佰陆拾肆元整"
    )
    page = client_as("consultant1").get(f"/quote/show/{paper.id}").text
    assert "车位" in page and "274,530" not in page and "1,381,364.00" in page


def test_a_place_that_is_not_free_is_not_quoted(cast: Cast, wish_with_lines: Wish) -> None:
    changed(cast, Unit, wish_with_lines.place_ids[0], stopped=True)
    with pytest.raises(RuleError, match="重新勾选"):
        made(cast, wish_with_lines)


def test_the_form_offers_places_that_belong_to_no_home(cast: Cast, wish_with_lines: Wish, client_as: Any) -> None:
    page = client_as("consultant1").get("/quote/add").text
    offered = re.findall(r'<input[^>]*name="places"[^>]*value="(\d+)"', page)
    assert [int(pk) for pk in offered] == list(wish_with_lines.place_ids) and "表价 150,000.00 元" in page


def test_the_customers_page_leads_to_his_quote(cast: Cast, wish: Wish, client_as: Any) -> None:
    """For whoever may make one, while he is being won."""
    way, here = f"/quote/add?customer_id={wish.customer_id}", f"/customer/show/{wish.customer_id}"
    assert way in client_as("consultant1").get(here).get_data(as_text=True)
    assert "王伟" in client_as("consultant1").get(way).get_data(as_text=True)
    assert way not in client_as("clerk").get(here).get_data(as_text=True)
