"""How does a 整改单 move? 整改中 → 待检查 → 已完成 (02 §2.5.6)."""

from __future__ import annotations

from app.features.complaints.actions import effects
from app.features.complaints.actions.models import ActionState, CorrectiveAction
from app.features.complaints.people import HANDLERS
from app.kernel.asks import ask
from app.kernel.posts import AGENCY_POSTS
from app.kernel.workflow import flow, step

OPEN, DONE, PASSED, VOID = ActionState

ACTION_FLOW = flow(
    CorrectiveAction,
    step("finish", "完成整改", OPEN, DONE, by=AGENCY_POSTS, tone="primary",
         shown=lambda action, actor: action.responsible_id == actor.person_id,
         form=[ask("outcome", "完成情况", "textarea")], then=[effects.note_done]),
    step("pass_check", "检查通过", DONE, PASSED, by=HANDLERS, tone="primary", guards=[effects.is_not_his_own],
         form=[ask("conclusion", "检查结论", "textarea")], then=[effects.note_check]),
    step("send_back", "检查不通过", DONE, OPEN, by=HANDLERS, guards=[effects.is_not_his_own], reason=True, then=[effects.send_back]),
    step("void", "作废", OPEN, VOID, by=HANDLERS, reason=True, tone="risk"),
    normal=(OPEN, DONE, PASSED),
)  # fmt: skip
