"""The price of an order beside its facts: the chain to the fen, the extra concession, capitals (look: price card)."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import gettext as _

from app.features.deals.lines.models import OrderLine
from app.features.deals.reservations.models import Reservation
from app.kernel.actors import Actor
from app.kernel.money import capitals, format_amount
from app.kernel.screens.parts import CalcLine, Card
from app.kernel.words import shown


def price_card(order: Reservation, _actor: Actor) -> Card | None:
    """The break-down to the fen with capitals (look: price card)."""
    if order.total is None or order.public_total is None:
        return None
    lines = [
        CalcLine(label, money_change(Decimal(change)), "neg" if Decimal(change) < 0 else "plain")
        for label, change, _t in order.price_steps
    ]
    extra = order.public_total - order.total
    if order.lines:
        lines.append(CalcLine(_("房款（公开折后）"), format_amount(order.home_public_total), "sum"))
        lines += [_line(line) for line in order.lines]
    lines.append(CalcLine(_("公开折后总价"), format_amount(order.public_total), "sum"))
    share = extra / order.home_public_total * 100
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


def _line(line: OrderLine) -> CalcLine:
    """A 计价项目 with what it cost before its discounts."""
    label = shown(line.kind.label) if line.unit_id is None else f"{shown(line.kind.label)} {line.name}"
    if line.public_total != line.list_total:
        label += _("（表价 %(price)s）", price=format_amount(line.list_total))
    return CalcLine(label, format_amount(line.public_total))


def money_change(amount: Decimal) -> str:
    """A change with its sign: «−22,919.68», «+0.32»."""
    return f"−{format_amount(-amount)}" if amount < 0 else format_amount(amount)
