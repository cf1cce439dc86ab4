"""What stands on the 申请表 of every kind of change. Texts here stand on paper: Chinese for every reader."""

from __future__ import annotations

from app.features.deals.changes.models import ENDINGS, ChangeKind, ChangeRequest
from app.features.deals.printed import buyer_rows, names, share_of
from app.features.payments.effects import account_of
from app.features.units.printed import unit_values
from app.kernel.papers.definition import Values
from app.kernel.papers.kinds import NONE, Desk, day, in_capitals, money, person, told


def change_request(desk: Desk, change: ChangeRequest) -> Values:
    """申请表 of every kind of change; the sums as the rules computed them."""
    order = change.reservation
    account = account_of(desk.session, change.reservation_id)
    return {
        **unit_values(change.unit), "变更类型": change.kind.label, "客户": change.customer_name,
        "买受人": names(order.buyers if order is not None else (), change.customer_name),
        "买受人表": buyer_rows(desk, order.buyers if order is not None else ()), "认购书编号": told(order and order.number),
        "成交总价": money(order.total if order is not None else None), "认购日期": day(order.reserved_on if order is not None else None),
        "成交总价大写": in_capitals(order.total if order is not None else None), "责任": told(change.fault), "原因": change.reason, "已收合计": money(change.paid),
        "已收合计大写": in_capitals(change.paid), "没收定金": money(change.kept),
        "没收定金大写": in_capitals(change.kept), "有没收": "是" if change.kept else "",
        "违约金": money(change.penalty), "手续费": money(change.fee), "双倍返还": money(change.compensation), "利息和赔偿": money(change.interest) if change.interest else "",
        "应退金额": money(change.refundable), "应退金额大写": in_capitals(change.refundable), "执行日": day(change.executed_on),
        "申请人": person(change.submitted_by or change.created_by), "状态": change.state.label,
        **_new_terms(change), "有结算": "是" if change.kind in ENDINGS else "", "批准日": day(change.approved_on),
        "已开票据": "有，须收回" if account is not None and change.paid else NONE,
    }  # fmt: skip


def _new_terms(change: ChangeRequest) -> Values:
    """What a change asks for, empty where its kind asks for nothing: the template leaves those rows out."""
    order = change.reservation
    what = (
        change.receivable.kind.label
        if change.receivable is not None
        else "签约"
        if change.kind is ChangeKind.LATER_SIGNING
        else ""
    )
    return {
        "换到房源": change.new_unit.full_name if change.new_unit is not None else "",
        "新认购书": told(change.new_reservation and change.new_reservation.number),
        "原成交总价": money(change.old_total or (order.total if order is not None else None)),
        "新成交总价": money(change.new_total) if change.new_total is not None else "",
        "新成交总价大写": in_capitals(change.new_total) if change.new_total is not None else "",
        "原付款方式": told(order.scheme.name if order is not None and order.scheme is not None else None),
        "新付款方式": change.new_scheme.name if change.new_scheme is not None else "",
        "更名给": told(change.new_customer and change.new_customer.name), "与原买受人关系": told(change.relation),
        "新买受人": "、".join(f"{one.name} {share_of(one)}" for one in change.proposed),
        "延期款项": told(what), "原定日期": day(change.old_due_on), "延期到": day(change.new_due_on) if change.new_due_on is not None else "",
    }  # fmt: skip
