"""更名, 增减名: the buyers are versioned, never overwritten; accounts, archive and customer follow (02 §2.2.3)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.customers.effects import advance
from app.features.customers.models import Customer
from app.features.deals.archiving import note_buyers
from app.features.deals.changes.effects.revoking import lost_its_contract, void_drafted_contract
from app.features.deals.changes.effects.steps import order_of
from app.features.deals.changes.models import ChangeKind, ChangeRequest, Relation
from app.features.deals.changes.rules import proofs_for, require_waited
from app.features.deals.contracts.models import Contract, ContractState
from app.features.deals.reservations.effects import has_other_order
from app.features.deals.reservations.models import Buyer, Ownership, Reservation, Standing
from app.features.organisation.parameters import parameter
from app.features.payments.effects import account_of, rename_account
from app.kernel.attachments import files_of
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.workflow import Act, fire

UNSCOPED = {"unscoped": True}
COPIED = (
    "project_id",
    "owner_id",
    "partner_id",
    "team_id",
    "reservation_id",
    "name",
    "id_kind",
    "id_number",
    "phone",
    "share",
)


def fill(session: Session, change: ChangeRequest, order: Reservation) -> None:
    """更名 names a customer of the same project who signed his consent; both say how the people are related."""
    if change.relation is None:
        raise RuleError("请选择与原买受人的关系", field="relation")
    if change.consent_on is None or change.consent_on > now().date():
        raise RuleError("请填写新买受人签署同意书的日期，不能晚于今天", field="consent_on")
    if change.kind is ChangeKind.CO_BUYERS:
        return
    customer = session.get(Customer, change.new_customer_id or 0, execution_options=UNSCOPED)
    if customer is None or customer.project_id != order.project_id:
        raise RuleError("请选择更名给哪位客户", field="new_customer_id")
    if customer.id == order.customer_id:
        raise RuleError("{name} 就是现在的客户，不需要更名", field="new_customer_id", name=customer.name)


def propose_present(session: Session, change: ChangeRequest, order: Reservation) -> None:
    """增减名 starts from those who buy now: one is added or taken off the list."""
    for buyer in order.buyers:
        session.add(
            Buyer(**{name: getattr(buyer, name) for name in COPIED}, change_id=change.id, standing=Standing.PROPOSED)
        )
    session.flush()


def buyers_are_proposed(act: Act) -> None:
    """Somebody is proposed, and the list or the way they own the flat differs from the present one."""
    change: ChangeRequest = act.document
    order = order_of(act)
    if not change.proposed:
        raise RuleError("还没有登记新买受人，请先登记")
    owned = change.ownership_after
    by_shares = owned is Ownership.SHARES
    if by_shares and sum((b.share for b in change.proposed), Decimal(0)) != 1:
        raise RuleError("按份共有的份额合计应为 100 %，请修改新买受人的份额")
    if owned is order.ownership and _list(change.proposed, by_shares) == _list(order.buyers, by_shares):
        raise RuleError("新买受人与现在的买受人完全相同")


def _list(buyers: Iterable[Buyer], by_shares: bool) -> set[tuple[str, str, Decimal | None]]:
    return {(b.name, b.id_number, b.share if by_shares else None) for b in buyers}


def note_proof(act: Act) -> None:
    """关系证明 uploaded: which paper, and which file it is."""
    change: ChangeRequest = act.document
    accepted = proofs_for(change.relation)
    if act.form["proof"] not in accepted:
        raise RuleError(
            "{relation}的关系证明请上传{papers}中的一种", field="proof", relation=told(change.relation),
            papers="、".join(one.label for one in accepted),
        )  # fmt: skip
    change.proof, change.proof_sha256 = act.form["proof"], act.form["file"].sha256


def kinship_is_proven(act: Act) -> None:
    """Relatives show a paper; for people who are not related 甲方负责人 decides without (02 §2.2.3 «kinship proof or JFL»)."""
    change: ChangeRequest = act.document
    accepted = proofs_for(change.relation)
    if not accepted:
        change.proof, change.proof_sha256 = None, ""
        return
    there = any(file.sha256 == change.proof_sha256 for file in files_of(act.session, change))
    if change.proof not in accepted or not there:
        raise RuleError(
            "与原买受人是{relation}，请点「上传关系证明」上传{papers}中的一种，再提交审批",
            relation=told(change.relation), papers="、".join(one.label for one in accepted),
        )  # fmt: skip


def told(relation: Relation | None) -> str:
    """The word, as it stands in a sentence."""
    return relation.label if relation is not None else ""


def execute(act: Act) -> None:
    """New buyers in, old ones out but kept; a revoked contract lets the order be signed anew."""
    change: ChangeRequest = act.document
    order = order_of(act)
    revoked = lost_its_contract(act.session, order)
    if revoked:
        _require_waited(act, order)
    void_drafted_contract(act)
    for buyer in act.session.scalars(
        select(Buyer).where(Buyer.reservation_id == order.id, Buyer.standing == Standing.CURRENT),
        execution_options=UNSCOPED,
    ).all():
        buyer.standing, buyer.left_on = Standing.FORMER, act.at.date()
    owned = change.ownership_after
    for buyer in change.proposed:
        buyer.standing = Standing.CURRENT
        buyer.share = buyer.share if owned is Ownership.SHARES else Decimal(1)
    act.session.flush()
    act.session.expire(order, ["buyers"])
    former = order.customer_id
    form: dict[str, Any] = {
        "customer_id": change.new_customer_id, "count": len(change.proposed), "ownership": change.new_ownership,
    }  # fmt: skip
    fire(act.session, order, "change_buyers", act.actor, internal=True, note=str(change), **form)
    if revoked:
        fire(act.session, order, "reopen", act.actor, internal=True, note=str(change))
    if change.new_customer_id is not None:
        _move_customers(act, order, former)
    account = account_of(act.session, order.id)
    if account is not None:
        rename_account(act.session, account, order=order)
    note_buyers(act.session, order)


def _require_waited(act: Act, order: Reservation) -> None:
    days = int(parameter(act.session, order.project_id, "rename_wait_days"))
    revoked_on = act.session.scalar(
        select(Contract.revoked_on)
        .where(Contract.reservation_id == order.id, Contract.state == ContractState.REVOKED)
        .order_by(Contract.id.desc())
        .limit(1),
        execution_options=UNSCOPED,
    )
    require_waited(revoked_on, act.at.date(), days)


def _move_customers(act: Act, order: Reservation, former: int) -> None:
    """The new customer has the order; the former one is back in follow-up unless he buys another flat."""
    paper = order.number or ""
    advance(act.session, order.customer_id, "reserve", act.actor, paper=paper)
    if not has_other_order(act.session, former, order.id):
        advance(act.session, former, "back", act.actor, paper=paper)
