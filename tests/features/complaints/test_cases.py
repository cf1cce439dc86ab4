"""客户投诉: its way, its clocks, who decides how much (02 §2.2.2, §2.5.6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.features.complaints.alarms import ring
from app.features.complaints.cases.models import CaseState, Complaint, Level, Satisfaction
from app.kernel import base
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.finding import current_step, open_of
from app.kernel.errors import Forbidden, RuleError, StaleError
from app.kernel.notices import Notice
from app.kernel.posts import Post
from app.kernel.transactions import write
from tests.features.complaints.papers import case, decided, fresh, step

S = CaseState
MORNING = datetime(2026, 11, 3, 10, 30)


@pytest.fixture
def morning():
    """It is a Tuesday morning of the site."""
    token = base.clock.set(lambda: MORNING)
    yield
    base.clock.reset(token)


def at(moment: datetime):
    """It is this moment from now on in the test."""
    base.clock.set(lambda: moment)


def told(cast, login: str) -> list[str]:
    with acting_as(SYSTEM):
        query = select(Notice.title).where(Notice.person_id == cast.person_ids[login]).order_by(Notice.id)
        return list(cast.session.scalars(query))


def handled(cast, level=Level.COMMON, money=None, **more):
    paper = step(
        cast,
        case(cast, **more),
        "grade",
        "supervisor",
        level=level,
        against=more.get("against") and cast.person_ids[more["against"]],
    )
    return step(cast, paper, "handle", "supervisor", proposal="当面道歉", compensation=money)


def waits_for(cast, paper) -> Post:
    with acting_as(SYSTEM):
        return Post(current_step(open_of(cast.session, paper)).post)


def test_registered_with_its_clocks_and_the_supervisor_told(cast, morning):
    paper = case(cast)
    assert paper.number.startswith("TS-JPYL-")
    assert (paper.reply_due_at, paper.limit_due_at) == (datetime(2026, 11, 3, 12, 30), datetime(2026, 11, 4, 10, 30))
    assert paper.next_due_at == paper.reply_due_at
    assert any(paper.number in title for title in told(cast, "supervisor"))
    assert told(cast, "consultant1") == []


@pytest.mark.parametrize(
    ("level", "closed_by"),
    [
        (Level.MINOR, datetime(2026, 11, 4, 10, 30)),
        (Level.COMMON, datetime(2026, 11, 6, 10, 30)),
        (Level.MAJOR, datetime(2026, 11, 10, 10, 30)),
    ],
)
def test_the_level_decides_the_day(cast, morning, level, closed_by):
    paper = step(cast, case(cast), "grade", "supervisor", level=level)
    assert paper.close_due_at == closed_by
    assert (paper.raise_due_at is not None) is (level is Level.MAJOR)


def test_a_light_one_is_settled_on_the_spot_and_asked_about(cast, morning):
    paper = step(cast, handled(cast, Level.MINOR), "answer", "supervisor", answer="已道歉")
    assert (paper.state, paper.replied_at) == (S.ANSWERED, MORNING)
    paper = step(cast, paper, "close", "clerk", satisfaction=Satisfaction.YES, revisit="客户接受")
    assert (paper.state, paper.closed_at, paper.next_due_at) == (S.CLOSED, MORNING, None)
    paper = step(cast, paper, "reopen", "clerk", note="客户又来电")
    assert (paper.state, paper.reopened, paper.closed_at) == (S.REOPENED, 1, None)
    assert paper.close_due_at == paper.next_due_at == datetime(2026, 11, 4, 10, 30)
    assert step(cast, paper, "handle", "supervisor", proposal="上门致歉").state is S.HANDLING


def test_the_supervisor_promises_up_to_his_limit(cast, morning):
    assert (
        step(cast, handled(cast, money=Decimal(500)), "answer", "supervisor", answer="补偿 500 元").state is S.ANSWERED
    )
    with pytest.raises(RuleError, match="先上报"):
        step(cast, handled(cast, money=Decimal("500.01")), "answer", "supervisor", answer="补偿")
    with pytest.raises(RuleError, match="先上报"):
        step(cast, handled(cast, Level.MAJOR), "answer", "supervisor", answer="道歉")


@pytest.mark.parametrize(
    ("level", "money", "chain"),
    [
        (Level.COMMON, "5000", ["project_manager"]),
        (Level.COMMON, "5000.01", ["project_manager", "general_manager"]),
        (Level.COMMON, "20000", ["project_manager", "general_manager"]),
        (Level.COMMON, "20000.01", ["project_manager", "general_manager", "developer_lead"]),
        (Level.MAJOR, None, ["project_manager", "developer_lead"]),
        (Level.MAJOR, "8000", ["project_manager", "general_manager", "developer_lead"]),
    ],
)
def test_how_far_it_goes_up(cast, morning, level, money, chain):
    paper = handled(cast, level)
    paper = step(cast, paper, "report", "supervisor", proposal="补偿", compensation=Decimal(money) if money else None)
    assert (paper.state, paper.raised_at) == (S.RAISED, MORNING)
    for login in chain:
        assert waits_for(cast, paper) is Post(login)
        paper = decided(cast, paper, login, opinion=f"{login} 同意")
    assert (paper.state, paper.decision) == (S.DECIDED, f"{chain[-1]} 同意")
    assert any("请答复客户" in title for title in told(cast, "clerk"))
    assert step(cast, paper, "answer", "clerk", answer="按批复办理").state is S.ANSWERED


def test_refused_or_sent_back_it_is_worked_on_again(cast, morning):
    paper = step(cast, handled(cast, Level.MAJOR), "report", "supervisor", proposal="补偿")
    paper = decided(cast, paper, "project_manager", verdict="refuse", opinion="重新提方案")
    assert paper.state is S.HANDLING
    with pytest.raises(RuleError, match="先上报"):
        step(cast, paper, "answer", "supervisor", answer="x")


def test_a_major_one_is_known_upstairs_at_once(cast, morning):
    paper = step(cast, case(cast), "grade", "supervisor", level=Level.MAJOR)
    assert (paper.raise_due_at, paper.plan_due_at) == (datetime(2026, 11, 3, 11, 30), datetime(2026, 11, 4, 10, 30))
    paper = step(cast, paper, "raise_up", "supervisor")
    assert paper.raised_at == MORNING
    for login in ("project_manager", "developer_lead", "sales_admin"):
        assert any("重大投诉上报" in title for title in told(cast, login)), login
    with pytest.raises(Forbidden):
        step(cast, paper, "raise_up", "supervisor")


def test_only_who_handles_it_grades_it(cast, morning):
    with pytest.raises(Forbidden):
        step(cast, case(cast, "consultant1"), "grade", "consultant1", level=Level.MINOR)
    with pytest.raises(RuleError, match="被投诉人"):
        step(cast, case(cast, against="consultant1"), "grade", "supervisor", level=Level.MINOR, against=None)


def test_after_the_close_nothing_is_answered(cast, morning):
    paper = step(cast, handled(cast), "answer", "supervisor", answer="好")
    with pytest.raises(StaleError):
        step(cast, paper, "answer", "supervisor", answer="再答")


def test_a_clock_that_runs_over_is_told_once_and_to_the_next_post(cast, morning):
    paper = case(cast)
    with acting_as(SYSTEM):
        assert write(cast.session, lambda: ring(cast.session)) == 0
        at(MORNING + timedelta(hours=2, minutes=1))
        assert write(cast.session, lambda: ring(cast.session)) == 1
        assert write(cast.session, lambda: ring(cast.session)) == 0
    late = "首次回复已超时"
    assert [
        sum(late in title for title in told(cast, login)) for login in ("supervisor", "site_manager", "project_manager")
    ] == [1, 1, 0]
    at(MORNING + timedelta(days=1, minutes=1))
    with acting_as(SYSTEM):
        assert write(cast.session, lambda: ring(cast.session)) == 1
    assert any("最迟回复已超时" in title for title in told(cast, "project_manager"))
    step(cast, fresh(cast, Complaint, paper.id), "first_reply", "supervisor", reply="马上处理")
    at(MORNING + timedelta(days=9))
    with acting_as(SYSTEM):
        assert write(cast.session, lambda: ring(cast.session)) == 0


def test_pages_show_the_clock(cast, client_as):
    paper = case(cast)
    page = client_as("supervisor").get(f"/complaint/show/{paper.id}").get_data(as_text=True)
    assert "时限" in page and "首次回复" in page and "客户说等了半小时" in page
    listed = client_as("site_manager").get("/complaint/list/?chip=open").get_data(as_text=True)
    assert paper.number in listed and ("剩 " in listed or "超时 " in listed)
    assert "件客户投诉" in client_as("supervisor").get("/").get_data(as_text=True)


def test_the_form_registers_and_keeps_what_was_typed(cast, client_as):
    client = client_as("consultant1")
    assert "林晓（置业顾问）" in client.get("/complaint/add").get_data(as_text=True)
    typed = {
        "source": "phone",
        "about": "service",
        "customer_name": "赵敏",
        "facts": "电话没人接",
        "phone": "10012345678",
    }
    refused = client.post("/complaint/add", data=typed | {"against_id": str(cast.person_ids["consultant1"])})
    assert (
        refused.status_code == 422
        and "不能由本人登记" in refused.get_data(as_text=True)
        and "电话没人接" in refused.get_data(as_text=True)
    )
    odd = client.post("/complaint/add", data=typed | {"against_id": "999999"})
    assert odd.status_code == 422 and "请从列表中选择" in odd.get_data(as_text=True)
    assert client.post("/complaint/add", data=typed).status_code == 302
    with acting_as(SYSTEM):
        saved = cast.session.scalars(select(Complaint)).one()
    assert (saved.owner_id, saved.state) == (cast.person_ids["consultant1"], S.REGISTERED)
    assert client_as("consultant2").get(f"/complaint/show/{saved.id}").status_code == 404
    assert "赵敏" in client_as("developer_service").get(f"/complaint/show/{saved.id}").get_data(as_text=True)


def test_a_reply_settles_what_the_handlers_were_asked(cast, morning):
    paper = case(cast)

    def unread() -> int:
        with acting_as(SYSTEM):
            mine = select(Notice.id).where(Notice.person_id == cast.person_ids["supervisor"], Notice.read_at.is_(None))
            return len(cast.session.scalars(mine).all())

    assert unread() == 1
    step(cast, paper, "first_reply", "clerk", reply="主管马上联系您")
    assert unread() == 0
