"""One table handed to a person as .xlsx: company and project on top, watermark, sign line, a line in the audit trail.

Lists, reports and whatever else gives a sheet away use this, so that all look alike and none leaves without a trace.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO, Any

from flask import send_file
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.kernel import audit
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.registries import LOOKUPS
from app.kernel.transactions import AnySession, write
from app.kernel.workbook_out import OutColumn, SheetWords, export_filename, write_table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Sheet:
    """What is handed out. rows are read once, in order; conditions are said under the title («等级：A»).

    sums: totals that are not those of the rows (column → amount), where some rows count in no sum; total: how they are called.

    company: whose name stands on top, a lookup of the project; the agency's unless the figures are the developer's own.
    """

    report: str
    project_id: int | None
    columns: Sequence[OutColumn]
    rows: Iterable[Sequence[object]]
    totals: bool = False
    conditions: list[str] = field(default_factory=list)
    company: str = "project_company"
    sums: Mapping[int, Decimal] = field(default_factory=dict)
    total: str = ""


def as_far_as(found: list[Any], most: int) -> tuple[list[Any], list[str]]:
    """The newest `most` of what was found, and what the sheet says when there were more: no cap is silent."""
    if len(found) <= most:
        return found, []
    return found[:most], [_("只有最近的 %(n)s 条，请分段导出", n=f"{most:,}")]


def write_sheet(session: Session, actor: Actor, sheet: Sheet, target: IO[bytes]) -> str:
    """Write it in constant memory; returns the file name 项目-报表-日期.xlsx."""
    moment = now()
    project = project_name(sheet.project_id)
    company = _name(sheet.company, sheet.project_id)
    note = "　".join([*sheet.conditions, _("导出时间 %(t)s", t=f"{moment:%Y-%m-%d %H:%M}")])
    write_table(
        target, heading=company, title=f"{project} {sheet.report}", columns=sheet.columns, rows=sheet.rows,
        totals=sheet.totals, note=note, watermark=f"{actor.name} {moment:%Y-%m-%d %H:%M}", words=_words(sheet.total), sums=sheet.sums,
    )  # fmt: skip
    return export_filename(project, sheet.report, moment.date())


def answer_sheet(target: IO[bytes], name: str, mimetype: str = XLSX) -> Any:
    """The download; it is kept by nobody on the way."""
    target.seek(0)
    answer = send_file(target, mimetype=mimetype, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def log_export(session: AnySession, subject: str, project_id: int | None, **facts: Any) -> None:
    """The line of the trail: what, how many rows, under which conditions, why."""
    write(session, lambda: session.add(audit.entry("export", subject=subject, project_id=project_id, **facts)))


def project_name(project_id: int | None) -> str:
    """What stands in front of the name of a file."""
    return _name("project", project_id) or _("全部项目")


def _name(lookup: str, project_id: int | None) -> str:
    names = LOOKUPS.get(lookup)
    return names({project_id}).get(project_id, "") if names and project_id else ""


def _words(total: str) -> SheetWords:
    return SheetWords(
        total=total or _("合计"), signatures=_("制表：                审核：                日期：                "),
        pages=_("第 &P 页，共 &N 页"),
    )  # fmt: skip
