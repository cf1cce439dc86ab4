"""缴款通知单, 收款单, 退款单: who writes them, what is refused while writing (02 §2.2.2, 07)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, func, select

from app.extensions import db
from app.features.organisation.models import Permit, PermitKind
from app.features.organisation.parameters import parameter
from app.features.payments.effects.accounts import locked_account, require_open
from app.features.payments.effects.allocating import beyond_owed
from app.features.payments.effects.fitting import beyond_notice, require_fitting
from app.features.payments.effects.receipts import check_receipt, deposit_surplus, follow_account, number_for
from app.features.payments.effects.refunds import check_refund
from app.features.payments.models import (
    Credited,
    FundKind,
    LedgerCode,
    Method,
    NoticeState,
    OrderAccount,
    PaymentNotice,
    Receipt,
    ReceiptState,
    Refund,
    RefundState,
)
from app.features.payments.rules.booking import LOANS, credit_code
from app.features.payments.views.accounts import CATEGORY, EXPORTERS
from app.features.payments.views.receipts_in import RECEIPTS_IN
from app.features.units.models import Building, Unit
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import NotFound, RuleError
from app.kernel.money import format_amount, to_fen
from app.kernel.posts import Post
from app.kernel.screens.parts import Link
from app.kernel.screens.view import DocumentView, view_of
from app.kernel.workflow import Step

OF_PRESALE = (  # the price of the home itself; 装修款, 车位 and what is collected for others may lie elsewhere
    FundKind.DEPOSIT, FundKind.FIRST_PAYMENT, FundKind.PRICE, FundKind.BANK_LOAN, FundKind.FUND_LOAN, FundKind.DIFFERENCE,
)  # fmt: skip


def open_accounts(query: Select[Any]) -> Select[Any]:
    """Only accounts that still take money."""
    return query.where(OrderAccount.closed_at.is_(None))


def _account(record: Any) -> OrderAccount:
    """The chosen account within the actor's rows; the paper is seen by whoever sees it."""
    account = db.session.scalars(select(OrderAccount).where(OrderAccount.id == record.account_id)).first()
    if account is None:
        raise NotFound("order_account")
    follow_account(record, account)
    return account


class PaymentNoticeView(DocumentView):
    """缴款通知单: issued by consultant or clerk; it is not changed afterwards, a wrong one is voided."""

    model = PaymentNotice
    label = L("缴款通知单")
    category = CATEGORY
    icon = "file"
    creators = frozenset({Post.CONSULTANT, Post.CLERK})
    exporters = EXPORTERS
    listed = ("number", "account", "kind", "amount", "pay_by", "created_by", "state")
    filters = ("state", "kind")
    search = ("number", "account.title")
    summed = ("amount",)
    uncounted = (NoticeState.VOID,)
    pick_filters: ClassVar[dict[str, Any]] = {"account_id": open_accounts}
    editable_states = ()

    def check(self, record: Any, actor: Actor) -> None:
        """A positive amount on an open account, not due in the past."""
        account = _account(record)
        require_open(account)
        require_fitting(account, record.kind)
        if to_fen(record.amount) <= 0:
            raise RuleError("金额必须大于零", field="amount")
        if record.pay_by is not None and record.pay_by < now().date():
            raise RuleError("缴款期限不能早于今天", field="pay_by")

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """The number comes with the issue."""
        record.number = number_for(db.session(), record, now().date())

    def may_delete(self, record: Any, actor: Actor) -> bool:
        """A notice has a number from the start: it is voided, never deleted."""
        return False

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """For the cashier's desk the receipt with everything filled in."""
        links = []
        view = view_of(Receipt)
        if record.state is NoticeState.ISSUED and view is not None and actor.holds(view.creators, record.project_id):
            preset = {"account_id": record.account_id, "notice_id": record.id, "kind": record.kind.value}
            links.append(Link(_("登记收款"), view.add_url(amount=str(record.amount), **preset), icon="plus"))
        return links


def _unsupervised(query: Select[Any], _actor: Actor) -> Select[Any]:
    """Money of the price of a presold home that lies in the general account (02 §2.5.10)."""
    of_unit = func.coalesce(Unit.permit_id, Building.permit_id)
    presold = select(Unit.id).join(Building, Building.id == Unit.building_id).join(Permit, Permit.id == of_unit)
    presold = presold.where(Permit.kind == PermitKind.PRESALE)
    accounts = select(OrderAccount.id).where(OrderAccount.unit_id.in_(presold))
    return query.where(
        Receipt.account_id.in_(accounts), Receipt.credited == Credited.GENERAL, Receipt.kind.in_(OF_PRESALE),
        Receipt.state.in_((ReceiptState.PENDING, ReceiptState.CONFIRMED)),
    )  # fmt: skip


def outside_supervision(receipt: Receipt) -> bool:
    """Whether this receipt is such money."""
    permit = receipt.account.unit.permit or receipt.account.unit.building.permit
    presold = permit is not None and permit.kind is PermitKind.PRESALE
    return presold and receipt.credited is Credited.GENERAL and receipt.kind in OF_PRESALE


class ReceiptView(DocumentView):
    """收款单: entered by clerk or cashier, confirmed by 甲方财务; a wrong entry is voided, a confirmed one gets a red entry."""

    model = Receipt
    label = L("收款单")
    title = L("收款登记")
    category = CATEGORY
    icon = "coin"
    creators = frozenset({Post.CLERK, Post.DEVELOPER_FINANCE})
    exporters = EXPORTERS
    listed = (
        "number", "account", "kind", "amount", "method", "paid_on", "arrived_on", "payer_name", "confirmed_by", "state",
    )  # fmt: skip
    filters = ("state", "kind", "method", "credited", "paid_on")
    search = ("number", "account.title", "account.order_number")
    search_hint = L("搜单号、房号、客户或认购书编号")
    sortable = ("paid_on", "confirmed_at")
    summed = ("amount",)
    uncounted = (ReceiptState.REVERSED, ReceiptState.VOID)
    form = (
        "account_id", "notice_id", "kind", "amount", "paid_on", "arrived_on", "method", "credited", "payer_name",
        "third_party_paper", "pos_terminal", "reference", "fee", "remark",
    )  # fmt: skip
    fact_groups = (
        (L("收款"), ("account", "notice", "kind", "amount", "paid_on", "arrived_on", "confirmed_by", "confirmed_at", "reversed_at", "surplus")),
        (L("付款方式"), ("method", "credited", "payer_name", "third_party_paper", "pos_terminal", "reference", "fee", "remark")),
    )  # fmt: skip
    pick_filters: ClassVar[dict[str, Any]] = {
        "account_id": open_accounts,
        "notice_id": lambda query: query.where(PaymentNotice.state == NoticeState.ISSUED),
    }
    editable_states = ()
    importable = RECEIPTS_IN
    chips = (
        ("pending", L("待确认"), lambda query, actor: query.where(Receipt.state == ReceiptState.PENDING)),
        ("unsupervised", L("预售款未进监管户"), _unsupervised),
        ("today", L("今日到账"), lambda query, actor: query.where(Receipt.arrived_on == now().date())),
    )

    def check(self, record: Any, actor: Actor) -> None:
        """The same rules as every entry; the notice must be of this account."""
        account = _account(record)
        if record.kind in LOANS and not record.payer_name:
            raise RuleError("按揭、公积金的付款人请填放款的银行或公积金中心", field="payer_name")
        record.payer_name = record.payer_name or account.buyers.split("、")[0]
        if record.notice_id is not None:
            notice = db.session.get(PaymentNotice, record.notice_id)
            if notice is None or notice.account_id != account.id:
                raise RuleError("这张缴款通知单属于别的账户", field="notice_id")
        check_receipt(record, account)

    def may_delete(self, record: Any, actor: Actor) -> bool:
        """Money papers are voided with a reason, never deleted."""
        return False

    def note(self, record: Any, actor: Actor) -> str:
        """All that the cashier should look at before he confirms."""
        return " ".join(_doubts(record)) if record.state is ReceiptState.PENDING else ""

    def step_note(self, record: Any, step: Step) -> str:
        """The cashier reads it once more where he confirms."""
        return self.note(record, self.actor()) if step.name == "confirm" else ""


def _doubts(receipt: Receipt) -> Iterator[str]:
    session = db.session()
    if surplus := deposit_surplus(session, receipt, receipt.account):
        yield _("定金超过法定上限，超出的 %(n)s 元将按房款入账，须案场经理同意后才能确认。", n=format_amount(surplus))
    if receipt.method is not Method.CASH and outside_supervision(receipt):
        yield _("预售房款应直接存入监管账户，这笔登记在一般账户，请核对后再确认。")
    limit = parameter(session, receipt.project_id, "cash_limit")
    if receipt.method is Method.CASH and receipt.amount >= limit:
        yield _("现金达到 %(limit)s 元，请核验付款人身份和资金来源。", limit=format_amount(limit))
    if beyond := _too_much(receipt):
        yield _("这笔款比这一户的应收多 %(n)s 元，确认后记为预收；请核对金额。", n=format_amount(beyond))
    elif beyond := beyond_notice(session, receipt):
        yield _("比缴款通知单多收 %(n)s 元，先冲抵其他到期应收，余下的记为预收；请核对金额。", n=format_amount(beyond))
    if (twin := _twin(receipt)) is not None:
        yield _("同一天还登记过一笔同样的款（%(no)s），请核对是否重复登记。", no=twin)


def _twin(receipt: Receipt) -> Receipt | None:
    """A receipt of the same account, kind, sum and day; one without a number of the bank is easily entered twice."""
    same = (Receipt.account_id, Receipt.kind, Receipt.amount, Receipt.paid_on, Receipt.method)
    gone = (ReceiptState.VOID, ReceiptState.REVERSED)  # what was taken back is entered anew
    query = select(Receipt).where(
        *(column == getattr(receipt, column.key) for column in same), Receipt.id != receipt.id, Receipt.state.not_in(gone)
    )  # fmt: skip
    return db.session.scalars(query.order_by(Receipt.id).limit(1)).first()


def _too_much(receipt: Receipt) -> Decimal:
    """What goes beyond the price that is owed; charges apart from it have no plan."""
    if credit_code(receipt.kind) is not LedgerCode.BUYERS:
        return Decimal(0)
    return beyond_owed(db.session(), receipt)


class RefundView(DocumentView):
    """退款单: over-payments by hand; what an ended order owes comes by itself. 甲方财务 pays."""

    model = Refund
    label = L("退款单")
    category = CATEGORY
    icon = "swap"
    creators = frozenset({Post.CLERK, Post.DEVELOPER_FINANCE})
    exporters = EXPORTERS
    listed = ("number", "account", "receipt", "amount", "payee_name", "paper", "paid_on", "state")
    filters = ("state",)
    search = ("number", "account.title", "paper")
    summed = ("amount",)
    uncounted = (RefundState.VOID,)
    pick_filters: ClassVar[dict[str, Any]] = {
        "receipt_id": lambda query: query.where(Receipt.state == ReceiptState.CONFIRMED)
    }
    editable_states = ()
    chips = (("pending", L("待付款"), lambda query, actor: query.where(Refund.state == RefundState.PENDING)),)

    def check(self, record: Any, actor: Actor) -> None:
        """Only what was paid too much; the account is locked, so that two requests never share the same money."""
        receipt = db.session.scalars(select(Receipt).where(Receipt.id == record.receipt_id)).first()
        if receipt is None:
            raise NotFound("receipt")
        account = locked_account(db.session(), receipt.account_id)
        require_open(account)
        record.account_id, record.payee_name = account.id, receipt.payer_name
        follow_account(record, account)
        check_refund(db.session(), receipt, record.amount)

    def may_delete(self, record: Any, actor: Actor) -> bool:
        """Voided with a reason, never deleted."""
        return False
