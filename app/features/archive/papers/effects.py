"""What follows when a paper comes in, moves or goes: its 档号, its place, the seal, the folder's meter (02 §2.5.8)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.archive.folders.effects import UNSCOPED, due_after, kind_of_code, recount, terms_of
from app.features.archive.folders.models import Folder, PaperKind
from app.features.archive.models import Medium, PaperState
from app.features.archive.papers.models import FILERS, Paper
from app.features.archive.rules import keep_until, number_of_paper
from app.kernel.actors import SYSTEM, Actor
from app.kernel.attachments import Attachment
from app.kernel.base import now
from app.kernel.numbering import next_value
from app.kernel.papers.printing import copy_to
from app.kernel.workflow import Act, as_step, fire


def belong_to(paper: Paper, folder: Folder, kind: PaperKind) -> None:
    """A paper follows its folder in scope and name, and its kind in how long it is kept."""
    paper.project_id, paper.owner_id = folder.project_id, folder.owner_id
    paper.partner_id, paper.team_id = folder.partner_id, folder.team_id
    paper.unit_name, paper.customer_name = folder.unit_name, folder.customer_name
    paper.retention = kind.retention
    paper.title = paper.title or kind.name


def folder_row(session: Session, paper: Paper) -> Folder:
    """The folder of a paper, whoever acts."""
    return session.scalars(select(Folder).where(Folder.id == paper.folder_id), execution_options=UNSCOPED).one()


def come_in(act: Act) -> None:
    """It is there: 档号, place, keeper, until when it is kept."""
    paper: Paper = act.document
    folder = folder_row(act.session, paper)
    if paper.number is None:
        paper.number = number_of_paper(folder.number or "", next_value(act.session, f"paper:{folder.id}"))
    paper.box = act.get("box") or paper.box or folder.box
    paper.shelf = act.get("shelf") or paper.shelf or folder.shelf
    if act.actor.holds(FILERS, paper.project_id):
        paper.keeper_id = act.actor.person_id
    paper.keep_until = keep_until(
        paper.retention, paper.received_on, folder.settled_on, terms_of(act.session, paper.project_id)
    )


def take_in(act: Act) -> None:
    """An awaited paper reached the desk today."""
    paper: Paper = act.document
    paper.received_on = act.at.date()
    paper.received_from = act.get("received_from") or paper.received_from
    come_in(act)


def recount_folder(act: Act) -> None:
    """The folder's meter after the paper moved."""
    act.session.flush()
    recount(act.session, folder_row(act.session, act.document))


def file_own(
    session: Session, actor: Actor, folder: Folder, code: str, title: str, *, source: tuple[str, int],
    medium: Medium = Medium.ELECTRONIC, awaited: bool = False, on: date | None = None,
) -> Paper:  # fmt: skip
    """A paper that the product itself made or received is put on file, once (a second call changes nothing).

    code: the kind (see paper_list); source: the record that it shows. awaited: the sheet is still to be brought to the
    desk (待归档, due by «签约当日或次日»); else it is on file at once. A sheet is awaited though its unsigned print is on file.
    """
    kind = kind_of_code(session, folder.project_id, code)
    known = select(Paper).where(Paper.folder_id == folder.id, Paper.kind_id == kind.id, Paper.source == source[0])
    known = known.where(Paper.source_id == source[1]).order_by(Paper.id.desc())
    if awaited:
        known = known.where(Paper.medium == medium)
    paper = session.scalars(known, execution_options=UNSCOPED).first()
    if paper is not None:
        return paper
    day = on or folder.stage_on
    paper = Paper(folder_id=folder.id, kind_id=kind.id, title=title[:120], medium=medium, received_on=day)
    paper.source, paper.source_id = source
    belong_to(paper, folder, kind)
    paper.due_on = due_after(session, folder.project_id, day) if awaited else None
    with as_step(session):
        session.add(paper)
        session.flush()
    if not awaited:
        fire(session, paper, "file", actor, internal=True)
    return paper


def file_print(
    session: Session, actor: Actor, folder: Folder, code: str, title: str, *, source: tuple[str, int], file: Attachment
) -> None:
    """A printed paper goes on file with its PDF: beside the sheet that is awaited, or as an electronic paper of its own."""
    paper = file_own(session, actor, folder, code, title, source=source, on=now().date())
    copy_to(session, SYSTEM, paper, file)


def withdraw_own(session: Session, actor: Actor, source: tuple[str, int], why: str) -> None:
    """What a reversed or voided record put on file is 作废 there too."""
    query = select(Paper).where(Paper.source == source[0], Paper.source_id == source[1])
    for paper in session.scalars(query, execution_options=UNSCOPED).all():
        if paper.state in (PaperState.EXPECTED, PaperState.IN):
            fire(session, paper, "withdraw", actor, internal=True, note=why)
