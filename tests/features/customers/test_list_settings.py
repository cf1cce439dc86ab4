"""Saved filters and chosen columns: one's own, shared by post within the project, followed by the export; they open nothing."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.customers.choices import Grade
from app.kernel.list_settings import ListSetting
from tests.cast import Cast
from tests.features.customers.conftest import Register

ClientAs = Callable[[str], FlaskClient]
LIST = "/customer/list/"


def save(client: FlaskClient, **form: Any) -> Any:
    return client.post("/list-settings/customer/filter", data=form)


def chips(client: FlaskClient) -> dict[str, str]:
    page = client.get(LIST).get_data(as_text=True)
    found = re.findall(r'<a class="chip" href="([^"]+)"[^>]*>(.*?)</a>', page)
    return {re.sub(r"<[^>]+>", "", label).replace("同事共享", ""): unescape(url) for url, label in found}


def heads(client: FlaskClient, url: str = LIST) -> list[str]:
    page = client.get(url).get_data(as_text=True)
    return [re.sub(r"<[^>]+>", "", head) for head in re.findall(r'<th[^>]* scope="col"[^>]*>(.*?)</th>', page)]


def test_a_filter_is_kept_with_order_and_columns(
    session: Session, cast: Cast, registered: Register, client_as: ClientAs
) -> None:
    registered("consultant1", "甲", "10000000001", grade=Grade.A)
    registered("consultant1", "乙", "10000000002", grade=Grade.B)
    client = client_as("consultant1")
    answer = save(
        client,
        name="我的 A 级",
        query="grade=a&order=-first_at&evil=1&page=7",
        columns=["grade", "name", "id_number", "nothing"],
    )
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "/customer/show/1" in page
    assert "/customer/show/2" not in page
    url = chips(client)["我的 A 级"]
    assert "evil" not in url
    assert "page" not in url
    assert "order=-first_at" in url
    assert heads(client, url)[:2] == ["等级", "姓名"]
    assert "证件号码" not in heads(client, url)
    assert heads(client)[0] == "姓名", "the plain list is as declared"
    assert "我的 A 级" not in chips(client_as("consultant2"))


def test_the_same_name_changes_it_and_names_are_short(session: Session, cast: Cast, client_as: ClientAs) -> None:
    client = client_as("consultant1")
    save(client, name="急", query="grade=a")
    save(client, name=" 急 ", query="grade=b")
    assert [row.query for row in session.scalars(select(ListSetting))] == ["grade=b"]
    assert save(client, name="", query="").status_code == 422
    assert save(client, name="很" * 21, query="").status_code == 422
    assert save(client, name="长", query="q=" + "x" * 2000).status_code == 422


def test_a_head_shares_by_post_within_the_project(
    session: Session, cast: Cast, registered: Register, client_as: ClientAs
) -> None:
    registered("consultant1", "甲", "10000000001", grade=Grade.A)
    head = client_as("supervisor")
    save(head, name="冲刺", query="grade=a", posts=["consultant", "nonsense"])
    assert "冲刺" in chips(client_as("consultant1"))
    assert "冲刺" in chips(client_as("consultant2"))
    assert "冲刺" not in chips(client_as("clerk")), "another post"
    assert "冲刺" not in chips(client_as("other_consultant")), "another project"
    page = client_as("consultant2").get(chips(client_as("consultant2"))["冲刺"]).get_data(as_text=True)
    assert "/customer/show/" not in page, "a shared filter opens no row"
    assert save(client_as("consultant1"), name="大家", query="", posts=["consultant"]).status_code == 422
    assert "共享给本项目的岗位" not in client_as("consultant1").get(LIST).get_data(as_text=True)


def test_only_ones_own_are_renamed_and_deleted(session: Session, cast: Cast, client_as: ClientAs) -> None:
    head, seller = client_as("supervisor"), client_as("consultant1")
    save(head, name="冲刺", query="grade=a", posts=["consultant"])
    save(seller, name="我的", query="")
    keys = {row.name: row.id for row in session.scalars(select(ListSetting))}
    for act in ("rename", "delete"):
        assert seller.post(f"/list-settings/{keys['冲刺']}/{act}", data={"name": "坏"}).status_code == 404
    assert head.post(f"/list-settings/{keys['冲刺']}/rename", data={"name": "月末冲刺"}).status_code == 302
    assert "月末冲刺" in chips(seller)
    assert head.post(f"/list-settings/{keys['冲刺']}/delete").status_code == 302
    assert "月末冲刺" not in chips(seller)
    assert client_as("finance").post("/list-settings/customer/filter", data={"name": "x"}).status_code == 403
    assert seller.post("/list-settings/nothing/filter", data={"name": "x"}).status_code == 404


def test_chosen_columns_are_ones_own_and_the_export_follows(
    session: Session, cast: Cast, registered: Register, client_as: ClientAs
) -> None:
    registered("consultant1", "甲", "10000000001")
    head = client_as("supervisor")
    head.post("/list-settings/customer/columns", data={"columns": ["grade", "state", "name", "wechat", "state"]})
    assert heads(head)[:3] == ["等级", "状态", "姓名"]
    assert heads(client_as("site_manager"))[0] == "姓名"
    answer = head.post(f"{LIST}export", data={"reason": "内部统计核对"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert ["等级", "状态", "姓名"] in [[cell for cell in row if cell] for row in rows]
    head.post("/list-settings/customer/columns", data={"reset": "1", "columns": ["grade"]})
    assert heads(head)[0] == "姓名"
