"""The screens of the organisation: who opens what, and the walks of the administrator and of HQ."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.features.organisation.models import (
    Assignment,
    CalendarDay,
    Company,
    CompanyKind,
    Delegation,
    DelegationState,
    Parameter,
    Person,
    PersonState,
    Project,
    Team,
)
from app.features.organisation.parameters import parameter
from app.features.organisation.views.accounts import first_password
from app.kernel.accounts import AccountSecurity
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.passwords import require_good_password

TODAY = now().date()
OPEN = {
    "/company/list/": {"admin", "sales_admin", "general_manager", "auditor"},
    "/person/list/": {"admin", "sales_admin", "general_manager", "auditor", "administration"},
    "/parameters/": {"sales_admin", "general_manager", "auditor"},
    "/parameter/list/": {"sales_admin", "general_manager", "auditor"},
    "/company/add": {"admin", "sales_admin"},
    "/project/add": {"sales_admin"},
    "/team/add": {"admin", "sales_admin"},
    "/permit/add": {"sales_admin"},
    "/person/add": {"admin"},
    "/assignment/add": {"admin"},
    "/parameter/add": {"sales_admin"},
    "/calendar-day/add": {"admin"},
}
FOR_ALL = ("/assignment/list/", "/project/list/", "/team/list/", "/calendar-day/list/")


def rows(session, query):
    with acting_as(SYSTEM):
        session.rollback()
        return list(session.scalars(query))


def test_who_opens_what(cast, client_as):
    for login in cast.person_ids:
        client = client_as(login)
        for address in FOR_ALL:
            assert client.get(address).status_code == 200, (login, address)
        opened = {address for address in OPEN if client.get(address).status_code == 200}
        assert opened == {address for address, who in OPEN.items() if login in who}, login


def test_the_directory_shows_own_people_and_no_phone(cast, client_as, session):
    with acting_as(SYSTEM):
        who = cast.person("site_manager")
        who.phone = "10526000001"
        session.commit()
    page = client_as("consultant1").get("/assignment/list/?size=100").get_data(as_text=True)
    assert "吴越" in page
    assert "严冬" not in page
    assert "1052600" not in page
    assert client_as("consultant1").get(f"/person/show/{cast.person_ids['site_manager']}").status_code in (403, 404)


def hire(cast, client_as, session):
    """Person, post and account by the administrator's forms; gives the first password."""
    admin = client_as("admin")
    form = {"name": "钱多", "company_id": cast.agency_id, "phone": "105 2600 0009", "hired_on": TODAY.isoformat()}
    assert admin.post("/person/add", data=form).status_code == 302
    (new,) = rows(session, select(Person).where(Person.name == "钱多"))
    assert new.phone == "10526000009"
    page = admin.get(f"/person/show/{new.id}").get_data(as_text=True)
    assert f"/assignment/add?person_id={new.id}" in page, "a new person gets his post from his page"
    asked = admin.get(f"/assignment/add?person_id={new.id}").get_data(as_text=True)
    assert "钱多" in asked
    assert re.search(rf'name="since"[^>]*value="{TODAY}"', asked)
    post = {"person_id": new.id, "post": "clerk", "project_id": cast.project_ids["a"], "since": TODAY.isoformat()}
    assert admin.post("/assignment/add", data=post).status_code == 302
    refused = admin.post(f"/accounts/open/{new.id}", data={"login": "clerk"})
    assert refused.status_code == 422
    assert "已存在" in refused.get_data(as_text=True)
    shown = admin.post(f"/accounts/open/{new.id}", data={"login": "qian"}).get_data(as_text=True)
    password = re.search(r"<code[^>]*>([^<]+)</code>", shown)[1]
    assert password not in admin.get(f"/person/show/{new.id}").get_data(as_text=True)
    (user_id,) = rows(session, select(Person.user_id).where(Person.id == new.id))
    assert rows(session, select(AccountSecurity.must_change).where(AccountSecurity.user_id == user_id)) == [True]
    return password


def test_the_administrator_hires_somebody_who_must_change_his_password(cast, client_as, session, app, login):
    password = hire(cast, client_as, session)
    client = login(app.test_client(), "qian", password)
    assert client.get("/assignment/list/").headers.get("Location", "").endswith("/password")


def test_a_wrong_post_comes_back_as_typed(cast, client_as, session):
    form = {
        "person_id": cast.person_ids["clerk"],
        "post": "finance",
        "project_id": cast.project_ids["a"],
        "since": "2026-1-1",
    }
    answer = client_as("admin").post("/assignment/add", data=form)
    assert answer.status_code == 422
    assert "公司级岗位" in answer.get_data(as_text=True)
    assert len(rows(session, select(Assignment).where(Assignment.person_id == cast.person_ids["clerk"]))) == 1


def test_a_company_wide_post_is_listed_in_every_project(cast, client_as):
    page = client_as("admin").get("/assignment/list/?size=100").get_data(as_text=True)
    assert "朱永年" in page


def test_disabling_kills_the_session(cast, client_as, session):
    clerk, admin = client_as("clerk"), client_as("admin")
    assert clerk.get("/project/list/").status_code == 200
    step = f"/person/step/disable/{cast.person_ids['clerk']}"
    assert admin.get(step).status_code == 200
    admin.post(step, data={"note": "停职"})
    assert rows(session, select(Person.state).where(Person.name == "方芳")) == [PersonState.DISABLED]
    assert "/login" in clerk.get("/project/list/").headers.get("Location", "")


def test_reset_shows_a_new_password_and_needs_the_administrator(cast, client_as, app, login):
    address = f"/accounts/reset/{cast.person_ids['clerk']}"
    assert client_as("site_manager").post(address).status_code == 403
    assert client_as("admin").get(address).status_code == 405
    page = client_as("admin").post(address).get_data(as_text=True)
    login(app.test_client(), "clerk", re.search(r"<code[^>]*>([^<]+)</code>", page)[1])


def test_first_passwords_are_good_and_differ():
    made = {first_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        require_good_password(password, "zhou", ("周敏",))


def test_head_office_founds_a_project_with_permit_and_team(cast, client_as, session):
    hq = client_as("sales_admin")
    assert hq.post("/company/add", data={"name": "新城置业", "kind": "developer"}).status_code == 302
    (developer,) = rows(
        session, select(Company).where(Company.kind == CompanyKind.DEVELOPER, Company.name == "新城置业")
    )
    form = {
        "name": "新城里",
        "code": "xcl",
        "agency_id": cast.agency_id,
        "developer_id": developer.id,
        "stage": "gathering",
    }
    assert hq.post("/project/add", data=form).status_code == 422
    assert hq.post("/project/add", data=form | {"code": "XCL", "agency_id": developer.id}).status_code == 422
    assert hq.post("/project/add", data=form | {"code": "XCL"}).status_code == 302
    (project,) = rows(session, select(Project).where(Project.code == "XCL"))
    hq.post("/project", data={"project": project.id, "project_id": project.id})
    permit = {
        "kind": "presale",
        "number": "江预售字第9号",
        "issued_on": "2026-3-1",
        "scope": "1栋",
        "valid_until": "2026-2-1",
    }
    assert hq.post("/permit/add", data=permit).status_code == 422
    assert hq.post("/permit/add", data=permit | {"valid_until": ""}).status_code == 302
    assert hq.post("/team/add", data={"name": "一组"}).status_code == 302
    assert project.id in rows(session, select(Team.project_id))


def test_parameters_change_from_a_day_on(cast, client_as, session):
    hq, a = client_as("sales_admin"), cast.project_ids["a"]
    form = {
        "project_id": a,
        "key": "lock_minutes",
        "value": "20",
        "effective_from": TODAY.isoformat(),
        "note": "开盘周",
    }
    for change, words in (
        ({"value": "20.5"}, "整数"),
        ({"effective_from": (TODAY - timedelta(days=1)).isoformat()}, "不能早于今天"),
        ({"note": ""}, "修改原因"),
    ):
        answer = hq.post("/parameter/add", data=form | change)
        assert answer.status_code == 422
        assert words in answer.get_data(as_text=True)
    assert hq.post("/parameter/add", data=form).status_code == 302
    (row,) = rows(session, select(Parameter))
    assert parameter(session, a, "lock_minutes") == 20
    page = hq.get("/parameters/").get_data(as_text=True)
    assert "20 分钟" in page
    assert "本项目" in page
    assert "20" in hq.get("/parameter/list/").get_data(as_text=True)
    assert hq.get(f"/parameter/edit/{row.id}").status_code == 403
    assert hq.post(f"/parameter/delete/{row.id}").status_code == 403


def test_a_parameter_is_changed_from_what_holds_now(cast, client_as):
    hq, a = client_as("sales_admin"), cast.project_ids["a"]
    page = hq.get(f"/parameter/add?key=lock_minutes&project_id={a}").get_data(as_text=True)
    assert re.search(r'name="value"[^>]*value="30"', page)
    assert re.search(rf'name="effective_from"[^>]*value="{TODAY}"', page)
    assert re.search(r'name="note"[^>]*required', page)
    share = hq.get(f"/parameter/add?key=deposit_cap&project_id={a}").get_data(as_text=True)
    assert re.search(r'name="value"[^>]*value="20 %"', share)
    assert "5,000 元" in hq.get("/parameters/").get_data(as_text=True)


def test_the_calendar_is_seeded_and_corrected(cast, client_as, session):
    admin = client_as("admin")
    assert admin.post("/calendar-day/seed").status_code == 302
    days = rows(session, select(CalendarDay))
    assert len(days) == 2 * (366 if TODAY.year % 4 == 0 else 365)
    assert client_as("clerk").post("/calendar-day/seed").status_code == 403
    one = days[0]
    edit = {"working": "", "name": "设备检修", "_version": one.version}
    assert admin.post(f"/calendar-day/edit/{one.id}", data=edit).status_code == 302
    assert rows(session, select(CalendarDay.name).where(CalendarDay.id == one.id)) == ["设备检修"]


def test_the_calendar_opens_with_this_month(cast, client_as, session):
    client_as("admin").post("/calendar-day/seed")
    clerk = client_as("clerk")
    page = clerk.get("/calendar-day/list/").get_data(as_text=True)
    first = f"{now():%Y-%m}-01"
    assert page.count(first) >= 2  # both calendars
    assert "共 62 " in page or "共 60 " in page or "共 56 " in page or "共 58 " in page
    assert f"{now().year}-{'01' if now().month > 1 else '02'}-15" not in page
    every = clerk.get("/calendar-day/list/?day.from=&day.to=").get_data(as_text=True)
    assert "共 730 " in every or "共 732 " in every


def test_a_delegation_from_the_form_to_the_decision(cast, client_as, session):
    absent = client_as("site_manager")
    form = {
        "absent_id": cast.person_ids["site_manager"], "deputy_id": cast.person_ids["supervisor"], "post": "site_manager",
        "project_id": cast.project_ids["a"], "since": TODAY.isoformat(), "until": TODAY.isoformat(), "reason": "外出开会",
    }  # fmt: skip
    assert absent.post("/delegation/add", data=form | {"deputy_id": cast.person_ids["site_manager"]}).status_code == 422
    assert absent.post("/delegation/add", data=form).status_code == 302
    (paper,) = rows(session, select(Delegation))
    deputy = client_as("supervisor")
    assert deputy.get(f"/delegation/show/{paper.id}").status_code == 200
    assert deputy.get(f"/delegation/edit/{paper.id}").status_code == 403
    assert client_as("consultant1").get(f"/delegation/show/{paper.id}").status_code == 404
    assert client_as("project_manager").get(f"/delegation/show/{paper.id}").status_code == 404
    assert absent.post(f"/delegation/step/submit/{paper.id}", data={"_version": paper.version}).status_code == 302
    assert client_as("project_manager").get(f"/delegation/show/{paper.id}").status_code == 200
    assert rows(session, select(Delegation.state)) == [DelegationState.REVIEW]


@pytest.mark.parametrize("address", ["/person/show/999999", "/project/show/999999", "/delegation/show/0"])
def test_missing_records_are_missing(client_as, address):
    assert client_as("sales_admin").get(address).status_code == 404


def test_nothing_of_project_a_opens_for_project_b(cast, client_as, session):
    stranger = client_as("other_site_manager")
    for address in (
        f"/project/show/{cast.project_ids['a']}", f"/team/show/{cast.team_ids['a1']}",
        f"/assignment/show/{rows(session, select(Assignment.id).where(Assignment.project_id == cast.project_ids['a']))[0]}",
    ):  # fmt: skip
        assert stranger.get(address).status_code == 404
    picked = stranger.get("/delegation/pick/deputy_id?q=林").get_json()
    assert picked == {"results": []}
