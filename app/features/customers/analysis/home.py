"""What the home page says of A and B customers: to be analysed today, waiting for the supervisor's advice (S1.3.1)."""

from __future__ import annotations

from flask_babel import gettext as _

from app.features.customers.analysis.daily import TODO, WAITING, of_list
from app.features.customers.models import Customer
from app.kernel.actors import Actor
from app.kernel.gathering import Asking, counted, how_many
from app.kernel.posts import Post
from app.kernel.screens.home_page import FeedItem

SELLERS = frozenset({Post.CONSULTANT, Post.SUPERVISOR})
HEADS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER})


def reminders(actor: Actor) -> Asking[list[FeedItem]]:
    """Each line leads to the list that it counts."""
    lists = [key for key, posts in ((TODO, SELLERS), (WAITING, HEADS)) if actor.holds(posts)]
    if not lists:
        return []
    rows = yield [how_many(of_list(key).with_only_columns(Customer.id)) for key in lists]
    words = {TODO: "%(n)s 位 A/B 客户今日待分析", WAITING: "%(n)s 位 A/B 客户待主管建议"}
    return [
        FeedItem(_(words[key], n=counted(row[0])), f"/customer-insight/?list={key}", icon="chart")
        for key, row in zip(lists, rows, strict=True)
        if row[0]
    ]
