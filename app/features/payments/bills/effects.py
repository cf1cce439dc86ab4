"""Books are drawn, bills issued, voided, recalled and written off; each serial once, amounts never above the receipt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, object_session

from app.features.payments.bills.lines import VALID, require_within_line, shares_by_line
from app.features.payments.bills.models import Bill, BillBook, BillExchange, BillKind, BillState, ExchangeState
from app.features.payments.bills.rules import serial_text
from app.features.payments.models import OrderAccount, Receipt, ReceiptState
from app.features.pricing.models import PricedLine
from app.kernel.actors import Actor
from app.kernel.errors import RuleError
from app.kernel.money import format_amount, to_fen
from app.kernel.notices import NoticeKind, notify_posts
from app.kernel.posts import Post
from app.kernel.workflow import Act, fire

UNSCOPED = {"unscoped": True}  # who may see the receipt or the account counts all its bills


def make_bills(session: Session, book: BillBook) -> None:
    """One blank bill a serial of a new book; joins the caller's transaction."""
    for number in range(book.first_no, book.last_no + 1):
        serial = serial_text(book.prefix, number, book.digits)
        session.add(
            Bill(
                project_id=book.project_id,
                book=book,
                kind=book.kind,
                serial=serial,
                sequence=number,
                created_by=book.created_by,
            )
        )
    session.flush()


def bills_of(session: Session, book: BillBook) -> list[Bill]:
    """All bills of a book in their order."""
    query = select(Bill).where(Bill.book_id == book.id).order_by(Bill.sequence)
    return list(session.scalars(query, execution_options=UNSCOPED))


def draw_book(act: Act) -> None:
    """The cashier draws it: its bills may be issued."""
    book: BillBook = act.document
    book.holder_id, book.drawn_on = int(act.form["holder"]), act.at.date()
    for bill in bills_of(act.session, book):
        fire(act.session, bill, "draw", act.actor, internal=True)


def is_used_up(act: Act) -> None:
    """A book is written off when no bill of it can be issued any more."""
    left = [
        bill.serial for bill in bills_of(act.session, act.document) if bill.state in (BillState.BLANK, BillState.DRAWN)
    ]
    if left:
        raise RuleError("票据本还有 {n} 张没有用完（从 {serial} 起），请先开具或作废", n=len(left), serial=left[0])


def close_book(act: Act) -> None:
    """Its bills are written off with it."""
    act.document.closed_on = act.at.date()
    for bill in bills_of(act.session, act.document):
        if bill.state is not BillState.WRITTEN_OFF:
            fire(act.session, bill, "write_off", act.actor, internal=True, note=act.note)


def next_serial(session: Session, project_id: int, kind: BillKind) -> str:
    """The lowest serial that may be issued, of the book drawn first; empty when none is left."""
    query = (
        select(Bill.serial)
        .join(BillBook, BillBook.id == Bill.book_id)
        .where(Bill.project_id == project_id, Bill.kind == kind, Bill.state == BillState.DRAWN)
        .order_by(BillBook.drawn_on, Bill.book_id, Bill.sequence)
    )
    return session.scalar(query.limit(1), execution_options=UNSCOPED) or ""


def billed(session: Session, receipt_id: int) -> Decimal:
    """What bills in the buyer's hands say of a receipt, yuan."""
    query = select(func.coalesce(func.sum(Bill.amount), 0)).where(Bill.receipt_id == receipt_id, Bill.state.in_(VALID))
    total: Decimal = session.scalar(query, execution_options=UNSCOPED) or Decimal(0)
    return total


def unbilled(receipt: Receipt) -> Decimal:
    """What may still be billed of a confirmed receipt, yuan; nothing when it was billed by an exchange."""
    session = object_session(receipt)
    if session is None or receipt.state is not ReceiptState.CONFIRMED:
        return Decimal(0)
    exchanged = select(Bill.id).where(
        Bill.receipt_id == receipt.id, Bill.state == BillState.RECALLED, Bill.exchange_id.is_not(None)
    )
    if session.scalar(exchanged.limit(1), execution_options=UNSCOPED) is not None:
        return Decimal(0)
    return receipt.amount - billed(session, receipt.id)


def may_bill(receipt: Receipt, _actor: Actor) -> bool:
    """Whether 「开收据」 and 「开发票」 are offered."""
    return unbilled(receipt) > 0


def made_out_to(paper: Any) -> str:
    """抬头: all buyers of the account, whoever brought the money for them (代付, the bank)."""
    buyers: str = paper.account.buyers
    return buyers[:100]


def next_receipt(paper: Any) -> str:
    """The 收据 that comes next: the default of a step's form."""
    session = object_session(paper)
    return next_serial(session, paper.project_id, BillKind.RECEIPT) if session is not None else ""


def next_invoice(paper: Any) -> str:
    """The 发票 that comes next."""
    session = object_session(paper)
    return next_serial(session, paper.project_id, BillKind.INVOICE) if session is not None else ""


def issues(kind: BillKind) -> Any:
    """Effect of 「开收据」, 「开发票」 on a receipt."""

    def issue(act: Act) -> None:
        receipt: Receipt = act.document
        amount, most = act.form["amount"], unbilled(receipt)
        if to_fen(amount) <= 0 or amount > most:
            raise RuleError(
                "这张收款单还可开票 {most} 元，开票金额应大于零且不超过它", field="amount", most=format_amount(most)
            )
        line = PricedLine.coded(act.get("line") or None)
        if line is not None:
            require_within_line(act.session, receipt, line, amount)
        bill = free_bill(act.session, receipt.project_id, kind, act.form["serial"])
        values = {
            "line": line,
            "account_id": receipt.account_id,
            "receipt_id": receipt.id,
            "amount": amount,
            "payer": act.get("payer") or made_out_to(receipt),
        }
        fire(act.session, bill, "issue", act.actor, internal=True, note=str(receipt), **values)

    return issue


def free_bill(session: Session, project_id: int, kind: BillKind, serial: str) -> Bill:
    """The drawn bill of this serial. Raises RuleError that says why it cannot be issued, and which comes next."""
    query = select(Bill).where(Bill.project_id == project_id, Bill.kind == kind, Bill.serial == serial.strip())
    bill = session.scalars(query, execution_options=UNSCOPED).first()
    following = next_serial(session, project_id, kind)
    if bill is None:
        raise RuleError(
            "没有登记过号码为「{serial}」的{kind}，下一张可用的是「{next}」",
            field="serial",
            serial=serial,
            kind=kind.label,
            next=following or "无",
        )
    if bill.state is not BillState.DRAWN:
        raise RuleError(
            "{bill} 现在是「{state}」，不能开具；下一张可用的是「{next}」",
            field="serial",
            bill=bill.title,
            state=bill.state.label,
            next=following or "无",
        )
    return bill


def note_issue(act: Act) -> None:
    """Amount, payer and what it is for are written to the bill."""
    bill: Bill = act.document
    bill.account_id, bill.receipt_id = act.form["account_id"], act.get("receipt_id")
    bill.exchange_id, bill.line = act.get("exchange_id"), act.get("line")
    bill.amount, bill.payer = act.form["amount"], act.form["payer"][:100]
    bill.issued_on, bill.issued_by = act.at.date(), act.actor.person_id


def note_back(act: Act) -> None:
    """The paper is in the cashier's hands again."""
    act.document.back_on = act.at.date()


def ask_recall(session: Session, account: OrderAccount, why: str, receipt_id: int | None = None) -> int:
    """换房 退订 退房 红冲: issued bills are to be taken back; 甲方财务 reads which. Joins the caller's step; returns how many."""
    query = select(Bill).where(Bill.account_id == account.id, Bill.state.in_(VALID), Bill.recall_for == "")
    if receipt_id is not None:
        query = query.where(Bill.receipt_id == receipt_id)
    bills = list(session.scalars(query.order_by(Bill.id), execution_options=UNSCOPED))
    for bill in bills:
        bill.recall_for = why[:100]
    if bills:
        serials = "、".join(bill.serial for bill in bills[:10])
        notify_posts(
            session, [Post.DEVELOPER_FINANCE], account.project_id, f"请收回票据：{account.title}", body=f"{why}，{len(bills)} 张：{serials}",
            url="/bill/list/?chip=to_recall", kind=NoticeKind.REMINDER, outside="有票据待收回",
        )  # fmt: skip
    session.flush()
    return len(bills)


def outstanding(session: Session, account_id: int) -> list[str]:
    """Serials that are to come back and have not."""
    query = select(Bill.serial).where(Bill.account_id == account_id, Bill.state.in_(VALID), Bill.recall_for != "")
    return list(session.scalars(query.order_by(Bill.id), execution_options=UNSCOPED))


# an issued 收据 that no exchange has taken yet
FREE = (Bill.kind == BillKind.RECEIPT, Bill.state.in_(VALID), Bill.exchange_id.is_(None), Bill.recall_for == "")


def exchangeable(session: Session, account_id: int) -> Sequence[Bill]:
    """Issued 收据 of an account that no exchange has taken yet."""
    query = select(Bill).where(Bill.account_id == account_id, *FREE)
    return list(session.scalars(query.order_by(Bill.id), execution_options=UNSCOPED))


def with_receipts(query: Select[Any]) -> Select[Any]:
    """Accounts that have receipts to exchange and no exchange under way."""
    under_way = select(BillExchange.account_id).where(BillExchange.state == ExchangeState.OPEN)
    have = select(Bill.account_id).where(*FREE, Bill.account_id.is_not(None))
    return query.where(OrderAccount.id.in_(have), OrderAccount.id.not_in(under_way))


def to_exchange(session: Session, account_ids: Iterable[int]) -> dict[int, tuple[int, Decimal]]:
    """(how many receipts, their sum) that each account may exchange."""
    query = (
        select(Bill.account_id, func.count(Bill.id), func.sum(Bill.amount))
        .where(Bill.account_id.in_(sorted(account_ids)), *FREE)
        .group_by(Bill.account_id)
    )
    found = session.execute(query, execution_options=UNSCOPED)
    return {key: (number, amount or Decimal(0)) for key, number, amount in found if key is not None}


def take_receipts(session: Session, paper: BillExchange) -> None:
    """Count and sum of the receipts that will be exchanged. Raises RuleError when there are none."""
    bills = exchangeable(session, paper.account_id)
    if not bills:
        raise RuleError("这个账户没有可换的收据", field="account_id")
    paper.count, paper.total = len(bills), sum((bill.amount or Decimal(0) for bill in bills), Decimal(0))


def tie_receipts(session: Session, paper: BillExchange) -> None:
    """The receipts belong to this exchange from now on."""
    for bill in exchangeable(session, paper.account_id):
        bill.exchange = paper
    session.flush()


def tied(session: Session, paper: BillExchange) -> list[Bill]:
    """The receipts of an exchange."""
    query = select(Bill).where(Bill.exchange_id == paper.id, Bill.kind == BillKind.RECEIPT).order_by(Bill.id)
    return list(session.scalars(query, execution_options=UNSCOPED))


def exchange(act: Act) -> None:
    """Receipts back, one invoice out for the same sum; or one for each 计价项目 that the money pays, serial after serial."""
    paper: BillExchange = act.document
    old = tied(act.session, paper)
    whole = sum((bill.amount or Decimal(0) for bill in old), Decimal(0))
    if whole != paper.total or any(bill.state not in VALID for bill in old):
        raise RuleError("换票单上的收据已有变动，请作废后重新开单")
    shares = shares_by_line(act.session, old, whole) if act.get("by_line") else {None: whole}
    serials, serial = list[str](), act.form["serial"]
    for line, amount in shares.items():
        invoice = free_bill(act.session, paper.project_id, BillKind.INVOICE, serial)
        fire(
            act.session, invoice, "issue", act.actor, internal=True, note=str(paper), account_id=paper.account_id,
            exchange_id=paper.id, amount=amount, payer=act.form["payer"], line=line,
        )  # fmt: skip
        serials.append(invoice.serial)
        serial = _serial_after(act.session, invoice)
    paper.invoice, paper.exchanged_on = "、".join(serials)[:120], act.at.date()
    for bill in old:
        bill.recall_for = f"换票 {paper.number}"
        fire(act.session, bill, "recall", act.actor, internal=True, note=f"换发票 {paper.invoice}")


def _serial_after(session: Session, bill: Bill) -> str:
    """The next bill of the book that may be issued; empty at its end."""
    query = select(Bill.serial).where(
        Bill.book_id == bill.book_id, Bill.sequence > bill.sequence, Bill.state == BillState.DRAWN
    )
    return session.scalar(query.order_by(Bill.sequence).limit(1), execution_options=UNSCOPED) or ""


def untie(act: Act) -> None:
    """A voided exchange lets its receipts go."""
    for bill in tied(act.session, act.document):
        bill.exchange_id = None
