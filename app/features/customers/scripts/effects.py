"""What follows on a 统一口径: its series, its number, the version before superseded, everybody who sells signs it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.customers.scripts.models import AT_WORK, SalesScript, ScriptState, Topic
from app.features.organisation.numbers import number_for
from app.kernel.actors import directory
from app.kernel.approval.kinds import Need
from app.kernel.errors import RuleError
from app.kernel.posts import Post
from app.kernel.readings import ask_to_read, stop_asking
from app.kernel.workflow import Act, fire

UNSCOPED = {"unscoped": True}
READERS_SIGN = (Post.CONSULTANT, Post.ASSISTANT, Post.CHANNEL_OFFICER, Post.SUPERVISOR)


def begin_series(session: Session, paper: SalesScript) -> None:
    """The first version names the series."""
    if paper.origin_id is None:
        paper.origin_id = paper.id
        session.flush()


def approval_need(_session: Session, paper: Any) -> Need:
    """What the site manager reads."""
    never = f"　不得承诺：{paper.never}" if paper.never else ""
    return Need(summary=f"{paper.kind.label}·{paper.topic.label}：{paper.title}　{paper.content[:200]}{never}"[:500])


def note_submitter(act: Act) -> None:
    act.document.submitted_by = act.actor.person_id


def _number(session: Session, paper: SalesScript, today: date) -> str:
    """The first version takes the next number, a later one adds its version to that: «KJ-JPYL-2026-0003-2»."""
    first = session.scalars(
        select(SalesScript.number).where(SalesScript.id == paper.origin_id), execution_options=UNSCOPED
    ).first()
    return f"{first}-{paper.revision}" if first else number_for(session, paper, today)


def supersede_older(act: Act) -> None:
    """Guard that acts before the new version stands: at most one version is valid."""
    query = select(SalesScript).where(
        SalesScript.origin_id == act.document.origin_id, SalesScript.state == ScriptState.VALID,
        SalesScript.id != act.document.id,
    )  # fmt: skip
    for older in act.session.scalars(query, execution_options=UNSCOPED).all():
        fire(act.session, older, "supersede", act.actor, internal=True, note=str(act.document))


def become_valid(act: Act) -> None:
    """Number, day, and everybody who talks to customers is asked to read and sign."""
    paper: SalesScript = act.document
    paper.number = paper.number or _number(act.session, paper, act.at.date())
    paper.valid_from = act.at.date()
    holders = [h for post in READERS_SIGN for h in directory().holders(post, paper.project_id, None, act.at)]
    ask_to_read(
        act.session, paper, {h.person_id: h.name for h in holders}, f"新口径：{paper}", outside="有统一口径待签收"
    )


def note_end(act: Act) -> None:
    """It holds no longer, and nobody is asked to sign it any more."""
    act.document.ended_on = act.at.date()
    stop_asking(act.session, act.document)


def revise(act: Act) -> None:
    """The next version begins as a copy; the present one holds until the new one is approved. Raises RuleError for a second draft."""
    old: SalesScript = act.document
    open_now = select(SalesScript.id).where(SalesScript.origin_id == old.origin_id, SalesScript.state.in_(AT_WORK))
    if act.session.scalars(open_now).first() is not None:
        raise RuleError("这条口径已有一个版本在修订中，请先办完那一个版本")
    act.session.add(SalesScript(
        project_id=old.project_id, title=old.title, kind=old.kind, topic=old.topic, content=old.content, never=old.never,
        basis=old.basis, changes=act.form["changes"], revision=old.revision + 1, origin_id=old.origin_id,
        created_by=act.actor.person_id,
    ))  # fmt: skip
    act.session.flush()


def valid_scripts(session: Session, project_id: int, topics: Sequence[Topic], limit: int) -> list[SalesScript]:
    """The valid answers on these topics within the reader's rows, in the order of the topics."""
    if not topics:
        return []
    query = select(SalesScript).where(
        SalesScript.project_id == project_id, SalesScript.state == ScriptState.VALID, SalesScript.topic.in_(topics)
    )
    found = sorted(session.scalars(query), key=lambda one: (list(topics).index(one.topic), -one.id))
    return found[:limit]
