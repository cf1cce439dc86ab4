"""How does a 变更申请 move? Approve and execute are different acts (02 §2.2.3)."""

from __future__ import annotations

from app.features.deals.changes import effects
from app.features.deals.changes.models import ChangeKind, ChangeRequest, ChangeState
from app.kernel.actors import Actor
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

DRAFT, REVIEW, APPROVED, EXECUTED, REFUSED, VOID = ChangeState
ASKERS = (Post.CONSULTANT, Post.SUPERVISOR, Post.CLERK)

approval_kind(
    "order_end", "退订、挞定", ChangeRequest, Mode.IN_TURN, "销售主管 0\n案场经理 0\n甲方负责人 不限", need=effects.approval_need,
    content=effects.APPLICANT_FIELDS,
)  # fmt: skip
approval_kind(
    "cancellation", "退房", ChangeRequest, Mode.IN_TURN, "销售主管 0\n案场经理 0\n项目经理 0\n甲方负责人 不限", need=effects.approval_need,
    content=effects.APPLICANT_FIELDS,
)  # fmt: skip


def _ends_order(change: ChangeRequest, _actor: Actor) -> bool:
    return change.kind is not ChangeKind.CANCELLATION


def _cancels(change: ChangeRequest, _actor: Actor) -> bool:
    return change.kind is ChangeKind.CANCELLATION


CHANGE_FLOW = flow(
    ChangeRequest,
    step("submit", "提交审批", DRAFT, REVIEW, by=ASKERS, tone="primary", shown=_ends_order,
         guards=[effects.sums_are_current], then=[effects.give_number, opens("order_end")]),
    step("submit_cancellation", "提交审批", DRAFT, REVIEW, by=ASKERS, tone="primary", shown=_cancels,
         guards=[effects.sums_are_current], then=[effects.give_number, opens("cancellation")]),
    *approval_steps("order_end", REVIEW, approved=APPROVED, returned=DRAFT, refused=REFUSED, by=ASKERS,
                    then=(effects.mark_order,)),
    *approval_steps("cancellation", REVIEW, approved=APPROVED, returned=DRAFT, refused=REFUSED, by=ASKERS,
                    then=(effects.mark_order,)),
    step("execute", "执行", APPROVED, EXECUTED, by=[Post.DEVELOPER_FINANCE], tone="primary",
         confirm="执行后认购书关闭、房源恢复可售，不能撤回。", guards=[effects.contract_is_revoked, effects.sums_are_those_approved],
         then=[effects.void_drafted_contract, effects.execute]),
    step("rework", "退回重算", APPROVED, DRAFT, by=[Post.DEVELOPER_FINANCE, *ASKERS], reason=True, then=[effects.unmark_order]),
    step("void", "作废", (DRAFT, APPROVED), VOID, by=ASKERS, reason=True, tone="risk",
         guards=[effects.contract_is_untouched], then=[effects.unmark_order]),
    normal=(DRAFT, REVIEW, APPROVED, EXECUTED),
)  # fmt: skip
