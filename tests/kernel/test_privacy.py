"""Personal data in full: by POST, with a reason, on the trail (02 §2.1.7, 04 S3, S11)."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.kernel import privacy
from app.kernel.actors import SYSTEM, Actor, Posting, acting_as
from app.kernel.audit import AuditEntry, entry
from app.kernel.base import FieldFacts
from app.kernel.errors import RuleError
from app.kernel.posts import Post
from app.kernel.privacy import looked_at_today, may_reveal, owners_of, reason_needed
from app.kernel.transactions import write
from tests.cast import Cast

PHONE, ID = FieldFacts("手机", personal="phone"), FieldFacts("证件号", personal="id")


@pytest.fixture
def linxiao(cast: Cast, session: Any) -> int:
    who = cast.person("consultant1").id

    def work() -> None:
        cast.person("consultant1").phone = "10012345678"

    with acting_as(SYSTEM):
        write(session, work)
    return who


def lines(session: Any) -> list[AuditEntry]:
    session.rollback()
    return list(session.scalars(select(AuditEntry).where(AuditEntry.act == "reveal")))


def test_a_reason_is_asked_written_down_and_the_value_given(
    client_as: Callable[[str], FlaskClient], linxiao: int, session: Any
) -> None:
    client, url = client_as("sales_admin"), f"/reveal/person/{linxiao}/phone"
    assert "10012345678" not in client.get(url).get_data(as_text=True)
    refused = client.post(url, data={"reason": ""}, headers={"Accept": "application/json"})
    assert (refused.status_code, "原因" in refused.json["message"]) == (422, True)
    assert lines(session) == []
    given = client.post(url, data={"reason": "核对通讯录"}, headers={"Accept": "application/json"})
    assert given.json == {"value": "10012345678"}
    assert "10012345678" in client.post(url, data={"reason": "核对通讯录"}).get_data(as_text=True)
    first = lines(session)[0]
    assert (first.person_name, first.subject, first.subject_id) == ("蒋莉", "person", linxiao)
    assert first.changes == {"field": "phone", "reason": "核对通讯录"}
    assert "10012345678" not in str([line.changes for line in lines(session)])


@pytest.mark.parametrize("who", ["supervisor", "clerk", "auditor", "consultant2"])
def test_who_may_not_read_the_field_learns_nothing(
    client_as: Callable[[str], FlaskClient], linxiao: int, who: str
) -> None:
    answer = client_as(who).post(f"/reveal/person/{linxiao}/phone", data={"reason": "核对通讯录"})
    assert answer.status_code == (403 if who == "auditor" else 404)  # the auditor reads the list of people, masked
    assert "10012345678" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    [
        "person/{}/name",
        "person/{}/user_id",
        "person/{}/password",
        "ab_user/1/password",
        "person/99999/phone",
        "nothing/1/phone",
    ],
)
def test_only_masked_fields_of_visible_records(
    client_as: Callable[[str], FlaskClient], linxiao: int, path: str
) -> None:
    answer = client_as("sales_admin").post("/reveal/" + path.format(linxiao), data={"reason": "核对通讯录"})
    assert answer.status_code == 404


def acting(post: Post, person_id: int = 7) -> Actor:
    return Actor(person_id, "林晓", (Posting(post, frozenset({1})),))


def customer(owner: int | None = None, partner: int | None = None) -> Any:
    return SimpleNamespace(project_id=1, owner_id=owner, partner_id=partner)


@pytest.mark.parametrize(
    ("post", "may"),
    [
        (Post.CONSULTANT, True),
        (Post.CLERK, True),
        (Post.SUPERVISOR, True),
        (Post.AUDITOR, False),
        (Post.ADMIN, False),
        (Post.ASSISTANT, False),
    ],
)
def test_who_may_look_at_all(post: Post, may: bool) -> None:
    assert may_reveal(acting(post), customer(7), PHONE) is may


@pytest.mark.parametrize(
    ("record", "facts", "needed"),
    [
        (customer(7), PHONE, False),
        (customer(8, 7), PHONE, False),
        (customer(8), PHONE, True),
        (customer(), PHONE, True),
        (customer(7), ID, True),
    ],
)
def test_the_owner_looks_without_a_word(session: Any, record: Any, facts: FieldFacts, needed: bool) -> None:
    assert reason_needed(session, acting(Post.CONSULTANT), record, facts) is needed


def test_more_than_sixty_a_day_need_a_reason_even_of_the_owner(session: Any) -> None:
    me = acting(Post.CONSULTANT)

    def look(count: int) -> None:
        for number in range(count):
            for _twice in range(2):
                session.add(entry("reveal", subject="customer", subject_id=number, field="phone"))

    with acting_as(me):
        write(session, lambda: look(59))
        assert looked_at_today(session, me) == 59, "the same number twice counts once"
        assert not reason_needed(session, me, customer(7), PHONE)
        write(session, lambda: look(60))
        assert reason_needed(session, me, customer(7), PHONE)
    assert looked_at_today(session, acting(Post.CONSULTANT, 8)) == 0


def test_a_phone_belongs_to_whom_its_customer_belongs() -> None:
    class Phone:
        __owned_through__ = "customer"
        customer = SimpleNamespace(owner_id=3, partner_id=4)

    assert owners_of(Phone()) == {3, 4}


def test_a_short_reason_is_none(session: Any, cast: Cast, linxiao: int) -> None:
    person, who = cast.person("consultant1"), cast.actor("sales_admin")
    with acting_as(who), pytest.raises(RuleError, match="原因"):
        privacy.reveal(session, who, person, "phone", " x  ")
