"""Which papers of the archive are printed, and when."""

from __future__ import annotations

from pathlib import Path

from app.features.archive import printed
from app.features.archive.handovers.models import HandoverState, PaperHandover
from app.features.archive.letters.models import OutgoingLetter, OutgoingState
from app.features.archive.seals.models import SealState, SealUse
from app.kernel.papers.kinds import paper_kind

SHEETS = Path(__file__).with_name("sheets")
APPROVED_LETTER = (OutgoingState.APPROVED, OutgoingState.SENT, OutgoingState.ANSWERED, OutgoingState.DONE)


def declare_papers() -> None:
    """Called once, in register()."""
    paper_kind("paper_handover", "移交单", PaperHandover, printed.paper_handover, sheets=SHEETS,
               offered=lambda paper: paper.state is not HandoverState.VOID and bool(paper.lines))  # fmt: skip
    paper_kind("seal_use", "用印审批单", SealUse, printed.seal_use, sheets=SHEETS,
               offered=lambda use: use.state not in (SealState.DRAFT, SealState.VOID))  # fmt: skip
    paper_kind("letter_draft", "发文稿", OutgoingLetter, printed.outgoing_letter, sheets=SHEETS,
               offered=lambda letter: letter.state not in (OutgoingState.DRAFT, OutgoingState.VOID))  # fmt: skip
    paper_kind("outgoing_letter", "发文", OutgoingLetter, printed.outgoing_letter, sheets=SHEETS,
               offered=lambda letter: letter.state in APPROVED_LETTER)  # fmt: skip
