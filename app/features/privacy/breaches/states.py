"""How does a 泄露事件 move? Contained first, then reported within the hours of the parameter, closed with its cause."""

from __future__ import annotations

from app.features.privacy.breaches import effects
from app.features.privacy.breaches.models import HEADS, MAKERS, Breach, BreachState
from app.kernel.asks import ask
from app.kernel.workflow import flow, step

REGISTERED, CONTAINED, REPORTED, CLOSED, VOID = BreachState

BREACH_FLOW = flow(
    Breach,
    step("contain", "登记补救措施", REGISTERED, CONTAINED, by=MAKERS, tone="primary", then=[effects.contain],
         form=[ask("measures", "补救措施", "textarea", wide=True, hint="例如停用账号、追回文件、要求对方删除并书面确认"),
               ask("file", "证明", "file", required=False)]),
    step("report", "登记报告和告知", CONTAINED, REPORTED, by=HEADS, tone="primary", then=[effects.report],
         form=[ask("authority", "报告主管部门", "textarea", wide=True, hint="向谁、什么时候、怎样报告；不需要报告的写明理由"),
               ask("told_persons", "告知个人", "textarea", wide=True, hint="怎样告知、告知多少人；能避免危害可以不告知的写明理由"),
               ask("file", "回执", "file", required=False)]),
    step("close", "关闭", REPORTED, CLOSED, by=HEADS, then=[effects.close],
         form=[ask("cause", "原因和整改", "textarea", wide=True)]),
    step("void", "作废", REGISTERED, VOID, by=HEADS, reason=True, tone="risk"),
    normal=(REGISTERED, CONTAINED, REPORTED, CLOSED),
)  # fmt: skip
