"""催款记录: every asking with its promise; 失约 and 待兑现 on top."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.extensions import db
from app.features.payments.dunning.models import DunningRecord, Promise
from app.features.payments.views.accounts import CATEGORY, EXPORTERS
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.screens.related import table_of
from app.kernel.screens.view import DocumentView

COLUMNS = (
    "account",
    "receivable.kind",
    "at",
    "person_id",
    "how",
    "open_amount",
    "answer",
    "promised_on",
    "promised_amount",
    "promise",
)


class DunningRecordView(DocumentView):
    """催款记录, read only."""

    model = DunningRecord
    label = L("催款记录")
    category = CATEGORY
    icon = "chat"
    exporters = EXPORTERS
    listed = (*COLUMNS, "next_on", "owner_id")
    filters = ("promise", "owner_id", "person_id", "promised_on")
    search = ("account.title", "account.order_number", "answer")
    search_hint = L("搜房号、客户、认购书编号或答复")
    sortable = ("at", "promised_on")
    order = ("-at",)
    files = False
    chips = (
        ("broken", L("失约"), lambda query, actor: query.where(DunningRecord.promise == Promise.BROKEN)),
        ("open", L("待兑现"), lambda query, actor: query.where(DunningRecord.promise == Promise.OPEN)),
        (
            "today",
            L("今日承诺"),
            lambda query, actor: query.where(
                DunningRecord.promise == Promise.OPEN, DunningRecord.promised_on <= now().date()
            ),
        ),
    )
    empty_hint = L("在应收款的页面点「登记催款」，记录就在这里")


def records_of_row(row: Any, actor: Actor) -> Any:
    """催款记录 of one row."""
    return _table(DunningRecord.receivable_id == row.id, actor)


def records_of_account(account: Any, actor: Actor) -> Any:
    """催款记录 of an account; hidden while there are none."""
    table = _table(DunningRecord.account_id == account.id, actor)
    return table if table.rows else None


def _table(condition: Any, actor: Actor) -> Any:
    query = select(DunningRecord).where(condition).order_by(DunningRecord.id.desc()).limit(100)
    return table_of(DunningRecord, COLUMNS, db.session.scalars(query).all(), actor)
