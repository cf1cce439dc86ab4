"""How does a line of the bank move? Matched by rule or by hand, explained, taken back with a reason; 甲方财务 alone."""

from __future__ import annotations

from app.features.payments.bank import effects
from app.features.payments.bank.models import BankLine, LineState
from app.kernel.asks import ask
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

FIN_D = [Post.DEVELOPER_FINANCE]
OPEN, MATCHED, EXPLAINED = LineState

LINE_FLOW = flow(
    BankLine,
    step("match_by_rule", "自动对账", OPEN, MATCHED, internal=True),
    step("match", "对账", OPEN, MATCHED, by=FIN_D, tone="primary", then=[effects.match_by_hand],
         form=[ask("numbers", "收款单、退款单编号", hint="多张用逗号隔开，净额（减手续费）合计应等于流水金额", wide=True)]),
    step("explain", "说明", OPEN, EXPLAINED, by=FIN_D, reason=True, then=[effects.explain]),
    step("unmatch", "取消对账", (MATCHED, EXPLAINED), OPEN, by=FIN_D, reason=True, tone="risk", then=[effects.unmatch]),
    normal=(OPEN, MATCHED),
)  # fmt: skip
