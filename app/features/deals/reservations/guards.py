"""What must be true before a 认购书 moves: each guard is the sentence that must hold (02 §2.2.1, §2.2.2)."""

from __future__ import annotations

from decimal import Decimal

from app.features.deals.discounts.models import DiscountRequest
from app.features.deals.reservations.models import Buyer, Ownership, Reservation
from app.features.deals.reservations.price import authority_suffices, granted_by, planned_total, usable_discount
from app.features.deals.reservations.rules import born_on, is_minor
from app.features.deals.rules import deposit_shortfall
from app.features.organisation.parameters import parameter
from app.features.payments.effects import account_of, confirmed_total, pending_total
from app.features.payments.rules import deposit_cap
from app.features.pricing.models import SchemeState
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.posts import Post
from app.kernel.rates import PER_CENT, rate_words
from app.kernel.workflow import Act

WHOLE = Decimal(1)


def buyers_wanted(order: Reservation) -> RuleError | None:
    """Why one more buyer has to be registered; None when there are enough."""
    if not order.buyers:
        return RuleError("还没有登记买受人，请先登记")
    if order.ownership is not Ownership.SOLE and len(order.buyers) < 2:
        return RuleError("共有方式是「{kind}」，请再登记一位买受人", kind=order.ownership.label)
    return None


def buyers_complete(act: Act) -> None:
    """At least one buyer; shares add up to the whole where the flat is owned by shares."""
    order: Reservation = act.document
    buyers: list[Buyer] = order.buyers
    wanted = buyers_wanted(order)
    if wanted is not None:
        raise wanted
    for buyer in buyers:
        if is_minor(born_on(buyer.id_number), act.at.date()) and not buyer.guardian:
            raise RuleError("{name} 未满 18 周岁，请登记监护人", name=buyer.name)
    if order.ownership is Ownership.SOLE and len(buyers) > 1:
        raise RuleError("登记了 {n} 位买受人，共有方式不能是「单独所有」", n=len(buyers))
    if order.ownership is Ownership.SHARES and sum((b.share for b in buyers), Decimal(0)) != WHOLE:
        total = sum((b.share for b in buyers), Decimal(0))
        raise RuleError("按份共有的份额合计应为 100 %，现在是 {sum}", sum=rate_words(total, PER_CENT))


def material_is_checked(act: Act) -> None:
    """By parameter the clerk has looked at the papers before the supervisor approves (07 «CLK 资料核对 first»)."""
    order: Reservation = act.document
    if order.material_checked_on is None and parameter(act.session, order.project_id, "material_check_first"):
        raise RuleError("资料还没有核对，请文员先登记「资料核对」再审核")


def price_is_set(act: Act) -> None:
    """Scheme, total and deposit are filled in; the deposit within its cap (02 §2.3.3)."""
    order: Reservation = act.document
    if order.scheme_id is None or order.total is None or order.deposit is None:
        raise RuleError("请先点「修改」填写付款方式、成交总价和定金")
    minimum = Decimal(parameter(act.session, order.project_id, "deposit_minimum"))
    if order.deposit < minimum:
        raise RuleError(
            "定金 {deposit} 元低于最低定金 {minimum} 元",
            deposit=format_amount(order.deposit),
            minimum=format_amount(minimum),
        )
    share = Decimal(parameter(act.session, order.project_id, "deposit_cap"))
    cap = deposit_cap(order.total, share)
    if order.deposit > cap and not act.actor.holds({Post.SITE_MANAGER}, order.project_id):
        raise RuleError(
            "定金 {deposit} 元超过成交总价的 {share}（{cap} 元），超过部分只能算房款；确需这样收取请案场经理提交",
            share=rate_words(share, PER_CENT),
            deposit=format_amount(order.deposit),
            cap=format_amount(cap),
        )


def scheme_is_in_force(act: Act) -> None:
    """The 付款方式 of the order may still be used; its price was fixed when it was filled in."""
    scheme = act.document.scheme
    if scheme is not None and scheme.state is not SchemeState.ACTIVE:
        raise RuleError("付款方式「{name}」已停用，请点「修改」另选", name=scheme.name)


def price_not_above_filed(act: Act) -> None:
    """Nothing is sold above the filed price (02 §2.3.1 P10, 发改价格[2011]548号)."""
    unit, order = act.document.unit, act.document
    sold = [(unit, order.home_total), *((line.unit, line.public_total) for line in order.attached_lines)]
    for one, total in sold:
        if one.filed_total is not None and total > one.filed_total:
            raise RuleError(
                "{unit} 的成交价 {total} 元高于备案总价 {filed} 元",
                unit=one.full_name,
                total=format_amount(total),
                filed=format_amount(one.filed_total),
            )


def price_within_authority(act: Act) -> None:
    """Below the public total only with an approved 特殊折扣单 for this unit and customer, or within one's own authority."""
    order: Reservation = act.document
    if order.total is None or order.public_total is None or order.total >= order.public_total:
        return
    paper: DiscountRequest | None = usable_discount(act.session, order, act.at.date())
    if granted_by(paper, order):
        return
    if authority_suffices(act.session, order, act.actor, act.at.date()):
        return
    raise RuleError(
        "成交总价 {total} 元低于公开折后总价 {public} 元，超出你的让利权限，请先申请特殊折扣单",
        total=format_amount(order.total),
        public=format_amount(order.public_total),
    )


def plan_closes(act: Act) -> None:
    """The rows of the payment plan add up to the total."""
    order: Reservation = act.document
    planned = planned_total(order)
    if planned != order.total:
        raise RuleError(
            "付款计划合计 {planned} 元与成交总价 {total} 元不符，请重新保存一次认购信息",
            planned=format_amount(planned),
            total=format_amount(order.total or Decimal(0)),
        )


def customer_has_signed(act: Act) -> None:
    """有效 needs the customer's signature."""
    if act.document.customer_signed_on is None:
        raise RuleError("还没有登记客户签字")


def deposit_is_confirmed(act: Act) -> None:
    """有效 needs the minimum deposit confirmed by 甲方财务; a shortfall is 欠定 (02 §2.2.1)."""
    order: Reservation = act.document
    minimum = Decimal(parameter(act.session, order.project_id, "deposit_minimum"))
    deposit_shortfall(order.deposit or Decimal(0), confirmed_deposit(act), first_paid_on=act.at.date(), minimum=minimum)


def confirmed_deposit(act: Act) -> Decimal:
    """Confirmed 定金 of the order, yuan."""
    account = account_of(act.session, act.document.id)
    return Decimal(0) if account is None else confirmed_total(act.session, account.id)


def no_money_received(act: Act) -> None:
    """Once money has come (confirmed or waiting) an order is never simply released (02 §2.2.1)."""
    account = account_of(act.session, act.document.id)
    if account is None:
        return
    if confirmed_total(act.session, account.id) or pending_total(act.session, account.id):
        raise RuleError("这份认购书已经收了钱（含待确认），不能直接释放；请办理退订或挞定")
