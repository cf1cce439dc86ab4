"""通知: by day, newest first; opening one marks it read (by POST), and so does 「全部标为已读」."""

from __future__ import annotations

from itertools import groupby
from typing import Any, ClassVar

from flask import redirect, request
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext as _
from sqlalchemy import func, select, update

from app.kernel.addresses import id_of, own_path
from app.kernel.base import now
from app.kernel.entrance import database, me
from app.kernel.errors import NotFound
from app.kernel.grants import Grants
from app.kernel.notices import Notice, unread
from app.kernel.posts import ALL_POSTS
from app.kernel.screens.page import Hit, HitGroup, InboxTab, NoticesPage, Pager, Tag
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
        """The list; ?unread=1 for those not read, ?page=N."""
        session, actor = database(), me()
        only_unread, page = request.args.get("unread") == "1", max(1, min(request.args.get("page", 1, type=int), 1000))
        mine = select(Notice).where(Notice.person_id == actor.person_id)
        if only_unread:
            mine = mine.where(Notice.read_at.is_(None))
        total = session.scalar(select(func.count()).select_from(mine.subquery())) or 0
        rows = list(
            session.scalars(
                mine.order_by(Notice.created_at.desc(), Notice.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
            )
        )
        waiting = unread(session, actor.person_id)
        tabs = (
            InboxTab(_("全部"), "/notices", not only_unread),
            InboxTab(_("未读"), "/notices?unread=1", only_unread, waiting),
        )
        shown = NoticesPage(
            groups=_by_day(rows),
            tabs=tabs,
            mark_all_url="/notices/read" if waiting else "",
            pager=_pager(total, page, only_unread),
        )
        return self.render_template("notices.html", page=shown)

    @expose("/<int:notice_id>", methods=["GET", "POST"])
    @has_access
    def open(self, notice_id: int) -> Any:
        """On to the page that the notice is about, or back to the list; opening it by POST marks it read."""
        session, row = database(), _mine(notice_id)
        onward = own_path(row.url, "/notices")
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


def _by_day(rows: list[Notice]) -> tuple[HitGroup, ...]:
    today = now().date()
    groups = []
    for day, notices in groupby(rows, key=lambda n: n.created_at.date()):
        hits = tuple(
            Hit(
                n.title, f"/notices/{n.id}" if n.url or n.read_at is None else "", note=n.body, when=f"{n.created_at:%H:%M}",
                tag=Tag(_("紧急"), "bad") if n.urgent else None, unread=n.read_at is None, posts=n.read_at is None,
            )
            for n in notices
        )  # fmt: skip
        groups.append(HitGroup(_("今日") if day == today else f"{day:%Y-%m-%d}", hits))
    return tuple(groups)


def _pager(total: int, page: int, only_unread: bool) -> Pager | None:
    pages = max(1, -(-total // PAGE))
    if pages == 1:
        return None
    base = "/notices?unread=1&page=" if only_unread else "/notices?page="
    return Pager(
        _("共 %(n)s 条", n=total), page, pages, PAGE, prev_url=f"{base}{page - 1}" if page > 1 else "",
        next_url=f"{base}{page + 1}" if page < pages else "", kept=(("unread", "1"),) if only_unread else (),
    )  # fmt: skip
