"""Short makers of the papers of prices; in force unless told otherwise."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.features.pricing.models import (
    Mandate,
    MandateState,
    PaymentScheme,
    PublicDiscount,
    SalesScheme,
    SchemeKind,
    SchemeState,
)
from app.kernel.base import now
from tests.cast import Cast
from tests.factories import saved


def mortgage(cast: Cast, project: str = "a", **more: Any) -> PaymentScheme:
    values = {
        "name": "商业按揭",
        "kind": SchemeKind.MORTGAGE,
        "discount": Decimal("0.98"),
        "loan_share": Decimal("0.7"),
        "loan_step": Decimal(10000),
        "loan_days": 60,
        "state": SchemeState.ACTIVE,
    }
    return saved(cast.session, PaymentScheme(project_id=cast.project_ids[project], **(values | more)))


def sales(cast: Cast, *discounts: tuple[str, str, str], **more: Any) -> SalesScheme:
    """A 销售方案 in force since ten days; discounts are (name, «factor» or «amount», value)."""
    values = {"name": "强销方案", "valid_from": now().date() - timedelta(days=10), "state": SchemeState.ACTIVE}
    paper = saved(cast.session, SalesScheme(project_id=cast.project_ids["a"], **(values | more)))
    for position, (name, kind, value) in enumerate(discounts, 1):
        saved(
            cast.session,
            PublicDiscount(
                project_id=paper.project_id,
                sales_scheme_id=paper.id,
                position=position,
                name=name,
                **{kind: Decimal(value)},
            ),
        )
    return paper


IN_TIME = ("按时签约", "factor", "0.99")
FIXED = ("直减", "amount", "5000")


def mandate(cast: Cast, **more: Any) -> Mandate:
    today = now().date()
    values = {
        "document_no": "授权 2026-01",
        "signed_on": today - timedelta(days=10),
        "signed_by": "沈国栋",
        "valid_from": today - timedelta(days=10),
        "valid_until": today + timedelta(days=30),
        "state": MandateState.ACTIVE,
    }
    return saved(cast.session, Mandate(project_id=cast.project_ids["a"], **(values | more)))
