"""Who may give how much away beyond the public discounts (02 §2.3.2, D1–D7), plain functions on values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from app.kernel.errors import RuleError
from app.kernel.money import format_amount

CONSULTANT = "consultant"
HIGHEST_POST = "developer_lead"
AGENCY_POSTS = ("supervisor", "site_manager", "project_manager")
"""Posts whose points count only under a signed 甲方授权."""


@dataclass(frozen=True)
class AuthorityLimit:
    """One post and the largest extra concession that it decides alone, as a share: 0.005 is 0.5 %."""

    post: str
    share: Decimal


DEFAULT_LIMITS = (
    AuthorityLimit("supervisor", Decimal("0.005")),
    AuthorityLimit("site_manager", Decimal("0.01")),
    AuthorityLimit("project_manager", Decimal("0.015")),
    AuthorityLimit("developer_site", Decimal("0.02")),
)
"""The values a project starts with; above the last one, or below the floor total, developer_lead decides."""


@dataclass(frozen=True)
class Mandate:
    """What is left of a signed 甲方授权: its last day, and units and yuan still to be given away (None = no cap)."""

    valid_until: date
    units_left: int | None = None
    amount_left: Decimal | None = None

    def covers(self, concession: Decimal, on: date) -> bool:
        """True when one more unit with this concession in yuan may be decided by the agency on that day."""
        return (
            on <= self.valid_until
            and (self.units_left is None or self.units_left >= 1)
            and (self.amount_left is None or concession <= self.amount_left)
        )


def extra_concession(deal_total: Decimal, public_total: Decimal) -> Fraction:
    """额外让利 = 1 − deal total ÷ public-discount total, exact; negative when the deal is the higher one.

    Raises RuleError when a total is not positive.
    """
    if deal_total <= 0 or public_total <= 0:
        raise RuleError("成交总价和公开折后总价必须大于零。")
    return 1 - Fraction(deal_total) / Fraction(public_total)


def discount_authority(
    deal_total: Decimal,
    public_total: Decimal,
    *,
    floor_total: Decimal | None,
    mandate: Mandate | None,
    on: date,
    limits: Sequence[AuthorityLimit] = DEFAULT_LIMITS,
) -> str:
    """The code of the first post whose authority suffices for this deal total (D1–D7).

    consultant when nothing is given beyond the public discounts; developer_lead below the floor total, whatever the
    points; agency posts are passed over unless the mandate covers the concession. deal_total is what the order would
    cost with **all** its papers, so several papers count together (see total_after_papers).
    Raises RuleError when a total is not positive.
    """
    extra = extra_concession(deal_total, public_total)
    if floor_total is not None and deal_total < floor_total:
        return HIGHEST_POST
    if extra <= 0:
        return CONSULTANT
    agency_may = mandate is not None and mandate.covers(public_total - deal_total, on)
    for limit in sorted(limits, key=lambda row: row.share):
        if extra <= Fraction(limit.share) and (agency_may or limit.post not in AGENCY_POSTS):
            return limit.post
    return HIGHEST_POST


def total_after_papers(public_total: Decimal, concessions: Sequence[Decimal]) -> Decimal:
    """The deal total when several 特殊折扣单 of one order, each over so many yuan, count together.

    Raises RuleError when one is negative or nothing of the price would remain.
    """
    if any(concession < 0 for concession in concessions):
        raise RuleError("让利金额不能为负数。")
    total = public_total - sum(concessions, Decimal(0))
    if total <= 0:
        raise RuleError("让利合计不能达到或超过公开折后总价。")
    return total


def require_approved_total(approved: Decimal, asked: Decimal, public_total: Decimal) -> None:
    """核定总价: the approver may grant less than asked, never more.

    Raises RuleError when the approved total is below the asked total or above the public-discount total.
    """
    if approved < asked:
        raise RuleError("核定总价不能低于申请总价 {asked} 元。", field="approved_total", asked=format_amount(asked))
    if approved > public_total:
        raise RuleError(
            "核定总价不能高于公开折后总价 {public} 元。", field="approved_total", public=format_amount(public_total)
        )
