"""The pages of customers: reception, phone check, lists within one's own rows, reveal of numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.customers.models import Customer
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.audit import AuditEntry, entry
from app.kernel.base import now
from app.kernel.transactions import write
from app.kernel.workflow import fire
from tests.cast import Cast
from tests.features.customers.conftest import Register

Client = Callable[[str], FlaskClient]
VISIT = {"kind": "first_visit", "phone": "10000005678", "name": "王伟", "source": "passing", "grade": "b", "_key": "k1"}


def text(answer) -> str:
    return answer.get_data(as_text=True)


def test_a_visit_is_registered_in_one_page(client_as: Client) -> None:
    client = client_as("consultant1")
    assert client.get("/reception/").status_code == 200
    answer = client.post("/reception/", data=VISIT)
    assert answer.status_code == 302, text(answer)
    page = text(client.get(answer.headers["Location"]))
    assert "王伟" in page and "tel:10000005678" in page


def test_a_double_click_registers_once(client_as: Client) -> None:
    client = client_as("consultant1")
    first, second = (client.post("/reception/", data=VISIT).headers["Location"] for _ in range(2))
    assert first == second


def test_a_visitor_without_a_number_needs_a_reason_and_keeps_what_was_typed(client_as: Client) -> None:
    client = client_as("consultant1")
    refused = client.post("/reception/", data={**VISIT, "phone": "", "name": "李先生"})
    assert refused.status_code == 422 and "未留电原因" in text(refused) and "李先生" in text(refused)
    wishes = {"needs": "朝南", "purpose": "upgrade", "wanted_layout": "四房", "wanted_total": "to_150"}
    form = {**VISIT, "phone": "", "name": "李先生", "no_phone_reason": "unwilling", **wishes}
    noted = client.post("/reception/", data=form)
    assert noted.status_code == 302 and "/contact/show/" in noted.headers["Location"]
    assert "朝南、改善、四房、120–150 万" in text(client.get(noted.headers["Location"]))


def test_a_colleagues_number_becomes_a_case(client_as: Client, registered: Register) -> None:
    """判客 (02 §2.5.2): the visit is kept, the customer's own page stays shut, his full name unsaid."""
    customer = registered("consultant2", "赵雅婷", "10000005678")
    client = client_as("consultant1")
    answer = client.post("/reception/", data=VISIT)
    assert answer.status_code == 302 and "/ownership-claim/show/" in answer.headers["Location"]
    page = text(client.get(answer.headers["Location"]))
    assert "已生成判客单" in page and "裁定后可以查看系统整理的证据" in page
    assert "赵雅婷" not in page and "10000005678" not in page
    assert client.get(f"/customer/show/{customer.id}").status_code == 404
    again = client.post("/reception/", data=VISIT | {"_key": "k2"})
    assert again.status_code == 422 and "已有判客单" in text(again)
    assert (
        client_as("clerk").post("/reception/", data=VISIT | {"receiver_id": "1", "_key": "k3"}).status_code == 422
    )  # she sees whose he is


def test_the_phone_check_says_yes_or_no_and_a_name_by_scope_only(
    client_as: Client, registered: Register, session: Session
) -> None:
    registered("consultant2", "赵雅婷", "10000005678")
    own = registered("consultant1", "王伟", "10000001111").id

    def check(login: str, number: str) -> dict[str, Any]:
        return client_as(login).post("/reception/phone", data={"phone": number}).json

    known = {"known": True, "text": "该号码已登记，请找主管判客", "url": ""}
    assert check("consultant1", "+86 100 0000 5678") == known
    for login in ("clerk", "supervisor"):  # whose rows hold the customer reads whose he is
        assert check(login, "10000005678")["text"] == "该号码已登记为「赵雅婷」，归属 何涛"
    assert check("consultant1", "10000009999")["known"] is False
    assert check("consultant1", "10000001111")["url"] == f"/reception/?customer={own}"
    asked = list(session.scalars(select(AuditEntry.changes).where(AuditEntry.act == "phone_check")))
    assert len(asked) == 5
    assert asked[0] == {"number": "100****5678", "known": True}


def test_the_phone_check_is_no_address_and_not_for_everybody(client_as: Client) -> None:
    assert client_as("consultant1").get("/reception/phone?phone=10000005678").status_code == 405
    assert client_as("consultant1").post("/reception/phone", data={"phone": "abc"}).status_code == 422
    for login in ("developer_site", "auditor", "finance", "admin"):
        assert client_as(login).post("/reception/phone", data={"phone": "10000005678"}).status_code == 403


def test_a_consultant_sees_his_own_customers_only(client_as: Client, registered: Register) -> None:
    foreign = registered("consultant2", "赵雅婷", "10000005678").id
    own = registered("consultant1", "王伟", "10000001111").id
    client = client_as("consultant1")
    page = text(client.get("/customer/list/"))
    assert "王伟" in page and "赵雅婷" not in page
    assert "赵雅婷" not in text(client.get("/customer/list/?q=5678"))
    assert "王伟" in text(client.get("/customer/list/?q=1111"))
    assert client.get(f"/customer/show/{own}").status_code == 200
    assert client.get(f"/customer/show/{foreign}").status_code == client.get("/customer/show/999999").status_code == 404


def test_the_list_masks_numbers_for_everybody(client_as: Client, registered: Register) -> None:
    registered("consultant1", "王伟", "10000001111")
    for login in ("consultant1", "supervisor", "clerk", "auditor"):
        page = text(client_as(login).get("/customer/list/"))
        assert "100****1111" in page and "10000001111" not in page, login


def test_posts_without_customers_get_no_list(client_as: Client) -> None:
    for login in ("developer_finance", "developer_lead", "admin", "contract_officer"):
        assert client_as(login).get("/customer/list/").status_code in (403, 404), login


def test_a_follow_up_is_noted_on_the_customers_page(client_as: Client, registered: Register) -> None:
    pk = registered("consultant1", "王伟", "10000001111").id
    client = client_as("consultant1")
    form = {"method": "phone", "result": "reached", "grade": "a", "content": "周末再来看样板房"}
    answer = client.post(f"/customer/step/note_follow_up/{pk}", data=form)
    assert answer.status_code == 302, text(answer)
    assert "周末再来看样板房" in text(client.get(f"/customer/show/{pk}"))


@pytest.mark.parametrize(
    "address",
    ["/customer/list/", "/customer/list/?owner_id={owner}", "/customer/list/?chip=late", "/contact/list/", "/follow-up/list/",
     "/customer-phone/list/", "/follow-up/pick/customer_id?q=赵", "/contact/pick/customer_id?q=", "/search?q=赵雅婷",
     "/search?q=zhaoyating", "/search?q=5678", "/search?q=10000005678", "/"],
)  # fmt: skip
def test_no_page_of_a_colleague_or_a_stranger_names_a_foreign_customer(
    client_as: Client, cast: Cast, registered: Register, address: str
) -> None:
    foreign = registered("consultant2", "赵雅婷", "10000005678").id
    question = address.partition("q=")[2]  # is repeated on the page
    for login in ("consultant1", "other_consultant", "other_supervisor"):
        answer = client_as(login).get(address.format(owner=cast.person_ids["consultant2"]))
        assert answer.status_code in (200, 403), login  # a stranger's post may have no such page
        for sign in ("赵雅婷", "10000005678", "100****5678", f"/customer/show/{foreign}"):
            assert sign == question or sign not in text(answer), (login, sign)


def test_the_search_finds_by_the_numbers_in_use_and_follows_the_owner(
    client_as: Client, cast: Cast, session: Session, registered: Register
) -> None:
    customer = registered("consultant2", "赵雅婷", "10000005678")
    key = customer.id

    def take(login: str, step: str, **form: Any) -> None:
        with acting_as(cast.actor(login)):
            fire(session, customer, step, cast.actor(login), **form)

    def finds(login: str, question: str) -> bool:
        return f"/customer/show/{key}" in text(client_as(login).get(f"/search?q={question}"))

    take("consultant2", "add_phone", phone="10000004321")
    assert all(finds("consultant2", q) for q in ("5678", "4321", "10000004321", "zyt", "雅婷"))
    take("consultant2", "drop_phone", tail="5678")
    assert not finds("consultant2", "5678")
    take("supervisor2", "change_owner", owner_id=cast.person_ids["consultant1"], note="跨组调整")
    assert finds("consultant1", "4321")
    assert not finds("consultant2", "4321")
    assert not finds("consultant2", "赵雅婷")


def test_the_desk_chooses_the_receiver_among_sellers_only(client_as: Client, cast: Cast) -> None:
    desk = client_as("clerk")
    refused = desk.post("/reception/", data={**VISIT, "receiver_id": str(cast.person_ids["developer_site"])})
    assert refused.status_code == 422
    done = desk.post("/reception/", data={**VISIT, "receiver_id": str(cast.person_ids["consultant2"]), "_key": "k2"})
    assert done.status_code == 302
    assert "王伟" in text(client_as("consultant2").get("/customer/list/"))


def test_a_long_silence_is_said_on_the_page(client_as: Client, session: Session, registered: Register) -> None:
    pk = registered("consultant1", "王伟", "10000001111").id

    def forget() -> None:
        customer = session.get(Customer, pk)
        customer.last_contact_at = now() - timedelta(days=20)
        customer.follow_due_on = now().date() - timedelta(days=13)

    with acting_as(SYSTEM):
        write(session, forget)
    page = text(client_as("consultant1").get(f"/customer/show/{pk}"))
    assert "跟进已逾期 13 天。" in page
    assert "已有 20 天没有有效联系，建议降为 D 级：可「采纳降级」，或写明原因「维持等级」。" in page


def test_the_first_source_is_in_no_form(client_as: Client, session: Session, registered: Register) -> None:
    customer = registered("consultant1", "王伟", "10000001111")
    client, edit = client_as("consultant1"), f"/customer/edit/{customer.id}"
    assert 'name="source"' not in text(client.get(edit))
    form = {
        "_version": str(customer.version),
        "name": " 王小伟 ",
        "source": "network",
        "grade": "a",
        "owner_id": "999",
        "state": "signed",
        "home_area": "滨江",
    }
    answer = client.post(edit, data={**form, "kind": "person", "eligibility": "unchecked"})
    assert answer.status_code == 302, text(answer)
    with acting_as(SYSTEM):
        session.rollback()
        kept = session.get(Customer, customer.id)
        assert kept.name == "王小伟"  # «王先生» at the door has a whole name later on
        assert (kept.source.value, kept.grade.value, kept.state.value, kept.home_area) == (
            "passing",
            "c",
            "new",
            "滨江",
        )
        assert kept.owner_id != 999


@pytest.mark.parametrize("name", ["", "王 10000001234"])
def test_a_name_is_kept_as_the_reception_page_keeps_it(
    client_as: Client, session: Session, registered: Register, name: str
) -> None:
    customer = registered("consultant1", "王先生", "10000001111")
    form = {"_version": str(customer.version), "name": name, "kind": "person", "eligibility": "unchecked"}
    answer = client_as("consultant1").post(f"/customer/edit/{customer.id}", data=form)
    assert answer.status_code == 422
    assert ("姓名里不要写号码" if name else "请填写") in text(answer)


def test_the_owner_looks_at_the_number_and_a_colleague_cannot(
    client_as: Client, session: Session, registered: Register
) -> None:
    registered("consultant1", "王伟", "10000001111")
    reveal = "/reveal/customer_phone/1/number"
    as_script = {"Accept": "application/json"}
    assert client_as("consultant1").post(reveal, headers=as_script).json == {"value": "10000001111"}
    assert client_as("consultant2").post(reveal, headers=as_script).status_code == 404
    assert client_as("supervisor").post(reveal, headers=as_script).status_code == 422  # not his customer: a reason
    assert client_as("supervisor").post(reveal, headers=as_script, data={"reason": "核对签约资料"}).status_code == 200
    assert client_as("auditor").post(reveal, headers=as_script, data={"reason": "核对签约资料"}).status_code == 403


def test_the_owner_reads_the_whole_number_on_the_page_and_is_on_the_trail_once_a_day(
    client_as: Client, session: Session, registered: Register
) -> None:
    customer = registered("consultant1", "王伟", "10000001111")
    url, whole = f"/customer/show/{customer.id}", '<a href="tel:10000001111">10000001111</a>'
    for login, seen in (("consultant1", True), ("supervisor", False), ("clerk", False), ("assistant", False)):
        assert (whole in text(client_as(login).get(url))) is seen, login
    assert whole in text(client_as("consultant1").get(url))
    assert "10000001111" not in text(client_as("consultant1").get("/customer/list/"))
    session.rollback()
    lines = session.scalars(select(AuditEntry).where(AuditEntry.act == "reveal")).all()
    assert [(line.person_name, line.subject, line.changes["field"]) for line in lines] == [
        ("林晓", "customer_phone", "number")
    ]


def test_after_sixty_numbers_a_day_the_owner_is_asked_why(
    client_as: Client, session: Session, cast: Cast, registered: Register
) -> None:
    customer = registered("consultant1", "王伟", "10000001111")

    def busy_day() -> None:
        for number in range(60):
            session.add(entry("reveal", subject="customer_phone", subject_id=1000 + number, field="number"))

    with acting_as(cast.actor("consultant1")):
        write(session, busy_day)
    page = text(client_as("consultant1").get(f"/customer/show/{customer.id}"))
    assert "100****1111" in page
    assert "10000001111" not in page


def test_a_clerk_says_for_whom_she_registers(client_as: Client) -> None:
    """She sells nothing: «本人» would be refused."""
    page = text(client_as("clerk").get("/reception/"))
    assert "本人</option>" not in page
    refused = client_as("clerk").post(
        "/reception/", data={"kind": "first_visit", "source": "passing", "phone": "10000001111", "name": "王伟"}
    )
    assert refused.status_code == 422
    assert "请选择接待人" in text(refused)
    assert "本人</option>" in text(client_as("supervisor").get("/reception/"))


def test_pinyin_finds_a_customer_in_the_list_and_in_a_choice(client_as: Client, registered: Register) -> None:
    for number in range(25):
        registered("consultant1", f"客户{number}", f"100000020{number:02}")
    registered("consultant1", "司徒静", "10000001111")
    registered("consultant2", "司徒敬", "10000002222")
    client = client_as("consultant1")
    for asked in ("stj", "situjing", "司徒"):
        page = text(client.get(f"/customer/list/?q={asked}"))
        assert "司徒静" in page, asked
        assert "司徒敬" not in page, "a colleague's"
        found = client.get(f"/quote/pick/customer_id?q={asked}").json["results"]
        assert [one["text"] for one in found] == ["司徒静"], asked


def test_a_reminder_leads_to_the_customers_that_it_counts(
    client_as: Client, session: Session, registered: Register
) -> None:
    for name, phone, days in (("王伟", "10000001111", 1), ("李强", "10000002222", 3)):
        customer = registered("consultant1", name, phone)

        def protect(customer: Customer = customer, days: int = days) -> None:
            session.get_one(Customer, customer.id).protected_until = now().date() + timedelta(days=days)

        with acting_as(SYSTEM):
            write(session, protect)
    client = client_as("consultant1")
    assert "1 位客户明日掉保护期" in text(client.get("/"))
    page = text(client.get("/customer/list/?chip=tomorrow"))
    assert "王伟" in page
    assert "李强" not in page
    assert "明日掉保护期" not in text(client_as("clerk").get("/")), "she does not call back"


def test_papers_ask_for_the_consent_before_any_field(client_as: Client, registered: Register) -> None:
    one = registered("consultant1", "王伟", "10000005678")
    client = client_as("consultant1")
    page = text(client.get(f"/customer/step/note_identity/{one.id}"))
    assert "请先登记客户的个人信息同意书" in page and "先登记同意书" in page
    assert 'name="id_number"' not in page
    way = f"/customer/step/note_consent/{one.id}?then=note_identity"
    assert way in page
    consent = {"version": "2026 版", "channel": "paper", "agree_identity": "1", "then": "note_identity"}
    assert 'name="then" value="note_identity"' in text(client.get(way))
    done = client.post(f"/customer/step/note_consent/{one.id}", data=consent)
    assert done.headers["Location"] == f"/customer/step/note_identity/{one.id}"
    assert 'name="id_number"' in text(client.get(done.headers["Location"]))
    elsewhere = client.post(f"/customer/step/note_consent/{one.id}", data=consent | {"then": "lose"})
    assert elsewhere.headers["Location"] == f"/customer/show/{one.id}"


def test_a_list_is_narrowed_to_people_who_sell(client_as: Client, registered: Register) -> None:
    registered("consultant1", "王伟", "10000001111")
    page = client_as("supervisor").get("/customer/list/").get_data(as_text=True)
    offered = page.partition('name="owner_id"')[2].partition("</select>")[0]
    assert "林晓" in offered  # a consultant
    assert "何苗" not in offered  # the clerk or the service of 甲方 own nobody
    assert "宋岚" not in offered
