"""Keeping the robots of groups: made switched off, changed without showing their secrets, tried, switched on."""

from __future__ import annotations

import secrets
import time
from typing import Any

from sqlalchemy.orm import Session

from app.kernel.base import now
from app.kernel.errors import NotFound, RuleError
from app.kernel.outbox import outbound, site
from app.kernel.outbox.outbound import Undelivered
from app.kernel.outbox.platforms import check_robot, hosts_of, read_answer, request_of
from app.kernel.outbox.records import Channel, Delivery, DeliveryState, DeliveryTry, Platform, Robot
from app.kernel.outbox.words import trial
from app.kernel.transactions import write


def robot_of(session: Session, robot_id: int) -> Robot:
    """Raises NotFound."""
    robot = session.get(Robot, robot_id)
    if robot is None:
        raise NotFound("group_robot")
    return robot


def keep(session: Session, robot: Robot, values: dict[str, Any]) -> None:
    """New values; an empty address or secret leaves the stored one. Raises RuleError for what is no robot of the platform."""
    platform: Platform = values["platform"]
    address, secret = values["address"] or robot.address or "", values["secret"] or robot.secret or ""
    if not address:
        raise RuleError("请填写 Webhook 地址", field="address")
    check_robot(platform, address, secret, site.further_hosts())
    robot.platform, robot.address, robot.secret = platform, address, secret
    robot.project_id, robot.name, robot.kinds = values["project_id"], values["name"], values["kinds"]
    session.add(robot)
    session.flush()


def switch(session: Session, robot: Robot) -> bool:
    """On or off; returns whether it is on now."""
    robot.active = not robot.active
    session.flush()
    return robot.active


def try_now(session: Any, robot_id: int) -> str:
    """Send the test message at once, switched on or not, and note it in the log; returns the answer.

    Raises RuleError with the reason when it did not get through.
    """
    robot = robot_of(session, robot_id)
    platform, project_id, message = robot.platform, robot.project_id, trial(site.project_name(robot.project_id))
    request = request_of(platform, robot.address, robot.secret, message.text, int(time.time()))
    session.rollback()  # no transaction stays open while the network is asked
    try:
        answer, sent = (
            read_answer(
                platform, outbound.post(request.address, request.body, hosts_of(platform, site.further_hosts()))
            ),
            True,
        )
    except Undelivered as reason:
        answer, sent = str(reason), False

    def note() -> None:
        row = Delivery(
            mark=f"trial-robot-{secrets.token_hex(8)}", channel=Channel.ROBOT, robot_id=robot_id, project_id=project_id,
            subject=message.subject, text=message.text, state=DeliveryState.SENT if sent else DeliveryState.FAILED,
            attempts=1, answer=answer[:200], ended_at=now(),
        )  # fmt: skip
        session.add(row)
        session.flush()
        session.add(DeliveryTry(delivery_id=row.id, attempt=1, sent=sent, answer=answer[:200]))

    write(session, note)
    if not sent:
        raise RuleError("测试消息没有发出：{why}", why=answer)
    return answer


def send_again(session: Session, delivery_id: int) -> None:
    """A message that was given up waits once more, with all its tries. Raises NotFound, RuleError when it is under way or sent."""
    row = session.get(Delivery, delivery_id)
    if row is None:
        raise NotFound("delivery")
    if row.state is not DeliveryState.FAILED or row.mark.startswith("trial-"):
        raise RuleError("只有「没有发出」的消息可以重发；测试消息请重新测试")
    row.state, row.attempts, row.not_before, row.ended_at = DeliveryState.QUEUED, 0, now(), None
    session.flush()
