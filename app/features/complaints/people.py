"""Posts that several papers of this room name, and who hears of a paper that speaks of somebody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.customers.models import Customer
from app.features.organisation.models import team_of_person
from app.kernel.actors import directory
from app.kernel.confidential import named_in
from app.kernel.errors import RuleError
from app.kernel.notices import NoticeKind, answered, notify, unsay
from app.kernel.posts import AGENCY_POSTS, ALL_POSTS, Post

HANDLERS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER})
EXPORTERS = HANDLERS | {Post.SALES_ADMIN, Post.GENERAL_MANAGER}
NAMED = ALL_POSTS - {Post.ADMIN, Post.AUDITOR}  # of whom a customer may complain
ON_SITE = AGENCY_POSTS - {Post.SALES_ADMIN, Post.GENERAL_MANAGER, Post.FINANCE, Post.ADMINISTRATION, Post.MARKETING}
UPWARD = (Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.GENERAL_MANAGER)


def holders_of(post: Post, paper: Any, moment: datetime) -> set[int]:
    """Who holds the post for this paper, but the people whom it is about and whoever stands in for them."""
    named = named_in(paper)
    absent = {directory().person_name(person_id) for person_id in named}
    found = directory().holders(post, paper.project_id, paper.team_id, moment)
    people = {h.person_id for h in found if h.person_id not in named and h.acting_for not in absent}
    return people if paper.team_id is not None else {i for i in people if _of_the_whole_site(i, post, moment)}


def _of_the_whole_site(person_id: int, post: Post, moment: datetime) -> bool:
    """A paper of no team is not seen by whoever leads one team only."""
    actor = directory().actor_for_person(person_id, moment)
    return actor is not None and any(p.post is post and p.team_id is None for p in actor.postings)


def handlers_of(paper: Any, moment: datetime, first: Post = Post.SUPERVISOR) -> set[int]:
    """The lowest post from `first` upward in which somebody may know of the paper: its people."""
    for post in UPWARD[UPWARD.index(first) :]:
        if people := holders_of(post, paper, moment):
            return people
    return set()


def tell(
    session: Session,
    people: Iterable[int],
    paper: Any,
    title: str,
    outside: str,
    *,
    urgent: bool = False,
    duty: bool = True,
) -> None:
    """A notice with the number of the paper and nothing of what it says."""
    notify(
        session, set(people) - named_in(paper), title, url=page_of(paper), project_id=paper.project_id,
        kind=NoticeKind.DUE if duty else NoticeKind.NEWS, urgent=urgent, outside=outside,
    )  # fmt: skip


def page_of(paper: Any) -> str:
    """The address of the paper."""
    return f"/{paper.__tablename__.replace('_', '-')}/show/{paper.id}"


def settled(session: Session, paper: Any, moment: datetime) -> None:
    """What its handlers were asked about this paper so far is done: nobody is reminded of it any longer."""
    people = {i for post in UPWARD[:3] for i in holders_of(post, paper, moment)}
    answered(session, people, page_of(paper))


def forget(session: Session, paper: Any) -> None:
    """Whoever is named in the paper loses what he was told of it before he was named."""
    unsay(session, named_in(paper), page_of(paper))


def refuse_own(paper: Any, actor_id: int) -> None:
    """Nobody writes or grades a paper about himself. Raises RuleError."""
    for name in ("against_id", "also_against_id"):
        if getattr(paper, name) == actor_id:
            raise RuleError("涉及本人的事不能由本人登记或定级，请交给主管或上级办理", field=name)
    if paper.against_id is not None and paper.against_id == paper.also_against_id:
        raise RuleError("两处选了同一个人，请改选", field="also_against_id")


def team_for(session: Session, paper: Any, day: date) -> int | None:
    """The team whose supervisor handles it: of whom it is about, else of the customer, else of whoever wrote it."""
    customer_id = getattr(paper, "customer_id", None)
    if paper.against_id is None and customer_id is not None:
        query = select(Customer.team_id).where(Customer.id == customer_id)
        if (team := session.scalar(query, execution_options={"unscoped": True})) is not None:
            return team
    for person_id in (paper.against_id, paper.owner_id):
        if person_id is not None and (team := team_of_person(session, person_id, paper.project_id, day)) is not None:
            return team
    return None


def leads(paper: Any, moment: datetime) -> bool:
    """Whether somebody named in the paper leads the site, so that it goes past him at once."""
    leaders = (Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER)
    held = {h.person_id for post in leaders for h in directory().holders(post, paper.project_id, None, moment)}
    return bool(held & named_in(paper))
