"""What orders, contracts and changes put on file: the household's folder, and every paper that a step makes (02 §2.5.8).

Called by the effects of this room, inside their transactions.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.archive.folders.effects import Household, end_folder, folder_of, open_folder, reach_stage
from app.features.archive.folders.models import Folder
from app.features.archive.models import Medium, Payment, Stage
from app.features.archive.papers.effects import file_own, withdraw_own
from app.features.archive.rules import LENT_BY_BANK
from app.features.deals.changes.models import ChangeRequest
from app.features.deals.contracts.models import Contract
from app.features.deals.discounts.models import DiscountRequest
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.payments.effects import account_of
from app.features.payments.models import Receipt
from app.features.payments.models.receipts import CONFIRMED_STATES
from app.features.pricing.models import PaymentScheme
from app.kernel.actors import SYSTEM, Actor
from app.kernel.jobs import every
from app.kernel.papers.printing import file_again
from app.kernel.workflow import Act

UNSCOPED = {"unscoped": True}
ORDER = Reservation.__tablename__
AT_ONCE = 100  # households that one run of the job opens


def folder_for(session: Session, order_id: int) -> Folder | None:
    """The folder of an order."""
    return folder_of(session, ORDER, order_id)


def open_household(session: Session, actor: Actor, order: Reservation, on: date) -> Folder:
    """The order took effect: its folder, the signed 认购书 to be brought to the desk, the approved concession, the money so far."""
    folder = open_folder(session, _household(session, order), on)
    file_own(session, actor, folder, "order", f"认购书 {order.number}", source=(ORDER, order.id), medium=Medium.ORIGINAL,
             awaited=True, on=on)  # fmt: skip
    if order.discount_request_id is not None:
        paper = session.get_one(DiscountRequest, order.discount_request_id, execution_options=UNSCOPED)
        file_own(
            session,
            actor,
            folder,
            "discount",
            f"折扣审批表 {paper.number}",
            source=("discount_request", paper.id),
            on=on,
        )
        file_again(session, SYSTEM, paper)
    file_again(session, SYSTEM, order)
    account = account_of(session, order.id)
    if account is not None:
        query = select(Receipt).where(Receipt.account_id == account.id, Receipt.state.in_(CONFIRMED_STATES))
        for receipt in session.scalars(query, execution_options=UNSCOPED):
            file_receipt(session, actor, folder, receipt)
    return folder


def _household(session: Session, order: Reservation) -> Household:
    unit, building = order.unit, order.unit.building.name
    return Household(
        project_id=order.project_id, owner_id=order.owner_id, partner_id=order.partner_id, team_id=order.team_id, subject=ORDER,
        subject_id=order.id, building=building, room=unit.full_name.removeprefix(building), unit_id=unit.id,
        unit_name=unit.full_name, customer_id=order.customer_id, customer_name=order.customer_name,
        order_number=order.number or "", payment=_payment_of(session, order),
    )  # fmt: skip


def _payment_of(session: Session, order: Reservation) -> Payment | None:
    scheme = session.get(PaymentScheme, order.scheme_id, execution_options=UNSCOPED) if order.scheme_id else None
    return Payment(scheme.kind.value) if scheme is not None else None  # type: ignore[call-arg]


def file_receipt(session: Session, actor: Actor, folder: Folder, receipt: Receipt) -> None:
    """A confirmed receipt, as the product itself shows it."""
    title = f"收款单 {receipt.number} {receipt.kind.label} {receipt.amount:,.2f} 元"
    file_own(session, actor, folder, "receipt", title, source=("receipt", receipt.id), on=receipt.paid_on)


def hear_of_receipt(act: Act, account: Any) -> None:
    """Listener of payments: a confirmed receipt goes on file; before the order took effect there is no folder yet."""
    folder = folder_for(act.session, account.reservation_id) if account.subject == ORDER else None
    if folder is not None:
        file_receipt(act.session, act.actor, folder, act.document)


def hear_of_reversal(act: Act, _account: Any) -> None:
    """Listener of payments: what a red entry took back is 作废 on file, too."""
    withdraw_own(act.session, act.actor, ("receipt", act.document.id), "已红冲")


def file_contract(act: Act) -> None:
    """签约: the household is one stage further; the signed contract is to be brought to the desk today or tomorrow."""
    contract: Contract = act.document
    folder = folder_for(act.session, contract.reservation_id)
    if folder is not None and contract.signed_on is not None:
        reach_stage(act.session, folder, Stage.SIGN, contract.signed_on)
        file_own(act.session, act.actor, folder, "contract", f"商品房买卖合同 {contract.contract_no}", source=("contract", contract.id),
                 medium=Medium.ORIGINAL, awaited=True, on=contract.signed_on)  # fmt: skip


def begin_loan(act: Act) -> None:
    """网签 of a buyer with a loan: from now on the bank's papers are asked for."""
    folder = folder_for(act.session, act.document.reservation_id)
    if folder is not None and folder.payment in LENT_BY_BANK:
        reach_stage(act.session, folder, Stage.LOAN, act.document.online_on)


def file_filing(act: Act) -> None:
    """备案: one stage further; its certificate is awaited."""
    contract: Contract = act.document
    folder = folder_for(act.session, contract.reservation_id)
    if folder is not None and contract.filed_on is not None:
        reach_stage(act.session, folder, Stage.FILING, contract.filed_on)
        file_own(act.session, act.actor, folder, "filing", f"备案证明 {contract.filed_no}", source=("contract", contract.id),
                 medium=Medium.COPY, awaited=True, on=contract.filed_on)  # fmt: skip


def end_household(act: Act) -> None:
    """An executed 退订, 挞定, 退房 or 换房 goes on file, and the folder ends with it."""
    change: ChangeRequest = act.document
    folder = file_change(act.session, act.actor, change, act.at.date())
    if folder is not None:
        end_folder(act.session, folder, act.actor, f"{change.kind.label} {change.number}")


def file_change(session: Session, actor: Actor, change: ChangeRequest, on: date) -> Folder | None:
    """An executed change that leaves the order alive goes on file, too."""
    folder = folder_for(session, change.reservation_id)
    if folder is not None:
        title = f"{change.kind.label}申请 {change.number}"
        file_own(session, actor, folder, "change", title, source=("change_request", change.id), on=on)
    return folder


def file_supplement(act: Act) -> None:
    """A 补充协议 is due: its signed original is awaited until the day it has to be signed."""
    change: ChangeRequest = act.document
    folder = folder_for(act.session, change.reservation_id)
    if folder is not None:
        paper = file_own(act.session, act.actor, folder, "supplement", f"补充协议 {change.number}", source=("change_request", change.id),
                         medium=Medium.ORIGINAL, awaited=True, on=act.at.date())  # fmt: skip
        paper.due_on = change.supplement_due_on


def note_payment(session: Session, order: Reservation) -> None:
    """变更付款方式: which papers the household needs follows how it pays."""
    folder = folder_for(session, order.id)
    if folder is not None:
        folder.payment = _payment_of(session, order)
        session.flush()


def note_buyers(session: Session, order: Reservation) -> None:
    """更名: the folder bears the name of whoever buys now."""
    folder = folder_for(session, order.id)
    if folder is not None:
        folder.customer_id, folder.customer_name = order.customer_id, order.customer_name
        session.flush()


def sources(session: Session, folder: Folder) -> list[Any]:
    """Records whose attachments may be filed into the household, within the reader's rows: order, contracts, changes."""
    if folder.subject != ORDER:
        return []
    orders = session.scalars(select(Reservation).where(Reservation.id == folder.subject_id)).all()
    rest = [
        row for model in (Contract, ChangeRequest)
        for row in session.scalars(select(model).where(model.reservation_id == folder.subject_id).order_by(model.id))
    ]  # fmt: skip
    papers = [o.discount_request_id for o in orders if o.discount_request_id is not None]
    return [*orders, *rest, *session.scalars(select(DiscountRequest).where(DiscountRequest.id.in_(papers)))]


@every(seconds=3600, name="open_household_folders")
def open_missing(session: Session) -> int:
    """Orders that took effect before there was an archive get their folder; the signed ones at their stage."""
    known = select(Folder.subject_id).where(Folder.subject == ORDER)
    query = select(Reservation).where(
        Reservation.state.in_([ReservationState.EFFECTIVE, ReservationState.SIGNED]), Reservation.id.not_in(known)
    )
    orders = session.scalars(query.order_by(Reservation.id).limit(AT_ONCE)).all()
    for order in orders:
        folder = open_household(session, SYSTEM, order, order.deposit_confirmed_on or order.reserved_on)
        signed = select(Contract).where(Contract.reservation_id == order.id, Contract.signed_on.is_not(None))
        for contract in session.scalars(signed):
            reach_stage(
                session,
                folder,
                Stage.FILING if contract.filed_on else Stage.SIGN,
                contract.signed_on or order.reserved_on,
            )
    return len(orders)
