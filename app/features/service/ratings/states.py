"""How does a 评价点 move? 启用 ↔ 停用; a new code at any time."""

from __future__ import annotations

from app.features.service.people import CHECKERS
from app.features.service.ratings.effects import new_code
from app.features.service.ratings.models import DeskState, RatingDesk
from app.kernel.workflow import flow, step

OPEN, CLOSED = DeskState

DESK_FLOW = flow(
    RatingDesk,
    step("renew", "换新二维码", OPEN, None, by=CHECKERS, tone="primary", confirm="旧的二维码马上失效，要重新打印。", then=[new_code]),
    step("close", "停用", OPEN, CLOSED, by=CHECKERS, tone="risk", confirm="停用后二维码马上失效。"),
    step("open", "启用", CLOSED, OPEN, by=CHECKERS, tone="primary", then=[new_code]),
)  # fmt: skip
