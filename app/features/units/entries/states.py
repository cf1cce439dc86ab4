"""How does a 房源录入单 move? CLK or HQ enters, SM decides, JFS is informed (07 «楼栋 户型 房源»)."""

from __future__ import annotations

from app.features.units.entries import effects
from app.features.units.models import EntryState, UnitEntry
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.workflow import flow, step

DRAFT, REVIEW, APPROVED, REFUSED = EntryState

approval_kind(
    "unit_entry",
    "房源核准",
    UnitEntry,
    Mode.IN_TURN,
    "案场经理 不限",
    need=effects.entry_need,
    content=("kind", "file_name", "units_count", "building_area", "inner_area", "filed_total", "summary"),
)

ENTRY_FLOW = flow(
    UnitEntry,
    step("submit", "提交核准", DRAFT, REVIEW, by=effects.EDITORS, tone="primary",
         then=[effects.give_number, opens("unit_entry")]),
    *approval_steps("unit_entry", REVIEW, approved=APPROVED, returned=DRAFT, refused=REFUSED, by=effects.EDITORS,
                    then=(effects.confirm_units, effects.inform_developer)),
    normal=(DRAFT, REVIEW, APPROVED),
)  # fmt: skip
