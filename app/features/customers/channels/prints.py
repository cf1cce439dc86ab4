"""The papers of 渠道报备 and 判客."""

from __future__ import annotations

from pathlib import Path

from app.features.customers.channels import printed
from app.features.customers.channels.models import ChannelReport
from app.features.customers.claims.models import OwnershipClaim
from app.kernel.papers.kinds import paper_kind

SHEETS = Path(__file__).parents[1] / "sheets"


def declare_papers() -> None:
    """Called once, in register()."""
    paper_kind(
        "channel_visit", "带看确认单", ChannelReport, printed.visit, sheets=SHEETS, offered=lambda paper: paper.visited_at is not None,
        personal=True,
    )  # fmt: skip
    paper_kind(
        "channel_verdict", "判客确认单", ChannelReport, printed.verdict, sheets=SHEETS, offered=lambda paper: paper.judged_at is not None,
        personal=True,
    )  # fmt: skip
    paper_kind(
        "ownership_ruling", "判客裁定单", OwnershipClaim, printed.ruling, sheets=SHEETS, offered=lambda paper: paper.ruled_at is not None,
        personal=True,
    )  # fmt: skip
