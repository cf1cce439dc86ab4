"""Step 5: guards and effects, one function each."""

from __future__ import annotations

from app.features.organisation.models import Project
from app.kernel.errors import RuleError
from app.kernel.numbering import next_number
from app.kernel.workflow import Act
from tests.developers.key_loans.rules import LONGEST, may_run_until


def comes_back_soon(act: Act) -> None:
    """The due day is near."""
    if not may_run_until(act.document.due_on, act.at.date()):
        raise RuleError("应还日期要在今天起 {n} 天之内", field="due_on", n=LONGEST)


def give_number(act: Act) -> None:
    """The number comes with the first submit and stays."""
    loan = act.document
    if loan.number is None:
        code = act.session.get_one(Project, loan.project_id).code
        loan.number = next_number(act.session, loan.__number__, code, act.at.date())


def note_return(act: Act) -> None:
    """The day on which the key hung in the cabinet again."""
    act.document.returned_on = act.form["returned_on"]
