"""Numbers of papers: «RG-JPYL-2026-0318» — prefix of the kind, code of the project, year, running number (07 §7.1)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.organisation.models import Project
from app.kernel.numbering import next_number


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


def number_for(session: Session, document: Any, day: date) -> str:
    """The next number of the document's kind in its project."""
    code = session.scalars(
        select(Project.code).where(Project.id == document.project_id), execution_options={"unscoped": True}
    ).one()
    return next_number(session, document.__number__, code, day)
