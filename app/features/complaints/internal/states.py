"""How does a 内部投诉 move? 登记 → 处理中 → (已上报) → 已答复 → 已关闭 (07 «内部投诉»)."""

from __future__ import annotations

from typing import Any

from app.features.complaints.cases.models import Satisfaction
from app.features.complaints.internal import effects
from app.features.complaints.internal.models import DECIDERS, InternalComplaint, InternalState
from app.features.complaints.starting import keep_clock
from app.kernel.actors import Actor
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import ask
from app.kernel.posts import AGENCY_POSTS
from app.kernel.workflow import flow, step

REGISTERED, HANDLING, RAISED, ANSWERED, CLOSED, WITHDRAWN = InternalState

approval_kind(
    "internal_complaint", "内部投诉", InternalComplaint, Mode.IN_TURN, "项目经理 不限", minutes=240, clock="site",
    need=effects.approval_need, content=("about", "facts", "demand", "proposal", "against_id", "also_against_id"),
)  # fmt: skip


def _of_another(case: Any, actor: Actor) -> bool:
    """Nobody handles his own complaint."""
    return bool(case.owner_id != actor.person_id)


INTERNAL_FLOW = flow(
    InternalComplaint,
    step("first_reply", "受理并回复", REGISTERED, HANDLING, by=DECIDERS, tone="primary", shown=_of_another,
         form=[ask("reply", "对投诉人怎么说的", "textarea")], then=[effects.first_reply, keep_clock]),
    step("settle", "现场解决", (REGISTERED, HANDLING), ANSWERED, by=DECIDERS, shown=_of_another, form=[ask("answer", "处理结果", "textarea")],
         then=[effects.note_answer, keep_clock]),
    step("report", "上报项目经理", (REGISTERED, HANDLING), RAISED, by=DECIDERS, shown=_of_another,
         form=[ask("proposal", "处理建议", "textarea", default=lambda case: case.proposal)],
         then=[effects.note_proposal, effects.note_heavy, opens("internal_complaint"), keep_clock]),
    step("go_past", "直接上报", REGISTERED, RAISED, internal=True,
         then=[effects.note_heavy, opens("internal_complaint"), keep_clock]),
    *approval_steps("internal_complaint", RAISED, approved=ANSWERED, returned=HANDLING, refused=HANDLING, by=DECIDERS,
                    then=(effects.note_decision, keep_clock)),
    step("close", "确认关闭", ANSWERED, CLOSED, by=AGENCY_POSTS, owner_only=True, tone="primary",
         form=[ask("satisfaction", "你的意见", "choice", choices=Satisfaction)], then=[effects.note_close, keep_clock]),
    step("reopen", "不接受，重新处理", (ANSWERED, CLOSED), HANDLING, by=AGENCY_POSTS, owner_only=True, reason=True,
         then=[effects.note_reopen, keep_clock]),
    step("withdraw", "撤回投诉", (REGISTERED, HANDLING), WITHDRAWN, by=AGENCY_POSTS, owner_only=True, reason=True, tone="risk",
         then=[keep_clock]),
    normal=(REGISTERED, HANDLING, RAISED, ANSWERED, CLOSED),
)  # fmt: skip
