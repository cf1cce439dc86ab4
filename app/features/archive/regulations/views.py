"""制度文件: what is in force, what is being worked on, who has not signed."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, select

from app.extensions import db
from app.features.archive.category import CATEGORY
from app.features.archive.folders.views import EXPORTERS
from app.features.archive.regulations.effects import begin_series
from app.features.archive.regulations.models import (
    AT_WORK,
    AUTHORS,
    Regulation,
    RegulationReceipt,
    RegulationState,
)
from app.kernel.actors import Actor
from app.kernel.screens.display import moment
from app.kernel.screens.home_page import FeedItem
from app.kernel.screens.parts import Cell, Column, Row, Table, Tag
from app.kernel.screens.related import table_of
from app.kernel.screens.view import DocumentView

OLD = (RegulationState.SUPERSEDED, RegulationState.REPEALED, RegulationState.VOID)


def _in_force(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Regulation.state == RegulationState.IN_FORCE)


def _at_work(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Regulation.state.in_(AT_WORK))


def _old(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Regulation.state.in_(OLD))


def _unsigned(query: Select[Any], actor: Actor) -> Select[Any]:
    receipt: Any = RegulationReceipt.__table__
    mine = select(receipt.c.regulation_id).where(receipt.c.person_id == actor.person_id, receipt.c.read_at.is_(None))
    return _in_force(query, actor).where(Regulation.id.in_(mine))


class RegulationView(DocumentView):
    """制度文件 (S2.9)."""

    model = Regulation
    label = L("制度文件")
    category = CATEGORY
    icon = "bookmark"
    creators = AUTHORS
    exporters = EXPORTERS
    editable_states = (RegulationState.DRAFT, RegulationState.STUDY)
    form = ("title", "kind", "concerned", "content", "changes")
    listed = ("title", "number", "kind", "revision", "concerned", "in_force_on", "updated_at", "state")
    filters = ("kind", "concerned", "state")
    search = ("title", "number", "content")
    sortable = ("in_force_on",)
    search_hint = L("名称、编号、内容")
    chips = (
        ("in_force", L("现行"), _in_force), ("unsigned", L("待我签收"), _unsigned), ("at_work", L("修订中"), _at_work), ("old", L("历史版本"), _old),
    )  # fmt: skip
    fact_groups = (
        (L("要点"), ("number", "revision", "kind", "concerned", "in_force_on", "ended_on", "opinions_until", "studied_on", "study_note",
                    "changes", "content", "created_by")),
    )  # fmt: skip

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """A new regulation begins its series."""
        begin_series(db.session(), record)


def versions_of(paper: Regulation, actor: Actor) -> Table:
    """All versions, newest first; the superseded ones stay."""
    query = (
        select(Regulation)
        .where(Regulation.series_id == paper.series_id)
        .order_by(Regulation.revision.desc(), Regulation.id.desc())
    )
    names = ("title", "revision", "changes", "in_force_on", "ended_on", "state")
    return table_of(Regulation, names, db.session.scalars(query).all(), actor)


def opinions_of(paper: Regulation, _actor: Actor) -> Table | None:
    """Who was asked, who answered what; None before anybody was asked."""
    if not paper.opinions:
        return None
    rows = tuple(
        Row(str(one.id), "", one.person_name, (
            Cell(one.person_name), Cell(one.opinion or _("未提出")), Cell(moment(one.given_at) if one.given_at else "")
        ))
        for one in paper.opinions
    )  # fmt: skip
    heads = (("who", _("姓名")), ("opinion", _("意见")), ("at", _("提出时间")))
    return Table(tuple(Column(key, label, phone="hd" if key == "who" else "shown") for key, label in heads), rows)


def receipts_of(paper: Regulation, _actor: Actor) -> Table | None:
    """Who has signed; who has not stands first. None before it was in force."""
    if not paper.receipts:
        return None
    ordered = sorted(paper.receipts, key=lambda one: (one.read_at is not None, one.person_name))
    rows = tuple(
        Row(str(one.id), "", one.person_name, (Cell(one.person_name), Cell(moment(one.read_at) if one.read_at else _("未签收"))))
        for one in ordered
    )  # fmt: skip
    return Table((Column("who", _("姓名"), phone="hd"), Column("at", _("签收时间"))), rows)


def signature_reminders(actor: Actor) -> list[FeedItem]:
    """Regulations that wait for my 签收, on the home page."""
    query = (
        select(Regulation)
        .join(RegulationReceipt, RegulationReceipt.regulation_id == Regulation.id)
        .where(
            RegulationReceipt.person_id == actor.person_id, RegulationReceipt.read_at.is_(None),
            Regulation.state == RegulationState.IN_FORCE,
        )
        .order_by(Regulation.id)
        .limit(5)
    )  # fmt: skip
    return [
        FeedItem(
            _("制度待签收：%(what)s", what=paper),
            f"/regulation/show/{paper.id}",
            icon="bookmark",
            tag=Tag(_("待签收"), "warn"),
        )
        for paper in db.session.scalars(query)
    ]
