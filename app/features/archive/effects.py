"""What keeping a filed paper means, of a household or of the site alike: place, keeper, seal, destruction by two people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from app.features.archive.papers.models import Paper
from app.features.archive.site_files.models import SiteFile
from app.kernel.actors import Actor
from app.kernel.attachments import Attachment, files_of
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.file_erasure import digest_of, give_up_files
from app.kernel.workflow import Act

UNSCOPED = {"unscoped": True}
FILED: tuple[type[Any], ...] = (Paper, SiteFile)


def move(act: Act) -> None:
    act.document.box, act.document.shelf = act.get("box") or "", act.get("shelf") or ""


def pass_on(act: Act) -> None:
    """Another person keeps it from now on."""
    act.document.keeper_id = int(act.form["keeper"])


def may_be_sealed(paper: Any, _actor: Actor) -> bool:
    """Sealed once, and only with something to seal."""
    session = object_session(paper)
    return paper.sealed_at is None and session is not None and bool(files_of(session, paper))


def seal(act: Act) -> None:
    """封存: from now on its files are kept as they are; a newer version is added beside them (电子签名法 §5)."""
    paper, files = act.document, files_of(act.session, act.document)
    paper.sealed_at, paper.sealed_digest, paper.sealed_files = act.at, digest_of(files), [one.id for one in files]


def may_go(paper: Any, _actor: Actor) -> bool:
    """Its years are over; what is kept for good, or for a time that has not begun, never goes."""
    return paper.keep_until is not None and paper.keep_until < now().date()


def note_asker(act: Act) -> None:
    act.document.asked_by = act.actor.person_id


def forget_asker(act: Act) -> None:
    act.document.asked_by = None


def retention_is_over(act: Act) -> None:
    """Guard: still over when it is agreed to; a household may have been opened again meanwhile."""
    day = act.document.keep_until
    if day is None:
        raise RuleError("「{what}」长期保管，或保管期还没有开始计算，不能销毁", what=act.document)
    if day >= act.at.date():
        raise RuleError("「{what}」保管到 {day}，到期前不能销毁", what=act.document, day=day)


def second_person(act: Act) -> None:
    """Guard: two people destroy a paper."""
    if act.document.asked_by == act.actor.person_id:
        raise RuleError("销毁要两个人办理：申请人自己不能核准")


def destroy_files(act: Act) -> None:
    """The entry stays, its files go; their content is erased afterwards by a job."""
    give_up_files(act.session, act.document, act.actor)


def seal_faults(session: Session) -> Iterator[str]:
    """Chinese findings for `doctor`: a sealed paper whose files are not those that were sealed."""
    for model in FILED:
        rows = session.scalars(select(model).where(model.sealed_at.is_not(None)), execution_options=UNSCOPED)
        for paper in rows:
            files = session.scalars(select(Attachment).where(Attachment.id.in_(paper.sealed_files))).all()
            if digest_of(files) != paper.sealed_digest:
                yield f"「{paper}」封存后文件有变动"
