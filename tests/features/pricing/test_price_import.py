"""导入价格: a table fills a draft, matched by the units' names, all or nothing."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.features.pricing.models import PriceLine, PriceList
from app.kernel.actors import SYSTEM, acting_as
from tests.cast import Cast
from tests.features.pricing.test_price_lists import draft, step
from tests.features.units import makers

HEAD = "楼栋,单元,房号,建筑面积,套内面积,单价\n"


@pytest.fixture
def paper(cast: Cast) -> PriceList:
    """An empty draft beside 3栋 1101 and 1102 on sale."""
    makers.house(cast, "1101", "1102")
    return draft(cast, [])


@pytest.fixture
def send(paper: PriceList, client_as: Callable[[str], FlaskClient]) -> Callable[..., tuple[int, str]]:
    """send("3栋,1,1101,89.53,70.12,12900\\n", column="list") → status and page."""
    client = client_as("site_manager")

    def upload(rows: str, column: str = "list") -> tuple[int, str]:
        file = (io.BytesIO((HEAD + rows).encode("utf-8-sig")), "价格.csv")
        answer = client.post(f"/price-list/upload/{paper.id}", data={"column": column, "file": file})
        return answer.status_code, answer.get_data(as_text=True)

    return upload


def stored(cast: Cast) -> list[tuple[Decimal, Decimal | None, Decimal | None]]:
    with acting_as(SYSTEM):
        cast.session.rollback()
        lines = cast.session.scalars(select(PriceLine).order_by(PriceLine.unit_id)).all()
        return [(line.list_unit_price, line.filed_unit_price, line.floor_unit_price) for line in lines]


def test_list_prices_then_floor_prices(cast: Cast, send: Callable[..., tuple[int, str]]) -> None:
    assert send('3栋,1,1101,89.53,70.12,12900\n3栋,1,1102,89.53,70.12,"12,950"\n')[0] == 302
    assert stored(cast) == [(12900, 13000, 11900), (12950, 13000, 11900)]
    assert send("3栋,1,1101,89.53,70.12,12000\n", "floor")[0] == 302
    assert stored(cast) == [(12900, 13000, 12000), (12950, 13000, 11900)]


def test_one_bad_line_and_nothing_is_written(cast: Cast, send: Callable[..., tuple[int, str]]) -> None:
    rows = "3栋,1,1101,89.53,70.12,12900\n3栋,1,1901,89.53,70.12,12900\n3栋,1,1102,90.00,70.12,12900\n"
    status, page = send(rows)
    assert status == 422
    assert "一行也没有写入" in page
    assert "第 3 行 3栋1单元1901：没有这套房源" in page
    assert "第 4 行 3栋1单元1102：建筑面积 90.00 与房源资料 89.53 不一致" in page
    assert stored(cast) == []


def test_what_cannot_be_read_is_refused(cast: Cast, send: Callable[..., tuple[int, str]]) -> None:
    for rows, column in (
        ("", "list"),
        ("3栋,1,1101,89.53,70.12,abc\n", "list"),
        ("3栋,1,1101,89.53,70.12,1\n", "deal"),
    ):
        assert send(rows, column)[0] == 422
    assert stored(cast) == []


def test_only_a_draft_and_only_its_editors(
    cast: Cast, paper: PriceList, send: Callable[..., tuple[int, str]], client_as: Callable[[str], FlaskClient]
) -> None:
    for login in ("supervisor", "clerk", "developer_lead", "other_site_manager"):
        assert client_as(login).get(f"/price-list/upload/{paper.id}").status_code in (403, 404)
    assert send("3栋,1,1101,89.53,70.12,12900\n")[0] == 302
    step(cast, paper, "submit", "site_manager")
    assert send("3栋,1,1101,89.53,70.12,12000\n")[0] == 403
    assert stored(cast) == [(12900, 13000, 11900)]
