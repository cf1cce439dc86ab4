"""How is the 公海 shown? A list for everybody who sells, masked; whose the customers were only for supervisors."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from markupsafe import Markup
from sqlalchemy import Select

from app.extensions import db
from app.features.customers.choices import Grade
from app.features.customers.models import Customer
from app.features.customers.pool.models import READERS, PoolEntry, PoolState
from app.features.customers.pool.silence import falling, falling_soon, pool_terms
from app.features.organisation.parameters import parameter
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.entrance import current_project_id
from app.kernel.posts import SITE_CHAIN, Post
from app.kernel.screens.parts import Html
from app.kernel.screens.view import DocumentView, add_document, view_of


def _waiting(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(PoolEntry.state == PoolState.WAITING)


def _good(query: Select[Any], actor: Actor) -> Select[Any]:
    return _waiting(query, actor).where(PoolEntry.grade.in_([Grade.A, Grade.B]))


def _mine(query: Select[Any], actor: Actor) -> Select[Any]:
    return query.where(PoolEntry.taken_by == actor.person_id)


class PoolEntryView(DocumentView):
    """公海."""

    model = PoolEntry
    label = L("公海客户")
    title = L("公海")
    category = L("归属与渠道")
    icon = "users"
    readers = READERS
    exporters = SITE_CHAIN | {Post.SUPERVISOR}
    listed = ("called", "phones_masked", "grade", "wanted_layout", "wanted_total", "source", "last_contact_at", "entered_at", "rule", "state")  # fmt: skip
    many = True
    filters = ("state", "grade", "source", "rule")
    search = ("called",)
    sortable = ("entered_at",)
    chips = (("waiting", L("待领取"), _waiting), ("good", L("待领取的 A/B 级"), _good), ("mine", L("我领取的"), _mine))
    search_hint = L("姓氏")
    empty_hint = L("没有跟进或到访的客户到期自动转到这里，由顾问领取或主管分配。")
    files: ClassVar[bool] = False
    fact_groups = (
        (L("要点"), ("called", "phones_masked", "grade", "source", "wanted_layout", "wanted_area", "wanted_total", "first_at", "last_contact_at",
                    "last_visit_at")),
        (L("在公海"), ("entered_at", "rule", "reason", "returned", "former_id", "left_at", "taken_by")),
    )  # fmt: skip

    def note(self, record: Any, actor: Actor) -> Html:
        """What taking him means; afterwards where he is found."""
        if record.state is PoolState.WAITING:
            most = parameter(db.session(), record.project_id, "pool_claims")
            days = pool_terms(db.session(), record.project_id)[0].protect_days
            return _(
                "领取后可以看到全号和历史记录；每人每天最多领取 %(n)s 位，请在 %(d)s 天内联系客户。", n=most, d=days
            )
        if record.taken_by != actor.person_id:
            return ""
        customers: Any = view_of(Customer)
        return Markup('<a href="{}">{}</a>').format(customers.show_url(record.customer_id), _("打开客户页，开始跟进"))


def soon_in_pool(query: Select[Any], _actor: Actor) -> Select[Any]:
    """Chip of the customers' list: who falls into the 公海 within the days of the warning, by the numbers of the chosen project."""
    project_id = current_project_id()
    if project_id is None:
        return query.where(Customer.id < 0)
    terms, auto = pool_terms(db.session(), project_id)
    return query.where(falling(project_id, falling_soon(terms, now().date())) if auto else Customer.id < 0)


def register(appbuilder: Any) -> None:
    """The screens of the 公海."""
    add_document(appbuilder, PoolEntryView)
