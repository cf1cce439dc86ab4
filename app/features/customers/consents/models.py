"""同意书 (the text, by versions) and 同意记录: one row a purpose that a customer agreed to, kept when he withdraws (02 §2.5.11)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, DateTime, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.features.customers.choices import ConsentChannel
from app.kernel.audiences import CustomerPapers, ProjectPapers
from app.kernel.base import Document, field, one_live_row, state_field
from app.kernel.constraints import sentence
from app.kernel.posts import Post
from app.kernel.states import Choice, State

AUTHORS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER, Post.SALES_ADMIN})
ONE_IN_FORCE, ONE_EDITION, ONE_CONSENT = "uq_consent_text_in_force", "uq_consent_text_edition", "uq_consent_live"
sentence(ONE_IN_FORCE, "这个项目已有使用中的同意书，请刷新后再试")
sentence(ONE_EDITION, "已有这个版本号的同意书，请换一个版本号")
sentence(ONE_CONSENT, "客户的这一项同意刚被登记过，请刷新后再看")


class Purpose(Choice):
    """What is agreed to. The law wants each of the later ones asked for by itself (个人信息保护法 §23, §29)."""

    BASIC = ("basic", "购房咨询和接待登记")
    IDENTITY = ("identity", "收集证件号码（敏感个人信息）")
    SHARE_DEVELOPER = ("share_developer", "向甲方营销策划部提供")
    SHARE_BANK = ("share_bank", "向贷款银行提供")
    SHARE_CHANNEL = ("share_channel", "向渠道提供")
    MARKETING = ("marketing", "营销电话、短信和微信")


class ConsentTextState(State):
    DRAFT = ("draft", "草稿", "mute")
    REVIEW = ("review", "审核中", "info")
    IN_FORCE = ("in_force", "使用中", "ok")
    SUPERSEDED = ("superseded", "已被新版取代", "mute")
    VOID = ("void", "作废", "mute")


class ConsentText(ProjectPapers, Document):
    """同意书, one row a version; the one in force is what customers are asked with."""

    __tablename__ = "consent_text"
    __label__ = "同意书"
    __table_args__ = (
        one_live_row("project_id", alive="state = 'in_force'", name=ONE_IN_FORCE),
        one_live_row("project_id", "edition", alive="state <> 'void'", name=ONE_EDITION),
    )

    edition: Mapped[str] = field("版本号", String(32), nullable=False, hint="例如 2026-02，客户的同意记录里写的就是它")
    handler: Mapped[str] = field("个人信息处理者", String(120), nullable=False, hint="甲方和代理公司的全称")
    contact: Mapped[str] = field("联系方式", String(120), nullable=False, hint="客户查阅、更正、删除或撤回同意时找谁")
    content: Mapped[str] = field("正文", Text, nullable=False, long=True, hint="收集什么、为什么、保存多久、怎样撤回")
    changes: Mapped[str] = field("修订说明", String(300), nullable=False, default="", long=True)
    in_force_on: Mapped[date | None] = field("启用日期", Date, auto=True)
    ended_on: Mapped[date | None] = field("停用日期", Date, auto=True)
    submitted_by: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[ConsentTextState] = state_field(ConsentTextState)

    project: Mapped[Any] = relationship("Project")

    def __str__(self) -> str:
        return f"同意书 {self.edition}" if self.edition else "同意书"


class Consent(CustomerPapers, Document):
    """同意记录: one purpose, given at a moment by a version of the text; ended when it is withdrawn."""

    __tablename__ = "consent"
    __label__ = "同意记录"
    __title__ = "title"
    __table_args__ = (one_live_row("customer_id", "purpose", alive="withdrawn_at IS NULL", name=ONE_CONSENT),)

    customer_id: Mapped[int] = field("客户", ForeignKey("customer.id"), nullable=False, index=True, auto=True)
    purpose: Mapped[Purpose] = field("同意事项", Purpose, nullable=False, auto=True)
    edition: Mapped[str] = field("同意书版本", String(32), nullable=False, auto=True)
    channel: Mapped[ConsentChannel] = field("同意方式", ConsentChannel, nullable=False, auto=True)
    given_at: Mapped[datetime] = field("同意时间", DateTime, nullable=False, auto=True)
    withdrawn_at: Mapped[datetime | None] = field("撤回时间", DateTime, auto=True)
    withdrawn_by: Mapped[int | None] = field("撤回登记人", Integer, auto=True, lookup="person")

    customer: Mapped[Any] = relationship("Customer")

    @property
    def title(self) -> str:
        """«向甲方营销策划部提供»"""
        return self.purpose.label
