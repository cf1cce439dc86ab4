"""What follows on a 交楼问题: until when it must be mended, what the re-inspection said."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.features.handover.defects.models import HandoverDefect, Severity
from app.features.organisation.numbers import number_for
from app.features.organisation.parameters import parameter
from app.kernel.errors import RuleError
from app.kernel.workflow import Act

DAYS = {
    Severity.MINOR: "defect_minor_days", Severity.COMMON: "defect_common_days", Severity.SEVERE: "defect_severe_days",
}  # fmt: skip


def default_due(session: Session, defect: HandoverDefect, since: date) -> date:
    """7, 15 or 30 days by severity (02 §2.5.7)."""
    return since + timedelta(days=parameter(session, defect.project_id, DAYS[defect.severity]))


def give_number(session: Session, defect: HandoverDefect, today: date) -> None:
    """Every defect is named by its number on the way through the contractors."""
    defect.number = defect.number or number_for(session, defect, today)


def assign(act: Act) -> None:
    """Whose it is and until when."""
    defect: HandoverDefect = act.document
    if act.form["due_on"] < act.at.date():
        raise RuleError("要求完成日不能早于今天", field="due_on")
    defect.contractor, defect.due_on = act.form["contractor"], act.form["due_on"]


def note_fixed(act: Act) -> None:
    defect: HandoverDefect = act.document
    if not defect.found_on <= act.form["on"] <= act.at.date():
        raise RuleError("整改日应在发现日和今天之间", field="on")
    defect.fixed_on = act.form["on"]


def note_check(act: Act) -> None:
    """The buyer's word at the re-inspection."""
    defect: HandoverDefect = act.document
    defect.checked_on, defect.conclusion = act.at.date(), act.get("conclusion") or act.note


def send_back(act: Act) -> None:
    """Not mended: once more, with days of its own."""
    defect: HandoverDefect = act.document
    note_check(act)
    defect.returns += 1
    defect.fixed_on, defect.due_on = None, default_due(act.session, defect, act.at.date())
