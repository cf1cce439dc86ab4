"""How does a 认购书 move? 02 §2.2.2: the unit is 锁定 in the 2nd to 4th state, 认购 from 有效."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.features.deals.reservations import attaching, changing, demanding, effects, guards, locking
from app.features.deals.reservations.models import CloseKind, Reservation, ReservationState
from app.features.units.models import UnitState
from app.kernel.actors import Actor
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import ask
from app.kernel.base import now
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

DRAFT, LOCKED, REVIEW, AWAITING, EFFECTIVE, SIGNED, CLOSED = ReservationState
DESK = (Post.CONSULTANT, Post.CLERK, Post.SUPERVISOR, Post.SITE_MANAGER)
RELEASERS = (Post.CONSULTANT, Post.SUPERVISOR, Post.SITE_MANAGER)
AFTER_APPROVAL = (AWAITING, EFFECTIVE)
LET_GO = (locking.free_unit, effects.give_discount_back, locking.close(CloseKind.RELEASED))

approval_kind(
    "reservation", "认购书", Reservation, Mode.IN_TURN, "销售主管 不限", minutes=60, clock="site", need=effects.approval_need,
    content=effects.APPLICANT_FIELDS, content_before=(effects.APPLICANT_FIELDS[:-1],),
)  # fmt: skip


def _unset(name: str) -> Any:
    """A fact is entered once: the button is gone afterwards."""

    def shown(order: Any, _actor: Actor) -> bool:
        return getattr(order, name) is None

    return shown


def _on_its_own(order: Any, _actor: Actor) -> bool:
    """An order that keeps the flat of a 换房 moves with that paper, not by itself."""
    return order.predecessor_id is None


def _may_release(order: Any, actor: Actor) -> bool:
    """A consultant lets go what he locked himself; what the supervisor has to decide or decided is his to release."""
    return order.predecessor_id is None and order.unit.state is not UnitState.BOOK and _by_whom(order, actor)


def _by_whom(order: Any, actor: Actor) -> bool:
    return order.state is LOCKED or actor.holds({Post.SUPERVISOR, Post.SITE_MANAGER}, order.project_id)


def _on(label: str) -> tuple[Any, ...]:
    return (ask("on", label, "date", default=lambda _order: now().date()),)


def _letter(scan: str) -> tuple[Any, ...]:
    return (*_on("寄出日期"), ask("express_no", "快递单号"), ask("file", scan, "file", required=False))


RESERVATION_FLOW = flow(
    Reservation,
    step("lock", "销控", DRAFT, LOCKED, internal=True, sets=(locking.note_lock,), then=[locking.take_unit]),
    step("extend", "延长销控", LOCKED, None, by=[Post.SUPERVISOR], shown=locking.may_be_extended, then=[locking.extend]),
    step("submit", "提交审核", LOCKED, REVIEW, by=DESK, tone="primary", shown=_on_its_own,
         guards=[locking.timer_runs, guards.buyers_complete, guards.price_is_set, guards.scheme_is_in_force,
                 guards.price_not_above_filed, guards.plan_closes, guards.price_within_authority],
         then=[effects.give_number, effects.note_submitter, effects.use_discount, locking.keep_unit, opens("reservation")]),
    *approval_steps("reservation", REVIEW, approved=AWAITING, returned=LOCKED, refused=CLOSED, by=DESK, guards=(guards.material_is_checked,),
                    then=(effects.count_own_concession, effects.open_order_account, effects.tell_owner_to_collect),
                    then_return=(locking.restart_timer,), then_refuse=LET_GO),
    step("split", "分单", LOCKED, None, by=(Post.SUPERVISOR, Post.SITE_MANAGER), shown=_on_its_own, then=[changing.split],
         form=[ask("partner_id", "分单同事", "person", posts={Post.CONSULTANT}),
               ask("percent", "本人比例", "number", unit="%", default=lambda _order: Decimal(50), hint="其余归分单同事，合计 100 %")]),
    step("end_split", "取消分单", LOCKED, None, by=(Post.SUPERVISOR, Post.SITE_MANAGER), then=[changing.end_split],
         shown=lambda order, _actor: order.partner_id is not None),
    step("check_material", "资料核对", (REVIEW, AWAITING, EFFECTIVE), None, by=[Post.CLERK], form=_on("核对日期"),
         shown=_unset("material_checked_on"), then=[effects.note_material]),
    step("customer_sign", "客户签字", AFTER_APPROVAL, None, by=DESK, form=_on("签字日期"), tone="primary",
         shown=_unset("customer_signed_on"), then=[effects.note_customer_signature, effects.take_effect_if_ready]),
    step("take_effect", "认购生效", AWAITING, EFFECTIVE, internal=True,
         guards=[guards.customer_has_signed, guards.deposit_is_confirmed], then=[effects.order_unit]),
    step("seal", "甲方盖章", EFFECTIVE, None, by=[Post.DEVELOPER_SITE], form=_on("盖章日期"),
         shown=_unset("sealed_on"), then=[effects.note_seal]),
    step("collect", "三份领取", EFFECTIVE, None, by=[Post.CONSULTANT, Post.CLERK], form=_on("领取日期"),
         shown=_unset("collected_on"), then=[effects.note_collection]),
    step("demand_signing", "登记催签函", EFFECTIVE, None, by=[Post.CLERK, Post.SUPERVISOR], shown=demanding.may_demand,
         form=_letter("盖章件扫描"), then=[demanding.note_demand]),
    step("notify_end", "发解除通知", EFFECTIVE, None, by=[Post.DEVELOPER_SITE], tone="risk", shown=demanding.may_notify_end,
         guards=[demanding.demand_has_run_out], form=_letter("解除通知扫描"), then=[demanding.note_end_notice],
         confirm="通知寄出后由代理方申请挞定；房源和定金在挞定批准执行以前不变。"),
    step("replace_old", "换房生效", (DRAFT, LOCKED), EFFECTIVE, internal=True, then=[changing.replace_old, attaching.take_again]),
    step("give_up", "换房未成", (DRAFT, LOCKED), CLOSED, internal=True, then=LET_GO),
    step("exchange_order", "换房", (EFFECTIVE, SIGNED), CLOSED, internal=True,
         then=[effects.leave_unit, locking.close(CloseKind.EXCHANGED)]),
    step("extend_signing", "延期签约", EFFECTIVE, None, internal=True, then=[changing.extend_signing]),
    step("change_payment", "变更付款方式", (EFFECTIVE, SIGNED), None, internal=True, then=[changing.change_payment]),
    step("change_buyers", "变更买受人", (EFFECTIVE, SIGNED), None, internal=True, then=[changing.change_buyers]),
    step("reopen", "恢复认购", (EFFECTIVE, SIGNED), EFFECTIVE, internal=True, then=[changing.reopen]),
    step("release", "释放", (LOCKED, REVIEW, AWAITING), CLOSED, by=RELEASERS, reason=True, tone="risk",
         shown=_may_release, guards=[guards.no_money_received],
         then=[locking.end_request, effects.cancel_account, *LET_GO]),
    step("end_booking", "小订结束", (LOCKED, REVIEW, AWAITING), CLOSED, internal=True,
         guards=[guards.no_money_received], then=[locking.end_request, effects.cancel_account, *LET_GO]),
    step("expire", "到时释放", LOCKED, CLOSED, internal=True, then=LET_GO),
    step("bring_in", "期初接管", DRAFT, EFFECTIVE, internal=True, then=[effects.open_taken_over]),
    step("to_contract", "转签约", EFFECTIVE, SIGNED, internal=True),
    step("note_ending", "批准结束", (EFFECTIVE, SIGNED), None, internal=True, then=[effects.note_ending]),
    step("drop_ending", "结束申请作废", (EFFECTIVE, SIGNED), None, internal=True, then=[effects.drop_ending]),
    step("withdraw_order", "退订", EFFECTIVE, CLOSED, internal=True,
         then=[effects.give_unit_back, locking.close(CloseKind.WITHDRAWN)]),
    step("forfeit_order", "挞定", EFFECTIVE, CLOSED, internal=True,
         then=[effects.give_unit_back, locking.close(CloseKind.FORFEITED)]),
    step("cancel_order", "退房", SIGNED, CLOSED, internal=True,
         then=[effects.undo_signature, locking.close(CloseKind.CANCELLED)]),
    normal=(DRAFT, LOCKED, REVIEW, AWAITING, EFFECTIVE, SIGNED),
)  # fmt: skip
