"""How are 付款方式 and 销售方案 shown? Their drafts belong to the managers, everybody who sells reads them once they hold."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.extensions import db
from app.features.pricing.effects.schemes import check_discount, check_scheme, name_is_free
from app.features.pricing.models import PRICE_READERS, PaymentScheme, PublicDiscount, SalesScheme, SchemeState
from app.features.pricing.rules import parse_instalments
from app.features.pricing.states import SCHEME_EDITORS
from app.kernel.actors import Actor
from app.kernel.errors import RuleError
from app.kernel.posts import Post
from app.kernel.rates import PER_CENT, TENTHS, rate_words
from app.kernel.screens.display import rate_text
from app.kernel.screens.fields import Field
from app.kernel.screens.parts import Cell, Column, Html, Link, Row, Table
from app.kernel.screens.view import DocumentView, view_of
from app.kernel.words import shown

CATEGORY = L("房源")
EXPORTERS = (PRICE_READERS | {Post.SUPERVISOR, Post.CLERK}) - {Post.AUDITOR}


class PaymentSchemeView(DocumentView):
    """付款方式."""

    model = PaymentScheme
    label = L("付款方式")
    category = CATEGORY
    icon = "wallet"
    creators = SCHEME_EDITORS
    exporters = EXPORTERS
    listed = ("name", "revision", "kind", "discount", "deposit", "loan_share", "condition", "state")
    filters = ("kind", "state")
    search = ("name", "condition")

    def check(self, record: Any, actor: Actor) -> None:
        """The fields of its kind, and no others; a name of its own."""
        check_scheme(record)
        name_is_free(db.session(), record)

    def linked(self, record: Any, found: Field, html: Html, actor: Actor) -> Html:
        """«30% 0» is how it is typed; whoever approves it reads a sentence."""
        if found.name != "instalments" or not record.instalments:
            return super().linked(record, found, html, actor)
        try:
            steps = parse_instalments(record.instalments)
        except RuleError:  # of a time with other rules, or brought in from outside: the page shows it as it was typed
            return html
        return _("，").join(
            _("签约后 %(n)s 天 %(share)s", n=step.days, share=rate_text(step.share, PER_CENT))
            if step.days
            else _("签约时 %(share)s", share=rate_text(step.share, PER_CENT))
            for step in steps
        )


class SalesSchemeView(DocumentView):
    """销售方案."""

    model = SalesScheme
    label = L("销售方案")
    category = CATEGORY
    icon = "star"
    creators = SCHEME_EDITORS
    exporters = EXPORTERS
    listed = ("name", "valid_from", "valid_until", "compounding", "rounding_step", "rounding_way", "state")
    filters = ("state",)
    search = ("name", "note")
    decided_with = ("discounts",)
    order = ("-valid_from",)

    def check(self, record: Any, actor: Actor) -> None:
        """Dates in order."""
        if record.valid_until is not None and record.valid_until < record.valid_from:
            raise RuleError("截止日期早于起用日期", field="valid_until")

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """A discount is added while it is a draft."""
        view = view_of(PublicDiscount)
        if view is None or not self.may_edit(record, actor):
            return []
        return [Link(_("添加优惠"), view.add_url(sales_scheme_id=record.id), icon="plus")]


class PublicDiscountView(DocumentView):
    """公开优惠: one row of a 销售方案, edited on a page of its own while that is a draft."""

    model = PublicDiscount
    label = L("公开优惠")
    category = CATEGORY
    icon = "star"
    creators = SCHEME_EDITORS
    parent = "sales_scheme_id"
    listed = (
        "sales_scheme",
        "position",
        "name",
        "factor",
        "amount",
        "applies_to",
        "condition",
        "valid_from",
        "valid_until",
    )
    files = False
    pick_filters: ClassVar[dict[str, Any]] = {
        "sales_scheme_id": lambda query: query.where(SalesScheme.state == SchemeState.DRAFT)
    }

    def may_edit(self, record: Any, actor: Actor) -> bool:
        return super().may_edit(record, actor) and record.sales_scheme.state is SchemeState.DRAFT

    def may_delete(self, record: Any, actor: Actor) -> bool:
        return self.may_edit(record, actor)

    def check(self, record: Any, actor: Actor) -> None:
        """Only into a draft of the same project."""
        query = select(SalesScheme).where(SalesScheme.id == record.sales_scheme_id).with_for_update(of=SalesScheme)
        scheme = db.session.scalars(query).first()
        if scheme is None or scheme.project_id != record.project_id:
            raise RuleError("请选择本项目的销售方案", field="sales_scheme_id")
        if scheme.state is not SchemeState.DRAFT:
            raise RuleError("销售方案「{name}」已提交，不能再改优惠", name=scheme.name)
        check_discount(record, scheme)


def discounts_of_scheme(scheme: Any, actor: Actor) -> Table:
    """The discounts of a 销售方案 in their order, as a related tab."""
    view = view_of(PublicDiscount)
    columns = (
        Column("position", _("顺序"), numeric=True), Column("name", _("名称")), Column("how", _("优惠"), numeric=True),
        Column("applies_to", _("适用于")), Column("condition", _("享受条件")), Column("dates", _("期限")),
    )  # fmt: skip
    rows = tuple(_row(discount, view, actor) for discount in scheme.discounts)
    return Table(columns, rows, empty=_("还没有公开优惠；点「添加优惠」逐项填写"))


def _row(discount: PublicDiscount, view: Any, actor: Actor) -> Row:
    how = (
        rate_words(discount.factor, TENTHS)
        if discount.factor is not None
        else _("减 %(amount)s 元", amount=f"{discount.amount:,.2f}")
    )
    dates = " — ".join(str(day) if day else "…" for day in (discount.valid_from, discount.valid_until))
    ops = (Link(_("修改"), view.edit_url(discount.id)),) if view is not None and view.may_edit(discount, actor) else ()
    return Row(
        str(discount.id), "", discount.name,
        (
            Cell(str(discount.position), True), Cell(discount.name), Cell(how, True), Cell(shown(discount.applies_to.label)), Cell(discount.condition),
            Cell(dates if discount.valid_from or discount.valid_until else _("与方案相同")),
        ),
        ops,
    )  # fmt: skip
