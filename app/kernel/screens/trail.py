"""Where a paper stands: step bar, transition log and approval trail as one readable story."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.kernel.approval.finding import current_step, requests_of
from app.kernel.approval.records import ApprovalRequest, ApprovalStep, RequestState, StepState
from app.kernel.approval.stations import deciders
from app.kernel.base import now
from app.kernel.posts import POSTS, Post
from app.kernel.screens.display import moment
from app.kernel.screens.parts import StepMark, Tag, TimelineItem
from app.kernel.workflow import FLOWS, StateChange, history

DAYS_FROM = 2 * 1440  # minutes
_STATUS: dict[StepState, Any] = {
    StepState.APPROVED: "ok", StepState.REFUSED: "bad", StepState.RETURNED: "back", StepState.PENDING: "now",
    StepState.RECORDED: "now", StepState.WAITING: "todo", StepState.INFORMED: "info", StepState.SKIPPED: "info",
}  # fmt: skip


def minutes_text(minutes: int) -> str:
    """«12 分钟», «3 小时 20 分», from two days on «2 天 3 小时»."""
    if minutes < 60:
        return _("%(n)s 分钟", n=max(minutes, 0))
    if minutes >= DAYS_FROM:
        return _("%(d)s 天 %(h)s 小时", d=minutes // 1440, h=minutes % 1440 // 60)
    return _("%(h)s 小时 %(m)s 分", h=minutes // 60, m=minutes % 60)


def waiting_text(session: Session, document: Any) -> str:
    """«等 吴越 12 分钟» for the open request of a paper, else an empty text (02 §2.1.4)."""
    for request in requests_of(session, document):
        station = current_step(request)
        if request.state is RequestState.PENDING and station is not None:
            names = "、".join(h.name for h in deciders(station, request)[:3])
            waited = int((now() - (station.opened_at or now())).total_seconds() // 60)
            return _("等 %(who)s %(time)s", who=names, time=minutes_text(waited))
    return ""


def turned_down(document: Any, log: list[StateChange]) -> str:
    """Why the paper left its normal way or was sent back on it: the reason that the last move was given, with who and when."""
    table, moves = FLOWS.get(type(document)), [c for c in log if c.before != c.after]
    if table is None or not moves or not moves[-1].note or moves[-1].after != document.state.value:
        return ""
    last, way = moves[-1], [s.value for s in table.normal]
    onward = last.after in way and (last.before not in way or way.index(last.after) > way.index(last.before))
    if onward and last.after != way[0]:
        return ""
    return _("%(act)s：%(why)s", act=_(last.label), why=last.note) + f"　{_note(last)}"


def stepbar(session: Session, document: Any, log: list[StateChange] | None = None) -> tuple[StepMark, ...]:
    """All states of the normal way; a side exit replaces the rest by one ✕, a detour that leads back is where the paper is now.

    log: the document's history where it has been read already.
    """
    table = FLOWS.get(type(document))
    if table is None or len(table.normal) < 2:
        return ()
    log = history(session, document) if log is None else log
    reached: dict[str, StateChange] = {
        c.after: c for c in log if c.before != c.after
    }  # a fact noted within a state moves nothing
    normal, state = list(table.normal), document.state
    marks: list[StepMark] = []
    if state not in normal:
        passed = [s for s in normal if s.value in reached or s is normal[0]]
        marks = [StepMark(s.label, _note(reached.get(s.value)), "done") for s in passed]
        detour = state.tone != "mute" and any(state in s.source and s.target in normal for s in table.steps)
        note = waiting_text(session, document) if detour else ""
        return (*marks, StepMark(state.label, note or _note(reached.get(state.value)), "now" if detour else "void"))
    here = normal.index(state)
    for position, s in enumerate(normal):
        status: Any = "done" if position < here else "now" if position == here else "todo"
        note = waiting_text(session, document) if position == here else ""
        marks.append(StepMark(s.label, note or _note(reached.get(s.value)), status))
    return tuple(marks)


def _note(change: StateChange | None) -> str:
    return f"{moment(change.at)}　{change.person_name}" if change else ""


def approval_timeline(session: Session, document: Any) -> tuple[TimelineItem, ...]:
    """Every request with its stations, oldest first; the open one shows who it waits for."""
    items: list[TimelineItem] = []
    for request in requests_of(session, document):
        items.extend(request_timeline(request))
    return tuple(items)


def request_timeline(request: ApprovalRequest) -> list[TimelineItem]:
    """One request: submitted, the stations, how it ended."""
    items = [
        TimelineItem(_("提交"), "ok", request.applicant_name, when=moment(request.opened_at), opinion=request.summary)
    ]
    informed = [s for s in request.steps if s.state is StepState.INFORMED]
    if informed:
        posts = "、".join(POSTS[Post(s.post)].label for s in informed)
        items.append(TimelineItem(_("知会"), "info", when=moment(request.opened_at), note=posts))
    items += [_station(s, request) for s in request.steps if s.state not in (StepState.INFORMED, StepState.CLOSED)]
    if request.state in (RequestState.WITHDRAWN, RequestState.VOID):
        items.append(TimelineItem(request.state.label, "bad", when=moment(request.closed_at or request.opened_at)))
    return items


def _station(station: ApprovalStep, request: ApprovalRequest) -> TimelineItem:
    label, status = POSTS[Post(station.post)].label, _STATUS[station.state]
    if station.state is StepState.PENDING:
        left = int(((station.due_at or now()) - now()).total_seconds() // 60)
        when = _("剩 %(t)s", t=minutes_text(left)) if left >= 0 else _("超时 %(t)s", t=minutes_text(-left))
        return TimelineItem(
            label, "now", "、".join(h.name for h in deciders(station, request)[:3]), when=when, note=station.remark
        )
    if station.decided_at is None:
        return TimelineItem(label, status, note=station.remark)
    who = station.decided_name or ""
    if station.acting_for:
        who += _("（代 %(name)s）", name=station.acting_for)
    return TimelineItem(
        station.state.label,
        status,
        who,
        label,
        moment(station.decided_at),
        station.opinion,
        _tags(station),
        _how(station),
    )


def _tags(station: ApprovalStep) -> tuple[Tag, ...]:
    if station.medium is None:
        return ()
    if station.state is StepState.RECORDED:
        late = station.paper_due_at is not None and station.paper_due_at < now()
        return (Tag(_("代录，待核"), "bad" if late else "warn"),)
    return (Tag(_("代录"), "info"),)


def _how(station: ApprovalStep) -> str:
    if station.medium is None:
        return station.remark
    text = _("%(medium)s，%(who)s登记", medium=station.medium.label, who=station.recorded_name)
    if station.checked_name:
        text += _("，%(who)s核对", who=station.checked_name)
    if station.state is StepState.RECORDED and station.paper_due_at is not None:
        text += _("，纸质件须在 %(t)s 前补齐", t=moment(station.paper_due_at))
    return text
