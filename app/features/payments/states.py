"""How do the papers of money move? Receipts, refunds, notices and receivable rows (02 §2.2.2, 07)."""

from __future__ import annotations

from collections.abc import Callable

from app.features.payments.bills import effects as bills
from app.features.payments.bills.lines import LINES_TO_BILL
from app.features.payments.bills.models import BillKind
from app.features.payments.dunning import effects as dunning
from app.features.payments.dunning.models import HOW
from app.features.payments.effects import fitting, late_fees, receipts, refunds
from app.features.payments.models import (
    Credited,
    NoticeState,
    PaymentNotice,
    Receipt,
    ReceiptState,
    Receivable,
    ReceivableState,
    Refund,
    RefundState,
)
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.asks import Ask, ask
from app.kernel.base import now
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

FIN_D = [Post.DEVELOPER_FINANCE]  # 02 §2.1.1: the buyers' money is the developer's
PENDING, CONFIRMED, REVERSING, REVERSED, VOID = ReceiptState

# The asker never decides; with one cashier only, the engine passes the paper up to 甲方负责人 (07 «a second FIN-D or JFL»).
approval_kind(
    "receipt_reversal",
    "收款红冲",
    Receipt,
    Mode.DIRECT,
    "甲方财务 不限",
    need=receipts.reversal_need,
    content=("account_id", "kind", "amount", "payer_name", "method", "credited", "reference", "fee"),
)


def _bill_form(following: Callable[[Receipt], str]) -> list[Ask]:
    """Serial, payer and sum of a bill; the next free serial and all that is not billed stand there already."""
    return [
        ask("serial", "票据号码", default=following),
        ask("payer", "抬头", default=bills.made_out_to),
        ask(
            "line",
            "分项",
            "choice",
            required=False,
            choices=LINES_TO_BILL,
            hint="只为其中一项开票时选择，金额不超过这张收款单冲抵该分项的数",
        ),
        ask("amount", "开票金额", "money", default=bills.unbilled),
    ]


RECEIPT_FLOW = flow(
    Receipt,
    step("confirm", "确认到账", PENDING, CONFIRMED, by=FIN_D, tone="primary", bulk=True, then=[receipts.confirm_receipt],
         form=[ask("arrived_on", "到账日", "date", default=lambda receipt: receipt.arrived_on or receipt.paid_on)]),
    step("accept_surplus", "同意超额定金", PENDING, None, by=[Post.SITE_MANAGER], shown=receipts.has_surplus,
         confirm="超过法定上限的部分按房款入账，不具有定金效力。", then=[receipts.accept_surplus]),
    step("discard", "作废", PENDING, VOID, by=[*FIN_D, Post.CLERK], reason=True, tone="risk"),
    step("ask_reversal", "申请红冲", CONFIRMED, REVERSING, by=FIN_D, reason=True, tone="risk",
         guards=[receipts.money_is_still_there], then=[receipts.note_submitter, opens("receipt_reversal")]),
    step("issue_receipt", "开收据", CONFIRMED, None, by=FIN_D, shown=bills.may_bill, then=[bills.issues(BillKind.RECEIPT)],
         form=_bill_form(bills.next_receipt)),
    step("issue_invoice", "开发票", CONFIRMED, None, by=FIN_D, shown=bills.may_bill, then=[bills.issues(BillKind.INVOICE)],
         form=_bill_form(bills.next_invoice)),
    *approval_steps("receipt_reversal", REVERSING, approved=REVERSED, returned=CONFIRMED, refused=CONFIRMED, by=FIN_D,
                    guards=(receipts.money_is_still_there,), then=(receipts.reverse_receipt,)),
    normal=(PENDING, CONFIRMED),
)  # fmt: skip

REFUND_FLOW = flow(
    Refund,
    step("pay", "确认付款", RefundState.PENDING, RefundState.PAID, by=FIN_D, tone="primary",
         guards=[refunds.paid_by_another, refunds.bills_are_back], then=[refunds.pay_refund],
         form=[ask("paid_on", "付款日", "date", default=lambda _refund: now().date()), ask("credited", "付出账户", "choice", choices=Credited),
               ask("payee_account", "收款账号", hint="原付款人的账号"), ask("reference", "付款流水号")]),
    step("discard", "作废", RefundState.PENDING, RefundState.VOID, by=[*FIN_D, Post.CLERK], reason=True, tone="risk",
         shown=lambda refund, _actor: not (refund.settled or refund.paper), guards=[refunds.not_of_a_settlement]),
    normal=(RefundState.PENDING, RefundState.PAID),
)  # fmt: skip

NOTICE_FLOW = flow(
    PaymentNotice,
    step("note_paid", "已收款", NoticeState.ISSUED, NoticeState.PAID, internal=True),
    step("discard", "作废", NoticeState.ISSUED, NoticeState.VOID, by=[Post.CONSULTANT, Post.CLERK], reason=True, tone="risk",
         guards=[fitting.nothing_waits]),
    normal=(NoticeState.ISSUED, NoticeState.PAID),
)  # fmt: skip

NOT_DUE, DUE, PARTIAL, PAID, OVERDUE, EXTENDED, CANCELLED = ReceivableState
LIVE = (NOT_DUE, DUE, PARTIAL, PAID, OVERDUE, EXTENDED)
WAITING = (DUE, PARTIAL, OVERDUE, EXTENDED)

RECEIVABLE_FLOW = flow(
    Receivable,
    step("await", "未到期", LIVE, NOT_DUE, internal=True),
    step("fall_due", "到期", LIVE, DUE, internal=True),
    step("pay_part", "收到部分", LIVE, PARTIAL, internal=True),
    step("pay_off", "缴清", LIVE, PAID, internal=True),
    step("become_overdue", "逾期", LIVE, OVERDUE, internal=True),
    step("count_extended", "延期", LIVE, EXTENDED, internal=True),
    step("cancel", "取消", LIVE, CANCELLED, internal=True),
    step("remind", "登记催款", WAITING, None, by=[Post.CONSULTANT, Post.SUPERVISOR, Post.CLERK, *FIN_D],
         then=[dunning.note_reminder],
         form=[ask("how", "催款方式", "text", choices=HOW),
               ask("promised_on", "客户承诺付款日", "date", required=False),
               ask("promised_amount", "承诺金额", "money", required=False, hint="不填为全部未收"),
               ask("next_on", "下次催款日", "date", required=False), ask("note", "客户答复", "textarea", required=False)]),
    step("charge", "计收滞纳金", (*WAITING, PAID), None, by=FIN_D, shown=late_fees.has_uncharged, then=[late_fees.charge_by_step],
         confirm="按合同约定算到今天的滞纳金记为一笔应收款，今天到期。"),
    normal=(NOT_DUE, DUE, PAID),
)  # fmt: skip
