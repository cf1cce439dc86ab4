"""What a 签约流转单 needs at each desk before it goes on."""

from __future__ import annotations

from decimal import Decimal

from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.deals.slips.models import SigningSlip
from app.features.organisation.numbers import number_for
from app.features.payments.effects import account_of, plan_rows_of
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.workflow import Act

UNSCOPED = {"unscoped": True}


def fill_from_order(slip: SigningSlip, order: Reservation) -> None:
    """Flat and customer come from an effective order. Raises RuleError for another state."""
    if order.state is not ReservationState.EFFECTIVE:
        raise RuleError(
            "有效的认购书才能办签约流转，{no} 现在是「{state}」",
            field="reservation_id",
            no=order,
            state=order.state.label,
        )
    for name in ("project_id", "owner_id", "partner_id", "team_id", "unit_id", "customer_name"):
        setattr(slip, name, getattr(order, name))


def give_number(act: Act) -> None:
    """The number comes when it leaves the first desk."""
    if act.document.number is None:
        act.document.number = number_for(act.session, act.document, act.at.date())


def first_payment_is_confirmed(act: Act) -> None:
    """财务核款: what is due at signing is confirmed, to the fen."""
    account = account_of(act.session, act.document.reservation_id)
    if account is None:
        raise RuleError("认购书还没有收款账户")
    today = now().date()
    open_rows = [
        row
        for row in plan_rows_of(act.session, account)
        if row.instalment <= 1 and (row.due_on is None or row.due_on <= today) and row.confirmed < row.amount
    ]
    if open_rows:  # an instalment of several 计价项目 is missed as one sum
        kind = open_rows[0].kind
        missing = sum((row.amount - row.confirmed for row in open_rows if row.kind is kind), Decimal(0))
        raise RuleError("「{kind}」尚缺 {missing} 元未确认到账", kind=kind.value, missing=format_amount(missing))
