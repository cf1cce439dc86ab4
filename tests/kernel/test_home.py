"""工作台: what is late stands above what is near, both above everything else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.features.customers.models import Customer
from app.kernel.actors import SYSTEM, Actor, Posting, acting_as
from app.kernel.base import now
from app.kernel.how_far import how_far
from app.kernel.pages.home import urgency
from app.kernel.posts import Post
from app.kernel.screens.home_page import FeedItem
from app.kernel.screens.parts import Tag
from app.kernel.transactions import write
from tests.cast import Cast
from tests.features.deals import orders


def test_reminders_by_urgency() -> None:
    bad, asked = Tag("逾期", "bad"), Tag("待签收", "warn")
    lines = [
        FeedItem("平常"), FeedItem("待签收", tag=asked), FeedItem("逾期", tag=bad), FeedItem("紧急", tag=bad, posts=True),
    ]  # fmt: skip
    assert [line.title for line in sorted(lines, key=urgency)] == ["紧急", "逾期", "待签收", "平常"]


def test_a_late_customer_stands_above_the_calls_of_today(cast: Cast, client_as: Any) -> None:
    today = now().date()
    for days, phone in ((0, "10000001234"), (-2, "10000005678")):
        due = update(Customer).where(Customer.id == orders.customer(cast, phone=phone).id)
        with acting_as(SYSTEM):
            write(
                cast.session,
                lambda due=due, days=days: cast.session.execute(due.values(follow_due_on=today + timedelta(days=days))),
            )
    cast.session.remove()
    page = client_as("consultant1").get("/").get_data(as_text=True)
    assert page.index("1 位客户跟进逾期") < page.index("1 位客户今日应跟进")


@pytest.mark.parametrize(("who", "far"), [("consultant1", "我的"), ("supervisor2", "本组"), ("site_manager", "全项目")])
def test_a_number_says_whose_rows_it_counts(client_as: Any, who: str, far: str) -> None:
    page = client_as(who).get("/").get_data(as_text=True)
    assert f"<span>今日认购</span><small>{far}</small>" in page
    assert f"<span>来电</span><small>{far}</small>" in page


def test_posts_that_reach_differently_far_are_both_told(cast: Cast) -> None:
    a, b = cast.project_ids["a"], cast.project_ids["b"]
    both = Actor(1, "周敏", (Posting(Post.SITE_MANAGER, frozenset({a})), Posting(Post.CONSULTANT, frozenset({b}))))
    assert how_far(both, Customer.audience) == "全项目＋我的"
    team = Posting(Post.SUPERVISOR, frozenset({a}), team_id=1)
    assert how_far(Actor(1, "周敏", (team,)), Customer.audience) == "本组"
    sells = Posting(Post.CONSULTANT, frozenset({a}), team_id=2)
    assert how_far(Actor(1, "周敏", (team, sells)), Customer.audience) == "本组＋我的"
    head = Actor(1, "周敏", (Posting(Post.SITE_MANAGER, frozenset({a, b})),))
    assert how_far(head, Customer.audience) == "2 个项目"
