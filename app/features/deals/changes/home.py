"""What the home page says of changes: those that wait to be executed, contracts to be revoked, 补充协议 to be signed."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.features.deals.changes.effects.supplements import DESK
from app.features.deals.changes.models import ChangeRequest
from app.features.deals.changes.offers import EXECUTORS, late_supplement, to_execute, to_revoke, without_supplement
from app.features.deals.contracts.models import Contract
from app.kernel.actors import Actor
from app.kernel.gathering import Asking
from app.kernel.posts import Post
from app.kernel.screens.home_page import FeedItem
from app.kernel.screens.parts import Tag


def change_reminders(actor: Actor) -> Asking[list[FeedItem]]:
    """Each line leads to the list that it counts."""
    changes, contracts = select(func.count(ChangeRequest.id)), select(func.count(Contract.id))
    lines: list[tuple[Any, str, str]] = []
    if actor.holds(EXECUTORS):
        lines.append((to_execute(changes, actor), "%(n)s 份变更已批准，待你执行", "/change-request/list/?chip=execute"))
    if actor.holds({Post.CONTRACT_OFFICER}):
        lines.append((to_revoke(contracts, actor), "%(n)s 份合同待撤销", "/contract/list/?chip=revoke"))
    if actor.holds(DESK):
        late = late_supplement(changes, actor)
        lines += [
            (without_supplement(changes, actor), "%(n)s 份补充协议待签署", "/change-request/list/?chip=supplement"),
            (late, "%(n)s 份补充协议逾期未签署", "/change-request/list/?chip=late-supplement"),
        ]
    rows = yield [query for query, _text, _url in lines]
    return [
        FeedItem(_(text, n=n), url, icon="swap", tag=Tag(_("逾期"), "bad") if "late" in url else Tag(_("待办"), "warn"))
        for (n,), (_query, text, url) in zip(rows, lines, strict=True)
        if n
    ]
