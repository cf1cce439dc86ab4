"""How does a 催款函件 move? Drafted, reviewed, sent, signed for; a 解除通知函 ends at 甲方 (02 §2.2.1)."""

from __future__ import annotations

from app.features.payments.letters import effects
from app.features.payments.letters.models import DunningLetter, LetterKind, LetterState
from app.kernel.actors import Actor
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import ask
from app.kernel.base import now
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

WRITERS = (Post.CONSULTANT, Post.SUPERVISOR, Post.CLERK)
SENDERS = (Post.CLERK, Post.SUPERVISOR)
DRAFT, REVIEW, APPROVED, SENT, SIGNED, RETURNED, REFUSED, VOID = LetterState
CONTENT = ("account_id", "kind", "pay_until", "address", "content")

approval_kind(
    "dunning_letter",
    "催款函",
    DunningLetter,
    Mode.IN_TURN,
    "销售主管 不限",
    need=effects.approval_need,
    content=CONTENT,
)
approval_kind(
    "termination_notice", "解除通知函", DunningLetter, Mode.IN_TURN, "销售主管 0\n案场经理 0\n甲方现场负责人 不限",
    need=effects.approval_need, content=CONTENT,
)  # fmt: skip


def _demands(letter: DunningLetter, _actor: Actor) -> bool:
    return letter.kind is LetterKind.DEMAND


def _terminates(letter: DunningLetter, _actor: Actor) -> bool:
    return letter.kind is LetterKind.TERMINATION


LETTER_FLOW = flow(
    DunningLetter,
    step("submit", "提交审核", DRAFT, REVIEW, by=WRITERS, tone="primary", shown=_demands, guards=[effects.sums_are_current],
         then=[effects.give_number, opens("dunning_letter")]),
    step("submit_termination", "提交审批", DRAFT, REVIEW, by=WRITERS, tone="primary", shown=_terminates,
         guards=[effects.sums_are_current], then=[effects.give_number, opens("termination_notice")]),
    *approval_steps("dunning_letter", REVIEW, approved=APPROVED, returned=DRAFT, refused=REFUSED, by=WRITERS),
    *approval_steps("termination_notice", REVIEW, approved=APPROVED, returned=DRAFT, refused=REFUSED, by=WRITERS),
    step("send", "登记寄出", APPROVED, SENT, by=SENDERS, tone="primary", then=[effects.note_sending],
         form=[ask("on", "寄出日期", "date", default=lambda _letter: now().date()), ask("express_no", "快递单号"),
               ask("file", "盖章件扫描", "file", required=False)]),
    step("sign", "登记签收", (SENT, RETURNED), SIGNED, by=SENDERS, tone="primary", then=[effects.note_signing],
         form=[ask("on", "签收日期", "date", default=lambda _letter: now().date()), ask("signed_by", "签收人", required=False, personal=True),
               ask("file", "签收记录", "file", required=False)]),
    step("bounce", "退件", SENT, RETURNED, by=SENDERS, reason=True),
    step("void", "作废", (DRAFT, APPROVED), VOID, by=WRITERS, reason=True, tone="risk"),
    normal=(DRAFT, REVIEW, APPROVED, SENT, SIGNED),
)  # fmt: skip
