"""How does a 神秘客报告 move? 草稿 → 已下发 → 已确认."""

from __future__ import annotations

from app.features.service.checks.models import SheetState
from app.features.service.issuing import issue
from app.features.service.mystery.models import WRITERS, MysteryVisit
from app.features.service.people import SERVING
from app.kernel.workflow import flow, step

DRAFT, ISSUED, CONFIRMED, VOID = SheetState

MYSTERY_FLOW = flow(
    MysteryVisit,
    step("issue", "下发", DRAFT, ISSUED, by=WRITERS, tone="primary", then=[issue]),
    step("confirm", "我已知悉", ISSUED, CONFIRMED, by=SERVING, owner_only=True, tone="primary",
         shown=lambda sheet, actor: sheet.person_id == actor.person_id),
    step("void", "作废", (DRAFT, ISSUED), VOID, by=WRITERS, reason=True, tone="risk"),
    normal=(DRAFT, ISSUED, CONFIRMED),
)  # fmt: skip
