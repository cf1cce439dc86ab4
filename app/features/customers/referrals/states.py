"""How does a 老带新 move? Registered before the deal, earned by the deal, approved by 案场经理, handed out."""

from __future__ import annotations

from app.features.customers.referrals import effects
from app.features.customers.referrals.models import Referral, ReferralState
from app.kernel.asks import ask
from app.kernel.base import now
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

WAITING, EARNED, APPROVED, PAID, VOID = ReferralState

REFERRAL_FLOW = flow(
    Referral,
    step("earn", "达到条件", WAITING, EARNED, internal=True, then=[effects.note_earned]),
    step("unearn", "成交已解除", EARNED, WAITING, internal=True, then=[effects.note_unearned]),
    step("approve", "批准奖励", EARNED, APPROVED, by=(Post.SITE_MANAGER,), tone="primary"),
    step("pay", "登记兑现", APPROVED, PAID, by=(Post.SUPERVISOR, Post.CLERK), tone="primary", then=[effects.note_paid],
         form=[ask("paid_on", "兑现日", "date", default=lambda _referral: now().date()), ask("paid_how", "兑现方式", hint="签收人、凭证号")]),
    step("book", "按台账登记兑现", WAITING, PAID, internal=True, then=[effects.note_booked]),
    step("void", "不成立", (WAITING, EARNED), VOID, by=(Post.SUPERVISOR, Post.SITE_MANAGER), reason=True, tone="risk",
         then=[effects.note_void]),
    normal=(WAITING, EARNED, APPROVED, PAID),
)  # fmt: skip
