"""费用科目 and the budgets of both books."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.extensions import db
from app.features.office.category import CATEGORY
from app.features.office.expenses.books import AGENCY, DEVELOPER, book_of
from app.features.office.expenses.effects import paths, repath, standing
from app.features.office.expenses.models import AgencyBudget, DeveloperBudget, ExpenseSubject
from app.features.office.expenses.rules import parse_period, require_fits_tree
from app.features.office.expenses.tables_in import BUDGETS_IN
from app.features.office.expenses.views.claims import in_use
from app.kernel.actors import Actor
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.posts import AGENCY_POSTS, Post
from app.kernel.screens.parts import Card, Fact
from app.kernel.screens.view import DocumentView


class ExpenseSubjectView(DocumentView):
    """费用科目: the tree of a project, for both books."""

    model = ExpenseSubject
    label = title = L("费用科目")
    category = CATEGORY
    icon = "grid"
    readers = AGENCY_POSTS | {Post.DEVELOPER_MARKETING, Post.DEVELOPER_FINANCE, Post.DEVELOPER_LEAD, Post.AUDITOR}
    creators = frozenset({Post.FINANCE, Post.SALES_ADMIN, Post.SITE_MANAGER})
    listed = ("path", "active", "updated_at")
    filters = ("active",)
    search = ("path",)
    order = ("path",)
    form = ("name", "parent_id", "active")
    facts = ("path", "parent", "active")
    pick_filters: ClassVar = {"parent_id": in_use}
    files = False
    empty_hint = L("先建一级科目（办公费、业务招待费、车辆费 …），再按需要建下级。")

    def check(self, record: Any, actor: Actor) -> None:
        """A tree without circles, with one name once."""
        above = paths(db.session(), record.project_id).get(record.parent_id, ()) if record.parent_id else ()
        require_fits_tree(record.id, above)
        parent = db.session.get(ExpenseSubject, record.parent_id) if record.parent_id else None
        if parent is not None and parent.project_id != record.project_id:
            raise RuleError("没有找到所选的上级科目，请重新选择", field="parent_id")
        record.path = (parent.path + " / " if parent is not None else "") + record.name

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """Those below are named after it."""
        db.session.refresh(record)
        repath(db.session(), record)


class BudgetView(DocumentView):
    """What both books show alike."""

    category = CATEGORY
    icon = "target"
    listed = ("subject", "period", "amount", "note", "updated_at")
    filters = ("period", "subject_id")
    search = ("subject.path", "period", "note")
    sortable = ("period",)
    summed = ("amount",)
    form = ("subject_id", "period", "amount", "note")
    facts = ("subject", "period", "amount", "note")
    pick_filters: ClassVar = {"subject_id": in_use}
    importable = BUDGETS_IN
    files = False

    def check(self, record: Any, actor: Actor) -> None:
        """A readable period and an amount."""
        record.period = parse_period(record.period)
        if record.amount < 0:
            raise RuleError("预算金额不能小于 0", field="amount")
        known = db.session.scalar(select(ExpenseSubject.id).where(
            ExpenseSubject.id == record.subject_id, ExpenseSubject.project_id == record.project_id
        ))  # fmt: skip
        if known is None:
            raise RuleError("没有找到所选的科目，请重新选择", field="subject_id")


class AgencyBudgetView(BudgetView):
    """费用预算 (02 §2.1: FIN-A handles budgets)."""

    model = AgencyBudget
    label = title = L("费用预算")
    readers = AgencyBudget.audience.whole
    creators = AGENCY.budgeters
    exporters = readers - {Post.AUDITOR}
    empty_hint = L("按科目编全年或当月预算，报销时按剩余金额控制。")


class DeveloperBudgetView(BudgetView):
    """甲方费用预算."""

    model = DeveloperBudget
    label = title = L("甲方费用预算")
    readers = DeveloperBudget.audience.whole
    creators = DEVELOPER.budgeters
    exporters = readers - {Post.AUDITOR}
    empty_hint = L("甲方承担的费用按科目编全年或当月预算。")


def use_card(budget: Any, _actor: Actor) -> Card:
    """How much of a budget is taken."""
    known = standing(db.session(), book_of(budget), budget.project_id, _a_month_of(budget.period))
    found = next(b for b in known if (b.subject_id, b.period) == (budget.subject_id, budget.period))
    facts = (
        Fact(_("预算金额"), _("%(n)s 元", n=format_amount(found.amount))),
        Fact(_("已占用"), _("%(n)s 元", n=format_amount(found.taken))),
        Fact(_("剩余"), _("%(n)s 元", n=format_amount(found.left))),
    )
    return Card(_("使用情况"), "facts", facts=facts, note=_("含审批中、待付款、已付款"))


def _a_month_of(period: str) -> str:
    """A month in which the period counts."""
    return period if len(period) == 7 else f"{period}-12"
