"""How does a 移交单 move? Filled by the desk, then signed for by the receiver."""

from __future__ import annotations

from app.features.archive.handovers import effects
from app.features.archive.handovers.models import FILERS, HandoverState, PaperHandover
from app.kernel.asks import ask
from app.kernel.base import now
from app.kernel.workflow import flow, step

DRAFT, HANDED, VOID = HandoverState
ONE_A_LINE = "一行一个"

HANDOVER_FLOW = flow(
    PaperHandover,
    step("put", "选入资料", DRAFT, None, by=FILERS, then=[effects.put],
         form=[ask("folder", "户档", "record", model="folder", required=False, hint="不填档号时选入这一户全部在库的纸质资料"),
               ask("numbers", "档号", "textarea", required=False, wide=True, hint=ONE_A_LINE)]),
    step("drop", "移出资料", DRAFT, None, by=FILERS, then=[effects.drop],
         form=[ask("numbers", "档号", "textarea", wide=True, hint=ONE_A_LINE)]),
    step("hand", "移交签收", DRAFT, HANDED, by=FILERS, tone="primary", guards=[effects.list_is_filled], then=[effects.hand_over],
         form=[ask("receiver", "签收人"), ask("on", "移交日期", "date", default=lambda _paper: now().date()),
               ask("file", "签收单扫描件", "file", required=False)]),
    step("void", "作废", DRAFT, VOID, by=FILERS, reason=True, tone="risk"),
    normal=(DRAFT, HANDED),
)  # fmt: skip
