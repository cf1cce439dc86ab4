"""What stands on the papers of the office. Texts here stand on paper: Chinese for every reader."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.features.office.equipment.models import Equipment
from app.features.office.supplies.kinds import HandKind
from app.features.office.supplies.models import SupplyCheck, SupplyHand, SupplyPurchase, SupplyReceipt
from app.kernel.papers.definition import Row, Values
from app.kernel.papers.kinds import Desk, day, in_capitals, money, person, told


def expense(_desk: Desk, claim: Any) -> Values:
    """费用报销单 of both books: its lines, the sum in capitals, what is over the budget."""
    over = claim.over_amount > 0
    return {
        "报销人": person(claim.owner_id), "发生日期": day(claim.spent_on), "费用月份": told(claim.month), "事由": claim.reason,
        "费用明细": [
            {"序号": str(i), "科目": line.subject.path, "用途": line.purpose, "金额": money(line.amount)}
            for i, line in enumerate(claim.lines, 1)
        ],
        "合计金额": money(claim.amount), "合计金额大写": in_capitals(claim.amount), "收款人": claim.payee or person(claim.owner_id),
        "超预算金额": money(claim.over_amount) if over else "", "超预算说明": claim.over_reason if over else "",
        "付款日": day(claim.paid_on), "付款方式": told(claim.pay_method), "凭证号": told(claim.voucher_number), "状态": claim.state.label,
    }  # fmt: skip


def purchase(_desk: Desk, paper: SupplyPurchase) -> Values:
    """采购申请单."""
    return {
        "事由": paper.reason, "希望到货日": day(paper.wanted_on), "物品明细": _priced(paper.lines), "合计金额": money(paper.amount),
        "合计金额大写": in_capitals(paper.amount), "申请人": person(paper.submitted_by or paper.created_by), "状态": paper.state.label,
    }  # fmt: skip


def receipt(_desk: Desk, paper: SupplyReceipt) -> Values:
    """入库单."""
    return {
        "供应商": paper.supplier, "票据号": told(paper.bill_number), "入库日期": day(paper.came_on),
        "采购申请": told(paper.purchase and paper.purchase.number), "物品明细": _priced(paper.lines), "合计金额": money(paper.amount),
        "合计金额大写": in_capitals(paper.amount), "备注": told(paper.note), "经办人": person(paper.created_by),
    }  # fmt: skip


def hand(_desk: Desk, paper: SupplyHand) -> Values:
    """领用单 or 退还单; signed in the system, or still to be signed on the sheet."""
    signed = paper.signed_at
    return {
        "类型": paper.kind.label, "领用人": paper.holder.name, "用途": told(paper.note),
        "物品明细": [
            {"序号": str(i), "物品": line.item.title, "单位": line.item.unit, "数量": str(line.quantity)}
            for i, line in enumerate(paper.lines, 1)
        ],
        "交付时间": f"{paper.handed_at:%Y-%m-%d %H:%M}" if paper.handed_at else "／",
        "签收": f"{paper.holder.name} {signed:%Y-%m-%d %H:%M} 在系统中签收" if signed else "", "经办人": person(paper.created_by),
        "说明": "以上物品已当面点清。" if paper.kind is HandKind.ISSUE else "以上物品已退还入库。",
    }  # fmt: skip


def check(_desk: Desk, paper: SupplyCheck) -> Values:
    """盘点报损单; book and difference are known from the submit on."""
    return {
        "类型": paper.kind.label, "盘点日期": day(paper.checked_on), "原因说明": told(paper.note),
        "物品明细": [
            {
                "序号": str(i), "物品": line.item.title, "单位": line.item.unit, "账面": _number(line.book), "数量": str(line.quantity),
                "差异": _number(line.difference, sign=True), "差异原因": told(line.reason),
            }
            for i, line in enumerate(paper.lines, 1)
        ],
        "盘点人": person(paper.submitted_by or paper.created_by), "状态": paper.state.label,
    }  # fmt: skip


def equipment(_desk: Desk, thing: Equipment) -> Values:
    """设备领用单: who keeps it, and that it comes back before he leaves."""
    return {
        "资产编号": thing.asset_number, "名称": thing.name, "类别": thing.kind.label, "型号": told(thing.model), "产权方": told(thing.owned_by),
        "购入日期": day(thing.bought_on), "购入价": money(thing.price), "保修至": day(thing.warranty_until),
        "使用人": thing.holder.name if thing.holder else "公用", "存放地点": told(thing.place), "领用日期": day(thing.held_since),
        "状态": thing.state.label,
    }  # fmt: skip


def _priced(lines: Any) -> list[Row]:
    return [
        {
            "序号": str(i), "物品": line.item.title, "单位": line.item.unit, "数量": str(line.quantity), "单价": money(line.unit_price),
            "金额": money(line.amount if line.amount is not None else Decimal(0)),
        }
        for i, line in enumerate(lines, 1)
    ]  # fmt: skip


def _number(value: int | None, *, sign: bool = False) -> str:
    return "／" if value is None else f"{value:+d}" if sign and value else str(value)
