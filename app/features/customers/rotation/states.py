"""How does a 老客户公示 move? (02 §2.5.1: posted two days for claims, then stays)"""

from __future__ import annotations

from app.features.customers.rotation.choices import PostingState
from app.features.customers.rotation.effects.postings import (
    give_to_claimant,
    not_the_claimant,
    note_claim,
    someone_elses,
    tell_both,
)
from app.features.customers.rotation.models import RotationPosting
from app.kernel.asks import ask
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

POSTED, CLAIMED, MOVED, STAYS = PostingState
SELLERS = (Post.CONSULTANT, Post.SUPERVISOR)
JUDGES = (Post.SUPERVISOR, Post.SITE_MANAGER)

POSTING_FLOW = flow(
    RotationPosting,
    step(
        "claim", "主张是我的客户", POSTED, CLAIMED, by=SELLERS, guards=[someone_elses], then=[note_claim], tone="primary",
        form=[ask("evidence", "依据", "textarea", wide=True, hint="何时来过、谁接待、聊天记录或登记本")],
    ),
    step(
        "uphold", "归主张人", CLAIMED, MOVED, by=JUDGES, guards=[not_the_claimant], then=[give_to_claimant], tone="primary",
        reason=True,
    ),
    step("reject", "归接待人", CLAIMED, STAYS, by=JUDGES, guards=[not_the_claimant], then=[tell_both], reason=True),
    step("expire", "公示期满", POSTED, STAYS, internal=True),
)  # fmt: skip
