"""The way to a loan from the page of a paper."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.features.archive.loans.models import FILERS
from app.features.archive.models import Medium, PaperState
from app.features.archive.papers.models import Paper
from app.kernel.actors import Actor
from app.kernel.screens.parts import Link

LENDABLE = (Medium.ORIGINAL, Medium.COPY)


def lend_link(paper: Any, actor: Actor) -> list[Link]:
    """«借阅» on the page of a sheet that lies in its box."""
    if paper.state is not PaperState.IN or paper.medium not in LENDABLE or not actor.holds(FILERS, paper.project_id):
        return []
    base = "loan" if isinstance(paper, Paper) else "file-loan"
    return [Link(_("借阅"), f"/{base}/add?paper_id={paper.id}", icon="hand")]
