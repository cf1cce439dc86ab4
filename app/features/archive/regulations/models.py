"""What is a 制度文件, an opinion on it; that it was read is signed as the kernel has it (S2.9)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, DateTime, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.audiences import AgencyPapers
from app.kernel.base import Document, Numbered, field, one_live_row, state_field
from app.kernel.constraints import sentence
from app.kernel.posts import Post
from app.kernel.states import Choice, State

AUTHORS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER})
IN_FORCE_ONCE, ONE_REVISION = "uq_regulation_in_force", "uq_regulation_being_revised"
sentence(IN_FORCE_ONCE, "这份制度已有生效的版本，请刷新后再试")
sentence(ONE_REVISION, "这份制度已有一个版本在修订中，请先办完那一个版本")


class RegulationKind(Choice):
    """What it orders."""

    PROCESS = ("process", "工作流程")
    STANDARD = ("standard", "服务标准")
    RULES = ("rules", "管理制度")
    FORMS = ("forms", "表单说明")


class Concerned(Choice):
    """Who has to read it."""

    EVERYBODY = ("everybody", "案场全体")
    SALES = ("sales", "置业顾问和主管")
    OFFICE = ("office", "文员和签约按揭专员")


class RegulationState(State):
    DRAFT = ("draft", "起草", "mute")
    OPINIONS = ("opinions", "征求意见", "info")
    STUDY = ("study", "组织研究", "info")
    REVIEW = ("review", "待审定", "warn")
    IN_FORCE = ("in_force", "已生效", "ok")
    SUPERSEDED = ("superseded", "已被新版取代", "mute")
    REPEALED = ("repealed", "已废止", "bad")
    VOID = ("void", "作废", "mute")


AT_WORK = (RegulationState.DRAFT, RegulationState.OPINIONS, RegulationState.STUDY, RegulationState.REVIEW)


class Regulation(Numbered, AgencyPapers, Document):
    """制度文件, one row a version. series_id is the id of the first version, shared by all."""

    __tablename__ = "regulation"
    __label__ = "制度文件"
    __number__ = "ZD"
    __file_writers__ = AUTHORS | {Post.CLERK}
    __table_args__ = (
        one_live_row("series_id", alive="state = 'in_force'", name=IN_FORCE_ONCE),
        one_live_row("series_id", alive="state IN ('draft', 'opinions', 'study', 'review')", name=ONE_REVISION),
    )

    title: Mapped[str] = field("名称", String(120), nullable=False, wide=True)
    kind: Mapped[RegulationKind] = field("类别", RegulationKind, nullable=False)
    concerned: Mapped[Concerned] = field("适用人员", Concerned, nullable=False, default=Concerned.EVERYBODY)
    content: Mapped[str] = field("内容", Text, nullable=False, long=True)
    changes: Mapped[str] = field(
        "修订说明", String(500), nullable=False, default="", long=True, hint="这一版改了什么、为什么"
    )
    revision: Mapped[int] = field("版本", Integer, nullable=False, default=1, auto=True)
    series_id: Mapped[int | None] = mapped_column(Integer, index=True)
    opinions_until: Mapped[date | None] = field("意见截止", Date, auto=True)
    studied_on: Mapped[date | None] = field("研究日期", Date, auto=True)
    study_note: Mapped[str] = field("研究结论", String(500), nullable=False, default="", auto=True, wide=True)
    in_force_on: Mapped[date | None] = field("生效日期", Date, auto=True)
    ended_on: Mapped[date | None] = field("失效日期", Date, auto=True)
    submitted_by: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[RegulationState] = state_field(RegulationState)

    opinions: Mapped[list[RegulationOpinion]] = relationship(
        order_by="RegulationOpinion.id", back_populates="regulation"
    )

    def __str__(self) -> str:
        return f"{self.title} 第 {self.revision} 版" if self.title else "制度文件"


class RegulationOpinion(AgencyPapers, Document):
    """One person's opinion: asked for, and given or not."""

    __tablename__ = "regulation_opinion"
    __label__ = "制度意见"
    __title__ = "person_name"
    __table_args__ = (UniqueConstraint("regulation_id", "person_id", name="uq_regulation_opinion_person"),)

    regulation_id: Mapped[int] = field("制度文件", ForeignKey("regulation.id"), nullable=False)
    person_id: Mapped[int] = mapped_column(Integer, nullable=False, index=True)
    person_name: Mapped[str] = field("姓名", String(64), nullable=False, auto=True)
    opinion: Mapped[str] = field("意见", String(1000), nullable=False, default="", auto=True)
    given_at: Mapped[datetime | None] = field("提出时间", DateTime, auto=True)
    regulation: Mapped[Any] = relationship("Regulation", back_populates="opinions")
