"""What must hold of a 付款方式 or a 销售方案 before it is decided, and what follows (02 §2.3.1, §2.3.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.pricing.effects.lines import names_of
from app.features.pricing.effects.listeners import tell_of_changed_prices
from app.features.pricing.effects.price_notices import announce, end_notices
from app.features.pricing.effects.quoting import active_schemes, lowest_public_totals, sales_scheme_on
from app.features.pricing.models import (
    PaymentScheme,
    PricedLine,
    PriceNoticeKind,
    PublicDiscount,
    SalesScheme,
    SchemeState,
)
from app.features.pricing.rules import Discount, payment_plan
from app.features.pricing.rules.readings import below, fields_of_kind, scheme_of, terms_of
from app.features.units.models import SOLD, Unit
from app.kernel.approval.kinds import Need
from app.kernel.errors import RuleError
from app.kernel.rates import TENTHS, rate_words
from app.kernel.workflow import Act, fire

_LABELS = {
    "lump_sum_days": "全款付清期限",
    "loan_share": "贷款比例",
    "loan_step": "贷款取整到",
    "loan_days": "放款期限",
    "instalments": "分期安排",
    "row_step": "每期取整到",
}
_SAMPLE = Decimal(1_000_000)
COPIED = (
    "name", "kind", "discount", "discount_on", "deposit", "lump_sum_days", "loan_share", "loan_step", "loan_days", "instalments", "row_step",
    "condition",
)  # fmt: skip


def check_scheme(paper: PaymentScheme) -> None:
    """The fields of its kind are filled and make a plan, the others are empty. Raises RuleError naming the field."""
    needed = fields_of_kind(paper.kind)
    for name, label in _LABELS.items():
        given = getattr(paper, name) not in (None, "")
        if given and name not in needed:
            raise RuleError("「{kind}」不用填{label}，请清空", field=name, kind=paper.kind.label, label=label)
        if not given and name in needed:
            raise RuleError("「{kind}」请填写{label}", field=name, kind=paper.kind.label, label=label)
    for name in ("lump_sum_days", "loan_days", "deposit"):
        if (getattr(paper, name) or 0) < 0:
            raise RuleError("{label}不能为负数", field=name, label=_LABELS.get(name, "定金"))
    for name in ("loan_step", "row_step"):
        if (value := getattr(paper, name)) is not None and value <= 0:
            raise RuleError("{label}必须大于零", field=name, label=_LABELS[name])
    if paper.loan_share is not None and not 0 < paper.loan_share < 1:
        raise RuleError("贷款比例应在 0 和 1 之间，七成填 0.7", field="loan_share")
    if paper.discount is not None and not 0 < paper.discount <= 1:
        raise RuleError("付款折扣应大于 0 且不超过 1，98 折填 0.98", field="discount")
    terms = terms_of(paper)
    if paper.kind.label != "组合":  # its 公积金 part is given with each quote
        payment_plan(scheme_of(paper), _SAMPLE, Decimal(0), terms=terms)


def check_discount(paper: PublicDiscount, scheme: SalesScheme) -> None:
    """A factor or an amount, in range, with dates in order and inside its 销售方案. Raises RuleError naming the field."""
    if (paper.factor is None) == (paper.amount is None):
        raise RuleError("折扣和优惠金额须填一项，且只填一项", field="factor")
    if paper.factor is not None and not 0 < paper.factor <= 1:
        raise RuleError("折扣应大于 0 且不超过 1，99 折填 0.99", field="factor")
    if paper.amount is not None and paper.amount <= 0:
        raise RuleError("优惠金额必须大于零", field="amount")
    if paper.amount is not None and paper.applies_to is PricedLine.ALL:
        raise RuleError("减金额的优惠要选定房款、装修款、车位或储藏间中的一项", field="applies_to")
    Discount(paper.name, factor=paper.factor, amount=paper.amount)
    if paper.valid_from and paper.valid_until and paper.valid_until < paper.valid_from:
        raise RuleError("截止日期早于起用日期", field="valid_until")
    if paper.valid_until and scheme.valid_until and paper.valid_until > scheme.valid_until:
        raise RuleError("截止日期晚于销售方案的截止日期 {day}", field="valid_until", day=scheme.valid_until)


def name_is_free(session: Session, paper: PaymentScheme) -> None:
    """A new 付款方式 takes no name that one in force has; its next version is begun by «修订»."""
    same = select(PaymentScheme.id).where(
        PaymentScheme.project_id == paper.project_id, PaymentScheme.name == paper.name,
        PaymentScheme.state == SchemeState.ACTIVE,
    )  # fmt: skip
    if paper.series_id is not None:
        same = same.where(PaymentScheme.series_id.is_distinct_from(paper.series_id))
    elif paper.id is not None:
        same = same.where(PaymentScheme.id != paper.id)
    if session.scalars(same, execution_options={"unscoped": True}).first() is not None:
        raise RuleError(
            "「{name}」已有生效的版本；要改条件请打开它点「修订」，否则换一个名称", field="name", name=paper.name
        )


def scheme_is_complete(act: Act) -> None:
    """Guard of submit: see check_scheme."""
    check_scheme(act.document)


def dates_not_past(act: Act) -> None:
    """A 销售方案 that is over before it is decided binds nobody."""
    until = act.document.valid_until
    if until is not None and until < act.at.date():
        raise RuleError("截止日期已过，请先修改")


def scheme_need(_session: Session, paper: PaymentScheme) -> Need:
    """What the deciders read of a 付款方式."""
    discount = "无折扣" if paper.discount is None else f"付款折扣 {rate_words(paper.discount, TENTHS)}"
    if paper.discount is not None and paper.discount_on is not PricedLine.HOME:
        discount += f"（{paper.discount_on.label}）"
    return Need(summary=f"{paper.kind.label}，{discount}，定金 {paper.deposit:,.2f} 元。{paper.condition}")


def sales_need(_session: Session, paper: SalesScheme) -> Need:
    """What the deciders read of a 销售方案: every discount."""
    until = paper.valid_until or "长期"
    return Need(summary=f"{paper.valid_from} 至 {until}，{paper.compounding.label}：{paper.terms_text or '无公开优惠'}")


def scheme_keeps_above_floor(act: Act) -> None:
    """A new 付款方式 takes no home below its floor price (02 §2.1.6: no refusal may betray it later)."""
    paper: PaymentScheme = act.document
    _keep_above_floor(
        act.session,
        paper.project_id,
        [paper],
        sales_scheme_on(act.session, paper.project_id, act.at.date()),
        act.at.date(),
    )


def sales_keeps_above_floor(act: Act) -> None:
    """A new 销售方案 takes no home below its floor price under any 付款方式."""
    paper: SalesScheme = act.document
    day = max(paper.valid_from, act.at.date())
    _keep_above_floor(act.session, paper.project_id, active_schemes(act.session, paper.project_id), paper, day)


def _keep_above_floor(
    session: Session, project_id: int, schemes: Sequence[PaymentScheme], sales: SalesScheme | None, day: date
) -> None:
    units = session.scalars(
        select(Unit).where(
            Unit.project_id == project_id, Unit.state.not_in(SOLD), Unit.list_total.is_not(None), Unit.floor_unit_price.is_not(None)
        ).order_by(Unit.id),
        execution_options={"unscoped": True},
    ).all()  # fmt: skip
    totals = [unit.list_total for unit in units if unit.list_total is not None]
    lowest = lowest_public_totals(session, project_id, totals, schemes, sales, day)
    low = [unit for unit, total in zip(units, lowest, strict=True) if below(unit, total, unit.floor_unit_price)]
    if low:
        raise RuleError("享受全部公开优惠后低于底价：{units}。请调整优惠", units=names_of(low))


def tell_of_scheme(act: Act) -> None:
    """Whoever names prices reads and signs it; quotes made under other terms lose their validity."""
    paper = act.document
    title = f"{paper.__label__}「{paper.name}」{paper.state.label}"
    kind = PriceNoticeKind.PAYMENT if isinstance(paper, PaymentScheme) else PriceNoticeKind.DISCOUNTS
    body = (scheme_need if isinstance(paper, PaymentScheme) else sales_need)(act.session, paper).summary
    holds_from = max(getattr(paper, "valid_from", act.at.date()), act.at.date())
    announce(act.session, paper.project_id, kind, paper.id, title, body, holds_from=holds_from)
    priced = select(Unit.id).where(
        Unit.project_id == paper.project_id, Unit.list_total.is_not(None), Unit.state.not_in(SOLD)
    )
    tell_of_changed_prices(act.session, list(act.session.scalars(priced, execution_options={"unscoped": True})))


def supersede_older(act: Act) -> None:
    """Guard that acts before the new version stands: one version of a 付款方式 holds; orders made under the old one keep it."""
    older = select(PaymentScheme).where(
        PaymentScheme.series_id == act.document.series_id, PaymentScheme.series_id.is_not(None),
        PaymentScheme.state == SchemeState.ACTIVE, PaymentScheme.id != act.document.id,
    )  # fmt: skip
    for paper in act.session.scalars(older, execution_options={"unscoped": True}).all():
        fire(act.session, paper, "supersede", act.actor, internal=True, note=f"第 {act.document.revision} 版")
        end_notices(act.session, PriceNoticeKind.PAYMENT, paper.id, f"由第 {act.document.revision} 版代替")


def revise(act: Act) -> None:
    """The next version of a 付款方式 begins as a copy; the present one holds until the new one is decided."""
    old: PaymentScheme = act.document
    old.series_id = old.series_id or old.id
    at_work = select(PaymentScheme.id).where(
        PaymentScheme.series_id == old.series_id, PaymentScheme.state.in_([SchemeState.DRAFT, SchemeState.REVIEW])
    )
    if act.session.scalars(at_work, execution_options={"unscoped": True}).first() is not None:
        raise RuleError("「{name}」已有一个新版本在办理，请先办完那一个", name=old.name)
    newest = select(func.max(PaymentScheme.revision)).where(PaymentScheme.series_id == old.series_id)
    revision = act.session.scalar(newest, execution_options={"unscoped": True}) or old.revision
    copied = {name: getattr(old, name) for name in COPIED}
    act.session.add(
        PaymentScheme(
            project_id=old.project_id, series_id=old.series_id, revision=revision + 1, created_by=act.actor.person_id, **copied
        )
    )  # fmt: skip
    act.session.flush()


def copy_sales_scheme(act: Act) -> None:
    """A new 销售方案 begins with the discounts of this one; which of two holds, their dates say."""
    old: SalesScheme = act.document
    terms = ("compounding", "rounding_step", "rounding_way", "note")
    new = SalesScheme(
        project_id=old.project_id, name=act.form["new_name"], valid_from=act.form["valid_from"], created_by=act.actor.person_id,
        **{name: getattr(old, name) for name in terms},
    )  # fmt: skip
    act.session.add(new)
    act.session.flush()
    for discount in old.discounts:
        kept = ("position", "name", "factor", "amount", "applies_to", "condition")
        act.session.add(PublicDiscount(
            project_id=old.project_id, sales_scheme_id=new.id, **{name: getattr(discount, name) for name in kept}
        ))  # fmt: skip
    act.session.flush()
