"""客户投诉: the list with its clocks, the form of whoever takes it in, the page with what was done."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select

from app.extensions import db
from app.features.complaints.cases.effects import follow_links, register
from app.features.complaints.cases.models import OPEN, REGISTRARS, CaseState, Complaint, Level
from app.features.complaints.cases.tables_in import CASES_IN
from app.features.complaints.category import CATEGORY
from app.features.complaints.people import EXPORTERS, NAMED, refuse_own
from app.features.deals.reservations.models import Reservation, ReservationState
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.posts import Post
from app.kernel.screens.parts import Html
from app.kernel.screens.view import DocumentView

NO_ORDER = (ReservationState.DRAFT, ReservationState.LOCKED)


def open_cases(query: Select[Any], _actor: Actor) -> Select[Any]:
    """Not closed yet."""
    return query.where(Complaint.state.in_(OPEN))


def late_cases(query: Select[Any], actor: Actor) -> Select[Any]:
    """A clock of it ran over."""
    return open_cases(query, actor).where(Complaint.next_due_at < now())


def _major(query: Select[Any], actor: Actor) -> Select[Any]:
    return open_cases(query, actor).where(Complaint.level == Level.MAJOR)


class ComplaintView(DocumentView):
    """客户投诉 (S1.5.1, S2.11)."""

    model = Complaint
    label = L("客户投诉")
    category = CATEGORY
    icon = "chat"
    creators = REGISTRARS
    importable = CASES_IN
    exporters = EXPORTERS | {Post.CLERK, Post.DEVELOPER_SERVICE}
    listed = ("number", "about", "level", "customer_name", "next_due_at", "state", "unit", "against_id", "source", "satisfaction", "created_at")  # fmt: skip
    filters = ("state", "level", "about", "source", "satisfaction")
    search = ("number", "customer_name", "facts", "demand")
    sortable = ("next_due_at", "created_at")
    chips = (("open", L("未关闭"), open_cases), ("late", L("已超时"), late_cases), ("major", L("重大"), _major))
    deadlines: ClassVar = {"next_due_at": lambda case: case.state in OPEN}
    search_hint = L("编号、投诉人、事实、诉求")
    empty_hint = L("客户当面、来电、来信或 12345 的投诉，都在这里登记。")
    people: ClassVar = {"against_id": NAMED}
    takes_files = L("证据（照片、文件）")
    form = (
        "source",
        "about",
        "customer_name",
        "phone",
        "facts",
        "demand",
        "against_id",
        "customer_id",
        "reservation_id",
        "unit_id",
    )
    folds = ((L("关联客户、认购书、房源"), ("customer_id", "reservation_id", "unit_id")),)
    pick_filters: ClassVar = {"reservation_id": lambda query: query.where(Reservation.state.not_in(NO_ORDER))}
    fact_groups = (
        (L("要点"), ("source", "about", "level", "customer_name", "phone", "against_id", "facts", "demand", "customer", "reservation", "unit", "owner_id", "created_at")),
        (L("处理"), ("reply", "replied_at", "proposal", "compensation", "raised_at", "decision", "decided_at", "answer", "answered_at")),
        (L("回访"), ("satisfaction", "revisit", "closed_at", "reopened")),
    )  # fmt: skip

    def prepare(self, record: Any, actor: Actor) -> None:
        """It stays with whoever took it in."""
        record.owner_id = actor.person_id

    def check(self, record: Any, actor: Actor) -> None:
        """Nobody registers a complaint about himself; the order brings flat and customer."""
        refuse_own(record, actor.person_id)
        follow_links(db.session(), record)

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """The clocks begin with the registration."""
        if new:
            register(db.session(), record, now())

    def note(self, record: Any, actor: Actor) -> Html:
        """What is due next."""
        if record.state not in OPEN or record.next_due_at is None:
            return ""
        running = next(c for c in record.clocks() if c.runs and c.due == record.next_due_at)
        words = {"what": _(running.label), "t": f"{record.next_due_at:%Y-%m-%d %H:%M}"}
        if record.next_due_at < now():
            return _("「%(what)s」已超时（期限 %(t)s），请马上处理。", **words)
        return _("请在 %(t)s 前完成「%(what)s」。", **words)

    def may_edit(self, record: Any, actor: Actor) -> bool:
        """Until it is graded, by whoever registered it or handles it."""
        return record.state is CaseState.REGISTERED and super().may_edit(record, actor)
