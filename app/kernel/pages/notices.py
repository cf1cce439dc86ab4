"""通知: by day, newest first; opening one marks it read (by POST), and so does 「全部标为已读」."""

from __future__ import annotations

from itertools import groupby
from typing import Any, ClassVar

from flask import flash, redirect, request
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext as _
from sqlalchemy import func, select, update

from app.kernel.addresses import id_of, own_path
from app.kernel.base import now
from app.kernel.entrance import database, me
from app.kernel.errors import NotFound
from app.kernel.grants import Grants
from app.kernel.notices import Notice, NoticeKind, unread
from app.kernel.pages.notice_targets import is_open, open_pages
from app.kernel.posts import ALL_POSTS
from app.kernel.screens.page import Hit, HitGroup, InboxTab, Link, NoticesPage, Pager, Tag
from app.kernel.transactions import write

PAGE = 50


class NoticesView(BaseView):
    """/notices. A notice is its person's alone."""

    route_base = "/notices"
    default_view = "all"
    posts: ClassVar[Grants] = {"all": ALL_POSTS, "read": ALL_POSTS, "open": ALL_POSTS}

    @expose("")
    @has_access
    def all(self) -> Any:
        """The list; ?unread=1 for those not read, ?kind= for one kind, ?page=N."""
        session, actor = database(), me()
        only_unread, page = request.args.get("unread") == "1", max(1, min(request.args.get("page", 1, type=int), 1000))
        kind = next((one for one in NoticeKind if one.value == request.args.get("kind")), None)
        mine = select(Notice).where(Notice.person_id == actor.person_id)
        if only_unread:
            mine = mine.where(Notice.read_at.is_(None))
        if kind is not None:
            mine = mine.where(Notice.kind == kind)
        total = session.scalar(select(func.count()).select_from(mine.subquery())) or 0
        newest = mine.order_by(Notice.told_at.desc(), Notice.id.desc())
        rows = list(session.scalars(newest.limit(PAGE).offset((page - 1) * PAGE)))
        waiting = unread(session, actor.person_id)
        shown = NoticesPage(
            groups=_by_day(rows, open_pages(actor, {row.url for row in rows})),
            tabs=_tabs(only_unread, kind, waiting),
            mark_all_url="/notices/read" if waiting else "",
            settings_url="/notices/settings",
            pager=_pager(total, page, only_unread, kind),
        )
        return self.render_template("notices.html", page=shown)

    @expose("/<int:notice_id>", methods=["GET", "POST"])
    @has_access
    def open(self, notice_id: int) -> Any:
        """On to the page that the notice is about, or back to the list; opening it by POST marks it read."""
        session, row = database(), _mine(notice_id)
        onward = own_path(row.url, "/notices")
        if row.url and not is_open(me(), onward):
            flash(_("这条通知的内容已办结或不在你的范围内，不能再打开。"), "info")
            onward = "/notices"
        if request.method == "POST":
            marked = update(Notice).where(Notice.id == row.id, Notice.read_at.is_(None)).values(read_at=now())
            write(session, lambda: session.execute(marked))
        return redirect(onward, 303)

    @expose("/read", methods=["POST"])
    @has_access
    def read(self) -> Any:
        """Mark all read, or the one named `id`."""
        session, actor = database(), me()
        wanted = request.form.get("id")
        rows = update(Notice).where(Notice.person_id == actor.person_id, Notice.read_at.is_(None))
        if wanted is not None:
            rows = rows.where(Notice.id == _mine(id_of(wanted)).id)
        write(session, lambda: session.execute(rows.values(read_at=now())))
        return redirect(own_path(request.form.get("next"), "/notices"))


def _mine(notice_id: int) -> Notice:
    row = database().get(Notice, notice_id)
    if row is None or row.person_id != me().person_id:
        raise NotFound("notice")
    return row


def _tabs(only_unread: bool, kind: NoticeKind | None, waiting: int) -> tuple[InboxTab, ...]:
    return (
        InboxTab(_("全部"), "/notices", not only_unread and kind is None),
        InboxTab(_("未读"), "/notices?unread=1", only_unread and kind is None, waiting),
        *(InboxTab(one.label, f"/notices?kind={one.value}", one is kind) for one in NoticeKind),
    )


def _by_day(rows: list[Notice], readable: frozenset[str]) -> tuple[HitGroup, ...]:
    today = now().date()
    groups = []
    for day, notices in groupby(rows, key=lambda n: n.told_at.date()):
        hits = tuple(_hit(notice, readable) for notice in notices)
        groups.append(HitGroup(_("今日") if day == today else f"{day:%Y-%m-%d}", hits))
    return tuple(groups)


def _hit(notice: Notice, readable: frozenset[str]) -> Hit:
    """A line: opened by its title while its page may be read, else only marked; without a page to go to it is plain text."""
    fresh, leads = notice.read_at is None, notice.url in readable
    again = _("第 %(n)s 次提醒", n=notice.repeats + 1) if notice.repeats else ""
    mark = Link(_("标为已读"), "/notices/read", method="post", hidden=(("id", str(notice.id)), ("next", _here())))
    return Hit(
        notice.title, f"/notices/{notice.id}" if leads else "", note=notice.body,
        when=" ".join(word for word in (again, f"{notice.told_at:%H:%M}") if word),
        tag=Tag(_("紧急"), "bad") if notice.urgent else Tag(notice.kind.label, notice.kind.tone),  # type: ignore[arg-type]
        unread=fresh, posts=fresh and leads, acts=(mark,) if fresh else (),
    )  # fmt: skip


def _here() -> str:
    return request.full_path.rstrip("?")


def _pager(total: int, page: int, only_unread: bool, kind: NoticeKind | None) -> Pager | None:
    pages = max(1, -(-total // PAGE))
    if pages == 1:
        return None
    kept = (("unread", "1"),) if only_unread else (("kind", kind.value),) if kind is not None else ()
    base = "/notices?" + "".join(f"{name}={value}&" for name, value in kept) + "page="
    return Pager(
        _("共 %(n)s 条", n=total), page, pages, PAGE, prev_url=f"{base}{page - 1}" if page > 1 else "",
        next_url=f"{base}{page + 1}" if page < pages else "", kept=kept,
    )  # fmt: skip
