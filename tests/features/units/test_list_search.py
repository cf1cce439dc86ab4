"""The search of a list goes through the index alone: what the view declares is found, and nothing else (03 §3.3.9)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.features.customers.models import Customer
from app.features.pricing.models import PriceLine, PriceList
from app.features.units.models import Unit
from app.kernel import search as asked_of_the_index
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.search_words import index_columns
from app.kernel.transactions import write
from tests.cast import Cast
from tests.factories import saved
from tests.features.units.makers import building, unit

ClientAs = Callable[[str], FlaskClient]


@pytest.mark.both_databases
def test_a_list_searches_what_its_view_declares(session: Any, cast: Cast, client_as: ClientAs) -> None:
    """Names, pinyin, one character, a number without its zeros; the names of what a row refers to, also after they change."""
    flat = unit(cast, building(cast, "玉兰苑"), "0804")
    sheet = saved(session, PriceList(project_id=cast.a.id, name="开盘价", effective_on=date(2026, 3, 1), reason="开盘"))
    prices = {"list_unit_price": Decimal(10000), "list_total": Decimal(1000000)}
    line = saved(session, PriceLine(project_id=cast.a.id, price_list_id=sheet.id, unit_id=flat.id, **prices))
    keys, client = {"unit": flat.id, "price-line": line.id}, client_as("site_manager")

    def found(path: str, question: str) -> bool:
        page = client.get(f"/{path}/list/", query_string={"q": question}).get_data(as_text=True)
        return f'href="/{path}/show/{keys[path]}"' in page

    for question in ("玉兰", "兰", "yulan", "0804", "804", "玉兰苑804", "8"):
        assert found("unit", question), question
    assert not found("unit", "百合")
    assert not found("unit", "%")
    assert found("price-line", "玉兰"), "the unit's name"

    def rename() -> None:
        session.get(Unit, flat.id).full_name = "百合苑1单元0804"

    with acting_as(SYSTEM):
        write(session, rename)
    assert found("price-line", "百合")
    assert not found("price-line", "玉兰")


def test_a_list_says_when_there_were_more_than_it_looks_at(
    session: Any, cast: Cast, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked_of_the_index, "PROPOSED", 2)
    for number in range(3):
        building(cast, f"玉兰{number}栋")
    client = client_as("site_manager")
    page = client.get("/building/list/?q=玉兰").get_data(as_text=True)
    assert "请再加一个字" in page
    assert "玉兰2栋" in page
    assert "玉兰0栋" not in page, "the newest are looked at"
    assert "请再加一个字" not in client.get("/building/list/?q=玉兰2").get_data(as_text=True)


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (Unit, "held_for"),
        (Unit, "floor_unit_price"),
        (Customer, "id_number"),
        (Customer, "wechat"),
        (Customer, "grade"),
    ],
)
def test_hidden_and_personal_columns_are_never_indexed(session: Any, model: Any, name: str) -> None:
    with pytest.raises(TypeError):
        index_columns(model, (name,))
