"""How does a 判客单 move? Ruled by 销售主管, appealed to 案场经理; nobody judges a case in which he is a party (02 §2.5.2, 07)."""

from __future__ import annotations

from app.features.customers.claims.choices import ClaimState, RelativeState, Ruling
from app.features.customers.claims.effects import kin, ruling
from app.features.customers.claims.models import CLAIMANTS, OwnershipClaim, Relative
from app.kernel.asks import ask
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

OPEN, RULED, APPEALED, FINAL, VOID = ClaimState
SUP, SM, PM = Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER
VERDICT = (
    ask("ruling", "裁定", "choice", choices=Ruling, default=lambda claim: claim.ruling or claim.proposal),
    ask(
        "percent",
        "原归属顾问占比",
        "number",
        required=False,
        unit="%",
        hint="只有分单时填写，例如 50",
        default=ruling.proposed_percent,
    ),
)

CLAIM_FLOW = flow(
    OwnershipClaim,
    step("rule", "裁定", OPEN, RULED, by=(SUP, SM), tone="primary", reason=True, guards=[ruling.may_judge], form=VERDICT,
         then=[ruling.rule]),
    step("appeal", "申诉", RULED, APPEALED, by=CLAIMANTS, reason=True, then=[ruling.appeal],
         shown=lambda claim, actor: actor.person_id in claim.parties),
    step("rule_appeal", "申诉裁定", APPEALED, FINAL, by=(SM, PM), tone="primary", reason=True, guards=[ruling.may_judge_appeal],
         form=VERDICT, then=[ruling.rule_appeal]),
    step("settle", "申诉期满", RULED, FINAL, internal=True, then=[ruling.note_final]),
    step("withdraw", "撤回", OPEN, VOID, by=CLAIMANTS, reason=True, tone="risk",
         shown=lambda claim, actor: actor.person_id in (claim.partner_id, claim.created_by)),
    normal=(OPEN, RULED, FINAL),
)  # fmt: skip

RELATIVE_FLOW = flow(
    Relative,
    step(
        "end",
        "解除",
        RelativeState.ACTIVE,
        RelativeState.ENDED,
        by=(SUP, SM),
        reason=True,
        tone="risk",
        then=[kin.end_relation],
    ),
)
