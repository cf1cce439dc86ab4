"""Making a 置业计划, and what ends it: a new price, its last day (02 §2.3.1, §2.3.4, §2.3.5)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.customers.models import Customer
from app.features.customers.quotes.models import Quote, QuoteState
from app.features.customers.registry import follows_owner
from app.features.organisation.models import Project
from app.features.organisation.parameters import parameter
from app.features.pricing.effects import (
    ATTACHABLE,
    SellingTerms,
    plan_terms,
    priced_under,
    public_discounts,
    scheme_kind,
    terms_now,
    when_prices_changed,
)
from app.features.pricing.models import PaymentScheme, PricedLine
from app.features.pricing.rules import (
    Anchor,
    LinePart,
    Loan,
    Payer,
    PlanRow,
    RowKind,
    Scheme,
    combined_payment,
    level_payment,
    payment_plan,
    split_plan,
)
from app.features.units.models import Unit, UnitState
from app.kernel.actors import SYSTEM, Actor
from app.kernel.base import now
from app.kernel.errors import NotFound, RuleError
from app.kernel.jobs import every
from app.kernel.numbering import next_number
from app.kernel.posts import Post
from app.kernel.transactions import write
from app.kernel.workflow import as_step, fire

MAKERS = frozenset({Post.CONSULTANT, Post.SUPERVISOR})
QUOTABLE = frozenset({UnitState.FREE, UnitState.LOCK, UnitState.BOOK})
WITH_LOAN = (Scheme.MORTGAGE, Scheme.COMBINED)
LONGEST = 30
LINES = {line.value: line for line in PricedLine}
SIX = Decimal("0.000001")

follows_owner(Quote)


@dataclass(frozen=True)
class Wish:
    """What the consultant chose; amounts in yuan, rates per year as fractions. discount_ids None = all public discounts."""

    customer_id: int
    unit_id: int
    scheme_id: int
    discount_ids: Collection[int] | None = None
    loan_amount: Decimal | None = None
    fund_amount: Decimal | None = None
    loan_years: int | None = None
    fund_years: int | None = None
    loan_rate: Decimal | None = None
    fund_rate: Decimal | None = None
    place_ids: Collection[int] = ()  # 车位 and 储藏间 beside the home; what belongs to the home comes by itself


def make_quote(session: Any, actor: Actor, wish: Wish) -> Quote:
    """Compute and store a 置业计划 for a customer of the actor; it belongs to the customer's owner.

    Raises NotFound for a foreign customer or unit, RuleError for a unit that is not on sale, a loan that does not fit, and as
    pricing.effects.quote does.
    """

    def work() -> Quote:
        customer = session.scalars(select(Customer).where(Customer.id == wish.customer_id)).first()
        unit = session.scalars(select(Unit).where(Unit.id == wish.unit_id)).first()
        if customer is None or unit is None or customer.project_id != unit.project_id:
            raise NotFound("customer")
        if not actor.holds(MAKERS, unit.project_id):
            raise NotFound("quote")
        if unit.state not in QUOTABLE or unit.stopped:
            raise RuleError("{unit} 现在暂不可售，请另选房源", field="unit_id", unit=unit.full_name)
        made = _computed(session, wish, unit)
        made.project_id, made.owner_id, made.team_id = customer.project_id, customer.owner_id, customer.team_id
        made.partner_id = customer.partner_id
        code = session.get_one(Project, made.project_id, execution_options={"unscoped": True}).code
        made.number = next_number(session, Quote.__number__, code, now().date())
        made.valid_until = now().date() + timedelta(days=parameter(session, made.project_id, "quote_days"))
        with as_step(session):
            session.add(made)
            session.flush()
        return made

    return write(session, work)


def _computed(session: Session, wish: Wish, unit: Unit) -> Quote:
    """The record with its numbers, not yet placed."""
    terms = terms_now(session, unit.project_id, wish.scheme_id, wish.discount_ids)
    price, lines = priced_under(unit, terms), _lines(session, unit, terms, wish.place_ids)
    extras = sum((Decimal(line[3]) for line in lines), Decimal(0))
    of_lists = sum((Decimal(line[2]) for line in lines), Decimal(0))
    list_total, total = price.list_total + of_lists, price.public_total + extras
    scheme, kind = session.get_one(PaymentScheme, wish.scheme_id), scheme_kind(session, wish.scheme_id)
    check_loan(kind, wish)
    rows = payment_plan(
        kind, total, scheme.deposit, terms=plan_terms(session, scheme.id), loan=wish.loan_amount,
        fund_loan=wish.fund_amount or Decimal(0),
    )  # fmt: skip
    return Quote(
        customer_id=wish.customer_id, unit_id=unit.id, scheme_id=scheme.id,
        loan_amount=_loans(rows) or None, fund_amount=wish.fund_amount, loan_years=wish.loan_years, fund_years=wish.fund_years,
        loan_rate=wish.loan_rate, fund_rate=wish.fund_rate,
        discounts_text=_discount_words(session, unit, wish.discount_ids),
        list_total=list_total, public_total=total, extras_total=extras, lines=lines,
        unit_price=price.unit_price_of(price.public_total), total_discount=(total / list_total).quantize(SIX, ROUND_HALF_UP), deposit=scheme.deposit, monthly=monthly_payment(wish, rows),
        steps=[[step.label, str(step.change), str(step.total)] for step in price.steps],
        plan_rows=[[r.kind.value, r.payer.value, str(r.amount), r.anchor.value, r.days, r.instalment] for r in rows],
    )  # fmt: skip


def offered_places(session: Session, project_id: int) -> Sequence[Unit]:
    """车位 and 储藏间 that may be quoted beside any home: on sale, with a price, belonging to none."""
    query = select(Unit).where(
        Unit.project_id == project_id, Unit.product.in_(ATTACHABLE), Unit.state == UnitState.FREE, Unit.list_total.is_not(None),
        Unit.stopped.is_(False), Unit.seized.is_(False), Unit.attached_to_id.is_(None),
    )  # fmt: skip
    return session.scalars(query.order_by(Unit.full_name)).all()


def _lines(session: Session, unit: Unit, terms: SellingTerms, place_ids: Collection[int]) -> list[list[str]]:
    """装修款 of the home, what belongs to it, and the chosen places, each P1–P4 of its own (02 §2.3.1)."""
    things: list[tuple[PricedLine, str, Decimal]] = []
    if unit.finish_price and parameter(session, unit.project_id, "finish_with_home"):
        things.append((PricedLine.FINISH, f"装修款 {unit.finish}".strip(), unit.finish_price))
    belonging = select(Unit).where(
        Unit.attached_to_id == unit.id, Unit.product.in_(ATTACHABLE), Unit.state == UnitState.FREE, Unit.list_total.is_not(None)
    )  # fmt: skip
    places = list(session.scalars(belonging.order_by(Unit.full_name)))
    wanted = set(place_ids)
    chosen = [place for place in offered_places(session, unit.project_id) if place.id in wanted and place.id != unit.id]
    if wanted - {place.id for place in (*places, *chosen)}:
        raise RuleError("所选的车位或储藏间现在不能卖，请重新勾选", field="places")
    things += [(ATTACHABLE[one.product], one.full_name, one.list_total) for one in (*places, *chosen) if one.list_total]
    chains = [(kind, name, terms.chain(kind, name, list_total)) for kind, name, list_total in things]
    return [[kind.value, name, str(chain.list_total), str(chain.deal_total)] for kind, name, chain in chains]


def plan_of_quote(paper: Quote) -> list[PlanRow]:
    """The plan with each row shared among the 计价项目 (decision 0040)."""
    rows = [PlanRow(RowKind(k), Payer(p), Decimal(a), Anchor(x), d, i) for k, p, a, x, d, i in paper.plan_rows]
    beside = [LinePart(LINES[kind], name, Decimal(total)) for kind, name, _list, total in paper.lines]
    return split_plan(rows, [LinePart(PricedLine.HOME, "", paper.home_total), *beside])


def check_loan(kind: Scheme, wish: Wish) -> None:
    """Loan fields belong to 付款方式 with a loan, the 公积金 ones to 组合. Raises RuleError naming the field."""
    loan_fields = {"loan_amount": "贷款合计", "loan_years": "贷款年限", "loan_rate": "商贷年利率"}
    fund_fields = {"fund_amount": "其中公积金", "fund_years": "公积金年限", "fund_rate": "公积金年利率"}
    unwanted = {} if kind is Scheme.COMBINED else fund_fields if kind is Scheme.MORTGAGE else loan_fields | fund_fields
    for name, label in unwanted.items():
        if getattr(wish, name) is not None:
            raise RuleError("「{kind}」不用填{label}，请清空", field=name, kind=kind.value, label=label)
    if kind is Scheme.COMBINED and wish.fund_amount is None:
        raise RuleError("请填写公积金贷款金额", field="fund_amount")
    for name, label in (("loan_years", "贷款年限"), ("fund_years", "公积金年限")):
        years = getattr(wish, name)
        if years is not None and not 1 <= years <= LONGEST:
            raise RuleError("{label}应在 1 至 {n} 年之间", field=name, label=label, n=LONGEST)
    for name, label in (("loan_rate", "商贷年利率"), ("fund_rate", "公积金年利率")):
        rate = getattr(wish, name)
        if rate is not None and not 0 <= rate < Decimal("0.25"):
            raise RuleError("{label}请填 3.5% 或 0.035", field=name, label=label)


def _loans(rows: Sequence[PlanRow]) -> Decimal:
    return sum((row.amount for row in rows if row.kind in (RowKind.BANK_LOAN, RowKind.FUND_LOAN)), Decimal(0))


def monthly_payment(wish: Wish, rows: Sequence[PlanRow]) -> Decimal | None:
    """等额本息 of the first month over all loans (02 §2.3.5); None without years or rates: nothing is guessed."""
    bank = sum((row.amount for row in rows if row.kind is RowKind.BANK_LOAN), Decimal(0))
    fund = sum((row.amount for row in rows if row.kind is RowKind.FUND_LOAN), Decimal(0))
    if not bank or wish.loan_years is None or wish.loan_rate is None or (fund and wish.fund_rate is None):
        return None
    months = wish.loan_years * 12
    bank_loan = Loan(bank, wish.loan_rate, months)
    if not fund or wish.fund_rate is None:
        return level_payment(bank_loan)
    fund_months = (wish.fund_years or wish.loan_years) * 12
    return combined_payment(Loan(fund, wish.fund_rate, fund_months), bank_loan, 1)


def _discount_words(session: Session, unit: Unit, ids: Collection[int] | None) -> str:
    offered = public_discounts(session, unit.project_id, now().date())
    return "；".join(d.wording for d in offered if ids is None or d.id in ids)[:500]


@when_prices_changed
def void_quotes(session: Session, unit_ids: Sequence[int]) -> None:
    """A quote names the price of its day: a new price, 付款方式 or 销售方案 ends it."""
    query = select(Quote).where(Quote.unit_id.in_(unit_ids), Quote.state == QuoteState.VALID)
    for paper in session.scalars(query.order_by(Quote.id), execution_options={"unscoped": True}).all():
        fire(session, paper, "price_changed", SYSTEM, internal=True, note="价格或优惠有变动")


@every(seconds=3600, name="quotes")
def expire_quotes(session: Session) -> int:
    """Quotes after their last day; safe to repeat."""
    old = session.scalars(select(Quote).where(Quote.state == QuoteState.VALID, Quote.valid_until < now().date())).all()
    for paper in old:
        fire(session, paper, "expire", SYSTEM, internal=True)
    return len(old)
