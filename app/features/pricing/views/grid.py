"""A 价目表 unit by unit: one building a page, three prices a row; nothing typed is lost when something is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from app.extensions import db
from app.features.pricing.effects.lines import Prices, edit_lines
from app.features.pricing.models import PriceLine, PriceList
from app.features.units.models import SOLD, Building, Unit
from app.kernel.errors import RuleError
from app.kernel.money import parse_amount
from app.kernel.screens.parts import Cell, Column, Crumb, Option, Row, Table

KEYS = ("list", "filed", "floor")
_INPUT = Markup(
    '<input class="form-control num" name="{}" inputmode="decimal" aria-label="{}" value="{}" placeholder="{}"{}>'
)
_WRONG = Markup(' aria-invalid="true"')


@dataclass(frozen=True)
class GridPage:
    """What pricing/grid.html draws."""

    title: str
    lead: str
    crumbs: tuple[Crumb, ...]
    buildings: tuple[Option, ...]
    building: str
    table: Table
    version: str
    back_url: str
    empty: str
    errors: tuple[str, ...] = ()


@dataclass
class Typed:
    """What the form gave: prices by unit (None = not in the list), refusals, inputs that are wrong."""

    wanted: dict[int, Prices | None] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)


def grid_page(view: Any, paper: PriceList) -> Any:
    """GET shows a building, POST saves its prices."""
    buildings = db.session.scalars(
        select(Building).where(Building.project_id == paper.project_id).order_by(Building.position, Building.id)
    ).all()
    asked = (request.form if request.method == "POST" else request.args).get("building", "")
    building = next((b for b in buildings if str(b.id) == asked), buildings[0] if buildings else None)
    units = _units(building)
    if request.method == "GET" or building is None:
        return _answer(view, paper, buildings, building, units, Typed())
    typed = _typed(units, request.form)
    if not typed.errors:
        seen = request.form.get("_version", "")
        try:
            edit_lines(
                db.session, paper.id, view.actor(), typed.wanted,
                seen_version=int(seen) if seen.isascii() and seen.isdigit() else None,
            )  # fmt: skip
        except RuleError as error:
            paper = view.draft(paper.id)
            return _answer(view, paper, buildings, building, _units(building), Typed(errors=[str(error)])), error.status
        flash(_("%(name)s 的价格已保存", name=building.name), "success")
        return redirect(f"{view.route_base}/grid/{paper.id}?building={building.id}")
    return _answer(view, paper, buildings, building, units, typed), 422


def _units(building: Building | None) -> list[Unit]:
    """The homes of a building that may still be priced."""
    if building is None:
        return []
    query = select(Unit).where(Unit.building_id == building.id, Unit.state.not_in(SOLD))
    return list(db.session.scalars(query.order_by(Unit.section, Unit.floor.desc(), Unit.room)))


def _typed(units: list[Unit], form: Mapping[str, str]) -> Typed:
    """An empty 表价 takes the unit out of the list; the other two may stay empty."""
    typed = Typed()
    for unit in units:
        values: dict[str, Decimal | None] = {}
        for key in KEYS:
            name = f"{key}-{unit.id}"
            text = form.get(name, "").strip()
            try:
                values[key] = parse_amount(text) if text else None
                if values[key] is not None and values[key] == 0:
                    raise RuleError("价格必须大于零，不定价请留空")
            except RuleError as error:
                typed.errors.append(f"{unit.full_name}：{error}")
                typed.wrong.add(name)
        price = values.get("list")
        typed.wanted[unit.id] = None if price is None else Prices(price, values.get("floor"), values.get("filed"))
    return typed


def _answer(
    view: Any, paper: PriceList, buildings: Any, building: Building | None, units: list[Unit], typed: Typed
) -> str:
    lines = {
        line.unit_id: line
        for line in db.session.scalars(
            select(PriceLine).where(PriceLine.price_list_id == paper.id, PriceLine.unit_id.in_([u.id for u in units]))
        )
    }
    columns = (
        Column("unit", _("房源"), phone="hd"), Column("type", _("户型")), Column("area", _("建筑面积"), numeric=True),
        Column("now", _("现表价"), numeric=True), Column("list", _("表价单价"), numeric=True),
        Column("filed", _("备案单价"), numeric=True), Column("floor", _("底价单价"), numeric=True),
    )  # fmt: skip
    page = GridPage(
        title=_("逐套填写：%(name)s", name=paper.name),
        lead=_(
            "每栋一页，保存后再换楼栋。表价留空表示这套不在本价目表里；备案价、底价留空则沿用房源现有的。已售房源不列出。"
        ),
        crumbs=(
            Crumb(str(view.title), view.list_url()),
            Crumb(str(paper), view.show_url(paper.id)),
            Crumb(_("逐套填写")),
        ),
        buildings=tuple(Option(str(b.id), b.name) for b in buildings),
        building=str(building.id) if building is not None else "",
        table=Table(columns, tuple(_row(unit, lines.get(unit.id), typed) for unit in units)),
        version=request.form.get("_version") or str(paper.version),
        back_url=view.show_url(paper.id),
        empty=_("这一栋没有可以定价的房源"),
        errors=tuple(typed.errors),
    )
    return render_template("pricing/grid.html", page=page, title=page.title)


def _row(unit: Unit, line: PriceLine | None, typed: Typed) -> Row:
    stored = {
        "list": (line.list_unit_price if line else None, unit.list_unit_price),
        "filed": (line.filed_unit_price if line else None, unit.filed_unit_price),
        "floor": (line.floor_unit_price if line else None, unit.floor_unit_price),
    }
    labels = {"list": _("表价单价"), "filed": _("备案单价"), "floor": _("底价单价")}
    cells = [
        Cell(unit.full_name), Cell(unit.unit_type.name if unit.unit_type else ""), Cell(str(unit.building_area), True),
        Cell("" if unit.list_unit_price is None else f"{unit.list_unit_price:,.2f}", True),
    ]  # fmt: skip
    for key in KEYS:
        name = f"{key}-{unit.id}"
        value, present = stored[key]
        shown = request.form.get(name, _text(value))
        wrong = _WRONG if name in typed.wrong else ""
        cells.append(Cell(_INPUT.format(name, f"{unit.full_name} {labels[key]}", shown, _text(present), wrong), True))
    return Row(str(unit.id), "", unit.full_name, tuple(cells))


def _text(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.2f}"
