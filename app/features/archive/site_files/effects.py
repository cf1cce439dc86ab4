"""What follows when a 现场文件 comes in: its 档号 by category and year, until when it is kept."""

from __future__ import annotations

from sqlalchemy import select

from app.features.archive.folders.effects import UNSCOPED, terms_of
from app.features.archive.rules import keep_until, number_of_site_file
from app.features.archive.site_files.models import SiteFile
from app.features.organisation.models import Project
from app.kernel.numbering import next_value
from app.kernel.workflow import Act


def come_in(act: Act) -> None:
    """It is there from now on; a contract with third parties counts from the day on which it came."""
    paper: SiteFile = act.document
    if paper.number is None:
        query = select(Project.code).where(Project.id == paper.project_id)
        code = act.session.scalars(query, execution_options=UNSCOPED).one()
        sequence = next_value(act.session, f"site_file:{code}:{paper.category.value}:{paper.year}")
        paper.number = number_of_site_file(code, paper.category.label, paper.year, sequence)
    paper.keeper_id = act.actor.person_id or paper.keeper_id
    terms = terms_of(act.session, paper.project_id)
    paper.keep_until = keep_until(paper.retention, paper.received_on, paper.received_on, terms)
