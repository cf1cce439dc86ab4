"""滞纳金减免单: who asks for how much, and what was decided."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.extensions import db
from app.features.payments.models import FundKind, PaidBy, Receivable, ReceivableState
from app.features.payments.views.accounts import CATEGORY, EXPORTERS
from app.features.payments.waivers.effects import fill
from app.features.payments.waivers.models import LateFeeWaiver
from app.features.payments.waivers.states import ASKERS
from app.kernel.actors import Actor
from app.kernel.errors import NotFound
from app.kernel.posts import Post
from app.kernel.screens.related import table_of
from app.kernel.screens.view import DocumentView


def late_rows(query: Any) -> Any:
    """Rows of buyers that are or were late: what a fee can be waived of."""
    return query.where(
        Receivable.payer == PaidBy.BUYER, Receivable.kind != FundKind.LATE_FEE,
        Receivable.state.in_((ReceivableState.OVERDUE, ReceivableState.PAID, ReceivableState.EXTENDED)),
    )  # fmt: skip


class LateFeeWaiverView(DocumentView):
    """滞纳金减免单."""

    model = LateFeeWaiver
    label = L("滞纳金减免单")
    title = L("滞纳金减免")
    category = CATEGORY
    icon = "edit"
    creators = frozenset(ASKERS)
    exporters = EXPORTERS | {Post.DEVELOPER_SITE}
    form = ("receivable_id", "amount", "reason")
    listed = ("number", "account", "amount", "fee", "days", "reason", "owner_id", "granted_on", "state")
    filters = ("state", "owner_id")
    search = ("number", "account.title", "reason")
    summed = ("amount",)
    pick_filters: ClassVar[dict[str, Any]] = {"receivable_id": late_rows}
    facts = (
        "receivable",
        "account",
        "fee",
        "days",
        "amount",
        "reason",
        "owner_id",
        "granted_on",
        "created_by",
        "created_at",
    )
    empty_hint = L("在逾期的应收款页面点「申请减免滞纳金」")

    def check(self, record: Any, actor: Actor) -> None:
        """Account and fee come from the row; no more than is open."""
        row = db.session.scalars(select(Receivable).where(Receivable.id == record.receivable_id)).first()
        if row is None:
            raise NotFound("receivable")
        fill(db.session(), record, row)


def waivers_of_row(row: Any, actor: Actor) -> Any:
    """减免单 of one row; hidden while there are none."""
    query = select(LateFeeWaiver).where(LateFeeWaiver.receivable_id == row.id).order_by(LateFeeWaiver.id.desc())
    found = db.session.scalars(query).all()
    columns = ("number", "amount", "fee", "days", "reason", "state", "granted_on")
    return table_of(LateFeeWaiver, columns, found, actor) if found else None
