"""What is a 判客单 and a 关系户: who claims whose customer on what ground, what the rules propose, what was ruled."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, Date, DateTime, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.customers.claims.choices import ClaimState, Ground, Relation, RelativeState, Ruling
from app.features.customers.models import Customer
from app.kernel.audiences import CustomerPapers
from app.kernel.base import Document, Numbered, field, one_live_row, state_field
from app.kernel.columns import Encrypted, Rate
from app.kernel.posts import SITE_CHAIN, Post

CLAIMANTS = frozenset({Post.CONSULTANT, Post.SUPERVISOR})
HEADS = SITE_CHAIN | {Post.SUPERVISOR}
READERS = CLAIMANTS | HEADS | {Post.AUDITOR}  # 07: parties, SUP and up


class OwnershipClaim(Numbered, CustomerPapers, Document):
    """判客单. owner_id is A, who owns the customer when the claim is made, partner_id B, who claims: the parties read it.

    evidence: sentences as they stood at the ruling; while it is open they are read anew. share: A's part of the ruling."""

    __tablename__ = "ownership_claim"
    __own_people__ = True
    __label__ = "判客单"
    __number__ = "PQ"
    __personal__ = frozenset({"customer_name"})
    __labels__: ClassVar[dict[str, str]] = {"owner_id": "原归属顾问", "partner_id": "申请顾问"}
    __file_writers__: ClassVar[frozenset[Post]] = CLAIMANTS
    __table_args__ = (
        one_live_row("customer_id", alive="state IN ('open', 'ruled', 'appealed')", name="uq_ownership_claim_live"),
        CheckConstraint("(ruled_at IS NULL) = (ruled_by IS NULL)", name="ruled_by_somebody"),
    )

    customer_id: Mapped[int] = field("客户", ForeignKey("customer.id"), nullable=False, index=True, auto=True)
    customer_name: Mapped[str] = field("客户称呼", String(64), nullable=False, default="", auto=True)
    phone: Mapped[str | None] = field(
        "客户手机", Encrypted, personal="phone", hint="全号；客户没有登记手机的，填证件号码"
    )
    id_number: Mapped[str | None] = field("客户证件号码", Encrypted, personal="id", hint="和手机填一项就可以")
    ground: Mapped[Ground] = field("判客事由", Ground, nullable=False)
    met_at: Mapped[datetime] = field("接待时间", DateTime, nullable=False, hint="申请顾问接待客户的时间")
    story: Mapped[str] = field(
        "情况说明", String(1000), nullable=False, long=True, hint="怎么接待的、和原顾问怎么沟通的"
    )
    proposal: Mapped[Ruling] = field("系统建议", Ruling, nullable=False, auto=True)
    proposed_share: Mapped[Decimal | None] = field("建议原归属顾问占比", Rate, unit="%", auto=True)
    proposal_why: Mapped[str] = field("建议理由", String(200), nullable=False, default="", auto=True, wide=True)
    evidence: Mapped[list[Any]] = mapped_column(JSON, nullable=False, default=list)
    ruling: Mapped[Ruling | None] = field("裁定", Ruling, auto=True)
    share: Mapped[Decimal | None] = field("原归属顾问占比", Rate, unit="%", auto=True)
    ruled_by: Mapped[int | None] = field("裁定人", Integer, auto=True, lookup="person")
    ruled_at: Mapped[datetime | None] = field("裁定时间", DateTime, auto=True)
    ruling_why: Mapped[str] = field("裁定理由", String(500), nullable=False, default="", auto=True, wide=True)
    appeal_until: Mapped[date | None] = field("申诉期限", Date, auto=True, index=True)
    appealed_by: Mapped[int | None] = field("申诉人", Integer, auto=True, lookup="person")
    appeal_why: Mapped[str] = field("申诉理由", String(500), nullable=False, default="", auto=True, wide=True)
    final_by: Mapped[int | None] = field("申诉裁定人", Integer, auto=True, lookup="person")
    final_at: Mapped[datetime | None] = field("生效时间", DateTime, auto=True)
    final_why: Mapped[str] = field("申诉裁定理由", String(500), nullable=False, default="", auto=True, wide=True)
    state: Mapped[ClaimState] = state_field(ClaimState)

    customer: Mapped[Customer] = relationship()

    @property
    def parties(self) -> frozenset[int]:
        """The persons of the case."""
        return frozenset(i for i in (self.owner_id, self.partner_id) if i is not None)


class Relative(CustomerPapers, Document):
    """关系户: two customers who are near relatives; all who hang together by such papers are one group with one owner."""

    __tablename__ = "relative"
    __label__ = "关系户"
    __title__ = "title"
    __personal__ = frozenset({"title", "customer_name", "relative_name"})
    __labels__: ClassVar[dict[str, str]] = {"title": "关系户"}
    __table_args__ = (
        one_live_row("customer_id", "relative_id", alive="state = 'active'", name="uq_relative_pair"),
        CheckConstraint("customer_id <> relative_id", name="two_people"),
    )

    customer_id: Mapped[int] = field("客户", ForeignKey("customer.id"), nullable=False, index=True, auto=True)
    relative_id: Mapped[int] = field("亲属", ForeignKey("customer.id"), nullable=False, index=True, auto=True)
    customer_name: Mapped[str] = field("客户姓名", String(64), nullable=False, auto=True)
    relative_name: Mapped[str] = field("亲属姓名", String(64), nullable=False, auto=True)
    relation: Mapped[Relation] = field("亲属是客户的", Relation, nullable=False, auto=True)
    reason: Mapped[str] = field("依据", String(200), nullable=False, auto=True)
    ended_why: Mapped[str] = field("解除原因", String(200), nullable=False, default="", auto=True)
    state: Mapped[RelativeState] = state_field(RelativeState)

    @property
    def title(self) -> str:
        """«王伟 · 李娜»; what they are to each other stands beside it."""
        return f"{self.customer_name} · {self.relative_name}"
