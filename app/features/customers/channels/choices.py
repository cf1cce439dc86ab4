"""The closed lists of 渠道报备."""

from __future__ import annotations

from app.kernel.states import Choice, State


class ChannelState(State):
    ACTIVE = ("active", "合作中", "ok")
    STOPPED = ("stopped", "已停止", "mute")


class ReportState(State):
    PENDING = ("pending", "待判", "warn")
    VALID = ("valid", "有效", "ok")
    VISITED = ("visited", "已带看", "info")
    RESERVED = ("reserved", "已认购", "plum")
    SIGNED = ("signed", "已签约", "ok")
    PAID = ("paid", "已结佣", "ok")
    INVALID = ("invalid", "无效", "bad")
    EXPIRED = ("expired", "已失效", "mute")


class Verdict(Choice):
    """What a 报备 is worth."""

    VALID = ("valid", "有效", "ok")
    KNOWN = ("known", "无效：客户已登记", "bad")
    NATURAL = ("natural", "无效：自然到访优先", "bad")
    OTHER_CHANNEL = ("other_channel", "无效：其他渠道先报备", "bad")
    TWICE = ("twice", "无效：重复报备", "bad")
    DEALT = ("dealt", "无效：客户已认筹或认购", "bad")
