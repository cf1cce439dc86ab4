"""建议, 突发事件, 整改, the monthly report (S3.7, S3.9, 02 §2.5.6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.demo.world import travel
from app.features.complaints.actions.effects import check_action, register
from app.features.complaints.actions.models import ActionState, CorrectiveAction
from app.features.complaints.alarms import ring_untouched
from app.features.complaints.cases.models import Complaint, Level, Satisfaction
from app.features.complaints.incidents.models import EventLevel, EventState, Incident
from app.features.complaints.suggestions.models import SuggestionState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.errors import Forbidden, RuleError
from app.kernel.notices import Notice
from app.kernel.transactions import write
from app.kernel.workflow import as_step
from tests.features.complaints.papers import case, decided, event, fresh, step, suggestion


def action(cast, responsible: str = "consultant1", **more) -> CorrectiveAction:
    paper = CorrectiveAction(
        project_id=cast.project_ids["a"], problem="接待不及时", measure="高峰期加一个机动岗", responsible_id=cast.person_ids[responsible],
        due_on=now().date() + timedelta(days=7), month=f"{now():%Y-%m}", created_by=cast.person_ids["supervisor"], **more,
    )  # fmt: skip

    def work() -> int:
        check_action(cast.session, paper, now())
        with as_step(cast.session):
            cast.session.add(paper)
            cast.session.flush()
            register(cast.session, paper, now())
        return paper.id

    with acting_as(SYSTEM):
        return fresh(cast, CorrectiveAction, write(cast.session, work))


def test_a_suggestion_goes_up_and_comes_back_to_its_proposer(cast):
    paper = suggestion(cast)
    assert paper.number.startswith("JY-") and paper.report_due_at.date() >= now().date() + timedelta(days=3)
    with pytest.raises(Forbidden):
        step(cast, paper, "report", "consultant1", summary="x")
    paper = step(cast, paper, "report", "supervisor", summary="可行，费用 600 元")
    paper = decided(cast, paper, "site_manager", opinion="同意，本周办")
    assert (paper.state, paper.decision) == (SuggestionState.ADOPTED, "同意，本周办")
    paper = step(
        cast, step(cast, paper, "handle", "supervisor", result="已添置"), "answer", "supervisor", answer="已添置，谢谢"
    )
    assert paper.state is SuggestionState.ANSWERED
    with acting_as(SYSTEM):
        mine = select(Notice.title).where(Notice.person_id == cast.person_ids["consultant1"])
        assert any("已答复" in title for title in cast.session.scalars(mine))


@pytest.mark.parametrize("kind", ["suggestion", "incident"])
def test_what_nobody_took_up_in_time_is_told_once_to_the_desk_and_the_manager(cast, kind):
    made = suggestion(cast) if kind == "suggestion" else event(cast)
    due = made.report_due_at if kind == "suggestion" else made.accept_due_at

    def rung(moment) -> int:
        with travel(moment), acting_as(SYSTEM):
            return write(cast.session, lambda: ring_untouched(cast.session))

    later = due + timedelta(minutes=1)
    assert [rung(due), rung(later), rung(later + timedelta(hours=1))] == [0, 1, 0]
    with acting_as(SYSTEM):
        told = select(Notice).where(Notice.title.contains("逾期未"))
        people = {n.person_id for n in cast.session.scalars(told)}
    assert {cast.person_ids["supervisor"], cast.person_ids["site_manager"]} <= people
    assert cast.person_ids["consultant1"] not in people


def test_a_declined_one_is_answered_too(cast):
    paper = step(cast, suggestion(cast), "report", "supervisor", summary="费用太高")
    paper = decided(cast, paper, "site_manager", verdict="refuse", opinion="本年度没有预算")
    assert (paper.state, paper.decision) == (SuggestionState.DECLINED, "本年度没有预算")
    assert step(cast, paper, "answer", "consultant1", answer="今年没有预算").state is SuggestionState.ANSWERED


@pytest.mark.parametrize(
    ("level", "chain"),
    [(EventLevel.LARGE, ["project_manager"]), (EventLevel.MAJOR, ["project_manager", "developer_lead"])],
)
def test_a_larger_incident_is_decided_before_it_is_closed(cast, level, chain):
    paper = event(cast, Incident, "consultant1")
    paper = step(cast, paper, "accept", "supervisor", level=level, measures="送医并留人陪护")
    with pytest.raises(RuleError, match="先上报批复"):
        step(cast, paper, "close", "supervisor", result="x")
    paper = step(cast, paper, "report", "supervisor", proposal="承担医药费")
    for login in chain:
        paper = decided(cast, paper, login)
    assert step(cast, paper, "close", "supervisor", result="已痊愈", lessons="台阶贴警示").state is EventState.CLOSED


def test_a_common_incident_is_closed_on_the_spot(cast):
    paper = step(cast, event(cast, Incident, "clerk"), "accept", "supervisor", level=EventLevel.COMMON, measures="报修")
    assert step(cast, paper, "close", "supervisor", result="已修好").lessons == ""


def test_an_action_is_done_by_its_owner_and_checked_by_another(cast):
    paper = action(cast)
    with acting_as(cast.actor("consultant1")):
        assert cast.session.scalars(select(CorrectiveAction.id)).all() == [paper.id]
    with acting_as(cast.actor("consultant2")):
        assert cast.session.scalars(select(CorrectiveAction.id)).all() == []
    with pytest.raises(Forbidden):
        step(cast, paper, "finish", "supervisor", outcome="x")
    paper = step(cast, paper, "finish", "consultant1", outcome="已排机动岗")
    paper = step(cast, paper, "send_back", "supervisor", note="周末没有排")
    assert (paper.state, paper.returns, paper.done_on) == (ActionState.OPEN, 1, None)
    paper = step(
        cast,
        step(cast, paper, "finish", "consultant1", outcome="周末也排了"),
        "pass_check",
        "supervisor",
        conclusion="有效",
    )
    assert (paper.state, paper.conclusion) == (ActionState.PASSED, "有效")
    own = step(cast, action(cast, "supervisor"), "finish", "supervisor", outcome="完成")
    with pytest.raises(RuleError, match="由他人检查"):
        step(cast, own, "pass_check", "supervisor", conclusion="好")


def test_an_action_of_a_complaint_is_hidden_from_whom_it_is_about(cast):
    blamed = case(cast, against="consultant1")
    with pytest.raises(RuleError, match="被投诉人"):
        action(cast, "consultant1", complaint_id=blamed.id)
    paper = action(cast, "clerk", complaint_id=blamed.id)
    assert paper.against_id == cast.person_ids["consultant1"]
    with acting_as(cast.actor("consultant1")):
        assert cast.session.scalars(select(CorrectiveAction)).all() == []


@pytest.mark.parametrize("month", ["2026-13", "本月", "2026-1"])
def test_a_month_is_a_month(cast, month):
    with pytest.raises(RuleError, match="看不懂"), acting_as(SYSTEM):
        check_action(
            cast.session, CorrectiveAction(month=month, due_on=now().date(), project_id=1, responsible_id=1), now()
        )


def closed(cast, level, satisfaction, **more):
    paper = step(cast, case(cast, **more), "grade", "supervisor", level=level, against=None)
    paper = step(
        cast, step(cast, paper, "handle", "supervisor", proposal="道歉"), "answer", "supervisor", answer="道歉"
    )
    return step(cast, paper, "close", "clerk", satisfaction=satisfaction, revisit="已回访")


def test_the_report_counts_and_leads_to_its_rows(cast, client_as):
    done = closed(cast, Level.MINOR, Satisfaction.YES)
    closed(cast, Level.COMMON, Satisfaction.NO)
    case(cast)
    action(cast)
    client = client_as("supervisor")
    page = client.get("/complaint-report/").get_data(as_text=True)
    assert "客户投诉" in page and "3<small> 件" in page and "高峰期加一个机动岗" in page
    assert "by=level&amp;key=minor" in page
    month = f"{now():%Y-%m}"
    rows = client.get(f"/complaint-report/?month={month}&by=level&key=minor").get_data(as_text=True)
    assert done.number in rows and rows.count("TS-JPYL-") >= 1 and "TS-JPYL-" + f"{now().year}-0002" not in rows
    for by in ("about", "source", "state", "month"):
        assert client.get(f"/complaint-report/?by={by}").status_code == 200
    assert "100 %" in client.get("/complaint-report/?by=level&key=minor").get_data(as_text=True)
    with acting_as(SYSTEM):
        assert len(cast.session.scalars(select(Complaint)).all()) == 3
    assert client.get("/complaint-report/export?by=about").status_code == 200
    assert client_as("consultant1").get("/complaint-report/").status_code == 403
    team = client_as("supervisor2").get("/complaint-report/").get_data(as_text=True)
    assert "这个月没有客户投诉" in team
