"""What stands on the papers of 交楼 and 办证. Texts here stand on paper: Chinese for every reader."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.features.archive.printed import checklist_rows
from app.features.handover.areas.models import AreaSettlement, Wish
from app.features.handover.deeds.models import TitleDeed
from app.features.handover.defects.models import HandoverDefect
from app.features.handover.handings.dues import dues_of
from app.features.handover.handings.models import Handover
from app.features.organisation.models import Project
from app.features.units.models import PricingBasis
from app.features.units.printed import unit_values
from app.kernel.papers.definition import Row, Values
from app.kernel.papers.kinds import NONE, Desk, day, in_capitals, money, percent, person, told

UNSCOPED = {"unscoped": True}
BLANK_ROWS = 6  # of a 验房表 on which nothing was found yet
EMPTY: Row = dict.fromkeys(("序号", "部位", "分类", "问题", "严重度", "责任单位", "要求完成日", "情况"), "")


def _household(paper: Any) -> Values:
    return {**unit_values(paper.unit), "买受人": paper.buyers, "合同号": told(paper.contract_no)}


def handover_notice(desk: Desk, paper: Handover) -> Values:
    """交楼通知书: when, where, with what, how much is still owed (02 §2.5.7)."""
    batch = paper.batch
    dues = dues_of(desk.session, paper)
    whole = sum((due.amount for due in dues), Decimal(0))
    query = select(Project.property_company).where(Project.id == paper.project_id)
    return {
        **_household(paper), "批次": told(batch and batch.name), "竣工验收备案号": told(batch and batch.completion_no),
        "竣工验收备案日": day(batch.completion_on if batch is not None else None), "交楼开始": day(batch.from_on if batch is not None else paper.notified_on),
        "交楼截止": day(batch.until_on if batch is not None else paper.due_on), "办理地点": told(batch and batch.place),
        "应收楼日": day(paper.due_on), "物业公司": told(desk.session.scalar(query, execution_options=UNSCOPED)),
        "物业联系人": told(paper.property_contact), "通知日": day(paper.notified_on), "快递单号": told(paper.express_no),
        "应付款项": [{"项目": due.name, "金额": money(due.amount)} for due in dues], "应付合计": money(whole), "应付合计大写": in_capitals(whole),
        "备注": told(paper.note),
    }  # fmt: skip


def inspection(desk: Desk, paper: Handover) -> Values:
    """验房表: what was found, and room to write before anything was."""
    query = select(HandoverDefect).where(HandoverDefect.handover_id == paper.id).order_by(HandoverDefect.id)
    found = list(desk.session.scalars(query))
    rows = [
        {
            "序号": str(i), "部位": one.place, "分类": one.kind.label, "问题": one.description, "严重度": one.severity.label,
            "责任单位": told(one.contractor), "要求完成日": day(one.due_on), "情况": one.state.label,
        }
        for i, one in enumerate(found, 1)
    ]  # fmt: skip
    return {
        **_household(paper), "预约时间": f"{paper.appointment_at:%Y-%m-%d %H:%M}" if paper.appointment_at is not None else NONE,
        "陪验人": told(paper.companion), "验房日": day(paper.inspected_on), "验房结论": told(paper.inspection),
        "问题清单": rows or [EMPTY] * BLANK_ROWS, "问题数": str(len(found)), "水表读数": told(paper.water), "电表读数": told(paper.power),
        "燃气表读数": told(paper.gas),
    }  # fmt: skip


def key_receipt(_desk: Desk, paper: Handover) -> Values:
    """收楼及钥匙签收单."""
    return {
        **_household(paper), "已交文件": told(paper.documents), "文件签收日": day(paper.documented_on), "缴费核对日": day(paper.paid_on),
        "代收费用": told(paper.charges), "钥匙": told(paper.keys), "水表读数": told(paper.water), "电表读数": told(paper.power),
        "燃气表读数": told(paper.gas), "领钥匙日": day(paper.keyed_on), "收楼日": day(paper.received_on), "收楼人": told(paper.receiver),
        "经办人": person(paper.submitted_by or paper.created_by),
    }  # fmt: skip


def area_settlement(_desk: Desk, paper: AreaSettlement) -> Values:
    """面积补差单 with its sums (02 §2.3.7)."""
    inner = paper.basis is PricingBasis.INNER_AREA and paper.surveyed_inner is not None
    wish = paper.wish
    return {
        **_household(paper), "补差项目": paper.line.label, "计价方式": paper.basis.label, "合同面积": f"{paper.contract_area}",
        "产权登记面积": f"{paper.surveyed_inner if inner else paper.surveyed_area}", "测绘报告号": told(paper.report_no),
        "合同单价": money(paper.unit_price), "误差比": percent(paper.error), "补差方向": paper.direction.label, "补差金额": money(paper.amount),
        "补差金额大写": in_capitals(paper.amount), "双倍返还": money(paper.doubled), "甲方承担": money(paper.borne),
        "可退房": "是" if paper.may_withdraw and wish is not Wish.ACCEPT else "", "买受人选择": told(wish), "条款": told(paper.clause),
        "期限": "应退日" if paper.pays_back else "应缴日", "应缴日": day(paper.due_on), "入账日": day(paper.booked_on), "备注": told(paper.note), "状态": paper.state.label,
    }  # fmt: skip


def deed_list(_desk: Desk, paper: TitleDeed) -> Values:
    """办证资料清单 with taxes and days."""
    return {
        **_household(paper), "资料清单": checklist_rows(paper.papers), "缺件": paper.missing or NONE, "契税": money(paper.deed_tax),
        "契税凭证号": told(paper.deed_tax_no), "维修资金": money(paper.repair_fund), "维修资金票据号": told(paper.repair_fund_no),
        "应送件日": day(paper.filing_due_on), "应出证日": day(paper.deed_due_on), "不动产权证号": told(paper.certificate_no),
        "状态": paper.state.label,
    }  # fmt: skip
