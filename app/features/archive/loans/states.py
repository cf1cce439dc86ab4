"""How does a 借阅 move? The desk registers it, 销售主管 decides, it goes out against a signature and comes back (07)."""

from __future__ import annotations

from typing import Any

from app.features.archive.loans import effects
from app.features.archive.loans.models import FILERS, FileLoan, Loan, LoanState
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import ask
from app.kernel.base import now
from app.kernel.posts import Post
from app.kernel.workflow import Flow, flow, step

DRAFT, REVIEW, APPROVED, LENT, RETURNED, REFUSED, VOID = LoanState
CHAIN = "销售主管 不限\n案场经理 不限"


def _due(loan: Any) -> Any:
    return loan.due_on


def _loan_flow(model: type[Any], code: str, label: str) -> Flow:
    approval_kind(code, label, model, Mode.IN_TURN, CHAIN, minutes=240, clock="site", need=effects.approval_need)
    return flow(
        model,
        step("submit", "提交审批", DRAFT, REVIEW, by=FILERS, tone="primary", guards=[effects.may_be_lent],
             then=[effects.give_number, opens(code)]),
        *approval_steps(code, REVIEW, approved=APPROVED, returned=DRAFT, refused=REFUSED, by=FILERS, then=(effects.tell_borrower,)),
        step("lend", "借出", APPROVED, LENT, by=FILERS, tone="primary", guards=[effects.may_be_lent], then=[effects.hand_out],
             form=[ask("receiver", "领取签收人", default=lambda loan: loan.who), ask("due_on", "应还日期", "date", default=_due)]),
        step("give_back", "归还", LENT, RETURNED, by=FILERS, tone="primary", then=[effects.take_back],
             form=[ask("on", "归还日期", "date", default=lambda _loan: now().date()),
                   ask("condition", "归还情况", default=lambda _loan: "完好")]),
        step("extend", "续借", LENT, None, by=[Post.SUPERVISOR], form=[ask("due_on", "新的应还日期", "date")],
             then=[effects.extend]),
        step("void", "取消", (DRAFT, APPROVED), VOID, by=FILERS, reason=True, tone="risk"),
        normal=(DRAFT, REVIEW, APPROVED, LENT, RETURNED),
    )  # fmt: skip


LOAN_FLOW = _loan_flow(Loan, "loan", "借阅")
FILE_LOAN_FLOW = _loan_flow(FileLoan, "file_loan", "现场文件借阅")
