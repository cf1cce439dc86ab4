"""Loans and regulations on paper: who took what until when, what is ordered, who had a word in it and who has read it (S2.9, 02 §2.5.8)."""

from __future__ import annotations

from typing import Any

from tests.features.archive import files as f
from tests.features.archive import registers as r
from tests.features.deals import orders as o
from tests.kernel.papers.words import printed_words

WORD = {"form": "docx", "copies": "1"}


def words(cast: Any, client: Any, key: str, paper: Any) -> str:
    return printed_words(cast.session, client.post(f"/print/{key}/{paper.id}", data=WORD))


def test_a_loan_is_printed_from_its_request_on(cast, client_as):
    clerk, paper = client_as("clerk"), f.paper(cast, f.household(cast), title="身份证复印件")
    asked = r.loan(cast, paper)
    assert clerk.post(f"/print/loan_slip/{asked.id}", data=WORD).status_code in (404, 422), "a draft is nothing yet"
    o.step(cast, asked, "submit", "clerk")
    o.decided(cast, asked, "supervisor")
    o.step(cast, asked, "lend", "clerk", receiver="林晓", due_on=o.today(3))
    text = words(cast, clerk, "loan_slip", asked)
    for told in (
        "资料借阅单",
        asked.number,
        paper.number,
        "身份证复印件",
        "王伟",
        "客户办理公积金",
        "林晓",
        "周敏",
        "同意",
    ):
        assert told in text, told


def test_a_site_file_goes_out_on_the_same_slip(cast, client_as):
    out = r.lent(cast, f.site_file(cast, shelf="2 柜 3 层", box="7 盒"))
    text = words(cast, client_as("clerk"), "file_loan_slip", out)
    for told in ("资料借阅单", "案场客户接待流程", "2 柜 3 层 7 盒", "林晓"):
        assert told in text, told
    assert "房源客户" not in text


def test_a_regulation_says_that_it_is_not_in_force_yet(cast, client_as):
    draft = r.regulation(cast, content="一、客户进门三十秒内问候。\n二、雨天递伞。")
    text = words(cast, client_as("supervisor"), "regulation", draft)
    for told in ("案场接待流程", "第 1 版", "一、客户进门三十秒内问候。", "二、雨天递伞。", "起草，尚未生效"):
        assert told in text, told
    text = words(cast, client_as("consultant1"), "regulation", r.in_force(cast, draft))
    assert "尚未生效" not in text
    assert f"{o.today().year}年{o.today().month}月{o.today().day}日" in text


def test_opinions_study_decision_and_readers_stand_on_one_sheet(cast, client_as):
    paper = o.step(cast, r.regulation(cast), "ask_opinions", "supervisor")
    o.step(cast, paper, "give_opinion", "consultant1", opinion="建议加上雨天接待")
    paper = o.step(cast, paper, "study", "supervisor", on=o.today(), conclusion="雨天接待写入第二条")
    paper = o.step(cast, paper, "submit", "supervisor")
    supervisor = client_as("supervisor")
    assert "签收时间" not in words(cast, supervisor, "regulation_sheet", paper), "nobody has been asked to read it yet"
    paper = o.decided(cast, paper, "site_manager")
    o.step(cast, paper, "sign", "consultant2")
    text = words(cast, supervisor, "regulation_sheet", paper)
    for told in ("建议加上雨天接待", "未提出", "雨天接待写入第二条", "吴越", "签收时间", "已签 1 人", "何涛", "方芳"):
        assert told in text, told
