"""收款: accounts, receivables, notices, receipts, refunds and the ledger; accounts and payers, not orders (03 §3.1)."""

from __future__ import annotations

from flask_appbuilder import AppBuilder

NAME = "payments"
LABEL = "收款"


def register(appbuilder: AppBuilder) -> None:
    """Registers the flows, the screens, the home lines and the verification of the ledger."""
    from app.features.payments import states  # noqa: F401
    from app.features.payments.verify import verify
    from app.kernel.checkups import CHECKUPS, add_checkup

    if all(checkup.label != "收款总账" for checkup in CHECKUPS):
        add_checkup("收款总账", verify)
