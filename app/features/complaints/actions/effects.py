"""What follows on a 整改单: its owner hears of it, does it, somebody else checks it."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.complaints.actions.models import CorrectiveAction
from app.features.complaints.cases.models import Complaint
from app.features.complaints.people import tell
from app.features.organisation.models import team_of_person
from app.features.organisation.numbers import number_for
from app.kernel.confidential import named_in
from app.kernel.errors import RuleError
from app.kernel.workflow import Act


def check_action(session: Session, action: CorrectiveAction, today: datetime) -> None:
    """A month, a day ahead, somebody who may know of the complaint. Raises RuleError."""
    if re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", action.month) is None:
        raise RuleError("月份「{text}」看不懂，请写成 2026-11", field="month", text=action.month)
    if action.id is None and action.due_on < today.date():
        raise RuleError("要求完成日不能早于今天", field="due_on")
    case = session.scalars(select(Complaint).where(Complaint.id == action.complaint_id)).first()
    if action.complaint_id is not None:
        action.against_id = case.against_id if case is not None else None
        action.also_against_id = case.also_against_id if case is not None else None
    if action.responsible_id in named_in(action):
        raise RuleError(
            "责任人是这份投诉的被投诉人，他看不到来源投诉：请不选来源投诉，或换责任人", field="responsible_id"
        )
    action.owner_id = action.responsible_id
    action.team_id = team_of_person(session, action.responsible_id, action.project_id, today.date())


def register(session: Session, action: CorrectiveAction, at: datetime) -> None:
    """Number, and the owner hears of it."""
    action.number = action.number or number_for(session, action, at.date())
    tell(
        session,
        [action.responsible_id],
        action,
        f"整改单 {action.number} 由你完成，{action.due_on:%m-%d} 前",
        "有一份整改单由你完成",
    )


def note_done(act: Act) -> None:
    action: CorrectiveAction = act.document
    action.outcome, action.done_on = act.form["outcome"], act.at.date()
    tell(
        act.session,
        {i for i in (action.created_by,) if i},
        action,
        f"整改单 {action.number} 已完成，请检查",
        "一份整改单待检查",
    )


def note_check(act: Act) -> None:
    """Whether it helps."""
    act.document.conclusion, act.document.checked_on = act.get("conclusion") or act.note, act.at.date()


def is_not_his_own(act: Act) -> None:
    """Guard: nobody checks what he did himself. Raises RuleError."""
    if act.document.responsible_id == act.actor.person_id:
        raise RuleError("责任人不能检查自己的整改，请由他人检查")


def send_back(act: Act) -> None:
    """Not enough: once more."""
    note_check(act)
    act.document.returns += 1
    act.document.done_on = None
    tell(
        act.session,
        [act.document.responsible_id],
        act.document,
        f"整改单 {act.document.number} 被退回",
        "一份整改单被退回",
    )
