"""What of the supplies is due: stock below its minimum for the keepers, a signature for whoever receives something."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from app.extensions import db
from app.features.office.posts import KEEPERS, STAFF
from app.features.office.supplies.kinds import HandState
from app.features.office.supplies.models import SupplyHand, SupplyItem
from app.kernel.actors import Actor
from app.kernel.screens.home_page import FeedItem
from app.kernel.screens.parts import Tag


def reminders(actor: Actor) -> list[FeedItem]:
    """Lines of 提醒."""
    lines = []
    if actor.holds(KEEPERS):
        number = _count(
            select(func.count(SupplyItem.id)).where(SupplyItem.active.is_(True), SupplyItem.stock < SupplyItem.minimum)
        )
        if number:
            title = _("%(n)s 种办公用品低于安全量", n=number)
            lines.append(FeedItem(title, "/supply-item/list/?chip=low", icon="box", tag=Tag(_("待采购"), "warn")))
    if actor.holds(STAFF):
        mine = (SupplyHand.state == HandState.WAITING, SupplyHand.holder_id == actor.person_id)
        number = _count(select(func.count(SupplyHand.id)).where(*mine))
        if number:
            lines.append(FeedItem(_("%(n)s 张领用单待你签收", n=number), "/supply-hand/list/?chip=mine", icon="hand"))
    return lines


def _count(query: Select[int]) -> int:
    return db.session.scalar(query) or 0
