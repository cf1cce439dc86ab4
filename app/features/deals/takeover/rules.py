"""What must hold before old books become ours (issue «going live mid-sale»), plain functions on values: yuan, calendar days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.kernel.errors import RuleError
from app.kernel.money import format_amount, parse_amount


@dataclass(frozen=True)
class Sums:
    """The five figures that both sides vouch for: homes, those signed, prices, money that came, money still owed."""

    orders: int
    signed: int
    total: Decimal
    received: Decimal
    owed: Decimal


@dataclass(frozen=True)
class Difference:
    """One figure that does not agree: what, whose list, expected and found (counts as whole numbers)."""

    label: str
    whose: str
    expected: Decimal
    found: Decimal

    @property
    def missing(self) -> Decimal:
        """Found minus expected."""
        return self.found - self.expected


FIGURES = (
    ("orders", "在途套数", "甲方"), ("signed", "其中已签约", "甲方"), ("total", "成交总价合计", "甲方"), ("received", "已收合计", "财务"),
    ("owed", "未收合计", "财务"),
)  # fmt: skip


def differences(expected: Sums, found: Sums) -> list[Difference]:
    """Every figure in which rows and lists differ; empty when all agree to the fen."""
    pairs = (
        (label, whose, Decimal(getattr(expected, name)), Decimal(getattr(found, name)))
        for name, label, whose in FIGURES
    )
    return [Difference(label, whose, a, b) for label, whose, a, b in pairs if a != b]


def require_agreement(expected: Sums, found: Sums) -> None:
    """Raises RuleError that names every figure that differs."""
    wrong = differences(expected, found)
    if wrong:
        labels = "、".join(one.label for one in wrong)
        raise RuleError(
            "明细与甲方、财务的合计不符：{labels}。请看页面上的「核对」，改正明细或合计后再提交", labels=labels
        )


@dataclass(frozen=True)
class OldOrder:
    """What the checks need of a row. stage: 0 认购 · 1 签约 · 2 网签 · 3 备案; dues and receipts: yuan of the price."""

    name: str
    total: Decimal
    deposit: Decimal
    stage: int
    reserved_on: date
    signed_on: date | None
    online_on: date | None
    filed_on: date | None
    contract_no: str
    online_no: str
    filed_no: str
    dues: Sequence[Decimal]
    receipts: Sequence[Decimal]
    paid_last_on: date | None
    sold_already: bool
    home: Decimal | None = None
    beside: Sequence[Decimal] = ()


def faults(order: OldOrder, as_of: date) -> list[RuleError]:
    """Every reason why the row may not come in; empty when it may."""
    found = [*_dates(order, as_of), *_money(order)]
    if order.sold_already:
        found.append(RuleError("{name}：房源在系统里已经售出、正在销控或被查封", name=order.name))
    return found


def read_places(text: str, total: Decimal | None, label: str) -> list[tuple[str, Decimal]]:
    """«B1-023» with the price beside it, or «B1-023=150000；B1-024=140000» → (name, yuan).

    Raises RuleError for a place without a price, a price without a place, and prices that do not add up to the total.
    """
    parts = [part.strip() for part in text.replace("；", ";").replace("＝", "=").split(";") if part.strip()]
    if not parts:
        if total:
            raise RuleError("填了{label}款，没有写是哪个{label}", label=label)
        return []
    found = []
    for part in parts:
        name, _sign, price = (piece.strip() for piece in part.partition("="))
        if not price and (total is None or len(parts) > 1):
            raise RuleError("{label}「{part}」没有价格，请写「房号=价格」", label=label, part=part[:40])
        found.append((name, parse_amount(price) if price else total or Decimal(0)))
    whole = sum((price for _name, price in found), Decimal(0))
    if min(price for _name, price in found) <= 0:
        raise RuleError("{label}的价格必须大于零", label=label)
    if total is not None and whole != total:
        raise RuleError(
            "{label}款 {total} 元与各个{label}的价格合计 {whole} 元不符", label=label, total=format_amount(total),
            whole=format_amount(whole),
        )  # fmt: skip
    return found


def _dates(order: OldOrder, as_of: date) -> list[RuleError]:
    found: list[RuleError] = []
    steps = [
        ("认购日期", order.reserved_on, "", True), ("签约日期", order.signed_on, order.contract_no, order.stage >= 1),
        ("网签日期", order.online_on, order.online_no, order.stage >= 2), ("备案日期", order.filed_on, order.filed_no, order.stage >= 3),
    ]  # fmt: skip
    before: tuple[str, date] | None = None
    for label, on, number, reached in steps:
        about: dict[str, Any] = {"name": order.name, "label": label, "on": on}
        if not reached:
            if on is not None:
                found.append(RuleError("{name}：填了{label}，但「办到哪一步」还没有到这一步", **about))
            continue
        if on is None:
            found.append(RuleError("{name}：缺{label}", **about))
            continue
        if label != "认购日期" and not number:
            found.append(RuleError("{name}：有{label}，缺编号", **about))
        if before is not None and on < before[1]:
            found.append(
                RuleError("{name}：{label} {on} 早于{earlier} {day}", earlier=before[0], day=before[1], **about)
            )
        if on > as_of:
            found.append(RuleError("{name}：{label} {on} 晚于截止日 {as_of}", as_of=as_of, **about))
        before = (label, on)
    if order.paid_last_on is not None and order.paid_last_on > as_of:
        found.append(
            RuleError("{name}：有收款日 {day} 晚于截止日 {as_of}", name=order.name, day=order.paid_last_on, as_of=as_of)
        )
    return found


def _money(order: OldOrder) -> list[RuleError]:
    found: list[RuleError] = []
    planned, paid = sum(order.dues, Decimal(0)), sum(order.receipts, Decimal(0))
    sums = {"name": order.name, "total": format_amount(order.total)}
    beside = sum(order.beside, Decimal(0))
    if beside >= order.total:
        found.append(
            RuleError(
                "{name}：装修款、车位、储藏间合计 {beside} 元，不小于成交总价 {total} 元",
                beside=format_amount(beside),
                **sums,
            )
        )
    elif order.home is not None and order.home + beside != order.total:
        found.append(
            RuleError(
                "{name}：房款 {home} 元加装修款、车位、储藏间 {beside} 元，与成交总价 {total} 元不符",
                home=format_amount(order.home), beside=format_amount(beside), **sums,
            )
        )  # fmt: skip
    if not 0 <= order.deposit <= order.total:
        found.append(RuleError("{name}：定金应在零和成交总价 {total} 元之间", **sums))
    if order.dues and planned != order.total:
        found.append(
            RuleError("{name}：应收合计 {planned} 元与成交总价 {total} 元不符", planned=format_amount(planned), **sums)
        )
    if paid > order.total:
        found.append(RuleError("{name}：已收房款 {paid} 元超过成交总价 {total} 元", paid=format_amount(paid), **sums))
    if not paid:
        found.append(RuleError("{name}：没有收款记录；没有收过定金的不算认购", name=order.name))
    return found
