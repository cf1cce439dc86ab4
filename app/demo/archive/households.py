"""Folders as the desk keeps them: the older complete, the younger lacking something, two sheets late."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from app.demo.archive.making import entered, scan, step
from app.demo.world import World
from app.features.archive.folders.effects import meter_of, wanted_of
from app.features.archive.folders.models import Folder, FolderState, PaperKind
from app.features.archive.models import Medium, PaperState
from app.features.archive.papers.effects import belong_to
from app.features.archive.papers.models import Paper
from app.features.deals.reservations.models import Reservation
from app.kernel.base import now
from app.kernel.workflow import fire

CLERKS = {"JPYL": "clerk", "CH1": "other_clerk"}
RECENT = 12  # days: younger households may lack what was not brought yet
A_FEW = 3  # folders with scans


def load(session: Any, world: World) -> None:
    """Every folder of both projects in the order of their opening."""
    for code, clerk in CLERKS.items():
        query = select(Folder).where(Folder.project_id == world.projects[code].id).order_by(Folder.id)
        folders = session.scalars(query).all()
        for number, folder in enumerate(folders, 1):
            _keep(session, world, clerk, folder, number)
        _scans(session, world, clerk, [f for f in folders if f.state is FolderState.OPEN][:A_FEW])
    _unfiled(session, world)


def _keep(session: Any, world: World, clerk: str, folder: Folder, number: int) -> None:
    moment = _next_morning(world, folder.created_at, number)
    if moment is None:
        return
    step(
        session,
        world,
        clerk,
        moment,
        folder,
        "place",
        box=f"{(number + 7) // 8:02d}",
        shelf=f"{number % 3 + 1} 柜 {number % 4 + 1} 层",
    )
    _take_in(session, world, clerk, folder, number)
    if folder.state is FolderState.OPEN:
        _complete(session, world, clerk, folder, number)


def _next_morning(world: World, moment: datetime, number: int) -> datetime | None:
    """The day after, before ten; None when that is still to come."""
    found = datetime.combine(moment.date() + timedelta(days=1), time(9, 5)) + timedelta(minutes=number % 50)
    return found if found <= now() else None


def _take_in(session: Any, world: World, clerk: str, folder: Folder, number: int) -> None:
    query = select(Paper).where(Paper.folder_id == folder.id, Paper.state == PaperState.EXPECTED).order_by(Paper.id)
    for paper in session.scalars(query).all():
        moment = _next_morning(world, datetime.combine(paper.received_on, time(12)), number)
        late = moment is not None and moment.date() > world.day(RECENT) and number % 9 == 0
        if moment is not None and not late:
            step(session, world, clerk, moment, paper, "take_in", received_from="")


def _complete(session: Any, world: World, clerk: str, folder: Folder, number: int) -> None:
    """Old households lack nothing; of the younger ones every third lacks one kind or two."""
    missing = list(meter_of(session, folder, wanted_of(session, folder.project_id)).missing)
    if folder.stage_on > world.day(RECENT):
        missing = missing[: max(0, len(missing) - number % 3)]
    elif number % 7 == 0:
        missing = missing[:-1]
    moment = _next_morning(world, datetime.combine(folder.stage_on, time(12)), number)
    if moment is None:
        return
    kinds = {k.name: k for k in session.scalars(select(PaperKind).where(PaperKind.project_id == folder.project_id))}
    for name in missing:
        _file(session, world, clerk, folder, kinds[name], moment)


def _file(session: Any, world: World, clerk: str, folder: Folder, kind: PaperKind, moment: datetime) -> Paper:
    medium = Medium.ORIGINAL if kind.original else Medium.COPY
    paper = Paper(folder_id=folder.id, kind_id=kind.id, title="", medium=medium, received_on=moment.date(),
                  received_from=folder.customer_name)  # fmt: skip
    belong_to(paper, folder, kind)
    who = world.actor(clerk)
    made: Paper = entered(
        session, world, clerk, moment, paper, lambda one: fire(session, one, "file", who, internal=True)
    )
    return made


def _scans(session: Any, world: World, clerk: str, folders: list[Folder]) -> None:
    """Contracts that were scanned and sealed."""
    for folder in folders:
        query = select(Paper).join(PaperKind, PaperKind.id == Paper.kind_id).where(
            Paper.folder_id == folder.id, Paper.state == PaperState.IN, PaperKind.code == "contract"
        )  # fmt: skip
        for paper in session.scalars(query).all():
            scan(session, world, clerk, world.at(2, 15), paper, f"{paper.title}.jpg")
            step(session, world, clerk, world.at(2, 15, 10), paper, "seal")


def _unfiled(session: Any, world: World) -> None:
    """A consultant put the buyer's papers with the order yesterday: one click files them."""
    query = (
        select(Folder)
        .where(Folder.project_id == world.projects["JPYL"].id, Folder.state == FolderState.OPEN, Folder.missing > 0)
        .order_by(Folder.id.desc())
    )
    folder = session.scalars(query.limit(1)).first()
    if folder is None:
        return
    order = session.get_one(Reservation, folder.subject_id)
    seller = next((login for login, person in world.people.items() if person.id == order.owner_id), "consultant1")
    scan(session, world, seller, world.at(1, 17, 20), order, "身份证明复印件.jpg")
