"""Which order a kind of change may be asked for, whose chain decides it, how the order ends by it (02 §2.2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.features.deals.changes.models import ChangeKind
from app.features.deals.contracts.models import ContractState
from app.features.deals.reservations.models import CloseKind, ReservationState
from app.kernel.errors import RuleError
from app.kernel.money import format_amount

EFFECTIVE, SIGNED = ReservationState.EFFECTIVE, ReservationState.SIGNED
ON_PAPER_ONLY = frozenset({ContractState.DRAFT, ContractState.REVIEW, ContractState.APPROVED})
WITH_THE_AUTHORITY = frozenset({ContractState.FILED, ContractState.COLLECTED})


@dataclass(frozen=True)
class KindFacts:
    """chain: code of the approval kind; states: of the order; marks: what an approved change notes on the order, so that no
    contract is signed meanwhile and a signed one may be revoked."""

    chain: str
    states: tuple[ReservationState, ...]
    marks: CloseKind | None = None


K = ChangeKind
FACTS: dict[ChangeKind, KindFacts] = {
    K.WITHDRAWAL: KindFacts("order_end", (EFFECTIVE,), CloseKind.WITHDRAWN),
    K.FORFEITURE: KindFacts("order_end", (EFFECTIVE,), CloseKind.FORFEITED),
    K.CANCELLATION: KindFacts("cancellation", (SIGNED,), CloseKind.CANCELLED),
    K.EXCHANGE: KindFacts("exchange", (EFFECTIVE, SIGNED), CloseKind.EXCHANGED),
    K.RENAME: KindFacts("rename", (EFFECTIVE, SIGNED), CloseKind.CHANGED),
    K.CO_BUYERS: KindFacts("co_buyers", (EFFECTIVE,), CloseKind.CHANGED),
    K.PAYMENT: KindFacts("payment_change", (EFFECTIVE, SIGNED)),
    K.LATER_SIGNING: KindFacts("extension", (EFFECTIVE,)),
    K.LATER_PAYMENT: KindFacts("extension", (EFFECTIVE, SIGNED)),
}


def kinds_for(state: ReservationState) -> tuple[ChangeKind, ...]:
    """What may be asked for of an order in this state, in the order of the list."""
    return tuple(kind for kind in ChangeKind if state in FACTS[kind].states)


def contract_obstacle(
    kind: ChangeKind, contract: ContractState | None, *, exchange_after_filing: bool, rename_after_filing: bool
) -> RuleError | None:
    """Why the order's contract (None: there is none) forbids the change; a drafted one never does (02 §2.2.3)."""
    if contract is None or contract in ON_PAPER_ONLY:
        return None
    if kind is K.EXCHANGE and contract in WITH_THE_AUTHORITY and not exchange_after_filing:
        return RuleError("合同已备案，本项目备案后不办换房", field="kind")
    if kind is K.RENAME and not rename_after_filing:
        return RuleError("合同已网签或签订，本项目签约后不办更名", field="kind")
    if kind is K.CO_BUYERS:
        return RuleError("增减名须在签约前办理，合同现在是「{state}」", field="kind", state=contract.label)
    return None


def require_waited(revoked_on: date | None, today: date, days: int) -> None:
    """更名 after 撤销备案 waits so many days. Raises RuleError with the first day on which it may be executed."""
    if revoked_on is not None and today < revoked_on + timedelta(days=days):
        first = revoked_on + timedelta(days=days)
        raise RuleError("合同撤销后须等待 {n} 天才能更名，最早 {day} 执行", n=days, day=first.isoformat())


def repriced_total(
    total: Decimal, public_total: Decimal, new_public_total: Decimal, *, discount_on_scheme: bool
) -> Decimal:
    """The deal total under another 付款方式: as agreed, unless a discount hung on the old or the new one; then the new public
    total less the concession in yuan that was granted (02 §2.2.3). Raises RuleError when nothing would be left.
    """
    if not discount_on_scheme:
        return total
    found = new_public_total - (public_total - total)
    if found <= 0:
        raise RuleError("重新计算的成交总价 {total} 元不大于零，请检查付款方式", total=format_amount(found))
    return found
