"""收发文 and 用印 with the cast: who reviews, what is tracked, what is refused (S3.18, 02 §2.2.2, 07)."""

from __future__ import annotations

import html
import re

import pytest

from app.features.archive.letters.models import Counterpart, IncomingLetter, IncomingState, OutgoingState
from app.features.archive.seals.models import SealKind, SealState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.finding import open_of
from app.kernel.errors import Forbidden, RuleError
from tests.features.archive import registers as r
from tests.features.deals import orders as o


def chain(cast, paper) -> list[str]:
    with acting_as(SYSTEM):
        return [station.post for station in open_of(cast.session, paper).steps]


def test_a_letter_that_came_is_numbered_assigned_and_answered(cast):
    letter = r.incoming(cast)
    assert (letter.number[:8], letter.needs_reply_on) == ("LW-JPYL-", o.today(3))
    assigned = o.step(cast, letter, "assign", "supervisor", handler=cast.person_ids["contract_officer"])
    assert (assigned.state, assigned.handler_id) == (IncomingState.ASSIGNED, cast.person_ids["contract_officer"])
    answer = r.outgoing(cast, Counterpart.DEVELOPER, answers_id=letter.id, recipient="江城置业有限公司")
    answer = o.step(cast, answer, "submit", "clerk")
    assert chain(cast, answer) == ["supervisor", "site_manager"]
    for login in ("supervisor", "site_manager"):
        answer = o.decided(cast, answer, login)
    assert answer.state is OutgoingState.APPROVED
    with pytest.raises(RuleError, match="日期不能晚于今天"):
        o.step(cast, answer, "send", "clerk", on=o.today(1), express_no=None)
    sent = o.step(cast, answer, "send", "clerk", on=o.today(), express_no="SF1234567890")
    assert (sent.state, sent.express_no) == (OutgoingState.SENT, "SF1234567890")
    came = o.fresh(cast, IncomingLetter, letter.id)
    assert (came.state, came.replied_on, came.outcome) == (IncomingState.REPLIED, o.today(), f"已发 {sent.number}")


@pytest.mark.parametrize(
    ("to", "posts"),
    [
        (Counterpart.BUYER, ["supervisor"]),
        (Counterpart.BANK, ["supervisor"]),
        (Counterpart.DEVELOPER, ["supervisor", "site_manager"]),
        (Counterpart.AUTHORITY, ["supervisor", "site_manager"]),
        (Counterpart.HEAD_OFFICE, ["supervisor", "site_manager"]),
    ],
)
def test_who_reviews_a_letter(cast, to, posts):
    assert chain(cast, o.step(cast, r.outgoing(cast, to), "submit", "clerk")) == posts


def test_a_letter_that_the_supervisor_drafted_is_not_reviewed_by_himself(cast):
    letter = o.step(cast, r.outgoing(cast, created_by=cast.person_ids["supervisor"]), "submit", "supervisor")
    with pytest.raises(Forbidden):
        o.decided(cast, letter, "supervisor")
    assert o.decided(cast, letter, "supervisor2").state is OutgoingState.APPROVED


def test_the_answer_of_the_other_side_is_tracked(cast):
    letter = o.decided(cast, o.step(cast, r.outgoing(cast, needs_answer=o.today(5)), "submit", "clerk"), "supervisor")
    sent = o.step(cast, letter, "send", "clerk", on=o.today(), express_no=None)
    with pytest.raises(Forbidden):
        o.step(cast, sent, "answer", "supervisor", on=o.today(), outcome="同意")
    answered = o.step(cast, sent, "answer", "clerk", on=o.today(), outcome="客户明日来签约")
    assert (answered.state, answered.outcome) == (OutgoingState.ANSWERED, "客户明日来签约")


def test_late_answers_stand_on_the_home_page_and_in_the_list(cast, client_as):
    r.incoming(cast, received_on=o.today(-10))
    r.incoming(cast, subject="询价函")
    clerk = client_as("clerk")
    late = clerk.get("/incoming-letter/list/?chip=late").text
    assert "关于交付时间的函" in late and "询价函" not in late
    everything = clerk.get("/incoming-letter/list/").text
    assert everything.count("逾期 7 天") == 1 and f'<span class="neg">{o.today(-7)}</span>' in everything
    assert "1 件来文逾期未回复" in clerk.get("/").text
    assert client_as("consultant1").get("/incoming-letter/list/").status_code == 403
    assert client_as("developer_site").get("/incoming-letter/list/").status_code == 403


def test_a_letter_is_entered_by_its_page(cast, client_as):
    clerk = client_as("clerk")
    body = {"kind": "letter", "from_kind": "authority", "sender": "江城市房管局", "subject": "网签系统升级通知",
            "received_on": str(o.today()), "needs_reply_on": str(o.today(-1)), "_key": "k1"}  # fmt: skip
    assert "要求回复日期不能早于收到日期" in clerk.post("/incoming-letter/add", data=body).text
    saved = clerk.post("/incoming-letter/add", data=body | {"needs_reply_on": "", "_key": "k2"})
    page = clerk.get(saved.headers["Location"]).text
    assert "LW-JPYL-" in page and "起草答复" in page
    assert "网签系统升级通知" in clerk.get("/search?q=网签系统").text
    assert "网签系统升级通知" not in client_as("consultant1").get("/search?q=网签系统").text


@pytest.mark.parametrize(
    ("seal", "step", "post"),
    [
        (SealKind.CONTRACT, "submit", "developer_site"),
        (SealKind.COMPANY, "submit", "developer_site"),
        (SealKind.SITE, "submit_site", "site_manager"),
    ],
)
def test_whose_seal_it_is_decides_who_agrees(cast, seal, step, post):
    asked = o.step(cast, r.seal_use(cast, seal), step, "contract_officer")
    assert chain(cast, asked) == [post]
    other = "submit" if step == "submit_site" else "submit_site"
    with pytest.raises(Forbidden):
        o.step(cast, r.seal_use(cast, seal), other, "contract_officer")


def test_a_seal_is_used_within_what_was_agreed_and_comes_back(cast):
    agreed = o.decided(cast, o.step(cast, r.seal_use(cast), "submit", "clerk"), "developer_site")
    assert agreed.state is SealState.APPROVED
    with pytest.raises(RuleError, match="批准用印 4 份"):
        o.step(cast, agreed, "use", "clerk", on=o.today(), copies=5, witness="陆一鸣", due_on=None)
    used = o.step(cast, agreed, "use", "clerk", on=o.today(), copies=4, witness="陆一鸣", due_on=o.today(2))
    assert (used.state, used.due_on) == (SealState.USED, o.today(2))
    with pytest.raises(RuleError, match="归还日期应在用印日和今天之间"):
        o.step(cast, used, "give_back", "developer_site", on=o.today(1))
    assert o.step(cast, used, "give_back", "developer_site", on=o.today()).state is SealState.RETURNED


@pytest.mark.parametrize(("seal", "step"), [(SealKind.CONTRACT, "submit"), (SealKind.SITE, "submit_site")])
def test_who_asked_for_a_seal_takes_it_back(cast, seal, step):
    asked = o.step(cast, r.seal_use(cast, seal), step, "contract_officer")
    code = "seal_developer" if step == "submit" else "seal_site"
    assert o.step(cast, asked, f"{code}_withdraw", "contract_officer").state is SealState.DRAFT


def test_an_answer_starts_with_what_is_known(cast, client_as):
    came, clerk = r.incoming(cast, sender="江城置业 & 销售部", subject="关于交付时间的函"), client_as("clerk")
    page = clerk.get(f"/incoming-letter/show/{came.id}").text
    link = re.search(r'href="(/outgoing-letter/add[^"]*)"', page)
    form = clerk.get(html.unescape(link[1])).text
    for told in ('value="江城置业 &amp; 销售部"', 'value="回复：关于交付时间的函"'):
        assert told in form, told
    assert re.search(rf'name="answers_id"[^>]*\bvalue="{came.id}"|<option value="{came.id}" selected', form)
