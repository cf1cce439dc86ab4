"""What stands on the 申请表 of every kind of change. Texts here stand on paper: Chinese for every reader."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.deals.changes.models import ENDINGS, ChangeKind, ChangeRequest
from app.features.deals.printed import buyer_rows, contract_cover, names, told_plan
from app.features.deals.reservations.price import parts_of, plan_for
from app.features.payments.effects import account_of
from app.features.pricing.rules import split_plan
from app.features.units.printed import unit_values
from app.kernel.papers.definition import Row, Values
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


def supplement(desk: Desk, change: ChangeRequest) -> Values:
    """补充协议 to the contract that an executed change left alive (02 §2.5.8), the same whatever was changed after it."""
    contract, paid_anew = change.contract, change.kind is ChangeKind.PAYMENT
    signed = _total_before(desk.session, change)
    return {
        **contract_cover(desk, contract), "合同总价": money(signed), "合同总价大写": in_capitals(signed), "变更类型": change.kind.label, "变更申请编号": told(change.number), "约定": _agreed(change),
        "有付款计划": "是" if paid_anew else "", "付款计划": _plan(desk.session, change) if paid_anew else [], "批准日": day(change.approved_on),
        "应签日": day(change.supplement_due_on),
    }  # fmt: skip


def _total_before(session: Session, change: ChangeRequest) -> Decimal:
    """The contract's total as the supplement found it: what a later one changed stands there."""
    if change.old_total is not None:
        return change.old_total
    later = select(ChangeRequest.old_total).where(
        ChangeRequest.contract_id == change.contract_id, ChangeRequest.id > change.id, ChangeRequest.old_total.is_not(None)
    )  # fmt: skip
    found = session.scalar(later.order_by(ChangeRequest.id).limit(1), execution_options={"unscoped": True})
    total: Decimal = found if found is not None else change.contract.total
    return total


def _plan(session: Session, change: ChangeRequest) -> list[Row]:
    """The whole plan that was agreed, with what was paid before; shared among the 计价项目 while they have that total."""
    order, total = change.reservation, change.new_total or Decimal(0)
    plan = plan_for(
        session, change.new_scheme_id or 0, total, order.deposit or Decimal(0), loan=change.loan_amount,
        fund=change.fund_amount,
    )  # fmt: skip
    lined = bool(order.lines) and order.total == total
    return told_plan(split_plan(plan, parts_of(order)) if lined else plan, lined=lined)


def _agreed(change: ChangeRequest) -> str:
    """What the contract says otherwise from now on."""
    if change.kind is ChangeKind.PAYMENT:
        total = (
            f"合同总价仍为 {money(change.new_total)} 元（{in_capitals(change.new_total)}）"
            if change.new_total == change.old_total
            else f"合同总价由 {money(change.old_total)} 元变更为 {money(change.new_total)} 元（{in_capitals(change.new_total)}）"
        )
        old = change.old_scheme.name if change.old_scheme is not None else "原付款方式"
        return f"付款方式由「{old}」变更为「{change.new_scheme.name}」，{total}。已付款项继续有效，变更后的付款计划（含已付款项）如下。"
    row = change.receivable
    what = f"「{row.kind.label}」{money(row.amount)} 元" if row is not None else "该期房款"
    return (
        f"{what}的付款日由{day(change.old_due_on)}延至{day(change.new_due_on)}。延期期间不计逾期付款违约金；"
        f"逾期未付的，自{day(change.new_due_on)}的次日起按合同计算违约金。"
    )


def _scheme_of(order: Any) -> str:
    return told(order.scheme.name if order is not None and order.scheme is not None else None)


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
        "原付款方式": told(change.old_scheme and change.old_scheme.name) if change.old_scheme_id else _scheme_of(order),
        "新付款方式": change.new_scheme.name if change.new_scheme is not None else "",
        "更名给": told(change.new_customer and change.new_customer.name), "与原买受人关系": told(change.relation),
        "新买受人": "、".join(f"{one.name} {one.share_told}" for one in change.buyers_after),
        "关系证明": told(change.proof), "换名": "是" if change.kind in (ChangeKind.RENAME, ChangeKind.CO_BUYERS) else "",
        "延期款项": told(what), "原定日期": day(change.old_due_on), "延期到": day(change.new_due_on) if change.new_due_on is not None else "",
    }  # fmt: skip
