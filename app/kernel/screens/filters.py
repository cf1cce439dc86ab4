"""The words offered by a list's main filters."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.kernel.screens.display import lookup_names
from app.kernel.screens.fields import Field
from app.kernel.screens.parts import Option

FEW = 60  # beyond it a filter is typed instead of chosen: no list page carries a whole table


def title_column(found: Field) -> Any:
    """The column that names a related record, None when its title is made of several."""
    title = getattr(found.target, "__title__", "")
    return getattr(found.target, title) if title and title in inspect(found.target).columns else None


def filter_options(view: Any, session: Session, found: Field, limit: int = 100) -> list[Option] | None:
    """Words of a closed list, or the related records in scope; None when they are so many that one types the name."""
    if found.kind == "choice":
        return [Option(m.value, m.label) for m in found.choices]
    if found.kind == "boolean":
        return [Option("1", _("是")), Option("0", _("否"))]
    if found.kind == "record" and found.target is not None:
        query = select(found.target).order_by(found.target.id).limit(FEW + 1)
        project_id = view.current_project()
        if project_id is not None and "project_id" in inspect(found.target).columns:
            query = query.where(found.target.project_id == project_id)
        rows = list(session.scalars(query))
        return (
            None if len(rows) > FEW and title_column(found) is not None else [Option(str(r.id), str(r)) for r in rows]
        )
    if found.kind == "lookup":
        attribute = getattr(view.model, found.name)
        ids = set(session.scalars(select(attribute).where(attribute.is_not(None)).distinct().limit(limit)))
        return [Option(str(i), n) for i, n in sorted(lookup_names(found.facts.lookup, ids).items(), key=lambda x: x[1])]
    attribute = getattr(view.model, found.name)
    return [
        Option(str(v), str(v))
        for v in session.scalars(select(attribute).distinct().order_by(attribute).limit(limit))
        if v
    ]
