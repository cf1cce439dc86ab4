"""How does a 同意书 move? Drafted by the site, passed by 甲方法务; a new version takes the place of the old one."""

from __future__ import annotations

from app.features.customers.consents import effects
from app.features.customers.consents.models import AUTHORS, ConsentText, ConsentTextState
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.workflow import flow, step

DRAFT, REVIEW, IN_FORCE, SUPERSEDED, VOID = ConsentTextState

approval_kind("consent_text", "同意书", ConsentText, Mode.IN_TURN, "案场经理 0\n甲方法务 不限", minutes=960, clock="office",
              need=effects.approval_need)  # fmt: skip

CONSENT_TEXT_FLOW = flow(
    ConsentText,
    step("submit", "提交审核", DRAFT, REVIEW, by=AUTHORS, tone="primary", then=[effects.note_submitter, opens("consent_text")]),
    *approval_steps("consent_text", REVIEW, approved=IN_FORCE, returned=DRAFT, refused=VOID, by=AUTHORS,
                    guards=(effects.supersede_older,), then=(effects.come_into_force,)),
    step("supersede", "被新版取代", IN_FORCE, SUPERSEDED, internal=True, then=[effects.note_end]),
    step("void", "作废", DRAFT, VOID, by=AUTHORS, reason=True, tone="risk"),
    normal=(DRAFT, REVIEW, IN_FORCE),
)  # fmt: skip
