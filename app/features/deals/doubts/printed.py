"""What stands on a 疑难单. Texts here stand on paper: Chinese for every reader."""

from __future__ import annotations

from datetime import datetime

from app.features.deals.doubts.models import Doubt
from app.features.units.printed import unit_values
from app.kernel.papers.definition import Values
from app.kernel.papers.kinds import NONE, Desk, day, person, told


def doubt(_desk: Desk, paper: Doubt) -> Values:
    """疑难单 with its trail (S1.3)."""
    return {
        **unit_values(paper.unit), "客户": paper.customer_name, "认购书编号": told(paper.reservation and paper.reservation.number),
        "环节": paper.occasion.label, "问题": paper.question, "涉及条款": "是" if paper.legal else "否", "提出时间": _moment(paper.asked_at),
        "答复期限": _moment(paper.answer_due_at), "主管建议": told(paper.proposal), "批复": told(paper.decision),
        "批复时间": _moment(paper.decided_at), "答复": told(paper.answer), "答复时间": _moment(paper.answered_at), "结果": told(paper.outcome),
        "办结日": day(paper.closed_on), "状态": paper.state.label, "提出人": person(paper.submitted_by or paper.created_by),
    }  # fmt: skip


def _moment(value: datetime | None) -> str:
    return f"{value:%Y-%m-%d %H:%M}" if value is not None else NONE
