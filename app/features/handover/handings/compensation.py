"""What 甲方 owes a buyer who refused his home at its fault: by the contract's daily rate, paid the way all money goes (02 §2.3.6 L6)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy.orm import object_session

from app.features.handover.handings.models import Handover
from app.features.handover.household import signed_contract
from app.features.handover.late.effects import counted_until
from app.features.payments.effects import account_of, price_paid
from app.features.payments.effects.adjustments import owe_compensation
from app.features.payments.rules.late_fee import seller_late_fee, seller_late_parts
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.workflow import Act


def late_compensation(handover: Any) -> Decimal | None:
    """L6 up to today, each payment for its own days since the contract's 交付日; None while nothing is late (02 §2.3.6).

    Days that a batch of the building made payable are not asked for again.
    """
    session = object_session(handover)
    contract = None if session is None else signed_contract(session, handover.unit_id)
    account = None if session is None else account_of(session, handover.reservation_id)
    if session is None or contract is None or account is None or contract.handover_on is None:
        return None
    start = max(contract.handover_on, counted_until(session, handover.reservation_id) or contract.handover_on)
    parts = seller_late_parts(price_paid(session, account), promised_on=start, handed_over_on=now().date())
    return seller_late_fee(parts, contract.late_rate) or None


def owe_buyer(act: Act) -> None:
    """甲方 agreed that the refusal is its fault: what was agreed is owed to the buyer, 甲方财务 pays it."""
    handover: Handover = act.document
    if not handover.compensation:
        return
    account = account_of(act.session, handover.reservation_id)
    if account is None:
        raise RuleError("这户没有收款账户，不能登记补偿")
    owe_compensation(
        act.session, account, act.actor, handover.compensation, paper=handover, reason="拒收补偿（甲方责任）"
    )
