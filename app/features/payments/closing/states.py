"""How does a month move? Closed by 甲方财务 or its day, opened again by 甲方负责人 alone (issue 5 point 5)."""

from __future__ import annotations

from app.features.payments.closing import effects
from app.features.payments.closing.models import MonthClose, MonthState
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

OPEN, CLOSED, REOPENED = MonthState

MONTH_FLOW = flow(
    MonthClose,
    step("close", "结账", (OPEN, REOPENED), CLOSED, by=[Post.DEVELOPER_FINANCE], tone="primary",
         confirm="结账后该月不能再登记收款、退款和红冲，只有甲方负责人可以重开。",
         guards=[effects.book_is_still, effects.earlier_are_closed, effects.no_receipt_waits], then=[effects.close_month]),
    step("reopen", "重开", CLOSED, REOPENED, by=[Post.DEVELOPER_LEAD], reason=True, tone="risk", then=[effects.reopen_month]),
    normal=(OPEN, CLOSED),
)  # fmt: skip
