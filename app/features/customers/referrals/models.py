"""What is a 老带新: who brought whom, what he gets, when it is due."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import CheckConstraint, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, relationship

from app.features.customers.models import Customer
from app.kernel.audiences import CustomerPapers
from app.kernel.base import Document, Numbered, field, one_live_row, state_field
from app.kernel.columns import Money
from app.kernel.posts import SITE_CHAIN, Post
from app.kernel.states import Choice, State

MAKERS = frozenset({Post.CONSULTANT, Post.SUPERVISOR})
READERS = MAKERS | SITE_CHAIN | {Post.CLERK, Post.AUDITOR}


class ReferralState(State):
    WAITING = ("waiting", "待新客户成交", "info")
    EARNED = ("earned", "已达到条件", "warn")
    APPROVED = ("approved", "已批准奖励", "plum")
    PAID = ("paid", "已兑现", "ok")
    VOID = ("void", "不成立", "mute")


class Condition(Choice):
    """When the reward is earned: the step of the deal that the new customer must take."""

    RESERVED = ("reserve", "新客户认购")
    SIGNED = ("sign", "新客户签约")


class Referral(Numbered, CustomerPapers, Document):
    """老带新. It follows the owner of the new customer."""

    __tablename__ = "referral"
    __label__ = "老带新"
    __number__ = "LD"
    __personal__ = frozenset({"referrer_name", "customer_name"})
    __file_writers__: ClassVar[frozenset[Post]] = MAKERS | {Post.CLERK}
    __table_args__ = (
        one_live_row("customer_id", alive="state <> 'void'", name="uq_referral_live"),
        CheckConstraint("customer_id <> referrer_id", name="two_people"),
        CheckConstraint("amount IS NULL OR amount > 0", name="amount"),
    )

    referrer_id: Mapped[int] = field(
        "老客户",
        ForeignKey("customer.id"),
        nullable=False,
        index=True,
        hint="已认购或已签约的客户、业主；是同事的客户时，由主管登记",
    )
    customer_id: Mapped[int] = field("新客户", ForeignKey("customer.id"), nullable=False, index=True)
    referrer_name: Mapped[str] = field("老客户姓名", String(64), nullable=False, default="", auto=True)
    customer_name: Mapped[str] = field("新客户姓名", String(64), nullable=False, default="", auto=True)
    condition: Mapped[Condition] = field("奖励条件", Condition, nullable=False, default=Condition.SIGNED)
    reward: Mapped[str] = field("奖励内容", String(200), nullable=False, hint="例如 一年物业费、购物卡")
    amount: Mapped[Decimal | None] = field("奖励折合金额", Money, unit="元")
    earned_on: Mapped[date | None] = field("达到条件日", Date, auto=True)
    paid_on: Mapped[date | None] = field("兑现日", Date, auto=True)
    paid_how: Mapped[str] = field("兑现方式", String(200), nullable=False, default="", auto=True)
    void_why: Mapped[str] = field("不成立原因", String(200), nullable=False, default="", auto=True)
    state: Mapped[ReferralState] = state_field(ReferralState)

    referrer: Mapped[Customer] = relationship(foreign_keys=[referrer_id])
    customer: Mapped[Customer] = relationship(foreign_keys=[customer_id])
