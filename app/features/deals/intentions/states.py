"""How does a 认筹单 move? From the queue to a flat, to a 定金, or back with the money (02 §2.2.2)."""

from __future__ import annotations

from typing import Any

from app.features.deals.intentions import effects
from app.features.deals.intentions.models import Intention, IntentionState, Keeping
from app.kernel.actors import Actor
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import ask
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

DRAFT, SUBMITTED, VALID, PRESENT, CHOSEN, PASSED, DEPOSITED, LEAVING, LEFT, VOID = IntentionState
WRITERS = (Post.CONSULTANT, Post.CLERK)
DESK = (Post.CONSULTANT, Post.CLERK, Post.SUPERVISOR)
WAITING = (VALID, PRESENT, PASSED, CHOSEN)

approval_kind(
    "intention", "认筹单", Intention, Mode.IN_TURN, "销售主管 不限", minutes=60, clock="site", need=effects.approval_need,
    content=("customer_id", "first_unit_id", "second_unit_id", "third_unit_id", "keeping", "amount"),
)  # fmt: skip


def _has_money(paper: Any, _actor: Actor) -> bool:
    return paper.keeping is Keeping.COLLECTED


def _without_money(paper: Any, _actor: Actor) -> bool:
    return paper.keeping is not Keeping.COLLECTED


def _free_to_leave(paper: Any, actor: Actor) -> bool:
    return _has_money(paper, actor) and not effects.leads_to_order(paper)


def _free_to_give_up(paper: Any, actor: Actor) -> bool:
    return _without_money(paper, actor) and not effects.leads_to_order(paper)


def _may_choose(paper: Any, _actor: Actor) -> bool:
    """Whoever has a living order chooses again only after it was released."""
    return not effects.leads_to_order(paper)


INTENTION_FLOW = flow(
    Intention,
    step("submit", "提交", DRAFT, SUBMITTED, by=WRITERS, tone="primary", guards=[effects.may_be_had],
         then=[effects.give_number, opens("intention")]),
    *approval_steps("intention", SUBMITTED, approved=VALID, returned=DRAFT, refused=VOID, by=WRITERS, then=(effects.queue,)),
    step("sign_in", "签到", (VALID, PASSED), PRESENT, by=DESK, tone="primary", guards=[effects.money_is_confirmed]),
    step("choose", "选房转认购", (PRESENT, CHOSEN), CHOSEN, by=(*DESK, Post.SITE_MANAGER), tone="primary", shown=_may_choose,
         form=[ask("unit_id", "选中的房源", "record", model="unit", default=lambda paper: paper.first_unit_id)],
         guards=[effects.has_no_order], then=[effects.choose_unit, effects.leave_queue]),
    step("pass_over", "过号", (VALID, PRESENT), PASSED, by=(Post.CLERK, Post.SUPERVISOR), then=[effects.leave_queue]),
    step("to_deposit", "转定金", (VALID, PRESENT, PASSED), DEPOSITED, by=DESK, shown=_has_money,
         guards=[effects.money_is_ours], then=[effects.to_deposit, effects.leave_queue]),
    step("ask_back", "退号", WAITING, LEAVING, by=DESK, reason=True, tone="risk", shown=_free_to_leave,
         guards=[effects.money_is_ours], then=[effects.ask_back, effects.leave_queue]),
    step("give_up", "退号", WAITING, LEFT, by=DESK, reason=True, tone="risk", shown=_free_to_give_up,
         guards=[effects.has_no_order], then=[effects.leave_queue, effects.follows_again]),
    step("paid_back", "已退款", LEAVING, LEFT, by=[Post.DEVELOPER_FINANCE, Post.CLERK], tone="primary",
         guards=[effects.refund_is_paid], then=[effects.follows_again]),
    step("void", "作废", DRAFT, VOID, by=WRITERS, reason=True, tone="risk"),
    normal=(DRAFT, SUBMITTED, VALID, PRESENT, CHOSEN),
)  # fmt: skip
