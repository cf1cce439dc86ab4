"""What stands on a 置业计划. Texts here stand on paper: Chinese for every reader."""

from __future__ import annotations

from decimal import Decimal

from app.features.customers.quotes.models import Quote
from app.features.organisation.parameters import parameter
from app.features.units.printed import unit_values
from app.kernel.papers.definition import Values
from app.kernel.papers.kinds import Desk, day, in_capitals, money, percent, person, told


def quote(desk: Desk, paper: Quote) -> Values:
    """置业计划: the price step by step, the plan row by row."""
    monthly = (
        f"首月约 {money(paper.monthly)} 元（等额本息，{paper.loan_years} 年）" if paper.monthly is not None else None
    )
    finish = paper.unit.finish_price
    how = "认购时另计" if parameter(desk.session, paper.project_id, "finish_with_home") else "另签装修合同"
    return {
        **unit_values(paper.unit), "客户": paper.customer.name, "付款方式": paper.scheme.name, "公开优惠": told(paper.discounts_text),
        "价格步骤": [
            {"步骤": label, "增减": f"{Decimal(change):+,.2f}" if i else "", "金额": money(Decimal(total))}
            for i, (label, change, total) in enumerate(paper.steps)
        ],
        "表价总价": money(paper.list_total), "公开折后总价": money(paper.public_total), "公开折后总价大写": in_capitals(paper.public_total),
        "总折扣": percent(paper.total_discount), "折后单价": money(paper.unit_price), "定金": money(paper.deposit), "月供": told(monthly),
        "付款计划": [
            {"款项": kind, "付款人": payer, "时间": f"{anchor}后 {days} 天内" if days else f"{anchor}当天", "金额": money(Decimal(amount))}
            for kind, payer, amount, anchor, days, _number in paper.plan_rows
        ],
        "装修款": f"{money(finish)} 元，{how}" if finish else told(None), "有效至": day(paper.valid_until),
        "置业顾问": person(paper.owner_id or paper.created_by),
    }  # fmt: skip
