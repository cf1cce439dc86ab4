"""The list as .xlsx: the same rows, filters and columns as on the screen, logged (02 §2.5.12, 07 §7.1)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any

from flask import request, send_file
from flask_babel import gettext as _
from markupsafe import Markup

from app.extensions import db
from app.kernel import audit
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.screens.display import DASH, reach_into, value_of
from app.kernel.screens.fields import field_for, label_of
from app.kernel.screens.listing import asked, base_query, count, eager, names_for, ordered
from app.kernel.transactions import write
from app.kernel.workbook_out import OutColumn, export_filename, write_table

MAX_ROWS = 5_000  # more is a background job, which a later issue brings
_KINDS = {
    "money": "money",
    "area": "area",
    "rate": "percent",
    "integer": "whole",
    "date": "date",
    "datetime": "datetime",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export(view: Any) -> Any:
    """Answer the workbook; the act is in the audit trail with filters and number of rows."""
    session, actor, ask = db.session(), view.actor(), asked(view)
    query = base_query(view, ask, actor)
    total = count(session, query, view.model)
    if total > MAX_ROWS:
        raise RuleError(
            "符合条件的有 {n} 条，一次最多导出 {max} 条，请先缩小筛选范围", n=f"{total:,}", max=f"{MAX_ROWS:,}"
        )
    columns = view.readable_columns(actor)
    records = list(session.scalars(ordered(query, view, ask).options(*eager(view))).unique())
    project = _project_name(view)
    target = tempfile.TemporaryFile()  # noqa: SIM115 - send_file closes it
    write_table(
        target,
        title=f"{project}{view.title}",
        columns=[_column(view, name) for name in columns],
        rows=_rows(view, records, columns, actor),
        totals=bool(view.summed),
        watermark=f"{actor.name} {now():%Y-%m-%d %H:%M}",
    )
    target.seek(0)
    filters = {**ask.filters, **({"q": ask.q} if ask.q else {})}

    def log() -> None:
        db.session.add(audit.entry("export", subject=view.model.__tablename__, project_id=view.current_project(), rows=total, filters=str(filters), route=request.path))  # fmt: skip

    write(db.session, log)
    return send_file(
        target, mimetype=XLSX, as_attachment=True, download_name=export_filename(project, str(view.title), now().date())
    )


def _project_name(view: Any) -> str:
    from app.kernel.base import model_of

    project_id = view.current_project()
    project = db.session.get(model_of("project"), project_id) if project_id else None
    return str(project.name) if project is not None else _("全部项目")


def _column(view: Any, name: str) -> OutColumn:
    found = field_for(view.model, name)
    kind = _KINDS.get(found.kind, "text") if found is not None and not found.facts.personal else "text"
    width = {"money": 16, "datetime": 18}.get(kind, 14)
    return OutColumn(label_of(view.model, name), kind, width, summed=name in view.sum_columns)


def _rows(view: Any, records: list[Any], columns: list[str], actor: Any) -> Iterator[list[object]]:
    names = names_for(view, records, columns)
    for record in records:
        yield [_value(record, name, actor, names) for name in columns]


def _value(record: Any, name: str, actor: Any, names: dict[str, dict[int, str]]) -> object:
    found = field_for(type(record), name)
    if found is not None and not found.readable(actor, getattr(record, "project_id", None)):
        return None
    if found is not None and found.kind in _KINDS and not found.facts.personal:
        return reach_into(record, name)
    shown = value_of(record, name, actor, names)
    text = shown.striptags() if isinstance(shown, Markup) else shown
    return None if text == DASH else str(text)
