"""What of the supplies is due: stock below its minimum for the keepers, a signature for whoever receives something."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.features.office.posts import KEEPERS, STAFF
from app.features.office.supplies.kinds import HandState
from app.features.office.supplies.models import SupplyHand, SupplyItem
from app.kernel.actors import Actor
from app.kernel.gathering import Asking
from app.kernel.screens.home_page import FeedItem
from app.kernel.screens.parts import Tag


def reminders(actor: Actor) -> Asking[list[FeedItem]]:
    """Lines of 提醒."""
    low = select(func.count(SupplyItem.id)).where(SupplyItem.active.is_(True), SupplyItem.stock < SupplyItem.minimum)
    mine = select(func.count(SupplyHand.id)).where(
        SupplyHand.state == HandState.WAITING, SupplyHand.holder_id == actor.person_id
    )
    buy = Tag(_("待采购"), "warn")
    lines = [
        (KEEPERS, low, "%(n)s 种办公用品低于安全量", "/supply-item/list/?chip=low", "box", buy),
        (STAFF, mine, "%(n)s 张领用单待你签收", "/supply-hand/list/?chip=mine", "hand", None),
    ]
    lines = [line for line in lines if actor.holds(line[0])]
    rows = yield [line[1] for line in lines]
    return [
        FeedItem(_(text, n=number), url, icon=icon, tag=tag)
        for (number,), (_posts, _query, text, url, icon, tag) in zip(rows, lines, strict=True)
        if number
    ]
