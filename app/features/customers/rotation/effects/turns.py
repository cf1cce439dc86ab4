"""Acts at the rotation desk: give a visitor to somebody, come and go, lose a turn, take an act back. Each is one transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, func, select

from app.features.customers.effects.arrival import REGISTRARS
from app.features.customers.effects.ownership import check_owner
from app.features.customers.models import Contact
from app.features.customers.rotation import rules
from app.features.customers.rotation.choices import ASSIGNED, Channel, Presence, Why
from app.features.customers.rotation.effects.queues import (
    add_line,
    begun,
    keep,
    line_from,
    line_kept,
    line_of,
    locked_place,
    terms_of,
)
from app.features.customers.rotation.effects.sentences import given_words, name, presence_words, skip_words
from app.features.customers.rotation.models import ReceptionPlace, RotationQueue, RotationTurn
from app.features.customers.rotation.rules import Asked
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import Forbidden, RuleError
from app.kernel.posts import Post
from app.kernel.transactions import write
from app.kernel.workflow import as_step

HEADS = frozenset({Post.SUPERVISOR})


def assign(
    session: Any,
    actor: Actor,
    place_id: int,
    channel: Channel,
    asked: Asked,
    *,
    reason: str = "",
    seen: int | None = None,
) -> RotationTurn:
    """Give a visitor to whoever the rules name; the log keeps rule, sentence and those passed over.

    seen: the act that the page showed; raises RuleError (409 would lose the visitor's answer) when somebody was faster and another
    consultant is next. Raises RuleError as rules.give does, and when SUP gives no reason; Forbidden for other posts.
    """

    def work() -> RotationTurn:
        with as_step(session):
            place = _place(session, actor, place_id)
            if asked.by_head:
                _head(actor, place, reason)
            queue = begun(session, place, channel, actor.person_id)
            before = line_of(queue)
            given = rules.give(before, asked, terms_of(session, place.project_id))
            _check_seen(queue, seen, before, given.person, asked)
            _next_act(queue)
            for skip in given.skips:
                add_line(session, queue, actor.person_id, skip.why, skip_words(skip), person_id=skip.person)
            keep(queue, given.line)
            return add_line(
                session, queue, actor.person_id, given.why, given_words(asked.visitor, given, asked.person),
                person_id=given.person, visitor=asked.visitor, used=given.used, reason=reason.strip()[:200], before=line_kept(before),
            )  # fmt: skip

    return write(session, work)


def _check_seen(queue: RotationQueue, seen: int | None, before: rules.Line, person: int, asked: Asked) -> None:
    """A page that is older than the queue must not send a visitor to somebody whom it did not name."""
    if seen is None or seen == queue.acts or asked.person is not None:
        return
    raise RuleError("刚有同事分配过，现在轮到 {who}，请核对后再点一次", who=name(person))


def set_presence(
    session: Any, actor: Actor, place_id: int, person: int, presence: Presence, *, reason: str = ""
) -> None:
    """到岗, 忙, 外勤, 用餐, 请假, 返回 of one consultant, in both queues of the place where he stands.

    Consultants move themselves, the desk moves everybody. Raises RuleError when position A would be empty, unless SUP says why.
    """

    def work() -> None:
        with as_step(session):
            place = _place(session, actor, place_id)
            if person != actor.person_id and not actor.holds(REGISTRARS - {Post.CONSULTANT}, place.project_id):
                raise RuleError("只能改自己的状态，别人的请前台或销售主管改")
            by_head = actor.holds(HEADS, place.project_id) and bool(reason.strip())
            joins = [
                (queue, line_of(queue).member(person))
                for channel in Channel
                for queue in (begun(session, place, channel, actor.person_id),)
            ]
            if all(member is None for _queue, member in joins):
                check_owner(place.project_id, person, now(), field="person_id")
            for queue, member in joins:
                if member is None and any(m is not None for _q, m in joins):
                    continue  # he is on duty for the other queue alone
                if member is not None and member.presence is presence:
                    continue
                line = rules.moved(line_of(queue), person, presence, by_head=by_head)
                _next_act(queue)
                words = presence_words(person, member.presence if member else None, presence)
                keep(queue, line)
                add_line(
                    session, queue, actor.person_id, Why.PRESENCE, words, person_id=person, reason=reason.strip()[:200]
                )

    write(session, work)


def forfeit(session: Any, actor: Actor, place_id: int, channel: Channel, person: int, reason: str) -> None:
    """扣一轮: he did not ask «第一次来吗» (02 §2.5.1). SUP alone, with a reason; raises RuleError, Forbidden."""

    def work() -> None:
        with as_step(session):
            place = _place(session, actor, place_id)
            _head(actor, place, reason)
            queue = begun(session, place, channel, actor.person_id)
            if line_of(queue).member(person) is None:
                raise RuleError("这位顾问今天不在这个队里", field="person_id")
            _next_act(queue)
            keep(queue, rules.spend(line_of(queue), person))
            words = f"{name(person)} 扣一轮：{reason.strip()}"
            add_line(session, queue, actor.person_id, Why.FORFEIT, words, person_id=person, reason=reason.strip()[:200])

    write(session, work)


def take_back(session: Any, actor: Actor, turn_id: int, reason: str) -> RotationTurn:
    """撤回 of the latest act of today's queue, by whoever did it or SUP: the line stands as before, both lines stay in the log.

    Raises RuleError when something happened since, the visit is registered already, or no reason is given.
    """

    def work() -> RotationTurn:
        with as_step(session):
            turn = session.scalars(select(RotationTurn).where(RotationTurn.id == turn_id)).first()
            if turn is None or turn.day != now().date():
                raise RuleError("只能撤回今天的分配")
            place = _place(session, actor, turn.place_id)
            queue = begun(session, place, turn.channel, actor.person_id)
            _check_take_back(session, actor, place, queue, turn, reason)
            _next_act(queue)
            keep(queue, line_from(turn.before or {}))
            words = f"撤回「{turn.label}」：{name(turn.person_id or 0)} 的这次分配不算，队列恢复"
            return add_line(
                session, queue, actor.person_id, Why.UNDONE, words, person_id=turn.person_id, undoes=turn.act, reason=reason.strip()[:200]
            )  # fmt: skip

    return write(session, work)


def _check_take_back(
    session: Any, actor: Actor, place: ReceptionPlace, queue: RotationQueue, turn: RotationTurn, reason: str
) -> None:
    latest = session.scalar(select(func.max(RotationTurn.act)).where(RotationTurn.queue_id == queue.id))
    if turn.why not in ASSIGNED or turn.act != latest or turn.before is None:
        raise RuleError("只能撤回最近一次分配；后面已有新的动作，请由销售主管另行指定")
    if turn.by_id != actor.person_id and not actor.holds(HEADS, place.project_id):
        raise RuleError("请由分配的同事或销售主管撤回")
    if not reason.strip():
        raise RuleError("撤回请写明原因", field="reason")
    if session.scalar(select(exists().where(Contact.turn_id == turn.id)), execution_options={"unscoped": True}):
        raise RuleError("这次来访已经登记，不能撤回轮次")


def _place(session: Any, actor: Actor, place_id: int) -> ReceptionPlace:
    place = locked_place(session, place_id)
    if not actor.holds(REGISTRARS, place.project_id) and not actor.system:
        raise Forbidden("rotation")
    return place


def _head(actor: Actor, place: ReceptionPlace, reason: str) -> None:
    if not actor.holds(HEADS, place.project_id):
        raise RuleError("只有销售主管可以指定或扣轮")
    if not reason.strip():
        raise RuleError("请写明原因", field="reason")


def _next_act(queue: RotationQueue) -> None:
    queue.acts += 1
