"""How is a 甲方授权 shown? Registered from the signed paper, with what is used up (02 §2.3.2)."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812

from app.features.pricing.models import Mandate
from app.features.pricing.states import MANDATE_EDITORS
from app.features.pricing.views.schemes import CATEGORY, EXPORTERS
from app.kernel.actors import Actor
from app.kernel.errors import RuleError
from app.kernel.screens.display import moment
from app.kernel.screens.parts import Cell, Column, Row, Table
from app.kernel.screens.view import DocumentView


class MandateView(DocumentView):
    """甲方授权."""

    model = Mandate
    label = L("甲方授权")
    category = CATEGORY
    icon = "shield"
    creators = MANDATE_EDITORS
    exporters = EXPORTERS
    listed = ("document_no", "signed_on", "valid_from", "valid_until", "cap_units", "cap_amount", "state")
    filters = ("state",)
    search = ("document_no", "note")
    order = ("-valid_until",)
    fact_groups = (
        (L("授权书"), ("document_no", "signed_on", "signed_by", "valid_from", "valid_until", "note")),
        (L("额度"), ("cap_units", "used_units", "cap_amount", "used_amount")),
    )

    def check(self, record: Any, actor: Actor) -> None:
        """Dates and caps make sense."""
        if record.valid_until < record.valid_from:
            raise RuleError("截止日期早于起用日期", field="valid_until")
        for name, label in (("cap_units", "套数上限"), ("cap_amount", "让利金额上限")):
            if (cap := getattr(record, name)) is not None and cap <= 0:
                raise RuleError("{label}必须大于零，不限请留空", field=name, label=label)

    def note(self, record: Any, actor: Actor) -> str:
        """The scan belongs to the paper."""
        return _("请在「附件」里上传甲方签署的授权书扫描件。") if self.may_edit(record, actor) else ""


def uses_of_mandate(mandate: Any, actor: Actor) -> Table:
    """What was given away under it, newest first."""
    columns = (
        Column("when", _("时间")), Column("unit", _("房源")), Column("paper", _("单据")),
        Column("amount", _("让利金额"), numeric=True),
    )  # fmt: skip
    rows = tuple(
        Row(
            str(use.id),
            "",
            use.paper,
            (Cell(moment(use.used_at)), Cell(use.unit.full_name), Cell(use.paper), Cell(f"{use.amount:,.2f}", True)),
        )
        for use in reversed(mandate.uses)
    )
    return Table(columns, rows, empty=_("还没有使用"))
