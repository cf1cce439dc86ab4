"""疑难单: what customers ask before they sign or take their flat, and until when they get an answer."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select

from app.extensions import db
from app.features.deals.doubts.effects import follow_order, is_late, order_of
from app.features.deals.doubts.models import ASKERS, READERS, Doubt, DoubtState
from app.features.deals.reservations.models import Reservation, ReservationState
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import NotFound, RuleError
from app.kernel.posts import Post
from app.kernel.screens.parts import Html
from app.kernel.screens.view import DocumentView

S = DoubtState
WAITING = (S.ASKED, S.REVIEW, S.DECIDED)
LIVE_ORDERS = (ReservationState.AWAITING, ReservationState.EFFECTIVE, ReservationState.SIGNED)


def _waiting(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Doubt.state.in_(WAITING))


def _late(query: Select[Any], actor: Actor) -> Select[Any]:
    return _waiting(query, actor).where(Doubt.answer_due_at < now())


class DoubtView(DocumentView):
    """疑难单 (S1.3.2, S1.3.3)."""

    model = Doubt
    label = L("疑难单")
    category = L("交易")
    icon = "warn"
    readers = READERS
    creators = ASKERS
    exporters = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER})
    listed = ("number", "occasion", "unit", "customer_name", "question", "asked_at", "answer_due_at", "answered_at", "outcome", "state", "owner_id")  # fmt: skip
    filters = ("state", "occasion", "outcome", "owner_id")
    search = ("number", "unit.full_name", "customer_name", "question")
    sortable = ("answer_due_at",)
    chips = (("waiting", L("待答复"), _waiting), ("late", L("超过期限"), _late))
    search_hint = L("编号、房号、客户姓名、问题")
    empty_hint = L("客户对合同条款或交楼有疑问、当场解决不了的，在这里提出。")
    form = ("occasion", "reservation_id", "question", "legal")
    pick_filters: ClassVar = {"reservation_id": lambda query: query.where(Reservation.state.in_(LIVE_ORDERS))}
    fact_groups = (
        (L("要点"), ("occasion", "reservation", "unit", "customer_name", "owner_id", "question", "legal", "asked_at", "answer_due_at")),
        (L("处理"), ("proposal", "decision", "decided_at", "answer", "answered_at", "outcome", "closed_on")),
    )  # fmt: skip

    def check(self, record: Any, actor: Actor) -> None:
        """Of an order that goes on."""
        order = order_of(db.session(), record.reservation_id)
        if order is None:
            raise NotFound("reservation")
        if order.state not in LIVE_ORDERS:
            raise RuleError(
                "认购书 {no} 现在是「{state}」，不能提疑难单", field="reservation_id", no=order, state=order.state.label
            )
        follow_order(record, order)

    def note(self, record: Any, actor: Actor) -> Html:
        """The clock runs."""
        if record.state not in WAITING or record.answer_due_at is None:
            return ""
        until = f"{record.answer_due_at:%Y-%m-%d %H:%M}"
        if is_late(record, now()):
            return _("已超过答复期限（%(t)s），请尽快答复客户。", t=until)
        return _("请在 %(t)s 前答复客户。", t=until)
