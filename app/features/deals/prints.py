"""Which papers orders, contracts, concessions and changes are printed as, when, and where they are filed (02 §2.5.8)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.features.archive.papers.effects import file_print
from app.features.deals import printed
from app.features.deals.archiving import folder_for
from app.features.deals.bookings.models import Booking, BookingState
from app.features.deals.bookings.printed import booking
from app.features.deals.changes.models import ChangeRequest, ChangeState
from app.features.deals.changes.printed import change_request, supplement
from app.features.deals.contracts.models import Contract, ContractState
from app.features.deals.discounts.models import DiscountRequest, DiscountState
from app.features.deals.doubts.models import Doubt, DoubtState
from app.features.deals.doubts.printed import doubt
from app.features.deals.mortgages.models import Mortgage, MortgageState
from app.features.deals.mortgages.printed import mortgage_list
from app.features.deals.reservations.demanding import late_to_sign
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.deals.reservations.rules import demand_counts
from app.kernel.actors import Actor
from app.kernel.attachments import Attachment
from app.kernel.papers.kinds import paper_kind

SHEETS = Path(__file__).with_name("sheets")
APPROVED_ORDER = (ReservationState.AWAITING, ReservationState.EFFECTIVE, ReservationState.SIGNED)
APPROVED_CONTRACT = frozenset(ContractState) - {ContractState.DRAFT, ContractState.REVIEW, ContractState.VOID}


def _filed(code: str, label: str, order_of: Any) -> Any:
    """Puts the PDF into the household of the order; before that takes effect there is no folder, and it is filed then."""

    def file(session: Session, actor: Actor, record: Any, attachment: Attachment) -> None:
        order_id = order_of(record)
        folder = folder_for(session, order_id) if order_id is not None else None
        if folder is not None:
            source = (record.__tablename__, record.id)
            file_print(session, actor, folder, code, f"{label} {record}", source=source, file=attachment)

    return file


def _of_itself(order: Any) -> int:
    return int(order.id)


def _of_order(record: Any) -> Any:
    return record.reservation_id


def _approved(order: Any) -> bool:
    return order.state in APPROVED_ORDER


def _chosen(order: Any) -> bool:
    return order.state in (ReservationState.LOCKED, ReservationState.REVIEW, *APPROVED_ORDER)


def declare_papers() -> None:
    """Called once, in register()."""
    paper_kind("reservation", "认购书", Reservation, printed.reservation, sheets=SHEETS, personal=True, offered=_approved,
               filed=_filed("order", "认购书", _of_itself))  # fmt: skip
    paper_kind(
        "unit_choice", "选房确认单", Reservation, printed.unit_choice, sheets=SHEETS, personal=True, offered=_chosen
    )
    paper_kind("booking", "小订单", Booking, booking, sheets=SHEETS, personal=True,
               offered=lambda paper: paper.state not in (BookingState.EXPIRED, BookingState.RETURNED, BookingState.VOID))  # fmt: skip
    paper_kind("sign_guide", "签约须知", Reservation, printed.sign_guide, sheets=SHEETS, offered=_approved)
    paper_kind("loan_list", "按揭资料清单", Reservation, printed.loan_list, sheets=SHEETS,
               offered=lambda order: _approved(order) and printed.lent_by_bank(order), filed=_filed("other", "按揭资料清单", _of_itself))  # fmt: skip
    paper_kind("contract_cover", "合同信息表", Contract, printed.contract_cover, sheets=SHEETS, personal=True,
               offered=lambda contract: contract.state in APPROVED_CONTRACT, filed=_filed("contract", "商品房买卖合同", _of_order))  # fmt: skip
    paper_kind("supplement", "补充协议", Contract, printed.contract_cover, sheets=SHEETS, personal=True,
               offered=lambda contract: contract.state in APPROVED_CONTRACT and bool(contract.supplement),
               filed=_filed("supplement", "补充协议", _of_order))  # fmt: skip
    paper_kind("discount", "特殊优惠审批单", DiscountRequest, printed.discount, sheets=SHEETS,
               offered=lambda paper: paper.state is not DiscountState.DRAFT, filed=_filed("discount", "折扣审批表", _of_order))  # fmt: skip
    paper_kind("change_request", "变更申请表", ChangeRequest, change_request, sheets=SHEETS, personal=True,
               offered=lambda change: change.state not in (ChangeState.DRAFT, ChangeState.VOID), filed=_filed("change", "变更申请", _of_order))  # fmt: skip
    paper_kind("change_supplement", "补充协议", ChangeRequest, supplement, sheets=SHEETS, personal=True,
               offered=lambda change: change.contract_id is not None, filed=_filed("supplement", "补充协议", _of_order))  # fmt: skip
    paper_kind(
        "sign_demand", "催签函", Reservation, printed.sign_demand, sheets=SHEETS, personal=True, offered=late_to_sign
    )
    paper_kind("end_notice", "解除认购通知书", Reservation, printed.end_notice, sheets=SHEETS, personal=True,
               offered=lambda order: late_to_sign(order) and demand_counts(order.sign_due_on, order.demanded_on),
               filed=_filed("other", "解除认购通知书", _of_itself))  # fmt: skip
    paper_kind("sign_route", "签约流转单", Contract, printed.sign_route, sheets=SHEETS,
               offered=lambda contract: contract.state not in (ContractState.DRAFT, ContractState.VOID))  # fmt: skip
    paper_kind("doubt", "客户疑难处理单", Doubt, doubt, sheets=SHEETS,
               offered=lambda paper: paper.state not in (DoubtState.DRAFT, DoubtState.VOID))  # fmt: skip
    paper_kind("mortgage_list", "按揭资料交接清单", Mortgage, mortgage_list, sheets=SHEETS,
               offered=lambda paper: paper.state is not MortgageState.VOID, filed=_filed("other", "按揭资料交接清单", _of_order))  # fmt: skip
