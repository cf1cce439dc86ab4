"""The answer to a person's request."""

from __future__ import annotations

from pathlib import Path

from app.features.privacy import printed
from app.features.privacy.requests.models import PersonRequest, RequestState
from app.kernel.papers.kinds import paper_kind

SHEETS = Path(__file__).with_name("sheets")
KNOWN = (RequestState.VERIFIED, RequestState.ANSWERED, RequestState.REFUSED)


def declare_papers() -> None:
    """Called once, in register()."""
    paper_kind("person_answer", "个人信息答复书", PersonRequest, printed.person_answer, sheets=SHEETS, personal=True,
               offered=lambda paper: paper.state in KNOWN)  # fmt: skip
