"""价格通知: what changed, who has signed. The list prices of a 价目表 are shown, its floor prices never."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812

from app.extensions import db
from app.features.pricing.effects.price_lists import changed_lines
from app.features.pricing.models import PriceNotice, PriceNoticeKind
from app.features.pricing.views.schemes import CATEGORY, EXPORTERS
from app.kernel.actors import Actor
from app.kernel.money import format_amount
from app.kernel.screens.display import DASH
from app.kernel.screens.parts import Card, Cell, Column, Row, Table
from app.kernel.screens.readers import unsigned_chip
from app.kernel.screens.view import DocumentView

SHOWN = 100


class PriceNoticeView(DocumentView):
    """价格通知 (S3.20)."""

    model = PriceNotice
    label = L("价格通知")
    category = CATEGORY
    icon = "mega"
    exporters = EXPORTERS
    listed = ("number", "title", "kind", "holds_from", "created_at", "state")
    filters = ("kind", "state")
    search = ("number", "title", "body")
    sortable = ("holds_from",)
    order = ("-holds_from",)
    chips = (unsigned_chip(PriceNotice),)
    facts = ("number", "kind", "holds_from", "created_at", "body")
    files = False


def changed_prices(notice: Any, _actor: Actor) -> Card | None:
    """The homes whose list price a 价目表 changed: old and new."""
    if notice.kind is not PriceNoticeKind.PRICES:
        return None
    lines = changed_lines(db.session(), notice.source_id)
    columns = (
        Column("unit", _("房源"), phone="hd"), Column("old", _("原表价单价"), numeric=True), Column("new", _("表价单价"), numeric=True),
        Column("total", _("表价总价"), numeric=True),
    )  # fmt: skip
    rows = tuple(
        Row(str(line.unit_id), f"/unit/show/{line.unit_id}", line.unit.full_name, (
            Cell(line.unit.full_name), Cell(DASH if line.old_unit_price is None else format_amount(line.old_unit_price), numeric=True),
            Cell(format_amount(line.list_unit_price), numeric=True), Cell(format_amount(line.list_total), numeric=True),
        ))
        for line in lines[:SHOWN]
    )  # fmt: skip
    note = _("共 %(n)s 套", n=len(lines))
    if len(lines) > SHOWN:
        note = _("共 %(n)s 套，这里列出前 %(m)s 套", n=len(lines), m=SHOWN)
    return Card(_("价格变动"), "table", table=Table(columns, rows, empty=_("没有房源变价")), note=note)
