"""收款账户 and 应收款: what every order owes, who must be asked, what was received (07 «owner chain», 02 §2.3.4)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, or_, select

from app.extensions import db
from app.features.organisation.parameters import parameter
from app.features.payments.effects.late_fees import waivable
from app.features.payments.models import (
    OrderAccount,
    PaidBy,
    PaymentNotice,
    Receipt,
    Receivable,
    ReceivableState,
    Refund,
    payable_on,
)
from app.features.payments.rules.booking import brought_as
from app.features.payments.states import WAITING
from app.features.payments.views.tables import table_of
from app.kernel.actors import Actor
from app.kernel.base import model_of, now
from app.kernel.posts import Post
from app.kernel.screens.parts import Link
from app.kernel.screens.view import DocumentView, view_of

CATEGORY = L("收款")
BOOKS = L("票据账务")  # what only the cashier and whoever checks him opens: a group of its own in the menu
EXPORTERS = frozenset(
    {
        Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.GENERAL_MANAGER, Post.CLERK,
        Post.FINANCE, Post.DEVELOPER_FINANCE, Post.DEVELOPER_LEAD,
    }
)  # fmt: skip


def overdue(query: Select[Any], _actor: Actor) -> Select[Any]:
    """逾期 rows."""
    return query.where(Receivable.state == ReceivableState.OVERDUE)


def to_remind(query: Select[Any], _actor: Actor) -> Select[Any]:
    """Rows that reached a day rule since somebody asked last, or whose agreed next day has come: whom to call today."""
    today = now().date()
    asked = or_(Receivable.dunning_level > Receivable.reminded_level, Receivable.next_reminder_on <= today)
    promised = or_(Receivable.promised_on.is_(None), Receivable.promised_on < today)
    ended = (ReceivableState.PAID, ReceivableState.CANCELLED)
    return query.where(Receivable.state.not_in(ended), Receivable.payer == PaidBy.BUYER, asked, promised)


def due_soon(query: Select[Any], actor: Actor) -> Select[Any]:
    """Rows that fall due within the days of the parameter (default 7), today included."""
    today = now().date()
    days = max((parameter(db.session(), p, "due_notice_days") for p in actor.projects), default=0)
    waiting = (ReceivableState.NOT_DUE, ReceivableState.DUE, ReceivableState.PARTIAL, ReceivableState.EXTENDED)
    return query.where(Receivable.state.in_(waiting), payable_on().between(today, today + timedelta(days=days)))


class OrderAccountView(DocumentView):
    """收款账户: opened by the order, never by hand."""

    model = OrderAccount
    label = L("收款账户")
    category = CATEGORY
    icon = "wallet"
    exporters = EXPORTERS
    listed = ("title", "order_number", "unit", "owner_id", "total", "opened_on", "closed_at")
    filters = ("owner_id",)
    search = ("title", "order_number")
    search_hint = L("搜房号、客户或认购书编号")
    sortable = ("opened_on",)
    summed = ("total",)
    facts = (
        "order_number", "unit", "customer", "buyers", "total", "owner_id", "opened_on", "closed_at", "late_rate",
        "termination_days", "termination_share",
    )  # fmt: skip
    empty_hint = L("认购书审核通过后自动开户")
    chips = (("open", L("未关闭"), lambda query, actor: query.where(OrderAccount.closed_at.is_(None))),)

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """What the account is for: a notice for the buyer, a receipt of his money."""
        if record.closed_at is not None:
            return []
        links = []
        for model, label, icon in ((PaymentNotice, _("开缴款通知单"), "file"), (Receipt, _("登记收款"), "plus")):
            view = view_of(model)
            if view is not None and actor.holds(view.creators, record.project_id):
                links.append(Link(label, view.add_url(account_id=record.id), icon=icon))
        letter = view_of(model_of("dunning_letter"))
        late = select(Receivable.id).where(
            Receivable.account_id == record.id,
            Receivable.state == ReceivableState.OVERDUE,
            Receivable.payer == PaidBy.BUYER,
        )
        if letter is not None and actor.holds(letter.creators, record.project_id) and db.session.scalar(late.limit(1)):
            links.append(Link(_("起草催款函"), letter.add_url(account_id=record.id), icon="send"))
        return links


class ReceivableView(DocumentView):
    """应收款: rows of all accounts by due date; reminding is a step of the row."""

    model = Receivable
    label = L("应收款")
    category = CATEGORY
    icon = "cal"
    exporters = EXPORTERS
    listed = (
        "account", "kind", "line", "payer", "due_on", "extended_to", "amount", "received", "owner_id", "reminders", "promised_on", "state",
    )  # fmt: skip
    filters = ("state", "kind", "line", "payer", "owner_id", "due_on")
    search = ("account.title", "account.order_number")
    search_hint = L("搜房号、客户或认购书编号")
    sortable = ("due_on",)
    summed = ("amount", "received")
    order = ("due_on",)
    facts = (
        "account", "kind", "line", "line_name", "payer", "instalment", "due_on", "extended_to", "extension_paper", "amount", "received", "owner_id",
        "reminders", "next_reminder_on", "promised_on", "broken_promises", "late_of", "terminable", "note",
    )  # fmt: skip
    deadlines: ClassVar = {
        "due_on": lambda row: row.state in WAITING and row.extended_to is None,
        "extended_to": lambda row: row.state in WAITING,
    }
    files = False
    chips = (
        ("overdue", L("逾期"), overdue),
        ("soon", L("即将到期"), due_soon),
        ("to_remind", L("待催款"), to_remind),
        ("terminable", L("出卖人可解除"), lambda query, actor: query.where(Receivable.terminable)),
        ("waiting", L("应收未收"), lambda query, actor: query.where(Receivable.state.in_(WAITING))),
    )

    def note(self, record: Any, actor: Actor) -> str:
        """Whether the delay passed the contract's days."""
        limit = record.account.termination_days if record.account is not None else None
        if not record.terminable or limit is None:
            return ""
        return _("逾期已超过合同约定的 %(n)s 天，出卖人可解除合同。", n=limit)

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """From an open row to the paper for the cashier, from a late one to the waiver."""
        links = []
        notice = view_of(PaymentNotice)
        if record.open_amount > 0 and notice is not None and actor.holds(notice.creators, record.project_id):
            preset = {
                "account_id": record.account_id,
                "kind": brought_as(record).value,
                "amount": str(record.open_amount),
            }
            links.append(Link(_("开缴款通知单"), notice.add_url(**preset), icon="file"))
        waiver = view_of(model_of("late_fee_waiver"))
        if waiver is not None and actor.holds(waiver.creators, record.project_id):
            most = waivable(db.session(), record)
            if most:
                url = waiver.add_url(receivable_id=record.id, amount=str(most))
                links.append(Link(_("申请减免滞纳金"), url, icon="edit"))
        return links


def receipts_of(account: Any, _actor: Actor) -> Any:
    """Receipts of an account, newest first."""
    return _rows(account, Receipt)


def notices_of(account: Any, _actor: Actor) -> Any:
    """缴款通知单 of an account."""
    return _rows(account, PaymentNotice)


def refunds_of(account: Any, _actor: Actor) -> Any:
    """Refunds of an account; the tab is hidden while there are none."""
    table = _rows(account, Refund)
    return table if table.rows else None


def _rows(account: OrderAccount, model: type[Any]) -> Any:
    return table_of(db.session(), model, account.id)
