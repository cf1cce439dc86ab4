"""Several scope kinds in one statement: each row obeys the audience of its own kind, whoever asked before."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.kernel.actors import Actor, Posting, acting_as
from app.kernel.audiences import CustomerPapers, DealPapers, MoneyPapers
from app.kernel.posts import Post
from app.kernel.scope import step_scope


class Base(DeclarativeBase):
    """A world of its own, apart from the site's tables."""


class Site(Base):
    __tablename__ = "project"
    id: Mapped[int] = mapped_column(primary_key=True)


class Lead(CustomerPapers, Base):
    __tablename__ = "lead"
    id: Mapped[int] = mapped_column(primary_key=True)


class Deal(DealPapers, Base):
    __tablename__ = "deal"
    id: Mapped[int] = mapped_column(primary_key=True)


class Payment(MoneyPapers, Base):
    __tablename__ = "payment"
    id: Mapped[int] = mapped_column(primary_key=True)


MODELS = (Lead, Deal, Payment)
ME, COLLEAGUE = 7, 8
# post, scope 本组 or not → rows of project 1 seen in (lead, deal, payment): mine, a teammate's, one of another team
CASES = [
    (Post.CONSULTANT, None, (1, 1, 1)),
    (Post.SUPERVISOR, None, (3, 3, 3)),
    (Post.SUPERVISOR, 4, (2, 2, 2)),
    (Post.SITE_MANAGER, None, (3, 3, 3)),
    (Post.CONTRACT_OFFICER, None, (0, 3, 3)),
    (Post.DEVELOPER_SITE, None, (0, 3, 3)),
    (Post.DEVELOPER_LEGAL, None, (0, 0, 0)),
    (Post.FINANCE, None, (0, 0, 3)),
    (Post.ASSISTANT, 4, (2, 2, 0)),
    (Post.MARKETING, None, (0, 0, 0)),
]


@pytest.fixture(scope="module")
def site() -> Session:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    session = Session(engine)
    session.info["step"] = 1  # rows are written by nobody in particular
    session.add_all([Site(id=1), Site(id=2)])
    session.flush()
    for model in MODELS:
        session.add_all(
            [
                model(project_id=1, owner_id=ME, team_id=4),
                model(project_id=1, owner_id=COLLEAGUE, team_id=4),
                model(project_id=1, owner_id=COLLEAGUE, team_id=5),
                model(project_id=2, owner_id=COLLEAGUE, team_id=6),
            ]
        )
    session.commit()
    return session


@pytest.mark.parametrize("turn", [1, -1])  # the first one fills the statement cache: its values must not stay in it
@pytest.mark.parametrize("case", range(len(CASES)))
def test_each_kind_obeys_its_own_audience(site: Session, case: int, turn: int) -> None:
    for post, team, seen in [CASES[case], *CASES[::turn]]:
        with acting_as(Actor(ME, "某某", (Posting(post, frozenset({1}), team),))):
            assert tuple(site.scalar(select(func.count(model.id))) for model in MODELS) == seen, post
            both = select(func.count(Lead.id)).join(Deal, Deal.id == Lead.id)
            assert site.scalar(both) == min(seen[0], seen[1]), post
            site.rollback()


def test_reaches_of_different_size_in_one_statement(site: Session) -> None:
    """Customers of project 1 as supervisor, deals of both as contract officer of project 2."""
    postings = (Posting(Post.SUPERVISOR, frozenset({1})), Posting(Post.CONTRACT_OFFICER, frozenset({2})))
    with acting_as(Actor(ME, "某某", postings)):
        assert [site.scalar(select(func.count(model.id))) for model in MODELS] == [3, 4, 4]
        nested = select(func.count(Deal.id)).where(Deal.id.in_(select(Lead.id)))
        assert site.scalar(nested) == 3


def test_a_step_reads_the_papers_of_its_project_whoever_takes_it(site: Session) -> None:
    """A guard must not pass because the person sees too little; nothing of the other project comes in (07 §7.1)."""

    def counted() -> list[int | None]:
        return [site.scalar(select(func.count(model.id))) for model in MODELS]

    with acting_as(Actor(ME, "某某", (Posting(Post.DEVELOPER_LEGAL, frozenset({1})),))):
        assert counted() == [0, 0, 0]
        with step_scope(site, 1):
            assert counted() == [3, 3, 3]
            with step_scope(site, 2):
                assert counted() == [1, 1, 1]
            assert counted() == [3, 3, 3]
        assert counted() == [0, 0, 0]
