"""How does a 潜客统计上报 move? Compiled by 销售主管, read by 案场经理 and 项目经理, or given back to be made better (S3.5)."""

from __future__ import annotations

from app.features.customers.statistics_reports import effects
from app.features.customers.statistics_reports.models import MAKERS, ReportState, StatisticsReport
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.workflow import flow, step

DRAFT, SUBMITTED, RETURNED, READ, VOID = ReportState
AT_SITE = (DRAFT, RETURNED)

approval_kind(
    "statistics_report", "潜客统计上报", StatisticsReport, Mode.IN_TURN, "案场经理 0\n项目经理 不限",
    need=effects.approval_need, content=("kind", "first_on", "last_on", "conclusion", "advice"),
)  # fmt: skip

REPORT_FLOW = flow(
    StatisticsReport,
    step("submit", "上报", AT_SITE, SUBMITTED, by=MAKERS, tone="primary", then=[effects.freeze, opens("statistics_report")],
         confirm="上报时数字按现在的记录定稿，以后补录、更正不会改动这一份。"),
    *approval_steps("statistics_report", SUBMITTED, approved=READ, returned=RETURNED, refused=RETURNED, by=MAKERS,
                    then=(effects.note_read,)),
    step("void", "作废", AT_SITE, VOID, by=MAKERS, reason=True, tone="risk"),
    normal=(DRAFT, SUBMITTED, READ),
)  # fmt: skip
