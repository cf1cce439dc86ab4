"""The pages of customers: reception, phone check, lists within one's own rows, reveal of numbers."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

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
    assert "王伟" in page and "100****5678" in page and "10000005678" not in page


def test_a_double_click_registers_once(client_as: Client) -> None:
    client = client_as("consultant1")
    first, second = (client.post("/reception/", data=VISIT).headers["Location"] for _ in range(2))
    assert first == second


def test_a_visitor_without_a_number_needs_a_reason_and_keeps_what_was_typed(client_as: Client) -> None:
    client = client_as("consultant1")
    refused = client.post("/reception/", data={**VISIT, "phone": "", "name": "李先生"})
    assert refused.status_code == 422 and "未留电原因" in text(refused) and "李先生" in text(refused)
    noted = client.post("/reception/", data={**VISIT, "phone": "", "name": "李先生", "no_phone_reason": "unwilling"})
    assert noted.status_code == 302 and "/contact/show/" in noted.headers["Location"]


def test_a_known_number_is_refused_without_a_name(client_as: Client, registered: Register) -> None:
    registered("consultant2", "赵雅婷", "10000005678")
    answer = client_as("consultant1").post("/reception/", data=VISIT)
    assert answer.status_code == 422
    assert "该号码已登记，请找主管判客" in text(answer)
    assert "赵雅婷" not in text(answer) and "何涛" not in text(answer)


def test_the_phone_check_says_yes_or_no_only(client_as: Client, registered: Register) -> None:
    registered("consultant2", "赵雅婷", "10000005678")
    client = client_as("consultant1")
    assert client.get("/reception/phone?q=10000005678").json == {"known": True, "text": "该号码已登记，请找主管判客", "url": ""}
    assert client.get("/reception/phone?q=10000009999").json["known"] is False


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
