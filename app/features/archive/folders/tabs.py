"""What a household's page shows: the meter with what is missing, the papers, the files that are not yet on file."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from app.extensions import db
from app.features.archive.folders.models import Folder, PaperKind
from app.features.archive.models import PaperState
from app.features.archive.papers.models import FILERS, Paper
from app.features.archive.taking_over import unfiled
from app.kernel.actors import Actor
from app.kernel.file_tab import file_item
from app.kernel.screens.parts import Card, Html, Link, Table
from app.kernel.screens.related import table_of

PAPER_COLUMNS = ("number", "title", "kind", "medium", "copies", "received_on", "box", "state")

__all__ = ["FILERS", "meter_card", "papers_of_folder", "unfiled_of_folder"]


def meter_html(folder: Folder, actor: Actor) -> Html:
    """«7 / 11 · 63 %», a bar, and every missing kind — for the desk a link that enters it."""
    percent = 100 if not folder.needed else folder.present * 100 // folder.needed
    bar = Markup(
        '<p><b>{}</b> · {} %</p><div class="prog{}" role="progressbar" aria-label="{}" aria-valuenow="{}" aria-valuemin="0"'
        ' aria-valuemax="100"><i style="width:{}%"></i></div>'
    ).format(folder.completeness, percent, "" if percent < 100 else " ok", _("齐全度"), percent, percent)
    if not folder.missing:
        return bar + Markup("<p>{}</p>").format(_("到「%(stage)s」阶段的资料已齐", stage=folder.stage.label))
    return bar + Markup("<p>{}</p><ul>{}</ul>").format(_("还缺 %(n)s 种：", n=folder.missing), _missing(folder, actor))


def _missing(folder: Folder, actor: Actor) -> Markup:
    names = folder.missing_names.split("、")
    if not actor.holds(FILERS, folder.project_id):
        return Markup("").join(Markup("<li>{}</li>").format(name) for name in names)
    ways = _ways(folder)
    item = Markup('<li><a href="{}">{}</a></li>')
    return Markup("").join(item.format(ways.get(name, "/paper/add"), name) for name in names)


def _ways(folder: Folder) -> dict[str, str]:
    """Where a missing kind is entered, by its name: what is awaited already only has to be taken in."""
    kinds = select(PaperKind.id, PaperKind.name).where(PaperKind.project_id == folder.project_id)
    names = {row.id: row.name for row in db.session.execute(kinds)}
    ways = {name: f"/paper/add?folder_id={folder.id}&kind_id={key}" for key, name in names.items()}
    awaited = select(Paper.kind_id, Paper.id).where(Paper.folder_id == folder.id, Paper.state == PaperState.EXPECTED)
    return ways | {names[kind]: f"/paper/step/take_in/{key}" for kind, key in db.session.execute(awaited)}


def meter_card(folder: Folder, actor: Actor) -> Card:
    """齐全度 beside the facts."""
    return Card(_("齐全度"), "html", html=meter_html(folder, actor), lead=True)


def papers_of_folder(folder: Folder, actor: Actor) -> Table:
    """The papers of the household."""
    rows = db.session.scalars(select(Paper).where(Paper.folder_id == folder.id).order_by(Paper.id).limit(200)).all()
    return table_of(Paper, PAPER_COLUMNS, rows, actor)


def unfiled_of_folder(folder: Folder, actor: Actor) -> Any:
    """Files of the order, the contract … that are no paper of the household yet; one click files each."""
    rows = unfiled(db.session(), actor, folder)
    if not rows:
        return None
    items = tuple(file_item(row, act=Link(_("归档"), f"/folder/take/{folder.id}/{row.id}")) for row in rows)
    return Card(_("待归档附件"), "files", files=items)
