"""How do the papers of the supplies move? (07 «办公用品»: the receiver signs, a count is SUP's, a loss administration's)"""

from __future__ import annotations

from typing import Any

from app.features.office.numbers import give_number
from app.features.office.posts import KEEPERS, SPENDING_CHAIN, STAFF
from app.features.office.supplies import counting, effects
from app.features.office.supplies.kinds import CheckKind, CheckState, HandState, PurchaseState, ReceiptState
from app.features.office.supplies.models import SupplyCheck, SupplyHand, SupplyPurchase, SupplyReceipt
from app.kernel.actors import Actor
from app.kernel.approval.engine import approval_steps, opens
from app.kernel.approval.kinds import approval_kind
from app.kernel.approval.routing import Mode
from app.kernel.workflow import flow, step

approval_kind(
    "supply_purchase", "采购申请", SupplyPurchase, Mode.IN_TURN, SPENDING_CHAIN, unit="元", need=effects.purchase_need,
    content=("reason", "wanted_on", "amount", "line_words"),
)  # fmt: skip
approval_kind(
    "supply_count", "盘点", SupplyCheck, Mode.IN_TURN, "销售主管 不限", need=counting.check_need,
    content=("kind", "checked_on", "note", "line_words"),
)  # fmt: skip
approval_kind(
    "supply_loss", "报损", SupplyCheck, Mode.IN_TURN, "行政部 不限", need=counting.check_need,
    content=("kind", "checked_on", "note", "line_words"),
)  # fmt: skip


def _holds(paper: Any, actor: Actor) -> bool:
    return bool(paper.holder_id == actor.person_id)


def _counts(paper: Any, _actor: Actor) -> bool:
    return paper.kind is CheckKind.COUNT


def _loses(paper: Any, _actor: Actor) -> bool:
    return paper.kind is CheckKind.LOSS


PURCHASE_FLOW = flow(
    SupplyPurchase,
    step("submit", "提交审批", PurchaseState.DRAFT, PurchaseState.REVIEW, by=KEEPERS, tone="primary",
         guards=[effects.something_is_bought], then=[give_number, effects.note_submitter, opens("supply_purchase")]),
    *approval_steps("supply_purchase", PurchaseState.REVIEW, approved=PurchaseState.APPROVED, returned=PurchaseState.DRAFT,
                    refused=PurchaseState.REFUSED, by=KEEPERS),
    step("arrive", "到货", PurchaseState.APPROVED, PurchaseState.ARRIVED, internal=True),
    step("void", "作废", (PurchaseState.DRAFT, PurchaseState.APPROVED), PurchaseState.VOID, by=KEEPERS, reason=True, tone="risk"),
    normal=(PurchaseState.DRAFT, PurchaseState.REVIEW, PurchaseState.APPROVED, PurchaseState.ARRIVED),
)  # fmt: skip

RECEIPT_FLOW = flow(
    SupplyReceipt,
    step("post", "确认入库", ReceiptState.DRAFT, ReceiptState.POSTED, by=KEEPERS, tone="primary",
         confirm="入库后单据不能再改；数量有误时另做盘点。", then=[give_number, effects.book_receipt]),
    step("void", "作废", ReceiptState.DRAFT, ReceiptState.VOID, by=KEEPERS, reason=True, tone="risk"),
    normal=(ReceiptState.DRAFT, ReceiptState.POSTED),
)  # fmt: skip

HAND_FLOW = flow(
    SupplyHand,
    step("hand", "交付待签收", HandState.DRAFT, HandState.WAITING, by=KEEPERS, tone="primary",
         guards=[effects.enough_is_there, effects.returns_what_he_took], then=[give_number, effects.note_hand, effects.tell_holder]),
    step("sign", "签收", HandState.WAITING, HandState.SIGNED, by=STAFF, shown=_holds, tone="primary",
         confirm="请当面点清数量；签收后库存随即变动。", guards=[effects.returns_what_he_took], then=[effects.book_hand]),
    step("reject", "数量不符", HandState.WAITING, HandState.DRAFT, by=STAFF, shown=_holds, reason=True, then=[effects.tell_keeper],
         tone="risk"),
    step("recall", "收回", HandState.WAITING, HandState.DRAFT, by=KEEPERS),
    step("void", "作废", HandState.DRAFT, HandState.VOID, by=KEEPERS, reason=True, tone="risk"),
    normal=(HandState.DRAFT, HandState.WAITING, HandState.SIGNED),
)  # fmt: skip

CHECK_FLOW = flow(
    SupplyCheck,
    step("submit", "提交审批", CheckState.DRAFT, CheckState.REVIEW, by=KEEPERS, shown=_counts, tone="primary",
         then=[counting.note_book, give_number, effects.note_submitter, opens("supply_count")]),
    step("submit_loss", "提交审批", CheckState.DRAFT, CheckState.REVIEW, by=KEEPERS, shown=_loses, tone="primary",
         then=[counting.note_book, give_number, effects.note_submitter, opens("supply_loss")]),
    *approval_steps("supply_count", CheckState.REVIEW, approved=CheckState.POSTED, returned=CheckState.DRAFT,
                    refused=CheckState.REFUSED, by=(), then=(counting.book_check,)),
    *approval_steps("supply_loss", CheckState.REVIEW, approved=CheckState.POSTED, returned=CheckState.DRAFT,
                    refused=CheckState.REFUSED, by=KEEPERS, then=(counting.book_check,)),
    step("void", "作废", CheckState.DRAFT, CheckState.VOID, by=KEEPERS, reason=True, tone="risk"),
    normal=(CheckState.DRAFT, CheckState.REVIEW, CheckState.POSTED),
)  # fmt: skip
