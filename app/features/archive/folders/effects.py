"""What happens to a 户档: opened and moved on by the deals, counted at every change (02 §2.5.8). Inside a write transaction."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.archive.folders.models import Folder, FolderState, PaperKind
from app.features.archive.models import Medium, PaperState, Payment, Stage
from app.features.archive.paper_list import DEFAULT_KINDS
from app.features.archive.papers.models import Paper
from app.features.archive.rules import STAGES, Meter, Terms, Wanted, keep_until, measure, number_of_folder
from app.features.organisation.models import Project
from app.features.organisation.parameters import parameter, parameters
from app.kernel.actors import Actor
from app.kernel.errors import RuleError
from app.kernel.numbering import next_value
from app.kernel.workflow import Act, as_step, fire

UNSCOPED = {"unscoped": True}
ON_FILE = (PaperState.IN, PaperState.LENT, PaperState.HANDED)
NAMES_LENGTH = 600


@dataclass(frozen=True)
class Household:
    """What the archive is told of an order when its folder is opened. subject, subject_id: the order itself."""

    project_id: int
    owner_id: int | None
    partner_id: int | None
    team_id: int | None
    subject: str
    subject_id: int
    building: str
    room: str
    unit_id: int
    unit_name: str
    customer_id: int
    customer_name: str
    order_number: str
    payment: Payment | None


def folder_of(session: Session, subject: str, subject_id: int) -> Folder | None:
    """The folder of an order, whoever asks; None before it took effect."""
    query = select(Folder).where(Folder.subject == subject, Folder.subject_id == subject_id)
    return session.scalars(query, execution_options=UNSCOPED).first()


def open_folder(session: Session, house: Household, on: date) -> Folder:
    """The folder of the household, made at the first call; a second call changes nothing."""
    known = folder_of(session, house.subject, house.subject_id)
    if known is not None:
        return known
    ensure_kinds(session, house.project_id)
    code = _code_of(session, house.project_id)
    turn = next_value(session, f"folder:{code}-{house.building}-{house.room}"[:64])
    folder = Folder(
        number=number_of_folder(code, house.building, house.room, turn), project_id=house.project_id, owner_id=house.owner_id,
        partner_id=house.partner_id, team_id=house.team_id, subject=house.subject, subject_id=house.subject_id,
        unit_id=house.unit_id, unit_name=house.unit_name, customer_id=house.customer_id, customer_name=house.customer_name,
        order_number=house.order_number, payment=house.payment, stage=Stage.ORDER, stage_on=on,
        due_on=due_after(session, house.project_id, on),
    )  # fmt: skip
    with as_step(session):
        session.add(folder)
        session.flush()
        recount(session, folder)
    return folder


def _code_of(session: Session, project_id: int) -> str:
    return session.scalars(select(Project.code).where(Project.id == project_id), execution_options=UNSCOPED).one()


def due_after(session: Session, project_id: int, on: date) -> date:
    """「签约当日或次日归档」: the day until which papers of this day must be on file."""
    return on + timedelta(days=parameter(session, project_id, "archive_days"))


def reach_stage(session: Session, folder: Folder, stage: Stage, on: date) -> None:
    """The household goes on; an earlier stage than the present one changes nothing."""
    if STAGES.index(stage) <= STAGES.index(folder.stage):
        return
    with as_step(session):
        folder.stage, folder.stage_on, folder.due_on = stage, on, due_after(session, folder.project_id, on)
        recount(session, folder)


def end_folder(session: Session, folder: Folder, actor: Actor, why: str) -> None:
    """The order ended another way (退订, 挞定, 退房): nothing is missing any more, the papers stay."""
    if folder.state is FolderState.OPEN:
        fire(session, folder, "end", actor, internal=True, note=why)


def ensure_kinds(session: Session, project_id: int) -> int:
    """The project's list of papers, filled with the usual one when it is empty; returns how many lines were made."""
    if session.scalars(
        select(PaperKind.id).where(PaperKind.project_id == project_id), execution_options=UNSCOPED
    ).first():
        return 0
    with as_step(session):
        for position, one in enumerate(DEFAULT_KINDS, 1):
            session.add(PaperKind(
                project_id=project_id, name=one.name, stage=one.stage, applies_to=one.to, required=one.required,
                original=one.original, retention=one.retention, position=position * 10, code=one.code,
            ))  # fmt: skip
        session.flush()
    return len(DEFAULT_KINDS)


def kind_of_code(session: Session, project_id: int, code: str) -> PaperKind:
    """The kind into which a step of the product files. Raises RuleError when the project took it off its list."""
    ensure_kinds(session, project_id)
    query = select(PaperKind).where(PaperKind.project_id == project_id, PaperKind.code == code)
    found = session.scalars(query, execution_options=UNSCOPED).first()
    if found is None:
        raise RuleError("资料清单里没有「{code}」这一种，请案场文员在「资料清单」中恢复", code=code)
    return found


def wanted_of(session: Session, project_id: int) -> list[Wanted]:
    """The demanded kinds of a project in the order of its list."""
    query = (
        select(PaperKind)
        .where(PaperKind.project_id == project_id, PaperKind.required, PaperKind.active)
        .order_by(PaperKind.position, PaperKind.id)
    )
    rows = session.scalars(query, execution_options=UNSCOPED)
    return [Wanted(row.id, row.name, row.stage, row.applies_to, row.original) for row in rows]


def meter_of(session: Session, folder: Folder, wanted: list[Wanted] | None = None) -> Meter:
    """How complete the folder is now."""
    query = select(Paper.kind_id, Paper.medium).where(Paper.folder_id == folder.id, Paper.state.in_(ON_FILE))
    filed: dict[int, set[Medium]] = defaultdict(set)
    for kind_id, medium in session.execute(query, execution_options=UNSCOPED):
        filed[kind_id].add(medium)
    demanded = wanted_of(session, folder.project_id) if wanted is None else wanted
    return measure(demanded, folder.payment, folder.stage, filed)


def recount(session: Session, folder: Folder, wanted: list[Wanted] | None = None) -> None:
    """Write the meter as it stands; a folder that ended lacks nothing."""
    meter = meter_of(session, folder, wanted)
    folder.needed, folder.present = meter.needed, meter.present
    missing = meter.missing if folder.state is not FolderState.ENDED else ()
    folder.missing, folder.missing_names = len(missing), "、".join(missing)[:NAMES_LENGTH]
    session.flush()


def recount_project(session: Session, project_id: int) -> int:
    """After a change of the list: every open folder of the project; returns how many."""
    wanted = wanted_of(session, project_id)
    query = select(Folder).where(Folder.project_id == project_id, Folder.state == FolderState.OPEN)
    folders = session.scalars(query, execution_options=UNSCOPED).all()
    with as_step(session):
        for folder in folders:
            recount(session, folder, wanted)
    return len(folders)


def terms_of(session: Session, project_id: int) -> Terms:
    """How long papers are kept here."""
    keys = (
        "keep_accounting_years",
        "keep_contract_years",
        "keep_identity_years",
        "keep_ordinary_years",
        "keep_visitor_months",
    )
    return Terms(*(parameters(session, project_id, keys)[key] for key in keys))


def date_papers(session: Session, folder: Folder) -> None:
    """Until when every paper of the folder is kept, now that its end is known (or open again)."""
    terms = terms_of(session, folder.project_id)
    for paper in session.scalars(select(Paper).where(Paper.folder_id == folder.id), execution_options=UNSCOPED):
        paper.keep_until = keep_until(paper.retention, paper.received_on, folder.settled_on, terms)
    session.flush()


# ── effects and guards of the folder's own steps ────────────
def nothing_is_missing(act: Act) -> None:
    """Guard of 结档: all that the stage demands is on file."""
    folder: Folder = act.document
    recount(act.session, folder)
    if folder.missing:
        raise RuleError("还缺 {n} 种资料（{names}），补齐后再结档", n=folder.missing, names=folder.missing_names)


def note_end(act: Act) -> None:
    """From this day on the years of keeping are counted."""
    act.document.settled_on = act.at.date()
    recount(act.session, act.document)
    date_papers(act.session, act.document)


def reopen(act: Act) -> None:
    act.document.settled_on = None
    recount(act.session, act.document)
    date_papers(act.session, act.document)


def place(act: Act) -> None:
    """Where the folder stands; its papers that lie nowhere else go with it."""
    folder: Folder = act.document
    before = (folder.box, folder.shelf)
    folder.box, folder.shelf = act.get("box") or "", act.get("shelf") or ""
    query = select(Paper).where(Paper.folder_id == folder.id, Paper.state == PaperState.IN)
    for paper in act.session.scalars(query, execution_options=UNSCOPED):
        if (paper.box, paper.shelf) in (before, ("", "")):
            paper.box, paper.shelf = folder.box, folder.shelf
