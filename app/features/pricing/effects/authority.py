"""Who decides a deal total: limits of the approval policy, the mandate, and the floor that nobody below reads (02 §2.3.2)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from app.features.pricing.effects.mandates import mandate_covering
from app.features.pricing.rules import AuthorityLimit, discount_authority
from app.features.pricing.rules.readings import below, floor_of
from app.features.units.models import Unit
from app.kernel.approval.kinds import KINDS, policy
from app.kernel.approval.routing import Link, parse_chain
from app.kernel.base import now
from app.kernel.posts import Post

DISCOUNT_KIND = "discount"  # the approval kind of 特殊折扣单, declared by deals
DISCOUNT_CHAIN = "销售主管 0.5\n案场经理 1\n项目经理 1.5\n甲方现场负责人 2\n甲方负责人 不限"
"""The default chain of that kind; limits are percent of extra concession."""


def _links(session: Session) -> list[Link]:
    kind = KINDS.get(DISCOUNT_KIND)
    return parse_chain(DISCOUNT_CHAIN) if kind is None else policy(session, kind).links


def below_floor(unit: Unit, deal_total: Decimal) -> bool:
    """Whether a deal total lies under the floor total (P8). For routing only: nothing of it is ever shown."""
    return below(unit, deal_total, unit.floor_unit_price)


def authority(
    session: Session, unit: Unit, *, deal_total: Decimal, public_total: Decimal, on: date | None = None
) -> Post:
    """The first post whose authority suffices (D1–D7); CONSULTANT when nothing is given beyond the public discounts.

    deal_total: what the order would cost with **all** its papers, yuan. The limits are those of the approval policy
    «特殊折扣» in force. Raises RuleError when a total is not positive.
    """
    day = on or now().date()
    limits = [AuthorityLimit(link.post, link.limit / 100) for link in _links(session) if link.limit is not None]
    post = discount_authority(
        deal_total,
        public_total,
        floor_total=floor_of(unit, unit.floor_unit_price),
        mandate=mandate_covering(session, unit.project_id, day, max(public_total - deal_total, Decimal(0)), unit.id),
        on=day,
        limits=limits,
    )
    return Post(post)


def from_post_up(session: Session, post: Post) -> frozenset[Post]:
    """The post and those above it in the approval policy «特殊折扣» in force; empty for a post that stands nowhere in it."""
    posts = [link.post for link in _links(session)]
    return frozenset(posts[posts.index(post) :] if post in posts else ())
