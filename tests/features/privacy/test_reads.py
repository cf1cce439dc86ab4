"""谁看过个人信息: by person and by customer, for the auditor and the head office alone (04 S12)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.customers.models import Customer, CustomerPhone
from app.kernel import privacy
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.audit import AuditEntry
from app.kernel.notices import Notice
from app.kernel.spreadsheets import read_workbook
from app.kernel.transactions import write
from tests.cast import Cast
from tests.features.deals import orders as o


@pytest.fixture
def looked(session: Session, cast: Cast, client_as: Any) -> tuple[Customer, Customer]:
    """The owner opened 王伟's page; the site manager looked at his number with a reason, and opened 李娜's page."""
    one, two = o.customer(cast, phone="10000001234", name="王伟"), o.customer(cast, phone="10000005678", name="李娜")
    client_as("consultant1").get(f"/customer/show/{one.id}")
    manager = cast.actor("site_manager")
    with acting_as(manager):
        phone = session.scalars(select(CustomerPhone).where(CustomerPhone.customer_id == one.id)).one()
        write(session, lambda: privacy.reveal(session, manager, phone, "number", "客户投诉回访"))
    client_as("site_manager").get(f"/customer/show/{two.id}")
    return one, two


def page(client_as: Any, query: str, login: str = "auditor") -> str:
    answer = client_as(login).get(f"/data-reads/?{query}")
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True)).split("<tbody", 1)[-1].split("</tbody", 1)[0]


def test_who_read_the_data_of_a_customer(client_as: Any, looked: Any) -> None:
    for how in ("10000001234", "王伟", f"%23{looked[0].id}"):
        found = page(client_as, f"customer={how}")
        assert "林晓" in found and "吴越" in found and "客户投诉回访" in found
        assert "李*" not in found
    assert "王伟" not in found and "王*" in found, "names are masked in wide reports"


def test_whose_data_did_somebody_read(cast: Cast, client_as: Any, looked: Any) -> None:
    found = page(client_as, f"person={cast.person_ids['site_manager']}", "sales_admin")
    assert "王*" in found and "李*" in found and "林晓" not in found


def test_nobody_else_asks(client_as: Any, looked: Any) -> None:
    for login in ("supervisor", "site_manager", "developer_lead", "consultant1", "admin"):
        assert client_as(login).get("/data-reads/").status_code in (302, 403, 404), login


def test_unknown_people_find_nothing_and_say_so(client_as: Any, looked: Any) -> None:
    answer = client_as("auditor").get("/data-reads/?customer=不存在&at.from=abc").get_data(as_text=True)
    assert "王*" not in answer


def test_the_sheet_is_logged(session: Session, client_as: Any, looked: Any) -> None:
    answer = client_as("auditor").get("/data-reads/export")
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    assert session.scalars(select(AuditEntry).where(AuditEntry.subject == "data_reads")).one().person_name == "张慎"


def test_a_sheet_that_holds_not_all_says_so(client_as: Any, looked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for most, told in ((0, True), (20_000, False)):
        monkeypatch.setattr("app.features.privacy.reads.views.MOST", most)
        (sheet,) = read_workbook(client_as("auditor").get("/data-reads/export").data, "查看.xlsx")
        assert ("只有最近的 0 条" in str(sheet.rows)) is told


def test_past_the_quota_the_watchers_are_told_once(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privacy, "DAILY_WITHOUT_REASON", 2)
    manager = cast.actor("site_manager")
    for n in range(4):
        one = o.customer(cast, phone=f"1000000200{n}", name=f"客户{n}")
        with acting_as(manager):
            phone = session.scalars(select(CustomerPhone).where(CustomerPhone.customer_id == one.id)).one()
            write(session, lambda phone=phone: privacy.reveal(session, manager, phone, "number", "核对客户来源"))
    with acting_as(SYSTEM):
        told = [n.person_id for n in session.scalars(select(Notice)) if "超过 2 个" in n.title]
    assert sorted(told) == sorted([cast.person_ids["site_manager"], cast.person_ids["sales_admin"]])
