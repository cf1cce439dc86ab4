"""The price of an order beside its facts: the chain to the fen, the extra concession, capitals (look: price card)."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import gettext as _

from app.features.deals.reservations.models import Reservation
from app.kernel.actors import Actor
from app.kernel.money import capitals, format_amount
from app.kernel.screens.parts import CalcLine, Card


def price_card(order: Reservation, _actor: Actor) -> Card | None:
    """The break-down to the fen with capitals (look: price card)."""
    if order.total is None or order.public_total is None:
        return None
    lines = [
        CalcLine(label, money_change(Decimal(change)), "neg" if Decimal(change) < 0 else "plain")
        for label, change, _t in order.price_steps
    ]
    extra = order.public_total - order.total
    lines.append(CalcLine(_("公开折后总价"), format_amount(order.public_total), "sum"))
    share = extra / order.public_total * 100
    lines.append(CalcLine(_("额外让利 %(p)s %%", p=f"{share:.2f}"), money_change(-extra), "neg" if extra else "plain"))
    lines.append(CalcLine(_("成交总价"), format_amount(order.total), "sum"))
    if order.list_total:
        lines.append(CalcLine(_("总折扣"), f"{order.total / order.list_total * 100:.2f} %"))
    if order.unit_price is not None:
        lines.append(CalcLine(_("成交单价"), format_amount(order.unit_price)))
    return Card(
        _("价格"), "calc", total=format_amount(order.total), total_unit=_("元"), words=capitals(order.total, prefix="人民币"),
        lines=tuple(lines),
    )  # fmt: skip


def money_change(amount: Decimal) -> str:
    """A change with its sign: «−22,919.68», «+0.32»."""
    return f"−{format_amount(-amount)}" if amount < 0 else format_amount(amount)
