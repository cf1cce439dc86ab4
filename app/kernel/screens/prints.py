"""What prints a record: a button for each kind of paper that it can be printed as, one menu where there are more than two."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.kernel.actors import Actor
from app.kernel.papers.kinds import kinds_for
from app.kernel.papers.printing import PRINTERS
from app.kernel.screens.parts import Link
from app.kernel.words import shown

BESIDE = 2  # so many stand beside the other buttons


def print_links(record: Any, actor: Actor) -> list[Link]:
    """The buttons of a record's page: one says «打印», two name their papers, more stand in one menu."""
    if not actor.holds(PRINTERS, getattr(record, "project_id", None)):
        return []
    kinds = kinds_for(record)
    only = len(kinds) == 1
    links = [
        Link(_("打印") if only else _("打印%(paper)s", paper=shown(kind.label)), f"/print/{kind.key}/{record.id}", icon="print")
        for kind in kinds
    ]  # fmt: skip
    return links if len(links) <= BESIDE else [Link(_("打印"), links[0].url, icon="print", menu=tuple(links))]
