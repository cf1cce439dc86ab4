"""How do letters move? 来文: 待分办 → 办理中 → 已回复; 发文: 草稿 → 审核中 → 待发出 → 已发出 → 已收回复."""

from __future__ import annotations

from app.features.archive.letters import effects
from app.features.archive.letters.models import (
    DESK,
    HEADS,
    READERS,
    IncomingLetter,
    IncomingState,
    OutgoingLetter,
    OutgoingState,
)
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import ask
from app.kernel.base import now
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

REGISTERED, ASSIGNED, REPLIED, CLOSED, VOID = IncomingState
OPEN = (REGISTERED, ASSIGNED)
WRITERS = DESK | HEADS

INCOMING_FLOW = flow(
    IncomingLetter,
    step("assign", "分办", OPEN, ASSIGNED, by=HEADS | DESK, tone="primary", form=[ask("handler", "承办人", "person", posts=READERS - {Post.AUDITOR})],
         then=[effects.assign]),
    step("reply", "登记回复", OPEN, REPLIED, by=WRITERS, then=[effects.note_reply],
         form=[ask("on", "回复日期", "date", default=lambda _letter: now().date()), ask("outcome", "办理结果", "textarea", wide=True)]),
    step("answered", "已发文回复", OPEN, REPLIED, internal=True, then=[effects.note_reply]),
    step("close", "无需回复", OPEN, CLOSED, by=WRITERS, reason=True, then=[effects.note_no_reply]),
    step("void", "作废", OPEN, VOID, by=DESK, reason=True, tone="risk"),
    normal=(REGISTERED, ASSIGNED, REPLIED),
)  # fmt: skip

DRAFT, REVIEW, APPROVED, SENT, ANSWERED, DONE, REFUSED, VOIDED = OutgoingState

approval_kind(
    "letter", "发文", OutgoingLetter, Mode.IN_TURN, "销售主管 0\n案场经理 不限", minutes=480, clock="office", need=effects.approval_need,
)  # fmt: skip

OUTGOING_FLOW = flow(
    OutgoingLetter,
    step("submit", "提交审核", DRAFT, REVIEW, by=WRITERS, tone="primary", then=[effects.give_number, opens("letter")]),
    *approval_steps("letter", REVIEW, approved=APPROVED, returned=DRAFT, refused=REFUSED, by=WRITERS),
    step("send", "发出", APPROVED, SENT, by=DESK, tone="primary", then=[effects.note_sending],
         form=[ask("on", "发出日期", "date", default=lambda _letter: now().date()), ask("express_no", "快递单号", required=False),
               ask("file", "盖章件扫描", "file", required=False)]),
    step("answer", "登记对方回复", SENT, ANSWERED, by=DESK, tone="primary", shown=effects.expects_answer, then=[effects.note_answer],
         form=[ask("on", "收到日期", "date", default=lambda _letter: now().date()), ask("outcome", "回复内容", "textarea", wide=True),
               ask("file", "回复扫描件", "file", required=False)]),
    step("enter_sent", "旧簿登记", DRAFT, SENT, internal=True, then=[effects.note_old_sending]),
    step("done", "办结，无需回复", SENT, DONE, by=DESK),
    step("void", "作废", (DRAFT, APPROVED), VOIDED, by=WRITERS, reason=True, tone="risk"),
    normal=(DRAFT, REVIEW, APPROVED, SENT, ANSWERED),
)  # fmt: skip
