"""收款: accounts, receivables, notices, receipts, refunds and the ledger; accounts and payers, not orders (03 §3.1)."""

from __future__ import annotations

from typing import Any

from flask_appbuilder import AppBuilder
from flask_babel import lazy_gettext as L  # noqa: N812

NAME = "payments"
LABEL = "收款"


def register(appbuilder: AppBuilder) -> None:
    """Registers the flows, the screens, the home lines and the verification of the ledger."""
    import app.features.payments.bank.states
    import app.features.payments.bills.states
    import app.features.payments.closing.states
    import app.features.payments.letters.states
    import app.features.payments.states
    import app.features.payments.waivers.states  # noqa: F401 - flows first: with them come the models
    from app.features.payments import home, prints
    from app.features.payments.bills.verify import verify as verify_bills
    from app.features.payments.verify import verify
    from app.kernel import registries
    from app.kernel.checkups import CHECKUPS, add_checkup

    _documents(appbuilder)
    _around_papers()
    _told_of_customers()
    _found_by_search()
    prints.declare_papers()
    _protected_papers()
    registries.add_stat(home.stats)
    registries.add_reminder(home.reminders)
    registries.add_reminder(home.desk_lines)
    for label, run in (("收款总账", verify), ("票据", verify_bills)):
        if all(checkup.label != label for checkup in CHECKUPS):
            add_checkup(label, run)


def _protected_papers() -> None:
    """Whose every value `doctor` holds against the trail; the ledger has digests of its own besides."""
    from app.features.payments.bank.models import BankLine, BankMatch
    from app.features.payments.bills.models import Bill, BillBook, BillExchange
    from app.features.payments.closing.models import MonthClose
    from app.features.payments.letters.models import DunningLetter
    from app.features.payments.models import (
        LedgerAllocation,
        LedgerEntry,
        LedgerPosting,
        OrderAccount,
        PaymentNotice,
        Receipt,
        Receivable,
        Refund,
    )
    from app.features.payments.waivers.models import LateFeeWaiver
    from app.kernel.evidence import protect

    protect(LedgerPosting, LedgerEntry, LedgerAllocation, sealed=True)
    protect(OrderAccount, Receivable, PaymentNotice, Receipt, Refund, Bill, BillBook, BillExchange)
    protect(BankLine, BankMatch, MonthClose, DunningLetter, LateFeeWaiver)


def _documents(appbuilder: AppBuilder) -> None:
    """The papers in the order of the menu."""
    from app.features.payments.bank.views import BankLineView, ReconciliationView
    from app.features.payments.bills.views import BillBookView, BillExchangeView, BillView
    from app.features.payments.closing.views import MonthCloseView
    from app.features.payments.dunning.views import DunningRecordView
    from app.features.payments.letters.views import DunningLetterView
    from app.features.payments.reports.views import ReceivableReportView
    from app.features.payments.views import accounts, ledger, papers
    from app.features.payments.vouchers.views import VoucherView
    from app.features.payments.waivers.views import LateFeeWaiverView
    from app.kernel.screens.view import add_document

    for view in (
        accounts.OrderAccountView, accounts.ReceivableView, papers.PaymentNoticeView, papers.ReceiptView,
        papers.RefundView, DunningRecordView, DunningLetterView, LateFeeWaiverView, BillBookView, BillView,
        BillExchangeView, BankLineView, ledger.LedgerPostingView, MonthCloseView,
    ):  # fmt: skip
        add_document(appbuilder, view)
    for page, label, icon, group in (
        (ReconciliationView, L("对账"), "check", accounts.BOOKS),
        (ReceivableReportView, L("应收报表"), "chart", accounts.CATEGORY),
        (VoucherView, L("凭证导出"), "download", accounts.BOOKS),
    ):
        appbuilder.add_view(
            page,
            page.__name__,
            label=label,
            icon=icon,
            category=str(group),
            category_label=group,
        )


def _around_papers() -> None:
    """Cards and tabs on the pages of accounts, receivables and postings."""
    from app.features.payments import plan_card
    from app.features.payments.bank import views as bank
    from app.features.payments.bank.models import BankLine
    from app.features.payments.bills import views as bills
    from app.features.payments.bills.models import BillBook, BillExchange
    from app.features.payments.closing import views as closing
    from app.features.payments.closing.models import MonthClose
    from app.features.payments.dunning import views as dunning
    from app.features.payments.letters import views as letters
    from app.features.payments.letters.models import DunningLetter
    from app.features.payments.models import LedgerPosting, OrderAccount, Receipt, Receivable
    from app.features.payments.views import accounts, ledger
    from app.features.payments.waivers import views as waivers
    from app.kernel import registries

    registries.add_main_card(OrderAccount, plan_card.plan_card)
    registries.add_main_card(OrderAccount, plan_card.lines_card)
    registries.add_side_card(OrderAccount, plan_card.balance_card)
    registries.add_tab(OrderAccount, "receipts", "收款", accounts.receipts_of)
    registries.add_tab(OrderAccount, "notices", "缴款通知单", accounts.notices_of)
    registries.add_tab(OrderAccount, "refunds", "退款", accounts.refunds_of)
    registries.add_tab(OrderAccount, "dunning", "催款记录", dunning.records_of_account)
    registries.add_tab(OrderAccount, "letters", "催款函件", letters.letters_of)
    registries.add_main_card(DunningLetter, letters.late_card)
    registries.add_side_card(Receivable, plan_card.late_fee_card)
    registries.add_tab(Receivable, "dunning", "催款记录", dunning.records_of_row)
    registries.add_tab(Receivable, "waivers", "滞纳金减免", waivers.waivers_of_row)
    registries.add_tab(OrderAccount, "bills", "票据", bills.bills_of_account)
    registries.add_tab(Receipt, "bills", "票据", bills.bills_of_receipt)
    registries.add_main_card(BankLine, bank.matches_card)
    registries.add_side_card(Receipt, bank.receipt_card)
    registries.add_main_card(MonthClose, closing.before_closing)
    registries.add_main_card(BillBook, bills.bills_card)
    registries.add_tab(BillExchange, "bills", "收据", bills.receipts_tab)
    registries.add_tab(LedgerPosting, "entries", "分录", ledger.entries_of)


def _told_of_customers() -> None:
    """What the line of a customer tells of his money: by the accounts on his name."""
    from sqlalchemy import select

    from app.features.customers.models import Customer
    from app.features.payments.models import OrderAccount, PaymentNotice, Receipt, Refund
    from app.kernel.money import format_amount
    from app.kernel.timeline import add_timeline, steps_of

    def own(model: Any) -> Any:
        return lambda page: model.account_id.in_(select(OrderAccount.id).where(OrderAccount.customer_id == page.id))

    for word, model in (("缴款通知", PaymentNotice), ("收款", Receipt), ("退款", Refund)):
        add_timeline(Customer, word, steps_of(model, own(model), lambda paper: f"{format_amount(paper.amount)} 元"))


def _found_by_search() -> None:
    from app.features.payments.models import OrderAccount, Receipt
    from app.kernel import registries

    registries.add_search(
        Receipt, Receipt.__label__, title=str, text=lambda receipt: receipt.number or "",
        url=lambda receipt: f"/receipt/show/{receipt.id}",
    )  # fmt: skip
    registries.add_search(
        OrderAccount,
        OrderAccount.__label__,
        title=lambda account: account.title,
        text=lambda account: f"{account.title} {account.order_number}",
        url=lambda account: f"/order-account/show/{account.id}",
    )
