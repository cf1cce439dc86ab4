"""People get posts and accounts, leave, are represented: what follows across records (02 §2.1, 07)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.organisation import rules
from app.features.organisation.models import (
    Assignment,
    Company,
    CompanyKind,
    JobDescription,
    Person,
    PersonState,
    PostName,
    Project,
    Team,
)
from app.kernel.accounts import end_all_sessions
from app.kernel.actors import SYSTEM
from app.kernel.base import now
from app.kernel.credentials import create_account, set_active, set_password
from app.kernel.errors import RuleError
from app.kernel.notices import NoticeKind, notify
from app.kernel.posts import POSTS, Post
from app.kernel.transactions import write
from app.kernel.workflow import Act, fire

ALONE = frozenset(
    {Post.ADMIN, Post.AUDITOR}
)  # whoever keeps accounts or looks over all does no business himself (07 §7.1)


def appoint(
    session: Session,
    person: Person,
    post: Post,
    project: Project | None,
    *,
    since: date,
    until: date | None = None,
    team: Team | None = None,
    job_description: JobDescription | None = None,
) -> Assignment:
    """Give a post from a day on. Raises RuleError when post, project, company, team and dates do not go together."""

    def work() -> Assignment:
        made = Assignment(
            person_id=person.id,
            post=PostName[post.name],
            project_id=project.id if project is not None else None,
            team_id=team.id if team is not None else None,
            job_description=job_description,
            since=since,
            until=until,
        )
        require_fitting(session, made)
        session.add(made)
        session.flush()
        sign_out(session, person.id)
        return made

    return write(session, work)


def require_fitting(session: Session, made: Assignment) -> None:
    """All rules of a new assignment, by its ids. Raises RuleError with the field at fault."""
    post = Post(made.post.value)
    person = session.get_one(Person, made.person_id)
    project = session.get_one(Project, made.project_id) if made.project_id is not None else None
    rules.require_place_of_post(post, has_project=project is not None, has_team=made.team_id is not None)
    employer = session.get_one(Company, person.company_id)
    rules.require_side(post, employed_by_developer=employer.kind is CompanyKind.DEVELOPER)
    rules.require_job_description(post, given=made.job_description is not None)
    rules.require_period(made.since, made.until)
    if person.state is not PersonState.ACTIVE:
        raise RuleError("{name} 不在岗，不能任职", field="person_id", name=person.name)
    if project is not None and person.company_id not in (project.agency_id, project.developer_id):
        raise RuleError("{name} 不是该项目代理公司或甲方的人员", field="project_id", name=person.name)
    if made.team_id is not None and session.get_one(Team, made.team_id).project_id != made.project_id:
        raise RuleError("该班组不属于所选项目", field="team_id")
    _require_no_clash(session, person, made, post)


def _require_no_clash(session: Session, person: Person, made: Assignment, post: Post) -> None:
    """No post twice at a time; administrator and auditor hold no other post."""
    held = session.scalars(
        select(Assignment).where(Assignment.person_id == person.id), execution_options={"unscoped": True}
    )
    for other in held:
        if other is made or not rules.overlap((made.since, made.until), (other.since, other.until)):
            continue
        if other.post is made.post and other.project_id == made.project_id:
            raise RuleError(
                "{name} 在这段时间已经担任「{post}」", field="since", name=person.name, post=POSTS[post].label
            )
        if other.post is not made.post and {post, Post(other.post.value)} & ALONE:
            raise RuleError("系统管理员和审计不能兼任其他岗位", field="post")


def sign_out(session: Session, person_id: int) -> None:
    """Who gets or loses a post signs in again (04 S5)."""
    user_id = session.scalar(select(Person.user_id).where(Person.id == person_id), execution_options={"unscoped": True})
    if user_id is not None:
        end_all_sessions(session, user_id)


def end_assignment(session: Session, assignment: Assignment, last_day: date) -> None:
    """End a post on a last day; the row stays. Raises RuleError for a day before its beginning."""

    def work() -> None:
        rules.require_period(assignment.since, last_day)
        assignment.until = last_day
        session.flush()
        sign_out(session, assignment.person_id)

    write(session, work)


def open_account(
    session: Session, person: Person, login: str, password: str, *, must_change: bool = True, exempt: bool = False
) -> None:
    """Make the account by which the person signs in, with a first password that he must change.

    exempt: demo accounts, whose password is public on purpose. Raises RuleError when the person has an account, or the
    login is taken or malformed.
    """

    def work() -> None:
        rules.require_login(login)
        if person.user_id is not None:
            raise RuleError("{name} 已有账号，忘记密码请用「重设密码」", field="login", name=person.name)
        user = create_account(session, login, person.name, "", password, must_change=must_change, exempt=exempt)
        person.user_id = user.id
        session.flush()

    write(session, work)


def found_site(session: Session, agency: str, name: str, login: str, password: str) -> Person:
    """The first administrator of an empty site with the agency that he works for; he makes everybody else.

    Raises RuleError for a weak password or a login that is taken.
    """

    def work() -> Person:
        company = session.scalars(select(Company).where(Company.name == agency)).first()
        person = Person(name=name, company=company or Company(name=agency, kind=CompanyKind.AGENCY))
        session.add(person)
        session.flush()
        appoint(session, person, Post.ADMIN, None, since=now().date())
        open_account(session, person, login, password, must_change=False)
        return person

    return write(session, work)


def reset_password(session: Session, person: Person, password: str) -> None:
    """A new first password; every session of the account ends. Raises RuleError for somebody without account."""

    def work() -> None:
        if person.user is None:
            raise RuleError("{name} 还没有账号，请先开通", name=person.name)
        set_password(session, person.user, password, must_change=True)

    write(session, work)


# ── effects of the steps of a person ────────────────────────
def account_off(act: Act) -> None:
    """The account is off and its sessions end at once; posts are ended apart."""
    if act.document.user is not None:
        set_active(act.session, act.document.user, active=False)


def account_on(act: Act) -> None:
    """The account is on again."""
    act.document.left_on = None
    if act.document.user is not None:
        set_active(act.session, act.document.user, active=True)


Leaving = Callable[[Session, Person, date], None]
_leaving: list[Leaving] = []


def when_leaving(listener: Leaving) -> None:
    """A later room hears of a leaver and his last day, in the transaction of the step."""
    if listener not in _leaving:
        _leaving.append(listener)


def end_posts(act: Act) -> None:
    """A leaver: his posts end on his last day, the account is off from the day after (02 §2.5.11)."""
    last_day = act.get("last_day")
    for assignment in act.document.assignments:
        if assignment.until is None or assignment.until > last_day:
            end_assignment(act.session, assignment, max(last_day, assignment.since))
    act.document.left_on = last_day
    act.session.flush()
    for listener in _leaving:
        listener(act.session, act.document, last_day)
    if last_day < act.at.date():
        fire(act.session, act.document, "gone", act.actor, internal=True)


def switch_off_leavers(session: Session) -> int:
    """The accounts of everybody whose last day is over; returns how many. Idempotent, a periodic job."""
    query = select(Person).where(Person.state != PersonState.LEFT, Person.left_on < now().date())
    gone = list(session.scalars(query))
    for person in gone:
        fire(session, person, "gone", SYSTEM, internal=True)
    return len(gone)


# ── effects of the steps of a delegation ────────────────────
def stamp_submitter(act: Act) -> None:
    """Who asks may not decide (02 §2.1.2)."""
    act.document.submitted_by = act.actor.person_id


def stamp_end(act: Act) -> None:
    """From this moment the deputy acts no more."""
    act.document.revoked_at = act.at


def tell_both(act: Act) -> None:
    """The absent person and his deputy hear of beginning and end."""
    paper: Any = act.document
    words = f"{paper.since} 至 {paper.until}" if act.document.revoked_at is None else act.note
    notify(
        act.session,
        [paper.absent_id, paper.deputy_id],
        f"代理授权{act.document.state.label}：{paper.title}",
        body=words,
        url=f"/delegation/show/{paper.id}",
        project_id=paper.project_id,
        kind=NoticeKind.APPROVAL,
        outside=f"代理授权{act.document.state.label}",
    )
