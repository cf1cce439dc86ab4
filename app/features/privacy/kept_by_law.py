"""Whose data may not be erased, and why (个人信息保护法 §47; 02 §2.5.8): a customer with orders or money is kept for years."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from app.features.complaints.cases.models import Complaint
from app.features.complaints.incidents.models import Dispute, Incident
from app.features.customers.models import Customer
from app.features.deals.bookings.models import Booking
from app.features.deals.changes.models import ChangeRequest
from app.features.deals.intentions.models import Intention
from app.features.deals.reservations.models import Reservation
from app.features.organisation.parameters import parameters
from app.features.payments.models import OrderAccount

UNSCOPED = {"unscoped": True}
KEPT_BY = (
    (Reservation, "认购书"), (Intention, "认筹单"), (Booking, "小订单"), (ChangeRequest, "变更申请"), (OrderAccount, "收款记录"),
    (Complaint, "投诉单"),
    (Incident, "突发事件单"),
    (Dispute, "纠纷单"),
)  # fmt: skip

NO_DEAL = {
    "投诉单",
    "突发事件单",
    "纠纷单",
}  # kept as evidence of how it was settled (民法典: three years of limitation)


def bound(customer_id: Any) -> Any:
    """SQL: whether the law or an agreement keeps the data of the customer of an outer statement."""
    found = [exists().where(model.customer_id == customer_id) for model, _label in KEPT_BY]
    return or_(*found, exists().where(ChangeRequest.new_customer_id == customer_id))


def why_kept(session: Session, customer: Customer) -> list[str]:
    """The reasons in Chinese, none when his data may be erased."""
    held = [label for model, label in KEPT_BY if _has(session, model.customer_id == customer.id)]
    if not held and _has(session, ChangeRequest.new_customer_id == customer.id):
        held = ["更名申请"]
    if not held:
        return []
    keys = ("keep_contract_years", "keep_accounting_years", "keep_identity_years")
    years = parameters(session, customer.project_id, keys)
    deals, reasons = [one for one in held if one not in NO_DEAL], []
    if deals:
        reasons.append(f"客户有{'、'.join(deals)}，交易资料须保存到合同履行完毕后 {years['keep_contract_years']} 年")
        reasons.append(f"客户身份资料和交易记录须保存到业务结束后 {years['keep_identity_years']} 年（反洗钱法）")
    if "收款记录" in held:
        reasons.append(f"会计凭证须保存 {years['keep_accounting_years']} 年（会计档案管理办法）")
    others = [one for one in held if one in NO_DEAL]
    if others:
        reasons.append(f"客户有{'、'.join(others)}，处理记录是双方的证据，须保存")
    return reasons


def _has(session: Session, condition: Any) -> bool:
    return bool(session.scalar(select(exists().where(condition)), execution_options=UNSCOPED))
