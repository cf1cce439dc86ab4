"""疑难单: answered on the spot or up to 甲方负责人, within one working day of the site (S1.3, 07)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from app.features.deals.doubts.models import Doubt, DoubtState, Occasion, Outcome
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.errors import Forbidden
from app.kernel.notices.records import Notice
from tests.factories import saved
from tests.features.deals import orders

S = DoubtState


def doubt(cast: Any, **more: Any) -> Doubt:
    """A question that consultant1 put about the order of his customer."""
    order = orders.effective(cast, orders.unit(cast), orders.customer(cast), orders.scheme(cast))
    paper = saved(
        cast.session,
        Doubt(
            occasion=Occasion.SIGNING, reservation_id=order.id, unit_id=order.unit_id, customer_id=order.customer_id,
            customer_name="王伟", question="客户要求删去补充协议第四条", project_id=order.project_id, owner_id=order.owner_id,
            team_id=order.team_id, created_by=cast.person_ids["consultant1"], **more,
        ),
    )  # fmt: skip
    return orders.step(cast, paper, "ask", "consultant1")


def test_the_clock_ends_one_working_day_later(cast):
    paper = doubt(cast)
    assert paper.number.startswith("YN-JPYL-")
    due, asked = paper.answer_due_at, paper.asked_at
    assert due.date() == asked.date() + timedelta(days=1)
    assert due.time() == min(max(asked.time(), time(9)), time(18))
    with acting_as(SYSTEM):
        assert cast.session.query(Notice).filter(Notice.title.contains("疑难")).count() == 1


def test_the_supervisor_answers_on_the_spot(cast):
    paper = orders.step(cast, doubt(cast), "answer_on_spot", "supervisor", answer="按范本，不能改")
    assert (paper.state, paper.decision) == (S.ANSWERED, "按范本，不能改")
    closed = orders.step(cast, paper, "close", "consultant1", outcome=Outcome.SIGNED)
    assert (closed.state, closed.outcome) == (S.CLOSED, Outcome.SIGNED)


@pytest.mark.parametrize("legal", [True, False])
def test_the_chain_and_its_word(cast, legal):
    paper = orders.step(cast, doubt(cast), "report", "supervisor", proposal="建议保留条款、另附说明", legal=legal)
    chain = ["site_manager", "project_manager", *(["developer_legal"] if legal else []), "developer_lead"]
    for login in chain:
        paper = orders.decided(cast, paper, login, opinion="同意，由顾问说明" if login == "developer_lead" else "同意")
    assert (paper.state, paper.decision) == (S.DECIDED, "同意，由顾问说明")
    paper = orders.step(cast, paper, "answer", "consultant1", answer="甲方同意附说明")
    again = orders.step(cast, paper, "ask_again", "consultant1", note="客户要书面")
    assert again.state is S.ASKED


def test_a_refused_proposal_is_an_answer(cast):
    paper = orders.step(cast, doubt(cast), "report", "supervisor", proposal="建议减免", legal=False)
    paper = orders.decided(cast, paper, "site_manager", verdict="refuse", opinion="没有先例")
    assert (paper.state, paper.decision) == (S.DECIDED, "没有先例")


def test_only_the_supervisor_reports(cast):
    with pytest.raises(Forbidden):
        orders.step(cast, doubt(cast), "report", "consultant1", proposal="x")


def test_pages_and_the_late_chip(cast, client_as):
    paper = doubt(cast)
    with acting_as(SYSTEM):
        from sqlalchemy import update

        cast.session.execute(update(Doubt).values(answer_due_at=now() - timedelta(days=1)))
        cast.session.commit()
    assert "已超过答复期限" in client_as("supervisor").get(f"/doubt/show/{paper.id}").get_data(as_text=True)
    assert paper.number in client_as("site_manager").get("/doubt/list/?chip=late").get_data(as_text=True)
    assert "疑难单超过答复期限" in client_as("supervisor").get("/").get_data(as_text=True)
    assert client_as("clerk").get(f"/doubt/show/{paper.id}").status_code in (403, 404)
    assert client_as("consultant2").get(f"/doubt/show/{paper.id}").status_code == 404
    page = client_as("consultant1").get(f"/reservation/show/{paper.reservation_id}").get_data(as_text=True)
    assert "疑难单" in page and isinstance(paper.asked_at, datetime)
