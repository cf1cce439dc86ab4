"""公司 项目 销售许可 班组: for whom, what and under which permit is sold (02 §2.4)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, ForeignKey, String, UniqueConstraint, or_, select, true
from sqlalchemy.orm import Mapped, relationship

from app.kernel.actors import Actor
from app.kernel.audiences import PeoplePapers
from app.kernel.base import Document, field
from app.kernel.posts import ALL_POSTS, Post
from app.kernel.scope import Audience, ByRule, ProjectItself
from app.kernel.states import Choice

OVERSEERS = frozenset({Post.ADMIN, Post.AUDITOR})  # they see the companies and people of every project


class CompanyKind(Choice):
    """Which side a company stands on."""

    AGENCY = ("agency", "代理公司")
    DEVELOPER = ("developer", "甲方")


class SalesStage(Choice):
    """销售阶段 of a project, in order (S1.2.1)."""

    GATHERING = ("gathering", "蓄客")
    QUEUEING = ("queueing", "认筹")
    OPENING = ("opening", "开盘")
    STRONG = ("strong", "强销")
    STEADY = ("steady", "持销")
    CLOSING = ("closing", "尾盘")


class PermitKind(Choice):
    """What allows units to be sold (02 §2.5.10)."""

    PRESALE = ("presale", "预售许可证")
    COMPLETED = ("completed", "现售备案")


class Company(ByRule, Document):
    """公司: the agency, or a developer (甲方)."""

    __tablename__ = "company"
    __label__ = "公司"
    __title__ = "name"
    __table_args__ = (UniqueConstraint("name", name="uq_company_name"),)
    audience = Audience("companies", ALL_POSTS)
    writers = frozenset({Post.ADMIN, Post.SALES_ADMIN})

    name: Mapped[str] = field("名称", String(100), nullable=False)
    kind: Mapped[CompanyKind] = field("类型", CompanyKind, nullable=False)
    credit_code: Mapped[str | None] = field("统一社会信用代码", String(18))
    address: Mapped[str | None] = field("地址", String(200), wide=True)

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Overseers and HQ: all; everybody else: the two companies of his projects."""
        if actor.holds(OVERSEERS | {Post.SALES_ADMIN}):
            return true()
        table: Any = Project.__table__
        mine = table.c.id.in_(sorted(actor.projects))
        return or_(
            cls.id.in_(select(table.c.agency_id).where(mine)), cls.id.in_(select(table.c.developer_id).where(mine))
        )


class Project(ProjectItself, Document):
    """项目: what is sold, by whom and for whom (02 §2.4)."""

    __tablename__ = "project"
    __label__ = "项目"
    __title__ = "name"
    __table_args__ = (
        UniqueConstraint("code", name="uq_project_code"),
        UniqueConstraint("name", name="uq_project_name"),
    )

    name: Mapped[str] = field("名称", String(100), nullable=False)
    code: Mapped[str] = field("编码", String(12), nullable=False, hint="大写字母和数字，印在单据编号里，例如 JPYL")
    agency_id: Mapped[int] = field("代理公司", ForeignKey("company.id"), nullable=False)
    developer_id: Mapped[int] = field("甲方", ForeignKey("company.id"), nullable=False)
    stage: Mapped[SalesStage] = field("销售阶段", SalesStage, nullable=False, default=SalesStage.GATHERING)
    opened_on: Mapped[date | None] = field("开盘日", Date)
    handover_on: Mapped[date | None] = field("交付日", Date)
    property_company: Mapped[str | None] = field("物业公司", String(100))
    escrow_bank: Mapped[str | None] = field("监管银行", String(100))
    escrow_account: Mapped[str | None] = field("监管账户", String(40))
    address: Mapped[str | None] = field("项目地址", String(200), wide=True)

    agency: Mapped[Company] = relationship(foreign_keys=[agency_id], lazy="joined")
    developer: Mapped[Company] = relationship(foreign_keys=[developer_id], lazy="joined")


class Permit(PeoplePapers, Document):
    """预售证 / 现售备案: no money before it, and no unit outside it is sold (02 §2.5.10)."""

    __tablename__ = "permit"
    __label__ = "销售许可"
    __title__ = "number"
    __table_args__ = (UniqueConstraint("project_id", "number", name="uq_permit_number"),)

    kind: Mapped[PermitKind] = field("种类", PermitKind, nullable=False)
    number: Mapped[str] = field("证号", String(60), nullable=False)
    issued_on: Mapped[date] = field("发证日期", Date, nullable=False)
    valid_until: Mapped[date | None] = field("有效期至", Date)
    scope: Mapped[str] = field(
        "许可范围", String(300), nullable=False, wide=True, hint="楼栋和楼层，例如「2栋、3栋1—16层」"
    )
    escrow_account: Mapped[str | None] = field("监管账户", String(40))

    project: Mapped[Project] = relationship()


class Team(PeoplePapers, Document):
    """班组 of a project: limits the scope of a supervisor 本组 and of his consultants' papers."""

    __tablename__ = "team"
    __label__ = "班组"
    __title__ = "name"
    __table_args__ = (UniqueConstraint("project_id", "name", name="uq_team_name"),)

    name: Mapped[str] = field("名称", String(40), nullable=False)

    project: Mapped[Project] = relationship()
