"""The household that a paper of this room is about: its flat, its order, its signed contract.

甲方客服 reads no order; what he has to know stands on the paper itself, copied from the contract when the paper is born.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ForeignKey, Integer, String, select
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column, relationship

from app.features.deals.contracts.models import Contract, ContractState
from app.features.deals.lines.models import OrderLine
from app.features.deals.reservations.models import Reservation
from app.features.units.models import Unit
from app.kernel.base import field
from app.kernel.errors import RuleError

UNSCOPED = {"unscoped": True}
GONE = (ContractState.VOID, ContractState.REVOKED)


class OfHousehold:
    """Columns of every paper of this room."""

    unit_id: Mapped[int] = field("房源", ForeignKey("unit.id"), nullable=False, index=True)
    reservation_id: Mapped[int] = mapped_column(Integer, nullable=False, index=True)
    customer_id: Mapped[int] = mapped_column(Integer, nullable=False, index=True)
    contract_no: Mapped[str] = field("合同号", String(64), nullable=False, default="", auto=True)
    buyers: Mapped[str] = field("买受人", String(200), nullable=False, default="", auto=True)

    @declared_attr
    def unit(cls) -> Mapped[Any]:  # noqa: N805 - SQLAlchemy passes the class
        return relationship("Unit")

    def __str__(self) -> str:
        label = getattr(self, "__label__", "")
        return getattr(self, "number", None) or f"{label} {self.unit.full_name if self.unit else ''}".strip()


def signed_contract(session: Session, unit_id: int) -> Contract | None:
    """The living contract of a flat that both sides signed, whoever asks."""
    query = select(Contract).where(
        Contract.unit_id == unit_id, Contract.signed_on.is_not(None), Contract.state.not_in(GONE)
    )
    return session.scalars(query.order_by(Contract.id.desc()), execution_options=UNSCOPED).first()


def contracts_of(session: Session, unit_ids: Iterable[int]) -> Sequence[Contract]:
    """The signed contracts of these flats, in the order of the flats."""
    query = select(Contract).where(Contract.unit_id.in_(list(unit_ids)), Contract.signed_on.is_not(None))
    return session.scalars(
        query.where(Contract.state.not_in(GONE)).order_by(Contract.unit_id, Contract.id), execution_options=UNSCOPED
    ).all()


@dataclass(frozen=True)
class Sale:
    """By which signed contract a unit was sold: as its home, or (line) as a 车位 or 储藏间 beside it."""

    contract: Contract
    line: OrderLine | None = None


def sale_of(session: Session, unit_id: int) -> Sale | None:
    """None for a unit that nobody has signed for."""
    contract = signed_contract(session, unit_id)
    if contract is not None:
        return Sale(contract)
    query = (
        select(OrderLine, Contract)
        .join(Contract, Contract.reservation_id == OrderLine.reservation_id)
        .where(OrderLine.unit_id == unit_id, OrderLine.taken_at.is_not(None), OrderLine.left_at.is_(None))
        .where(Contract.signed_on.is_not(None), Contract.state.not_in(GONE))
    )
    found = session.execute(query.order_by(Contract.id.desc()), execution_options=UNSCOPED).first()
    return Sale(found[1], found[0]) if found is not None else None


def required_sale(session: Session, unit_id: int) -> Sale:
    """Raises RuleError for a unit that nobody has signed for."""
    found = sale_of(session, unit_id)
    if found is None:
        raise RuleError("这套房还没有签约的合同", field="unit_id")
    return found


def required_contract(session: Session, unit_id: int) -> Contract:
    """Raises RuleError for a flat that nobody has signed for."""
    contract = signed_contract(session, unit_id)
    if contract is None:
        raise RuleError("这套房还没有签约的合同", field="unit_id")
    return contract


def follow(paper: Any, contract: Contract) -> None:
    """Scope, order, buyers and printed number are the contract's."""
    paper.project_id, paper.owner_id, paper.partner_id = contract.project_id, contract.owner_id, contract.partner_id
    paper.team_id, paper.unit_id, paper.reservation_id = contract.team_id, contract.unit_id, contract.reservation_id
    paper.customer_id, paper.buyers = contract.customer_id, contract.buyers or contract.customer_name
    paper.contract_no = contract.contract_no or contract.number or ""


def order_of(session: Session, paper: Any) -> Reservation:
    """The order of a paper, whoever acts."""
    query = select(Reservation).where(Reservation.id == paper.reservation_id)
    return session.scalars(query, execution_options=UNSCOPED).one()


def unit_of(session: Session, paper: Any) -> Unit:
    """The flat of a paper, whoever acts."""
    return session.scalars(select(Unit).where(Unit.id == paper.unit_id), execution_options=UNSCOPED).one()
