"""Where things arrive: the inbox of approvals, what a search found, notices."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.screens.list_page import ListPage, Pager
from app.kernel.screens.parts import Html, Link, Tag


@dataclass(frozen=True)
class InboxTab:
    """待我审批, 我发起的, 已办, 知会我的."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Hit:
    """A found record, a notice. posts: opening it marks it, so a form leads on instead of a link. acts: quiet words at its end."""

    title: Html
    url: str
    note: Html = ""
    when: str = ""
    tag: Tag | None = None
    unread: bool = False
    posts: bool = False
    acts: tuple[Link, ...] = ()


@dataclass(frozen=True)
class HitGroup:
    """Found records of one kind, or the notices of one day; `more` leads to the list with the same search."""

    title: str
    hits: tuple[Hit, ...]
    count_text: str = ""
    more: Link | None = None


@dataclass(frozen=True)
class InboxPage:
    """The approvals of a person. `records` is drawn as any list: chips, search, bulk steps, table, pager."""

    tabs: tuple[InboxTab, ...]
    records: ListPage


@dataclass(frozen=True)
class SearchPage:
    """What was found, by kind of record."""

    query: str
    groups: tuple[HitGroup, ...]
    total_text: str = ""
    note: Html = ""


@dataclass(frozen=True)
class NoticesPage:
    """Notices by day; `mark_all_url` is posted to mark all as read."""

    groups: tuple[HitGroup, ...]
    tabs: tuple[InboxTab, ...] = ()
    mark_all_url: str = ""
    settings_url: str = ""
    pager: Pager | None = None
