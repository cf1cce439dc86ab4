"""Rows of what leaves the house: the robot of a group, one message on its way, each try to send it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Boolean, DateTime, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.base import Record, now
from app.kernel.columns import ChoiceType, Encrypted
from app.kernel.constraints import sentence
from app.kernel.notices.records import NoticeKind
from app.kernel.states import Choice

sentence("uq_delivery_mark", "这条消息已经在发送记录里")


class Platform(Choice):
    """Whose group it is."""

    WECOM = ("wecom", "企业微信")
    DINGTALK = ("dingtalk", "钉钉")
    FEISHU = ("feishu", "飞书")


class Channel(Choice):
    """The way out."""

    MAIL = ("mail", "邮件")
    ROBOT = ("robot", "群机器人")


class DeliveryState(Choice):
    """待发 → 发送中 → 已发送, 没有发出 after the last try, or 不用发 (read meanwhile, switched off)."""

    QUEUED = ("queued", "待发", "mute")
    SENDING = ("sending", "发送中", "info")
    SENT = ("sent", "已发送", "ok")
    FAILED = ("failed", "没有发出", "bad")
    DROPPED = ("dropped", "不用发", "mute")


class Robot(Record):
    """A group's webhook: off until the administrator switches it on; address and secret are encrypted and never shown again."""

    __tablename__ = "group_robot"
    __label__ = "群机器人"

    project_id: Mapped[int] = mapped_column(Integer, nullable=False, index=True)
    name: Mapped[str] = mapped_column(String(40), nullable=False)
    platform: Mapped[Platform] = mapped_column(ChoiceType(Platform), nullable=False)
    address: Mapped[str] = mapped_column(Encrypted, nullable=False)
    secret: Mapped[str] = mapped_column(Encrypted, nullable=False, default="")
    kinds: Mapped[list[str]] = mapped_column(JSON, nullable=False, default=list)
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False)
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the mapper's own dict

    def hears(self, kind: NoticeKind) -> bool:
        """Whether this kind goes to the group."""
        return self.active and kind.value in self.kinds


class Delivery(Record):
    """One message on its way. mark tells the same message once and for all: the reader sees it as 编号, mail servers as Message-ID.

    attempts is the fence: whoever sends it writes only while it is the number that he took the row with.
    """

    __tablename__ = "delivery"
    __label__ = "站外消息"
    __unaudited__ = True  # it is a log itself
    __table_args__ = (Index("ix_delivery_state_not_before", "state", "not_before"),)

    mark: Mapped[str] = mapped_column(String(80), nullable=False, unique=True)
    channel: Mapped[Channel] = mapped_column(ChoiceType(Channel), nullable=False)
    person_id: Mapped[int | None] = mapped_column(Integer)
    robot_id: Mapped[int | None] = mapped_column(Integer)
    project_id: Mapped[int | None] = mapped_column(Integer)
    notice_id: Mapped[int | None] = mapped_column(Integer)
    subject: Mapped[str] = mapped_column(String(200), nullable=False)
    text: Mapped[str] = mapped_column(String(1000), nullable=False)
    state: Mapped[DeliveryState] = mapped_column(
        ChoiceType(DeliveryState), nullable=False, default=DeliveryState.QUEUED
    )
    not_before: Mapped[datetime] = mapped_column(DateTime, nullable=False, default=now)
    attempts: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    runner: Mapped[str] = mapped_column(String(64), nullable=False, default="")
    answer: Mapped[str] = mapped_column(String(200), nullable=False, default="")
    created_at: Mapped[datetime] = mapped_column(DateTime, nullable=False, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime)


class DeliveryTry(Record):
    """The log of sendings: one line a try, kept thirty days, never changed."""

    __tablename__ = "delivery_try"
    __label__ = "站外发送"
    __unaudited__ = True

    delivery_id: Mapped[int] = mapped_column(Integer, nullable=False, index=True)
    at: Mapped[datetime] = mapped_column(DateTime, nullable=False, default=now, index=True)
    attempt: Mapped[int] = mapped_column(Integer, nullable=False)
    sent: Mapped[bool] = mapped_column(Boolean, nullable=False)
    answer: Mapped[str] = mapped_column(String(200), nullable=False, default="")
