"""What follows on a 文书模板: its file is checked and kept, in use it supersedes the version before (issue 5 point 10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.archive.templates.models import BEING_CHANGED, PaperTemplate, TemplateState, kind_label
from app.kernel.actors import Actor
from app.kernel.approval.kinds import Need
from app.kernel.attachments import Attachment, Received, attach, content_of, store
from app.kernel.errors import RuleError
from app.kernel.papers.kinds import PRINTED
from app.kernel.papers.templates import Template
from app.kernel.workflow import Act, fire

UNSCOPED = {"unscoped": True}


def name_version(session: Session, paper: PaperTemplate) -> None:
    """Its paper's name, and the next number of its kind in the project. Raises RuleError for an unknown kind."""
    if paper.paper_key not in PRINTED:
        raise RuleError("请选择文书种类", field="kind")
    same = (PaperTemplate.project_id == paper.project_id, PaperTemplate.paper_key == paper.paper_key)
    at_work = select(PaperTemplate.id).where(
        *same, PaperTemplate.state.in_((TemplateState.DRAFT, TemplateState.REVIEW))
    )
    if session.scalars(at_work, execution_options=UNSCOPED).first() is not None:  # two at once meet the index
        raise RuleError(BEING_CHANGED, field="kind")
    last = session.scalar(select(func.max(PaperTemplate.revision)).where(*same), execution_options=UNSCOPED)
    paper.title, paper.revision = kind_label(paper.paper_key), (last or 0) + 1


def take_file(session: Session, actor: Actor, paper: PaperTemplate, received: Received) -> None:
    """The checked Word file becomes the template of this draft (inside a write transaction)."""
    row = attach(session, actor, paper, received)
    paper.file_id, paper.file_sha256, paper.file_name = row.id, row.sha256, row.name
    session.flush()


def has_file(act: Act) -> None:
    """Guard: there is something to review."""
    if act.document.file_id is None:
        raise RuleError("还没有上传模板文件，请先点「上传 Word 模板」")


def note_submitter(act: Act) -> None:
    act.document.submitted_by = act.actor.person_id


def approval_need(_session: Session, paper: Any) -> Need:
    """What the site manager reads; the file and its preview are on the page of the template."""
    return Need(summary=f"{paper.title}第 {paper.revision} 版，{paper.file_name}。{paper.changes}"[:500])


def supersede_older(act: Act) -> None:
    """Guard that acts before the new version stands: at most one is in use."""
    query = select(PaperTemplate).where(
        PaperTemplate.project_id == act.document.project_id, PaperTemplate.paper_key == act.document.paper_key,
        PaperTemplate.state == TemplateState.IN_USE, PaperTemplate.id != act.document.id,
    )  # fmt: skip
    for older in act.session.scalars(query, execution_options=UNSCOPED).all():
        fire(act.session, older, "supersede", act.actor, internal=True, note=str(act.document))


def come_into_use(act: Act) -> None:
    act.document.in_use_on = act.at.date()


def note_end(act: Act) -> None:
    act.document.ended_on = act.at.date()


def template_in_use(session: Session, project_id: int | None, kind: str) -> Template | None:
    """Source of kernel/papers: the project's own template, whoever prints."""
    query = select(PaperTemplate).where(
        PaperTemplate.project_id == project_id,
        PaperTemplate.paper_key == kind,
        PaperTemplate.state == TemplateState.IN_USE,
    )
    paper = session.scalars(query, execution_options=UNSCOPED).first()
    if paper is None:
        return None
    file = session.get_one(Attachment, paper.file_id)
    return Template(f"第 {paper.revision} 版", content_of(file), paper.id)


def template_faults(session: Session) -> Iterator[str]:
    """Chinese findings for `doctor`: a template in use whose file is gone or is not the reviewed one."""
    query = select(PaperTemplate).where(PaperTemplate.state == TemplateState.IN_USE)
    for paper in session.scalars(query, execution_options=UNSCOPED):
        file = session.get(Attachment, paper.file_id) if paper.file_id else None
        if file is None or file.sha256 != paper.file_sha256 or not store().is_whole(file.sha256):
            yield f"文书模板「{paper}」的文件缺失，或不是审核过的那一份"
