"""统一口径: what is valid by topic, what is being written, who has not signed; and the answers that fit a customer's doubts."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from markupsafe import Markup
from sqlalchemy import Select, select

from app.extensions import db
from app.features.customers.scripts.effects import begin_series, valid_scripts
from app.features.customers.scripts.models import AT_WORK, AUTHORS, SalesScript, ScriptState
from app.features.customers.scripts.rules import topics_of
from app.features.customers.views.documents import CATEGORY, EXPORTERS, LIVE
from app.kernel.actors import Actor
from app.kernel.imports.declared import Import, ImportColumn
from app.kernel.posts import AGENCY_POSTS, Post
from app.kernel.screens.parts import Card, Link, Table
from app.kernel.screens.readers import readers_tab, unsigned_chip
from app.kernel.screens.related import table_of
from app.kernel.screens.view import DocumentView

OFFERED = 4
_ANSWER = Markup(
    '<details class="answer"><summary>{} <small>{}</small></summary><p class="pre">{}</p>{}<p><a href="{}">{}</a></p></details>'
)
_NEVER = Markup('<p class="neg">{}{}</p>')


def _valid(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(SalesScript.state == ScriptState.VALID)


def _at_work(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(SalesScript.state.in_(AT_WORK))


class SalesScriptView(DocumentView):
    """统一口径."""

    model = SalesScript
    label = L("统一口径")
    category = CATEGORY
    icon = "bookmark"
    creators = AUTHORS
    exporters = EXPORTERS
    form = ("title", "kind", "topic", "content", "never", "basis", "changes")
    listed = ("title", "topic", "kind", "revision", "valid_from", "updated_at", "state")
    filters = ("topic", "kind", "state")
    search = ("title", "content")
    search_hint = L("客户的问题、回答里的词")
    empty_hint = L("把客户常问的写成统一回答，经案场经理审定后，全场照此答复")
    chips = (("valid", L("现行"), _valid), unsigned_chip(SalesScript), ("at_work", L("起草和审定中"), _at_work))
    fact_groups = (
        (L("要点"), ("title", "topic", "kind", "content", "never", "basis", "number", "revision", "valid_from", "ended_on", "changes",
                    "created_by")),
    )  # fmt: skip

    importable = Import(
        columns=(
            ImportColumn("title", aliases=("问题", "客户问题", "客户提问", "问")),
            ImportColumn("kind", required=False, aliases=("类型",)),
            ImportColumn("topic", aliases=("方面", "分类"), words={"价格": "价格优惠", "贷款": "首付贷款", "户型": "户型质量", "学区": "教育学区"}),
            ImportColumn("content", aliases=("答案", "回答", "统一答复", "标准答案", "答")),
            ImportColumn("never", aliases=("禁语", "不能承诺")),
            ImportColumn("basis", aliases=("出处",)),
        ),
        key=("title",),
        among=lambda query: query.where(SalesScript.state.in_((*AT_WORK, ScriptState.VALID))),
        notes=(L("每行一个问题，导入后是起草状态，提交案场经理审定后生效；已有同样问题的不会重复。"),),
    )  # fmt: skip

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """A new question begins its series."""
        begin_series(db.session(), record)


def versions_of(paper: SalesScript, actor: Actor) -> Table:
    """All versions, newest first; the superseded ones stay."""
    query = select(SalesScript).where(SalesScript.origin_id == paper.origin_id).order_by(SalesScript.revision.desc())
    names = ("title", "revision", "changes", "valid_from", "ended_on", "state")
    return table_of(SalesScript, names, db.session.scalars(query).all(), actor)


def answers(project_id: int, *texts: str | None) -> Markup | None:
    """The valid answers to what a customer said, folded; None when nothing fits."""
    found = valid_scripts(db.session(), project_id, topics_of(*texts), OFFERED)
    if not found:
        return None
    return Markup("").join(
        _ANSWER.format(
            one.title, one.topic.label, one.content, _NEVER.format(_("不得承诺："), one.never) if one.never else "",
            f"/sales-script/show/{one.id}", _("查看口径"),
        )
        for one in found
    )  # fmt: skip


def answers_card(customer: Any, actor: Actor) -> Card | None:
    """Beside a customer who may still buy: answers to his doubts, and the way to all of them."""
    if customer.state not in LIVE or not actor.holds(AGENCY_POSTS - {Post.CLERK}, customer.project_id):
        return None
    html = answers(customer.project_id, customer.resistance, customer.concerns)
    every = Link(_("全部口径"), "/sales-script/list/?chip=valid")
    empty = Markup('<p class="muted">{}</p>').format(_("还没有对上话题的口径"))
    return Card(_("话术与统一口径"), "html", html=html or empty, more=every)


def register(appbuilder: Any) -> None:
    """Screens, tabs, and the card beside the customer."""
    from app.features.customers.models import Customer
    from app.kernel import registries
    from app.kernel.screens.view import add_document

    add_document(appbuilder, SalesScriptView)
    registries.add_tab(SalesScript, "readers", "签收", readers_tab)
    registries.add_tab(SalesScript, "versions", "版本", versions_of)
    registries.add_side_card(Customer, answers_card)
