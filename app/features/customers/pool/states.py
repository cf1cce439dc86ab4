"""How does an entry of the 公海 move? Taken by a seller, given by a supervisor, or ended because the customer got an owner elsewhere."""

from __future__ import annotations

from app.features.customers.effects.ownership import OWNERS
from app.features.customers.pool import effects
from app.features.customers.pool.models import TAKERS, PoolEntry, PoolState
from app.kernel.asks import ask
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

WAITING, TAKEN, GIVEN = PoolState

POOL_FLOW = flow(
    PoolEntry,
    step("claim", "领取", WAITING, TAKEN, by=TAKERS, tone="primary", guards=[effects.may_be_taken], then=[effects.take]),
    step("give", "分配", WAITING, GIVEN, by=(Post.SUPERVISOR, Post.SITE_MANAGER), then=[effects.give],
         form=[ask("owner_id", "归属顾问", "person", posts=OWNERS)]),
    step("leave", "离开公海", WAITING, GIVEN, internal=True),
    normal=(WAITING, TAKEN),
)  # fmt: skip
