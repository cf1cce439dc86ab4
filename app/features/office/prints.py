"""Which papers of the office are printed, and when."""

from __future__ import annotations

from pathlib import Path

from app.features.office import printed
from app.features.office.equipment.models import Equipment, EquipmentState
from app.features.office.expenses.kinds import ExpenseState
from app.features.office.expenses.models import AgencyExpense, DeveloperExpense
from app.features.office.supplies.kinds import CheckState, HandState, PurchaseState, ReceiptState
from app.features.office.supplies.models import SupplyCheck, SupplyHand, SupplyPurchase, SupplyReceipt
from app.kernel.papers.kinds import paper_kind

SHEETS = Path(__file__).with_name("sheets")
NOT_YET = (ExpenseState.DRAFT, ExpenseState.VOID)


def declare_papers() -> None:
    """Called once, in register()."""
    paper_kind("expense_claim", "费用报销单", AgencyExpense, printed.expense, sheets=SHEETS,
               offered=lambda claim: claim.state not in NOT_YET)  # fmt: skip
    paper_kind("developer_claim", "甲方费用报销单", DeveloperExpense, printed.expense, sheets=SHEETS,
               offered=lambda claim: claim.state not in NOT_YET)  # fmt: skip
    paper_kind("supply_purchase", "采购申请单", SupplyPurchase, printed.purchase, sheets=SHEETS,
               offered=lambda paper: paper.state not in (PurchaseState.DRAFT, PurchaseState.VOID))  # fmt: skip
    paper_kind("supply_receipt", "入库单", SupplyReceipt, printed.receipt, sheets=SHEETS,
               offered=lambda paper: paper.state is ReceiptState.POSTED)  # fmt: skip
    paper_kind("supply_hand", "领用退还单", SupplyHand, printed.hand, sheets=SHEETS,
               offered=lambda paper: paper.state in (HandState.WAITING, HandState.SIGNED))  # fmt: skip
    paper_kind("supply_check", "盘点报损单", SupplyCheck, printed.check, sheets=SHEETS,
               offered=lambda paper: paper.state is not CheckState.VOID and bool(paper.lines))  # fmt: skip
    paper_kind("equipment_slip", "设备领用单", Equipment, printed.equipment, sheets=SHEETS,
               offered=lambda thing: thing.state in (EquipmentState.WAITING, EquipmentState.USED))  # fmt: skip
