"""版本对比: two price versions on one page and in one sheet, for whoever reads price lists; no floor price is in it."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from typing import Any

from flask import request
from flask_babel import gettext as _

from app.extensions import db
from app.features.pricing.effects.comparing import comparable_lists, compared
from app.features.pricing.models import PriceList
from app.features.pricing.rules.comparing import Compared, Summary, by_building
from app.kernel.errors import NotFound
from app.kernel.money import format_amount
from app.kernel.screens.display import DASH
from app.kernel.screens.parts import Cell, Column, Crumb, Link, Row, Table
from app.kernel.screens.report_page import Kpi, ReportPage, ReportPart
from app.kernel.screens.sheet_answer import Sheet, answer_sheet, log_export, write_sheet
from app.kernel.words import in_chinese
from app.kernel.workbook_out import OutColumn

SHOWN = 200  # rows on the page; the sheet has all
OFFERED = 8  # other versions offered as links


def _other(paper: PriceList) -> tuple[PriceList | None, list[PriceList]]:
    """The version that is asked for (?with=id), None = what held before; and those that may be chosen."""
    lists = comparable_lists(db.session(), paper)
    asked = request.args.get("with", "")
    if not asked:
        return None, lists
    found = next((one for one in lists if str(one.id) == asked), None)
    if found is None:
        raise NotFound("price_list")
    return found, lists


def compare_page(view: Any, paper: PriceList) -> Any:
    """Sums by building on top, home by home below."""
    other, lists = _other(paper)
    rows = compared(db.session(), paper, other)
    sums = by_building(rows, _("合计"))
    name = _("调整前") if other is None else other.name
    page = ReportPage(
        title=_("价格对比：%(a)s → %(b)s", a=name, b=paper.name),
        parts=(
            ReportPart(_("按楼栋"), table=_sums(sums)),
            ReportPart(_("逐套"), table=_homes(rows), html=_shown(len(rows))),
        ),
        crumbs=(Crumb(_("价目表"), view.list_url()), Crumb(paper.name, view.show_url(paper.id)), Crumb(_("版本对比"))),
        acts=_acts(view, paper, other, lists),
        kpis=_kpis(sums[-1]),
        lead=_("只比较两个版本都有价格的房源；均价为总价之和除以面积之和。"),
    )
    return view.render_template("report.html", page=page, title=page.title)


def _acts(view: Any, paper: PriceList, other: PriceList | None, lists: list[PriceList]) -> tuple[Link, ...]:
    base = f"{view.route_base}/compare/{paper.id}"
    acts = [] if other is None else [Link(_("与调整前比"), base)]
    acts += [
        Link(_("与「%(name)s」比", name=one.name), f"{base}?with={one.id}")
        for one in lists[:OFFERED]
        if one is not other
    ]
    if view.actor().holds(view.exporters, paper.project_id):
        chosen = "" if other is None else f"?with={other.id}"
        acts.insert(0, Link(_("导出"), f"{base}/export{chosen}", icon="download"))
    return tuple(acts)


def _shown(count: int) -> str:
    return _("共 %(n)s 套，这里列出前 %(m)s 套，全部在导出的表里。", n=count, m=SHOWN) if count > SHOWN else ""


def _kpis(whole: Summary) -> tuple[Kpi, ...]:
    return (
        Kpi(
            _("可比房源"), str(whole.homes), _("套"), left=_("涨 %(n)s", n=whole.up), right=_("跌 %(n)s", n=whole.down)
        ),
        Kpi(_("均价变动"), _average_change(whole), _("元/㎡")),
        Kpi(_("货值变动"), format_amount(whole.change), _("元"), left=_percent(whole.percent)),
    )


def _average_change(whole: Summary) -> str:
    if whole.before_average is None or whole.after_average is None:
        return DASH
    return format_amount(whole.after_average - whole.before_average)


def _percent(value: Decimal | None) -> str:
    return DASH if value is None else f"{value:+} %"


def _amount(value: Decimal | None) -> Cell:
    return Cell(DASH if value is None else format_amount(value), numeric=True)


def _sums(sums: list[Summary]) -> Table:
    columns = (
        Column("name", _("楼栋"), phone="hd"), Column("homes", _("可比套数"), numeric=True), Column("up", _("涨"), numeric=True),
        Column("down", _("跌"), numeric=True), Column("added", _("新增"), numeric=True), Column("dropped", _("未列"), numeric=True),
        Column("old", _("原均价"), numeric=True), Column("new", _("新均价"), numeric=True),
        Column("change", _("货值变动"), numeric=True), Column("percent", _("幅度"), numeric=True),
    )  # fmt: skip
    drawn = [
        (
            Cell(one.label), *(Cell(str(n), numeric=True) for n in (one.homes, one.up, one.down, one.added, one.dropped)),
            _amount(one.before_average), _amount(one.after_average), _amount(one.change), Cell(_percent(one.percent), numeric=True),
        )
        for one in sums
    ]  # fmt: skip
    rows = tuple(
        Row(str(n), "", one.label, cells) for n, (one, cells) in enumerate(zip(sums[:-1], drawn, strict=False))
    )
    return Table(columns, rows, drawn[-1], empty=_("两个版本没有共同的房源"))


def _homes(rows: list[Compared]) -> Table:
    columns = (
        Column("unit", _("房源"), phone="hd"), Column("area", _("建筑面积"), numeric=True), Column("old", _("原单价"), numeric=True),
        Column("new", _("新单价"), numeric=True), Column("change", _("变动"), numeric=True), Column("percent", _("幅度"), numeric=True),
        Column("total", _("总价变动"), numeric=True),
    )  # fmt: skip
    drawn = tuple(
        Row(str(one.unit_id), f"/unit/show/{one.unit_id}", one.name, (
            Cell(one.name), Cell(str(one.area), numeric=True), _amount(one.before), _amount(one.after), _amount(one.change),
            Cell(_percent(one.percent), numeric=True), _amount(one.total_change),
        ))
        for one in rows[:SHOWN]
    )  # fmt: skip
    return Table(columns, drawn, empty=_("还没有价格"))


def _against(other: PriceList | None, paper: PriceList) -> str:
    return f"{_('调整前') if other is None else other.name} → {paper.name}"


def compare_sheet(view: Any, paper: PriceList) -> Any:
    """Every home as .xlsx."""
    other, _lists = _other(paper)
    columns = [
        OutColumn(_("房源"), "text", 22), OutColumn(_("楼栋")), OutColumn(_("建筑面积"), "area"), OutColumn(_("原单价"), "price"),
        OutColumn(_("原总价"), "money"), OutColumn(_("新单价"), "price"), OutColumn(_("新总价"), "money"), OutColumn(_("单价变动"), "price"),
        OutColumn(_("总价变动"), "money"),
    ]  # fmt: skip
    rows = [
        (one.name, one.building, one.area, one.before, one.before_total, one.after, one.after_total, one.change, one.total_change)
        for one in compared(db.session(), paper, other)
    ]  # fmt: skip
    sheet = Sheet(_("价格对比"), paper.project_id, columns, rows, totals=True, conditions=[_against(other, paper)])
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    file_name = write_sheet(db.session(), view.actor(), sheet, target)
    with in_chinese():
        said = _against(other, paper)
    log_export(db.session, "price_list", paper.project_id, rows=len(rows), filters=said)
    return answer_sheet(target, file_name)
