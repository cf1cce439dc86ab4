"""认筹单: written for a customer, the queue in its order, the 诚意金 beside it."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, select

from app.extensions import db
from app.features.customers.choices import CustomerState
from app.features.customers.models import Customer
from app.features.deals.intentions.effects import WISHABLE, account_for, check_paper, follow_customer
from app.features.deals.intentions.ledger_in import QUEUE_IN
from app.features.deals.intentions.models import Intention, IntentionState
from app.features.payments.effects import confirmed_total
from app.features.units.models import Unit
from app.kernel.actors import Actor
from app.kernel.errors import NotFound
from app.kernel.money import format_amount
from app.kernel.posts import Post
from app.kernel.screens.parts import CalcLine, Card, Html, Link
from app.kernel.screens.view import DocumentView

WRITERS = frozenset({Post.CONSULTANT, Post.CLERK})
EXPORTERS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.CLERK})
S = IntentionState
GONE = (CustomerState.LOST, CustomerState.POOL)


def _queue(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Intention.state.in_((S.VALID, S.PRESENT)))


class IntentionView(DocumentView):
    """认筹单 (07: CON and CLK write, SUP decides, FIN-D confirms the money)."""

    model = Intention
    label = L("认筹单")
    category = L("交易")
    icon = "list"
    creators = WRITERS
    exporters = EXPORTERS
    listed = (
        "sequence",
        "number",
        "customer_name",
        "first_unit",
        "second_unit",
        "third_unit",
        "keeping",
        "amount",
        "owner_id",
        "state",
    )
    filters = ("state", "keeping", "owner_id")
    search = ("number", "customer_name", "first_unit.full_name")
    sortable = ("sequence",)
    summed = ("amount",)
    importable = QUEUE_IN
    chips = (("queue", L("排队中"), _queue),)
    empty_hint = L("客户有意向时新增认筹单；取得预售证以前只登记意向，不收款")
    form = (
        "customer_id", "first_unit_id", "second_unit_id", "third_unit_id", "keeping", "amount", "refund_name", "refund_account",
        "remark",
    )  # fmt: skip
    folds = ((L("退款账户与备注"), ("refund_name", "refund_account", "remark")),)
    pick_filters: ClassVar = {
        "customer_id": lambda query: query.where(Customer.state.not_in(GONE)),
        **{name: (lambda query: query.where(Unit.state.in_(WISHABLE)))
           for name in ("first_unit_id", "second_unit_id", "third_unit_id")},
    }  # fmt: skip
    fact_groups = (
        (
            L("要点"),
            (
                "sequence",
                "customer_name",
                "owner_id",
                "first_unit",
                "second_unit",
                "third_unit",
                "valid_on",
                "reservation",
            ),
        ),
        (L("诚意金"), ("keeping", "amount", "refund_name", "refund_account", "remark")),
    )

    def check(self, record: Any, actor: Actor) -> None:
        """The owner of the customer owns the paper; units and money as the rules allow."""
        customer = db.session.scalars(select(Customer).where(Customer.id == record.customer_id)).first()
        if customer is None:
            raise NotFound("customer")
        follow_customer(record, customer, actor.person_id)
        check_paper(db.session(), record)

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """To the cashier with the 缴款通知单; the account."""
        account = account_for(db.session(), record)
        if account is None:
            return []
        acts = []
        if record.state is S.VALID and actor.holds(WRITERS, record.project_id):
            url = f"/payment-notice/add?account_id={account.id}&kind=queue&amount={record.amount}"
            acts.append(Link(_("开缴款通知单"), url, icon="coin"))
        if actor.holds(type(account).audience.posts, record.project_id):
            acts.append(Link(_("收款账户"), f"/order-account/show/{account.id}"))
        return acts

    def note(self, record: Any, actor: Actor) -> Html:
        """What the customer waits for."""
        if record.state is S.LEAVING:
            return _("等甲方财务把诚意金退回原付款人。")
        if record.state is S.CHOSEN and record.reservation is not None and record.reservation.closed_at is not None:
            return _("那份认购书已关闭，可以再选一套或退号。")
        return ""


def money_card(paper: Intention, _actor: Actor) -> Card | None:
    """诚意金: agreed and confirmed; it is no 定金."""
    account = account_for(db.session(), paper)
    if account is None:
        return None
    paid = confirmed_total(db.session(), account.id)
    lines = (CalcLine(_("应交诚意金"), format_amount(paper.amount)), CalcLine(_("已确认"), format_amount(paid), "sum"))
    return Card(
        _("诚意金"),
        "calc",
        total=format_amount(paid),
        total_unit=_("元"),
        lines=lines,
        foot=_("诚意金不是定金，未成交全额退还"),
    )
