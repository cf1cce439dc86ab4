"""What of the equipment is due: a signature, and what leavers have to give back."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.extensions import db
from app.features.office.equipment.effects import with_leaver
from app.features.office.equipment.models import Equipment, EquipmentState
from app.features.office.posts import KEEPERS, STAFF
from app.kernel.actors import Actor
from app.kernel.screens.home_page import FeedItem
from app.kernel.screens.parts import Tag


def reminders(actor: Actor) -> list[FeedItem]:
    """Lines of 提醒."""
    lines = []
    if actor.holds(STAFF):
        mine = (Equipment.state == EquipmentState.WAITING, Equipment.holder_id == actor.person_id)
        number = db.session.scalar(select(func.count(Equipment.id)).where(*mine)) or 0
        if number:
            lines.append(FeedItem(_("%(n)s 件设备待你签收", n=number), "/equipment/list/?chip=mine", icon="building"))
    if actor.holds(KEEPERS):
        number = db.session.scalar(select(func.count(Equipment.id)).where(with_leaver())) or 0
        if number:
            title = _("%(n)s 件设备的使用人已离岗", n=number)
            lines.append(FeedItem(title, "/equipment/list/?chip=leavers", icon="building", tag=Tag(_("待交回"), "bad")))
    return lines
