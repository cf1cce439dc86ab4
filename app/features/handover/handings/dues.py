"""缴费核对: what a household still owes before it gets its keys, the area difference included (02 §2.2.1)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.features.handover.areas.effects import unsettled
from app.features.handover.handings.models import Handover
from app.features.handover.handings.rules import Due
from app.features.handover.household import signed_contract
from app.features.organisation.parameters import parameter
from app.features.payments.effects import account_of
from app.features.payments.effects.allocating import live_rows
from app.features.payments.models import PaidBy


def dues_of(session: Session, handover: Handover) -> list[Due]:
    """Open rows by kind, yuan; the lender's only while the site waits for the loan (parameter handover_needs_loan)."""
    account = account_of(session, handover.reservation_id)
    if account is None:
        return []
    with_loan = bool(parameter(session, handover.project_id, "handover_needs_loan"))
    sums: dict[str, Due] = {}
    for row in live_rows(session, account.id):
        if not row.open_amount or (row.payer is not PaidBy.BUYER and not with_loan):
            continue
        name = row.kind.label if row.payer is PaidBy.BUYER else f"{row.kind.label}（{row.payer.label}）"
        known = sums.get(name)
        sums[name] = Due(name, row.open_amount + (known.amount if known else 0))
    return list(sums.values())


def area_open(session: Session, handover: Handover) -> str:
    """Why the area difference is not settled; nothing when it is, or the flat is sold 按套."""
    contract = signed_contract(session, handover.unit_id)
    return "、".join(unsettled(session, contract)) if contract is not None else "还没有面积补差单"
