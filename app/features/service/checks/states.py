"""How does a 服务检查表 move? 草稿 → 已下发 → 已确认."""

from __future__ import annotations

from app.features.service.checks.models import ServiceCheck, SheetState
from app.features.service.issuing import issue
from app.features.service.people import CHECKERS, SERVING
from app.kernel.workflow import flow, step

DRAFT, ISSUED, CONFIRMED, VOID = SheetState

CHECK_FLOW = flow(
    ServiceCheck,
    step("issue", "下发", DRAFT, ISSUED, by=CHECKERS, tone="primary", then=[issue]),
    step("confirm", "我已知悉", ISSUED, CONFIRMED, by=SERVING, owner_only=True, tone="primary",
         shown=lambda sheet, actor: sheet.person_id == actor.person_id),
    step("void", "作废", (DRAFT, ISSUED), VOID, by=CHECKERS, reason=True, tone="risk"),
    normal=(DRAFT, ISSUED, CONFIRMED),
)  # fmt: skip
