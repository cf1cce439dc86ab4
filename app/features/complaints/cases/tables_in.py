"""客户投诉 from the 投诉台账 that the site kept in Excel: what is over there comes in as closed, the rest is registered and its clocks run.

Who reads a row is decided by the row, as for one that was typed: whoever it speaks of cannot bring it in, and does not see it.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.features.complaints.cases.effects import BOOKED, register
from app.features.complaints.cases.models import CaseAbout, CaseState, Complaint, Level, Satisfaction
from app.features.complaints.cases.rules import must_go_up
from app.features.complaints.starting import enrol
from app.features.customers.name_lookup import colleagues_named
from app.features.organisation.parameters import parameter
from app.features.units.home_lookup import units_named
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.imports.by_form import filled, try_form
from app.kernel.imports.declared import Desk, Import, ImportColumn, Values
from app.kernel.imports.lookups import chunks
from app.kernel.money import format_amount
from app.kernel.posts import Post
from app.kernel.workflow import as_step, fire

OF_FORM = ("source", "about", "customer_name", "phone", "unit_id", "facts", "demand", "against_id")
CLOSERS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER})


def cases_known(desk: Desk, rows: list[Values]) -> list[Any]:
    """The same complaint among those that this person may read: of the same person, at the same moment, with the same facts."""
    found: dict[tuple[Any, ...], Complaint] = {}
    for some in chunks(sorted({row["at"] for row in rows})):
        query = select(Complaint).where(
            Complaint.project_id == desk.project_id, Complaint.created_at.in_(some), Complaint.state != CaseState.VOID
        )
        for case in desk.session.scalars(query):
            found[case.created_at, case.customer_name, case.facts] = case
    return [found.get((row["at"], row["customer_name"], row["facts"])) for row in rows]


def check_moment(_desk: Desk, values: Values) -> None:
    """Registered by now."""
    if values["at"] > now():
        raise RuleError("登记日期不能晚于现在", field="at")


def check_level(_desk: Desk, values: Values) -> None:
    """What is over had a level."""
    if values.get("closed_at") is not None and values.get("level") is None:
        raise RuleError("已办结的请填级别", field="level")


def check_answer(_desk: Desk, values: Values) -> None:
    """What is over was answered."""
    if values.get("closed_at") is not None and not values.get("answer"):
        raise RuleError("已办结的请填答复客户的内容", field="answer")


def check_case(desk: Desk, values: Values) -> None:
    """As the form refuses; an end needs its level, its answer, and the decision that it had to go up for."""
    try_form(desk, _born(values))
    if values.get("closed_at") is not None:
        _check_closed(desk, values)
        return
    told = next((name for name in (*BOOKED, "answered_at") if values.get(name) not in (None, "")), None)
    if told is not None:
        raise RuleError("没有填办结日期的按新投诉登记，这一栏请留空，登记后在投诉单上办理", field=told)


def _check_closed(desk: Desk, values: Values) -> None:
    if not desk.actor.holds(CLOSERS, desk.project_id):
        raise RuleError("已办结的投诉由销售主管或案场经理导入", field="closed_at")
    answered, closed = values.get("answered_at") or values["closed_at"], values["closed_at"]
    begun = values["at"]  # that it lies ahead is told by check_moment
    if begun <= now() and (not begun.date() <= answered.date() <= closed.date() or closed > now()):
        raise RuleError("日期应依次是登记、答复、办结，都不晚于现在", field="closed_at")
    if values["about"] is CaseAbout.STAFF and values.get("against_id") is None:
        raise RuleError("对象是员工，请填写被投诉人", field="against_id")
    limit = parameter(desk.session, desk.project_id, "complaint_spot_limit")
    if values.get("level") is None:
        return  # check_level says so
    if must_go_up(values["level"], values.get("compensation"), limit) and not values.get("decision"):
        raise RuleError("重大投诉，或补偿超过 {limit} 元的，请填写批复", field="decision", limit=format_amount(limit))


def _born(values: Values) -> Values:
    return {name: values.get(name) for name in OF_FORM}


def enter_case(desk: Desk, values: Values) -> Complaint:
    """Registered at the moment that the table tells; closed when it says so."""
    session, at = desk.session, values["at"]
    with session.no_autoflush, as_step(session):
        case: Complaint = filled(desk, _born(values))
        case.created_at = at
        desk.view.prepare(case, desk.actor)
        session.add(case)
        desk.view.check(case, desk.actor)
        session.flush()
        if values.get("closed_at") is None:
            register(session, case, at)
        else:
            enrol(session, case, at)
        session.flush()
    if values.get("closed_at") is not None:
        told: dict[str, Any] = {name: values.get(name) for name in (*BOOKED, "answered_at", "closed_at")}
        fire(session, case, "book", desk.actor, internal=True, note="导入的投诉台账", **told)
    return case


def _plain(name: str, label: Any, limit: int, aliases: tuple[str, ...] = ()) -> ImportColumn:
    return ImportColumn(name, label, kind="text", limit=limit, compared=False, aliases=aliases)


CASES_IN = Import(
    columns=(
        ImportColumn("at", L("登记日期"), kind="datetime", required=True, reads="created_at",
                     aliases=("投诉日期", "投诉时间", "受理日期", "受理时间", "登记时间", "日期")),
        ImportColumn("source", aliases=("投诉来源", "投诉渠道", "投诉方式", "方式"),
                     words={"来电": "电话", "来访": "现场", "来信": "信函", "市长热线": "12345", "热线": "12345"}),
        ImportColumn("about", aliases=("投诉对象", "投诉类别", "投诉类型", "类别"),
                     words={"质量": "产品", "房屋质量": "产品", "服务态度": "服务", "人员": "员工", "置业顾问": "员工"}),
        ImportColumn("customer_name", aliases=("客户", "客户姓名", "业主", "业主姓名", "投诉客户", "姓名")),
        ImportColumn("phone", kind="identity", aliases=("电话", "手机", "联系方式", "手机号"), compared=False, limit=30),
        ImportColumn("unit_id", L("房号"), look_up=units_named, required=False, aliases=("房源", "房间", "房间号", "关联房源"), compared=False),
        ImportColumn("facts", aliases=("投诉内容", "投诉事由", "事由", "内容", "情况描述")),
        ImportColumn("demand", aliases=("客户诉求", "客户要求", "要求")),
        ImportColumn("against_id", L("被投诉人"), look_up=colleagues_named, required=False, aliases=("被投诉员工", "责任人"),
                     hint=L("他看不到这份投诉"), compared=False),
        ImportColumn("level", kind="choice", choices=Level, aliases=("投诉级别", "等级"), words={"普通": "一般", "严重": "重大"}, compared=False),
        _plain("reply", L("首次回复"), 500), _plain("proposal", L("处理建议"), 1000, aliases=("处理意见", "处理措施", "处理方案")),
        ImportColumn("compensation", kind="money", aliases=("补偿金额", "赔偿金额"), compared=False),
        _plain("decision", L("批复"), 1000, aliases=("领导批示", "批示", "审批意见")),
        _plain("answer", L("答复客户"), 1000, aliases=("处理结果", "答复内容", "答复情况")),
        ImportColumn("answered_at", L("答复时间"), kind="datetime", aliases=("答复日期", "回复日期", "回复时间"), compared=False),
        ImportColumn("closed_at", L("办结日期"), kind="datetime", aliases=("关闭日期", "完成日期", "办结时间", "结案日期"), compared=False,
                     hint=L("填了的，导入后就是「已关闭」；由销售主管或案场经理导入")),
        ImportColumn("satisfaction", kind="choice", choices=Satisfaction, aliases=("客户满意度",), words={"非常满意": "很满意", "基本满意": "满意"},
                     compared=False),
        _plain("revisit", L("回访情况"), 500, aliases=("回访", "回访记录", "回访结果")),
    ),
    key=("at", "customer_name", "facts"), by=CLOSERS | {Post.CLERK, Post.DEVELOPER_SERVICE},
    known=cases_known, each=(check_moment, check_level, check_answer), check=check_case, create=enter_case,
    notes=(
        L("没有办结日期的按新投诉登记，首次回复的时限从登记日期算起；级别、答复登记后在投诉单上办理。"),
        L("写了办结日期的进来就是「已关闭」，须有级别和答复，重大的还要有批复，不再计时限。"),
        L("内部投诉只在系统里登记，不能整表导入；涉及自己的投诉不能由自己导入。"),
    ),
)  # fmt: skip
