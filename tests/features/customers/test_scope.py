"""Own customers only: lists, counts, joins and sub-selects of everybody (01, 07)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.customers.choices import FollowMethod, FollowResult
from app.features.customers.models import Contact, Customer, CustomerPhone, FollowUp
from app.kernel.actors import acting_as
from app.kernel.workflow import fire
from tests.cast import Cast
from tests.features.customers.conftest import Register

MODELS: tuple[type[Any], ...] = (Customer, CustomerPhone, Contact, FollowUp)


@pytest.fixture
def three(session: Session, cast: Cast, registered: Register) -> dict[str, Customer]:
    """One customer with everything for each: consultant1 (team a1), consultant2 (team a2), other_consultant (project B)."""
    made = {
        "consultant1": registered("consultant1", "王伟", "10000000001"),
        "consultant2": registered("consultant2", "李娜", "10000000002"),
        "other_consultant": registered("other_consultant", "孙磊", "10000000003", project="b"),
    }
    for login, customer in made.items():
        actor = cast.actor(login)
        with acting_as(actor):
            fire(
                session,
                customer,
                "note_follow_up",
                actor,
                method=FollowMethod.WECHAT,
                result=FollowResult.REACHED,
                content="已加微信",
            )
    return made


@pytest.mark.parametrize(
    ("login", "seen"),
    [
        ("consultant1", {"consultant1"}),
        ("consultant2", {"consultant2"}),
        ("other_consultant", {"other_consultant"}),
        ("supervisor2", {"consultant2"}),  # scope 本组: team a2
        ("assistant", {"consultant1"}),  # team a1
        *(
            (login, {"consultant1", "consultant2"})
            for login in ("supervisor", "clerk", "site_manager", "project_manager")
        ),
        *(
            (login, {"consultant1", "consultant2", "other_consultant"})
            for login in ("sales_admin", "general_manager", "auditor")
        ),
        ("other_supervisor", {"other_consultant"}),
        *(
            (login, set())
            for login in ("developer_site", "developer_lead", "developer_finance", "developer_marketing", "finance")
        ),
        *(
            (login, set())
            for login in ("admin", "marketing", "administration", "contract_officer", "channel_officer", "other_lead")
        ),
    ],
)
def test_who_sees_whose(session: Session, cast: Cast, three: dict[str, Customer], login: str, seen: set[str]) -> None:
    wanted = {three[owner].id for owner in seen}
    with acting_as(cast.actor(login)):
        assert set(session.scalars(select(Customer.id))) == wanted
        for model in MODELS:
            assert session.scalar(select(func.count()).select_from(model)) == len(wanted)
        joined = select(FollowUp).join(FollowUp.customer).where(Customer.name != "")
        assert {f.customer_id for f in session.scalars(joined)} == wanted
        by_phone = select(Customer.id).where(Customer.id.in_(select(CustomerPhone.customer_id)))
        assert set(session.scalars(by_phone)) == wanted


def test_a_foreign_row_is_as_good_as_missing(session: Session, cast: Cast, three: dict[str, Customer]) -> None:
    with acting_as(cast.actor("consultant1")):
        foreign = three["consultant2"].id
        assert session.scalars(select(Customer).where(Customer.id == foreign)).first() is None
        assert session.scalars(select(Customer).where(Customer.id == 999_999)).first() is None
