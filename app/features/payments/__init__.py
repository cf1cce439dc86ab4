"""收款: accounts, receivables, notices, receipts, refunds and the ledger; accounts and payers, not orders (03 §3.1)."""

from __future__ import annotations

from flask_appbuilder import AppBuilder

NAME = "payments"
LABEL = "收款"


def register(appbuilder: AppBuilder) -> None:
    """Registers the flows, the screens, the home lines and the verification of the ledger."""
    import app.features.payments.states  # noqa: F401 - flows first: with them come the models
    from app.features.payments import home, plan_card, prints
    from app.features.payments.models import LedgerPosting, OrderAccount, Receipt
    from app.features.payments.verify import verify
    from app.features.payments.views import accounts, ledger, papers
    from app.kernel import registries
    from app.kernel.checkups import CHECKUPS, add_checkup
    from app.kernel.screens.view import add_document

    for view in (
        accounts.OrderAccountView, accounts.ReceivableView, papers.PaymentNoticeView, papers.ReceiptView,
        papers.RefundView, ledger.LedgerPostingView,
    ):  # fmt: skip
        add_document(appbuilder, view)
    registries.add_main_card(OrderAccount, plan_card.plan_card)
    registries.add_side_card(OrderAccount, plan_card.balance_card)
    registries.add_tab(OrderAccount, "receipts", "收款", accounts.receipts_of)
    registries.add_tab(OrderAccount, "notices", "缴款通知单", accounts.notices_of)
    registries.add_tab(OrderAccount, "refunds", "退款", accounts.refunds_of)
    registries.add_tab(LedgerPosting, "entries", "分录", ledger.entries_of)
    registries.add_stat(home.stats)
    registries.add_reminder(home.reminders)
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
    prints.declare_papers()
    if all(checkup.label != "收款总账" for checkup in CHECKUPS):
        add_checkup("收款总账", verify)
