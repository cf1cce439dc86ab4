"""How does a 清理名单 move? Listed by the job, confirmed by 销管部, worked off by the job."""

from __future__ import annotations

from app.features.privacy.purge import effects
from app.features.privacy.purge.models import CONFIRMERS, PurgeRun, PurgeState
from app.kernel.asks import ask
from app.kernel.workflow import flow, step

LISTED, CONFIRMED, DONE, VOID = PurgeState

PURGE_FLOW = flow(
    PurgeRun,
    step("confirm", "确认清理", LISTED, CONFIRMED, by=CONFIRMERS, tone="primary", then=[effects.confirm],
         confirm="名单上的客户将匿名处理：姓名、号码、往来内容和附件删除，统计数字不变。处理后不能恢复。"),
    step("keep", "保留某位客户", LISTED, None, by=CONFIRMERS, then=[effects.keep],
         form=[ask("customer_id", "客户", "record", model="customer"), ask("why", "保留原因")]),
    step("finish", "清理完毕", CONFIRMED, DONE, internal=True, then=[effects.end]),
    step("void", "这次不清理", LISTED, VOID, by=CONFIRMERS, reason=True),
    normal=(LISTED, CONFIRMED, DONE),
)  # fmt: skip
