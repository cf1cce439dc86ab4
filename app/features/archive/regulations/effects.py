"""What follows on a 制度文件: opinions are asked for, the old version is superseded, everybody concerned signs (S2.9)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from app.features.archive.regulations.models import (
    AT_WORK,
    Concerned,
    Regulation,
    RegulationOpinion,
    RegulationState,
)
from app.features.organisation.numbers import number_for
from app.features.organisation.parameters import parameter
from app.kernel.actors import Actor, Holder, directory
from app.kernel.approval.kinds import Need
from app.kernel.errors import NotFound, RuleError
from app.kernel.notices import NoticeKind, answered, notify
from app.kernel.posts import Post
from app.kernel.readings import ask_to_read, page_of, stop_asking
from app.kernel.workflow import Act, fire

UNSCOPED = {"unscoped": True}
SALES = frozenset({Post.CONSULTANT, Post.ASSISTANT, Post.CHANNEL_OFFICER, Post.SUPERVISOR})
OFFICE = frozenset({Post.CLERK, Post.CONTRACT_OFFICER})
POSTS_OF = {
    Concerned.SALES: SALES, Concerned.OFFICE: OFFICE, Concerned.EVERYBODY: SALES | OFFICE | {Post.SITE_MANAGER, Post.PROJECT_MANAGER},
}  # fmt: skip


def people_of(paper: Regulation, moment: Any) -> dict[int, Holder]:
    """Everybody of the project whom the regulation concerns, once."""
    posts = POSTS_OF[paper.concerned]
    found = [h for post in sorted(posts) for h in directory().holders(post, paper.project_id, None, moment)]
    return {h.person_id: h for h in found}


def begin_series(session: Session, paper: Regulation) -> None:
    """The first version names the series."""
    if paper.series_id is None:
        paper.series_id = paper.id
        session.flush()


def ask_opinions(act: Act) -> None:
    """Everybody concerned is asked once; who wrote it need not answer himself."""
    paper: Regulation = act.document
    days = parameter(act.session, paper.project_id, "opinion_days")
    paper.opinions_until = act.get("until") or act.at.date() + timedelta(days=days)
    if paper.opinions_until < act.at.date():
        raise RuleError("意见截止日期不能早于今天", field="until")
    known = {one.person_id for one in paper.opinions}
    asked = {i: h for i, h in people_of(paper, act.at).items() if i not in known and i != act.actor.person_id}
    for person_id, holder in asked.items():
        paper.opinions.append(
            RegulationOpinion(project_id=paper.project_id, person_id=person_id, person_name=holder.name)
        )
    act.session.flush()
    notify(
        act.session,
        asked,
        f"请提意见：{paper}",
        body=f"{paper.opinions_until} 前提出",
        url=page_of(paper),
        project_id=paper.project_id,
        kind=NoticeKind.REMINDER,
        outside="有制度征求意见",
    )


def _asked(session: Session | None, paper: Regulation, person_id: int) -> RegulationOpinion | None:
    if session is None:
        return None
    query = select(RegulationOpinion).where(
        RegulationOpinion.regulation_id == paper.id, RegulationOpinion.person_id == person_id
    )
    return session.scalars(query).first()


def is_asked(paper: Any, actor: Actor) -> bool:
    """His opinion is asked for; he may change it until the time is over."""
    return _asked(object_session(paper), paper, actor.person_id) is not None


def give_opinion(act: Act) -> None:
    """What he thinks of it."""
    row = _asked(act.session, act.document, act.actor.person_id)
    if row is None:  # `shown` has said so; a row that went meanwhile is nobody's
        raise NotFound("regulation_opinion")
    row.opinion, row.given_at = act.form["opinion"], act.at
    answered(act.session, [act.actor.person_id], page_of(act.document))


def note_study(act: Act) -> None:
    """The meeting, and what came of it."""
    paper: Regulation = act.document
    paper.studied_on, paper.study_note = act.form["on"], act.form["conclusion"]
    if paper.studied_on > act.at.date():
        raise RuleError("研究日期不能晚于今天", field="on")
    answered(act.session, [one.person_id for one in paper.opinions], page_of(paper))


def approval_need(_session: Session, paper: Any) -> Need:
    """What the site manager reads."""
    given = sum(1 for one in paper.opinions if one.given_at is not None)
    return Need(
        summary=f"{paper.kind.label}，适用{paper.concerned.label}，征求意见 {len(paper.opinions)} 人、收到 {given} 条。{paper.study_note}"[
            :500
        ]
    )


def note_submitter(act: Act) -> None:
    act.document.submitted_by = act.actor.person_id


def _number(session: Session, paper: Regulation, today: date) -> str:
    """The first version takes the next number, a later one adds its version to that: «ZD-JPYL-2026-0003-2»."""
    first = session.scalars(
        select(Regulation.number).where(Regulation.id == paper.series_id), execution_options=UNSCOPED
    ).first()
    return f"{first}-{paper.revision}" if first else number_for(session, paper, today)


def come_into_force(act: Act) -> None:
    """Number, day, the version before superseded, an empty signature for everybody concerned."""
    paper: Regulation = act.document
    paper.number = paper.number or _number(act.session, paper, act.at.date())
    paper.in_force_on = act.at.date()
    people = {person_id: holder.name for person_id, holder in people_of(paper, act.at).items()}
    ask_to_read(act.session, paper, people, f"新制度：{paper}", outside="有制度待签收")


def supersede_older(act: Act) -> None:
    """Guard that acts before the new version stands: at most one version is in force."""
    query = select(Regulation).where(
        Regulation.series_id == act.document.series_id,
        Regulation.state == RegulationState.IN_FORCE,
        Regulation.id != act.document.id,
    )
    for older in act.session.scalars(query, execution_options=UNSCOPED).all():
        fire(act.session, older, "supersede", act.actor, internal=True, note=str(act.document))


def note_end(act: Act) -> None:
    """It holds no longer, and nobody is asked to sign it any more."""
    paper: Regulation = act.document
    paper.ended_on = act.at.date()
    stop_asking(act.session, paper)


def revise(act: Act) -> None:
    """The next version begins as a copy; the present one holds until the new one is in force."""
    old: Regulation = act.document
    open_now = select(Regulation.id).where(
        Regulation.series_id == old.series_id, Regulation.revision > old.revision, Regulation.state.in_(AT_WORK)
    )
    if act.session.scalars(open_now).first() is not None:  # two at once meet the index, which knows the series only
        raise RuleError("这份制度已有一个版本在修订中，请先办完那一个版本")
    act.session.add(Regulation(
        project_id=old.project_id, title=old.title, kind=old.kind, concerned=old.concerned, content=old.content,
        changes=act.form["changes"], revision=old.revision + 1, series_id=old.series_id, created_by=act.actor.person_id,
    ))  # fmt: skip
    act.session.flush()
