"""What is a 渠道公司 and a 渠道报备: who reported whom, when, with which number, and how far the customer came."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.customers.channels.choices import ChannelState, ReportState, Verdict
from app.features.customers.models import Customer
from app.kernel.audiences import AgencyPapers, CustomerPapers
from app.kernel.base import Document, Numbered, field, now, state_field
from app.kernel.columns import Encrypted, Money
from app.kernel.posts import SITE_CHAIN, Post

MAKERS = frozenset({Post.CHANNEL_OFFICER, Post.CONSULTANT, Post.SUPERVISOR})
READERS = MAKERS | SITE_CHAIN | {Post.AUDITOR}  # 07: SUP and up, channel_officer; consultants their own


class ChannelCompany(AgencyPapers, Document):
    """渠道公司: a broker's house with which the site works, by contract, until a day."""

    __tablename__ = "channel_company"
    __label__ = "渠道公司"
    __title__ = "name"
    __table_args__ = (UniqueConstraint("project_id", "name", name="uq_channel_company_name"),)

    name: Mapped[str] = field("渠道公司", String(64), nullable=False)
    contact: Mapped[str | None] = field("联系人", String(64))
    phone: Mapped[str | None] = field("联系电话", Encrypted, personal="phone")
    contract_no: Mapped[str | None] = field("合作协议编号", String(64))
    until: Mapped[date | None] = field("合作至", Date)
    commission_terms: Mapped[str | None] = field(
        "佣金条件", String(200), long=True, hint="例如 成交总价 1.2 %，签约且首付到账后结算"
    )
    state: Mapped[ChannelState] = state_field(ChannelState)


class ChannelReport(Numbered, CustomerPapers, Document):
    """渠道报备. owner_id is who wrote it down, partner_id the consultant who received the customer.

    phone: whole, or 138****8888. A customer is recognised by `digest`, or by `part_digest` with his surname."""

    __tablename__ = "channel_report"
    __own_people__ = True
    __label__ = "渠道报备"
    __number__ = "BB"
    __labels__: ClassVar[dict[str, str]] = {"owner_id": "报备登记人", "partner_id": "接待顾问"}
    __personal__ = frozenset({"called"})
    __file_writers__: ClassVar[frozenset[Post]] = MAKERS
    __table_args__ = (CheckConstraint("commission IS NULL OR commission > 0", name="commission"),)

    channel_id: Mapped[int] = field("渠道公司", ForeignKey("channel_company.id"), nullable=False, index=True)
    broker: Mapped[str] = field("经纪人", String(64), nullable=False)
    broker_phone: Mapped[str | None] = field("经纪人电话", Encrypted, personal="phone")
    called: Mapped[str] = field("客户称呼", String(64), nullable=False, hint="至少填姓氏，例如「王先生」")
    phone: Mapped[str] = field("客户手机", Encrypted, personal="phone", nullable=False, hint="全号，或隐号 138****8888")
    digest: Mapped[str | None] = mapped_column(String(64), index=True)
    part_digest: Mapped[str] = mapped_column(String(64), nullable=False, index=True)
    reported_at: Mapped[datetime] = field("报备时间", DateTime, nullable=False, default=now)
    expected_at: Mapped[datetime | None] = field("预计到访", DateTime)
    remark: Mapped[str | None] = field("备注", String(200))
    proposal: Mapped[Verdict] = field("系统建议", Verdict, nullable=False, auto=True)
    proposal_why: Mapped[str] = field("建议依据", String(200), nullable=False, default="", auto=True, wide=True)
    verdict: Mapped[Verdict | None] = field("判定", Verdict, auto=True)
    judged_by: Mapped[int | None] = field("判定人", Integer, auto=True, lookup="person")
    judged_at: Mapped[datetime | None] = field("判定时间", DateTime, auto=True)
    judged_why: Mapped[str] = field("判定说明", String(200), nullable=False, default="", auto=True, wide=True)
    valid_until: Mapped[date | None] = field("有效至", Date, auto=True, index=True)
    visited_at: Mapped[datetime | None] = field("带看时间", DateTime, auto=True)
    protected_until: Mapped[date | None] = field("保护至", Date, auto=True, index=True)
    customer_id: Mapped[int | None] = field("客户", ForeignKey("customer.id"), index=True, auto=True)
    reserved_on: Mapped[date | None] = field("认购日", Date, auto=True)
    signed_on: Mapped[date | None] = field("签约日", Date, auto=True)
    commission: Mapped[Decimal | None] = field("渠道佣金", Money, auto=True, unit="元")
    paid_on: Mapped[date | None] = field("结佣日", Date, auto=True)
    state: Mapped[ReportState] = state_field(ReportState)

    channel: Mapped[ChannelCompany] = relationship()
    customer: Mapped[Customer | None] = relationship()

    def __str__(self) -> str:
        return self.number or "渠道报备"
