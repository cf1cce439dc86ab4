"""A 置业计划 to take home."""

from __future__ import annotations

from pathlib import Path

from app.features.customers.quotes.models import Quote, QuoteState
from app.features.customers.quotes.printed import quote
from app.kernel.papers.kinds import paper_kind

SHEETS = Path(__file__).parents[1] / "sheets"


def declare_papers() -> None:
    """Called once, in register()."""
    paper_kind("quote", "置业计划", Quote, quote, sheets=SHEETS, offered=lambda paper: paper.state is QuoteState.VALID)
