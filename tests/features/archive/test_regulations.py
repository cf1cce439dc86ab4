"""制度文件 with the cast: opinions, study, in force, signed by everybody, revised (S2.9)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.features.archive.regulations.models import Concerned, Regulation, RegulationState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import Forbidden, RuleError
from app.kernel.readings import receipts_of
from app.kernel.screens.readers import readers_tab
from tests.features.archive import registers as r
from tests.features.deals import orders as o


def people(cast, paper, of: str = "receipts") -> dict[str, bool]:
    with acting_as(SYSTEM):
        cast.session.rollback()
        found = cast.session.get(Regulation, paper.id)
        rows = receipts_of(cast.session, found) if of == "receipts" else found.opinions
        return {row.person_name: bool(getattr(row, "read_at" if of == "receipts" else "given_at")) for row in rows}


def test_opinions_are_asked_and_given(cast):
    asked = o.step(cast, r.regulation(cast), "ask_opinions", "supervisor")
    assert (asked.state, asked.opinions_until) == (RegulationState.OPINIONS, o.today(3))
    who = people(cast, asked, "opinions")
    assert {"林晓", "何涛", "方芳", "吴越"} <= set(who) and "周敏" not in who and "陆一鸣" not in who
    o.step(cast, asked, "give_opinion", "consultant1", opinion="建议加上雨天接待")
    o.step(cast, asked, "give_opinion", "consultant1", opinion="建议加上雨天和夜间接待")
    assert people(cast, asked, "opinions")["林晓"] is True
    for login in ("marketing", "supervisor"):  # nobody asked them
        with pytest.raises(Forbidden):
            o.step(cast, asked, "give_opinion", login, opinion="无意见")


def test_a_version_comes_into_force_and_is_signed_by_everybody(cast):
    paper = r.in_force(cast)
    assert (paper.state, paper.number[:8], paper.in_force_on) == (RegulationState.IN_FORCE, "ZD-JPYL-", o.today())
    who = people(cast, paper)
    assert {"林晓", "周敏", "吴越", "谭明", "方芳", "许静"} <= set(who) and not any(who.values())
    o.step(cast, paper, "sign", "consultant1")
    assert people(cast, paper)["林晓"] is True
    with pytest.raises(Forbidden):
        o.step(cast, paper, "sign", "consultant1")  # once
    with pytest.raises(Forbidden):
        o.step(cast, paper, "sign", "marketing")  # does not concern her
    o.step(cast, paper, "remind", "clerk")


def test_only_whom_it_concerns_signs(cast):
    paper = r.in_force(cast, r.regulation(cast, concerned=Concerned.OFFICE))
    assert set(people(cast, paper)) == {"方芳", "许静"}


def test_nobody_agrees_to_his_own_regulation(cast):
    paper = r.regulation(cast, created_by=cast.person_ids["site_manager"])
    paper = o.step(cast, paper, "ask_opinions", "site_manager", until=o.today(1))
    paper = o.step(
        cast, o.step(cast, paper, "study", "site_manager", on=o.today(), conclusion="可行"), "submit", "site_manager"
    )
    with pytest.raises(Forbidden):
        o.decided(cast, paper, "site_manager")
    assert o.decided(cast, paper, "project_manager").state is RegulationState.IN_FORCE


def test_the_next_version_supersedes_the_one_before(cast):
    first = r.in_force(cast)
    o.step(cast, first, "revise", "supervisor", changes="增加雨天接待")
    with pytest.raises(RuleError, match="已有一个版本在修订中"):
        o.step(cast, first, "revise", "supervisor", changes="再改一版")
    with acting_as(SYSTEM):
        second = cast.session.scalars(select(Regulation).where(Regulation.revision == 2)).one()
    assert (second.state, second.series_id) == (RegulationState.DRAFT, first.series_id)
    assert o.fresh(cast, Regulation, first.id).state is RegulationState.IN_FORCE
    second = r.in_force(cast, second)
    first = o.fresh(cast, Regulation, first.id)
    assert second.number == f"{first.number}-2"
    assert (first.state, first.ended_on, second.state) == (
        RegulationState.SUPERSEDED,
        o.today(),
        RegulationState.IN_FORCE,
    )


def test_the_page_tells_who_has_not_signed(cast, client_as):
    paper = r.in_force(cast)
    o.step(cast, paper, "sign", "consultant1")
    page = client_as("supervisor").get(f"/regulation/show/{paper.id}").text
    assert "签收情况" in page and "未签收" in page
    with acting_as(SYSTEM):
        rows = readers_tab(cast.session.get(Regulation, paper.id), SYSTEM).rows
    assert rows[-1].name == "林晓"  # who has not signed stands first
    assert (
        "待签收：新制度" in client_as("consultant2").get("/").text
        and "待签收：新制度" not in client_as("consultant1").get("/").text
    )
    assert "案场接待流程" in client_as("consultant2").get("/regulation/list/?chip=unsigned").text
    assert client_as("developer_site").get("/regulation/list/").status_code == 403
    assert client_as("developer_site").get(f"/regulation/show/{paper.id}").status_code == 404
    assert client_as("other_consultant").get(f"/regulation/show/{paper.id}").status_code == 404


def test_a_repealed_regulation_stays_readable(cast, client_as):
    paper = o.step(cast, r.in_force(cast), "repeal", "site_manager", note="并入员工手册")
    assert (paper.state, paper.ended_on) == (RegulationState.REPEALED, o.today())
    assert "客户进门三十秒内问候" in client_as("consultant1").get(f"/regulation/show/{paper.id}").text


def test_a_regulation_is_written_by_its_page(cast, client_as):
    head = client_as("supervisor")
    body = {"title": "轮排接待办法", "kind": "rules", "concerned": "sales", "content": "按轮序接待。", "_key": "k1"}
    saved = head.post("/regulation/add", data=body)
    page = head.get(saved.headers["Location"]).text
    assert "征求意见" in page and "轮排接待办法 第 1 版" in page
    assert client_as("consultant1").post("/regulation/add", data=body).status_code == 403


def test_two_papers_stand_in_one_menu(cast, client_as):
    """«打印制度文件» and «打印签阅表» side by side left no room for the step on a phone."""
    page = client_as("supervisor").get(f"/regulation/show/{r.in_force(cast).id}").get_data(as_text=True)
    menu = re.search(
        r'<summary class="btn[^"]*">(?:(?!</summary>).)*打印.*?<ul class="pop-menu">(.*?)</ul>', page, re.DOTALL
    )
    assert menu
    assert menu[1].count("/print/") == page.count("/print/") == 2
