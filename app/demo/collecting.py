"""Collecting the money of 江畔云庐: promises, letters, an extension, waivers; bills, the bank's lines, closed months."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.demo.approvals import agree
from app.demo.world import World
from app.features.payments.bank.effects import match_all
from app.features.payments.bank.models import BankLine
from app.features.payments.bills.effects import make_bills, take_receipts, tie_receipts, unbilled
from app.features.payments.bills.models import Bill, BillBook, BillExchange, BillKind, BillState
from app.features.payments.closing.effects import close_by_calendar
from app.features.payments.closing.models import MonthClose, MonthState
from app.features.payments.dunning.effects import age_rows
from app.features.payments.effects import accrual, extend_row
from app.features.payments.effects.late_fees import charge_late_fee
from app.features.payments.effects.receipts import number_for
from app.features.payments.letters import effects as letters
from app.features.payments.letters.models import DunningLetter, LetterKind
from app.features.payments.models import (
    Method,
    OrderAccount,
    PaidBy,
    Receipt,
    ReceiptState,
    Receivable,
    ReceivableState,
)
from app.features.payments.waivers import effects as waivers
from app.features.payments.waivers.models import LateFeeWaiver
from app.kernel.transactions import write
from app.kernel.workflow import as_step, fire

CASHIER = "developer_finance"
BILLED, LINES = 8, 10  # receipts with a bill, receipts with a line of the bank


def load(session: Any, world: World) -> None:
    """Everything of the desk that comes after the receipts themselves."""
    _dun(session, world)
    _bill(session, world)
    _bank(session, world)
    _close_months(session, world)


def _saved(
    session: Any, paper: Any, before: Callable[[], None] = lambda: None, after: Callable[[], None] = lambda: None
) -> Any:
    """Insert a paper of the demo through the same rules as its form."""

    def work() -> Any:
        before()
        with as_step(session):
            session.add(paper)
            session.flush()
            after()
        return paper

    return write(session, work)


# ── 催款 ────────────────────────────────────────────────────


def _late_rows(session: Any, world: World) -> list[Receivable]:
    """Overdue rows of buyers, one an account; those with a contract's late clause first."""
    query = (
        select(Receivable)
        .join(OrderAccount, OrderAccount.id == Receivable.account_id)
        .where(
            Receivable.project_id == world.projects["JPYL"].id, Receivable.payer == PaidBy.BUYER,
            Receivable.state == ReceivableState.OVERDUE, OrderAccount.closed_at.is_(None),
        )
        .order_by(OrderAccount.late_rate.is_(None), Receivable.due_on, Receivable.id)
    )  # fmt: skip
    first: dict[int, Receivable] = {}
    for row in session.scalars(query):
        first.setdefault(row.account_id, row)
    return list(first.values())


def _dun(session: Any, world: World) -> None:
    rows = iter(_late_rows(session, world))
    for act in (_fee_and_waiver, _letter_signed_for, _letter_under_review, _broken_promise, _extended):
        row = next(rows, None)
        if row is not None:
            act(session, world, row)
    write(session, lambda: age_rows(session))


def _fee_and_waiver(session: Any, world: World, row: Receivable) -> None:
    """The fee is charged; a part of it is waived, a further waiver waits for its decision."""
    if not accrual(session, row).uncharged:
        return
    with world.acting(CASHIER, world.at(0, 9, 15)) as who:
        fee = charge_late_fee(session, who, row).amount
    for amount, reason, decided in (
        (fee / 2, "放款银行系统故障两天，有银行证明", ("supervisor", "site_manager", "developer_site")),
        (fee / 4, "客户住院，已提交病历", ("supervisor",)),
    ):
        with world.acting("clerk", world.at(0, 9, 20)) as who:
            paper = LateFeeWaiver(
                receivable_id=row.id, amount=amount.quantize(Decimal("0.01")), reason=reason, created_by=who.person_id
            )
            _saved(session, paper, before=lambda paper=paper: waivers.fill(session, paper, row))  # type: ignore[misc]
            fire(session, paper, "submit", who)
        for place, login in enumerate(decided):
            agree(session, world, paper, login, world.at(0, 9, 25 + place))


def _letter(session: Any, world: World, row: Receivable, days_ago: int) -> DunningLetter:
    with world.acting("clerk", world.at(days_ago, 10, 10)) as who:
        paper = DunningLetter(
            account_id=row.account_id,
            kind=LetterKind.DEMAND,
            address="江城市滨江区望江路 88 号",
            created_by=who.person_id,
        )
        account = session.get(OrderAccount, row.account_id)
        _saved(session, paper, before=lambda: letters.fill(session, paper, account))
        fire(session, paper, "submit", who)
    return paper


def _letter_signed_for(session: Any, world: World, row: Receivable) -> None:
    paper = _letter(session, world, row, 1)
    agree(session, world, paper, "supervisor", world.at(1, 11))
    with world.acting("clerk", world.at(1, 15)) as who:
        fire(session, paper, "send", who, on=world.day(1), express_no="SF1688200311")
    with world.acting("clerk", world.at(0, 9, 40)) as who:
        fire(session, paper, "sign", who, on=world.day(0), signed_by="本人")


def _letter_under_review(session: Any, world: World, row: Receivable) -> None:
    _letter(session, world, row, 0)


def _broken_promise(session: Any, world: World, row: Receivable) -> None:
    with world.acting("clerk", world.at(4, 14, 20)) as who:
        fire(
            session, row, "remind", who, how="微信", promised_on=world.day(2), next_on=world.day(1), note="说后天一定付"
        )


def _extended(session: Any, world: World, row: Receivable) -> None:
    with world.acting("developer_site", world.at(0, 9, 5)) as who:
        extend_row(session, who, row, world.day(-5), "延期付款申请（纸质）")


# ── 票据 ────────────────────────────────────────────────────


def _book(session: Any, world: World, kind: BillKind, first: int, last: int, prefix: str, *, drawn: bool) -> None:
    with world.acting(CASHIER, world.at(20, 9)) as who:
        book = BillBook(
            project_id=world.projects["JPYL"].id, kind=kind, prefix=prefix, first_no=first, last_no=last, digits=6,
            got_on=world.day(20), created_by=who.person_id,
        )  # fmt: skip
        _saved(session, book, after=lambda: make_bills(session, book))
        if drawn:
            fire(session, book, "draw", who, holder=str(who.person_id))


def _receipts(session: Any, world: World, *conditions: Any) -> list[Receipt]:
    query = select(Receipt).where(
        Receipt.project_id == world.projects["JPYL"].id, Receipt.state == ReceiptState.CONFIRMED, *conditions
    )
    return list(session.scalars(query.order_by(Receipt.confirmed_at.desc(), Receipt.id.desc()).limit(40)))


def _bill(session: Any, world: World) -> None:
    """Two books in use and one in store; bills issued, voided, taken back, written off; one exchange done, one to be done."""
    receipts = _receipts(session, world)[:BILLED]
    if not receipts:
        return
    for kind, first, last, prefix, drawn in (
        (BillKind.RECEIPT, 1, 25, "A", True), (BillKind.INVOICE, 1, 10, "F", True), (BillKind.RECEIPT, 26, 50, "A", False),
    ):  # fmt: skip
        _book(session, world, kind, first, last, prefix, drawn=drawn)
    for number, receipt in enumerate(receipts, 1):
        with world.acting(CASHIER, world.at(0, 11, number)) as who:
            amount = unbilled(receipt)
            fire(
                session, receipt, "issue_receipt", who, serial=f"A{number:06}", payer=receipt.payer_name, amount=amount
            )
    bills = {bill.serial: bill for bill in session.scalars(select(Bill).where(Bill.state == BillState.ISSUED))}
    for serial, step, note in (
        ("A000001", "void", "抬头写错，各联收齐"),
        ("A000002", "recall", ""),
        ("A000003", "write_off", ""),
    ):
        if serial in bills:
            with world.acting(CASHIER, world.at(0, 11, 20)) as who:
                fire(session, bills[serial], step, who, note=note)
    _exchanges(session, world, receipts[4:6])


def _exchanges(session: Any, world: World, receipts: list[Receipt]) -> None:
    done = False
    for account_id in dict.fromkeys(receipt.account_id for receipt in receipts):
        with world.acting(CASHIER, world.at(0, 11, 30)) as who:
            paper = BillExchange(project_id=world.projects["JPYL"].id, account_id=account_id, created_by=who.person_id)

            def numbered(paper: BillExchange = paper) -> None:
                take_receipts(session, paper)
                paper.number = number_for(session, paper, world.today)

            _saved(session, paper, before=numbered, after=lambda paper=paper: tie_receipts(session, paper))  # type: ignore[misc]
            if not done:
                fire(session, paper, "exchange", who, serial="F000001", payer=paper.account.buyers)
                done = True


# ── 对账, 月结 ──────────────────────────────────────────────


def _bank(session: Any, world: World) -> None:
    """The bank's lines of the last receipts, two that are no buyer's, one that nobody can place yet."""
    receipts = _receipts(session, world, Receipt.method != Method.CASH)[:LINES]
    if not receipts:
        return
    lines = [
        BankLine(
            project_id=receipt.project_id, credited=receipt.credited, booked_on=receipt.arrived_on, income=receipt.amount - receipt.fee,
            counterparty=receipt.payer_name, reference=receipt.reference, memo="房款",
        )
        for receipt in receipts[:-1]
    ]  # fmt: skip
    for income, outgo, memo in (
        (Decimal("318.66"), Decimal(0), "结息"),
        (Decimal(0), Decimal(50), "账户管理费"),
        (Decimal(30000), Decimal(0), "转账"),
    ):
        lines.append(
            BankLine(project_id=receipts[0].project_id, booked_on=world.day(1), income=income, outgo=outgo, memo=memo)
        )
    with world.acting(CASHIER, world.at(0, 10, 30)) as who:
        for line in lines:
            line.created_by = who.person_id
        write(session, lambda: session.add_all(lines))
        match_all(session, who, world.projects["JPYL"].id)
        interest = session.scalars(select(BankLine).where(BankLine.memo == "结息")).one()
        fire(session, interest, "explain", who, note="监管户活期结息，不属于售楼款")


def _close_months(session: Any, world: World) -> None:
    """Months that are over are closed by the calendar; an older one was opened again for a late bank slip."""
    write(session, lambda: close_by_calendar(session))
    query = select(MonthClose).where(
        MonthClose.project_id == world.projects["JPYL"].id, MonthClose.state == MonthState.CLOSED
    )
    months = list(session.scalars(query.order_by(MonthClose.month)))
    if len(months) > 1:
        with world.acting("developer_lead", world.at(0, 9, 50)) as who:
            fire(session, months[0], "reopen", who, note="补登银行迟到回单一笔")
