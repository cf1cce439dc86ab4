"""变更申请: 退订, 挞定, 退房 with the sums that the rules compute."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.extensions import db
from app.features.deals.changes.effects import fill_from_order
from app.features.deals.changes.models import ChangeKind, ChangeRequest, ChangeState
from app.features.deals.contracts.effects import live_contract
from app.features.deals.reservations.models import Reservation, ReservationState
from app.kernel.actors import Actor
from app.kernel.errors import NotFound, RuleError
from app.kernel.posts import Post
from app.kernel.screens.parts import CalcLine, Card, Html
from app.kernel.screens.view import DocumentView

ENDABLE = (ReservationState.EFFECTIVE, ReservationState.SIGNED)
ASKERS = frozenset({Post.CONSULTANT, Post.SUPERVISOR, Post.CLERK})
EXPORTERS = frozenset(
    {Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.CLERK, Post.DEVELOPER_FINANCE}
)


class ChangeView(DocumentView):
    """变更申请 (02 §2.2.3)."""

    model = ChangeRequest
    label = L("变更申请")
    category = L("交易")
    icon = "swap"
    creators = ASKERS
    exporters = EXPORTERS
    listed = (
        "number",
        "kind",
        "unit",
        "customer_name",
        "fault",
        "paid",
        "refundable",
        "owner_id",
        "state",
        "executed_on",
    )
    filters = ("kind", "state", "owner_id")
    search = ("number", "unit.full_name", "customer_name")
    summed = ("refundable",)
    form = ("kind", "reservation_id", "fault", "reason", "penalty_share", "fee")
    pick_filters: ClassVar = {"reservation_id": lambda query: query.where(Reservation.state.in_(ENDABLE))}
    fact_groups = (
        (
            L("要点"),
            (
                "kind",
                "reservation",
                "unit",
                "customer_name",
                "owner_id",
                "fault",
                "reason",
                "penalty_share",
                "fee",
                "executed_on",
            ),
        ),
    )

    def check(self, record: Any, actor: Actor) -> None:
        """Sums come from the money that is confirmed now."""
        order = db.session.scalars(select(Reservation).where(Reservation.id == record.reservation_id)).first()
        if order is None:
            raise NotFound("reservation")
        if record.kind is not ChangeKind.CANCELLATION and record.penalty_share:
            raise RuleError("违约金比例只在退房时填写", field="penalty_share")
        if not Decimal(0) <= record.penalty_share <= Decimal(1):
            raise RuleError("违约金比例应在 0 和 1 之间，填 3% 或 0.03", field="penalty_share")
        if record.fee < 0:
            raise RuleError("手续费不能小于 0", field="fee")
        fill_from_order(db.session(), record, order)

    def note(self, record: Any, actor: Actor) -> Html:
        """Why a 退房 can not be executed yet."""
        if record.state is not ChangeState.APPROVED or record.kind is not ChangeKind.CANCELLATION:
            return ""
        contract = live_contract(db.session(), record.reservation_id)
        return _("合同 %(no)s 还没有撤销，办完撤销才能执行退房。", no=contract) if contract is not None else ""


def money_card(change: ChangeRequest, _actor: Actor) -> Card:
    """How the confirmed money is divided."""
    lines = [CalcLine(_("已收合计"), f"{change.paid:,.2f}")]
    for label, amount in ((_("没收定金"), change.kept), (_("违约金"), change.penalty), (_("手续费"), change.fee)):
        if amount:
            lines.append(CalcLine(label, f"−{amount:,.2f}", "neg"))
    if change.compensation:
        lines.append(CalcLine(_("双倍返还部分"), f"{change.compensation:,.2f}"))
    lines.append(CalcLine(_("应退金额"), f"{change.refundable:,.2f}", "sum"))
    return Card(_("结算"), "calc", total=f"{change.refundable:,.2f}", total_unit=_("元应退"), lines=tuple(lines))
