"""How does a 交楼问题 move? 登记 → 派单 → 整改 → 复验 (02 §2.2.2)."""

from __future__ import annotations

from typing import Any

from app.features.handover.defects import effects
from app.features.handover.defects.models import SERVICE, DefectState, HandoverDefect
from app.kernel.asks import ask
from app.kernel.base import now
from app.kernel.workflow import flow, step

OPEN, ASSIGNED, FIXED, PASSED, DROPPED = DefectState


def _due(defect: Any) -> Any:
    return max(defect.due_on or now().date(), now().date())


DEFECT_FLOW = flow(
    HandoverDefect,
    step("assign", "派单整改", (OPEN, ASSIGNED), ASSIGNED, by=SERVICE, tone="primary", then=[effects.assign],
         form=[ask("contractor", "责任单位", default=lambda defect: defect.contractor), ask("due_on", "要求完成日", "date", default=_due)]),
    step("fix", "整改完成", ASSIGNED, FIXED, by=SERVICE, tone="primary", then=[effects.note_fixed],
         form=[ask("on", "整改日", "date", default=lambda _defect: now().date()), ask("file", "整改后照片", "file", required=False)]),
    step("pass_check", "复验通过", FIXED, PASSED, by=SERVICE, tone="primary", form=[ask("conclusion", "复验结论")],
         then=[effects.note_check]),
    step("send_back", "复验不通过", FIXED, ASSIGNED, by=SERVICE, reason=True, then=[effects.send_back]),
    step("drop", "不属质量问题", (OPEN, ASSIGNED), DROPPED, by=SERVICE, reason=True, tone="risk", then=[effects.note_check]),
    normal=(OPEN, ASSIGNED, FIXED, PASSED),
)  # fmt: skip
