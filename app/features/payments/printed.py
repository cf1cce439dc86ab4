"""What stands on the papers of buyers' money. Texts here stand on paper: Chinese for every reader."""

from __future__ import annotations

from sqlalchemy import select

from app.features.organisation.printed import escrow_account
from app.features.payments.bills.models import Bill, BillExchange
from app.features.payments.effects.ledger import UNSCOPED
from app.features.payments.letters.effects import rows_on_paper
from app.features.payments.letters.models import DunningLetter
from app.features.payments.models import OrderAccount, PaymentNotice, Receipt, Refund
from app.features.payments.waivers.models import LateFeeWaiver
from app.kernel.base import model_of
from app.kernel.papers.definition import Values
from app.kernel.papers.kinds import NONE, Desk, day, in_capitals, money, person, told

BY_HAND = "____年__月__日"  # a letter is printed before it goes out: its day is written then


def _account(account: OrderAccount) -> Values:
    return {
        "房源": account.unit.full_name, "买受人": account.buyers, "单据": model_of(account.subject).__label__,
        "认购书编号": account.order_number,
    }  # fmt: skip


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
        "收款人": told(paper.payee_name) if handles else NONE,
        "收款账号": desk.personal(paper, "payee_account") if handles else NONE, "依据": told(paper.paper), "付款日": day(paper.paid_on),
        "付款流水号": told(paper.reference) if handles else NONE, "状态": paper.state.label,
    }  # fmt: skip


def dunning_letter(desk: Desk, letter: DunningLetter) -> Values:
    """催款函, 解除通知函: the overdue rows with days and fees as the letter was reviewed with."""
    account, unit = letter.account, letter.account.unit
    rows = [
        {
            "款项": late.row.words, "应付日": day(late.row.payable_on), "未付金额": money(late.row.open_amount),
            "逾期天数": str(late.days), "滞纳金": money(late.fee),
        }
        for late in rows_on_paper(desk.session, letter)
    ]  # fmt: skip
    return {
        **_account(account), "成交总价": money(account.total), "成交总价大写": in_capitals(account.total),
        "送达地址": desk.personal(letter, "address"), "逾期明细": rows, "逾期金额": money(letter.overdue),
        "逾期金额大写": in_capitals(letter.overdue), "滞纳金": money(letter.late_fee), "滞纳金大写": in_capitals(letter.late_fee),
        "最长逾期": str(letter.days), "限期": day(letter.pay_until), "补充说明": letter.content, "寄出日期": day(letter.sent_on) if letter.sent_on is not None else BY_HAND,
        "快递单号": told(letter.express_no),
        "监管账户": escrow_account(desk.session, letter.project_id, unit.permit or unit.building.permit),
    }  # fmt: skip


def third_party(desk: Desk, paper: Receipt) -> Values:
    """代付声明 of a receipt whose payer is no buyer (02 §2.2.2)."""
    handles = desk.reads(Receipt, "payer_name", paper.project_id)
    return {
        **_account(paper.account), "成交总价": money(paper.account.total), "合同或收款单": told(paper.number),
        "代付人": told(paper.payer_name) if handles else NONE, "款项类型": paper.kind.label, "金额": money(paper.amount),
        "金额大写": in_capitals(paper.amount), "收款日": day(paper.paid_on), "方式": paper.method.label if handles else NONE,
    }  # fmt: skip


def bill_exchange(desk: Desk, paper: BillExchange) -> Values:
    """收据换票单: every receipt that comes back."""
    query = select(Bill).where(Bill.exchange_id == paper.id).order_by(Bill.id)
    bills = [bill for bill in desk.session.scalars(query, execution_options=UNSCOPED) if bill.receipt_id is not None]
    return {
        **_account(paper.account), "成交总价": money(paper.account.total),
        "收据清单": [
            {
                "序号": str(i), "票据号码": bill.serial, "收款单": told(bill.receipt and bill.receipt.number), "抬头": told(bill.payer),
                "开票日期": day(bill.issued_on), "金额": money(bill.amount),
            }
            for i, bill in enumerate(bills, 1)
        ],
        "收据张数": str(paper.count), "合计金额": money(paper.total), "合计金额大写": in_capitals(paper.total), "发票号码": told(paper.invoice),
        "换票日期": day(paper.exchanged_on), "说明": told(paper.note), "状态": paper.state.label,
    }  # fmt: skip


def late_fee_waiver(_desk: Desk, paper: LateFeeWaiver) -> Values:
    """滞纳金减免单 with its trail."""
    row = paper.receivable
    return {
        **_account(paper.account), "成交总价": money(paper.account.total), "逾期款项": row.words, "应付日": day(row.payable_on),
        "逾期天数": str(paper.days), "滞纳金": money(paper.fee), "减免金额": money(paper.amount), "减免金额大写": in_capitals(paper.amount),
        "减免理由": paper.reason, "减免生效日": day(paper.granted_on), "申请人": person(paper.submitted_by or paper.created_by),
        "状态": paper.state.label,
    }  # fmt: skip
