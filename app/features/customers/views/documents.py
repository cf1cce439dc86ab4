"""客户, 来电来访, 跟进记录: lists and pages by declaration; what people do is on the customer's page as steps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from markupsafe import Markup
from sqlalchemy import Select, select

from app.extensions import db
from app.features.customers.choices import CustomerState, Grade
from app.features.customers.consents.views import no_calls_note
from app.features.customers.effects.arrival import REGISTRARS
from app.features.customers.effects.following import lower_grade
from app.features.customers.effects.terms import terms_of
from app.features.customers.models import Contact, Customer, CustomerPhone, FollowUp
from app.features.customers.pool.views import soon_in_pool
from app.features.customers.referrals.views import referral_act
from app.features.customers.rules import overdue_days, person_name
from app.features.customers.views.follow_ups_in import FOLLOW_UPS_IN
from app.features.customers.views.tables_in import CONTACTS_IN, CUSTOMERS_IN
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.chinese import mask_phone
from app.kernel.posts import Post
from app.kernel.privacy import shown_to_owner
from app.kernel.screens.parts import Card, Fact, Html, Link, Table
from app.kernel.screens.related import table_of
from app.kernel.screens.view import DocumentView

CATEGORY = L("客户")
LIVE = (CustomerState.NEW, CustomerState.FOLLOWING, CustomerState.QUEUED)
HEADS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.GENERAL_MANAGER})
EXPORTERS = HEADS | {Post.CLERK}


def _due_today(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Customer.follow_due_on == now().date())


def _overdue(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Customer.follow_due_on < now().date())


def _intending(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Customer.grade.in_([Grade.A, Grade.B]), Customer.state.in_(LIVE))


def _losing_protection(query: Select[Any], _actor: Actor) -> Select[Any]:
    today = now().date()
    return query.where(Customer.protected_until.between(today, today + timedelta(days=7)))


def _unprotected_tomorrow(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Customer.protected_until == now().date() + timedelta(days=1))


class CustomerView(DocumentView):
    """客户列表: found by name, pinyin, whole phone or its last four digits."""

    model = Customer
    label = L("客户")
    title = L("客户列表")
    category = CATEGORY
    icon = "users"
    editors = frozenset({Post.CONSULTANT, Post.SUPERVISOR})
    exporters = EXPORTERS
    editable_states = (
        CustomerState.NEW,
        CustomerState.FOLLOWING,
        CustomerState.QUEUED,
        CustomerState.RESERVED,
        CustomerState.SIGNED,
    )
    listed = (
        "name", "phones_masked", "grade", "wanted_layout", "source", "owner_id", "state", "last_contact_at", "follow_due_on",
        "protected_until",
    )  # fmt: skip
    many = True
    filters = ("grade", "state", "source", "owner_id")
    more_filters = (
        "first_at", "purpose", "age_band", "register", "wanted_layout", "wanted_area", "wanted_total", "home_area", "lost_reason",
        "lost_at", "first_kind", "last_visit_at", "queued_at", "reserved_at", "signed_at",
    )  # fmt: skip
    search = ("name",)
    sortable = ("last_contact_at", "follow_due_on", "protected_until", "first_at")
    search_hint = L("姓名、拼音、手机全号或尾号 4 位")
    importable = CUSTOMERS_IN
    logs_reading = True  # «whose data did he read» (04 S12)
    empty_hint = L("客户来了先点「登记来访」，几秒钟就能记下来")
    chips = (
        ("today", L("今日应跟进"), _due_today),
        ("late", L("跟进逾期"), _overdue),
        ("ab", L("A/B 级意向"), _intending),
        ("tomorrow", L("明日掉保护"), _unprotected_tomorrow),
        ("protect", L("7 天内掉保护"), _losing_protection),
        ("pool", L("将转公海"), soon_in_pool),
    )
    form = (
        "name", "gender", "kind", "age_band", "birthday", "register", "occupation", "marital", "family", "housing", "home_area", "work_area",
        "referrer", "purpose", "purchase_count", "homes_owned", "wanted_layout", "wanted_area", "wanted_total", "down_payment",
        "concerns", "resistance", "eligibility", "eligibility_on", "eligibility_until", "wechat", "mail_address",
    )  # fmt: skip
    fact_groups = (
        (L("要点"), ("name", "gender", "grade", "owner_id", "owner_since", "owner_share", "first_at", "source", "source_detail",
                    "last_contact_at", "visits", "follow_due_on", "protected_until", "queued_at", "reserved_at", "signed_at",
                    "lost_reason", "lost_to")),
        (L("需求"), ("purpose", "wanted_layout", "wanted_area", "wanted_total", "down_payment", "purchase_count", "homes_owned",
                    "concerns", "resistance", "eligibility", "eligibility_on", "eligibility_until")),
        (L("个人资料"), ("kind", "age_band", "birthday", "register", "occupation", "marital", "family", "housing", "home_area",
                      "work_area", "referrer", "wechat", "id_kind", "id_number", "id_address", "mail_address", "consent_version",
                      "consent_at", "no_calls_at")),
    )  # fmt: skip

    def check(self, record: Any, actor: Actor) -> None:
        """«王先生» at the door has a whole name later on; it is kept as the reception page keeps it."""
        record.name = person_name(record.name or "")

    def list_acts(self, actor: Actor, query_text: str = "") -> list[Link]:
        """Customers are made by 登记来访, never by an empty form."""
        acts = super().list_acts(actor, query_text)
        if actor.holds(REGISTRARS):
            acts.append(Link(_("登记来访"), "/reception/", tone="primary", icon="plus"))
        return acts

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """Who brought him, when he says that somebody did."""
        return referral_act(record, actor)

    def note(self, record: Any, actor: Actor) -> Html:
        """Overdue follow-up, and the lower grade that a long silence suggests (02 §2.5.3)."""
        if record.no_calls_at is not None or record.state not in LIVE:
            return no_calls_note(record)
        today, last = now().date(), record.last_contact_at.date()
        late = overdue_days(record.follow_due_on, today)
        lower = lower_grade(record, today, terms_of(db.session(), record.project_id))
        said = [_("跟进已逾期 %(n)s 天。", n=late)] if late else []
        if lower is not None:
            silent = (today - last).days
            said.append(
                _(
                    "已有 %(n)s 天没有有效联系，建议降为 %(grade)s 级：可「采纳降级」，或写明原因「维持等级」。",
                    n=silent,
                    grade=lower.label,
                )
            )
        return "".join(said)


class ContactView(DocumentView):
    """来电来访: written by the reception page or on the customer's page."""

    model = Contact
    label = L("来电来访")
    category = CATEGORY
    icon = "phone"
    exporters = EXPORTERS
    listed = (
        "at",
        "kind",
        "customer",
        "called",
        "receiver_id",
        "source",
        "people",
        "outcome",
        "next_follow_on",
        "entered_late",
    )
    many = True
    filters = ("kind", "source", "outcome", "receiver_id", "entered_late")
    more_filters = ("at", "home_area")
    search = ("called", "customer.name")
    sortable = ("at",)
    order = ("-at",)  # what is entered late or comes from a table stands on its own day
    search_hint = L("客户姓名或称呼")
    importable = CONTACTS_IN

    def list_acts(self, actor: Actor, query_text: str = "") -> list[Link]:
        """The reception page is the way in."""
        acts = super().list_acts(actor, query_text)
        if actor.holds(REGISTRARS):
            acts.append(Link(_("登记来访"), "/reception/", tone="primary", icon="plus"))
        return acts


class FollowUpView(DocumentView):
    """跟进记录: written on the customer's page."""

    model = FollowUp
    label = L("跟进记录")
    category = CATEGORY
    icon = "comment"
    exporters = EXPORTERS
    listed = ("at", "customer", "method", "result", "content", "valid", "grade_after", "next_on", "by_id")
    many = True
    filters = ("method", "result", "valid", "by_id")
    search = ("customer.name", "content")
    sortable = ("at",)
    order = ("-at",)  # old ones from a table stand on their own day
    search_hint = L("客户姓名、内容")
    importable = FOLLOW_UPS_IN


class CustomerPhoneView(DocumentView):
    """The numbers of customers have no list of their own; the view lends them labels and rights."""

    model = CustomerPhone
    label = L("客户电话")
    files: ClassVar[bool] = False


def phone_card(customer: Customer, actor: Actor) -> Card | None:
    """The numbers on the customer's page: in full for his owner, who taps to call; masked for everybody else (02 §2.1.7)."""
    if not customer.live_phones:
        return None
    return Card(_("电话"), "facts", facts=tuple(_phone(one, actor) for one in customer.live_phones), lead=True)


def _phone(phone: CustomerPhone, actor: Actor) -> Fact:
    number = shown_to_owner(db.session, actor, phone, "number")
    if number is None:
        return Fact(phone.belongs_to, mask_phone(phone.number), reveal_url=f"/reveal/customer_phone/{phone.id}/number")
    return Fact(phone.belongs_to, Markup('<a href="tel:{0}">{0}</a>').format(number))


def _rows_of(model: type[Any], names: tuple[str, ...], order: Any) -> Any:
    """A tab: the newest rows of a model for the customer, as its own list shows them."""

    def load(customer: Customer, actor: Actor) -> Table:
        query = select(model).where(model.customer_id == customer.id).order_by(order.desc()).limit(50)
        return table_of(model, names, list(db.session.scalars(query)), actor)

    return load


contacts_tab = _rows_of(Contact, ("at", "kind", "receiver_id", "source", "outcome", "needs"), Contact.at)
follow_ups_tab = _rows_of(FollowUp, ("at", "method", "result", "content", "grade_after", "by_id"), FollowUp.at)
