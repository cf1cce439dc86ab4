"""How does a 推盘批次 move? SUP prepares, SM and PM agree, JFS decides (02 §2.2.1, 07)."""

from __future__ import annotations

from app.features.units.models import ReleaseBatch, ReleaseState
from app.features.units.picking import PICK
from app.features.units.releases import effects
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

DRAFT, REVIEW, RELEASED, REFUSED, VOID = ReleaseState
PREPARERS = frozenset({Post.SUPERVISOR})

approval_kind(
    "release",
    "推盘",
    ReleaseBatch,
    Mode.IN_TURN,
    "案场经理 0\n项目经理 0\n甲方现场负责人 不限",
    need=effects.release_need,
    content=("name", "planned_on", "note"),
)

RELEASE_FLOW = flow(
    ReleaseBatch,
    step("put_units", "选入房源", DRAFT, None, by=PREPARERS, form=PICK, then=[effects.put_units]),
    step("drop_units", "移出房源", DRAFT, None, by=PREPARERS, form=PICK, then=[effects.drop_units]),
    step("submit", "提交审批", DRAFT, REVIEW, by=PREPARERS, tone="primary",
         guards=[effects.every_unit_may_be_released], then=[effects.give_number, opens("release")]),
    *approval_steps(
        "release", REVIEW, approved=RELEASED, returned=DRAFT, refused=REFUSED, by=PREPARERS,
        guards=(effects.every_unit_may_be_released,), then=(effects.release_units, effects.tell_site),
    ),
    step("void", "作废", DRAFT, VOID, by=PREPARERS, reason=True, tone="risk"),
    normal=(DRAFT, REVIEW, RELEASED),
)  # fmt: skip
