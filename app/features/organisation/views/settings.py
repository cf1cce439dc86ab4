"""日历 and 参数."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

from flask import flash, redirect, render_template
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from markupsafe import Markup
from sqlalchemy import Select
from werkzeug.wrappers import Response

from app.extensions import db
from app.features.organisation.calendars import next_year_to_seed, seed_calendar
from app.features.organisation.models import CalendarDay, Parameter
from app.features.organisation.models.settings import PARAMETER_READERS
from app.features.organisation.parameter_kinds import Declared, Share
from app.features.organisation.parameter_table import PARAMETERS
from app.features.organisation.parameters import texts_in_force
from app.features.organisation.views import CATEGORY
from app.kernel.actors import Actor
from app.kernel.addresses import id_of
from app.kernel.base import now
from app.kernel.entrance import current_project_id, me
from app.kernel.errors import RuleError
from app.kernel.months import borders
from app.kernel.posts import ALL_POSTS, Post
from app.kernel.rates import PER_CENT
from app.kernel.screens.asking import BETWEEN, SIZES
from app.kernel.screens.display import rate_text
from app.kernel.screens.parts import Cell, Column, Crumb, Html, Link, Row, Table
from app.kernel.screens.report_page import ReportPage, ReportPart
from app.kernel.screens.view import DocumentView
from app.kernel.words import understood

EDITORS = frozenset({Post.SALES_ADMIN})


def _special(query: Select[Any], actor: Actor) -> Select[Any]:
    """The days that have a name: holidays, and days that are worked instead."""
    return query.where(CalendarDay.name != "")


class CalendarDayView(DocumentView):
    """日历: seeded as published, corrected by the administrator (02 §2.5.4)."""

    model = CalendarDay
    label = L("日历")
    category = CATEGORY
    icon = "calendar"
    readers = ALL_POSTS
    creators = frozenset({Post.ADMIN})
    edit_form_fields = ("working", "name")
    listed = ("day", "which", "working", "name")
    filters = ("which", "working", "day")
    sortable = ("day",)
    search = ("name",)
    order = ("day",)
    chips = (("special", L("放假和调休"), _special),)
    files = False

    def opening(self) -> dict[str, str]:
        """This month: the last day on file lies a year ahead."""
        first, after = borders(f"{now():%Y-%m}")
        return {"day": f"{first:%Y-%m-%d}{BETWEEN}{after - timedelta(days=1):%Y-%m-%d}", "size": str(SIZES[-1])}

    def list_acts(self, actor: Actor, query_text: str = "") -> list[Link]:
        acts = super().list_acts(actor, query_text)
        if actor.holds(self.creators):
            acts.insert(0, Link(_("导入下一年放假安排"), "/calendar-day/seed", method="post", icon="download"))
        return acts

    @expose("/seed", methods=["POST"])
    @has_access
    @permission_name("add")
    def seed(self) -> Response:
        """Fill the year after the last one on file (the present year when there is none)."""
        session = db.session()
        year = next_year_to_seed(session) or now().year
        flash(_("已导入 %(year)s 年，新增 %(n)s 天", year=year, n=seed_calendar(session, year)), "success")
        return redirect(self.list_url())


class ParameterView(DocumentView):
    """参数历史: every row that was ever set; a change is a new row with its day and reason."""

    model = Parameter
    label = L("参数修改")
    title = L("参数历史")
    category = CATEGORY
    icon = "cog"
    creators = EDITORS
    editors = frozenset()
    form = ("project_id", "key", "value", "effective_from", "note")
    listed = ("key", "value", "project", "effective_from", "note", "created_by", "created_at")
    filters = ("key", "effective_from")
    search = ("note",)
    needed = ("note",)
    files = False

    def preset(self, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
        """From the page of the parameters: what holds now, as it is written, to be changed from today on."""
        key, today = str(given.get("key")), now().date()
        declared = PARAMETERS.get(key)
        if declared is None:
            return given
        row = texts_in_force(db.session(), id_of(given.get("project_id")), [key], today).get(key)
        value = row.value if row is not None else declared.default
        if isinstance(declared.kind, Share):
            value = rate_text(declared.kind.parse(value, declared.label), PER_CENT)
        return {"value": value, "effective_from": today} | given

    def check(self, record: Any, actor: Actor) -> None:
        """A value of its kind, from today or later, with a reason."""
        declared = PARAMETERS[record.key.value]
        record.value = understood(record.value.strip(), declared.words)
        declared.parse(record.value)
        if record.effective_from < now().date():
            raise RuleError("生效日期不能早于今天，已发生的业务按当时的参数", field="effective_from")
        if not record.note:
            raise RuleError("请填写修改原因", field="note")


class ParametersView(BaseView):
    """/parameters: every parameter of the present project with its value, where it comes from, and the default."""

    route_base = "/parameters"
    default_view = "index"
    posts: ClassVar = {"menu_access": PARAMETER_READERS, "list": PARAMETER_READERS}

    @expose("/")
    @has_access
    @permission_name("list")
    def index(self) -> Any:
        """Grouped as the work is."""
        project_id = current_project_id()
        found = texts_in_force(db.session(), project_id, PARAMETERS, now().date())
        may_edit = me().holds(EDITORS, project_id)
        groups = dict.fromkeys(one.group for one in PARAMETERS.values())
        parts = tuple(ReportPart(_(group), table=_table(group, found, project_id, may_edit)) for group in groups)
        page = ReportPage(
            title=_("参数"),
            parts=parts,
            crumbs=(Crumb(str(CATEGORY)), Crumb(_("参数"))),
            acts=(Link(_("参数历史"), "/parameter/list/"),),
            lead=_("当前项目现行的数值；修改从生效日期起适用，已发生的业务不变。"),
        )
        return render_template("report.html", page=page, title=page.title)


def _table(group: str, found: dict[str, Parameter], project_id: int | None, may_edit: bool) -> Table:
    heads = [
        ("name", _("参数")),
        ("value", _("现行值")),
        ("source", _("来源")),
        ("since", _("生效日期")),
        ("default", _("默认值")),
    ]
    columns = tuple(Column(key, label) for key, label in heads) + ((Column("act", ""),) if may_edit else ())
    rows = []
    for key, one in PARAMETERS.items():
        if one.group != group:
            continue
        row = found.get(key)
        cells = (
            Cell(_(one.label), sub=_(one.hint) if one.hint else ""),
            Cell(_shown(one, row.value if row else one.default)),
            Cell(_source(row)),
            Cell(str(row.effective_from) if row else ""),
            Cell(_shown(one, one.default)),
        )
        act = (Cell(_change(key, project_id)),) if may_edit else ()
        rows.append(Row(key, "", one.label, cells + act))
    return Table(columns, tuple(rows))


def _shown(one: Declared, value: str) -> str:
    """As people say it: a part of a whole in per cent, everything else with its unit."""
    if isinstance(one.kind, Share):
        return rate_text(one.kind.parse(value, one.label), PER_CENT)
    if one.unit == "元":
        return f"{Decimal(value):,f} {_(one.unit)}"
    return f"{_(value)} {_(one.unit)}".strip() if one.unit else _(value)


def _source(row: Parameter | None) -> str:
    if row is None:
        return _("默认")
    return _("所有项目") if row.project_id is None else _("本项目")


def _change(key: str, project_id: int | None) -> Html:
    return Markup('<a href="/parameter/add?key={}&amp;project_id={}">{}</a>').format(key, project_id or "", _("修改"))
