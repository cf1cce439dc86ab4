"""People get posts, accounts and leave: what follows across records (02 §2.1, 07 «公司 项目 人员 岗位 参数»)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.organisation import rules
from app.features.organisation.models import Assignment, CompanyKind, JobDescription, Person, PostName, Project, Team
from app.kernel.accounts import end_all_sessions
from app.kernel.base import now
from app.kernel.credentials import create_account, set_active
from app.kernel.errors import RuleError
from app.kernel.posts import POSTS, Post
from app.kernel.transactions import write


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
        rules.require_place_of_post(post, has_project=project is not None, has_team=team is not None)
        rules.require_side(post, employed_by_developer=person.company.kind is CompanyKind.DEVELOPER)
        rules.require_job_description(post, given=job_description is not None)
        rules.require_period(since, until)
        if project is not None and person.company_id not in (project.agency_id, project.developer_id):
            raise RuleError("{name} 不是该项目代理公司或甲方的人员", field="project_id", name=person.name)
        if team is not None and project is not None and team.project_id != project.id:
            raise RuleError("班组「{team}」不属于该项目", field="team_id", team=team.name)
        _require_no_twin(session, person, post, project, since, until)
        made = Assignment(
            person=person,
            post=PostName[post.name],
            project=project,
            team=team,
            since=since,
            until=until,
            job_description=job_description,
        )
        session.add(made)
        session.flush()
        _sign_out(session, person)
        return made

    return write(session, work)


def _sign_out(session: Session, person: Person) -> None:
    """Who gets or loses a post signs in again (04 S5)."""
    if person.user_id is not None:
        end_all_sessions(session, person.user_id)


def _require_no_twin(
    session: Session, person: Person, post: Post, project: Project | None, since: date, until: date | None
) -> None:
    held = session.scalars(
        select(Assignment).where(
            Assignment.person_id == person.id,
            Assignment.post == post.value,
            Assignment.project_id == project.id if project is not None else Assignment.project_id.is_(None),
        )
    )
    if any(rules.overlap((since, until), (a.since, a.until)) for a in held):
        raise RuleError("{name} 在这段时间已经担任「{post}」", field="since", name=person.name, post=POSTS[post].label)


def end_assignment(session: Session, assignment: Assignment, last_day: date) -> None:
    """End a post on a last day; the row stays. Raises RuleError for a day before its beginning."""

    def work() -> None:
        rules.require_period(assignment.since, last_day)
        assignment.until = last_day
        session.flush()
        _sign_out(session, assignment.person)

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
        user = create_account(
            session,
            login,
            person.name,
            "",
            password,
            must_change=must_change,
            email=f"{login}@account.invalid",
            exempt=exempt,
        )
        person.user_id = user.id
        session.flush()

    write(session, work)


def disable(session: Session, person: Person) -> None:
    """The account is off and its sessions end at once; posts stay and may be ended apart."""

    def work() -> None:
        person.active = False
        if person.user is not None:
            set_active(session, person.user, active=False)
        session.flush()

    write(session, work)


def enable(session: Session, person: Person) -> None:
    """The account is on again. Raises RuleError for somebody who left."""

    def work() -> None:
        if person.left_on is not None:
            raise RuleError("{name} 已离职，请先清空离职日期", name=person.name)
        person.active = True
        if person.user is not None:
            set_active(session, person.user, active=True)
        session.flush()

    write(session, work)


def leave(session: Session, person: Person, last_day: date) -> None:
    """A leaver: his posts end that day; from the day after on his account is off (02 §2.5.11).

    Raises RuleError for a last day before one of his posts begins.
    """

    def work() -> None:
        for assignment in person.assignments:
            if assignment.until is None or assignment.until > last_day:
                end_assignment(session, assignment, last_day)
        person.left_on = last_day
        session.flush()
        if last_day < now().date():
            disable(session, person)

    write(session, work)


def switch_off_leavers(session: Session) -> int:
    """Disable everybody whose last day is over; returns how many. Idempotent, runs every night."""
    gone = list(session.scalars(select(Person).where(Person.active.is_(True), Person.left_on < now().date())))
    for person in gone:
        disable(session, person)
    return len(gone)
