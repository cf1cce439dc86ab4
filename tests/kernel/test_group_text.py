"""「复制到群」: figures, dates, states and the address; nobody's name, phone or ID number, no free text, no floor price."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.records import ApprovalRequest
from app.kernel.base import declared_fields, now
from app.kernel.screens import group_text as texts
from app.kernel.screens.view import VIEWS
from tests.features.deals import orders as o
from tests.features.office import claims
from tests.features.office.store import decided, step

NAME, REASON = "王伟", "客户王伟电话 13912345678 要求保密"


def offered(page: str) -> str:
    """The text that the button carries."""
    return unescape(page.split('data-do="copy" data-text="', 1)[1].split('"', 1)[0])


@pytest.fixture
def request_id(cast: Any) -> int:
    """An order of 王伟 that waits for the supervisor."""
    order = o.filled(cast, o.locked(cast, o.unit(cast), o.customer(cast)), o.scheme(cast))
    o.step(cast, order, "submit", "consultant1")
    with acting_as(SYSTEM):
        return cast.session.scalars(select(ApprovalRequest.id).order_by(ApprovalRequest.id.desc())).first()


def test_an_approval_offers_its_text_to_whoever_decides_and_whoever_asked(cast, client_as, request_id):
    for login in ("supervisor", "consultant1"):
        text = offered(client_as(login).get(f"/approvals/{request_id}").get_data(as_text=True))
        lines = text.splitlines()
        assert lines[0].startswith("【江畔云庐】认购书")
        assert any(line.startswith("编号：") for line in lines)
        assert any(line.startswith("成交总价：") for line in lines)
        assert any(line.startswith("等候审批：销售主管") for line in lines)
        assert lines[-1].endswith(f"/approvals/{request_id}")
        assert NAME not in text


def test_no_paper_offers_personal_fields_free_text_or_what_few_may_read():
    told = {
        f"{model.__name__}.{name}"
        for model, view in VIEWS.items()
        for name in view.fact_names()
        if texts._open(model, name)
    }
    assert "Reservation.total" in told
    personal = {
        f"{model.__name__}.{name}"
        for model in VIEWS
        for name, facts in declared_fields(model)
        if facts.personal or facts.readers is not None or name in getattr(model, "__personal__", ())
    }
    assert not told & personal
    assert not [
        name
        for name in told
        if name.endswith((".customer", ".account", ".reason", ".remark", ".note", ".floor_unit_price"))
    ]


def test_a_room_may_write_its_own_lines(cast, client_as, request_id, monkeypatch):
    from app.features.deals.reservations.models import Reservation

    monkeypatch.setitem(texts._own, Reservation, lambda order, _actor: [f"{order.unit.full_name} 待签"])
    text = offered(client_as("supervisor").get(f"/approvals/{request_id}").get_data(as_text=True))
    assert text.splitlines()[1].endswith(" 待签")
    assert "成交总价" not in text


def test_a_report_offers_its_key_figures(cast, client_as):
    office = claims.subject(cast)
    claims.budget(cast, office, "100")
    paper = claims.claim(cast, "clerk", (office, "180"), over_reason="急用")
    for login in ("supervisor", "site_manager"):
        paper = decided(cast, step(cast, paper, "submit", "clerk") if login == "supervisor" else paper, login)
    page = client_as("site_manager").get("/office-trend/?part=agency").get_data(as_text=True)
    lines = offered(page).splitlines()
    assert lines[0] == f"【江畔云庐】费用报销 {now():%Y} 年月报"
    assert f"{now().month}月费用：180.00 元（预算 100.00 元）" in lines
    assert "全年累计：180.00 元" in lines
    assert "/office-trend/?part=agency" in lines[-1]
