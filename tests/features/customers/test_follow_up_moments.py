"""跟进记录 stand in the order of their moments, whenever they were entered: those of an imported table among them (04 F2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.features.customers.choices import FollowMethod, FollowResult, Grade
from app.features.customers.models import FollowUp
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.screens import paging
from app.kernel.transactions import write
from tests.cast import Cast
from tests.features.customers.test_long_lists import DAY, ROWS, link, make, walk

ClientAs = Callable[[str], FlaskClient]


def talks(session: Session, cast: Cast) -> list[FollowUp]:
    """Entered in another order than they were held, some at the same moment; every third by telephone."""
    ids = cast.person_ids
    customer = make(session, cast, 1)[0]
    made = [
        FollowUp(
            project_id=cast.project_ids["a"], customer_id=customer.id, at=DAY + timedelta(hours=n * 37 % 60),
            method=FollowMethod.WECHAT if n % 3 else FollowMethod.PHONE, result=FollowResult.REACHED, valid=True, content="聊过",
            grade_before=Grade.B, grade_after=Grade.B, by_id=ids["consultant1"],
            owner_id=ids["consultant1" if n % 2 else "consultant2"], team_id=cast.team_ids["a1" if n % 2 else "a2"],
        )
        for n in range(ROWS)
    ]  # fmt: skip
    with acting_as(SYSTEM):
        write(session, lambda: session.add_all(made))
        return [*session.scalars(select(FollowUp))]


def listed(page: str) -> list[int]:
    return [int(n) for n in dict.fromkeys(re.findall(r'href="/follow-up/show/(\d+)"', page))]


@pytest.mark.both_databases
@pytest.mark.parametrize("cap", [1000, 7])
@pytest.mark.parametrize(
    ("username", "narrowed"),
    [("site_manager", ""), ("site_manager", "method=wechat"), ("consultant1", ""), ("supervisor2", "method=wechat")],
)
def test_follow_ups_stand_in_the_order_of_their_moments(
    session: Session, cast: Cast, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch, cap: int, username: str, narrowed: str
) -> None:  # fmt: skip
    """There and back, few and many."""
    monkeypatch.setattr(paging, "COUNT_CAP", cap)
    rows = [
        row
        for place, row in enumerate(talks(session, cast))
        if (username == "site_manager" or place % 2 == (username == "consultant1"))
        and (not narrowed or row.method is FollowMethod.WECHAT)
    ]
    wanted = [pk for _at, pk in sorted(((row.at, row.id) for row in rows), reverse=True)]
    client, address = client_as(username), f"/follow-up/list/?{narrowed}"
    pages = list(walk(client, address, "下一页", listed))
    assert [key for page in pages for key in page] == wanted
    page = client.get(link(client.get(address).get_data(as_text=True), "末页")).get_data(as_text=True)
    back = [listed(page), *walk(client, link(page, "上一页"), "上一页", listed)]
    assert [key for page in reversed(back) for key in page] == wanted


def test_their_order_is_read_from_an_index(session: Session, cast: Cast) -> None:
    """Of the whole list, of what a filter leaves, of what somebody owns: nothing is sorted."""
    project = FollowUp.project_id == cast.project_ids["a"]
    for narrowed, index in (
        (project, "ix_follow_up_list_at"), (FollowUp.method == FollowMethod.PHONE, "ix_follow_up_list_method"),
        (FollowUp.owner_id == cast.person_ids["consultant1"], "ix_follow_up_list_owner_id"),
    ):  # fmt: skip
        asked = select(FollowUp.id).where(project, narrowed).order_by(FollowUp.at.desc(), FollowUp.id.desc()).limit(21)
        words = str(asked.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
        plan = str(session.execute(text(f"EXPLAIN QUERY PLAN {words}")).all())
        assert index in plan, plan
        assert "TEMP B-TREE" not in plan, plan
