"""借阅 with the cast: by approval, once at a time, back in the box; late ones are told (02 §2.5.8, 07)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.features.archive.loans.effects import tell_overdue
from app.features.archive.loans.models import FileLoan, Loan, LoanState
from app.features.archive.models import Medium, PaperState
from app.features.archive.papers.models import Paper
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.finding import current_step, open_of
from app.kernel.errors import Forbidden, RuleError
from app.kernel.notices import Notice
from app.kernel.transactions import write
from tests.features.archive import files as f
from tests.features.archive import registers as r
from tests.features.deals import orders as o


def test_a_paper_goes_out_by_approval_and_comes_back(cast):
    paper = f.paper(cast, f.household(cast))
    asked = o.step(cast, r.loan(cast, paper, due_on=None), "submit", "clerk")
    assert (asked.state, asked.number[:8], asked.due_on) == (LoanState.REVIEW, "DJ-JPYL-", o.today(7))
    assert o.fresh(cast, Paper, paper.id).state is PaperState.IN
    approved = o.decided(cast, asked, "supervisor")
    assert approved.state is LoanState.APPROVED
    out = o.step(cast, approved, "lend", "clerk", receiver="林晓", due_on=o.today(3))
    assert (out.state, out.receiver, out.due_on) == (LoanState.LENT, "林晓", o.today(3))
    assert o.fresh(cast, Paper, paper.id).state is PaperState.LENT
    back = o.step(cast, out, "give_back", "clerk", on=o.today(), condition="完好")
    assert back.state is LoanState.RETURNED and o.fresh(cast, Paper, paper.id).state is PaperState.IN


def test_an_original_is_lent_once(cast):
    paper = f.paper(cast, f.household(cast))
    first, second = r.loan(cast, paper), r.loan(cast, paper, "consultant2")
    o.step(cast, first, "submit", "clerk")
    with pytest.raises(RuleError, match="已在借阅办理中"):
        o.step(cast, second, "submit", "clerk")
    o.decided(cast, first, "supervisor", "refuse", "材料要留案场")
    assert o.step(cast, second, "submit", "clerk").state is LoanState.REVIEW


@pytest.mark.parametrize(("medium", "sentence"), [(Medium.ELECTRONIC, "电子件，不用借阅"), (Medium.COPY, None)])
def test_what_is_only_a_file_is_not_lent(cast, medium, sentence):
    paper = f.paper(cast, f.household(cast), medium=medium)
    if sentence is None:
        assert o.step(cast, r.loan(cast, paper), "submit", "clerk").state is LoanState.REVIEW
        return
    with pytest.raises(RuleError, match=sentence):
        o.step(cast, r.loan(cast, paper), "submit", "clerk")


def test_a_supervisor_who_borrows_is_decided_by_his_superior(cast):
    asked = o.step(cast, r.loan(cast, f.site_file(cast), "supervisor"), "submit", "clerk")
    with acting_as(SYSTEM):
        assert current_step(open_of(cast.session, asked)).post == "site_manager"
    assert o.decided(cast, asked, "site_manager").state is LoanState.APPROVED


def test_the_borrower_does_not_lend_himself(cast):
    asked = o.step(cast, r.loan(cast, f.paper(cast, f.household(cast))), "submit", "clerk")
    o.decided(cast, asked, "supervisor")
    with pytest.raises(Forbidden):
        o.step(cast, o.fresh(cast, Loan, asked.id), "lend", "consultant1", receiver="林晓", due_on=o.today(3))


def notices(cast, login: str) -> int:
    with acting_as(SYSTEM):
        cast.session.rollback()
        query = select(func.count(Notice.id)).where(
            Notice.person_id == cast.person_ids[login], Notice.title.contains("借阅逾期")
        )
        return cast.session.scalar(query)


def test_who_keeps_it_too_long_is_told_with_the_desk(cast):
    out = r.lent(cast, f.paper(cast, f.household(cast)))
    run = lambda: write(cast.session, lambda: tell_overdue(cast.session))  # noqa: E731
    with acting_as(SYSTEM):
        assert run() == 0
        write(
            cast.session, lambda: cast.session.execute(update(Loan).where(Loan.id == out.id).values(due_on=o.today(-2)))
        )
        assert (run(), run()) == (1, 0)
    assert (notices(cast, "consultant1"), notices(cast, "clerk"), notices(cast, "consultant2")) == (1, 1, 0)
    with acting_as(SYSTEM):
        write(
            cast.session,
            lambda: cast.session.execute(update(Loan).where(Loan.id == out.id).values(told_on=o.today(-3))),
        )
        assert run() == 1
    o.step(cast, o.fresh(cast, Loan, out.id), "extend", "supervisor", due_on=o.today(5))
    with acting_as(SYSTEM):
        assert run() == 0


@pytest.mark.parametrize("days", [-1, 1])
def test_the_day_of_return_lies_between_lending_and_today(cast, days):
    out = r.lent(cast, f.site_file(cast))
    with pytest.raises(RuleError, match="归还日期应在借出日和今天之间"):
        o.step(cast, out, "give_back", "clerk", on=o.today() + timedelta(days=days), condition="完好")
    assert o.fresh(cast, FileLoan, out.id).state is LoanState.LENT


def test_the_desk_lends_by_its_pages(cast, client_as):
    paper = f.paper(cast, f.household(cast))
    clerk = client_as("clerk")
    link = f"/loan/add?paper_id={paper.id}"
    assert link in clerk.get(f"/paper/show/{paper.id}").text
    body = {"paper_id": paper.id, "purpose": "补办手续", "due_on": str(o.today(2)), "_key": "k1"}
    assert "两者填一项" in clerk.post("/loan/add", data=body).text
    assert (
        "应还日期不能早于今天"
        in clerk.post("/loan/add", data=body | {"outsider": "江城银行 李经理", "due_on": str(o.today(-1))}).text
    )
    saved = clerk.post("/loan/add", data=body | {"outsider": "江城银行 李经理", "_key": "k2"})
    loan_id = int(saved.headers["Location"].rsplit("/", 1)[1])
    made = o.step(cast, o.fresh(cast, Loan, loan_id), "submit", "clerk")
    o.decided(cast, made, "supervisor")
    form = clerk.get(f"/loan/step/lend/{loan_id}").text
    assert 'value="江城银行 李经理"' in form
    with acting_as(SYSTEM):
        version = o.fresh(cast, Loan, loan_id).version
    body = {"receiver": "李经理", "due_on": str(o.today(2)), "_version": version, "_key": "k3"}
    assert clerk.post(f"/loan/step/lend/{loan_id}", data=body).status_code == 302
    page = clerk.get(f"/paper/show/{paper.id}").text
    assert "借出" in page and "江城银行 李经理" in page and link not in page
    assert "江城银行 李经理" in clerk.get("/loan/list/?chip=out").text
    assert client_as("consultant2").get(f"/loan/show/{loan_id}").status_code == 404
    assert client_as("developer_site").get(f"/loan/show/{loan_id}").status_code == 200
