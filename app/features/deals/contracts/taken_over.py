"""What follows when a contract of before the site went live comes in (期初接管)."""

from __future__ import annotations

from app.features.deals.archiving import begin_loan, file_contract, file_filing
from app.features.deals.contracts.effects import note_late_terms, order_of, tell_unit
from app.features.deals.contracts.models import Contract
from app.features.deals.registry import TAKEN_OVER
from app.features.deals.reservations.effects import move_customer
from app.features.units import effects as units
from app.kernel.workflow import Act, fire


def open_taken_over(act: Act) -> None:
    """A contract of before the site went live: flat, order, customer and household stand where it stands, and its clause on late payment counts."""
    contract: Contract = act.document
    order = order_of(act)
    unit = units.locked_unit(act.session, contract.unit_id, act.actor)
    fire(act.session, unit, "sign", act.actor, internal=True, note=contract.contract_no)
    fire(act.session, order, "to_contract", act.actor, internal=True, note=contract.contract_no)
    note_late_terms(act, contract)
    move_customer(act, "sign")
    file_contract(act)
    if contract.online_on is not None:
        tell_unit(act, online_signed_on=contract.online_on)
        begin_loan(act)
    if contract.filed_on is not None:
        tell_unit(act, filed_on=contract.filed_on)
        file_filing(act)
    for listener in TAKEN_OVER:
        listener(act, contract)
