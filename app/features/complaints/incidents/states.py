"""How do 突发事件 and 纠纷 move? 登记 → 受理 → (上报 → 批复) → 办结 (S3.9)."""

from __future__ import annotations

from typing import Any

from app.features.complaints.incidents import effects
from app.features.complaints.incidents.models import Dispute, EventLevel, EventState, Incident
from app.features.complaints.people import HANDLERS, ON_SITE
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import ask
from app.kernel.posts import AGENCY_POSTS
from app.kernel.workflow import Flow, flow, step

REPORTED, HANDLING, RAISED, DECIDED, CLOSED, VOID = EventState


def _flow(model: type[Any], code: str) -> Flow:
    """The way of both: `code` is the kind of its approval."""
    words = model.__labels__
    approval_kind(
        code, model.__label__, model, Mode.IN_TURN, "项目经理 2\n甲方负责人 不限", minutes=240, clock="site",
        need=effects.approval_need, content=("level", "kind", "facts", "proposal", "against_id", "also_against_id"),
    )  # fmt: skip
    return flow(
        model,
        step("accept", "受理", (REPORTED, HANDLING), HANDLING, by=HANDLERS, tone="primary", then=[effects.accept],
             form=[ask("level", "级别", "choice", choices=EventLevel, default=lambda event: event.level),
                   ask("measures", "处置措施", "textarea", default=lambda event: event.measures),
                   ask("against", words["against_id"], "person", required=False, posts=AGENCY_POSTS,
                       default=lambda event: event.against_id, hint="他看不到这份单据，也不能处理"),
                   ask("also_against", words["also_against_id"], "person", required=False, posts=AGENCY_POSTS,
                       default=lambda event: event.also_against_id)]),
        step("report", "上报", HANDLING, RAISED, by=HANDLERS,
             form=[ask("proposal", "处理建议", "textarea", default=lambda event: event.proposal)],
             then=[effects.note_proposal, opens(code)]),
        *approval_steps(code, RAISED, approved=DECIDED, returned=HANDLING, refused=HANDLING, by=HANDLERS,
                        then=(effects.note_decision,)),
        step("close", "办结", (HANDLING, DECIDED), CLOSED, by=HANDLERS, tone="primary", guards=[effects.was_decided],
             form=[ask("result", "结果", "textarea"), ask("lessons", "教训与改进", "textarea", required=False)],
             then=[effects.note_result]),
        step("void", "作废", REPORTED, VOID, by=ON_SITE | HANDLERS, reason=True, tone="risk"),
        normal=(REPORTED, HANDLING, RAISED, DECIDED, CLOSED),
    )  # fmt: skip


INCIDENT_FLOW = _flow(Incident, "incident")
DISPUTE_FLOW = _flow(Dispute, "dispute")
