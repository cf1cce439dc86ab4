"""How does a unit move? Every row of 02 §2.2.1; rows without a post are fired by papers of this and later rooms."""

from __future__ import annotations

from typing import Any

from app.features.units import effects, guards
from app.features.units.companions import companions_follow
from app.features.units.models import Unit, UnitState
from app.kernel.actors import Actor
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

WAIT, FREE, HOLD, LOCK, BOOK, ORDER, DRAFT, SIGN, HAND = UnitState
SALEABLE = (WAIT, FREE, HOLD, LOCK, BOOK, ORDER, DRAFT, SIGN)


def _is_stopped(unit: Any, _actor: Actor) -> bool:
    return bool(unit.stopped)


def _is_selling(unit: Any, _actor: Actor) -> bool:
    return not unit.stopped


def _may_be_extended(unit: Any, _actor: Actor) -> bool:
    return unit.lock_until is not None and not unit.lock_extended


def _is_seized(unit: Any, _actor: Actor) -> bool:
    return bool(unit.seized)


def _is_not_seized(unit: Any, _actor: Actor) -> bool:
    return not unit.seized


UNIT_FLOW = flow(
    Unit,
    step("release", "推出", WAIT, FREE, internal=True, then=[effects.join_batch],
         guards=[guards.confirmed_by_site_manager, guards.not_stopped, guards.permit_covers_unit,
                 guards.list_price_within_filed_price, guards.not_seized, guards.mortgagee_consents]),
    step("close", "收盘", FREE, WAIT, by=[Post.DEVELOPER_SITE], reason=True, tone="risk", bulk=True,
         guards=[guards.no_live_order], then=[effects.leave_batch]),
    step("hold", "保留", FREE, HOLD, internal=True, then=[effects.note_hold],
         guards=[guards.not_stopped, guards.hold_has_expiry, guards.hold_share_within_cap]),
    step("unhold", "解除保留", HOLD, FREE, internal=True, then=[effects.clear_hold]),
    step("lock", "销控", (FREE, HOLD), LOCK, internal=True, sets=(effects.start_timer,),
         guards=[guards.not_stopped, guards.not_seized, guards.locker_is_entitled, guards.hold_is_for_this_customer]),
    step("extend_lock", "延长销控", LOCK, None, by=[Post.SUPERVISOR], shown=_may_be_extended,
         guards=[guards.timer_is_running, guards.extended_at_most_once], then=[effects.lengthen_timer]),
    step("unlock", "释放", LOCK, FREE, internal=True, then=[companions_follow, effects.clear_order, effects.clear_hold]),
    step("unlock_to_hold", "释放回保留", LOCK, HOLD, internal=True, then=[companions_follow, effects.clear_order]),
    step("book", "小订", LOCK, BOOK, internal=True, guards=[guards.not_seized], then=[companions_follow, effects.end_timer]),
    step("order", "认购", (LOCK, BOOK), ORDER, internal=True, guards=[guards.not_seized], then=[companions_follow, effects.end_timer]),
    step("swap_in", "换房换入", FREE, ORDER, internal=True, guards=[guards.not_seized], then=[effects.note_order]),
    step("draft", "草签", ORDER, DRAFT, internal=True, guards=[guards.not_seized], then=[companions_follow]),
    step("sign", "签约", (ORDER, DRAFT), SIGN, internal=True, guards=[guards.not_seized], then=[companions_follow]),
    step("back", "恢复可售", (BOOK, ORDER), FREE, internal=True, then=[companions_follow, effects.clear_order]),
    step("undo_sign", "退房恢复可售", (DRAFT, SIGN), FREE, internal=True,
         guards=[guards.filing_is_revoked], then=[companions_follow, effects.clear_order]),
    step("bring_in", "期初接管", (WAIT, FREE), ORDER, internal=True, guards=[guards.not_seized], then=[effects.note_taken_over]),
    step("reorder", "撤销后恢复认购", (DRAFT, SIGN), ORDER, internal=True, guards=[guards.filing_is_revoked],
         then=[companions_follow]),
    step("hand", "交付", SIGN, HAND, internal=True, then=[companions_follow, effects.note_handover]),
    step("stop", "停售", SALEABLE, None, by=[Post.PROJECT_MANAGER, Post.DEVELOPER_SITE], reason=True, tone="risk",
         shown=_is_selling, guards=[guards.not_stopped], then=[effects.set_stopped]),
    step("resume", "恢复销售", SALEABLE, None, by=[Post.PROJECT_MANAGER, Post.DEVELOPER_SITE], reason=True,
         shown=_is_stopped, guards=[guards.is_stopped], then=[effects.set_resumed]),
    step("seize", "登记查封", SALEABLE, None, by=[Post.DEVELOPER_SITE], reason=True, tone="risk",
         shown=_is_not_seized, then=[effects.set_seized]),
    step("unseize", "解除查封", SALEABLE, None, by=[Post.DEVELOPER_SITE], reason=True,
         shown=_is_seized, then=[effects.set_unseized]),
    normal=(WAIT, FREE, LOCK, ORDER, SIGN, HAND),
)  # fmt: skip
