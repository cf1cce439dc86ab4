"""How does a handover move? Done by 甲方客服; a refusal is judged by 甲方现场负责人 (02 §2.2.2, 07)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from app.features.handover.handings import compensation, effects
from app.features.handover.handings.models import (
    OPEN,
    SERVICE,
    BatchState,
    Handover,
    HandoverBatch,
    HandoverState,
)
from app.features.handover.handings.rules import DOCUMENTS
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import Ask, ask
from app.kernel.base import now
from app.kernel.workflow import flow, step

(
    PREPARED,
    NOTIFIED,
    BOOKED,
    INSPECTED,
    RECTIFYING,
    REFUSING,
    REFUSED,
    DOCUMENTED,
    PAID,
    KEYED,
    RECEIVED,
    DEEMED,
    VOID,
) = HandoverState
READY_TO_SEE = (NOTIFIED, BOOKED)

approval_kind(
    "handover_refusal", "拒收", Handover, Mode.IN_TURN, "甲方现场负责人 不限", minutes=480, clock="office",
    need=effects.refusal_need, content=("unit_id", "refusal", "compensation"),
)  # fmt: skip


def _on(label: str) -> Ask:
    return ask("on", label, "date", default=lambda _handover: now().date())


def _not_signed_for(handover: Any, _actor: Any) -> bool:
    return handover.signed_for_on is None


def _no_keys_yet(handover: Any, _actor: Any) -> bool:
    return handover.keys is None


def _tomorrow(_handover: Any) -> datetime:
    return datetime.combine(now().date() + timedelta(days=1), time(10))


APPOINTMENT = (
    ask("at", "预约时间", "datetime", default=_tomorrow),
    ask("companion", "陪验人", required=False, default=lambda handover: handover.companion),
)
KEYS = (
    _on("领钥匙日期"), ask("keys", "钥匙", "integer", unit="把"), ask("water", "水表读数", required=False), ask("power", "电表读数", required=False),
    ask("gas", "燃气表读数", required=False), ask("file", "钥匙签收单", "file", required=False),
)  # fmt: skip

BATCH_FLOW = flow(
    HandoverBatch,
    step("issue", "发布并生成交楼单", BatchState.DRAFT, BatchState.ISSUED, by=SERVICE, tone="primary", then=[effects.open_batch],
         confirm="给这栋楼所有已签约、还没有交楼单的房源生成交楼单。"),
    step("issue_again", "补生成交楼单", BatchState.ISSUED, None, by=SERVICE, then=[effects.open_batch]),
    step("void", "作废", BatchState.DRAFT, BatchState.VOID, by=SERVICE, reason=True, tone="risk"),
    normal=(BatchState.DRAFT, BatchState.ISSUED),
)  # fmt: skip

HANDOVER_FLOW = flow(
    Handover,
    step("notify", "寄出通知", PREPARED, NOTIFIED, by=SERVICE, tone="primary", then=[effects.note_notice],
         form=[_on("通知日期"), ask("express_no", "快递单号", default=lambda handover: handover.express_no)]),
    step("sign_for", "登记通知签收", (NOTIFIED, BOOKED), None, by=SERVICE, shown=_not_signed_for, form=[_on("签收日期")],
         then=[effects.note_signed_for]),
    step("book", "预约", NOTIFIED, BOOKED, by=SERVICE, tone="primary", then=[effects.note_appointment], form=APPOINTMENT),
    step("book_again", "改约", BOOKED, None, by=SERVICE, then=[effects.note_appointment], form=APPOINTMENT),
    step("inspect", "验房", READY_TO_SEE, INSPECTED, by=SERVICE, tone="primary",
         form=[_on("验房日期"), ask("inspection", "验房结论", hint="问题逐条登记在「交楼问题」里"),
               ask("file", "验房表", "file", required=False)], then=[effects.note_inspection]),
    step("rectify", "转整改", (INSPECTED, REFUSED), RECTIFYING, by=SERVICE, guards=[effects.has_defects]),
    step("inspect_again", "复验通过", RECTIFYING, INSPECTED, by=SERVICE, tone="primary", guards=[effects.no_severe_defect],
         form=[_on("复验日期"), ask("inspection", "复验结论")], then=[effects.note_inspection]),
    step("refuse", "拒收", (BOOKED, INSPECTED, RECTIFYING), REFUSING, by=SERVICE, tone="risk",
         form=[ask("refusal", "拒收理由", "textarea"), ask("compensation", "要求补偿金额", "money", required=False, default=compensation.late_compensation,
                                                           hint="默认按合同逾期交付违约金算到今天（已按楼栋批量登记过的天数不再算）；没有补偿填 0 或不填"),
               ask("file", "书面意见", "file", required=False)], then=[effects.note_refusal, opens("handover_refusal")]),
    *approval_steps("handover_refusal", REFUSING, approved=REFUSED, returned=INSPECTED, refused=INSPECTED, by=SERVICE, then=(compensation.owe_buyer,),
                    then_return=(effects.forget_compensation,), then_refuse=(effects.forget_compensation,)),
    step("document", "签收文件", INSPECTED, DOCUMENTED, by=SERVICE, tone="primary", guards=[effects.no_severe_defect],
         form=[_on("签收日期"), *(ask(key, name, "checkbox", required=False) for key, name, _needed in DOCUMENTS),
               ask("file", "签收单", "file", required=False)], then=[effects.note_documents]),
    step("settle", "缴费核对", DOCUMENTED, PAID, by=SERVICE, tone="primary", guards=[effects.dues_are_settled],
         form=[ask("charges", "代收费用", required=False, hint="物业费、维修资金、契税等，写明金额和票据号")], then=[effects.note_dues]),
    step("give_keys", "领钥匙", PAID, KEYED, by=SERVICE, tone="primary", form=KEYS, then=[effects.note_keys]),
    step("receive", "收楼", KEYED, RECEIVED, by=SERVICE, tone="primary", guards=[effects.dues_are_settled],
         form=[_on("收楼日期"), ask("receiver", "收楼人", default=lambda handover: handover.buyers[:64]),
               ask("file", "收楼确认书", "file", required=False)], then=[effects.take_over]),
    step("deem", "视为交付", READY_TO_SEE, DEEMED, by=SERVICE, reason=True, tone="risk", guards=[effects.dues_are_settled],
         then=[effects.deem]),
    step("keys_later", "补领钥匙", DEEMED, None, by=SERVICE, shown=_no_keys_yet, form=KEYS, then=[effects.note_keys]),
    step("void", "作废", (PREPARED, NOTIFIED, BOOKED), VOID, by=SERVICE, reason=True, tone="risk"),
    step("end", "随认购书结束", OPEN, VOID, internal=True),
    normal=(PREPARED, NOTIFIED, BOOKED, INSPECTED, DOCUMENTED, PAID, KEYED, RECEIVED),
)  # fmt: skip
