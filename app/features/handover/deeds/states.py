"""How does a title deed move? 首次登记 → 收资料 → 缴税/维修资金 → 送件 → 出证 → 领证 (02 §2.2.2); by the contract officer (07)."""

from __future__ import annotations

from typing import Any

from app.features.handover.deeds import effects
from app.features.handover.deeds.models import (
    BEFORE_ISSUE,
    BEFORE_SUBMISSION,
    OFFICERS,
    DeedBatch,
    DeedBatchState,
    DeedState,
    TitleDeed,
)
from app.kernel.asks import Ask, ask
from app.kernel.base import now
from app.kernel.workflow import flow, step

INITIAL, COLLECTING, PAYING, READY, SUBMITTED, ISSUED, COLLECTED, VOID = DeedState
B = DeedBatchState


def _on(label: str) -> Ask:
    return ask("on", label, "date", default=lambda _deed: now().date())


def _lacks_papers(deed: Any, _actor: Any) -> bool:
    return bool(deed.missing)


ACCEPTANCE = ask("acceptance_no", "受理编号", default=lambda paper: paper.acceptance_no)

BATCH_FLOW = flow(
    DeedBatch,
    step("open_deeds", "生成办证单", (B.PREPARING, B.SUBMITTED), None, by=OFFICERS, then=[effects.open_deeds],
         confirm="给这栋楼已交付、还没有办证单的房源生成办证单。"),
    step("submit", "整批送件", B.PREPARING, B.SUBMITTED, by=OFFICERS, tone="primary", form=[_on("送件日期"), ACCEPTANCE],
         then=[effects.submit_batch]),
    step("issue", "整批出证", B.SUBMITTED, B.ISSUED, by=OFFICERS, tone="primary", form=[_on("出证日期")], then=[effects.issue_batch]),
    step("void", "作废", B.PREPARING, B.VOID, by=OFFICERS, reason=True, tone="risk"),
    normal=(B.PREPARING, B.SUBMITTED, B.ISSUED),
)  # fmt: skip

DEED_FLOW = flow(
    TitleDeed,
    step("register_first", "首次登记", INITIAL, COLLECTING, by=OFFICERS, tone="primary", form=[_on("首次登记日期")],
         then=[effects.note_first, effects.move_on]),
    step("receive_rest", "其余资料收齐", BEFORE_SUBMISSION, None, by=OFFICERS, shown=_lacks_papers, form=[_on("收到日期")],
         then=[effects.receive_rest]),
    step("papers_complete", "资料收齐", COLLECTING, PAYING, by=OFFICERS, tone="primary", guards=[effects.papers_are_there],
         then=[effects.move_on]),
    step("pay_taxes", "缴税与维修资金", PAYING, READY, by=OFFICERS, tone="primary",
         form=[_on("缴税日期"), ask("deed_tax", "契税", "money", hint="免缴填 0"), ask("deed_tax_no", "契税完税凭证号", required=False),
               ask("repair_fund", "维修资金", "money", hint="免缴填 0"), ask("repair_fund_no", "维修资金票据号", required=False),
               ask("file", "票据", "file", required=False)], then=[effects.note_taxes, effects.move_on]),
    step("submit", "送件", READY, SUBMITTED, by=OFFICERS, tone="primary", guards=[effects.everything_is_there],
         form=[_on("送件日期"), ACCEPTANCE], then=[effects.note_submission, effects.move_on]),
    step("send_back", "退件补正", SUBMITTED, COLLECTING, by=OFFICERS, reason=True, tone="risk",
         then=[effects.note_return, effects.move_on]),
    step("issue", "出证", SUBMITTED, ISSUED, by=OFFICERS, tone="primary",
         form=[_on("出证日期"), ask("certificate_no", "不动产权证号", default=lambda deed: deed.certificate_no)],
         then=[effects.note_issue, effects.move_on]),
    step("collect", "领证", ISSUED, COLLECTED, by=OFFICERS, tone="primary",
         form=[_on("领证日期"), ask("collected_by", "领证人", default=lambda deed: deed.buyers[:64]),
               ask("file", "领证签收单", "file", required=False)], then=[effects.note_collection, effects.move_on]),
    step("void", "作废", BEFORE_SUBMISSION, VOID, by=OFFICERS, reason=True, tone="risk", then=[effects.move_on]),
    step("end", "随认购书结束", BEFORE_ISSUE, VOID, internal=True),
    normal=(INITIAL, COLLECTING, PAYING, READY, SUBMITTED, ISSUED, COLLECTED),
)  # fmt: skip
