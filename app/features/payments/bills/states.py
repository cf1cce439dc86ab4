"""How do books, bills and exchanges move? Only 甲方财务 moves them (07 «票据»)."""

from __future__ import annotations

from app.features.payments.bills import effects
from app.features.payments.bills.models import Bill, BillBook, BillExchange, BillState, BookState, ExchangeState
from app.kernel.asks import ask
from app.kernel.posts import Post
from app.kernel.workflow import flow, step

FIN_D = [Post.DEVELOPER_FINANCE]
STORED, DRAWN_BOOK, CLOSED = BookState
BLANK, DRAWN, ISSUED, VOID, RECALLED, WRITTEN_OFF = BillState

BOOK_FLOW = flow(
    BillBook,
    step("draw", "领用", STORED, DRAWN_BOOK, by=FIN_D, tone="primary", then=[effects.draw_book],
         form=[ask("holder", "领用人", "person", posts=FIN_D)]),
    step("close", "核销", DRAWN_BOOK, CLOSED, by=FIN_D, guards=[effects.is_used_up], then=[effects.close_book],
         confirm="核销后本内票据不能再收回或作废。"),
    normal=(STORED, DRAWN_BOOK, CLOSED),
)  # fmt: skip

BILL_FLOW = flow(
    Bill,
    step("draw", "领用", BLANK, DRAWN, internal=True),
    step("issue", "开具", DRAWN, ISSUED, internal=True, then=[effects.note_issue]),
    step("void", "作废", (DRAWN, ISSUED), VOID, by=FIN_D, reason=True, tone="risk", then=[effects.note_back],
         confirm="作废的票据各联须收齐。"),
    step("recall", "收回", (ISSUED, WRITTEN_OFF), RECALLED, by=FIN_D, then=[effects.note_back], confirm="确认客户手中的一联已经交回。"),
    step("write_off", "核销", (ISSUED, VOID, RECALLED), WRITTEN_OFF, by=FIN_D, bulk=True),
    normal=(BLANK, DRAWN, ISSUED, WRITTEN_OFF),
)  # fmt: skip

EXCHANGE_FLOW = flow(
    BillExchange,
    step("exchange", "换票", ExchangeState.OPEN, ExchangeState.DONE, by=FIN_D, tone="primary", then=[effects.exchange],
         confirm="收据全部收回，按合计金额开一张发票；按分项开票时，每个分项一张。",
         form=[ask("serial", "发票号码", default=effects.next_invoice, hint="按分项开票时为第一张的号码，其余按号段顺延"),
               ask("payer", "抬头", default=effects.made_out_to),
               ask("by_line", "按分项各开一张", "checkbox", required=False,
                   hint="房款、装修款、车位等各开一张，金额按收款冲抵的应收行")]),
    step("void", "作废", ExchangeState.OPEN, ExchangeState.VOID, by=FIN_D, reason=True, tone="risk", then=[effects.untie]),
    normal=(ExchangeState.OPEN, ExchangeState.DONE),
)  # fmt: skip
