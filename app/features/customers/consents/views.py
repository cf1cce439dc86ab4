"""同意书 and 同意记录: the list of versions, what a customer agreed to on his page, the form that he signs."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.extensions import db
from app.features.customers.consents.models import AUTHORS, Consent, ConsentText, Purpose
from app.features.customers.consents.prints import declare_papers
from app.kernel.actors import Actor
from app.kernel.posts import Post
from app.kernel.screens.display import tag_html
from app.kernel.screens.parts import Card, Cell, Column, Row, Table, Tag
from app.kernel.screens.view import DocumentView

CATEGORY = L("个人信息")
EXPORTERS = frozenset({
    Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.GENERAL_MANAGER, Post.CLERK,
})  # fmt: skip


class ConsentTextView(DocumentView):
    """同意书."""

    model = ConsentText
    label = L("同意书")
    category = CATEGORY
    icon = "shield"
    creators = AUTHORS
    exporters = EXPORTERS
    form = ("edition", "handler", "contact", "content", "changes")
    listed = ("edition", "handler", "in_force_on", "ended_on", "created_by", "state")
    filters = ("state",)
    search = ("edition", "content")
    search_hint = L("版本号、正文")
    facts = ("edition", "handler", "contact", "in_force_on", "ended_on", "changes", "content", "created_by")
    empty_hint = L("先拟一份同意书送审，通过后登记客户同意时自动写上它的版本号")


class ConsentView(DocumentView):
    """同意记录: given and withdrawn on the customer's page."""

    model = Consent
    label = L("同意记录")
    category = CATEGORY
    icon = "check"
    exporters = EXPORTERS
    listed = ("customer", "purpose", "edition", "channel", "given_at", "withdrawn_at", "created_by")
    many = True
    filters = ("purpose", "channel")
    search = ("customer.name",)
    sortable = ("given_at",)
    search_hint = L("客户姓名")
    files: ClassVar[bool] = False


def consents_of(customer: Any, actor: Actor) -> Card:
    """Every purpose with the answer of today and its proof; the history stands below it in the list."""
    query = select(Consent).where(Consent.customer_id == customer.id).order_by(Consent.id.desc())
    newest: dict[Purpose, Consent] = {}
    for row in db.session.scalars(query):
        newest.setdefault(row.purpose, row)
    columns = (
        Column("purpose", _("同意事项"), phone="hd"), Column("answer", _("现在"), phone="badge"), Column("edition", _("同意书版本")),
        Column("channel", _("同意方式")), Column("given", _("同意时间")), Column("withdrawn", _("撤回时间")),
    )  # fmt: skip
    rows = tuple(_row(purpose, newest.get(purpose)) for purpose in Purpose)
    return Card(_("同意情况"), "table", table=Table(columns, rows), note=no_calls_note(customer))


def _row(purpose: Purpose, row: Consent | None) -> Row:
    if row is None:
        cells: tuple[Cell, ...] = (
            Cell(purpose.label),
            Cell(tag_html(Tag(_("未同意"), "mute"))),
            Cell(),
            Cell(),
            Cell(),
            Cell(),
        )
        return Row(purpose.value, "", purpose.label, cells)
    answer = Tag(_("同意"), "ok") if row.withdrawn_at is None else Tag(_("已撤回"), "bad")
    moments = [f"{at:%Y-%m-%d %H:%M}" if at else "" for at in (row.given_at, row.withdrawn_at)]
    cells = (
        Cell(purpose.label),
        Cell(tag_html(answer)),
        Cell(row.edition),
        Cell(row.channel.label),
        *map(Cell, moments),
    )
    return Row(purpose.value, f"/consent/show/{row.id}", purpose.label, cells)


def no_calls_note(customer: Any) -> str:
    """What whoever is about to call has to know."""
    if customer.no_calls_at is None:
        return ""
    return _("客户 %(day)s 撤回了营销联系的同意：不打营销电话，不发微信。", day=customer.no_calls_at.date())


def register(appbuilder: Any) -> None:
    """Screens, the tab of the customer, the form to sign."""
    from app.features.customers.models import Customer
    from app.kernel import registries
    from app.kernel.screens.view import add_document

    add_document(appbuilder, ConsentTextView)
    add_document(appbuilder, ConsentView, menu=False)
    registries.add_tab(Customer, "consents", "个人信息同意", consents_of)
    declare_papers()
