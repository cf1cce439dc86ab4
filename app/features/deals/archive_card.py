"""What an order's page shows of its folder: how complete the household is, and the way there."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from app.extensions import db
from app.features.archive.folders.models import Folder
from app.features.archive.folders.tabs import meter_html
from app.features.deals.reservations.models import Reservation
from app.kernel.actors import Actor
from app.kernel.screens.parts import Card, Link


def archive_card(order: Reservation, actor: Actor) -> Card | None:
    """档案 beside the facts of an order; None before it took effect."""
    query = select(Folder).where(Folder.subject == Reservation.__tablename__, Folder.subject_id == order.id)
    folder = db.session.scalars(query).first()
    if folder is None:
        return None
    more = Link(folder.number or _("户档"), f"/folder/show/{folder.id}")
    return Card(_("档案齐全度"), "html", html=meter_html(folder, actor), more=more)
