"""Sending: a row is taken by a guarded UPDATE, sent outside any transaction, and ended in another one with its line of the log.

At least once: who is killed between sending and noting it sends again, with the same Message-ID or 编号.
"""

from __future__ import annotations

import logging
import os
import secrets
import time
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.kernel.accounts import language_of
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.notices.preferences import preference_of
from app.kernel.notices.records import Notice, NoticeKind
from app.kernel.notices.telling import notify_posts
from app.kernel.outbox import mail, outbound, site
from app.kernel.outbox.outbound import Undelivered
from app.kernel.outbox.platforms import hosts_of, read_answer, request_of
from app.kernel.outbox.records import Channel, Delivery, DeliveryState, DeliveryTry, Robot
from app.kernel.outbox.words import Message
from app.kernel.posts import Post
from app.kernel.transactions import write

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))  # after the first, second … failure
AT_ONCE = 20
LOG = "/notice-channels/log"
THIS_RUNNER = secrets.token_hex(8)
QUIETLY = {"synchronize_session": False}
log = logging.getLogger(__name__)


class Unneeded(Exception):
    """Nobody has to hear it any more; the sentence tells why."""


def runner() -> str:
    """This process: rows that another one took are lost when it is gone."""
    return f"{os.getpid()}-{THIS_RUNNER}"


def send_due(session: Any) -> int:
    """Send what is due now, oldest first; returns how many were tried."""
    with acting_as(SYSTEM):
        due = select(Delivery.id).where(Delivery.state == DeliveryState.QUEUED, Delivery.not_before <= now())
        ids = list(session.scalars(due.order_by(Delivery.not_before, Delivery.id).limit(AT_ONCE)))
        session.rollback()
        return sum(send_one(session, delivery_id) for delivery_id in ids)


def send_one(session: Any, delivery_id: int) -> bool:
    """Take, send, note. False when somebody else took it."""
    taken = write(session, lambda: _take(session, delivery_id))
    if not taken:
        return False
    row = session.get(Delivery, delivery_id)
    attempt = row.attempts
    try:
        state, answer = DeliveryState.SENT, _carry(session, row)
    except Unneeded as reason:
        state, answer = DeliveryState.DROPPED, str(reason)
    except Undelivered as reason:
        state, answer = DeliveryState.QUEUED, str(reason)
    except Exception:
        log.exception("delivery %s failed", delivery_id)
        state, answer = DeliveryState.QUEUED, "发送时程序出错，详情见服务器日志"
    session.rollback()
    write(session, lambda: _note(session, delivery_id, attempt, state, answer[:200]))
    return True


def _take(session: Session, delivery_id: int) -> bool:
    waiting = update(Delivery).where(Delivery.id == delivery_id, Delivery.state == DeliveryState.QUEUED)
    values = {"state": DeliveryState.SENDING, "attempts": Delivery.attempts + 1, "runner": runner()}
    return bool(session.execute(waiting.values(**values), execution_options=QUIETLY).rowcount)  # type: ignore[attr-defined]


def _carry(session: Any, row: Delivery) -> str:
    """Send one message; the transaction that read it is closed before the network is asked."""
    message, key = Message(row.subject, row.text), row.mark
    if row.channel is Channel.MAIL:
        (address, language), server = _reader(session, row), site.server()
        if server is None:
            raise Unneeded("邮件服务器已停用")
        session.rollback()
        return mail.send(server, mail.letter(server, address, message.read_in(language), key))
    robot = session.get(Robot, row.robot_id)
    if robot is None or not robot.active:
        raise Unneeded("群机器人已停用")
    told = f"{message.text}\n编号 {row.id}"
    platform = robot.platform
    request = request_of(platform, robot.address, robot.secret, told, int(time.time()))
    session.rollback()
    return read_answer(platform, outbound.post(request.address, request.body, hosts_of(platform, site.further_hosts())))


def _reader(session: Any, row: Delivery) -> tuple[str, str]:
    """Whom the mail goes to, as things stand now: his address and his language."""
    person_id = row.person_id or 0
    wishes, actor = preference_of(session, person_id), site.at_work(person_id)
    notice = session.get(Notice, row.notice_id) if row.notice_id else None
    if notice is not None and notice.read_at is not None:
        raise Unneeded("本人已看过，不再发送")
    if wishes is None or not wishes.address or actor is None:
        raise Unneeded("本人已不收邮件或已没有岗位")
    return wishes.address, language_of(session, actor.user_id or 0) or ""


def _note(session: Session, delivery_id: int, attempt: int, state: DeliveryState, answer: str) -> None:
    """How it ended, guarded by the number of the attempt, and its line of the log."""
    values: dict[str, Any] = {"state": state, "answer": answer, "ended_at": now()}
    if state is DeliveryState.QUEUED:
        values |= {"ended_at": None, "not_before": _next(attempt)}
        if attempt > len(WAITS):
            values |= {"state": DeliveryState.FAILED, "ended_at": now()}
    mine = (Delivery.id == delivery_id, Delivery.attempts == attempt, Delivery.state == DeliveryState.SENDING)
    if not session.execute(update(Delivery).where(*mine).values(**values), execution_options=QUIETLY).rowcount:  # type: ignore[attr-defined]
        return  # taken over meanwhile
    sent = state is DeliveryState.SENT
    session.add(DeliveryTry(delivery_id=delivery_id, attempt=attempt, sent=sent, answer=answer))
    if values["state"] is DeliveryState.FAILED:
        _alarm(session, delivery_id)


def _next(attempt: int) -> datetime:
    return now() + WAITS[min(attempt, len(WAITS)) - 1]


def _alarm(session: Session, delivery_id: int) -> None:
    """The administrators hear of it, unless they have not yet read of an earlier one: a dead server is one piece of news."""
    known = select(Notice.id).where(Notice.url == LOG, Notice.read_at.is_(None))
    row = session.get(Delivery, delivery_id)
    if row is None or session.scalar(known) is not None:
        return
    notify_posts(
        session, (Post.ADMIN,), row.project_id, "有消息没有发出，请检查邮件或群机器人设置", url=LOG, kind=NoticeKind.ALARM,  # type: ignore[arg-type]
        body=f"{row.channel.label}连续 {len(WAITS) + 1} 次没有发出", outside="有消息没有发出",
    )  # fmt: skip


def take_back_lost(session: Session) -> int:
    """What another process was sending when it ended waits again; runs in a write transaction."""
    lost = update(Delivery).where(Delivery.state == DeliveryState.SENDING, Delivery.runner != runner())
    found = session.execute(lost.values(state=DeliveryState.QUEUED, not_before=now()), execution_options=QUIETLY)
    return int(found.rowcount)  # type: ignore[attr-defined]


def forget_old(session: Session, days: int = 30) -> int:
    """Messages that have ended and their log are kept thirty days."""
    limit = now() - timedelta(days=days)
    session.execute(delete(DeliveryTry).where(DeliveryTry.at < limit))
    return int(session.execute(delete(Delivery).where(Delivery.ended_at < limit)).rowcount)  # type: ignore[attr-defined]
