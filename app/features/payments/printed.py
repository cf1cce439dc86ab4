"""What stands on the papers of buyers' money. Texts here stand on paper: Chinese for every reader."""

from __future__ import annotations

from app.features.organisation.printed import escrow_account
from app.features.payments.models import OrderAccount, PaymentNotice, Receipt, Refund
from app.kernel.papers.definition import Values
from app.kernel.papers.kinds import NONE, Desk, day, in_capitals, money, person, told


def _account(account: OrderAccount) -> Values:
    return {"房源": account.unit.full_name, "买受人": account.buyers, "认购书编号": account.order_number}


def payment_notice(desk: Desk, paper: PaymentNotice) -> Values:
    """缴款通知单: what the buyer carries to the cashier (02 §2.2.2)."""
    unit = paper.account.unit
    return {
        **_account(paper.account), "款项类型": paper.kind.label, "金额": money(paper.amount), "金额大写": in_capitals(paper.amount),
        "缴款期限": day(paper.pay_by), "监管账户": escrow_account(desk.session, paper.project_id, unit.permit or unit.building.permit),
        "备注": told(paper.remark), "开单人": person(paper.created_by), "开单日期": day(paper.created_at.date()),
    }  # fmt: skip


def receipt(desk: Desk, paper: Receipt) -> Values:
    """收款收据 of confirmed money. How it was paid is for those who handle money (07): the others' paper leaves it open."""
    handles = desk.reads(Receipt, "payer_name", paper.project_id)
    return {
        **_account(paper.account), "款项类型": paper.kind.label, "金额": money(paper.amount), "金额大写": in_capitals(paper.amount),
        "收款日": day(paper.paid_on), "到账日": day(paper.arrived_on), "确认人": person(paper.confirmed_by),
        "确认时间": f"{paper.confirmed_at:%Y-%m-%d %H:%M}" if paper.confirmed_at is not None else NONE,
        "付款人": told(paper.payer_name) if handles else NONE, "方式": paper.method.label if handles else NONE,
        "入账账户": paper.credited.label if handles else NONE, "流水号": told(paper.reference) if handles else NONE,
        "代付声明": told(paper.third_party_paper) if handles else NONE, "备注": told(paper.remark) if handles else NONE,
    }  # fmt: skip


def refund(desk: Desk, paper: Refund) -> Values:
    """退款单."""
    handles = desk.reads(Refund, "payee_name", paper.project_id)
    origin = paper.receipt
    return {
        **_account(paper.account), "原收款单": told(origin and origin.number), "金额": money(paper.amount),
        "原付款人": told(origin and origin.payer_name) if handles else NONE, "金额大写": in_capitals(paper.amount), "退款原因": paper.reason,
        "收款人": told(paper.payee_name) if handles else NONE, "依据": told(paper.paper), "付款日": day(paper.paid_on),
        "付款流水号": told(paper.reference) if handles else NONE, "状态": paper.state.label,
    }  # fmt: skip
