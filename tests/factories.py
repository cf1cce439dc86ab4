"""Short makers of the records that nearly every test needs; each fills what the test does not care about."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.features.organisation.effects import appoint, open_account
from app.features.organisation.models import (
    Company,
    CompanyKind,
    JobDescription,
    Person,
    Project,
    SalesStage,
    Team,
)
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.posts import Post
from app.kernel.transactions import write

PASSWORD = "anchang-demo"
LONG_AGO = date(2020, 1, 1)


def saved(session: Session, record: Any) -> Any:
    """Insert one record as SYSTEM and give it back."""

    def work() -> Any:
        session.add(record)
        session.flush()
        return record

    with acting_as(SYSTEM):
        return write(session, work)


def company(session: Session, name: str, kind: CompanyKind = CompanyKind.AGENCY) -> Company:
    return saved(session, Company(name=name, kind=kind))


def project(session: Session, code: str, agency: Company, developer: Company, **more: Any) -> Project:
    values = {"name": f"项目{code}", "stage": SalesStage.STRONG} | more
    return saved(session, Project(code=code, agency=agency, developer=developer, **values))


def team(session: Session, name: str, of: Project) -> Team:
    return saved(session, Team(name=name, project_id=of.id))


def person(session: Session, login: str, name: str, employer: Company) -> Person:
    """Somebody with an account; the password of all is PASSWORD."""

    def work() -> Person:
        made = Person(name=name, company=employer)
        session.add(made)
        session.flush()
        open_account(session, made, login, PASSWORD, must_change=False, exempt=True)
        return made

    with acting_as(SYSTEM):
        return write(session, work)


def post(
    session: Session, who: Person, what: Post, where: Project | None = None, in_team: Team | None = None, **more: Any
) -> None:
    """Give a post since LONG_AGO (or `since=`); supervisors get job description S1 unless told."""
    more.setdefault("since", LONG_AGO)
    if what is Post.SUPERVISOR:
        more.setdefault("job_description", JobDescription.S1)
    with acting_as(SYSTEM):
        appoint(session, who, what, where, team=in_team, **more)
