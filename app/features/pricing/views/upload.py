"""导入价格: upload → columns → check and confirm; a table of the developer fills a draft 价目表, all lines or none (02 §2.5.12)."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from flask import current_app, flash, redirect, render_template, request, send_file
from flask_babel import gettext as _

from app.extensions import db
from app.features.pricing.effects.tables_in import PricePlan, import_prices, plan_prices
from app.features.pricing.models import PriceList
from app.features.pricing.views import upload_pages as pages
from app.features.units.price_fields import Purpose, SheetMapping
from app.features.units.price_mapping import chosen_mappings, picked, proposed, told
from app.features.units.price_rows import PriceTable, Problem
from app.features.units.price_table import parse_price_table
from app.kernel.errors import NotFound, RuleError
from app.kernel.imports import uploads
from app.kernel.imports.memory import remember, remembered, senders
from app.kernel.imports.uploads import Upload
from app.kernel.screens.export import XLSX
from app.kernel.screens.once import body_digest, once
from app.kernel.screens.saving import new_key
from app.kernel.spreadsheets import Sheet, read_workbook
from app.kernel.transactions import write
from app.kernel.workbook_out import write_table

SUBJECT = "price-list"  # the heads of price tables are remembered for all lists of the project


def upload_page(view: Any, paper: PriceList) -> Any:
    """Choose the file and say which price it holds."""
    if request.method == "GET":
        return _shown(view, paper, "")
    given = request.files.get("file")
    try:
        column = request.form.get("column", "")
        if column not in pages.KINDS:
            raise RuleError("请选择表中的单价是哪一种价", field="column")
        data = given.read() if given is not None else b""
        if given is None or not data:
            raise RuleError("请选择一个有内容的文件", field="file")
        if not proposed(read_workbook(data, given.filename or ""), {}):
            raise RuleError("没有找到房源表头（至少要有楼栋、房号、单价等列）", field="file")
    except RuleError as error:
        return _shown(view, paper, str(error)), 422
    source = " ".join(request.form.get("source", "").split())[:64]
    kept = uploads.keep(
        _folder(),
        view.actor().person_id,
        paper.project_id,
        given.filename or "",
        data,
        paper=_subject(paper),
        source=source,
    )
    uploads.remember(_folder(), kept, expected={"price": column})
    return redirect(f"{pages.address(view, paper)}/{kept.token}/columns")


def columns_page(view: Any, paper: PriceList, token: str) -> Any:
    """Which column fills which field."""
    kept, sheets, proposal = _waiting(view, paper, token)
    if request.method == "GET":
        return _mapping(view, paper, kept, sheets, proposal, "")
    columns, layouts = picked(proposal, request.form)
    chosen = uploads.remember(_folder(), kept, columns=columns, layouts=layouts)
    try:
        mappings = chosen_mappings(chosen, proposal)
    except RuleError as error:
        return _mapping(view, paper, kept, sheets, proposal, str(error)), 422
    where = (paper.project_id, SUBJECT, kept.source)
    write(db.session, lambda: remember(db.session(), *where, told(mappings)))
    return redirect(f"{pages.address(view, paper)}/{token}/preview")


def preview_page(view: Any, paper: PriceList, token: str) -> Any:
    """All errors, the sums compared, old and new prices; the post writes all or nothing."""
    kept, sheets, proposal = _waiting(view, paper, token)
    table, plan = _read(paper, kept, sheets, proposal)
    problems = _problems(table, plan)
    if request.method == "POST" and not problems and plan.lines:
        try:
            location = _commit(view, paper, kept, table)
        except RuleError as error:
            flash(str(error), "danger")
            return redirect(f"{pages.address(view, paper)}/{token}/preview")
        uploads.drop(_folder(), token)
        return redirect(location)
    page = pages.preview(view, paper, kept, table, plan, problems, new_key())
    shown = render_template("import/preview.html", page=page, title=page.title)
    return (shown, 422) if request.method == "POST" else shown


def report_page(view: Any, paper: PriceList, token: str) -> Any:
    """Every error as a table to take along."""
    kept, sheets, proposal = _waiting(view, paper, token)
    problems = _problems(*_read(paper, kept, sheets, proposal))
    target = tempfile.TemporaryFile()  # noqa: SIM115 - send_file closes it
    title = _("核对报告")
    write_table(target, title=f"{kept.name} {title}", columns=pages.report_columns(), rows=pages.report_rows(problems))
    target.seek(0)
    return send_file(target, mimetype=XLSX, as_attachment=True, download_name=f"{Path(kept.name).stem}-{title}.xlsx")


def template_page(view: Any, paper: PriceList) -> Any:
    """The homes that may be priced with their present list price, to be changed and sent back."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 - send_file closes it
    title = _("%(name)s 价格表", name=paper.name)
    write_table(target, title=title, columns=pages.template_columns(), rows=pages.template_rows(db.session(), paper))
    target.seek(0)
    return send_file(target, mimetype=XLSX, as_attachment=True, download_name=f"{title}.xlsx")


def _folder() -> Path:
    return Path(current_app.config["DATA_DIR"]) / "imports"


def _subject(paper: PriceList) -> str:
    return f"{SUBJECT}/{paper.id}"


def _waiting(view: Any, paper: PriceList, token: str) -> tuple[Upload, list[Sheet], tuple[SheetMapping, ...]]:
    kept, data = uploads.find(_folder(), token, view.actor().person_id)
    if kept.paper != _subject(paper):
        raise NotFound("upload")
    sheets = read_workbook(data, kept.name)
    return kept, sheets, proposed(sheets, remembered(db.session(), paper.project_id, SUBJECT, kept.source))


def _read(
    paper: PriceList, kept: Upload, sheets: list[Sheet], proposal: tuple[SheetMapping, ...]
) -> tuple[PriceTable, PricePlan]:
    table = parse_price_table(sheets, Purpose.PRICES, chosen_mappings(kept, proposal))
    return table, plan_prices(db.session(), paper, table.rows, kept.expected["price"])


def _problems(table: PriceTable, plan: PricePlan) -> list[Problem]:
    """What forbids the import, in the order of the file."""
    found = [problem for problem in table.problems if problem.blocking] + list(plan.faults)
    return sorted(found, key=lambda problem: (problem.sheet, problem.line))


def _commit(view: Any, paper: PriceList, kept: Upload, table: PriceTable) -> str:
    def work() -> str:
        count = import_prices(db.session, paper.id, view.actor(), table.rows, kept.expected["price"])
        flash(_("已写入 %(n)s 套的价格", n=count), "success")
        return str(view.show_url(paper.id))

    key, digest = request.form.get("_key", ""), body_digest([("token", kept.token)])
    return once(db.session, view.actor().person_id, key, digest, work)


def _shown(view: Any, paper: PriceList, refused: str) -> str:
    page = pages.upload(view, paper, senders(db.session(), paper.project_id, SUBJECT), refused)
    return render_template("import/upload.html", page=page, title=page.title)


def _mapping(
    view: Any, paper: PriceList, kept: Upload, sheets: list[Sheet], proposal: tuple[SheetMapping, ...], refused: str
) -> str:
    page = pages.mapping(view, paper, kept, sheets, proposal, refused)
    return render_template("import/mapping.html", page=page, title=page.title)
