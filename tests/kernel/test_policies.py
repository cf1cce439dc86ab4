"""Approval rules are changed by new revisions, never in place (02 §2, 07)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.kernel.actors import acting_as
from app.kernel.approval.kinds import KINDS, policy
from app.kernel.approval.revisions import revise, revisions
from app.kernel.approval.routing import Mode, route
from app.kernel.errors import StaleError
from app.kernel.posts import Post
from tests.cast import Cast

URL = "/approval-rules/delegation"
GOOD = {"mode": "in_turn", "chain": "案场经理 不限\n总经理 不限", "minutes": "60", "note": "精简流程"}


def test_a_revision_is_added_and_the_old_one_stays(
    client_as: Callable[[str], FlaskClient], cast: Cast, session: Any
) -> None:
    client = client_as("sales_admin")
    assert "销售主管" in client.get(URL + "/revise").get_data(as_text=True)
    assert client.post(URL + "/revise", data=GOOD | {"_version": "0"}).status_code == 302
    assert client.post(URL + "/revise", data=GOOD | {"chain": "总经理 不限", "_version": "1"}).status_code == 302
    session.rollback()
    assert [p.revision for p in revisions(session, "delegation")] == [2, 1]
    assert [link.post for link in policy(session, KINDS["delegation"]).links] == [Post.GENERAL_MANAGER]
    page = client.get(URL).get_data(as_text=True)
    assert "第 1 版" in page
    assert "精简流程" in page
    assert "蒋莉" in page
    assert "第 2 版" in client.get("/approval-rules").get_data(as_text=True)


def test_a_chain_of_all_posts_is_revised_as_it_stands(client_as: Callable[[str], FlaskClient], session: Any) -> None:
    """Told to write 「不限」 for every post, one would have ended the chain of a 付款方式 before 甲方负责人."""
    client, url = client_as("sales_admin"), "/approval-rules/payment_scheme"
    assert "审核后交下一岗位" in client.get(url).get_data(as_text=True)
    page = client.get(f"{url}/revise").get_data(as_text=True)
    assert "项目经理 0\n甲方负责人 不限" in page
    same = {
        "mode": "in_turn",
        "chain": "项目经理 0\n甲方负责人 不限",
        "minutes": "240",
        "note": "缩短时限",
        "_version": "0",
    }
    assert client.post(f"{url}/revise", data=same).status_code == 302
    session.rollback()
    rules = policy(session, KINDS["payment_scheme"])
    legs = route(rules.links, rules.mode, None)
    assert [leg.post for leg in legs] == [Post.PROJECT_MANAGER, Post.DEVELOPER_LEAD]
    assert rules.minutes == 240


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"chain": "店长 不限"}, "第 1 行"),
        ({"chain": "案场经理"}, "第 1 行"),
        ({"chain": "案场经理 5\n总经理 不限"}, "不分额度"),
        ({"chain": "总经理 不限\n总经理 不限"}, "只能出现一次"),
        ({"minutes": "1"}, "5 到"),
        ({"minutes": "abc"}, "不是整数"),
        ({"note": ""}, "修改原因"),
        ({"mode": "whim"}, "从列表中选择"),
    ],
)
def test_a_bad_rule_is_explained_and_kept(
    client_as: Callable[[str], FlaskClient], session: Any, change: dict[str, str], says: str
) -> None:
    answer = client_as("sales_admin").post(URL + "/revise", data=GOOD | change | {"_version": "0"})
    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)
    session.rollback()
    assert revisions(session, "delegation") == []


def test_two_at_once_are_told(client_as: Callable[[str], FlaskClient], cast: Cast, session: Any) -> None:
    client = client_as("sales_admin")
    client.post(URL + "/revise", data=GOOD | {"_version": "0"})
    late = client.post(URL + "/revise", data=GOOD | {"_version": "0", "note": "我也改了"})
    assert late.status_code == 409
    assert "我也改了" in late.get_data(as_text=True)
    with acting_as(cast.actor("sales_admin")), pytest.raises(StaleError):
        revise(session, "delegation", seen=7, mode=Mode.IN_TURN, chain="总经理 不限", minutes=60, note="重试")


@pytest.mark.parametrize(
    ("who", "reads"),
    [("site_manager", True), ("auditor", True), ("consultant1", False), ("admin", False), ("clerk", False)],
)
def test_who_reads_and_who_changes(
    client_as: Callable[[str], FlaskClient], session: Any, who: str, reads: bool
) -> None:
    client = client_as(who)
    assert (client.get(URL).status_code == 200) is reads
    assert client.get(URL + "/revise").status_code == 403
    assert client.post(URL + "/revise", data=GOOD | {"_version": "0"}).status_code == 403
    session.rollback()
    assert revisions(session, "delegation") == []


def test_a_kind_that_nobody_declared(client_as: Callable[[str], FlaskClient]) -> None:
    assert client_as("sales_admin").get("/approval-rules/nothing").status_code == 404
