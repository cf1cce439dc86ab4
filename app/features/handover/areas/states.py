"""How does a 补差单 move? 甲方客服 prepares, 甲方现场负责人 decides, the account settles (02 §2.3.7, 07)."""

from __future__ import annotations

from typing import Any

from app.features.handover.areas import effects
from app.features.handover.areas.models import SERVICE, AreaSettlement, AreaState, Direction, Wish
from app.kernel.actors import Actor
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import ask
from app.kernel.base import now
from app.kernel.workflow import flow, step

DRAFT, REVIEW, BOOKED, CLEARED, WITHDRAWN, REFUSED, VOID = AreaState

approval_kind(
    "area_settlement", "面积补差", AreaSettlement, Mode.IN_TURN, "甲方现场负责人 不限", minutes=480, clock="office",
    need=effects.approval_need, content=("unit_id", *effects.FIGURES),
)  # fmt: skip


def _moves_money(paper: Any, _actor: Actor) -> bool:
    return paper.direction is not Direction.EVEN and paper.wish is not Wish.WITHDRAW


def _is_even(paper: Any, _actor: Actor) -> bool:
    return paper.direction is Direction.EVEN


def _may_withdraw(paper: Any, _actor: Actor) -> bool:
    return bool(paper.may_withdraw)


def _withdraws(paper: Any, _actor: Actor) -> bool:
    return paper.wish is Wish.WITHDRAW


AREA_FLOW = flow(
    AreaSettlement,
    step("choose", "登记买受人选择", DRAFT, None, by=SERVICE, shown=_may_withdraw,
         form=[ask("wish", "买受人选择", "choice", choices=Wish), ask("on", "选择日期", "date", default=lambda _paper: now().date()),
               ask("file", "买受人书面意见", "file", required=False)], then=[effects.note_wish]),
    step("submit", "提交审批", DRAFT, REVIEW, by=SERVICE, tone="primary", bulk=True, shown=_moves_money,
         guards=[effects.figures_are_current, effects.buyer_has_chosen], then=[effects.give_number, opens("area_settlement")]),
    step("confirm_even", "确认无补差", DRAFT, CLEARED, by=SERVICE, tone="primary", bulk=True, shown=_is_even,
         guards=[effects.figures_are_current], then=[effects.give_number, effects.tell_unit]),
    *approval_steps("area_settlement", REVIEW, approved=BOOKED, returned=DRAFT, refused=REFUSED, by=SERVICE,
                    then=(effects.book, effects.tell_unit), then_refuse=(effects.tell_unit,)),
    step("clear", "结清", BOOKED, CLEARED, internal=True, then=[effects.tell_unit]),
    step("withdraw", "转退房", DRAFT, WITHDRAWN, by=SERVICE, tone="risk", shown=_withdraws, guards=[effects.wants_to_leave],
         confirm="转退房后由代理方申请退房（卖方责任），补差不再结算。",
         then=[effects.give_number, effects.tell_sellers, effects.tell_unit]),
    step("void", "作废", (DRAFT, WITHDRAWN), VOID, by=SERVICE, reason=True, tone="risk", then=[effects.tell_unit]),
    step("end", "随认购书结束", (DRAFT, BOOKED, WITHDRAWN), VOID, internal=True),
    normal=(DRAFT, REVIEW, BOOKED, CLEARED),
)  # fmt: skip
