"""/customer-insight: the A and B customers of the day — analysed, advised, or still to be done (S1.3.1)."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, ClassVar

from flask import render_template, request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from app.extensions import db
from app.features.customers.analysis.models import AnalysisState, IntentAnalysis
from app.features.customers.analysis.page import insight
from app.features.customers.analysis.views import INTENDING, READERS, WRITERS
from app.features.customers.effects.following import WINNING
from app.features.customers.models import Customer
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.entrance import current_project_id, me
from app.kernel.errors import NotFound
from app.kernel.gathering import counted, gathered, how_many
from app.kernel.screens.display import lookup_names, moment, tag_html
from app.kernel.screens.list_page import Chip, ListPage, Pager
from app.kernel.screens.parts import Cell, Column, Crumb, Html, Link, Row
from app.kernel.screens.view import view_of
from app.kernel.words import several

SHOWN = 50
TODO, WAITING, DONE, EVERY = "todo", "waiting", "done", "all"


def _morning() -> datetime:
    return datetime.combine(now().date(), time())


def intending() -> Select[Any]:
    """A and B customers who may still buy, within the reader's rows."""
    return select(Customer).where(Customer.grade.in_(INTENDING), Customer.state.in_(WINNING))


def looked_at(since: datetime) -> ColumnElement[bool]:
    """Analysed or advised since that moment."""
    fresh = or_(IntentAnalysis.created_at >= since, IntentAnalysis.advised_at >= since)
    return exists().where(IntentAnalysis.customer_id == Customer.id, IntentAnalysis.state != AnalysisState.VOID, fresh)


def _awaits_advice() -> ColumnElement[bool]:
    return exists().where(IntentAnalysis.customer_id == Customer.id, IntentAnalysis.state == AnalysisState.ASKED)


def of_list(key: str) -> Select[Any]:
    """The customers of one list."""
    query = intending()
    if key == TODO:
        return query.where(~looked_at(_morning()))
    if key == WAITING:
        return query.where(_awaits_advice())
    return query.where(looked_at(_morning())) if key == DONE else query


class CustomerInsightView(BaseView):
    """The list of the day, and the page of one customer."""

    route_base = "/customer-insight"
    default_view = "page"
    posts: ClassVar = {"menu_access": READERS, "page": READERS, "show": READERS}

    @expose("/")
    @has_access
    @permission_name("page")
    def page(self) -> Any:
        """?list=todo|waiting|done|all."""
        project_id = current_project_id()
        if project_id is None:
            raise NotFound("project")
        page = _daily(me(), project_id, request.args.get("list", ""))
        return render_template("doc/list.html", page=page, title=page.title)

    @expose("/<int:pk>")
    @has_access
    @permission_name("show")
    def show(self, pk: int) -> Any:
        """One customer."""
        screen: Any = view_of(Customer)
        page = insight(screen.find(pk), me())
        return render_template("doc/detail.html", page=page, title=page.title)


def _daily(actor: Actor, project_id: int, asked: str) -> ListPage:
    here = Customer.project_id == project_id
    words = {TODO: _("今日待分析"), WAITING: _("待主管建议"), DONE: _("今日已办"), EVERY: _("全部 A/B 客户")}
    key = asked if asked in words else TODO

    def asking() -> Any:
        rows = yield [how_many(of_list(one).where(here).with_only_columns(Customer.id)) for one in words]
        return [row[0] for row in rows]

    numbers = dict(zip(words, gathered(db.session, [asking()])[0], strict=True))
    query = of_list(key).where(here).order_by(Customer.grade, Customer.follow_due_on, Customer.id).limit(SHOWN)
    rows = _rows(list(db.session.scalars(query)), actor, project_id)
    columns = (
        Column("name", _("客户"), phone="hd"), Column("grade", _("等级"), phone="badge"), Column("owner", _("归属顾问")),
        Column("visits", _("来访"), numeric=True), Column("last", _("最近有效联系")), Column("analysis", _("最近分析"), phone="shown"),
        Column("advice", _("主管建议")), Column("next", _("下一步")),
    )  # fmt: skip
    more = _("，先列 %(n)s 位", n=SHOWN) if numbers[key] > SHOWN else ""
    return ListPage(
        title=_("A/B 客户分析"), columns=columns, rows=rows, pager=Pager(_("共 %(n)s 位", n=counted(numbers[key])) + more),
        crumbs=(Crumb(several("客户")), Crumb(_("A/B 客户分析"))),
        lead=_("A/B 级客户当日要有分析、成交建议或主管陪谈。"),
        chips=tuple(Chip(words[k], f"/customer-insight/?list={k}", pressed=k == key, count=numbers[k]) for k in words),
        empty_title=_("这张清单上没有客户"), empty_hint=_("A/B 级、还没有认购的客户会出现在这里"),
    )  # fmt: skip


def _rows(found: list[Customer], actor: Actor, project_id: int) -> tuple[Row, ...]:
    ids = [c.id for c in found]
    newest = select(func.max(IntentAnalysis.id)).where(
        IntentAnalysis.customer_id.in_(ids), IntentAnalysis.state != AnalysisState.VOID
    ).group_by(IntentAnalysis.customer_id)  # fmt: skip
    query = select(IntentAnalysis).where(IntentAnalysis.id.in_(newest))
    last = {one.customer_id: one for one in db.session.scalars(query)}
    names = lookup_names("person", {c.owner_id for c in found if c.owner_id})
    writes = actor.holds(WRITERS, project_id)
    return tuple(_row(c, last.get(c.id), names, writes) for c in found)


def _row(customer: Customer, last: IntentAnalysis | None, names: dict[int, str], writes: bool) -> Row:
    ops = [Link(_("写分析"), f"/intent-analysis/add?customer_id={customer.id}")] if writes else []
    if last is not None and last.state is AnalysisState.ASKED:
        ops.insert(0, Link(_("看分析"), f"/intent-analysis/show/{last.id}"))
    said: Html = "" if last is None else moment(last.created_at)
    return Row(
        str(customer.id), f"/customer-insight/{customer.id}", customer.name,
        (
            Cell(customer.name), Cell(tag_html(customer.grade)), Cell(names.get(customer.owner_id or 0, "")),
            Cell(str(customer.visits), True), Cell(moment(customer.last_contact_at)),
            Cell(said, sub=last.situation[:40] if last else ""), _advice(last),
            Cell(str(last.next_on) if last else "", sub=last.next_step[:40] if last else ""),
        ),
        ops=tuple(ops),
    )  # fmt: skip


def _advice(last: IntentAnalysis | None) -> Cell:
    if last is None:
        return Cell()
    if last.advice_way is None:
        return Cell(tag_html(last.state))
    return Cell(tag_html(last.advice_way), sub=last.advice[:40])
