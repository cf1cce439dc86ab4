"""How does a 期初接管单 move? Rows in, sums checked, SM → FIN-D → JFL decide, FIN-D takes over (issue «going live mid-sale»)."""

from __future__ import annotations

from app.features.deals.takeover import effects, making
from app.features.deals.takeover.models import TakeOver, TakeOverState
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

DRAFT, REVIEW, APPROVED, DONE, VOID = TakeOverState
MAKERS = frozenset({Post.CLERK, Post.SALES_ADMIN})

approval_kind(
    "take_over", "期初接管", TakeOver, Mode.IN_TURN, "案场经理 0\n甲方财务 0\n甲方负责人 不限", minutes=480, clock="office",
    need=effects.approval_need,
    content=("as_of", "orders_expected", "signed_expected", "total_expected", "received_expected", "owed_expected", "rows_digest"),
)  # fmt: skip

TAKE_OVER_FLOW = flow(
    TakeOver,
    step("submit", "提交核对", DRAFT, REVIEW, by=MAKERS, tone="primary",
         confirm="提交后由案场经理、甲方财务、甲方负责人依次核对，明细不能再改。",
         guards=[effects.has_rows, effects.rows_are_right, effects.sums_agree], then=[effects.give_number, opens("take_over")]),
    *approval_steps("take_over", REVIEW, approved=APPROVED, returned=DRAFT, refused=VOID, by=MAKERS),
    step("execute", "接管入账", APPROVED, None, by=[Post.DEVELOPER_FINANCE], tone="primary", queued=True,
         confirm="订单、合同、应收和收款将一次全部写入，收款按原收款日记账；写入后只能红冲。",
         guards=[effects.months_are_open], then=[making.ask_to_make]),
    step("finish", "完成接管", APPROVED, DONE, internal=True, then=[making.make_books]),
    step("reopen", "退回修改", APPROVED, DRAFT, by=MAKERS, reason=True, confirm="退回后改明细，改完重新提交、重新核准。"),
    step("void", "作废", (DRAFT, APPROVED), VOID, by=MAKERS, reason=True, tone="risk"),
    normal=(DRAFT, REVIEW, APPROVED, DONE),
)  # fmt: skip
