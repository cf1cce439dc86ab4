"""变更付款方式: the price anew where a discount hung on the 付款方式, paid rows kept, unpaid ones replaced (02 §2.2.3)."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy.orm import Session

from app.features.deals.archiving import note_payment
from app.features.deals.changes.effects.steps import order_of, void_drafted_contract
from app.features.deals.changes.models import ChangeRequest
from app.features.deals.changes.rules import repriced_total
from app.features.deals.contracts.effects import live_contract
from app.features.deals.contracts.models import ContractState
from app.features.deals.registry import REPLANNED
from app.features.deals.reservations.models import Reservation
from app.features.deals.reservations.price import parts_of, plan_for, plan_of, price_again
from app.features.payments.effects import account_of, replace_plan
from app.features.pricing.models import PaymentScheme, SchemeState
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.workflow import Act, fire

SUBMITTED = frozenset({ContractState.ONLINE, ContractState.FILED, ContractState.COLLECTED})
UNSCOPED = {"unscoped": True}
LOAN = ("loan_bank", "loan_amount", "fund_amount", "loan_years")


def fill(session: Session, change: ChangeRequest, order: Reservation) -> None:
    """The new 付款方式 with its price and a plan that can be made. Raises RuleError when nothing would change."""
    if change.new_scheme_id is None:
        raise RuleError("请选择新付款方式", field="new_scheme_id")
    scheme = session.get_one(PaymentScheme, change.new_scheme_id, execution_options=UNSCOPED)
    if scheme.state is not SchemeState.ACTIVE or scheme.project_id != order.project_id:
        raise RuleError("付款方式「{name}」已停用，请另选", field="new_scheme_id", name=scheme.name)
    same_loan = all(getattr(change, name) == getattr(order, name) for name in LOAN)
    if scheme.id == order.scheme_id and same_loan:
        raise RuleError("付款方式和贷款都没有变化", field="new_scheme_id")
    public, total = order.public_total or Decimal(0), order.total or Decimal(0)
    again = price_again(session, order, scheme.id).public_total
    hangs = scheme.discount is not None or order.scheme.discount is not None
    change.old_total, change.new_public_total = total, again if hangs else public
    change.new_total = repriced_total(total, public, again, discount_on_scheme=hangs)
    _check_contract(session, change, order)
    plan_for(
        session,
        scheme.id,
        change.new_total,
        order.deposit or Decimal(0),
        loan=change.loan_amount,
        fund=change.fund_amount,
    )


def _check_contract(session: Session, change: ChangeRequest, order: Reservation) -> None:
    """The total that the authority has on file is not changed behind its back."""
    contract = live_contract(session, order.id)
    if contract is not None and contract.state in SUBMITTED and change.new_total != change.old_total:
        raise RuleError(
            "合同 {no} 已{state}，新付款方式的总价是 {new} 元，与合同总价 {old} 元不同，不能直接变更",
            field="new_scheme_id", no=contract, state=contract.state.label,
            new=format_amount(change.new_total or Decimal(0)), old=format_amount(change.old_total or Decimal(0)),
        )  # fmt: skip


def execute(act: Act) -> None:
    """Order, plan, contract and folder follow; a contract that was only drafted is written anew."""
    change: ChangeRequest = act.document
    order = order_of(act)
    _check_contract(act.session, change, order)
    void_drafted_contract(act)
    loan = {name: getattr(change, name) for name in LOAN}
    fire(act.session, order, "change_payment", act.actor, internal=True, note=str(change),
         scheme_id=change.new_scheme_id, total=change.new_total, **loan)  # fmt: skip
    contract = live_contract(act.session, order.id)
    if contract is not None:
        fire(act.session, contract, "change_payment", act.actor, internal=True, note=str(change),
             scheme_id=change.new_scheme_id, total=change.new_total, unit_price=order.unit_price)  # fmt: skip
    account = account_of(act.session, order.id)
    if account is None:
        raise ValueError(f"{order} has no account")
    replace_plan(
        act.session, account, act.actor, plan=plan_of(order), parts=parts_of(order), total=order.total or Decimal(0), reserved_on=order.reserved_on,
        signed_on=contract.signed_on if contract is not None else None,
    )  # fmt: skip
    note_payment(act.session, order)
    for listener in REPLANNED:
        listener(act, order)
