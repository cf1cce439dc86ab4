"""人员 任职 代理授权: who holds which post, where and until when (02 §2.1)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, cast

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ColumnElement,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    String,
    UniqueConstraint,
    and_,
    false,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Mapped, Session, relationship

from app.features.organisation.models.projects import OVERSEERS, Company, Project, Team
from app.kernel.actors import Actor
from app.kernel.base import Document, field, one_live_row, state_field
from app.kernel.columns import Encrypted
from app.kernel.posts import AGENCY_POSTS, ALL_POSTS, POSTS, Post
from app.kernel.scope import Audience, ByRule
from app.kernel.states import Choice, State

# The post as a closed list with Chinese words, for columns and forms; its codes are those of kernel/posts.py.
PostName: type[Choice] = cast(Any, Choice)(
    "PostName", {post.name: (post.value, facts.label) for post, facts in POSTS.items()}
)
COMPANY_WIDE = tuple(post.value for post, facts in POSTS.items() if facts.company_wide)


class JobDescription(Choice):
    """Which written job applies to a supervisor: part of his assignment (02 §2.1.6)."""

    S1 = ("S1", "S1 售楼部销售主管")
    S2 = ("S2", "S2 销售主管")
    S3 = ("S3", "S3 销售主管")


class PersonState(State):
    """Whether somebody may sign in and hold a post."""

    ACTIVE = ("active", "在岗", "ok")
    DISABLED = ("disabled", "停用", "warn")
    LEFT = ("left", "离职", "mute")


class DelegationState(State):
    """A 代理授权 from draft to its end."""

    DRAFT = ("draft", "草稿", "mute")
    REVIEW = ("review", "待批", "info")
    APPROVED = ("approved", "已批", "ok")
    REFUSED = ("refused", "未批准", "bad")
    REVOKED = ("revoked", "已撤销", "mute")


class Person(ByRule, Document):
    """人员: somebody who works here; the account is apart, so that a leaver's name stays on old papers."""

    __tablename__ = "person"
    __label__ = "人员"
    __title__ = "name"
    __labels__: ClassVar[dict[str, str]] = {"login": "账号"}
    __table_args__ = (UniqueConstraint("user_id", name="uq_person_user"),)
    audience = Audience("people", ALL_POSTS)
    writers = frozenset({Post.ADMIN})

    name: Mapped[str] = field("姓名", String(64), nullable=False)
    company_id: Mapped[int] = field("公司", ForeignKey("company.id"), nullable=False)
    user_id: Mapped[int | None] = field("登录账号", ForeignKey("ab_user.id"), auto=True)
    phone: Mapped[str | None] = field(
        "手机", Encrypted, personal="phone", readers=[Post.ADMIN, Post.ADMINISTRATION, Post.SALES_ADMIN]
    )
    hired_on: Mapped[date | None] = field("入职日期", Date)
    left_on: Mapped[date | None] = field("最后工作日", Date, auto=True)
    state: Mapped[PersonState] = state_field(PersonState)
    demo: Mapped[bool] = field("演示人员", Boolean, nullable=False, default=False, auto=True)

    company: Mapped[Company] = relationship()
    user: Mapped[Any] = relationship("User")  # the framework's account, by name: models know no web
    assignments: Mapped[list[Assignment]] = relationship(back_populates="person", order_by="Assignment.since")

    @property
    def login(self) -> str:
        """The name he signs in with, empty when he has no account."""
        return self.user.username if self.user is not None else ""

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Oneself, and everybody with a post that the actor sees (07: names and posts of the own project)."""
        if actor.holds(OVERSEERS):
            return true()
        table: Any = Assignment.__table__
        posted = select(table.c.person_id).where(posted_where(table.c, actor))
        return or_(cls.id == actor.person_id, cls.id.in_(posted))


class Assignment(ByRule, Document):
    """任职: a person holds a post in a project (company-wide posts: in none) from a day until a day (02 §2.1.6)."""

    __tablename__ = "assignment"
    __label__ = "任职"
    __title__ = "id"
    __table_args__ = (
        CheckConstraint(
            "(project_id IS NULL) = (post IN ({}))".format(", ".join(f"'{code}'" for code in COMPANY_WIDE)),
            name="where",
        ),
        CheckConstraint("until IS NULL OR until >= since", name="dates"),
        one_live_row("person_id", "project_id", "post", alive="until IS NULL", name="uq_assignment_open"),
    )
    audience = Audience("assignments", ALL_POSTS)
    writers = frozenset({Post.ADMIN})

    person_id: Mapped[int] = field("人员", ForeignKey("person.id"), nullable=False, index=True)
    post: Mapped[Any] = field("岗位", PostName, nullable=False, index=True)
    project_id: Mapped[int | None] = field("项目", ForeignKey("project.id"), index=True, hint="公司级岗位不填")
    team_id: Mapped[int | None] = field("班组", ForeignKey("team.id"), hint="不填表示全案场")
    job_description: Mapped[JobDescription | None] = field("适用职责", JobDescription, hint="销售主管必填")
    since: Mapped[date] = field("任职起", Date, nullable=False)
    until: Mapped[date | None] = field("任职止", Date, hint="最后一天，当天仍有效")

    person: Mapped[Person] = relationship(back_populates="assignments")
    project: Mapped[Project | None] = relationship()
    team: Mapped[Team | None] = relationship()

    def __str__(self) -> str:
        return f"{self.person.name} · {self.post.label}" if self.person else self.__label__

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        return posted_where(cls, actor)


def posted_where(columns: Any, actor: Actor) -> ColumnElement[bool]:
    """Assignments that the actor sees: all of his projects; the agency's people also see its company-wide posts."""
    if actor.holds(OVERSEERS):
        return true()
    projects = sorted(actor.projects)
    inside: ColumnElement[bool] = columns.project_id.in_(projects)
    if not actor.posts & AGENCY_POSTS:
        return inside
    project, person = cast(Any, Project.__table__), cast(Any, Person.__table__)
    agencies = select(project.c.agency_id).where(project.c.id.in_(projects))
    colleagues = select(person.c.id).where(person.c.company_id.in_(agencies))
    return or_(inside, and_(columns.project_id.is_(None), columns.person_id.in_(colleagues)))


class Delegation(ByRule, Document):
    """代理授权 (S3.1): somebody absent gives his post in one project to a deputy for some days (02 §2.1.2)."""

    __tablename__ = "delegation"
    __label__ = "代理授权"
    __title__ = "title"
    __labels__: ClassVar[dict[str, str]] = {"title": "代理"}
    __table_args__ = (
        CheckConstraint("until >= since", name="dates"),
        CheckConstraint("absent_id <> deputy_id", name="two_people"),
    )
    audience = Audience("delegations", ALL_POSTS)
    writers = ALL_POSTS - OVERSEERS

    absent_id: Mapped[int] = field("被代理人", ForeignKey("person.id"), nullable=False, index=True)
    deputy_id: Mapped[int] = field("代理人", ForeignKey("person.id"), nullable=False, index=True)
    post: Mapped[Any] = field("代理岗位", PostName, nullable=False)
    project_id: Mapped[int] = field("项目", ForeignKey("project.id"), nullable=False, index=True)
    since: Mapped[date] = field("代理起", Date, nullable=False)
    until: Mapped[date] = field("代理止", Date, nullable=False, hint="最后一天，当天仍有效")
    reason: Mapped[str] = field("事由", String(300), nullable=False, wide=True, long=True)
    state: Mapped[DelegationState] = state_field(DelegationState)
    submitted_by: Mapped[int | None] = field("提交人", Integer, auto=True, lookup="person")
    revoked_at: Mapped[datetime | None] = field("撤销时间", DateTime, auto=True)

    absent: Mapped[Person] = relationship(foreign_keys=[absent_id])
    deputy: Mapped[Person] = relationship(foreign_keys=[deputy_id])
    project: Mapped[Project] = relationship()

    @property
    def title(self) -> str:
        """«周敏 代 吴越（案场经理）»."""
        return f"{self.deputy.name} 代 {self.absent.name}（{self.post.label}）" if self.deputy and self.absent else ""

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """Both persons, whoever wrote it, HQ and the auditor (07); the superior reads it while he decides."""
        mine = or_(
            cls.absent_id == actor.person_id, cls.deputy_id == actor.person_id, cls.created_by == actor.person_id
        )
        over = actor.projects_as({Post.SALES_ADMIN, Post.AUDITOR})
        return or_(mine, cls.project_id.in_(sorted(over)) if over else false())


def person_by_login(session: Session, login: str) -> Person | None:
    """The person behind an account name, within the actor's scope."""
    return session.scalars(select(Person).where(Person.user.has(username=login))).first()


def team_of_person(session: Session, person_id: int, project_id: int, day: date) -> int | None:
    """The team in which the person works in this project on that day; None = the whole site, or no post there.

    Read unscoped: a paper gets its owner's team whoever writes it.
    """
    query = (
        select(Assignment.team_id)
        .where(Assignment.person_id == person_id, Assignment.project_id == project_id, Assignment.since <= day)
        .where(or_(Assignment.until.is_(None), Assignment.until >= day))
        .order_by(Assignment.team_id.is_(None), Assignment.id)
        .limit(1)
    )
    return session.scalars(query, execution_options={"unscoped": True}).first()
