"""The home page (工作台): duties due, approvals, today's numbers, reminders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.kernel.screens.parts import Card, Html, Link, Tag


@dataclass(frozen=True)
class Stat:
    """A number of today. `value` with its unit, `note` below; `change` «▲ 3» is drawn red when up, green when down.

    reach: whose rows it counts, «我的», «本组», «全项目» (kernel/how_far.py).
    """

    label: str
    value: str
    unit: str = ""
    note: Html = ""
    change: str = ""
    trend: Literal["up", "down", "same"] = "same"
    url: str = ""
    reach: str = ""


@dataclass(frozen=True)
class Duty:
    """One duty of the post: its state, its code in the note («S1.4.2　…»), one verb button."""

    title: str
    url: str
    status: Literal["late", "soon", "open", "done"] = "open"
    note: str = ""
    when: str = ""
    act: Link | None = None


@dataclass(frozen=True)
class DutyGroup:
    """今日, 本周, 本月: done of all, late first, done last."""

    title: str
    duties: tuple[Duty, ...]
    done: int = 0
    all: int = 0
    note: str = ""  # 「11月23日—29日」


@dataclass(frozen=True)
class FeedItem:
    """A line of 待我审批 or 提醒. posts: opening it marks it, so a form leads on instead of a link."""

    title: str
    url: str = ""
    note: Html = ""
    icon: str = ""
    tag: Tag | None = None
    posts: bool = False


@dataclass(frozen=True)
class Feed:
    """A side box of lines; `count` is red when something waits."""

    title: str
    entries: tuple[FeedItem, ...]
    count: int = 0
    more: Link | None = None
    empty: str = ""


@dataclass(frozen=True)
class HomePage:
    """工作台. `cards` are further boxes below the duties, filled by the features."""

    greeting: str
    lead: Html = ""
    acts: tuple[Link, ...] = ()
    stats: tuple[Stat, ...] = ()
    duty_groups: tuple[DutyGroup, ...] = ()
    duty_views: tuple[Link, ...] = ()  # 待办, 全部 52: tone primary is the open one
    duty_more: Link | None = None
    feeds: tuple[Feed, ...] = ()
    cards: tuple[Card, ...] = ()
