"""/search?q=: customers, rooms, papers by name, pinyin, number, phone."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import request
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext as _

from app.kernel.entrance import database, me
from app.kernel.grants import Grants
from app.kernel.posts import ALL_POSTS
from app.kernel.readership import may_read_kind
from app.kernel.screens.display import moment, tag_of
from app.kernel.screens.page import Hit, HitGroup, SearchPage
from app.kernel.search import PROPOSED, Found, excerpt_of, search
from app.kernel.states import Choice

LONGEST_QUESTION = 60


class SearchView(BaseView):
    """The global search of the top bar."""

    route_base = "/search"
    default_view = "show"
    posts: ClassVar[Grants] = {"show": ALL_POSTS}

    @expose("")
    @has_access
    def show(self) -> Any:
        """What was found; kinds whose pages the person may not open stay out."""
        question = request.args.get("q", "").replace("\x00", "").strip()[:LONGEST_QUESTION]
        answer = search(database(), me(), question)
        groups = [one for one in answer.groups if _may_open(one)]
        total = sum(one.total for one in groups)
        page = SearchPage(
            query=question,
            groups=tuple(_group(one, question) for one in groups),
            total_text=_("共 %(n)s 条", n=total) if total else "",
            note=_("只看了最近的 %(n)s 条，请写得更具体。", n=PROPOSED) if answer.cut else "",
        )
        return self.render_template("search.html", page=page)


def _may_open(found: Found) -> bool:
    return may_read_kind(me(), found.entry.model)


def _group(found: Found, question: str) -> HitGroup:
    hits = tuple(_hit(found, record, question) for record in found.records)
    return HitGroup(str(found.entry.label), hits, _("%(n)s 条", n=found.total))


def _hit(found: Found, record: Any, question: str) -> Hit:
    state = getattr(record, "state", None)
    changed = getattr(record, "updated_at", None)
    return Hit(
        found.entry.title(record),
        found.entry.url(record),
        note=where_inside(found.inside.get(record.id), question),
        when=moment(changed) if changed is not None else "",
        tag=tag_of(state) if isinstance(state, Choice) else None,
    )


def where_inside(part: tuple[str, int] | None, question: str) -> str:
    """«附件「合同.pdf」：…首付 30%…»: the place in a file of a record that the person sees; empty for a hit on its own words."""
    if part is None or not (told := excerpt_of(database(), part, question))[1]:
        return ""
    return _("附件「%(name)s」：%(text)s", name=told[0], text=told[1])
