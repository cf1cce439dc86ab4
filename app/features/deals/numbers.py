"""Numbers by which people name the papers of this room."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session


def orders_by_contract_number(session: Session, project_id: int, texts: set[str]) -> dict[str, int]:
    """Ids of orders by the printed or internal number of their living contract; scope applies."""
    from app.features.deals.contracts.models import Contract, ContractState

    found: dict[str, int] = {}
    alive = Contract.state.not_in((ContractState.VOID, ContractState.REVOKED))
    for attribute in (Contract.number, Contract.contract_no):
        query = select(attribute, Contract.reservation_id).where(Contract.project_id == project_id, alive)
        rows = session.execute(query.where(attribute.in_(sorted(texts))))
        found |= {str(number): order for number, order in rows}
    return found
