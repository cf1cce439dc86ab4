"""工作台: what is late stands above what is near, both above everything else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from app.features.customers.models import Customer
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.pages.home import urgency
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
