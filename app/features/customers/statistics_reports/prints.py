"""The paper of 潜客统计上报."""

from __future__ import annotations

from pathlib import Path

from app.features.customers.statistics_reports import printed
from app.features.customers.statistics_reports.models import ReportState, StatisticsReport
from app.kernel.papers.kinds import paper_kind

SHEETS = Path(__file__).parents[1] / "sheets"
MADE = (ReportState.SUBMITTED, ReportState.READ)


def declare_papers() -> None:
    """Called once, in register()."""
    paper_kind(
        "statistics_report",
        "潜客统计报表",
        StatisticsReport,
        printed.report,
        sheets=SHEETS,
        offered=lambda paper: paper.state in MADE,
    )
