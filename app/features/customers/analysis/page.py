"""/customer-insight/<id>: one A or B customer — needs and fitting flats, doubts and answers, what happened with others like him."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from app.extensions import db
from app.features.customers.analysis.likelihood import Likeness, history_of
from app.features.customers.analysis.matching import matches, wish_of_customer
from app.features.customers.analysis.rules import OWN_MONEY, Criterion, Match, in_wan
from app.features.customers.analysis.views import WRITERS, analyses_of
from app.features.customers.effects.following import WINNING
from app.features.customers.models import Contact, Customer
from app.features.customers.scripts.views import answers
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.screens.detail import fact
from app.kernel.screens.detail_page import DetailPage
from app.kernel.screens.display import moment, tag_of
from app.kernel.screens.parts import Card, Cell, Column, Crumb, Fact, Link, Row, Table, Tag
from app.kernel.screens.view import view_of
from app.kernel.words import reads_english, several, shown

NEEDS = ("purpose", "wanted_layout", "wanted_area", "wanted_total", "down_payment", "eligibility", "purchase_count", "homes_owned",
         "family", "concerns")  # fmt: skip
_WAN = re.compile(r"(?<![\d–,.])([\d,.]+) 万")  # one amount; «100–120 万» is a band with a word of its own
_MARK = Markup('<span class="{}">{} {}</span> {}{}')
VISITS = 5


def insight(customer: Customer, actor: Actor) -> DetailPage:
    """Everything on the page."""
    visits = list(db.session.scalars(
        select(Contact).where(Contact.customer_id == customer.id).order_by(Contact.at.desc()).limit(VISITS)
    ))  # fmt: skip
    screen: Any = view_of(Customer)
    return DetailPage(
        title=_("%(who)s 意向分析", who=customer.name),
        tag=Tag(_("%(g)s 级", g=customer.grade.label), "bad" if customer.grade.label == "A" else "warn"),
        crumbs=(Crumb(several("客户")), Crumb(_("A/B 客户分析"), "/customer-insight/"), Crumb(customer.name, screen.show_url(customer.id))),
        acts=_acts(customer, actor),
        note="" if customer.state in WINNING else _("客户现在是「%(s)s」，不再需要意向分析。", s=customer.state.label),
        main=(_units(customer, visits), _doubts(customer, visits), _past(customer, actor)),
        before_tabs=3,
        side=(_needs(customer, actor, screen), _likelihood(customer)),
    )  # fmt: skip


def _acts(customer: Customer, actor: Actor) -> tuple[Link, ...]:
    links = [Link(_("全程记录"), f"/customer-timeline/{customer.id}", icon="clock")]
    if customer.state in WINNING and actor.holds(WRITERS, customer.project_id):
        links.append(Link(_("请主管协助"), f"/assist-request/add?customer_id={customer.id}", icon="users"))
        links.append(
            Link(_("写今日分析"), f"/intent-analysis/add?customer_id={customer.id}", tone="primary", icon="edit")
        )
    return tuple(links)


def _needs(customer: Customer, actor: Actor, screen: Any) -> Card:
    facts: list[Fact] = [
        Fact(_("状态"), tag_of(customer.state).label),
        Fact(_("来访次数"), _("%(n)s 次", n=customer.visits)),
    ]
    facts += [found for name in NEEDS if (found := fact(screen, customer, name, actor)) is not None]
    edit = Link(_("补充需求"), screen.edit_url(customer.id)) if screen.may_edit(customer, actor) else None
    return Card(_("需求"), "facts", facts=tuple(facts), more=edit)


def _units(customer: Customer, visits: list[Contact]) -> Card:
    wish = wish_of_customer(customer, *(v.needs for v in visits))
    columns = (
        Column("unit", _("房源"), phone="hd"), Column("fits", _("符合项"), phone="badge"), Column("why", _("逐条对照（✓ 符合　✗ 不符）"), phone="wide"),
        Column("price", _("公开折后总价（元）"), numeric=True, phone="lo"),
    )  # fmt: skip
    found = matches(db.session(), customer.project_id, wish)
    empty = (
        _("在售房源里没有符合的") if wish.said else _("客户还没有说过户型、面积、总价、首付，先在「补充需求」里填写")
    )
    foot = _("只列已推出的可售房源；价格按今日公开优惠全部享受、总价最低的付款方式计算，实际以置业计划为准。")
    return Card(
        _("需求对照在售房源"), "table", table=Table(columns, tuple(_unit(m, customer) for m in found), empty=empty),
        foot=foot if found else "",
    )  # fmt: skip


def _unit(match: Match, customer: Customer) -> Row:
    offer = match.offer
    why = Markup("<br>").join(_criterion(one) for one in match.criteria)
    sub = " · ".join(
        part for part in (offer.layout, f"{offer.area} ㎡", offer.aspect, _said(in_wan(offer.price))) if part
    )
    return Row(
        str(offer.unit_id), f"/board?unit={offer.unit_id}", offer.name,
        (
            Cell(offer.name, sub=sub), Cell(f"{match.fits}/{len(match.criteria)}"), Cell(why),
            Cell(f"{offer.price:,.2f}", True),
        ),
        ops=(Link(_("做置业计划"), f"/quote/add?customer_id={customer.id}&unit_id={offer.unit_id}"),),
    )  # fmt: skip


def _criterion(one: Criterion) -> Markup:
    wished = _said(one.wanted)
    wanted = _("（能付 %(w)s）", w=wished) if one.word == OWN_MONEY else _("（要 %(w)s）", w=wished)
    return _MARK.format("fit" if one.fits else "unfit", "✓" if one.fits else "✗", _(one.word), _said(one.found), wanted)


def _said(text: str) -> str:
    """A word of the rules in the reader's language: ten thousands are millions there."""
    if not reads_english():
        return text
    return str(shown(_WAN.sub(lambda found: f"{Decimal(found[1].replace(',', '')) / 100:.3f} million", text)))


def _doubts(customer: Customer, visits: list[Contact]) -> Card:
    said = [(moment(v.at), v.doubts) for v in visits if v.doubts]
    if customer.resistance:
        said.insert(0, (_("客户资料"), customer.resistance))
    lines = Markup("").join(Markup("<li>{} <small>{}</small></li>").format(text, when) for when, text in said)
    told = Markup("<ul>{}</ul>").format(lines) if said else Markup("<p>{}</p>").format(_("还没有记下客户的疑虑"))
    found = answers(customer.project_id, customer.resistance, *(v.doubts for v in visits))
    reply = found or Markup('<p class="muted">{}</p>').format(_("没有对上话题的统一口径，请主管补充"))
    html = told + Markup('<h3 class="answers">{}</h3>').format(_("统一口径怎么答")) + reply
    return Card(_("疑虑与应对"), "html", html=html, more=Link(_("全部口径"), "/sales-script/list/?chip=valid"))


def _likelihood(customer: Customer) -> Card:
    history = history_of(db.session(), customer, now().date())
    columns = (
        Column("who", _("同类客户"), phone="hd"), Column("n", _("人数"), numeric=True), Column("r", _("认购"), numeric=True),
        Column("s", _("签约"), numeric=True),
    )  # fmt: skip
    rows = tuple(
        Row(str(place), "", "", (
            Cell(_likeness(one, customer), sub=_("样本少，仅供参考") if one.small else ""), Cell(str(one.customers), True),
            Cell(str(one.reserved), True), Cell(str(one.signed), True),
        ))
        for place, one in enumerate(history.rows)
    )  # fmt: skip
    foot = _(
        "本项目近 %(n)s 个月首次来电来访的客户，按现在的等级（成交客户为成交前的等级）；认购含后来退订的。",
        n=history.months,
    )
    return Card(_("同类客户成交情况"), "table", table=Table(columns, rows), foot=foot)


def _likeness(one: Likeness, customer: Customer) -> str:
    parts = [_("%(g)s 级", g=one.grade.label)]
    if one.visits:
        words = (_("没有来访"), _("来访 1 次"), _("来访 2 次以上"))
        parts.append(words[min(customer.visits, 2)])
    if one.source:
        parts.append(_(customer.source.label))
    return " · ".join(parts)


def _past(customer: Customer, actor: Actor) -> Card:
    return Card(_("历次分析与主管建议"), "table", table=analyses_of(customer, actor))
