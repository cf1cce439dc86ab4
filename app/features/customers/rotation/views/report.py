"""公平报表: per consultant and period who received whom, what was made up, what was skipped; every number leads to the log."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from flask import render_template, request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _

from app.extensions import db
from app.features.customers.rotation.choices import Channel
from app.features.customers.rotation.effects.queues import places_of
from app.features.customers.rotation.posts import EXPORTERS, READERS
from app.features.customers.rotation.reports import Asking, Share, shares, spread
from app.kernel.addresses import id_of
from app.kernel.base import now
from app.kernel.chinese import parse_date
from app.kernel.entrance import current_project_id, me
from app.kernel.errors import NotFound, RuleError
from app.kernel.screens.display import DASH, lookup_names
from app.kernel.screens.parts import Cell, Column, Crumb, Link, Option, Row, Table
from app.kernel.screens.report_page import Kpi, ReportPage, ReportPart
from app.kernel.screens.sheet_answer import Sheet, answer_sheet, log_export, write_sheet
from app.kernel.words import several
from app.kernel.workbook_out import OutColumn

LONGEST, USUAL = 366, 30  # days of one report; without a period the last thirty
NUMBERS = ("new", "old", "named", "free", "received", "makeups", "owed", "missed", "passed", "spent")


class RotationReportView(BaseView):
    """/rotation/report — open to the consultants too: who sees the numbers need not suspect them."""

    route_base = "/rotation/report"
    default_view = "page"
    posts: ClassVar = {"menu_access": READERS, "page": READERS, "sheet": EXPORTERS}

    @expose("/")
    @has_access
    @permission_name("page")
    def page(self) -> Any:
        """?since=&until=&place=&channel="""
        ask = _asking()
        found = shares(db.session, ask)
        return render_template("rotation/report.html", page=_page(ask, found), filters=_filters(ask))

    @expose("/export")
    @has_access
    @permission_name("sheet")
    def sheet(self) -> Any:
        """The same as .xlsx."""
        ask = _asking()
        heads = [OutColumn(_("顾问"), "text", 16), *(OutColumn(word, "whole", 12) for word in _words().values())]
        found = shares(db.session, ask)
        names = lookup_names("person", {s.person for s in found})
        rows = [[names.get(s.person, ""), *(getattr(s, n) for n in NUMBERS)] for s in found]
        sheet = Sheet(_("轮接公平报表"), ask.project_id, heads, rows, totals=True, conditions=[_period(ask)])
        target = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
        name = write_sheet(db.session(), me(), sheet, target)
        log_export(
            db.session, "rotation_turn", ask.project_id, since=str(ask.since), until=str(ask.until), rows=len(rows)
        )
        return answer_sheet(target, name)


def _asking() -> Asking:
    """The period of the address, the last days by default, at most a year. Raises NotFound for a foreign place."""
    project_id = current_project_id()
    if project_id is None:
        raise NotFound("project")
    today = now().date()
    since, until = _day("since") or today - timedelta(days=USUAL - 1), _day("until") or today
    until = max(since, min(until, since + timedelta(days=LONGEST)))
    place = id_of(request.args.get("place")) or None
    if place is not None and place not in {p.id for p in places_of(db.session, project_id)}:
        raise NotFound("reception_place")
    return Asking(project_id, since, until, place, Channel.coded(request.args.get("channel")))


def _day(name: str) -> date | None:
    try:
        return parse_date(request.args[name]) if request.args.get(name) else None
    except RuleError:
        return None  # an odd address asks for the usual period


def _words() -> dict[str, str]:
    return {
        "new": _("新客户"), "old": _("老客户"), "named": _("指定"), "free": _("不占轮次"), "received": _("接待合计"),
        "makeups": _("已补接"), "owed": _("待补"), "missed": _("跳过待补"), "passed": _("跳过不补"), "spent": _("扣轮"),
    }  # fmt: skip


def _period(ask: Asking) -> str:
    return _("期间：%(a)s 至 %(b)s", a=ask.since, b=ask.until)


def _query(ask: Asking) -> str:
    asked = {
        "since": str(ask.since),
        "until": str(ask.until),
        "place": ask.place_id,
        "channel": ask.channel and ask.channel.value,
    }
    return urlencode({name: value for name, value in asked.items() if value})


def _lines_url(ask: Asking, person: int) -> str:
    """The log of one consultant over the same days, place and queue."""
    asked = {
        "person_id": person,
        "at": f"{ask.since}~{ask.until}",
        "place_id": ask.place_id,
        "channel": ask.channel and ask.channel.value,
    }
    return "/rotation-turn/list/?" + urlencode({name: value for name, value in asked.items() if value})


def _page(ask: Asking, found: list[Share]) -> ReportPage:
    actor, words, apart = me(), _words(), spread(found)
    names = lookup_names("person", {s.person for s in found})
    columns = (Column("name", _("顾问"), phone="hd"), *(Column(n, words[n], numeric=True) for n in NUMBERS))
    rows = tuple(
        Row(
            str(s.person),
            _lines_url(ask, s.person),
            name,
            (Cell(name), *(_number(s, n) for n in NUMBERS)),
        )
        for s in found
        for name in (names.get(s.person, DASH),)
    )
    totals = (Cell(_("合计")), *(Cell(str(sum(getattr(s, n) for s in found)), numeric=True) for n in NUMBERS))
    acts = [Link(_("轮接台"), "/rotation/"), Link(_("轮接记录"), "/rotation-turn/list/")]
    if actor.holds(EXPORTERS, ask.project_id):
        acts.append(Link(_("导出"), f"/rotation/report/export?{_query(ask)}", icon="download"))
    table = Table(columns, rows, totals if rows else (), empty=_("这段时间没有轮接记录"))
    return ReportPage(
        title=_("轮接公平报表"),
        crumbs=(Crumb(several("轮接")), Crumb(_("轮接公平报表"))),
        acts=tuple(acts),
        lead=_period(ask),
        kpis=(
            Kpi(_("新客户（占轮次）"), str(sum(s.new for s in found)), _("组")),
            Kpi(_("最多与最少相差"), str(apart), _("组"), left=_("新客户加待补；同班同时段相差 1 组以内为公平")),
            Kpi(_("待补"), str(sum(s.owed for s in found)), _("轮")),
        ),
        parts=(ReportPart(_("按顾问"), table=table),),
    )


def _number(share: Share, name: str) -> Cell:
    value = getattr(share, name)
    return Cell(str(value) if value else DASH, numeric=True)


def _filters(ask: Asking) -> dict[str, Any]:
    places = [Option(str(p.id), p.name) for p in places_of(db.session, ask.project_id)]
    channels = [Option(c.value, _(c.label)) for c in Channel]
    return {
        "since": str(ask.since), "until": str(ask.until), "places": places, "place": str(ask.place_id or ""),
        "channels": channels, "channel": ask.channel.value if ask.channel else "",
    }  # fmt: skip
