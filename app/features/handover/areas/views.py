"""面积补差单: figures by the table, decided by 甲方, one tick for a whole building."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select

from app.extensions import db
from app.features.deals.changes.models import ChangeKind
from app.features.deals.changes.offers import change_link
from app.features.deals.reservations.models import Reservation
from app.features.handover.areas.effects import fill, note_survey
from app.features.handover.areas.models import SERVICE, AreaSettlement, AreaState, Direction, Wish
from app.features.handover.areas.survey_in import SURVEY_IN
from app.features.handover.category import CATEGORY
from app.features.handover.readers import EXPORTERS
from app.features.units.models import Unit, UnitState
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.money import capitals
from app.kernel.screens.parts import CalcLine, Card, Html, Link
from app.kernel.screens.view import DocumentView

SOLD = (UnitState.SIGN, UnitState.HAND)


def _unsettled(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(AreaSettlement.state.in_((AreaState.DRAFT, AreaState.REVIEW, AreaState.BOOKED)))


def _may_leave(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(AreaSettlement.may_withdraw, AreaSettlement.state == AreaState.DRAFT)


def late_leaving(query: Select[Any], _actor: Actor) -> Select[Any]:
    """The buyer left beyond the limit; his money is due back and the order still runs."""
    return query.where(AreaSettlement.state == AreaState.WITHDRAWN, AreaSettlement.due_on < now().date())


class AreaSettlementView(DocumentView):
    """面积补差单 (02 §2.3.7)."""

    model = AreaSettlement
    label = L("面积补差单")
    category = CATEGORY
    icon = "chart"
    creators = SERVICE
    exporters = EXPORTERS
    importable = SURVEY_IN
    listed = (
        "number", "unit", "line", "buyers", "contract_area", "surveyed_area", "error", "direction", "amount", "may_withdraw", "wish", "due_on", "state",
    )  # fmt: skip
    filters = ("state", "direction", "may_withdraw", "line")
    search = ("number", "unit.full_name", "contract_no")
    summed = ("amount", "doubled", "borne")
    deadlines: ClassVar = {
        "due_on": lambda paper: (
            paper.state is AreaState.WITHDRAWN or (paper.state is AreaState.BOOKED and paper.direction is Direction.PAY)
        )
    }
    chips = (
        ("late-leave", L("退房逾期未退款"), late_leaving),
        ("open", L("未结清"), _unsettled),
        ("leave", L("可退房待选择"), _may_leave),
    )
    search_hint = L("编号、房号、合同号")
    empty_hint = L("拿到测绘成果后，点「导入」一次生成整栋的补差单。")
    form = ("unit_id", "surveyed_area", "surveyed_inner", "report_no", "clause_direction", "clause_amount", "note")
    pick_filters: ClassVar = {"unit_id": lambda query: query.where(Unit.state.in_(SOLD))}
    fact_groups = (
        (L("要点"), ("unit", "line", "buyers", "contract_no", "basis", "contract_area", "surveyed_area", "surveyed_inner", "report_no", "unit_price",
                    "error", "clause", "clause_direction", "clause_amount", "note")),
        (L("结果"), ("direction", "amount", "doubled", "borne", "may_withdraw", "wish", "wished_on", "booked_on", "due_on")),
    )  # fmt: skip

    def fact_groups_of(self, record: Any) -> tuple[tuple[Any, tuple[str, ...]], ...]:
        """Whose day it is stands beside the day."""
        day = "back_until" if record.pays_back else "pay_until"
        return tuple((title, tuple(day if n == "due_on" else n for n in names)) for title, names in self.fact_groups)

    def check(self, record: Any, actor: Actor) -> None:
        """Figures are computed anew with every save."""
        fill(db.session(), record)

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """The flat keeps the surveyed area."""
        note_survey(db.session(), record, actor)

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """A buyer who leaves: 退房 at the seller's fault."""
        if record.state is not AreaState.WITHDRAWN:
            return []
        order = db.session.get(Reservation, record.reservation_id)
        return change_link(
            db.session(), order, actor, ChangeKind.CANCELLATION, label=_("申请退房"), more="&fault=seller"
        )

    def note(self, record: Any, actor: Actor) -> Html:
        """What has to happen first."""
        if record.state is AreaState.WITHDRAWN:
            return _("买受人要求退房：由置业顾问、主管或文员申请退房，责任选卖方责任，利息填在「利息和赔偿」。")
        if record.state is not AreaState.DRAFT or not record.may_withdraw:
            return ""
        if record.wish is None:
            return _("误差超过界限，买受人可以退房，请先登记买受人的选择。")
        return _("买受人要求退房，请点「转退房」。") if record.wish is Wish.WITHDRAW else ""


def settlement_card(paper: AreaSettlement, _actor: Actor) -> Card:
    """How the sum comes about."""
    difference = paper.surveyed_area - paper.contract_area
    if paper.surveyed_inner is not None and paper.basis is type(paper.basis).INNER_AREA:
        difference = paper.surveyed_inner - paper.contract_area
    percent = (paper.error * Decimal(100)).normalize()
    lines = [
        CalcLine(_("面积差"), f"{difference:+,.2f} ㎡"),
        CalcLine(_("误差比"), f"{percent:+f} %"),
        CalcLine(_("合同单价"), f"{paper.unit_price:,.2f}"),
    ]
    if paper.doubled:
        lines.append(CalcLine(_("界限以内退还"), f"{paper.amount - paper.doubled:,.2f}"))
        lines.append(CalcLine(_("超出部分双倍返还"), f"{paper.doubled:,.2f}"))
    if paper.borne:
        lines.append(CalcLine(_("超出部分甲方承担"), f"{paper.borne:,.2f}"))
    lines.append(CalcLine(paper.direction.label, f"{paper.amount:,.2f}", "sum"))
    return Card(
        _("补差计算"), "calc", total=f"{paper.amount:,.2f}", total_unit=_("元"), lines=tuple(lines),
        words=capitals(paper.amount, prefix="人民币"),
    )  # fmt: skip
