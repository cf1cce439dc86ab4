"""What a 定金 is worth: its legal cap and who gets it when the deal fails (02 §2.3.3), plain functions on values (yuan)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.kernel.errors import RuleError
from app.kernel.money import half_up

DEFAULT_CAP_SHARE = Decimal("0.20")


class Fault(StrEnum):
    """Whose fault it is that a deal fails."""

    BUYER = "买受人"
    SELLER = "出卖人"
    NOBODY = "双方均无过错"


def deposit_cap(total: Decimal, share: Decimal = DEFAULT_CAP_SHARE) -> Decimal:
    """The largest amount with the effect of a 定金: 20 % of the total by law."""
    return half_up(total * share)


@dataclass(frozen=True)
class DepositOutcome:
    """What happens to a 定金: kept by the seller, given back, and paid by the seller on top, yuan."""

    kept: Decimal
    returned: Decimal
    compensation: Decimal

    @property
    def paid_to_buyer(self) -> Decimal:
        """What the buyer receives in all."""
        return self.returned + self.compensation


def deposit_outcome(deposit: Decimal, fault: Fault) -> DepositOutcome:
    """定金罚则: buyer's fault keeps it, seller's fault pays it back twice, nobody's fault returns it.

    deposit: only the part with deposit effect (see deposit_cap). Raises RuleError when it is negative.
    """
    if deposit < 0:
        raise RuleError("定金不能为负数。")
    nothing = Decimal(0)
    match fault:
        case Fault.BUYER:
            return DepositOutcome(kept=deposit, returned=nothing, compensation=nothing)
        case Fault.SELLER:
            return DepositOutcome(kept=nothing, returned=deposit, compensation=deposit)
        case Fault.NOBODY:
            return DepositOutcome(kept=nothing, returned=deposit, compensation=nothing)


def earnest_refund(amount: Decimal, *, printed_non_refundable: bool, fault: Fault) -> Decimal:
    """订金 and 诚意金 (小订, 认筹) are no 定金: returned whole, unless printed otherwise and the buyer is at fault."""
    return Decimal(0) if printed_non_refundable and fault == Fault.BUYER else amount
