"""接管: every old order becomes an order of ours with customer, account, contract and posted receipts — all of them or none.

It runs as a task of the 甲方财务 who starts it: the receipts are confirmed by him (02 §2.1.1), in one transaction.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.features.customers.choices import ContactKind, Grade, IdKind, Source
from app.features.customers.effects import advance
from app.features.customers.effects.ownership import team_at
from app.features.customers.effects.phones import add_numbers, number_digest
from app.features.customers.models import Customer, CustomerPhone
from app.features.deals.contracts.effects import copy_order
from app.features.deals.contracts.models import Contract
from app.features.deals.lines.models import OrderLine
from app.features.deals.reservations.models import Buyer, Ownership, Reservation
from app.features.deals.reservations.price import lined_plan_of, of_order
from app.features.deals.takeover.beside import Beside, sold_beside
from app.features.deals.takeover.effects import UNSCOPED, all_faults, months_are_open, read
from app.features.deals.takeover.models import Stage, TakeOver, TakeOverOrder
from app.features.organisation.numbers import number_for
from app.features.payments.effects import enter_receipt, open_account
from app.features.pricing.effects import plan_terms, scheme_kind
from app.features.pricing.rules import Anchor, payment_plan
from app.features.units import effects as units
from app.features.units.models import Unit
from app.kernel.errors import RuleError
from app.kernel.money import half_up
from app.kernel.tasks.asking import ask_for
from app.kernel.tasks.records import Outcome
from app.kernel.tasks.running import Run, task_kind
from app.kernel.transactions import write
from app.kernel.workflow import Act, fire

KIND = "take_over"
NOTE = "期初接管"
SIGNS = {Stage.SIGNED: "take_over_signed", Stage.ONLINE: "take_over_online", Stage.FILED: "take_over_filed"}


def ask_to_make(act: Act) -> None:
    """Hundreds of orders are made in the background; asked for twice, it is one task."""
    paper: TakeOver = act.document
    title = f"期初接管 {paper.number}"
    ask_for(
        act.session,
        act.actor,
        KIND,
        title,
        {"id": paper.id},
        project_id=paper.project_id,
        key=f"{KIND}-{paper.id}-{paper.version}",
    )


@task_kind(KIND)
def run(task: Run) -> Outcome:
    """Make the books of one paper; nothing is left half-done whatever happens."""
    outcome = Outcome(message="", url=f"/take-over/show/{task.arguments['id']}")

    def work() -> Outcome:
        paper = read(task.session, task.arguments["id"])
        fire(task.session, paper, "finish", task.actor, internal=True, run=task)
        task.finish(outcome)
        return outcome

    return write(task.session, work)


def make_books(act: Act) -> None:
    """Effect of «finish»: checked once more, then flat by flat in the order of their ids (lock order).

    A month that was closed meanwhile is re-opened, the paper need not go back; every other fault is corrected in its rows.
    """
    months_are_open(act)
    paper = read(act.session, act.document.id)
    wrong = all_faults(paper)
    if wrong:
        raise RuleError(
            "核准后情况有变，请点「退回修改」改正后重新提交：{what}", what="；".join(str(one) for one in wrong[:5])
        )
    dues: dict[int, list[Any]] = defaultdict(list)
    receipts: dict[int, list[Any]] = defaultdict(list)
    for due in paper.dues:
        dues[due.unit_id].append(due)
    for receipt in paper.receipts:
        receipts[receipt.unit_id].append(receipt)
    beside, _none = sold_beside(act.session, paper.orders)
    run_of = act.get("run")
    for done, one in enumerate(paper.orders, 1):
        _make(
            act,
            paper,
            one,
            beside[one.unit_id],
            dues[one.unit_id],
            sorted(receipts[one.unit_id], key=lambda r: (r.paid_on, r.id)),
        )
        if run_of is not None:
            run_of.progress(done, len(paper.orders))
    act.document.done_on = act.at.date()


def _make(
    act: Act, paper: TakeOver, one: TakeOverOrder, beside: list[Beside], dues: list[Any], receipts: list[Any]
) -> None:
    order = _order(act, paper, one, beside, _customer(act, one), dues)
    account = open_account(
        act.session,
        act.actor,
        order=order,
        plan=lined_plan_of(order),
        reserved_on=one.reserved_on,
        signed_on=one.signed_on,
    )
    for row in receipts:
        number = row.reference or row.old_number
        receipt = enter_receipt(
            act.session, act.actor, account, kind=row.kind, amount=row.amount, method=row.method, paid_on=row.paid_on,
            credited=row.credited, reference=number, pos_terminal=NOTE, remark=f"{NOTE} {paper.number} {row.old_number}".strip(),
        )  # fmt: skip
        fire(act.session, receipt, "confirm", act.actor, internal=True, note=NOTE, arrived_on=row.paid_on)
    act.session.refresh(order)
    if one.stage is not Stage.ORDERED:
        _contract(act, one, order)
    one.reservation_id = order.id


def _customer(act: Act, one: TakeOverOrder) -> Customer:
    """The customer with this number, else a new one; how he first came is not known any more."""
    query = select(CustomerPhone.customer_id).where(
        CustomerPhone.project_id == one.project_id, CustomerPhone.digest == number_digest(one.phone), CustomerPhone.live
    )
    known = act.session.scalars(query, execution_options=UNSCOPED).first()
    if known is not None:
        return act.session.get_one(Customer, known, execution_options=UNSCOPED)
    began = _moment(one.reserved_on)
    customer = Customer(
        project_id=one.project_id, name=one.buyer, grade=Grade.A, source=Source.OTHER, source_detail=NOTE,
        first_kind=ContactKind.FIRST_VISIT, first_at=began, last_contact_at=began, last_visit_at=began,
        owner_id=one.seller_id, team_id=team_at(act.session, one.seller_id, one.project_id, act.at),
    )  # fmt: skip
    act.session.add(customer)
    act.session.flush()
    add_numbers(act.session, customer, [one.phone])
    return customer


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(12))


def _order(
    act: Act, paper: TakeOver, one: TakeOverOrder, beside: list[Beside], customer: Customer, dues: list[Any]
) -> Reservation:
    extras = sum((line.price for line in beside), Decimal(0))
    unit = units.locked_unit(act.session, one.unit_id, act.actor)
    order = Reservation(
        project_id=one.project_id, unit_id=unit.id, customer_id=customer.id, customer_name=one.buyer, owner_id=one.seller_id,
        team_id=customer.team_id, reserved_on=one.reserved_on, scheme_id=one.scheme_id, list_total=unit.list_total,
        public_total=one.total, total=one.total, extras_total=extras,
        unit_price=half_up((one.total - extras) / unit.building_area), deposit=one.deposit,
        loan_amount=one.loan_amount, fund_amount=one.fund_amount, customer_signed_on=one.reserved_on,
        deposit_confirmed_on=one.reserved_on, taken_over_on=act.at.date(), created_by=act.actor.person_id,
        remark=f"{NOTE} {paper.number}，原编号 {one.old_number or '无'}", locked_at=_moment(one.reserved_on),
        plan_rows=_plan(act, one, dues),
    )  # fmt: skip
    act.session.add(order)
    act.session.flush()
    people = [(one.buyer, one.id_number), *others_of(one.others or "")]
    if len(people) > 1:
        order.ownership = Ownership.JOINT
    for name, number in people:
        act.session.add(Buyer(
            project_id=order.project_id, owner_id=order.owner_id, team_id=order.team_id, reservation_id=order.id, name=name,
            id_kind=IdKind.ID_CARD, id_number=number, phone=one.phone if name == one.buyer else None,
        ))  # fmt: skip
    act.session.flush()
    order.number = number_for(act.session, order, act.at.date())
    fire(act.session, order, "bring_in", act.actor, internal=True, note=f"{NOTE} {paper.number}")
    fire(act.session, unit, "bring_in", act.actor, internal=True, note=order.number, reservation_id=order.id)
    _bring_lines(act, order, unit, beside)
    advance(act.session, customer.id, "reserve", act.actor, paper=order.number)
    customer.reserved_at = _moment(one.reserved_on)  # he bought then, not on the day of the take-over
    act.session.refresh(order)
    return order


def _bring_lines(act: Act, order: Reservation, home: Unit, beside: list[Beside]) -> None:
    """装修款, 车位 and 储藏间 as lines of their own at the price of the old book; the places come in with the home (0040)."""
    lists = order.list_total or Decimal(0)
    for line in beside:
        place = units.locked_unit(act.session, line.unit.id, act.actor) if line.unit is not None else None
        listed = (place.list_total if place is not None else home.finish_price) or line.price
        order.lines.append(OrderLine(
            kind=line.kind, unit_id=place.id if place is not None else None, list_total=listed, public_total=line.price,
            name=place.full_name if place is not None else f"装修款 {home.finish}".strip(),
            taken_at=order.locked_at if place is not None else None, **of_order(order),
        ))  # fmt: skip
        lists += listed
        if place is not None:
            fire(
                act.session,
                place,
                "bring_in",
                act.actor,
                internal=True,
                note=order.number or "",
                reservation_id=order.id,
            )
    order.list_total = lists
    act.session.flush()


def others_of(text: str) -> list[tuple[str, str]]:
    """«李四 3101…；王五 3102…» → pairs. Raises RuleError for a part that is not a name and a number."""
    pairs = []
    for part in filter(None, (p.strip() for p in text.replace(";", "；").split("；"))):
        name, _gap, number = part.partition(" ")
        if not name or not number.strip():
            raise RuleError(
                "其他买受人「{part}」看不懂，每人写「姓名 证件号码」，用分号隔开", field="others", part=part[:20]
            )
        pairs.append((name, number.strip()))
    return pairs


def _plan(act: Act, one: TakeOverOrder, dues: list[Any]) -> list[list[Any]]:
    """As agreed, with its own days; without rows, the plan of the 付款方式."""
    if dues:
        return [
            [due.kind.label, due.payer.label, str(due.amount), Anchor.RESERVED.value,
             (due.due_on - one.reserved_on).days if due.due_on else 0, due.instalment]
            for due in dues
        ]  # fmt: skip
    rows = payment_plan(
        scheme_kind(act.session, one.scheme_id), one.total, one.deposit, terms=plan_terms(act.session, one.scheme_id),
        loan=one.loan_amount, fund_loan=one.fund_amount or Decimal(0),
    )  # fmt: skip
    return [[r.kind.value, r.payer.value, str(r.amount), r.anchor.value, r.days, r.instalment] for r in rows]


def _contract(act: Act, one: TakeOverOrder, order: Reservation) -> None:
    contract = Contract(
        reservation_id=order.id, contract_no=one.contract_no, signed_on=one.signed_on, buyer_signed_on=one.signed_on,
        seller_sealed_on=one.signed_on, online_no=one.online_no, online_on=one.online_on, filed_no=one.filed_no,
        filed_on=one.filed_on, papers_complete=True, taken_over_on=act.at.date(), created_by=act.actor.person_id,
    )  # fmt: skip
    if one.late_rate is not None:
        contract.late_rate = one.late_rate
    if one.late_days is not None:
        contract.late_days = one.late_days
    copy_order(contract, order)
    act.session.add(contract)
    act.session.flush()
    contract.number = number_for(act.session, contract, act.at.date())
    fire(act.session, contract, SIGNS[one.stage], act.actor, internal=True, note=NOTE)
