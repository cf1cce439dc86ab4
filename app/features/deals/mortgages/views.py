"""按揭: the loans on their way, what is missing, how long each step takes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased, selectinload

from app.extensions import db
from app.features.archive.checklists import check_rows
from app.features.deals.changes.effects import running_change
from app.features.deals.changes.effects.steps import ENDS_ORDER
from app.features.deals.changes.models import ChangeKind
from app.features.deals.changes.offers import change_link
from app.features.deals.mortgages.catching_up import FACTS
from app.features.deals.mortgages.effects import FUND_OF, file_papers, problems_of
from app.features.deals.mortgages.ledger_in import LEDGER_IN
from app.features.deals.mortgages.models import (
    BEFORE_RELEASE,
    ON_THE_WAY,
    Mortgage,
    MortgagePaper,
    MortgageState,
)
from app.features.deals.mortgages.opening import (
    awaits_money,
    compute,
    follow_order,
    monthly_sum,
    planned_loans,
    share_means,
)
from app.features.deals.mortgages.rules import dated_moves, days_of_steps
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.organisation.parameters import parameter
from app.features.payments.models import Method
from app.features.pricing.models import PaymentScheme, SchemeKind
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import NotFound, RuleError
from app.kernel.money import format_amount
from app.kernel.posts import Post
from app.kernel.screens.lines import Lines
from app.kernel.screens.parts import CalcLine, Card, Cell, Column, Html, Link, Row, Table
from app.kernel.screens.view import DocumentView
from app.kernel.words import shown
from app.kernel.workflow import history

S = MortgageState
CASHIERS = frozenset({Post.CLERK, Post.DEVELOPER_FINANCE})
EXPORTERS = frozenset(
    {
        Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.GENERAL_MANAGER, Post.CLERK,
        Post.CONTRACT_OFFICER, Post.DEVELOPER_FINANCE,
    }
)  # fmt: skip


def lacking(query: Select[Any], _actor: Actor) -> Select[Any]:
    """Papers are still asked for."""
    missing = exists().where(MortgagePaper.mortgage_id == Mortgage.id, MortgagePaper.received_on.is_(None))
    return query.where(Mortgage.state.in_((S.PRECHECK, S.COLLECTING, S.SUPPLEMENT)), missing)


def late_papers(query: Select[Any], _actor: Actor) -> Select[Any]:
    """齐件 is overdue."""
    return query.where(Mortgage.state.in_((S.PRECHECK, S.COLLECTING)), Mortgage.papers_due_on < now().date())


def late_money(query: Select[Any], _actor: Actor) -> Select[Any]:
    """放款 is overdue."""
    return query.where(Mortgage.state.in_(BEFORE_RELEASE), Mortgage.release_due_on < now().date())


def _slow(query: Select[Any], actor: Actor) -> Select[Any]:
    """One step takes longer than the parameter says."""
    days = parameter(db.session(), min(actor.projects, default=None), "mortgage_step_days")
    return query.where(Mortgage.state.in_(ON_THE_WAY), Mortgage.step_since < now().date() - timedelta(days=days))


def refused(query: Select[Any], _actor: Actor) -> Select[Any]:
    """Nobody lends, though the order is still to be paid by a loan: the payment has to change, or another lender be found."""
    other = aliased(Mortgage)
    again = exists().where(
        other.reservation_id == Mortgage.reservation_id,
        other.kind == Mortgage.kind,
        other.state.not_in((S.REFUSED, S.VOID)),
    )
    lent = (SchemeKind.MORTGAGE, SchemeKind.COMBINED)
    still = exists().where(
        Reservation.id == Mortgage.reservation_id, Reservation.closed_at.is_(None), PaymentScheme.id == Reservation.scheme_id,
        PaymentScheme.kind.in_(lent),
    )  # fmt: skip
    return query.where(Mortgage.state == S.REFUSED, still, ~again)


class MortgageView(DocumentView):
    """按揭 (02 §2.2.2): one paper a lender."""

    model = Mortgage
    label = L("按揭")
    category = L("签约按揭")
    icon = "coin"
    creators = frozenset({Post.CONTRACT_OFFICER})
    exporters = EXPORTERS
    editable_states = (S.PRECHECK, S.COLLECTING, S.SUPPLEMENT)
    listed = (
        "number", "unit", "customer_name", "kind", "amount", "granted", "state", "days_here", "papers_due_on", "release_due_on", "lacks", "refused_on",
        "owner_id",
    )  # fmt: skip
    filters = ("state", "kind", "lender", "owner_id")
    search = ("number", "unit.full_name", "customer_name", "lender")
    sortable = ("papers_due_on", "release_due_on", "refused_on")
    summed = ("amount", "granted")
    chips = (
        ("lacking", L("缺资料"), lacking), ("late-papers", L("齐件逾期"), late_papers), ("late-money", L("放款逾期"), late_money),
        ("slow", L("本步超时"), _slow), ("refused", L("拒贷"), refused),
    )  # fmt: skip
    deadlines: ClassVar = {
        "papers_due_on": lambda one: one.state in (S.PRECHECK, S.COLLECTING),
        "release_due_on": lambda one: one.state in BEFORE_RELEASE,
    }
    importable = LEDGER_IN
    search_hint = L("按揭号、房号、客户姓名、银行")
    empty_hint = L("签约时按付款计划自动生成；认购后要先预审的，在这里新增。")
    form = (
        "reservation_id", "kind", "lender", "contact", "amount", "years", "yearly_rate", "repayment", "age", "monthly_income", "note",
    )  # fmt: skip
    loads = (selectinload(Mortgage.papers),)
    lines = Lines("papers", ("name", "copies", "received_on", "note"), L("资料清单"), least=0)
    pick_filters: ClassVar = {
        "reservation_id": lambda query: query.where(
            Reservation.state.in_((ReservationState.EFFECTIVE, ReservationState.SIGNED))
        )
    }
    fact_groups = (
        (L("要点"), ("reservation", "unit", "customer_name", "owner_id", "kind", "lender", "contact", "total", "amount", "granted", "years",
                    "yearly_rate", "repayment", "age", "monthly_income", "monthly_payment", "exception", "note")),
        (L("办理事实"), ("signed_on", "papers_due_on", "release_due_on", "complete_on", "interviewed_on", "submitted_on", "supplement",
                      "granted_on", "noted_on", "lien_noted_on", "released_on", "registered_on", "registered_no", "refused_on", "refused_why")),
    )  # fmt: skip

    def preset(self, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
        """From an order: the first lender of its plan that has no paper yet."""
        order = _order(given.get("reservation_id"))
        if order is None:
            return given
        for kind, amount in planned_loans(db.session(), order).items():
            known = select(Mortgage.id).where(Mortgage.reservation_id == order.id, Mortgage.kind == kind)
            if db.session.scalar(known.where(Mortgage.state.not_in((S.REFUSED, S.VOID))).limit(1)) is None:
                return {
                    "kind": kind,
                    "amount": amount,
                    "lender": order.loan_bank,
                    "years": order.loan_years or 30,
                } | given
        return given

    def check(self, record: Any, actor: Actor) -> None:
        """The order lends of this kind, and not more than its plan says; 月供 and list are computed anew."""
        order = _order(record.reservation_id)
        if order is None:
            raise NotFound("reservation")
        planned = planned_loans(db.session(), order).get(record.kind)
        if planned is None:
            raise RuleError("认购书 {no} 的付款计划没有{kind}", field="kind", no=order, kind=record.kind.label)
        if record.amount > planned:
            raise RuleError("申请金额不能超过付款计划里的 {planned} 元", field="amount", planned=format_amount(planned))
        if record.age is not None and not 18 <= record.age <= 100:
            raise RuleError("借款人年龄应在 18 至 100 岁之间", field="age")
        follow_order(db.session(), record, order)
        compute(record)
        check_rows(record.papers, now().date())

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """Papers that came in are awaited on file."""
        file_papers(db.session(), actor, record)
        share_means(db.session(), record)

    def due(self, record: Any, actor: Actor) -> Link | None:
        """Papers come in one by one; only when none is missing the next step makes sense."""
        waits = record.state in (S.COLLECTING, S.SUPPLEMENT) and record.missing and self.may_edit(record, actor)
        return Link(_("登记收到的资料"), self.edit_url(record.id), icon="edit") if waits else None

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """A refused loan leads to another payment; another lender is another paper."""
        if record.state is not S.REFUSED:
            return self._receipt(record, actor)
        order = _order(record.reservation_id)
        acts = change_link(db.session(), order, actor, ChangeKind.PAYMENT, label=_("变更付款方式"))
        if order is not None and actor.holds(self.creators, record.project_id) and _may_try_again(record, order):
            acts.append(Link(_("换一家银行"), f"/mortgage/add?reservation_id={record.reservation_id}", icon="plus"))
        return acts

    def _receipt(self, record: Any, actor: Actor) -> list[Link]:
        """The lender has paid: his money is entered as his, not as the buyer's."""
        account = awaits_money(db.session(), record)
        if account is None or not actor.holds(CASHIERS, record.project_id):
            return []
        given = {
            "account_id": account.id, "kind": FUND_OF[record.kind].value, "amount": str(record.granted or record.amount),
            "method": Method.BANK_LOAN.value, "payer_name": record.lender, "paid_on": record.released_on or "",
        }  # fmt: skip
        return [Link(_("登记收款"), f"/receipt/add?{urlencode(given)}", icon="coin")]

    def note(self, record: Any, actor: Actor) -> Html:
        """What is missing, what speaks against it, what comes next."""
        if record.state is S.PRECHECK:
            found = problems_of(db.session(), record)
            return " ".join(shown(str(one)) for one in found)
        if record.state in (S.COLLECTING, S.SUPPLEMENT) and record.missing:
            return _("还缺：%(names)s。", names=record.missing)
        if record.state is S.REFUSED:
            return _refusal_note(record)
        return ""


def _may_try_again(mortgage: Mortgage, order: Reservation) -> bool:
    """Another lender may be asked: the order runs on, its plan still has such a loan, and nobody else was asked yet."""
    running = running_change(db.session(), order.id)
    if order.closed_at is not None or (running is not None and running.kind in ENDS_ORDER | {ChangeKind.PAYMENT}):
        return False
    other = select(Mortgage.id).where(
        Mortgage.reservation_id == order.id, Mortgage.kind == mortgage.kind, Mortgage.state.not_in((S.REFUSED, S.VOID))
    )
    asked = db.session.scalar(other.limit(1)) is not None
    return not asked and mortgage.kind in planned_loans(db.session(), order)


def _refusal_note(mortgage: Mortgage) -> str:
    """Why, and what comes next, if anything still does."""
    text = _("银行拒贷：%(why)s。", why=mortgage.refused_why)
    order = _order(mortgage.reservation_id)
    if order is None or order.closed_at is not None or mortgage.kind not in planned_loans(db.session(), order):
        return text
    running = running_change(db.session(), order.id)
    if running is None:
        return text + _("请变更付款方式，或换一家银行重新申请。")
    return text + _("正在办理%(what)s，办完以前不能另外变更。", what=shown(running.kind.label))


def _order(reservation_id: Any) -> Reservation | None:
    key = str(reservation_id or "")
    if not key.isascii() or not key.isdigit() or len(key) > 9:
        return None
    return db.session.scalars(select(Reservation).where(Reservation.id == int(key))).first()


def payment_card(mortgage: Mortgage, _actor: Actor) -> Card:
    """月供 beside the paper, and what the lender gives less."""
    lines = [CalcLine(_("申请金额"), f"{mortgage.amount:,.2f}")]
    if mortgage.granted is not None:
        lines.append(CalcLine(_("批贷金额"), f"{mortgage.granted:,.2f}"))
        if mortgage.granted < mortgage.amount:
            lines.append(CalcLine(_("客户补首付"), f"{mortgage.amount - mortgage.granted:,.2f}", "sum"))
    together = monthly_sum(db.session(), mortgage)
    if together != mortgage.monthly_payment:
        lines.append(CalcLine(_("两笔贷款月供合计"), f"{together:,.2f}"))
    first = _("首月还款") if mortgage.repayment is type(mortgage.repayment).FALLING else _("月供")
    rate = (mortgage.yearly_rate * Decimal(100)).normalize()
    return Card(
        first, "calc", total=f"{mortgage.monthly_payment:,.2f}", total_unit=_("元"), lines=tuple(lines),
        foot=_("%(years)s 年，年利率 %(rate)s%%，%(how)s。以银行审批为准。", years=mortgage.years, rate=f"{rate:f}",
               how=mortgage.repayment.label),
    )  # fmt: skip


def days_card(mortgage: Mortgage, _actor: Actor) -> Card:
    """How many days each step took; the longest way to the money is seen at once."""
    moves = [(S.PRECHECK, mortgage.created_at.date())] + [
        (S(change.after), change.at.date())  # type: ignore[call-arg]
        for change in history(db.session(), mortgage) if change.after != change.before
    ]  # fmt: skip
    facts = {state: getattr(mortgage, name) for name, state in FACTS.items()} | {S.REFUSED: mortgage.refused_on}
    stays = days_of_steps(dated_moves(moves, facts), now().date() if mortgage.state in ON_THE_WAY else None)
    columns = (
        Column("step", _("步骤"), phone="hd"),
        Column("since", _("开始")),
        Column("days", _("天数"), numeric=True),
    )
    rows = tuple(
        Row(str(i), "", word, (Cell(_(word)), Cell(since.isoformat()), Cell(str(days), numeric=True)))
        for i, (word, since, days) in enumerate(stays)
    )
    return Card(_("各步用时"), "table", table=Table(columns, rows, empty=_("还没有记录")))
