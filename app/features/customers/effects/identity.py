"""证件 and 同意书: no identity number without a consent, nobody twice under one number (02 §2.5.2, §2.5.11)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import object_session

from app.features.customers import rules
from app.features.customers.choices import CustomerState, IdKind
from app.features.customers.consents.effects import standing
from app.features.customers.consents.models import Purpose
from app.features.customers.models import Customer
from app.kernel.columns import blind
from app.kernel.errors import RuleError
from app.kernel.workflow import Act

CONSENT_FIRST = "请先登记客户的个人信息同意书，并勾选客户单独同意收集证件号码，再录入证件号码"


def consent_is_missing(customer: Customer) -> bool:
    """Whether he has not agreed to this by itself yet: the form for his papers says so before it asks for anything."""
    session = object_session(customer)
    return session is None or Purpose.IDENTITY not in standing(session, customer.id)


def consent_is_given(act: Act) -> None:
    """Guard: the customer agreed to the keeping of his data before his identity number is taken."""
    if consent_is_missing(act.document):
        raise RuleError(CONSENT_FIRST)


def note_identity(act: Act) -> None:
    """Step 登记证件. Raises RuleError «该客户已登记，请找主管判客» when a live customer has the same name and number."""
    customer: Customer = act.document
    kind: IdKind = act.get("id_kind")
    number = rules.identity_number(kind, act.get("id_number") or "", act.at.date())
    digest = blind("id:" + number)
    twin = select(Customer.id).where(
        Customer.project_id == customer.project_id,
        Customer.id_digest == digest,
        Customer.name == customer.name,
        Customer.id != customer.id,
        Customer.state != CustomerState.LOST,
    )
    if act.session.scalars(twin, execution_options={"unscoped": True}).first() is not None:
        raise RuleError("该客户已登记，请找主管判客", field="id_number")
    customer.id_kind, customer.id_number, customer.id_digest = kind, number, digest
    customer.id_address = (act.get("id_address") or "").strip() or None
