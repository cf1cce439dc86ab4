"""What stands on the papers of 逾期交付违约金. Texts here stand on paper: Chinese for every reader."""

from __future__ import annotations

from decimal import Decimal

from app.features.handover.late.effects import live_lines
from app.features.handover.late.lines import payment_lines
from app.features.handover.late.models import LateBatch, LateHome, LateHomeState
from app.features.units.printed import unit_values
from app.kernel.papers.definition import Values
from app.kernel.papers.kinds import Desk, day, in_capitals, money, told


def _rate(rate: Decimal) -> str:
    return f"万分之 {(rate * 10000).normalize():f}"


def notice(_desk: Desk, line: LateHome) -> Values:
    """逾期交付违约金结算单 for the buyer of one home: each payment for its own days (02 §2.3.6 L6)."""
    parts = payment_lines(line)
    return {
        **unit_values(line.unit), "买受人": line.buyers, "合同号": told(line.contract_no), "批次": told(line.batch.number),
        "合同交付日": day(line.promised_on), "实际交付日": day(line.handed_on) if line.handed_on is not None else "尚未交付",
        "起算日": day(parts[0].first_on if parts else line.from_on), "算到": day(line.until_on), "逾期天数": f"{line.days} 天",
        "日费率": _rate(line.rate), "已付房价款": money(line.paid),
        "计算明细": [
            {"序号": str(n), "已付金额": money(one.paid), "起算日": str(one.first_on), "天数": str(one.days), "违约金": money(one.fee)}
            for n, one in enumerate(parts, 1)
        ],
        "违约金": money(line.amount), "违约金大写": in_capitals(line.amount), "登记日": day(line.batch.booked_on),
    }  # fmt: skip


def batch(desk: Desk, paper: LateBatch) -> Values:
    """逾期交付违约金汇总表 of one building, for whoever decides and pays; what is set aside says why."""
    lines = live_lines(desk.session, paper)
    rows = [
        {
            "序号": str(n), "房源": one.unit.full_name, "买受人": one.buyers, "合同交付日": str(one.promised_on), "算到": str(one.until_on),
            "天数": str(one.days), "已付房价款": money(one.paid), "违约金": money(one.amount) if one.state is not LateHomeState.EXCLUDED else "不计入",
            "说明": told(one.why),
        }
        for n, one in enumerate(lines, 1)
    ]  # fmt: skip
    return {
        "楼栋": paper.building.name, "算到": day(paper.until_on), "房源明细": rows, "计入套数": str(paper.homes), "合计": money(paper.total),
        "合计大写": in_capitals(paper.total), "登记日": day(paper.booked_on), "备注": told(paper.note), "状态": paper.state.label,
    }  # fmt: skip
