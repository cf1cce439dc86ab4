"""How does a 报送批次 move? Filled and submitted by the site, received or returned by 甲方营销策划部 (S1.11.2)."""

from __future__ import annotations

from app.features.dossiers import effects
from app.features.dossiers.models import MAKERS, RECEIVERS, BatchState, DossierBatch
from app.kernel.asks import ask
from app.kernel.workflow import flow, step

DRAFT, SUBMITTED, RETURNED, RECEIVED, VOID = BatchState
AT_SITE = (DRAFT, RETURNED)

DOSSIER_FLOW = flow(
    DossierBatch,
    step("fill", "选入应报客户", AT_SITE, None, by=MAKERS, then=[effects.fill]),
    step("put", "加入客户", AT_SITE, None, by=MAKERS, then=[effects.put],
         form=[ask("customer_id", "客户", "record", model="customer")]),
    step("drop", "移出客户", AT_SITE, None, by=MAKERS, then=[effects.drop],
         form=[ask("customer_id", "客户", "record", model="customer", hint="已报送的不能移出")]),
    step("submit", "提交甲方营销策划部", AT_SITE, SUBMITTED, by=MAKERS, tone="primary", guards=[effects.somebody_is_told_of],
         then=[effects.freeze], confirm="提交时每一户的档案按现在的内容定稿；没有单独同意向甲方提供的客户不报送。"),
    step("receive", "确认接收", SUBMITTED, RECEIVED, by=RECEIVERS, tone="primary", then=[effects.receive]),
    step("give_back", "退回补正", SUBMITTED, RETURNED, by=RECEIVERS, reason=True, then=[effects.ask_correction]),
    step("return_one", "退回一户补正", (SUBMITTED, RECEIVED), None, by=RECEIVERS, reason=True, then=[effects.return_one],
         form=[ask("household", "退回哪一户", "choice", offers=effects.households_sent,
                   hint="只退这一户，其余照常接收；补正后随下一批再报")]),
    step("void", "作废", DRAFT, VOID, by=MAKERS, reason=True, tone="risk"),
    normal=(DRAFT, SUBMITTED, RECEIVED),
)  # fmt: skip
