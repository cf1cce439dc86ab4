"""费用报销 and 甲方费用: a form with lines that tells what is left of the budget, the claim's page, the lists."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from flask import jsonify, request
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select
from werkzeug.wrappers import Response

from app.extensions import db
from app.features.office.category import CATEGORY
from app.features.office.expenses.books import AGENCY, DEVELOPER, Book
from app.features.office.expenses.effects import lacks_bills
from app.features.office.expenses.kinds import ExpenseState
from app.features.office.expenses.models import AgencyExpense, DeveloperExpense, ExpenseSubject
from app.features.office.expenses.views.budget_words import budget_card, standing_of, words_while_typing
from app.features.organisation.models import team_of_person
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.chinese import parse_date
from app.kernel.errors import NotFound, RuleError
from app.kernel.money import parse_amount
from app.kernel.posts import Post
from app.kernel.screens.lines import Lines
from app.kernel.screens.parts import Link
from app.kernel.screens.view import DocumentView


def in_use(query: Select[Any]) -> Select[Any]:
    """Subjects that are still used, by their path."""
    return query.where(ExpenseSubject.active.is_(True)).order_by(ExpenseSubject.path)


class ClaimView(DocumentView):
    """What both books show alike."""

    book: ClassVar[Book]
    category = CATEGORY
    icon = "wallet"
    listed = ("number", "reason", "amount", "over_mark", "month", "owner_id", "spent_on", "paid_on", "state")
    filters = ("state", "month", "owner_id")
    search = ("number", "reason", "voucher_number")
    sortable = ("month",)
    summed = ("amount",)
    takes_files = L("票据")
    form = ("spent_on", "reason", "payee", "over_reason")
    pick_filters: ClassVar = {"subject_id": in_use}
    fact_groups = (
        (
            L("要点"),
            ("amount", "over_mark", "reason", "over_reason", "spent_on", "month", "owner_id", "team_id", "payee"),
        ),
        (L("付款"), ("paid_on", "pay_method", "voucher_number")),
    )
    search_hint = L("搜单号、事由、凭证号")

    def prepare(self, record: Any, actor: Actor) -> None:
        """A claim is its writer's own."""
        record.owner_id = actor.person_id
        record.team_id = team_of_person(db.session(), actor.person_id, record.project_id, now().date())

    def check(self, record: Any, actor: Actor) -> None:
        """Not spent tomorrow; every line costs something; sum and month follow."""
        if record.spent_on > now().date():
            raise RuleError("发生日期不能晚于今天", field="spent_on")
        for number, line in enumerate(record.lines):
            if line.amount <= 0:
                raise RuleError("第 {n} 行的金额应大于 0", field=f"line-{number}-amount", n=number + 1)
        record.amount = sum((line.amount for line in record.lines), Decimal(0))
        record.month = f"{record.spent_on:%Y-%m}"

    def due(self, record: Any, actor: Actor) -> Link | None:
        """The bills come before «提交审批»."""
        if (
            record.state is not ExpenseState.DRAFT
            or not self._own(record, actor)
            or not lacks_bills(db.session(), record)
        ):
            return None
        return Link(_("上传票据"), f"/files/{record.__tablename__}/{record.id}", icon="upload")

    def _own(self, record: Any, actor: Actor) -> bool:
        """Nobody writes in another's claim."""
        return bool(record.created_by == actor.person_id)

    def step_side(self, record: Any) -> list[Any]:
        """Whoever decides sees lines and budget."""
        return [*super().step_side(record), budget_card(db.session(), record)]

    @expose("/budget")
    @has_access
    @permission_name("add")
    def budget(self) -> Response:
        """What is left for the lines as typed so far: {"lines": […], "tone": "warn" | ""}; unfinished input is no error."""
        project_id = self.current_project()
        if project_id is None:
            raise NotFound("project")
        found = standing_of(db.session(), self.book, project_id, _month(), _typed_lines(self.lines.most))
        return jsonify(lines=words_while_typing(found), tone="warn" if found.over else "")


def _month() -> str:
    try:
        day = parse_date(request.args.get("spent_on", ""))
    except RuleError:
        day = None
    return f"{day or now().date():%Y-%m}"


def _typed_lines(most: int) -> list[tuple[int, Decimal]]:
    """Rows with a subject and a readable amount."""
    lines = []
    for number in range(most):
        subject, text = request.args.get(f"line-{number}-subject_id", ""), request.args.get(f"line-{number}-amount", "")
        if not subject.isascii() or not subject.isdigit() or len(subject) > 9 or not text.strip():
            continue
        try:
            lines.append((int(subject), parse_amount(text)))
        except RuleError:
            continue  # half a number, still being typed
    return lines


def _mine(model: type[Any]) -> Any:
    return lambda query, actor: query.where(model.created_by == actor.person_id)


def _in(model: type[Any], state: ExpenseState) -> Any:
    return lambda query, _actor: query.where(model.state == state)


def _over(model: type[Any]) -> Any:
    return lambda query, _actor: query.where(model.over_amount > 0)


def _chips(model: type[Any]) -> tuple[tuple[str, Any, Any], ...]:
    return (
        ("mine", L("我的"), _mine(model)),
        ("topay", L("待付款"), _in(model, ExpenseState.APPROVED)),
        ("over", L("超预算"), _over(model)),
    )


class AgencyExpenseView(ClaimView):
    """费用报销: borne by the agency (07: creator, chain, FIN-A, HQ)."""

    model = AgencyExpense
    book = AGENCY
    label = title = L("费用报销")
    creators = AGENCY.claimers
    exporters = frozenset(
        {
            Post.CLERK, Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.GENERAL_MANAGER,
            Post.FINANCE,
        }
    )  # fmt: skip
    lines = Lines("lines", ("subject_id", "purpose", "amount"), L("费用明细"), live="/agency-expense/budget")
    chips = _chips(AgencyExpense)
    empty_hint = L("填明细时会提示预算还剩多少；票据拍照上传后提交审批。")


class DeveloperExpenseView(ClaimView):
    """甲方费用: borne by the developer (07: creator, chain, JFM, FIN-D)."""

    model = DeveloperExpense
    book = DEVELOPER
    label = title = L("甲方费用")
    creators = DEVELOPER.claimers
    exporters = frozenset(
        {Post.SUPERVISOR, Post.SITE_MANAGER, Post.DEVELOPER_MARKETING, Post.DEVELOPER_FINANCE, Post.DEVELOPER_LEAD}
    )
    lines = Lines("lines", ("subject_id", "purpose", "amount"), L("费用明细"), live="/developer-expense/budget")
    chips = _chips(DeveloperExpense)
    empty_hint = L("由甲方承担的费用：案场经理、甲方营销策划部、甲方负责人依次审批，甲方财务付款。")


def card_of(claim: Any, _actor: Actor) -> Any:
    """The card 预算 beside the facts, as long as the claim is alive."""
    dead = claim.state in (ExpenseState.VOID, ExpenseState.REFUSED)
    return None if dead else budget_card(db.session(), claim)
