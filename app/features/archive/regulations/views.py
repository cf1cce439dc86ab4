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
    RegulationState,
)
from app.kernel.actors import Actor
from app.kernel.screens.display import moment
from app.kernel.screens.parts import Cell, Column, Row, Table
from app.kernel.screens.readers import unsigned_chip
from app.kernel.screens.related import table_of
from app.kernel.screens.view import DocumentView

OLD = (RegulationState.SUPERSEDED, RegulationState.REPEALED, RegulationState.VOID)


def _in_force(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Regulation.state == RegulationState.IN_FORCE)


def _at_work(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Regulation.state.in_(AT_WORK))


def _old(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Regulation.state.in_(OLD))


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
        ("in_force", L("现行"), _in_force), unsigned_chip(Regulation), ("at_work", L("修订中"), _at_work), ("old", L("历史版本"), _old),
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
    """Who was asked, who answered what, answers first; None before anybody was asked."""
    if not paper.opinions:
        return None
    rows = tuple(
        Row(str(one.id), "", one.person_name, (
            Cell(one.person_name), Cell(one.opinion or _("未提出")), Cell(moment(one.given_at) if one.given_at else "")
        ))
        for one in sorted(paper.opinions, key=lambda one: one.given_at is None)
    )  # fmt: skip
    heads = (("who", _("姓名")), ("opinion", _("意见")), ("at", _("提出时间")))
    return Table(tuple(Column(key, label, phone="hd" if key == "who" else "shown") for key, label in heads), rows)
