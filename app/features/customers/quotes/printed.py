"""What stands on a 置业计划. Texts here stand on paper: Chinese for every reader."""

from __future__ import annotations

from decimal import Decimal

from app.features.customers.quotes.effects import LINES, plan_of_quote
from app.features.customers.quotes.models import Quote
from app.features.organisation.parameters import parameter
from app.features.pricing.models import PricedLine
from app.features.units.printed import unit_values
from app.kernel.papers.definition import Values
from app.kernel.papers.kinds import Desk, day, in_capitals, money, percent, person, told


def quote(desk: Desk, paper: Quote) -> Values:
    """置业计划: the price step by step, the plan row by row."""
    monthly = (
        f"首月约 {money(paper.monthly)} 元（等额本息，{paper.loan_years} 年）" if paper.monthly is not None else None
    )
    return {
        **unit_values(paper.unit), "客户": paper.customer.name, "付款方式": paper.scheme.name, "公开优惠": told(paper.discounts_text),
        "价格步骤": [
            {"步骤": label, "增减": f"{Decimal(change):+,.2f}" if i else "", "金额": money(Decimal(total))}
            for i, (label, change, total) in enumerate(paper.steps)
        ],
        "表价总价": money(paper.list_total), "公开折后总价": money(paper.public_total), "公开折后总价大写": in_capitals(paper.public_total),
        "总折扣": percent(paper.total_discount), "折后单价": money(paper.unit_price), "定金": money(paper.deposit), "月供": told(monthly),
        "付款计划": [
            {
                "款项": f"{row.kind.value}（{row.line.named(row.line_name)}）" if paper.lines and row.line else row.kind.value,
                "付款人": row.payer.value, "时间": f"{row.anchor.value}后 {row.days} 天内" if row.days else f"{row.anchor.value}当天",
                "金额": money(row.amount),
            }
            for row in plan_of_quote(paper)
        ],
        "分项计价": "是" if paper.lines else "",
        "计价项目": [
            {"项目": "房款", "名称": paper.unit.full_name, "表价": money(paper.home_list_total), "折后价": money(paper.home_total)},
            *(
                {"项目": LINES[kind].label, "名称": name, "表价": money(Decimal(before)), "折后价": money(Decimal(total))}
                for kind, name, before, total in paper.lines
            ),
        ],
        "装修款": _finish(desk, paper), "有效至": day(paper.valid_until),
        "置业顾问": person(paper.owner_id or paper.created_by),
    }  # fmt: skip


def _finish(desk: Desk, paper: Quote) -> str:
    """装修款: among the total, or on a contract of its own where the site writes one."""
    inside = next(
        (Decimal(total) for kind, _name, _list, total in paper.lines if kind == PricedLine.FINISH.value), None
    )
    if inside is not None:
        return f"{money(inside)} 元，已含在总价内"
    finish = paper.unit.finish_price
    if not finish:
        return told(None)
    how = "未计入总价" if parameter(desk.session, paper.project_id, "finish_with_home") else "另签装修合同"
    return f"{money(finish)} 元，{how}"
