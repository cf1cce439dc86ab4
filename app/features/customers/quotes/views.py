"""How is a 置业计划 shown and printed? The price card, the plan, the monthly payment."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from flask_appbuilder import expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.extensions import db
from app.features.customers.effects.following import WINNING
from app.features.customers.models import Customer
from app.features.customers.quotes.effects import LINES, MAKERS, QUOTABLE, plan_of_quote
from app.features.customers.quotes.models import Quote, QuoteState
from app.features.customers.quotes.page import quote_form
from app.features.customers.quotes.prints import declare_papers
from app.features.organisation.parameters import parameter
from app.features.pricing.line_words import line_words
from app.features.pricing.models import PaymentScheme, SchemeState
from app.features.pricing.rules import Anchor, remainder, shared_area, unit_price
from app.features.pricing.rules.readings import priced_home
from app.features.units.models import Unit
from app.kernel.actors import Actor
from app.kernel.money import capitals, format_amount
from app.kernel.posts import Post
from app.kernel.screens.display import tag_html
from app.kernel.screens.parts import CalcLine, Card, Cell, Column, Link, Row, Table
from app.kernel.screens.view import DocumentView, view_of

CATEGORY = L("客户")
SHOWN = 20


class QuoteView(DocumentView):
    """置业计划."""

    model = Quote
    label = L("置业计划")
    category = CATEGORY
    icon = "file"
    readers = MAKERS | {Post.AUDITOR}  # the auditor reads every business list (07 §7.1)
    creators = MAKERS
    editors = frozenset()
    listed = ("number", "customer", "unit", "scheme", "public_total", "valid_until", "owner_id", "state")
    filters = ("state", "scheme_id")
    search = ("number", "unit.full_name", "customer.name")
    facts = ("number", "customer", "unit", "scheme", "discounts_text", "valid_until", "owner_id", "created_at")
    files = False
    pick_filters: ClassVar[dict[str, Any]] = {
        "unit_id": lambda query: query.where(
            Unit.state.in_(QUOTABLE), Unit.stopped.is_(False), Unit.list_total.is_not(None)
        ),
        "scheme_id": lambda query: query.where(PaymentScheme.state == SchemeState.ACTIVE),
    }

    @expose("/add", methods=["GET", "POST"])
    @has_access
    @permission_name("add")
    def add(self) -> Any:
        """A page of its own: the price is computed, not typed."""
        return quote_form(self)

    def note(self, record: Any, actor: Actor) -> str:
        """Why it no longer holds; where the local rule wants it, that it lies far below the filed price (02 §2.3.1 P10)."""
        if record.state is QuoteState.CHANGED:
            return _("价格或优惠已有变动，请另做一份。")
        filed, share = record.unit.filed_total, parameter(db.session(), record.project_id, "filed_warn")
        if filed is not None and share and record.home_total < filed * (1 - share):
            return _("总价低于备案价 %(p)s %%，按当地规定认购前请先报备。", p=f"{(share * 100).normalize():f}")
        return ""


def act_of_customer(customer: Customer, actor: Actor) -> list[Link]:
    """From a customer who is being won to his 置业计划: he asks for the price before anything else."""
    if (
        customer.state not in WINNING
        or customer.anonymised_at is not None
        or not actor.holds(MAKERS, customer.project_id)
    ):
        return []
    return [Link(_("做置业计划"), f"/quote/add?customer_id={customer.id}", icon="file")]


def price_card(paper: Quote, _actor: Actor | None = None) -> Card:
    """P1–P9 of the stored chain, as the card of look/detail.html."""
    unit, total, home = paper.unit, paper.public_total, paper.home_total
    area = priced_home(unit, paper.home_list_total).priced_area
    first, *rest = paper.steps
    lines = [CalcLine(_(first[0]), format_amount(Decimal(first[2])))]
    for label, change, _total in rest:
        amount = Decimal(change)
        if amount:
            sign = "−" if amount < 0 else "+"
            lines.append(CalcLine(_(label), f"{sign}{format_amount(abs(amount))}", "neg" if amount < 0 else "plain"))
    if paper.lines:
        lines.append(CalcLine(_("房款（公开折后）"), format_amount(home), "sum"))
        lines += [
            CalcLine(line_words(LINES[kind], name), format_amount(Decimal(price)))
            for kind, name, _list, price in paper.lines
        ]
    tail = remainder(home, area)
    shared = shared_area(unit.building_area, unit.inner_area)
    lines += [
        CalcLine(_("公开折后总价"), format_amount(total), "sum"),
        CalcLine(_("总折扣"), f"{paper.total_discount * 100:.2f} %"),
        CalcLine(_("折后单价"), _("%(p)s 元/㎡", p=format_amount(paper.unit_price))),
        CalcLine(_("单价×面积尾差（以总价为准）"), f"{'−' if tail < 0 else ''}{format_amount(abs(tail))}"),
        CalcLine(_("套内单价"), _("%(p)s 元/㎡", p=format_amount(unit_price(home, unit.inner_area)))),
        CalcLine(
            _("公摊"), _("%(a)s ㎡，%(r)s %%，得房率 %(u)s %%", a=shared.area, r=shared.rate, u=shared.usable_rate)
        ),
    ]
    return Card(
        _("价格"),
        "calc",
        total=format_amount(total),
        total_unit=_("元"),
        words=capitals(total, prefix="人民币"),
        lines=tuple(lines),
    )


def plan_card(paper: Quote, _actor: Actor | None = None) -> Card:
    """The rows of the plan with their sum, and what the loan costs a month."""
    columns = (
        Column("kind", _("款项")), Column("line", _("分项")), Column("payer", _("付款人")), Column("due", _("时间")),
        Column("amount", _("金额"), numeric=True),
    )  # fmt: skip
    rows = tuple(
        Row(
            str(number), "", row.kind.value,
            (
                Cell(_(row.kind.value)), Cell(line_words(row.line, row.line_name)), Cell(_(row.payer.value)),
                Cell(_due(row.anchor.value, row.days)), Cell(format_amount(row.amount), True),
            ),
        )
        for number, row in enumerate(plan_of_quote(paper))
    )  # fmt: skip
    total = sum((Decimal(row[2]) for row in paper.plan_rows), Decimal(0))
    totals = (Cell(_("合计")), Cell(), Cell(), Cell(), Cell(format_amount(total), True))
    monthly = ""
    if paper.monthly is not None:
        monthly = _(
            "首月月供约 %(amount)s 元（等额本息，%(years)s 年），以银行审批为准",
            amount=format_amount(paper.monthly),
            years=paper.loan_years,
        )
    return Card(_("付款计划"), "table", table=Table(columns, rows, totals), foot=monthly)


def _due(anchor: str, days: int) -> str:
    if anchor == Anchor.RESERVED:
        return _("认购后 %(n)s 天", n=days) if days else _("认购当天")
    return _("签约后 %(n)s 天", n=days) if days else _("签约当天")


def quote_act(unit: Any, actor: Actor) -> list[Link]:
    """«做置业计划» in the board's drawer."""
    view: Any = view_of(Quote)
    if (
        unit.state not in QUOTABLE
        or unit.stopped
        or unit.list_total is None
        or not actor.holds(MAKERS, unit.project_id)
    ):
        return []
    return [Link(_("做置业计划"), view.add_url(unit_id=unit.id), icon="file")]


def quotes_of_customer(customer: Any, actor: Actor) -> Card:
    """The quotes of a customer, newest first, with the way to a new one."""
    view: Any = view_of(Quote)
    query = select(Quote).where(Quote.customer_id == customer.id).order_by(Quote.id.desc()).limit(SHOWN + 1)
    found = list(db.session.scalars(query))
    columns = (
        Column("number", _("编号")), Column("unit", _("房源")), Column("scheme", _("付款方式")),
        Column("total", _("公开折后总价"), numeric=True), Column("until", _("有效至")), Column("state", _("状态")),
    )  # fmt: skip
    rows = tuple(
        Row(
            str(one.id), view.show_url(one.id), one.number or "",
            (
                Cell(one.number or ""), Cell(one.unit.full_name), Cell(one.scheme.name), Cell(format_amount(one.public_total), True),
                Cell(str(one.valid_until)), Cell(tag_html(one.state)),
            ),
        )
        for one in found[:SHOWN]
    )  # fmt: skip
    more = (
        Link(_("做置业计划"), view.add_url(customer_id=customer.id))
        if actor.holds(MAKERS, customer.project_id)
        else None
    )
    note = _("最近 %(n)s 份，更早的请看置业计划列表", n=SHOWN) if len(found) > SHOWN else ""
    return Card(_("置业计划"), "table", table=Table(columns, rows, empty=_("还没有置业计划")), more=more, note=note)


def register(appbuilder: Any) -> None:
    """Screens, drawer act and the tab of the customer."""
    from app.kernel import registries
    from app.kernel.screens.view import add_document

    add_document(appbuilder, QuoteView)
    declare_papers()
    registries.add_side_card(Quote, price_card)
    registries.add_main_card(Quote, plan_card)
    registries.add_drawer_act(quote_act)
    registries.add_record_act(Customer, act_of_customer)
    registries.add_tab(Customer, "quotes", "置业计划", quotes_of_customer, MAKERS)
