"""What a 变更申请 changes, in figures: the division of an ending, the difference of a 换房, both dates of an extension; new buyers."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select

from app.extensions import db
from app.features.deals.changes.effects.exchange import difference
from app.features.deals.changes.effects.steps import days_later
from app.features.deals.changes.models import ENDINGS, EXTENSIONS, ChangeKind, ChangeRequest
from app.features.deals.contracts.models import Contract
from app.features.deals.reservations.models import Buyer
from app.features.payments.effects import account_of, confirmed_total
from app.kernel.actors import Actor
from app.kernel.money import format_amount
from app.kernel.screens.parts import CalcLine, Card, Fact, Table
from app.kernel.screens.related import table_of

PRICED = frozenset({ChangeKind.EXCHANGE, ChangeKind.PAYMENT})


def figures_card(change: ChangeRequest, actor: Actor) -> Card | None:
    """The figures of its kind; None where names alone change."""
    if change.kind in ENDINGS:
        return _settlement(change)
    if change.kind in PRICED:
        return _prices(change)
    if change.kind in EXTENSIONS:
        return _dates(change)
    return None


def _settlement(change: ChangeRequest) -> Card:
    """How the confirmed money is divided."""
    lines = [CalcLine(_("已收合计"), f"{change.paid:,.2f}")]
    for label, amount in ((_("没收定金"), change.kept), (_("违约金"), change.penalty), (_("手续费"), change.fee)):
        if amount:
            lines.append(CalcLine(label, f"−{amount:,.2f}", "neg"))
    if change.compensation:
        lines.append(CalcLine(_("双倍返还部分"), f"{change.compensation:,.2f}"))
    lines.append(CalcLine(_("应退金额"), f"{change.refundable:,.2f}", "sum"))
    return Card(_("结算"), "calc", total=f"{change.refundable:,.2f}", total_unit=_("元应退"), lines=tuple(lines))


def _prices(change: ChangeRequest) -> Card:
    """Old and new total, what is transferred, what is to be paid in addition or is left over."""
    new, gap = change.new_total or Decimal(0), difference(change)
    lines = [CalcLine(_("原成交总价"), format_amount(change.old_total or Decimal(0)))]
    if change.new_public_total is not None and change.new_public_total != new:
        lines.append(CalcLine(_("新公开折后总价"), format_amount(change.new_public_total)))
    lines.append(CalcLine(_("新成交总价"), format_amount(new), "sum"))
    lines.append(
        CalcLine(
            _("总价差额"), f"−{format_amount(-gap)}" if gap < 0 else format_amount(gap), "neg" if gap < 0 else "plain"
        )
    )
    account = account_of(db.session(), change.reservation_id)
    if account is not None and change.executed_on is None:
        paid = confirmed_total(db.session(), account.id)
        lines.append(
            CalcLine(_("已收，转到新认购书") if change.kind is ChangeKind.EXCHANGE else _("已收"), format_amount(paid))
        )
        lines.append(CalcLine(_("还要付") if new >= paid else _("多出的款，可退"), format_amount(abs(new - paid))))
    return Card(_("价格"), "calc", total=format_amount(new), total_unit=_("元"), lines=tuple(lines))


def _dates(change: ChangeRequest) -> Card:
    """Both dates and the days between them, counted from the original one."""
    facts = (
        Fact(_("原定日期"), str(change.old_due_on or "")), Fact(_("延期到"), str(change.new_due_on or "")),
        Fact(_("延期天数"), _("%(n)s 天", n=days_later(change))),
    )  # fmt: skip
    return Card(_("日期"), "facts", facts=facts)


def new_buyers(change: ChangeRequest, actor: Actor) -> Table | None:
    """Who buys after the change; None where the buyers stay."""
    if change.kind not in (ChangeKind.RENAME, ChangeKind.CO_BUYERS):
        return None
    query = select(Buyer).where(Buyer.change_id == change.id).order_by(Buyer.id)
    names = ("name", "id_kind", "id_number", "phone", "share_told")
    return table_of(Buyer, names, db.session.scalars(query).all(), actor)


def supplements_of(contract: Contract, actor: Actor) -> Table:
    """补充协议 of a contract: one for each executed change that it outlived."""
    query = select(ChangeRequest).where(ChangeRequest.contract_id == contract.id).order_by(ChangeRequest.id)
    names = ("number", "kind", "executed_on", "supplement_due_on", "supplement_signed_on")
    return table_of(ChangeRequest, names, db.session.scalars(query).all(), actor)
