"""What prints a record: one button, which opens a menu where the record can be printed as several papers."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.kernel.actors import Actor
from app.kernel.papers.kinds import kinds_for
from app.kernel.papers.printing import PRINTERS
from app.kernel.screens.parts import Link
from app.kernel.words import shown


def print_links(record: Any, actor: Actor) -> list[Link]:
    """«打印» of a record's page; several papers stand by their names in its menu: two long buttons crowd the bar of a phone."""
    if not actor.holds(PRINTERS, getattr(record, "project_id", None)):
        return []
    kinds = kinds_for(record)
    only = len(kinds) == 1
    links = [
        Link(_("打印") if only else _("打印%(paper)s", paper=shown(kind.label)), f"/print/{kind.key}/{record.id}", icon="print")
        for kind in kinds
    ]  # fmt: skip
    return links if only or not links else [Link(_("打印"), links[0].url, icon="print", menu=tuple(links))]
