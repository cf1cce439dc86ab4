"""Short makers of households and papers for the tests of the archive."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.features.archive.folders.models import Folder, PaperKind
from app.features.archive.models import Medium
from app.features.archive.papers.effects import belong_to
from app.features.archive.papers.models import Paper
from app.features.archive.site_files.models import SiteCategory, SiteFile
from app.features.deals.reservations.models import Reservation
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.transactions import write
from app.kernel.workflow import as_step, fire
from tests.cast import Cast
from tests.features.deals import orders


def household(cast: Cast, room: str = "1102") -> Folder:
    """The folder of an effective order of consultant1."""
    order = orders.effective(cast, orders.unit(cast, room), orders.customer(cast), orders.scheme(cast))
    return folder_of(cast, order)


def folder_of(cast: Cast, order: Reservation) -> Folder:
    with acting_as(SYSTEM):
        cast.session.rollback()
        return cast.session.scalars(select(Folder).where(Folder.subject_id == order.id)).one()


def papers_of(cast: Cast, folder: Folder) -> list[Paper]:
    with acting_as(SYSTEM):
        cast.session.rollback()
        return list(cast.session.scalars(select(Paper).where(Paper.folder_id == folder.id).order_by(Paper.id)))


def kind(cast: Cast, code: str, project: str = "a") -> PaperKind:
    with acting_as(SYSTEM):
        query = select(PaperKind).where(PaperKind.project_id == cast.project_ids[project], PaperKind.code == code)
        return cast.session.scalars(query).one()


def paper(cast: Cast, folder: Folder, code: str = "identity", medium: Medium = Medium.COPY, title: str = "") -> Paper:
    """A paper that the clerk has before her: on file at once."""
    return _filed(
        cast, Paper(folder_id=folder.id, kind_id=kind(cast, code).id, title=title, medium=medium), folder, code
    )


def _filed(cast: Cast, made: Any, folder: Folder | None = None, code: str = "") -> Any:
    clerk = cast.actor("clerk")

    def work() -> Any:
        if folder is not None:
            belong_to(made, cast.session.get(Folder, folder.id), kind(cast, code))
        with as_step(cast.session):
            cast.session.add(made)
            cast.session.flush()
        fire(cast.session, made, "file", clerk, internal=True)
        return made

    with acting_as(clerk):
        made = write(cast.session, work)
    return orders.fresh(cast, type(made), made.id)


def site_file(
    cast: Cast, title: str = "案场客户接待流程", category: SiteCategory = SiteCategory.RULES, **more: Any
) -> SiteFile:
    return _filed(cast, SiteFile(project_id=cast.project_ids["a"], title=title, category=category, **more))
