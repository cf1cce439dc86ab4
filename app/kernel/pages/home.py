"""工作台: what waits for me, today's numbers, reminders. The rooms fill it through the registries."""

from __future__ import annotations

from itertools import chain
from typing import Any, ClassVar

from flask_appbuilder import IndexView, expose, has_access
from flask_babel import gettext as _
from sqlalchemy import select

from app.kernel.actors import Actor
from app.kernel.approval.finding import current_step
from app.kernel.approval.inbox import record_count, waiting_for
from app.kernel.approval.paper import RECORDERS
from app.kernel.approval.stations import page_of
from app.kernel.base import now
from app.kernel.entrance import database, me
from app.kernel.gathering import Asking, gathered
from app.kernel.grants import Grants
from app.kernel.menu import menu
from app.kernel.notices import Notice
from app.kernel.posts import ALL_POSTS
from app.kernel.registries import HOME_CARDS, REMINDERS, STATS
from app.kernel.screens.display import moment
from app.kernel.screens.page import Feed, FeedItem, HomePage, Link, Tag
from app.kernel.screens.readers import reading_reminders
from app.kernel.shell import APPROVALS, frame, post_line, shell_of

SHOWN = 6  # lines of a feed
FIRST = 8  # pages offered to whom nothing waits for
EVERYBODYS = frozenset({"Home", "Approvals"})  # this page and the one beside it
HOURS = ((5, "夜深了"), (11, "早上好"), (13, "中午好"), (18, "下午好"), (24, "晚上好"))
DAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


class HomeView(IndexView):
    """/ — for everybody with a post."""

    posts: ClassVar[Grants] = {"index": ALL_POSTS}

    @expose("/")
    @has_access
    def index(self) -> Any:
        """The page of the day."""
        actor, around, here = me(), frame() or shell_of(me()), now()
        names = "、".join(actor.project_names.values())
        day = f"{here:%Y-%m-%d} {_(DAYS[here.weekday()])}"
        fills = [fill(actor) for fill in (*STATS, *REMINDERS)]
        said = gathered(database(), [*fills, _to_record_line(actor)])
        stats, lines = said[: len(STATS)], [*said[-1:], reading_reminders(actor), *said[len(STATS) : -1]]
        page = HomePage(
            greeting=_("%(word)s，%(name)s", word=_(greeting(here.hour)), name=actor.name),
            lead=" · ".join(part for part in (day, post_line(actor), names) if part),
            stats=tuple(chain.from_iterable(stats)),
            feeds=_feeds(actor, around, list(chain.from_iterable(lines))),
            cards=tuple(card for fill in HOME_CARDS if (card := fill(actor)) is not None),
        )
        return self.render_template("home.html", page=page)


def _feeds(actor: Actor, around: Any, lines: list[FeedItem]) -> tuple[Feed, ...]:
    """What waits for me and what I am reminded of; where nothing is, the pages that I may begin with."""
    feeds = (approvals_feed(actor, around.counts[APPROVALS]), reminders_feed(actor, lines, around.unread))
    return feeds if any(feed.entries for feed in feeds) else (*feeds, _first_pages())


def _first_pages() -> Feed:
    pages = [
        FeedItem(entry.label, entry.url, note=top.label if top.childs else "", icon=top.icon)
        for top in menu()
        for entry in top.childs or (top,)
        if entry.name not in EVERYBODYS
    ]
    return Feed(_("从这里开始"), tuple(pages[:FIRST]))


def greeting(hour: int) -> str:
    """The word for the hour of the day, 0–23."""
    return next(word for until, word in HOURS if hour < until)


def approvals_feed(actor: Actor, waits: int) -> Feed:
    """待我审批, the most urgent first."""
    waiting = waiting_for(database(), actor, limit=SHOWN)
    items = []
    for request in waiting:
        station = current_step(request)
        late = station is not None and station.due_at is not None and station.due_at < now()
        items.append(
            FeedItem(
                request.title,
                page_of(request),
                note=_("%(name)s　%(when)s", name=request.applicant_name, when=moment(request.opened_at)),
                icon="clock",
                tag=Tag(_("超时"), "bad") if late else None,
            )
        )
    more = Link(_("全部"), "/approvals") if items else None
    return Feed(_("待我审批"), tuple(items), count=waits, more=more, empty=_("没有等你审批的事。"))


def reminders_feed(actor: Actor, lines: list[FeedItem], unread: int) -> Feed:
    """提醒: what is late or urgent first, then what is asked of me; among equals the lines of the rooms before unread notices."""
    session = database()
    query = select(Notice).where(Notice.person_id == actor.person_id, Notice.read_at.is_(None))
    notices = session.scalars(
        query.order_by(Notice.urgent.desc(), Notice.told_at.desc(), Notice.id.desc()).limit(SHOWN)
    )
    lines += [
        FeedItem(
            n.title,
            f"/notices/{n.id}",
            note=moment(n.told_at),
            icon="bell",
            tag=Tag(_("紧急"), "bad") if n.urgent else None,
            posts=True,
        )
        for n in notices
    ]
    lines.sort(key=urgency)
    return Feed(
        _("提醒"),
        tuple(lines),
        count=unread,
        more=Link(_("全部通知"), "/notices"),
        empty=_("没有新的提醒。"),
    )


def urgency(line: FeedItem) -> int:
    """The place of a reminder: an urgent notice (it names one case), what is late, what is asked of me or near, everything else."""
    if line.tag is None:
        return 3
    return {"bad": 0 if line.posts else 1, "warn": 2}.get(line.tag.tone, 3)


def _to_record_line(actor: Actor) -> Asking[list[FeedItem]]:
    """For clerks: how many requests wait for 甲方 and may be decided on paper."""
    if not actor.holds(RECORDERS):
        return []
    ((waiting,),) = yield [record_count(actor)]
    title = _("%(n)s 件等甲方批复，收到纸质或微信批复后代录", n=waiting)
    return [FeedItem(title, "/approvals?tab=record", icon="edit")] if waiting else []
