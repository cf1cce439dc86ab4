"""逾期未签: 催签函 with its express number, some days later the notice that the reservation ends (02 §2.2.1). Nothing of it ends
an order by itself: once 定金 is in, only a decided 退订 or 挞定 does."""

from __future__ import annotations

from typing import Any

from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.deals.reservations.rules import demand_counts, end_notice_from
from app.features.organisation.parameters import parameter
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.notices import NoticeKind, notify, notify_posts
from app.kernel.posts import Post
from app.kernel.workflow import Act


def late_to_sign(order: Any) -> bool:
    """The day of signing has passed and no change was approved meanwhile."""
    due = order.sign_due_on
    return (
        order.state is ReservationState.EFFECTIVE and order.ends_as is None and due is not None and due < now().date()
    )


def may_demand(order: Reservation, _actor: Actor) -> bool:
    """Whether 「登记催签函」 is offered; a second one may follow the first."""
    return late_to_sign(order) and order.end_notice_on is None


def may_notify_end(order: Reservation, _actor: Actor) -> bool:
    """Whether 「发解除通知」 is offered: a letter of this delay went out; the guard says from when on."""
    return late_to_sign(order) and order.end_notice_on is None and demand_counts(order.sign_due_on, order.demanded_on)


def note_demand(act: Act) -> None:
    """Sent: its days count from here. Raises RuleError for a day before the delay or ahead."""
    order: Reservation = act.document
    on = act.form["on"]
    if on > act.at.date():
        raise RuleError("寄出日期不能晚于今天", field="on")
    if not demand_counts(order.sign_due_on, on):
        raise RuleError("寄出日期应在应签约日 {day} 之后", field="on", day=order.sign_due_on)
    order.demanded_on, order.demand_express = on, act.form["express_no"][:40]
    if order.owner_id is not None:
        notify(
            act.session, [order.owner_id], f"{order.unit.full_name} 已寄出催签函，请联系客户签约", url=f"/reservation/show/{order.id}",
            project_id=order.project_id, kind=NoticeKind.DUE, outside="有客户的催签函已寄出",
        )  # fmt: skip


def demand_has_run_out(act: Act) -> None:
    """No notice before the letter's days are over. Raises RuleError with the first day."""
    order: Reservation = act.document
    days = int(parameter(act.session, order.project_id, "sign_grace_days"))
    first = end_notice_from(order.sign_due_on, order.demanded_on, days)
    if first is not None and act.at.date() < first:
        raise RuleError("催签期还没有满，最早 {day} 可以发解除通知", day=first)


def note_end_notice(act: Act) -> None:
    """甲方 gave notice: the desk applies for 挞定, the money stays untouched until that is decided."""
    order: Reservation = act.document
    on = act.form["on"]
    if on > act.at.date() or (order.demanded_on is not None and on <= order.demanded_on):
        raise RuleError("寄出日期应在催签函寄出日之后，且不晚于今天", field="on")
    order.end_notice_on, order.end_notice_express = on, act.form["express_no"][:40]
    notify_posts(
        act.session, [Post.SUPERVISOR, Post.CLERK], order.project_id, f"{order.unit.full_name} 已发解除认购通知，请申请挞定",
        url=f"/change-request/add?reservation_id={order.id}&kind=forfeiture", team_id=order.team_id, kind=NoticeKind.DUE,
        outside="有认购书已发解除通知",
    )  # fmt: skip


def forget_demand(order: Reservation) -> None:
    """延期签约: the new day starts anew, what was demanded before it counts no more."""
    order.demanded_on, order.demand_express = None, ""
    order.end_notice_on, order.end_notice_express = None, ""
