"""How are 渠道公司 and 渠道报备 shown?"""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, select

from app.extensions import db
from app.features.customers.channels.choices import ChannelState, ReportState, Verdict
from app.features.customers.channels.effects import fill_report, tell_of_report
from app.features.customers.channels.models import MAKERS, READERS, ChannelCompany, ChannelReport
from app.features.customers.channels.prints import declare_papers
from app.features.customers.channels.reports_in import COMPANIES_IN, REPORTS_IN
from app.features.customers.models import Customer
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.gathering import Asking, counted, how_many
from app.kernel.posts import SITE_CHAIN, Post
from app.kernel.screens.home_page import FeedItem
from app.kernel.screens.parts import Html, Table
from app.kernel.screens.related import table_of
from app.kernel.screens.view import DocumentView, add_document

S = ReportState
HEADS = SITE_CHAIN | {Post.SUPERVISOR}


class ChannelCompanyView(DocumentView):
    """渠道公司."""

    model = ChannelCompany
    label = L("渠道公司")
    category = L("归属与渠道")
    icon = "building"
    readers = READERS
    creators = frozenset({Post.CHANNEL_OFFICER, Post.SUPERVISOR, Post.SALES_ADMIN})
    exporters = HEADS
    editable_states = (ChannelState.ACTIVE,)
    listed = ("name", "contact", "contract_no", "until", "commission_terms", "state")
    filters = ("state",)
    search = ("name", "contact")
    importable = COMPANIES_IN
    form = ("name", "contact", "phone", "contract_no", "until", "commission_terms")
    search_hint = L("公司、联系人")


def _pending(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(ChannelReport.state == S.PENDING)


def _expected(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(ChannelReport.state == S.VALID, ChannelReport.valid_until >= now().date())


def _clashing(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(ChannelReport.proposal == Verdict.OTHER_CHANNEL)


def _unpaid(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(ChannelReport.state == S.SIGNED)


class ChannelReportView(DocumentView):
    """渠道报备."""

    model = ChannelReport
    label = L("渠道报备")
    category = L("归属与渠道")
    icon = "mega"
    readers = READERS
    creators = MAKERS
    editors = frozenset()
    exporters = HEADS
    listed = ("number", "channel", "broker", "called", "phone", "reported_at", "proposal", "valid_until", "protected_until", "partner_id", "state")  # fmt: skip
    many = True
    filters = ("state", "channel_id", "proposal")
    search = ("number", "broker", "called", "channel.name")
    sortable = ("reported_at",)
    order = ("-reported_at",)
    importable = REPORTS_IN
    chips = (
        ("pending", L("待判"), _pending), ("expected", L("等待带看"), _expected), ("clash", L("渠道撞单"), _clashing),
        ("unpaid", L("待结佣"), _unpaid),
    )  # fmt: skip
    search_hint = L("编号、渠道、经纪人、客户姓氏")
    empty_hint = L("渠道报备客户后在这里登记，销售主管判定有效后带看。")
    form = ("channel_id", "broker", "broker_phone", "called", "phone", "reported_at", "expected_at", "remark")
    pick_filters: ClassVar[dict[str, Any]] = {
        "channel_id": lambda query: query.where(ChannelCompany.state == ChannelState.ACTIVE)
    }
    deadlines: ClassVar[dict[str, Any]] = {"valid_until": lambda report: report.state is S.VALID}
    fact_groups = (
        (L("要点"), ("channel", "broker", "broker_phone", "called", "phone", "reported_at", "expected_at", "owner_id", "remark")),
        (L("判定"), ("proposal", "proposal_why", "verdict", "judged_by", "judged_at", "judged_why", "valid_until")),
        (L("带看和成交"), ("visited_at", "partner_id", "customer", "protected_until", "reserved_on", "signed_on", "commission", "paid_on")),
    )  # fmt: skip

    def check(self, record: Any, actor: Actor) -> None:
        """Look the customer up; number and proposal are the system's."""
        if record.id is None:
            fill_report(db.session(), actor, record)

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """Who judges hears of it."""
        if new:
            tell_of_report(db.session(), record)

    def may_delete(self, record: Any, actor: Actor) -> bool:
        """Numbered from the first moment: 「作失效」 instead."""
        return False

    def note(self, record: Any, actor: Actor) -> Html:
        """Until when, and what a supervisor sees at once."""
        if record.state is S.VALID:
            return _("请在 %(day)s 前带看；到访须晚于报备时间加规定的分钟数。", day=record.valid_until)
        if record.state is S.PENDING:
            return _("系统建议「%(said)s」：%(why)s", said=_(record.proposal.label), why=record.proposal_why)
        return ""


def reports_tab(customer: Customer, actor: Actor) -> Table:
    """The reports by which a customer came."""
    query = select(ChannelReport).where(ChannelReport.customer_id == customer.id).order_by(ChannelReport.id.desc())
    return table_of(
        ChannelReport, ("number", "channel", "broker", "visited_at", "protected_until", "state"), list(db.session.scalars(query)), actor
    )  # fmt: skip


def report_reminders(actor: Actor) -> Asking[list[FeedItem]]:
    """What a supervisor has to judge, whom the others may bring."""
    if not actor.holds(MAKERS):
        return []
    ids = select(ChannelReport.id)
    (pending,), (expected,) = yield [
        how_many(ids.where(ChannelReport.state == S.PENDING)),
        how_many(ids.where(ChannelReport.state == S.VALID, ChannelReport.valid_until == now().date())),
    ]
    lines, url = [], "/channel-report/list/?chip="
    if pending and actor.holds({Post.SUPERVISOR}):
        lines.append(FeedItem(_("%(n)s 份渠道报备待判", n=counted(pending)), url + "pending", icon="users"))
    if expected:
        lines.append(FeedItem(_("%(n)s 份渠道报备今天到期", n=counted(expected)), url + "expected", icon="users"))
    return lines


def register(appbuilder: Any) -> None:
    """Screens, papers, the tab of the customer, home lines."""
    from app.kernel import registries

    add_document(appbuilder, ChannelReportView)
    add_document(appbuilder, ChannelCompanyView)
    declare_papers()
    registries.add_tab(Customer, "channel", "渠道", reports_tab, READERS)
    registries.add_reminder(report_reminders)
