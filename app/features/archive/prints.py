"""Which papers of the archive are printed, and when."""

from __future__ import annotations

from pathlib import Path

from app.features.archive import printed
from app.features.archive.handovers.models import HandoverState, PaperHandover
from app.features.archive.letters.models import OutgoingLetter, OutgoingState
from app.features.archive.loans.models import FileLoan, Loan, LoanState
from app.features.archive.regulations.models import Regulation, RegulationState
from app.features.archive.seals.models import SealState, SealUse
from app.kernel.papers.kinds import paper_kind

SHEETS = Path(__file__).with_name("sheets")
ASKED = (LoanState.REVIEW, LoanState.APPROVED, LoanState.LENT, LoanState.RETURNED, LoanState.REFUSED)
ASKED_ABOUT = tuple(state for state in RegulationState if state not in (RegulationState.DRAFT, RegulationState.VOID))
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
    paper_kind("loan_slip", "借阅单", Loan, printed.loan, sheets=SHEETS, offered=lambda loan: loan.state in ASKED)
    paper_kind("file_loan_slip", "现场文件借阅单", FileLoan, printed.file_loan, sheets=SHEETS,
               offered=lambda loan: loan.state in ASKED)  # fmt: skip
    paper_kind("regulation", "制度文件", Regulation, printed.regulation, sheets=SHEETS,
               offered=lambda paper: paper.state is not RegulationState.VOID)  # fmt: skip
    paper_kind("regulation_sheet", "制度审定签阅单", Regulation, printed.regulation_sheet, sheets=SHEETS,
               offered=lambda paper: paper.state in ASKED_ABOUT)  # fmt: skip
