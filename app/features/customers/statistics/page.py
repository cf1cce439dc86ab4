"""/customer-statistics: 潜客画像, 来人来电周表, 漏斗与批次, 难单协助 — within the reader's rows, as page and as .xlsx (S3.19, S3.5)."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from urllib.parse import urlencode

from flask import render_template, request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _

from app.extensions import db
from app.features.customers.models import Customer
from app.features.customers.statistics import tables
from app.features.customers.statistics.helping import helped
from app.features.customers.statistics.parts import PARTS
from app.features.customers.statistics.reading import cohorts, profile, week
from app.features.customers.statistics.rules import Period, month_start, period_asked, week_of
from app.features.customers.views.documents import EXPORTERS
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.entrance import current_project_id, me
from app.kernel.errors import NotFound
from app.kernel.posts import Post
from app.kernel.screens.display import lookup_names
from app.kernel.screens.filters import period_of
from app.kernel.screens.parts import Crumb, Link, Option
from app.kernel.screens.people import people_of
from app.kernel.screens.sheet_answer import Sheet, answer_sheet, log_export, write_sheet
from app.kernel.words import in_chinese, several

READERS = Customer.audience.posts - {Post.CHANNEL_OFFICER}
SELLERS = frozenset({Post.CONSULTANT, Post.SUPERVISOR})
WHOLE = Customer.audience.whole


@dataclass(frozen=True)
class Question:
    """What the address asks for."""

    actor: Actor
    project_id: int
    part: str
    period: Period
    owner_id: int | None

    def url(self, path: str = "/customer-statistics/", **changes: str) -> str:
        """The same question with some values changed."""
        values = {"part": self.part, "from": self.period.first.isoformat(), "to": self.period.last.isoformat(),
                  "owner": str(self.owner_id or ""), **changes}  # fmt: skip
        return f"{path}?{urlencode({k: v for k, v in values.items() if v})}"


class StatisticsView(BaseView):
    """Four parts; every number leads to its rows."""

    route_base = "/customer-statistics"
    default_view = "page"
    posts: ClassVar = {"menu_access": READERS, "page": READERS, "sheet": EXPORTERS}

    @expose("/")
    @has_access
    @permission_name("page")
    def page(self) -> Any:
        """?part=profile|week|cohort|help&from=2026-09-01&to=2026-11-30&owner=7."""
        asked = _asked()
        shown = PARTS[asked.part].load(db.session(), asked.project_id, asked.period, asked.owner_id)
        sellers = people_of(SELLERS, asked.project_id) if asked.actor.holds(WHOLE, asked.project_id) else ()
        acts = (
            (Link(_("导出"), asked.url("/customer-statistics/export"), icon="download"),)
            if asked.actor.holds(EXPORTERS, asked.project_id)
            else ()
        )
        return render_template(
            "customers/statistics.html", title=_("潜客统计"), crumbs=(Crumb(several("客户")), Crumb(_("潜客统计"))), acts=acts, shown=shown,
            tabs=tuple(
                Link(_(one.title), _part_url(asked, key), "primary" if key == asked.part else "default") for key, one in PARTS.items()
            ),
            asked=asked, steps=_neighbours(asked), sellers=tuple(Option(k, n) for k, n in sellers) if asked.part != "help" else (),
        )  # fmt: skip

    @expose("/export")
    @has_access
    @permission_name("sheet")
    def sheet(self) -> Any:
        """The main table of the part as .xlsx."""
        asked = _asked()
        columns, rows = _lines(asked)
        days = f"{asked.period.first} — {asked.period.last}"
        conditions = [_("期间：%(d)s", d=days)]
        if asked.owner_id is not None:
            conditions.append(_("顾问：%(n)s", n=lookup_names("person", {asked.owner_id}).get(asked.owner_id, "")))
        sheet = Sheet(_(PARTS[asked.part].title), asked.project_id, columns, rows, conditions=conditions)
        target = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
        name = write_sheet(db.session(), asked.actor, sheet, target)
        with in_chinese():
            report, part = _("潜客统计"), _(PARTS[asked.part].title)
        log_export(
            db.session, "customer_statistics", asked.project_id, report=report, part=part, period=days, rows=len(rows)
        )
        return answer_sheet(target, name)


def _asked() -> Question:
    actor, project_id, today, args = me(), current_project_id(), now().date(), request.args
    if project_id is None:
        raise NotFound("project")
    part = args.get("part", "")
    part = part if part in PARTS else next(iter(PARTS))
    first, last = _day(args.get("from", "")), _day(args.get("to", ""))
    period = week_of(first or today) if part == "week" else period_asked(first, last, today)
    owner = args.get("owner", "")
    narrowed = owner.isascii() and owner.isdigit() and len(owner) < 10 and actor.holds(WHOLE, project_id)
    return Question(actor, project_id, part, period, int(owner) if narrowed else None)


def _day(text: str) -> date | None:
    return period_of(text[:10])[0]


def _part_url(asked: Question, part: str) -> str:
    """Another part for the same days, but a week has its own."""
    days = {} if part != "week" and asked.part != "week" else {"from": "", "to": ""}
    return asked.url(part=part, **days)


def _neighbours(asked: Question) -> tuple[Link, ...]:
    """The weeks beside, or the usual periods."""
    today = now().date()
    if asked.part == "week":
        first = asked.period.first.toordinal()
        around = ((_("上一周"), first - 7), (_("本周"), week_of(today).first.toordinal()), (_("下一周"), first + 7))
        return tuple(
            Link(word, asked.url(**{"from": date.fromordinal(day).isoformat(), "to": ""})) for word, day in around
        )
    usual = ((_("本月"), 0), (_("近三个月"), 2), (_("近一年"), 11))
    return tuple(
        Link(word, asked.url(**{"from": month_start(today, n).isoformat(), "to": today.isoformat()}))
        for word, n in usual
    )


def _lines(asked: Question) -> tables.Lines:
    session, where = db.session(), (asked.project_id, asked.period)
    if asked.part == "week":
        return tables.week_lines(week(session, *where, asked.owner_id))
    if asked.part == "cohort":
        return tables.cohort_lines(cohorts(session, *where, asked.owner_id))
    if asked.part == "help":
        people = helped(session, *where)[0]
        names = lookup_names("person", set(people))
        return tables.help_lines([(names.get(key, ""), one) for key, one in people.items()])
    return tables.profile_lines(profile(session, *where, asked.owner_id))
