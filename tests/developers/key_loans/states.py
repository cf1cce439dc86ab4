"""Step 6 and 7: how does it move, and who decides?"""

from __future__ import annotations

from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import ask
from app.kernel.posts import Post
from app.kernel.workflow import flow, step
from tests.developers.key_loans.effects import comes_back_soon, give_number, note_return
from tests.developers.key_loans.models import KeyLoan, KeyLoanState

DRAFT, REVIEW, LENT, RETURNED, REFUSED = KeyLoanState
LENDERS = frozenset({Post.CONSULTANT, Post.CLERK})

approval_kind("key_loan", "钥匙借用", KeyLoan, Mode.DIRECT, "销售主管 不限")

KEY_LOAN_FLOW = flow(
    KeyLoan,
    step("submit", "提交审批", DRAFT, REVIEW, by=LENDERS, tone="primary", guards=[comes_back_soon], then=[give_number, opens("key_loan")]),
    *approval_steps("key_loan", REVIEW, approved=LENT, returned=DRAFT, refused=REFUSED, by=LENDERS),
    step("give_back", "归还", LENT, RETURNED, by=[Post.CLERK], tone="primary", form=[ask("returned_on", "归还日期", "date")], then=[note_return]),
    normal=(DRAFT, REVIEW, LENT, RETURNED),
)  # fmt: skip
