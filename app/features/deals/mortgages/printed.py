"""What stands on the 按揭资料交接清单. Texts here stand on paper: Chinese for every reader."""

from __future__ import annotations

from app.features.archive.printed import checklist_rows
from app.features.deals.mortgages.models import Mortgage
from app.features.units.printed import unit_values
from app.kernel.papers.definition import Values
from app.kernel.papers.kinds import NONE, Desk, day, in_capitals, money, percent, told


def mortgage_list(_desk: Desk, paper: Mortgage) -> Values:
    """按揭资料交接清单: what the lender asks for, what came when (02 §2.5.9)."""
    return {
        **unit_values(paper.unit), "客户": paper.customer_name, "认购书编号": told(paper.reservation and paper.reservation.number),
        "贷款种类": paper.kind.label, "贷款机构": paper.lender, "客户经理": told(paper.contact), "成交总价": money(paper.total),
        "申请金额": money(paper.amount), "申请金额大写": in_capitals(paper.amount), "贷款年限": str(paper.years),
        "年利率": percent(paper.yearly_rate), "还款方式": paper.repayment.label, "月供": money(paper.monthly_payment),
        "应齐件日": day(paper.papers_due_on), "应放款日": day(paper.release_due_on), "资料清单": checklist_rows(paper.papers),
        "缺件": paper.missing or NONE,
    }  # fmt: skip
