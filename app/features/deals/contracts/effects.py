"""What a 合同 needs and what follows when it moves (02 §2.2.1, §2.2.2)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from app.features.deals.archiving import begin_loan, file_contract, file_filing
from app.features.deals.changes.rules import total_on_file
from app.features.deals.contracts.models import Contract, ContractState
from app.features.deals.registry import SIGNED
from app.features.deals.reservations.effects import move_customer
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.deals.rules import ConfirmedRow, signing_obstacles
from app.features.organisation.numbers import number_for
from app.features.organisation.parameters import parameter
from app.features.payments.effects import account_of, date_plan, plan_rows_of, set_late_terms
from app.features.payments.models import OrderAccount
from app.features.pricing.effects import scheme_kind
from app.features.pricing.rules import Scheme
from app.features.units import effects as units
from app.features.units.models import Unit
from app.kernel.actors import Actor
from app.kernel.approval.engine import cancel
from app.kernel.approval.kinds import Need
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.posts import Post
from app.kernel.workflow import Act, fire

EVERYBODY = Decimal(1)  # every post of the chain signs


def approval_need(_session: Session, contract: Any) -> Need:
    """The whole chain signs; 甲方法务 only when standard terms were changed (07)."""
    without = frozenset() if contract.terms_changed else frozenset({Post.DEVELOPER_LEGAL})
    summary = f"{contract.unit.full_name}，合同总价 {format_amount(contract.total)} 元" + (
        "，改动了范本条款" if contract.terms_changed else ""
    )
    return Need(EVERYBODY, without=without, summary=summary)


def copy_order(contract: Contract, order: Reservation) -> None:
    """Unit, customer, price and payment come from the order and are never typed again."""
    if order.total is None or order.unit_price is None or order.scheme_id is None:
        raise RuleError("认购书 {no} 还没有价格和付款方式", field="reservation_id", no=order)
    contract.project_id, contract.owner_id, contract.team_id = order.project_id, order.owner_id, order.team_id
    contract.partner_id = order.partner_id
    contract.unit_id, contract.customer_id, contract.customer_name = (
        order.unit_id,
        order.customer_id,
        order.customer_name,
    )
    contract.total, contract.unit_price, contract.scheme_id = order.total, order.unit_price, order.scheme_id
    contract.building_area, contract.pricing_basis = order.unit.building_area, order.unit.pricing_basis
    contract.buyers = "、".join(b.name for b in order.buyers)[:200]
    contract.buyer_ids = [b.id for b in order.buyers]


def order_of(act: Act) -> Reservation:
    """The contract's order."""
    return act.session.scalars(
        select(Reservation).where(Reservation.id == act.document.reservation_id), execution_options={"unscoped": True}
    ).one()


def order_is_effective(act: Act) -> None:
    """A contract is made from an effective order with the same total that nobody is about to end."""
    order = order_of(act)
    if order.ends_as is not None:
        raise RuleError("认购书 {no} 已批准{kind}，不能再签合同", no=order.number, kind=order.ends_as.label)
    if order.state is not ReservationState.EFFECTIVE:
        raise RuleError(
            "认购书 {no} 现在是「{state}」，有效的认购书才能签合同", no=order.number, state=order.state.label
        )
    if order.total != act.document.total:
        raise RuleError(
            "合同总价 {c} 元与认购书 {o} 元不符",
            c=format_amount(act.document.total),
            o=format_amount(order.total or Decimal(0)),
        )


def give_number(act: Act) -> None:
    """The number comes with the first submit."""
    act.document.submitted_by = act.actor.person_id
    if act.document.number is None:
        act.document.number = number_for(act.session, act.document, act.at.date())


def terms_first(contract: Any, _actor: Actor) -> bool:
    """Mode A: terms are entered with the authority first and the contract printed from there (02 §2.2.2)."""
    return _mode(contract) == "A"


def signed_first(contract: Any, _actor: Actor) -> bool:
    """Mode B: signed on paper, entered with the authority later."""
    return _mode(contract) == "B"


def has_loan(contract: Any, _actor: Actor) -> bool:
    """按揭 and 组合: mortgage papers are collected."""
    return scheme_kind(_session_of(contract), contract.scheme_id) in (Scheme.MORTGAGE, Scheme.COMBINED)


def _session_of(contract: Any) -> Session:
    session = object_session(contract)
    if session is None:
        raise TypeError("a contract outside a session")
    return session


def _mode(contract: Any) -> str:
    return str(parameter(_session_of(contract), contract.project_id, "contract_mode"))


def enter_terms(act: Act) -> None:
    """草签: entered with the authority; the unit shows it."""
    contract: Contract = act.document
    contract.online_no, contract.contract_no = act.form["online_no"], act.get("contract_no") or contract.contract_no
    contract.key_keeper = act.get("keeper") or contract.key_keeper
    unit = units.locked_unit(act.session, contract.unit_id, act.actor)
    fire(act.session, unit, "draft", act.actor, internal=True, note=contract.number or "")


def note_buyer(act: Act) -> None:
    act.document.buyer_signed_on = act.form["on"]


def note_seller(act: Act) -> None:
    act.document.seller_sealed_on = act.form["on"]


def both_sides_signed(act: Act) -> None:
    """签约 means signed and sealed by both sides (02 §2.2.1)."""
    contract: Contract = act.document
    missing = [
        w for w, on in (("买方签署", contract.buyer_signed_on), ("甲方盖章", contract.seller_sealed_on)) if on is None
    ]
    if missing:
        raise RuleError("还没有登记{what}", what="、".join(missing))


def signing_condition_met(act: Act) -> None:
    """Buyers equal, plan = total, the scheme's condition met; all obstacles in one sentence (02 §2.2.1)."""
    contract: Contract = act.document
    order = order_of(act)
    account = account_of(act.session, order.id)
    if account is None:
        raise RuleError("认购书 {no} 还没有收款账户", no=order.number)
    rows = [ConfirmedRow(r.kind, r.instalment, r.amount, r.confirmed) for r in plan_rows_of(act.session, account)]
    obstacles = signing_obstacles(
        scheme_kind(act.session, contract.scheme_id), rows, total=contract.total,
        order_buyers=[b.id for b in order.buyers], contract_buyers=contract.buyer_ids,
        papers_complete=contract.papers_complete, papers_promised_on=contract.papers_promised_on,
        lump_sum_first_row=bool(parameter(act.session, contract.project_id, "lump_sum_first_row")),
    )  # fmt: skip
    if obstacles:
        raise RuleError("；".join(str(o).rstrip("。") for o in obstacles))


def sign(act: Act) -> None:
    """Signed: the unit is 签约, the order 已转签约, due dates count from today."""
    contract: Contract = act.document
    order = order_of(act)
    contract.signed_on = act.form["on"]
    contract.contract_no = act.get("contract_no") or contract.contract_no or contract.number or ""
    unit: Unit = units.locked_unit(act.session, contract.unit_id, act.actor)
    fire(act.session, unit, "sign", act.actor, internal=True, note=contract.contract_no)
    fire(act.session, order, "to_contract", act.actor, internal=True, note=contract.contract_no)
    account = note_late_terms(act, contract)
    if account is not None:
        date_plan(act.session, account, act.actor, reserved_on=order.reserved_on, signed_on=contract.signed_on)
    move_customer(act, "sign")
    file_contract(act)
    for listener in SIGNED:
        listener(act, contract)


def note_late_terms(act: Act, contract: Contract) -> OrderAccount | None:
    """The clause on late payment counts for the account of the order, which is handed back."""
    account = account_of(act.session, contract.reservation_id)
    if account is not None:
        set_late_terms(
            act.session, account, daily_rate=contract.late_rate, termination_days=contract.late_days,
            termination_share=contract.termination_rate,
        )  # fmt: skip
    return account


def note_papers(act: Act) -> None:
    """按揭资料: complete, or promised for a day — the condition of a sale with a loan (02 §2.2.1)."""
    contract: Contract = act.document
    contract.papers_complete, contract.papers_promised_on = bool(act.get("complete")), act.get("promised_on")
    if not contract.papers_complete and contract.papers_promised_on is None:
        raise RuleError("资料未齐时请填写客户承诺的齐件日", field="promised_on")


def end_request(act: Act) -> None:
    """A contract that ends with its order is decided no more."""
    cancel(act.session, act.document, act.note or "认购书已结束")


def note_online(act: Act) -> None:
    """网签 submitted."""
    contract: Contract = act.document
    contract.online_on = act.form["on"]
    contract.online_no = act.get("online_no") or contract.online_no
    contract.key_keeper = act.get("keeper") or contract.key_keeper
    contract.alert = None
    tell_unit(act, online_signed_on=contract.online_on)
    begin_loan(act)


def note_filing(act: Act) -> None:
    """备案 done."""
    contract: Contract = act.document
    contract.filed_on, contract.filed_no = act.form["on"], act.form["filed_no"]
    contract.alert = None
    tell_unit(act, filed_on=contract.filed_on)
    file_filing(act)


def note_collection(act: Act) -> None:
    act.document.collected_on, act.document.alert = act.form["on"], None


def hand_key(act: Act) -> None:
    """The U盾 changes hands; the trail keeps every keeper."""
    if act.form["keeper"] == act.document.key_keeper:
        raise RuleError("U盾现在就由 {name} 保管", field="keeper", name=act.form["keeper"])
    act.document.key_keeper = act.form["keeper"]


def days_in_order(act: Act) -> None:
    """网签, 备案 and 领取 follow one another, none lies ahead of today."""
    contract: Contract = act.document
    before = contract.filed_on or contract.online_on or contract.signed_on
    if before is not None and act.form["on"] < before:
        raise RuleError("日期不能早于上一步的 {day}", field="on", day=before.isoformat())
    if act.form["on"] > act.at.date():
        raise RuleError("日期不能晚于今天", field="on")


def end_alert(act: Act) -> None:
    """A contract that is being revoked has no deadlines any more."""
    act.document.alert = None


def change_payment(act: Act) -> None:
    """变更付款方式 of a contract that lives on: a supplement. Raises RuleError for another total than the authority knows."""
    contract: Contract = act.document
    if act.form["total"] != contract.total and total_on_file(contract.state, contract.online_no):
        raise RuleError("合同 {no} 的总价已报房管部门，须先撤销合同才能变更总价；请退回重算后重新送批", no=contract)
    for name in ("scheme_id", "total", "unit_price"):
        setattr(act.document, name, act.form[name])


def note_revoked(act: Act) -> None:
    """撤销备案 done: only now a 退房 may be executed."""
    act.document.revoked_on = act.at.date()
    tell_unit(act, filed_on=None, online_signed_on=None)


def tell_unit(act: Act, **facts: date | None) -> None:
    unit = units.locked_unit(act.session, act.document.unit_id, act.actor)
    units.note_progress(act.session, unit, **facts)


def live_contract(session: Session, reservation_id: int) -> Contract | None:
    """The contract of an order that is neither void nor revoked."""
    return session.scalars(
        select(Contract).where(
            Contract.reservation_id == reservation_id,
            Contract.state.not_in([ContractState.VOID, ContractState.REVOKED]),
        ),
        execution_options={"unscoped": True},
    ).first()
