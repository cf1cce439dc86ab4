"""/follow-desk: the consultant's work of the day — due and late customers, each with a note of one line and the next day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from flask import flash, redirect, render_template, request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from sqlalchemy import select

from app.extensions import db
from app.features.customers.choices import FollowMethod, FollowResult, Grade
from app.features.customers.effects.following import lower_grade
from app.features.customers.effects.terms import terms_of
from app.features.customers.following.reading import SHOWN, LastTalk, Work, counts, due, last_talks
from app.features.customers.models import Customer
from app.features.customers.rules import Terms, overdue_days
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.entrance import current_project_id, me
from app.kernel.errors import NotFound, RuleError
from app.kernel.gathering import counted, gathered
from app.kernel.posts import Post
from app.kernel.screens.display import lookup_names
from app.kernel.screens.inputs import Parsed, Wanted, parse
from app.kernel.screens.once import body_digest, once
from app.kernel.screens.parts import Crumb, Link, Option
from app.kernel.screens.people import people_of
from app.kernel.screens.saving import new_key
from app.kernel.words import several, shown
from app.kernel.workflow import fire

READERS = Customer.audience.posts - {Post.CLERK, Post.CHANNEL_OFFICER, Post.AUDITOR}
WRITERS = frozenset({Post.CONSULTANT, Post.SUPERVISOR})
PHRASES = ("已约来访", "考虑中，再联系", "已发资料", "关心价格优惠", "无人接听")


@dataclass(frozen=True)
class DueRow:
    """One customer of the list with his form; typed and errors after a refusal."""

    customer: Customer
    owner: str
    late: int
    lower: Grade | None
    talk: LastTalk
    key: str
    parsed: Parsed | None = None

    def typed(self, name: str, first: str = "") -> str:
        """What the input shows."""
        return str(self.parsed.typed.get(name, "")) if self.parsed is not None else first

    def error(self, name: str) -> str:
        """The sentence beside the input."""
        return " ".join(self.parsed.errors.get(name, ())) if self.parsed is not None else ""


class FollowDeskView(BaseView):
    """Lists 逾期, 今日, 明后天, 建议降级; a supervisor narrows them to one consultant."""

    route_base = "/follow-desk"
    default_view = "page"
    posts: ClassVar = {"menu_access": READERS, "page": READERS, "note": WRITERS}

    @expose("/")
    @has_access
    @permission_name("page")
    def page(self) -> Any:
        """?list=late|today|soon|lower&owner=7."""
        return _shown()

    @expose("/<int:pk>", methods=["POST"])
    @has_access
    @permission_name("note")
    def note(self, pk: int) -> Any:
        """Save the note of one row; a refusal shows the list again with what was typed."""
        customer = db.session.scalars(select(Customer).where(Customer.id == pk)).first()
        if customer is None:
            raise NotFound("customer")
        actor, parsed, back = me(), parse(db.session(), _wanted(), request.form), request.full_path.partition("?")[2]
        if parsed.errors:
            return _shown(pk, parsed), 422

        def work() -> str:
            fire(db.session, customer, "note_follow_up", actor, **parsed.values)
            return "/follow-desk/" + (f"?{back}" if back else "")

        try:
            digest = body_digest(request.form.items(multi=True))
            location = once(db.session, actor.person_id, request.form.get("_key", ""), digest, work)
        except RuleError as error:
            parsed.refuse(error.field or "content", str(error))
            return _shown(pk, parsed), error.status
        flash(_("已记下 %(who)s 的跟进", who=customer.name), "success")
        return redirect(location)


def _wanted() -> list[Wanted]:
    return [
        Wanted("method", _("方式"), "choice", True, FollowMethod),
        Wanted("result", _("结果"), "choice", True, FollowResult),
        Wanted("content", _("内容"), "text", True, limit=1000),
        Wanted("next_on", _("下次跟进"), "date"),
        Wanted("grade", _("等级"), "choice", False, Grade),
    ]


def _shown(refused: int = 0, parsed: Parsed | None = None) -> str:
    actor, project_id, today = me(), current_project_id(), now().date()
    if project_id is None:
        raise NotFound("project")
    heads = actor.holds(READERS - {Post.CONSULTANT}, project_id)
    owner = request.args.get("owner", "")
    owner_id = int(owner) if heads and owner.isascii() and owner.isdigit() and len(owner) < 10 else None
    terms = terms_of(db.session(), project_id)
    numbers = dict(zip(Work, _counted(project_id, terms, owner_id), strict=True))
    asked = request.args.get("list", "")
    work = Work(asked) if asked in set(Work) else Work.LATE if numbers[Work.LATE] else Work.TODAY
    query = due(project_id, work, today, terms, owner_id).limit(SHOWN)
    rows = _rows(list(db.session.scalars(query)), terms, refused, parsed)
    return render_template(
        "customers/follow_desk.html", title=_("跟进待办"), crumbs=(Crumb(several("客户")), Crumb(_("跟进待办"))), rows=rows,
        tabs=_tabs(numbers, work, owner_id), work=work.value, owner=owner_id, heads=heads,
        sellers=tuple(Option(k, n) for k, n in people_of(WRITERS, project_id)) if heads else (),
        may_note=actor.holds(WRITERS, project_id), more=_more(actor, numbers[work], work), options=_options(),
        phrases=PHRASES, today=today.isoformat(),
    )  # fmt: skip


def _counted(project_id: int, terms: Terms, owner_id: int | None) -> list[int]:
    """The numbers of the four lists, in one statement."""

    def asking() -> Any:
        rows = yield counts(project_id, now().date(), terms, owner_id)
        return [row[0] for row in rows]

    return list(gathered(db.session, [asking()])[0])


def _rows(found: list[Customer], terms: Terms, refused: int, parsed: Parsed | None) -> list[DueRow]:
    today = now().date()
    talks = last_talks(db.session(), [c.id for c in found], today)
    names = lookup_names("person", {c.owner_id for c in found if c.owner_id is not None})
    return [
        DueRow(
            c, names.get(c.owner_id or 0, ""), overdue_days(c.follow_due_on, today), lower_grade(c, today, terms), talks[c.id],
            new_key(), parsed if c.id == refused else None,
        )
        for c in found
    ]  # fmt: skip


def _tabs(numbers: dict[Work, int], work: Work, owner_id: int | None) -> list[Link]:
    words = {Work.LATE: _("逾期"), Work.TODAY: _("今日应跟进"), Work.SOON: _("明后天"), Work.LOWER: _("建议降级")}
    tail = f"&owner={owner_id}" if owner_id else ""
    return [
        Link(f"{words[one]} {counted(numbers[one])}", f"/follow-desk/?list={one.value}{tail}", "primary" if one is work else "default")
        for one in Work
    ]  # fmt: skip


def _more(actor: Actor, number: int, work: Work) -> Link | None:
    """Where the rest stands, when there is more than a page of work."""
    if number <= SHOWN or work not in (Work.LATE, Work.TODAY):
        return None
    return Link(_("还有 %(n)s 位，在客户列表里看全部", n=counted(number - SHOWN)), f"/customer/list/?chip={work.value}")


def _options() -> dict[str, list[Option]]:
    return {
        name: [Option(m.value, shown(m.label)) for m in kind]
        for name, kind in (("method", FollowMethod), ("result", FollowResult), ("grade", Grade))
    }
