"""导入价格: a table of the developer fills a draft 价目表, all lines or none, every fault named with its place (02 §2.5.12)."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _

from app.extensions import db
from app.features.pricing.effects.lines import ImportRefused, import_prices
from app.features.pricing.models import PriceList
from app.features.units.price_fields import Purpose
from app.features.units.price_table import parse_price_table
from app.kernel.errors import RuleError
from app.kernel.screens.form_page import FormField, FormPage, FormSection
from app.kernel.screens.parts import Crumb, Option
from app.kernel.spreadsheets import read_workbook

SHOWN_FAULTS = 200
COLUMNS = ("list", "filed", "floor")


def upload_page(view: Any, paper: PriceList) -> Any:
    """GET asks for the file, POST reads and writes it."""
    if request.method == "GET":
        return _shown(view, paper, ())
    column, given = request.form.get("column", ""), request.files.get("file")
    try:
        if column not in COLUMNS:
            raise RuleError("请选择表中的单价是哪一种价")
        data = given.read() if given is not None else b""
        if given is None or not data:
            raise RuleError("请选择一个有内容的文件")
        table = parse_price_table(read_workbook(data, given.filename or ""), Purpose.PRICES)
        blocking = [str(problem) for problem in table.problems if problem.blocking]
        if blocking or not table.rows:
            return _refused(view, paper, blocking or [_("表头下面没有任何房源")])
        count = import_prices(db.session, paper.id, view.actor(), table.rows, column)
    except ImportRefused as error:
        return _refused(view, paper, [str(error), *map(str, error.faults)])
    except RuleError as error:
        return _refused(view, paper, [str(error)])
    hints = [str(problem) for problem in table.problems]
    flash(_("已写入 %(n)s 套的价格", n=count), "success")
    for sentence in hints[:SHOWN_FAULTS]:
        flash(sentence, "warning")
    return redirect(view.show_url(paper.id))


def _refused(view: Any, paper: PriceList, sentences: list[str]) -> Any:
    shown = sentences[:SHOWN_FAULTS]
    if len(sentences) > len(shown):
        shown.append(_("……共 %(n)s 处，这里列出前 %(m)s 处", n=len(sentences), m=len(shown)))
    return _shown(view, view.draft(paper.id), tuple(shown)), 422


def _shown(view: Any, paper: PriceList, errors: tuple[str, ...]) -> str:
    options = (Option("list", _("表价")), Option("filed", _("备案价")), Option("floor", _("底价")))
    fields = (
        FormField(
            "column",
            _("表中的单价是"),
            "choice",
            required=True,
            value=request.form.get("column", "list"),
            options=options,
        ),
        FormField("file", _("价格表"), "file", required=True, accept=".xlsx,.xls,.csv", wide=True),
    )
    page = FormPage(
        title=_("导入价格：%(name)s", name=paper.name),
        sections=(FormSection("", fields),),
        submit_label=_("核对并写入"),
        back_url=view.show_url(paper.id),
        crumbs=(
            Crumb(str(view.title), view.list_url()),
            Crumb(str(paper), view.show_url(paper.id)),
            Crumb(_("导入价格")),
        ),
        lead=_(
            "按楼栋、单元、房号对应房源，一处不符就一行也不写。其余两种价保留本价目表里已有的，没有则沿用房源现有的。"
        ),
        errors=errors,
    )
    return render_template("doc/form.html", page=page, title=page.title)
