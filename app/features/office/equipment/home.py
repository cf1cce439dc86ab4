"""What of the equipment is due: a signature, and what leavers have to give back."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.features.office.equipment.effects import with_leaver
from app.features.office.equipment.models import Equipment, EquipmentState
from app.features.office.posts import KEEPERS, STAFF
from app.kernel.actors import Actor
from app.kernel.gathering import Asking
from app.kernel.screens.home_page import FeedItem
from app.kernel.screens.parts import Tag


def reminders(actor: Actor) -> Asking[list[FeedItem]]:
    """Lines of 提醒."""
    mine = (Equipment.state == EquipmentState.WAITING, Equipment.holder_id == actor.person_id)
    late = Tag(_("待交回"), "bad")
    lines = [
        (STAFF, mine, "%(n)s 件设备待你签收", "mine", None),
        (KEEPERS, (with_leaver(),), "%(n)s 件设备的使用人已离岗", "leavers", late),
    ]
    lines = [line for line in lines if actor.holds(line[0])]
    rows = yield [select(func.count(Equipment.id)).where(*narrow) for _posts, narrow, _text, _chip, _tag in lines]
    return [
        FeedItem(_(text, n=number), f"/equipment/list/?chip={chip}", icon="building", tag=tag)
        for (number,), (_posts, _narrow, text, chip, tag) in zip(rows, lines, strict=True)
        if number
    ]
