"""The buttons that print a record: one for each kind of paper that it can be printed as."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.kernel.actors import Actor
from app.kernel.papers.kinds import kinds_for
from app.kernel.papers.printing import PRINTERS
from app.kernel.screens.parts import Link
from app.kernel.words import shown


def print_links(record: Any, actor: Actor) -> list[Link]:
    """The buttons of a record's page: one says «打印», several name their papers."""
    if not actor.holds(PRINTERS, getattr(record, "project_id", None)):
        return []
    kinds = kinds_for(record)
    only = len(kinds) == 1
    return [
        Link(_("打印") if only else _("打印%(paper)s", paper=shown(kind.label)), f"/print/{kind.key}/{record.id}", icon="print")
        for kind in kinds
    ]  # fmt: skip
