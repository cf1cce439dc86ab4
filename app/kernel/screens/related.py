"""Records of another kind on a page: a small table with the cells of their own list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from app.kernel.actors import Actor
from app.kernel.screens.display import cell_drawer
from app.kernel.screens.fields import field_for, label_of
from app.kernel.screens.listing import names_for
from app.kernel.screens.parts import Column, Row, Table
from app.kernel.screens.view import view_of


def table_of(model: type[Any], names: Sequence[str], rows: Sequence[Any], actor: Actor) -> Table:
    """Records as a table with the cells of their own list."""
    view = view_of(model)
    known = names_for(view, list(rows), list(names))
    columns = tuple(
        Column(
            n,
            label_of(model, n),
            numeric=bool((f := field_for(model, n)) and f.numeric),
            phone="hd" if i == 0 else "shown",
        )
        for i, n in enumerate(names)
    )
    drawers = [cell_drawer(model, n, actor, known) for n in names]
    made = tuple(
        Row(str(r.id), view.show_url(r.id) if view else "", str(r), tuple(draw(r) for draw in drawers)) for r in rows
    )
    return Table(columns, made, empty=_("还没有记录"))
