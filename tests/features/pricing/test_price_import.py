"""导入价格: a table fills a draft, matched by the units' names, all or nothing."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.features.pricing.models import PriceLine, PriceList
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.spreadsheets import read_workbook
from tests.cast import Cast
from tests.features.pricing.test_price_lists import draft, step
from tests.features.units import makers
from tests.tables import plain, selects

HEAD = "楼栋,单元,房号,建筑面积,套内面积,单价\n"


@pytest.fixture
def paper(cast: Cast) -> PriceList:
    """An empty draft beside 3栋 1101 and 1102 on sale."""
    makers.house(cast, "1101", "1102")
    return draft(cast, [])


@dataclass
class Sent:
    """A table on its way: what the last page said, and its address."""

    client: FlaskClient
    url: str
    status: int
    page: str

    def confirm(self) -> int:
        """The last click."""
        key = re.search(r'name="_key" value="(\w+)"', self.page)
        return self.client.post(self.url, data={"_key": key[1] if key else ""}).status_code


@pytest.fixture
def send(paper: PriceList, client_as: Callable[[str], FlaskClient]) -> Callable[..., Sent]:
    """send("3栋,1,1101,89.53,70.12,12900\\n", column="list") → the check, or the page that refused the file."""
    client = client_as("site_manager")

    def upload(rows: str, column: str = "list", head: str = HEAD, **picks: str) -> Sent:
        file = (io.BytesIO((head + rows).encode("utf-8-sig")), "价格.csv")
        answer = client.post(f"/price-list/upload/{paper.id}", data={"column": column, "file": file})
        if answer.status_code != 302:
            return Sent(client, "", answer.status_code, answer.get_data(as_text=True))
        columns = client.get(answer.headers["Location"]).get_data(as_text=True)
        answer = client.post(answer.headers["Location"], data=dict(selects(columns)) | picks)
        if answer.status_code != 302:
            return Sent(client, "", answer.status_code, answer.get_data(as_text=True))
        shown = client.get(answer.headers["Location"])
        return Sent(client, answer.headers["Location"], shown.status_code, shown.get_data(as_text=True))

    return upload


def stored(cast: Cast) -> list[tuple[Decimal, Decimal | None, Decimal | None]]:
    with acting_as(SYSTEM):
        cast.session.rollback()
        lines = cast.session.scalars(select(PriceLine).order_by(PriceLine.unit_id)).all()
        return [(line.list_unit_price, line.filed_unit_price, line.floor_unit_price) for line in lines]


def test_list_prices_then_floor_prices(cast: Cast, send: Callable[..., Sent]) -> None:
    way = send('3栋,1,1101,89.53,70.12,12900\n3栋,1,1102,89.53,70.12,"12,950"\n')
    said = plain(way.page)
    assert "写入表价 2 套，其中 2 套与现在不同" in said
    assert "2,314,350.5" in said, "Σ 单价×面积 of the file"
    assert stored(cast) == [], "nothing before the last click"
    assert way.confirm() == 302
    assert stored(cast) == [(12900, 13000, 11900), (12950, 13000, 11900)]
    assert send("3栋,1,1101,89.53,70.12,12000\n", "floor").confirm() == 302
    assert stored(cast) == [(12900, 13000, 12000), (12950, 13000, 11900)]
    assert "其中 0 套与现在不同" in plain(send("3栋,1,1101,89.53,70.12,12000\n", "floor").page)


def test_one_bad_line_and_nothing_is_written(cast: Cast, send: Callable[..., Sent]) -> None:
    rows = "3栋,1,1101,89.53,70.12,12900\n3栋,1,1901,89.53,70.12,12900\n3栋,1,1102,90.00,70.12,12900\n3栋,1,1102,90.00,70.12,x\n"
    way = send(rows)
    said = plain(way.page)
    assert "有错时一行也不写" in said
    assert re.search(r"第 3 行 房号 3栋1单元1901 没有这套房源", said), said
    assert "3栋1单元1102 的建筑面积 90.00 与房源资料 89.53 不一致" in said
    assert re.search(r"第 5 行 单价 x “x”不是数字", said), said
    assert way.confirm() == 422
    assert stored(cast) == []
    (report,) = read_workbook(way.client.get(way.url.replace("preview", "report")).data, "a.xlsx")
    assert sum("第 " in str(row[0]) for row in report.rows if row) == 3


def test_what_cannot_be_read_is_refused(cast: Cast, send: Callable[..., Sent]) -> None:
    assert send("3栋,1,1101,89.53,70.12,1\n", "deal").status == 422
    assert send("", head="甲,乙\n").status == 422
    assert "表头下面没有任何房源" in send("").page
    assert "不是数字" in send("3栋,1,1101,89.53,70.12,abc\n").page
    assert stored(cast) == []


def test_a_head_that_was_told_once_is_known_the_next_time(cast: Cast, send: Callable[..., Sent]) -> None:
    head = "楼栋,单元,房号,一口价\n"
    assert "表头里没有“单价”这一列" in plain(send("3栋,1,1101,12900\n", head=head).page)
    assert send("3栋,1,1101,12900\n", head=head, s0c3="unit_price").confirm() == 302
    assert send("3栋,1,1102,12900\n", head=head).confirm() == 302
    assert [row[0] for row in stored(cast)] == [12900, 12900]


def test_the_template_holds_the_homes_with_their_prices_and_comes_back(
    cast: Cast, paper: PriceList, send: Callable[..., Sent]
) -> None:
    send("3栋,1,1101,89.53,70.12,12900\n").confirm()
    client = send("3栋,1,1101,89.53,70.12,12900\n").client
    table = client.get(f"/price-list/upload/{paper.id}/template").data
    file = (io.BytesIO(table), "价格表.xlsx")
    answer = client.post(f"/price-list/upload/{paper.id}", data={"column": "list", "file": file})
    columns = client.get(answer.headers["Location"]).get_data(as_text=True)
    answer = client.post(answer.headers["Location"], data=dict(selects(columns)))
    said = plain(client.get(answer.headers["Location"]).get_data(as_text=True))
    assert "写入表价 2 套，其中 0 套与现在不同" in said, said


def test_only_a_draft_and_only_its_editors(
    cast: Cast, paper: PriceList, send: Callable[..., Sent], client_as: Callable[[str], FlaskClient]
) -> None:
    for login in ("supervisor", "clerk", "developer_lead", "other_site_manager"):
        for page in ("", "/template", f"/{'0' * 32}/preview"):
            assert client_as(login).get(f"/price-list/upload/{paper.id}{page}").status_code in (403, 404)
    way = send("3栋,1,1101,89.53,70.12,12900\n")
    assert client_as("sales_admin").get(way.url).status_code == 404, "another editor's upload"
    assert way.confirm() == 302
    late = send("3栋,1,1101,89.53,70.12,12000\n")
    step(cast, paper, "submit", "site_manager")
    assert late.confirm() == 403
    assert send("3栋,1,1101,89.53,70.12,12000\n").status == 403
    assert stored(cast) == [(12900, 13000, 11900)]
