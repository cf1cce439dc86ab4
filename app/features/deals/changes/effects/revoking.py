"""The contract beside a change: what has to be revoked first, what ends with the change, what may not be undone (02 §2.2.1, §2.2.3)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.deals.changes.models import ChangeKind, ChangeRequest, ChangeState
from app.features.deals.changes.rules import FACTS, ON_PAPER_ONLY, total_on_file
from app.features.deals.contracts.effects import live_contract
from app.features.deals.contracts.models import Contract, ContractState
from app.features.deals.reservations.models import CloseKind, Reservation, ReservationState
from app.features.units.models import UnitState
from app.kernel.errors import RuleError
from app.kernel.row_locks import locked
from app.kernel.workflow import Act, fire

UNSCOPED = {"unscoped": True}
WITH_CONTRACT = frozenset({UnitState.DRAFT, UnitState.SIGN, UnitState.HAND})
BEING_REVOKED = frozenset({ContractState.REVOKING, ContractState.ACCEPTED})
UNDER_REVOCATION = BEING_REVOKED | {ContractState.REVOKED}


def contract_to_revoke(session: Session, change: ChangeRequest) -> Contract | None:
    """The contract that has to be revoked before the change may be executed; a drafted one ends with the change.

    变更付款方式 leaves the contract alive, unless another total than the one on file with the authority would follow.
    """
    contract = live_contract(session, change.reservation_id)
    if contract is None:
        return None
    if change.kind is ChangeKind.PAYMENT:
        known = total_on_file(contract.state, contract.online_no)
        return contract if known and change.new_total != change.old_total else None
    marked = FACTS[change.kind].marks is not None
    return contract if marked and contract.state not in ON_PAPER_ONLY else None


def steps_left(contract: Contract) -> tuple[str, ...]:
    """「房管受理」, 「撤销完成」: what the contract officer still has to take on the contract's page."""
    done = {ContractState.REVOKING: 1, ContractState.ACCEPTED: 2}.get(contract.state, 0)
    return ("「申请撤销」", "「房管受理」", "「撤销完成」")[done:]


def marks_of(session: Session, change: ChangeRequest) -> CloseKind | None:
    """What the approved change notes on its order, so that nothing new is signed and the contract may be revoked."""
    if change.kind is ChangeKind.PAYMENT:
        return CloseKind.CHANGED if contract_to_revoke(session, change) is not None else None
    return FACTS[change.kind].marks


def _approved(session: Session, order: Reservation) -> ChangeRequest | None:
    query = select(ChangeRequest).where(
        ChangeRequest.reservation_id == order.id, ChangeRequest.state == ChangeState.APPROVED
    )
    return session.scalars(query.limit(1), execution_options=UNSCOPED).first()


def nothing_ends(act: Act) -> None:
    """Guard of the contract's steps with the authority: what has to be revoked is not carried on."""
    order = locked(act.session, Reservation, act.document.reservation_id)
    if order.ends_as is not None:
        raise RuleError(
            "认购书 {no} 已批准{kind}，合同要先撤销，不能再办{step}",
            no=order,
            kind=order.ends_as.label,
            step=act.step.label,
        )


def no_other_total_waits(act: Act) -> None:
    """Guard of the steps that tell the authority the total: an approved change to another one is executed first.

    The order is locked, here and by the approval: whoever comes second sees the other.
    """
    order = locked(act.session, Reservation, act.document.reservation_id)
    change = _approved(act.session, order)
    if change is not None and change.kind is ChangeKind.PAYMENT and change.new_total != change.old_total:
        raise RuleError("认购书已批准变更付款方式（{no}），请先执行再{step}", no=change, step=act.step.label)


def ending_is_approved(act: Act) -> None:
    """A contract that is entered or signed is only revoked under an approved change (02 §2.2.3), never for what cannot follow."""
    order = locked(act.session, Reservation, act.document.reservation_id)
    if order.ends_as is None:
        if order.state is ReservationState.SIGNED:
            raise RuleError("撤销合同之前须有已批的退房、换房、更名或变更付款方式申请")
        raise RuleError("撤销合同之前须有已批的退订、挞定、换房、更名或变更付款方式申请")
    change = _approved(act.session, order)
    if change is not None and change.kind is ChangeKind.PAYMENT:
        require_not_handed(change, order)


def require_not_handed(change: ChangeRequest, order: Reservation) -> None:
    """A flat that was handed over keeps its total: its contract is not revoked any more. Raises RuleError."""
    if order.unit.state is UnitState.HAND and change.new_total != change.old_total:
        raise RuleError("房屋已交付，总价不能再变更", field="new_scheme_id")


def contract_is_revoked(act: Act) -> None:
    """The guard of the steps that execute."""
    require_revoked(act.session, act.document)


def require_revoked(session: Session, change: ChangeRequest) -> None:
    """Raises RuleError that says who revokes which contract, and how."""
    contract = contract_to_revoke(session, change)
    if contract is not None:
        raise RuleError(
            "合同 {no} 现在是「{state}」，须先办完撤销才能执行{kind}：请签约按揭专员在合同页办{steps}",
            no=contract, state=contract.state.label, kind=change.kind.label, steps="".join(steps_left(contract)),
        )  # fmt: skip


def contract_is_untouched(act: Act) -> None:
    """A change under which the contract is being revoked is not voided any more: it must be carried out."""
    change: ChangeRequest = act.document
    if FACTS[change.kind].marks is None and change.kind is not ChangeKind.PAYMENT:
        return
    contract = _last_contract(act.session, change.reservation_id)
    undone = (
        contract is not None and contract.unit.state in WITH_CONTRACT
    )  # not yet followed by the change it was revoked for
    if contract is not None and undone and contract.state in UNDER_REVOCATION:
        raise RuleError("合同 {no} 已办理撤销，这份变更申请只能办完", no=contract)


def revocation_is_over(act: Act) -> None:
    """Sums may be computed anew before the contract is being revoked, or once it is: money may arrive meanwhile."""
    contract = _last_contract(act.session, act.document.reservation_id)
    if contract is not None and contract.state in BEING_REVOKED:
        raise RuleError("合同 {no} 正在办理撤销，办完后再退回重算", no=contract)


def _last_contract(session: Session, reservation_id: int) -> Contract | None:
    query = select(Contract).where(Contract.reservation_id == reservation_id).order_by(Contract.id.desc()).limit(1)
    return session.scalars(query, execution_options=UNSCOPED).first()


def lost_its_contract(session: Session, order: Reservation) -> bool:
    """Whether the order's contract, signed or entered with the authority, was revoked: it has to be signed anew."""
    had_one = order.state is ReservationState.SIGNED or order.unit.state is UnitState.DRAFT
    return had_one and live_contract(session, order.id) is None


def void_drafted_contract(act: Act) -> None:
    """A contract that was only drafted or approved is written anew after the change."""
    contract = live_contract(act.session, act.document.reservation_id)
    if contract is not None and contract.state in ON_PAPER_ONLY:
        note = f"{act.document.kind.label} {act.document.number}"
        fire(act.session, contract, "void_with_order", act.actor, internal=True, note=note)
