"""变更付款方式: the price anew where a discount hung on the 付款方式, paid rows kept, unpaid ones replaced (02 §2.2.3)."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy.orm import Session

from app.features.deals.archiving import note_payment
from app.features.deals.changes.effects.revoking import lost_its_contract, require_not_handed, void_drafted_contract
from app.features.deals.changes.effects.steps import order_of
from app.features.deals.changes.models import ChangeRequest
from app.features.deals.changes.rules import repriced_total
from app.features.deals.contracts.effects import live_contract
from app.features.deals.registry import REPLANNED
from app.features.deals.reservations.models import Reservation
from app.features.deals.reservations.price import LOAN, lends, parts_of, plan_for, plan_of, price_again
from app.features.payments.effects import account_of, replace_plan
from app.features.payments.models import OrderAccount
from app.features.pricing.models import PaymentScheme, SchemeState
from app.kernel.errors import RuleError
from app.kernel.workflow import Act, fire

UNSCOPED = {"unscoped": True}


def _account(session: Session, order: Reservation) -> OrderAccount:
    """Raises RuleError where it owes another total than the order: a 面积补差 paid money back, which a plan over the whole price
    would ask for again."""
    account = account_of(session, order.id)
    if account is None:
        raise ValueError(f"{order} has no account")
    if account.total != order.total:
        raise RuleError(
            "这一户已办面积补差退款，应收与认购书总价不同，不能再变更付款方式；请先与甲方财务核对",
            field="new_scheme_id",
        )
    return account


def fill(session: Session, change: ChangeRequest, order: Reservation) -> None:
    """The new 付款方式 with its price and a plan that can be made. Raises RuleError when nothing would change."""
    if change.new_scheme_id is None:
        raise RuleError("请选择新付款方式", field="new_scheme_id")
    _account(session, order)
    scheme = session.get_one(PaymentScheme, change.new_scheme_id, execution_options=UNSCOPED)
    if scheme.state is not SchemeState.ACTIVE or scheme.project_id != order.project_id:
        raise RuleError("付款方式「{name}」已停用，请另选", field="new_scheme_id", name=scheme.name)
    if not lends(session, scheme.id):
        change.loan_bank, change.loan_amount, change.fund_amount, change.loan_years = "", None, None, None
    same_loan = all(getattr(change, name) == getattr(order, name) for name in LOAN)
    if scheme.id == order.scheme_id and same_loan:
        raise RuleError("付款方式和贷款都没有变化", field="new_scheme_id")
    public, total = order.public_total or Decimal(0), order.total or Decimal(0)
    again = price_again(session, order, scheme.id).public_total
    hangs = scheme.discount is not None or order.scheme.discount is not None
    change.old_scheme_id = order.scheme_id
    change.old_total, change.new_public_total = total, again if hangs else public
    change.new_total = repriced_total(total, public, again, discount_on_scheme=hangs)
    require_not_handed(change, order)
    plan_for(
        session,
        scheme.id,
        change.new_total,
        order.deposit or Decimal(0),
        loan=change.loan_amount,
        fund=change.fund_amount,
    )


def execute(act: Act) -> None:
    """Order, plan, contract and folder follow; a contract that was only drafted, or revoked for it, is written anew."""
    change: ChangeRequest = act.document
    order = order_of(act)
    account = _account(act.session, order)
    require_not_handed(change, order)
    anew = lost_its_contract(act.session, order)
    void_drafted_contract(act)
    loan = {name: getattr(change, name) for name in LOAN}
    fire(act.session, order, "change_payment", act.actor, internal=True, note=str(change),
         scheme_id=change.new_scheme_id, total=change.new_total, **loan)  # fmt: skip
    if anew:
        fire(act.session, order, "reopen", act.actor, internal=True, note=str(change))
    contract = live_contract(act.session, order.id)
    if contract is not None:
        fire(act.session, contract, "change_payment", act.actor, internal=True, note=str(change),
             scheme_id=change.new_scheme_id, total=change.new_total, unit_price=order.unit_price)  # fmt: skip
    replace_plan(
        act.session, account, act.actor, plan=plan_of(order), parts=parts_of(order), total=order.total or Decimal(0), reserved_on=order.reserved_on,
        signed_on=contract.signed_on if contract is not None else None,
    )  # fmt: skip
    note_payment(act.session, order)
    for listener in REPLANNED:
        listener(act, order)
