"""The whole demo world, loaded once: every chapter keeps its promises, and units, orders and money agree (01 «The demo world»)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.demo.world import World, travel
from app.extensions import db
from app.features.archive.templates.models import PaperTemplate, TemplateState
from app.features.customers.models import Contact, Customer
from app.features.deals.changes.models import ChangeKind, ChangeRequest, ChangeState
from app.features.deals.contracts.models import Contract, ContractState
from app.features.deals.discounts.models import DiscountRequest, DiscountState
from app.features.deals.lines.models import OrderLine
from app.features.deals.reservations.models import CloseKind, Reservation, ReservationState
from app.features.organisation.models import Person, Project
from app.features.payments.effects.accounts import PLAN_KINDS
from app.features.payments.models import (
    OrderAccount,
    PaymentNotice,
    Receipt,
    ReceiptState,
    Receivable,
    ReceivableState,
    Refund,
    RefundState,
)
from app.features.units.models import Building, Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.inbox import count_waiting
from app.kernel.approval.records import ApprovalStep, StepState
from app.kernel.audit import AuditEntry
from app.kernel.base import now
from app.kernel.checkups import CHECKUPS
from app.kernel.columns import use_keys
from app.kernel.papers.kinds import PRINTED, Desk
from app.kernel.papers.printed import sheet_of
from app.kernel.papers.records import PrintedPaper
from app.kernel.papers.rendering import filled_word, pdf_of, shipped_template
from app.kernel.trail_reading import ACCOUNT, act_word, label_of_table
from config import SECRETS_FILE
from tests.bench.commands import LONGEST
from tests.bench.databases import Databases
from tests.bench.demo import DEMO_AT
from tests.demo_rows import rows_ahead
from tests.kernel.papers.words import pdf_text, word_text

pytestmark = pytest.mark.timeout(LONGEST + 60)  # whoever comes first waits for the demo

TODAY = DEMO_AT.date()
DECIDERS = (
    "supervisor", "site_manager", "project_manager", "developer_site", "developer_legal", "developer_lead", "developer_finance2",
)  # fmt: skip
R, U = ReservationState, UnitState
FIRST_CHAPTERS = 150  # receipts of the chapters that tell the orders day by day
UNIT_OF_ORDER = {  # what a live order in a state makes of its unit
    R.LOCKED: {U.LOCK, U.BOOK}, R.REVIEW: {U.LOCK, U.BOOK}, R.AWAITING: {U.LOCK, U.BOOK}, R.EFFECTIVE: {U.ORDER, U.DRAFT}, R.SIGNED: {U.SIGN, U.HAND},
}  # fmt: skip


@pytest.fixture(scope="module")
def world(app: Flask, databases: Databases, demo_data: Path) -> Iterator[World]:
    """The demo as the command has loaded it, at that hour, with its files and its keys."""
    before, app.config["UPLOAD_FOLDER"] = app.config["UPLOAD_FOLDER"], str(demo_data / "files")
    secrets = json.loads((demo_data / SECRETS_FILE).read_text("utf-8"))
    use_keys(secrets["FIELD_KEYS"], secrets["INDEX_KEY"])
    with databases.fresh(app, "sqlite"), app.app_context(), travel(DEMO_AT), acting_as(SYSTEM):
        databases.take(demo_data / "anchang.db")
        yield standing(World(db.session, DEMO_AT.date()))
        db.session.remove()
    use_keys(app.config["FIELD_KEYS"], app.config["INDEX_KEY"])
    app.config["UPLOAD_FOLDER"] = before


def standing(world: World) -> World:
    """A world that was loaded before, with its projects and its people."""
    world.projects |= {project.code: project for project in db.session.scalars(select(Project))}
    world.people |= {person.user.username: person for person in db.session.scalars(select(Person)) if person.user}
    return world


def counted(model, project="JPYL", *, world):
    query = select(model.state, func.count(model.id)).where(model.project_id == world.projects[project].id)
    return dict(db.session.execute(query.group_by(model.state)).all())


def test_every_state_of_every_paper_of_an_order_is_there(world):
    assert set(counted(Reservation, world=world)) == set(ReservationState) - {R.DRAFT}
    assert set(counted(DiscountRequest, world=world)) == set(DiscountState)
    assert set(counted(Contract, world=world)) == set(ContractState)
    assert set(counted(ChangeRequest, world=world)) == set(ChangeState)
    closed = set(db.session.scalars(select(Reservation.close_kind).where(Reservation.state == R.CLOSED)))
    assert closed >= {
        CloseKind.RELEASED, CloseKind.WITHDRAWN, CloseKind.FORFEITED, CloseKind.CANCELLED, CloseKind.EXCHANGED,
    }  # fmt: skip


def test_the_first_house_is_mostly_sold_and_the_others_go_on(world):
    query = select(Unit.state, func.count(Unit.id)).join(Building, Building.id == Unit.building_id)
    query = query.where(Unit.project_id == world.projects["JPYL"].id).group_by(Unit.state)
    first = dict(db.session.execute(query.where(Building.name == "1栋")).all())
    assert first[U.SIGN] + first[U.HAND] > sum(first.values()) / 2 and first[U.HAND] >= 10
    mixed = set(db.session.scalars(query.with_only_columns(Unit.state).where(Building.name.in_(["2栋", "3栋"]))))
    assert mixed >= {U.WAIT, U.FREE, U.HOLD, U.LOCK, U.ORDER, U.DRAFT, U.SIGN}
    assert sum(counted(Reservation, "CH1", world=world).values()) >= 5


def test_a_live_order_and_its_unit_agree(world):
    for order in db.session.scalars(select(Reservation).where(Reservation.closed_at.is_(None))):
        assert order.unit.state in UNIT_OF_ORDER[order.state], order
        assert order.unit.reservation_id == order.id
        assert order.state is R.LOCKED or order.home_total <= order.unit.filed_total
    beside = select(OrderLine.unit_id).where(OrderLine.taken_at.is_not(None), OrderLine.left_at.is_(None))
    alive = select(Reservation.unit_id).where(Reservation.closed_at.is_(None)).union(beside)
    taken = [U.LOCK, U.ORDER, U.DRAFT, U.SIGN, U.HAND]  # a 小订单 holds a flat before there is an order
    assert not db.session.scalars(select(Unit).where(Unit.state.in_(taken), Unit.id.not_in(alive))).all()


def test_every_approved_order_has_an_account_with_its_whole_price(world):
    rows = db.session.execute(
        select(OrderAccount.total, func.sum(Receivable.amount))
        .join(Receivable, Receivable.account_id == OrderAccount.id)
        .where(Receivable.state != ReceivableState.CANCELLED, OrderAccount.closed_at.is_(None))
        .where(OrderAccount.subject == "reservation", Receivable.kind.in_(list(PLAN_KINDS)))
        .group_by(OrderAccount.id)
    ).all()
    assert len(rows) > 60
    assert all(total == planned for total, planned in rows)
    effective = select(func.count(Reservation.id)).where(Reservation.state.in_([R.AWAITING, R.EFFECTIVE, R.SIGNED]))
    assert db.session.scalar(effective) == len(rows)


def test_timers_run_and_one_is_fresh(world):
    locks = db.session.scalars(select(Unit).where(Unit.lock_until.is_not(None))).all()
    assert len(locks) == 3
    assert all(unit.lock_until > now() for unit in locks)
    assert max(unit.lock_until for unit in locks) > now() + timedelta(minutes=25)
    assert sum(unit.lock_extended for unit in locks) == 1


def test_red_lists_have_somebody(world):
    today = TODAY
    orders = db.session.scalars(select(Reservation).where(Reservation.state == R.EFFECTIVE)).all()
    assert sum(o.sign_due_on < today for o in orders) >= 2
    short = [o.short_until for o in orders if o.short_until is not None]
    assert min(short) < today <= max(short)
    unfiled = select(func.count(Contract.id)).where(
        Contract.state == ContractState.ONLINE, Contract.signed_on <= today - timedelta(days=20)
    )
    assert db.session.scalar(unfiled) >= 1
    assert counted(Receivable, world=world)[ReceivableState.OVERDUE] >= 5


def test_the_cashier_has_work_today(world):
    assert counted(Receipt, world=world)[ReceiptState.PENDING] >= 3
    assert counted(Receipt, world=world)[ReceiptState.REVERSING] == 1
    assert set(counted(Refund, world=world)) == {RefundState.PENDING, RefundState.PAID}
    assert db.session.scalar(select(func.count(PaymentNotice.id))) == 1
    waiting = ChangeRequest.state == ChangeState.APPROVED, ChangeRequest.kind == ChangeKind.FORFEITURE
    assert db.session.scalar(select(func.count(ChangeRequest.id)).where(*waiting)) == 1


@pytest.mark.parametrize("login", DECIDERS)
def test_something_waits_for_every_deciding_post(world, login):
    assert count_waiting(db.session, world.actor(login)) > 0


def test_a_concession_waits_for_each_post_of_its_chain_and_one_for_the_check_of_a_note(world):
    query = (
        select(ApprovalStep.post, ApprovalStep.state)
        .join(ApprovalStep.request)
        .where(ApprovalStep.state.in_([StepState.PENDING, StepState.RECORDED]))
    )
    found = db.session.execute(query.where(ApprovalStep.request.property.mapper.class_.kind == "discount")).all()
    pending = {post for post, state in found if state is StepState.PENDING}
    assert pending == {"supervisor", "site_manager", "project_manager", "developer_site", "developer_lead"}
    assert [state for _post, state in found].count(StepState.RECORDED) == 1


def test_two_months_of_visits_up_to_today(world):
    assert db.session.scalar(select(func.count(Customer.id))) >= 300
    days = {moment.date() for moment in db.session.scalars(select(Contact.at))}
    assert {TODAY, TODAY - timedelta(days=1), TODAY - timedelta(days=30)} <= days


def test_nothing_lies_ahead_and_numbers_follow_the_clock(world):
    assert rows_ahead(db.session, DEMO_AT) == {}
    numbered = select(Receipt.number).where(
        Receipt.project_id == world.projects["JPYL"].id,
        Receipt.confirmed_at < world.at(1),  # then the desk of today
    )
    numbers = db.session.scalars(numbered.order_by(Receipt.confirmed_at, Receipt.id)).all()
    told_in_order = [
        n for n in numbers if int(n[-4:]) <= FIRST_CHAPTERS
    ]  # later chapters go back to the days of a loan or a reminder
    assert told_in_order == sorted(told_in_order) and len(numbers) > FIRST_CHAPTERS


def test_orders_keep_the_price_of_their_day(world):
    query = (
        select(Reservation).join(Unit, Unit.id == Reservation.unit_id).join(Building, Building.id == Unit.building_id)
    )
    sold = query.where(
        Building.name == "2栋", Reservation.state.in_([R.EFFECTIVE, R.SIGNED]), Reservation.list_total.is_not(None)
    )
    orders = db.session.scalars(sold.where(Reservation.project_id == world.projects["JPYL"].id)).all()
    assert orders
    beside = {order.id: sum(line.list_total for line in order.lines) for order in orders}
    assert all(order.list_total - beside[order.id] == order.unit.list_total for order in orders)


def test_the_doctor_finds_nothing(world):
    findings = [fault for checkup in CHECKUPS for fault in checkup.run(db.session)]
    assert findings == []


def test_every_paper_is_printed_from_the_demo(world):
    """All values of every kind for every record that offers it; one of each kind drawn, and what stands on it read again."""
    missing = []
    for kind in PRINTED.values():
        records = [record for record in world.session.scalars(select(kind.model)) if kind.offered(record)]
        if not records:
            missing.append(kind.key)
            continue
        for record in records:
            sheet = sheet_of(kind, Desk(world.session, SYSTEM), record, 1, "系统默认")
            assert {one.name for one in kind.definition.placeholders} == set(sheet.values), (kind.key, record)
        template = shipped_template(kind)
        printed = set(re.findall(r"{{ *(\w+)", word_text(template)))
        word = filled_word(kind, template, sheet.values)
        text = "".join(pdf_text(pdf_of(word, sheet.title, sheet.foot)).split())
        sure = {n for n in printed if n in ("编号", "项目", "房源", "买受人", "客户") or n.endswith("大写")}
        lost = {n for n in sure if "".join(str(sheet.values[n]).split()) not in text}
        assert sure and not lost, (kind.key, lost)
    assert set(missing) <= {"termination_letter"}, missing  # nobody of the demo is late beyond the contract's days


def test_the_demo_has_templates_and_prints(world):
    assert counted(PaperTemplate, world=world) == {
        TemplateState.SUPERSEDED: 1, TemplateState.IN_USE: 1, TemplateState.REVIEW: 1,
    }  # fmt: skip
    prints = world.session.scalars(select(PrintedPaper)).all()
    assert len(prints) == 2 and all(one.kind == "reservation" and one.turn == 1 and one.copies == 3 for one in prints)


def test_the_auditor_reads_chinese_names_of_everything_that_happened(world):
    kinds = db.session.execute(select(AuditEntry.subject, AuditEntry.act).distinct()).all()
    assert len(kinds) > 100
    named = {subject for subject, _act in kinds if subject} - {ACCOUNT}
    assert [subject for subject in sorted(named) if label_of_table(subject).isascii()] == []
    assert [act for _subject, act in kinds if act_word(act).isascii()] == []
