"""The person complained of neither sees nor decides: every way to the paper, whatever posts he holds (02 §2.5.6, 07)."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from app.features.complaints.cases.models import Complaint, Level, Satisfaction
from app.features.complaints.incidents.models import Dispute, EventLevel
from app.features.complaints.internal.models import InternalComplaint, InternalState
from app.features.organisation.models import Delegation, DelegationState, PostName
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.engine import decide
from app.kernel.approval.finding import current_step, open_of
from app.kernel.approval.inbox import (
    count_waiting,
    decided_by,
    granted,
    informed_of,
    started_by,
    to_record,
    waiting_for,
)
from app.kernel.base import now
from app.kernel.errors import Forbidden, NotFound
from app.kernel.notices import Notice
from app.kernel.search import search
from app.kernel.workflow import fire, legal_steps
from tests.factories import saved
from tests.features.complaints.papers import case, decided, event, fresh, internal_case, step
from tests.features.deals.orders import customer


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.get_data(as_text=True)


def exported(client) -> list[list[str]]:
    """The rows of the exported list."""
    answer = client.post("/complaint/list/export", data={"reason": "月度分析"})
    assert answer.status_code == 200, answer.status_code
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    head = next(place for place, row in enumerate(rows) if row[0] == "编号")
    return [row for row in rows[head + 1 :] if str(row[0]).startswith("TS-")]


def raised(cast, against: str, level=Level.MAJOR, by: str = "site_manager"):
    """A complaint about this person that waits for the chain."""
    paper = step(cast, case(cast, against=against), "grade", by, level=level, against=cast.person_ids[against])
    return step(cast, paper, "report", by, proposal="调岗并道歉")


@pytest.mark.parametrize("against", ["consultant1", "supervisor", "site_manager", "project_manager", "clerk"])
def test_no_way_leads_to_ones_own_complaint(cast, client_as, against):
    """List, page, search, export, files, 「查看」, steps, home, report."""
    login = "site_manager" if against != "site_manager" else "project_manager"
    writer = "developer_service"
    paper = step(
        cast, case(cast, writer, against=against), "grade", login, level=Level.COMMON, against=cast.person_ids[against]
    )
    mine = client_as(against)
    assert paper.number not in page(mine, "/complaint/list/")
    assert paper.number in page(client_as(login), "/complaint/list/")
    for address in ("show", "step/first_reply", "edit"):
        assert mine.get(f"/complaint/{address}/{paper.id}").status_code in (403, 404), address
    there = f"/complaint/show/{paper.id}"
    assert there not in page(mine, f"/search?q={paper.number}") and there in page(
        client_as(login), f"/search?q={paper.number}"
    )
    assert mine.get(f"/files/complaint/{paper.id}").status_code == 404
    photo = {"file": (io.BytesIO(b"x"), "a.png")}
    assert mine.post(f"/files/complaint/{paper.id}", data=photo).status_code in (403, 404)
    assert mine.post(f"/reveal/complaint/{paper.id}/phone").status_code in (403, 404)
    assert "件客户投诉" not in page(mine, "/")
    if against in ("supervisor", "site_manager", "project_manager"):
        assert "这个月没有客户投诉" in page(mine, "/complaint-report/")
    if against != "consultant1":
        assert exported(mine) == [] and [row[0] for row in exported(client_as(login))] == [paper.number]


def test_the_export_of_others_has_it_and_his_has_not(cast):
    from app.kernel.search import proposed_ids

    paper = raised(cast, "supervisor")
    for login, seen in (
        ("supervisor", False),
        ("supervisor2", False),
        ("site_manager", True),
        ("developer_lead", True),
    ):
        actor = cast.actor(login)
        with acting_as(actor):
            assert (paper.id in list(cast.session.scalars(select(Complaint.id)))) is seen, login
            found = search(cast.session, actor, paper.number)
            assert bool(found.groups) is seen, login
    assert proposed_ids(cast.session, cast.actor("site_manager"), Complaint, paper.number)[0] == [paper.id]


@pytest.mark.parametrize("against", ["project_manager", "developer_lead"])
def test_he_is_passed_by_in_the_chain(cast, against):
    paper = raised(cast, against)
    accused = cast.actor(against)
    with acting_as(SYSTEM):
        request = open_of(cast.session, paper)
        key, station = request.id, current_step(request).id
    with acting_as(accused):
        assert waiting_for(cast.session, accused) == [] and count_waiting(cast.session, accused) == 0
        assert not granted(cast.session, accused, "complaint", paper.id)
        with pytest.raises(Forbidden):
            decide(cast.session, key, station, accused, "approve", "没有此事")
    first = "general_manager" if against == "project_manager" else "project_manager"
    with acting_as(SYSTEM):
        cast.session.rollback()
        assert current_step(open_of(cast.session, paper)).post == first
    paper = decided(cast, paper, first)
    if against == "developer_lead":  # the highest post is passed by, too
        assert decided(cast, paper, "general_manager", opinion="由总经理答复").decision == "由总经理答复"
    with acting_as(SYSTEM):
        people = list(cast.session.scalars(select(Notice.person_id).where(Notice.url == f"/approvals/{key}")))
    assert cast.person_ids[against] not in people


def test_nobody_named_later_keeps_what_he_was_told(cast):
    """The supervisor heard of the complaint; then it turns out to be about him."""
    paper = case(cast, "clerk")
    me = cast.person_ids["supervisor"]
    with acting_as(SYSTEM):
        assert cast.session.scalars(select(Notice.id).where(Notice.person_id == me)).all()
    step(cast, paper, "grade", "site_manager", level=Level.COMMON, against=me)
    with acting_as(SYSTEM):
        assert cast.session.scalars(select(Notice.id).where(Notice.person_id == me)).all() == []


def test_who_asked_for_it_before_he_was_named_loses_it_too(cast):
    """His own requests and decisions vanish from his lists with the paper."""
    paper = step(cast, case(cast, "clerk"), "grade", "supervisor", level=Level.MAJOR)
    paper = step(cast, paper, "report", "supervisor", proposal="道歉")
    paper = decided(cast, paper, "project_manager", verdict="refuse", opinion="查清是谁")
    for login, lists in (("supervisor", (started_by,)), ("project_manager", (decided_by,))):
        actor = cast.actor(login)
        with acting_as(actor):
            assert all(each(cast.session, actor) for each in lists), login
    with acting_as(SYSTEM):
        me = cast.person_ids["supervisor"]
        cast.session.execute(
            update(Complaint).values(against_id=me, also_against_id=cast.person_ids["project_manager"])
        )
        cast.session.commit()
    for login in ("supervisor", "project_manager"):
        actor = cast.actor(login)
        with acting_as(actor):
            for each in (started_by, decided_by, informed_of, to_record, waiting_for):
                assert each(cast.session, actor) == [], (login, each.__name__)


def test_standing_in_for_somebody_does_not_help(cast):
    """The consultant acts for the supervisor; whoever stands in for the accused does not decide either."""
    today = now().date()
    a = cast.project_ids["a"]
    for absent, deputy, post in (
        ("supervisor", "consultant1", PostName.SUPERVISOR),
        ("project_manager", "clerk", PostName.PROJECT_MANAGER),
    ):
        saved(cast.session, Delegation(
            project_id=a, absent_id=cast.person_ids[absent], deputy_id=cast.person_ids[deputy], post=post, since=today,
            until=today + timedelta(days=3), reason="出差", state=DelegationState.APPROVED,
        ))  # fmt: skip
    paper = case(cast, "developer_service", against="consultant1")
    deputy = cast.actor("consultant1")
    assert any(p.acting_for for p in deputy.postings)
    with acting_as(deputy):
        assert cast.session.scalars(select(Complaint)).all() == []
        with pytest.raises(Forbidden):
            fire(cast.session, fresh(cast, Complaint, paper.id), "grade", deputy, level=Level.MINOR)
    about_pm = raised(cast, "project_manager")
    stand_in = cast.actor("clerk")
    with acting_as(stand_in):
        assert waiting_for(cast.session, stand_in) == []
        request = open_of(cast.session, about_pm)
        with pytest.raises(Forbidden):
            decide(cast.session, request.id, current_step(request).id, stand_in, "approve", "同意")


def test_no_step_is_his_nor_the_page_of_the_decision(cast, client_as):
    paper = raised(cast, "supervisor")
    with acting_as(SYSTEM):
        key = open_of(cast.session, paper).id
    assert client_as("supervisor").get(f"/approvals/{key}").status_code in (403, 404)
    assert client_as("project_manager").get(f"/approvals/{key}").status_code == 200
    with acting_as(SYSTEM):
        row = cast.session.get(Complaint, paper.id)
        assert legal_steps(row, cast.actor("supervisor")) == []
        assert legal_steps(row, cast.actor("site_manager"))


def test_internal_ones_are_read_by_writer_and_deciders_only(cast, client_as):
    light = internal_case(cast)
    readers = {"consultant1", "supervisor", "supervisor2", "auditor"}  # consultant2, of whom it speaks, works in team 2
    for login in ("consultant1", "consultant2", "supervisor", "supervisor2", "site_manager", "project_manager", "sales_admin",
                  "general_manager", "clerk", "developer_lead", "auditor"):  # fmt: skip
        answer = client_as(login).get(f"/internal-complaint/show/{light.id}")
        assert (answer.status_code == 200) is (login in readers), login
    heavy = step(cast, light, "report", "supervisor", proposal="批评教育")
    assert heavy.raised_at is not None
    for login, seen in (
        ("project_manager", True),
        ("sales_admin", True),
        ("site_manager", False),
        ("consultant2", False),
        ("developer_lead", False),
    ):
        assert (client_as(login).get(f"/internal-complaint/show/{heavy.id}").status_code == 200) is seen, login


def test_an_internal_one_about_the_supervisor_goes_past_him(cast):
    paper = internal_case(cast, against="supervisor")
    assert (paper.state, paper.level.value) == (InternalState.RAISED, "heavy")
    accused, manager = cast.actor("supervisor"), cast.actor("project_manager")
    with acting_as(accused):
        assert cast.session.scalars(select(InternalComplaint)).all() == []
    with acting_as(manager):
        assert len(waiting_for(cast.session, manager)) == 1
    paper = decided(cast, paper, "project_manager", opinion="约谈周敏")
    assert (paper.state, paper.answer) == (InternalState.ANSWERED, "约谈周敏")
    assert step(cast, paper, "reopen", "consultant1", note="没有改变").reopened == 1


def test_an_internal_one_about_the_project_manager_is_decided_above_him(cast):
    paper = internal_case(cast, against="project_manager")
    with acting_as(SYSTEM):
        assert current_step(open_of(cast.session, paper)).post == "general_manager"
    assert decided(cast, paper, "general_manager", opinion="由总经理处理").state is InternalState.ANSWERED


def test_neither_party_of_a_dispute_sees_it(cast):
    paper = event(cast, against="consultant1", also="consultant2", login="clerk")
    for login in ("consultant1", "consultant2"):
        with acting_as(cast.actor(login)):
            assert cast.session.scalars(select(Dispute)).all() == []
    paper = step(
        cast,
        paper,
        "accept",
        "supervisor",
        level=EventLevel.MAJOR,
        measures="分开谈",
        against=paper.against_id,
        also_against=paper.also_against_id,
    )
    paper = step(cast, paper, "report", "supervisor", proposal="各半")
    for login in ("project_manager", "developer_lead"):
        paper = decided(cast, paper, login)
    assert step(cast, paper, "close", "supervisor", result="各半分单", lessons="登记要及时").closed_at is not None


def test_the_counts_on_his_home_page_leave_it_out(cast):
    from app.features.complaints.tabs import reminders  # views want every model first

    case(cast, "clerk", against="supervisor")
    for login, count in (("supervisor", 0), ("site_manager", 1)):
        actor = cast.actor(login)
        with acting_as(actor):
            asking = reminders(actor)
            statements = next(asking)
            numbers = [cast.session.scalar(query) for query in statements[:2]]
            assert sum(numbers) == count, login


def test_a_foreign_number_is_not_found(cast):
    paper = case(cast)
    with acting_as(cast.actor("other_supervisor")):
        assert cast.session.scalars(select(Complaint)).all() == []
    with pytest.raises((NotFound, Forbidden)):
        step(cast, paper, "grade", "other_supervisor", level=Level.MINOR)


def test_whoever_leads_a_team_hears_of_his_team_alone(cast):
    """A paper without a team goes to whoever leads the site; one about a consultant of team 2 to both supervisors."""
    from tests.features.complaints.test_cases import told

    case(cast, "developer_service")
    assert told(cast, "supervisor2") == [] and len(told(cast, "supervisor")) == 1
    case(cast, "developer_service", against="consultant2")
    assert len(told(cast, "supervisor2")) == 1 and len(told(cast, "supervisor")) == 2


def test_nobody_handles_his_own_internal_complaint(cast):
    paper = internal_case(cast, "supervisor2", against="consultant2")
    assert paper.state is InternalState.REGISTERED  # the other supervisor handles it
    with pytest.raises(Forbidden):
        step(cast, paper, "settle", "supervisor2", answer="我说了算")
    assert step(cast, paper, "settle", "supervisor", answer="已谈话").state is InternalState.ANSWERED


def test_a_writer_of_another_team_closes_what_he_wrote(cast):
    """The paper lies in the team of whom it is about."""
    paper = step(cast, internal_case(cast), "settle", "supervisor2", answer="已批评")
    assert paper.team_id == cast.team_ids["a2"]
    assert step(cast, paper, "close", "consultant1", satisfaction=Satisfaction.YES).state is InternalState.CLOSED
    mine = step(
        cast, case(cast, "consultant1", against="consultant2"), "first_reply", "consultant1", reply="马上转告主管"
    )
    assert mine.replied_at is not None


def test_the_customers_timeline_tells_it_to_others_alone(cast, client_as):
    who = customer(cast, "consultant1")
    customer_id = who.id
    paper = step(
        cast, case(cast, "clerk", against="consultant1", customer_id=customer_id), "grade", "supervisor",
        level=Level.COMMON, against=cast.person_ids["consultant1"],
    )  # fmt: skip
    line = f"/complaint/show/{paper.id}"
    assert line in page(client_as("supervisor"), f"/customer-timeline/{customer_id}")
    assert line not in page(client_as("consultant1"), f"/customer-timeline/{customer_id}")
