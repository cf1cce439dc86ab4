"""The form of a 置业计划: customer, unit, 付款方式, the public discounts that he qualifies for, his loan."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _

from app.extensions import db
from app.features.customers.quotes.effects import Wish, make_quote, offered_places
from app.features.customers.quotes.models import Quote
from app.features.pricing.effects import public_discounts
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.screens.fields import fields_of
from app.kernel.screens.form_page import FormField, FormPage, FormSection
from app.kernel.screens.forms import field_input, wanted_field
from app.kernel.screens.inputs import Parsed, parse
from app.kernel.screens.once import body_digest, once
from app.kernel.screens.parts import Crumb, Option
from app.kernel.screens.saving import new_key

CHOICE = ("customer_id", "unit_id", "scheme_id")
PLACES = 200  # shown at most
LOAN = ("loan_amount", "fund_amount", "loan_years", "fund_years", "loan_rate", "fund_rate")


def quote_form(view: Any) -> Any:
    """GET shows the form, POST computes and stores; what was typed comes back with the reason of a refusal."""
    if request.method == "GET":
        return _shown(view, None, {n: request.args[n] for n in CHOICE if n in request.args})
    known, actor = fields_of(Quote), view.actor()
    parsed = parse(db.session(), [wanted_field(known[n]) for n in (*CHOICE, *LOAN)], request.form)
    ids, places = _ticked("discounts"), _ticked("places")
    if parsed.errors:
        return _shown(view, parsed, {}), 422

    def work() -> str:
        return str(
            view.show_url(make_quote(db.session, actor, Wish(discount_ids=ids, place_ids=places, **parsed.values)).id)
        )

    try:
        digest = body_digest(request.form.items(multi=True))
        location = once(db.session, actor.person_id, request.form.get("_key", ""), digest, work)
    except RuleError as error:
        if error.field in (*CHOICE, *LOAN):
            parsed.refuse(str(error.field), str(error))
            return _shown(view, parsed, {}), error.status
        return _shown(view, parsed, {}, (str(error),)), error.status
    flash(_("置业计划已做好，可以打印"), "success")
    return redirect(location)


def _ticked(name: str) -> list[int]:
    return [int(text) for text in request.form.getlist(name) if text.isascii() and text.isdigit() and len(text) < 10]


def _shown(view: Any, parsed: Parsed | None, preset: Mapping[str, str], errors: tuple[str, ...] = ()) -> str:
    known = fields_of(Quote)
    inputs = {n: field_input(view, db.session(), known[n], preset.get(n), parsed) for n in (*CHOICE, *LOAN)}
    page = FormPage(
        title=_("做置业计划"),
        sections=(
            FormSection(_("房源和付款方式"), (*(inputs[n] for n in CHOICE), *_discounts(view))),
            *_places(view),
            FormSection(
                _("贷款"),
                tuple(inputs[n] for n in LOAN),
                note=_("按揭、组合时填写；月供仅供参考，以银行审批为准"),
                folded=True,
            ),
        ),
        submit_label=_("计算并保存"),
        back_url=view.list_url(),
        crumbs=(Crumb(str(view.category)), Crumb(str(view.title), view.list_url()), Crumb(_("做置业计划"))),
        errors=errors,
        key=request.form.get("_key") or new_key(),
    )
    return render_template("doc/form.html", page=page, title=page.title)


def _places(view: Any) -> tuple[FormSection, ...]:
    """车位 and 储藏间 to be quoted beside the home; those that belong to it, and its 装修款, are added by themselves."""
    project_id = view.current_project()
    offered = offered_places(db.session(), project_id)[:PLACES] if project_id is not None else []
    if not offered:
        return ()
    options = tuple(
        Option(str(p.id), p.full_name, note=_("表价 %(price)s 元", price=format_amount(p.list_total or Decimal(0))))
        for p in offered
    )
    field = FormField(
        "places", _("一起买的车位、储藏间"), "multi", value=request.form.getlist("places"), options=options, wide=True,
        hint=_("各算各的价，合计进总价。装修款和随房一起卖的车位会自动计入。"),
    )  # fmt: skip
    return (FormSection(_("车位、储藏间"), (field,), folded=True),)


def _discounts(view: Any) -> tuple[FormField, ...]:
    """The 公开优惠 of today with their conditions; none is ticked at first: whoever quotes says what the customer qualifies for."""
    project_id = view.current_project()
    offered = public_discounts(db.session(), project_id, now().date()) if project_id is not None else []
    if not offered:
        return ()
    options = tuple(Option(str(d.id), d.short, note=d.terms or _("没有条件，人人可享")) for d in offered)
    hint = _("逐项核对条件，只勾客户符合的；没有勾的不计入价格。")
    ticked = request.form.getlist("discounts")
    return (FormField("discounts", _("享受的公开优惠"), "multi", value=ticked, options=options, hint=hint, wide=True),)
