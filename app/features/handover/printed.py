"""What stands on the papers of a handover. Texts here stand on paper: Chinese for every reader."""

from __future__ import annotations

from sqlalchemy import select

from app.features.handover.areas.models import AreaSettlement
from app.features.handover.defects.models import DefectState, HandoverDefect
from app.features.handover.handings.dues import dues_of
from app.features.handover.handings.models import Handover
from app.features.handover.handings.rules import DOCUMENTS
from app.features.units.printed import unit_values
from app.kernel.papers.definition import Row, Values
from app.kernel.papers.kinds import NONE, Desk, day, in_capitals, money, percent, person, told

UNSCOPED = {"unscoped": True}
PLACES = ("入户门", "客厅", "餐厅", "主卧", "次卧", "厨房", "卫生间", "阳台", "水电燃气", "公共走道")


def _handover(handover: Handover) -> Values:
    """What every paper of a handover may say."""
    batch = handover.batch
    return {
        **unit_values(handover.unit), "买受人": handover.buyers, "合同号": told(handover.contract_no), "应收楼日": day(handover.due_on),
        "交楼开始": day(batch.from_on if batch is not None else None), "办理地点": told(batch.place if batch is not None else None),
        "竣工备案号": told(batch.completion_no if batch is not None else None), "置业顾问": person(handover.owner_id),
        "物业联系人": told(handover.property_contact),
    }  # fmt: skip


def notice(desk: Desk, handover: Handover) -> Values:
    """交楼通知: until when, where, what to bring, what is still owed."""
    dues: list[Row] = [{"款项": due.name, "金额": money(due.amount)} for due in dues_of(desk.session, handover)]
    return {
        **_handover(handover), "通知日": day(handover.notified_on), "快递单号": told(handover.express_no), "未结款项": dues,
        "交付文件": [{"文件": name} for _key, name, _needed in DOCUMENTS],
    }  # fmt: skip


def inspection(desk: Desk, handover: Handover) -> Values:
    """验房表: place by place to be filled in, and the defects that are known."""
    query = select(HandoverDefect).where(HandoverDefect.handover_id == handover.id).order_by(HandoverDefect.id)
    found = [d for d in desk.session.scalars(query, execution_options=UNSCOPED) if d.state is not DefectState.DROPPED]
    rows: list[Row] = [
        {
            "序号": str(i), "部位": one.place, "问题": f"{one.kind.label}：{one.description}", "责任单位": told(one.contractor),
            "完成日": day(one.due_on), "状态": one.state.label,
        }
        for i, one in enumerate(found, 1)
    ]  # fmt: skip
    return {
        **_handover(handover), "验房日": day(handover.inspected_on), "验房结论": told(handover.inspection), "问题清单": rows,
        "验收项目": [{"部位": place, "合格": "□", "不合格": "□", "说明": ""} for place in PLACES],
        "预约时间": f"{handover.appointment_at:%Y-%m-%d %H:%M}" if handover.appointment_at is not None else NONE,
        "陪验人": told(handover.companion),
    }  # fmt: skip


def keys(_desk: Desk, handover: Handover) -> Values:
    """钥匙签收单: papers, keys and meters as they were handed out."""
    return {
        **_handover(handover), "已交文件": told(handover.documents), "钥匙": f"{handover.keys} 把" if handover.keys is not None else NONE,
        "水表": told(handover.water), "电表": told(handover.power), "燃气表": told(handover.gas), "代收费用": told(handover.charges),
        "领钥匙日": day(handover.keyed_on), "收楼日": day(handover.received_on), "收楼人": told(handover.receiver),
    }  # fmt: skip


def area(_desk: Desk, paper: AreaSettlement) -> Values:
    """面积补差单: areas, error, sum, by which clause."""
    return {
        **unit_values(paper.unit), "买受人": paper.buyers, "合同号": told(paper.contract_no), "计价方式": paper.basis.label,
        "合同面积": f"{paper.contract_area}", "登记建筑面积": f"{paper.surveyed_area}", "登记套内面积": told(paper.surveyed_inner),
        "测绘报告号": told(paper.report_no), "合同单价": money(paper.unit_price), "误差比": percent(paper.error), "条款": paper.clause,
        "方向": paper.direction.label, "金额": money(paper.amount), "金额大写": in_capitals(paper.amount),
        "双倍返还": money(paper.doubled) if paper.doubled else NONE, "甲方承担": money(paper.borne) if paper.borne else NONE,
        "退房说明": "误差绝对值超过界限，买受人有权退房" if paper.may_withdraw else NONE, "买受人选择": told(paper.wish),
        "应缴日": day(paper.due_on), "状态": paper.state.label,
    }  # fmt: skip
