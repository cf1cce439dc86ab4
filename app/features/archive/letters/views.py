"""收发文 register: letters that came, letters that go; what is not answered in time is on top."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, select

from app.extensions import db
from app.features.archive.category import CATEGORY
from app.features.archive.folders.views import EXPORTERS
from app.features.archive.letters.effects import register
from app.features.archive.letters.models import (
    DESK,
    HEADS,
    READERS,
    IncomingLetter,
    IncomingState,
    OutgoingLetter,
    OutgoingState,
)
from app.features.archive.letters.tables_in import LETTERS_IN, SENT_IN
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.screens.parts import Html, Link, Table
from app.kernel.screens.related import table_of
from app.kernel.screens.view import DocumentView

WAITING = (IncomingState.REGISTERED, IncomingState.ASSIGNED)


def unanswered(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(IncomingLetter.state.in_(WAITING))


def late_incoming(query: Select[Any], actor: Actor) -> Select[Any]:
    return unanswered(query, actor).where(IncomingLetter.needs_reply_on < now().date())


def awaiting_answer(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(OutgoingLetter.state == OutgoingState.SENT, OutgoingLetter.needs_answer.is_not(None))


def late_outgoing(query: Select[Any], actor: Actor) -> Select[Any]:
    return awaiting_answer(query, actor).where(OutgoingLetter.needs_answer < now().date())


class IncomingLetterView(DocumentView):
    """来文."""

    model = IncomingLetter
    label = L("来文")
    title = L("来文登记")
    category = CATEGORY
    icon = "download"
    readers = READERS
    creators = DESK
    exporters = EXPORTERS
    importable = LETTERS_IN
    takes_files = L("扫描件")
    form = (
        "kind",
        "from_kind",
        "sender",
        "their_number",
        "subject",
        "received_on",
        "needs_reply_on",
        "express_no",
        "note",
    )
    listed = (
        "number",
        "subject",
        "kind",
        "sender",
        "their_number",
        "received_on",
        "needs_reply_on",
        "handler_id",
        "state",
    )
    filters = ("kind", "from_kind", "handler_id", "state")
    search = ("number", "subject", "sender", "their_number", "note")
    sortable = ("received_on", "needs_reply_on")
    deadlines: ClassVar = {"needs_reply_on": lambda letter: letter.state in WAITING}
    search_hint = L("来文号、事由、单位")
    chips = (("open", L("待回复"), unanswered), ("late", L("逾期未回复"), late_incoming))
    fact_groups = (
        (L("要点"), ("number", "kind", "from_kind", "sender", "their_number", "subject", "received_on", "needs_reply_on", "express_no",
                    "handler_id", "replied_on", "outcome", "note")),
    )  # fmt: skip

    def check(self, record: Any, actor: Actor) -> None:
        """Days in their order."""
        if record.received_on > now().date():
            raise RuleError("收到日期不能晚于今天", field="received_on")
        if record.needs_reply_on is not None and record.needs_reply_on < record.received_on:
            raise RuleError("要求回复日期不能早于收到日期", field="needs_reply_on")

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """The number and the day of the answer."""
        register(db.session(), record)

    def note(self, record: Any, actor: Actor) -> Html:
        """How late the answer is."""
        late = (now().date() - record.needs_reply_on).days if record.state in WAITING and record.needs_reply_on else 0
        return _("已逾期 %(n)s 天未回复。", n=late) if late > 0 else ""

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """«起草答复», with what the letter that came says already."""
        if record.state not in WAITING or not actor.holds(DESK | HEADS, record.project_id):
            return []
        known = {
            "answers_id": record.id, "to_kind": record.from_kind.value, "recipient": record.sender,
            "subject": f"回复：{record.subject}"[:200],
        }  # fmt: skip
        return [Link(_("起草答复"), f"/outgoing-letter/add?{urlencode(known)}", icon="edit")]


class OutgoingLetterView(DocumentView):
    """发文."""

    model = OutgoingLetter
    label = L("发文")
    title = L("发文登记")
    category = CATEGORY
    icon = "send"
    readers = READERS
    creators = DESK | HEADS
    exporters = EXPORTERS
    importable = SENT_IN
    takes_files = L("随函附件")
    form = ("kind", "to_kind", "recipient", "subject", "content", "answers_id", "needs_answer", "copies")
    listed = ("number", "subject", "kind", "to_kind", "recipient", "sent_on", "express_no", "needs_answer", "state")
    filters = ("kind", "to_kind", "state")
    search = ("number", "subject", "recipient", "content", "express_no")
    sortable = ("sent_on", "needs_answer")
    deadlines: ClassVar = {"needs_answer": lambda letter: letter.state is OutgoingState.SENT}
    search_hint = L("发文号、事由、收件人、快递单号")
    chips = (("waiting", L("等对方回复"), awaiting_answer), ("late", L("逾期未回复"), late_outgoing))
    pick_filters: ClassVar = {"answers_id": lambda query: query.where(IncomingLetter.state.in_(WAITING))}
    fact_groups = (
        (L("要点"), ("number", "kind", "to_kind", "recipient", "subject", "content", "answers", "copies", "sent_on", "express_no",
                    "needs_answer", "answered_on", "outcome", "created_by")),
    )  # fmt: skip

    def check(self, record: Any, actor: Actor) -> None:
        """At least one copy."""
        if not 1 <= record.copies <= 1000:
            raise RuleError("份数应在 1 和 {n} 之间", field="copies", n=1000)

    def note(self, record: Any, actor: Actor) -> Html:
        """How late their answer is."""
        waits = record.state is OutgoingState.SENT and record.needs_answer is not None
        late = (now().date() - record.needs_answer).days if waits else 0
        return _("对方已逾期 %(n)s 天未回复。", n=late) if late > 0 else ""


def answers_of(letter: IncomingLetter, actor: Actor) -> Table:
    """What was written in answer to it."""
    query = select(OutgoingLetter).where(OutgoingLetter.answers_id == letter.id).order_by(OutgoingLetter.id)
    return table_of(
        OutgoingLetter, ("number", "subject", "recipient", "sent_on", "state"), db.session.scalars(query).all(), actor
    )
