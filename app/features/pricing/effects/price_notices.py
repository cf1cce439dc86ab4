"""A price, a 付款方式 or a 销售方案 takes effect or ends: whoever names prices is told, and signs that he read it (S3.20)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.organisation.numbers import number_for
from app.features.pricing.models.price_notices import PriceNotice, PriceNoticeKind, PriceNoticeState
from app.kernel.actors import SYSTEM, directory
from app.kernel.base import now
from app.kernel.posts import Post
from app.kernel.readings import ask_to_read, stop_asking
from app.kernel.workflow import Act, fire

TOLD = (Post.CONSULTANT, Post.SUPERVISOR, Post.CLERK, Post.CONTRACT_OFFICER)
UNSCOPED = {"unscoped": True}


def announce(
    session: Session, project_id: int, kind: PriceNoticeKind, source_id: int, title: str, body: str, *, holds_from: date
) -> PriceNotice:
    """Make the notice of a change, ask everybody concerned to sign it, and end the notices of the same paper before it."""
    end_notices(session, kind, source_id, title)
    notice = PriceNotice(
        project_id=project_id,
        kind=kind,
        source_id=source_id,
        title=title[:120],
        body=body[:1000],
        holds_from=holds_from,
    )
    session.add(notice)
    session.flush()
    notice.number = number_for(session, notice, now().date())
    people = {h.person_id: h.name for post in TOLD for h in directory().holders(post, project_id, None, now())}
    ask_to_read(session, notice, people, notice.title, body=notice.body, outside=f"{kind.label}有变动，请签收")
    return notice


def end_notices(session: Session, kind: PriceNoticeKind, source_id: int, why: str) -> None:
    """The notices of a paper that holds no longer, or of which a newer notice speaks."""
    sent = select(PriceNotice).where(
        PriceNotice.kind == kind, PriceNotice.source_id == source_id, PriceNotice.state == PriceNoticeState.SENT
    )
    for old in session.scalars(sent, execution_options=UNSCOPED).all():
        fire(session, old, "replace", SYSTEM, internal=True, note=why)


def stop(act: Act) -> None:
    """Nobody is asked to sign a notice that holds no longer."""
    stop_asking(act.session, act.document)
