"""Who has signed a paper and who has not: its tab, the chip of its list, the lines of the home page."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, select

from app.extensions import db
from app.kernel.actors import Actor
from app.kernel.readings import ReadReceipt, receipts_of
from app.kernel.screens.display import moment
from app.kernel.screens.home_page import FeedItem
from app.kernel.screens.parts import Cell, Column, Row, Table, Tag

SHOWN = 5


def readers_tab(paper: Any, _actor: Actor) -> Table | None:
    """Who was asked and when he signed; None before anybody was asked."""
    receipts = receipts_of(db.session(), paper)
    if not receipts:
        return None
    rows = tuple(
        Row(str(one.id), "", one.person_name, (
            Cell(one.person_name), Cell(moment(one.asked_at)), Cell(moment(one.read_at) if one.read_at else _("未签收"))
        ))
        for one in receipts
    )  # fmt: skip
    columns = (Column("who", _("姓名"), phone="hd"), Column("asked", _("送达时间")), Column("at", _("签收时间")))
    return Table(columns, rows)


def unsigned_chip(model: type[Any]) -> tuple[str, Any, Any]:
    """The chip «待我签收» for the list of the model."""

    def narrow(query: Select[Any], actor: Actor) -> Select[Any]:
        receipt: Any = ReadReceipt.__table__
        mine = select(receipt.c.subject_id).where(
            receipt.c.subject == model.__tablename__,
            receipt.c.person_id == actor.person_id,
            receipt.c.read_at.is_(None),
        )
        return query.where(model.id.in_(mine))

    return ("unsigned", L("待我签收"), narrow)


def reading_reminders(actor: Actor) -> list[FeedItem]:
    """What waits for my 签收, oldest first."""
    query = (
        select(ReadReceipt)
        .where(
            ReadReceipt.person_id == actor.person_id, ReadReceipt.read_at.is_(None),
            ReadReceipt.project_id.in_(actor.projects),  # who left a site is asked for nothing there
        )
        .order_by(ReadReceipt.asked_at, ReadReceipt.id)
        .limit(SHOWN)
    )  # fmt: skip
    return [
        FeedItem(
            _("待签收：%(what)s", what=one.title),
            f"/{one.subject.replace('_', '-')}/show/{one.subject_id}",
            icon="check",
            tag=Tag(_("待签收"), "warn"),
        )
        for one in db.session.scalars(query)
    ]
