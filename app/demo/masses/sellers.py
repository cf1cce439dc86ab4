"""Whose the many customers are: the sellers of the demo, some dozens who have left since, and nobody (公海)."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app.demo import invented
from app.demo.masses.invented_customers import SEED, Seller
from app.features.organisation.models import Assignment, Company, CompanyKind, Person, PostName, Project, Team

FORMER = 40  # sellers of the past years
AGENCY = Company.kind == CompanyKind.AGENCY
OWN = 12_000  # customers of the first seller at most (04 F1)
IN_POOL = 0.08


class Sellers:
    """Gives every customer his seller. other: the first customers of all are the other project's, so that its rows are old."""

    def __init__(self, session: Any, today: date, number: int) -> None:
        projects = {p.code: p for p in session.scalars(select(Project))}
        self.main, self.far = projects["JPYL"], projects["CH1"]
        self.teams = list(session.scalars(select(Team).where(Team.project_id == self.main.id).order_by(Team.id)))
        self.other = number // 50
        self.every = max(2, -(-number // min(OWN, max(1, number * 12 // 100))))
        self.first = self._posted(session, self.main)
        self.far_seller = self._posted(session, self.far)
        self.former = _former(session, self.main, self.teams, today)

    def of(self, place: int, chance: random.Random) -> tuple[Seller, int | None]:
        """The seller of the place-th customer and, seldom, who shares him."""
        if place < self.other:
            return self.far_seller, None
        if place % self.every == 0:
            return self.first, None
        seller = chance.choice(self.former)
        if chance.random() < IN_POOL:
            return replace(seller, person_id=None, team_id=None), None
        return seller, self.first.person_id if place % (self.every * 20) == 1 else None

    def _posted(self, session: Any, project: Project) -> Seller:
        """The consultant of the project who was engaged first."""
        query = select(Assignment).where(
            Assignment.project_id == project.id, Assignment.post == PostName["CONSULTANT"], Assignment.until.is_(None)
        )
        found = session.scalars(query.order_by(Assignment.id)).first()
        return Seller(found.person_id, found.team_id, project.id, found.person_id)


def _former(session: Any, project: Project, teams: list[Team], today: date) -> list[Seller]:
    """Sellers whose posts have ended; made once."""
    query = select(Assignment).where(
        Assignment.project_id == project.id, Assignment.post == PostName["CONSULTANT"], Assignment.until.is_not(None)
    )
    posts = list(session.scalars(query.order_by(Assignment.id)))
    if len(posts) < FORMER:
        posts = _engaged_and_left(project, teams, today, session.scalars(select(Company).where(AGENCY)).first())
        session.add_all(posts)
        session.flush()
    return [Seller(post.person_id, post.team_id, project.id, post.person_id) for post in posts[:FORMER]]


def _engaged_and_left(project: Project, teams: list[Team], today: date, agency: Company) -> list[Assignment]:
    chance = random.Random(SEED)  # noqa: S311 - invented people, no secret
    made = []
    for number in range(FORMER):
        person = Person(name=invented.name(chance, male=number % 2 == 0), company=agency, demo=True)
        since, until = today - timedelta(days=1100), today - timedelta(days=1 + number * 7)
        post = {"post": PostName["CONSULTANT"], "team": teams[number % len(teams)], "since": since, "until": until}
        made.append(Assignment(person=person, project=project, **post))
    return made
