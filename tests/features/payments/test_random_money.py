"""Whatever happens to money, in whatever order: the book balances and «已收» is what the papers say (04 R2)."""

from __future__ import annotations

import random
from decimal import Decimal

from sqlalchemy import text

from app.features.payments.effects import confirmed_total, request_refund
from app.features.payments.models import CONFIRMED_STATES, FundKind, ReceiptState, Refund, RefundState
from app.features.payments.verify import verify
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.engine import decide
from app.kernel.approval.finding import current_step, open_of
from app.kernel.errors import RuleError
from tests.features.payments import makers
from tests.features.payments.makers import act, entered, today
from tests.features.payments.test_settlement import PAY

STEPS = 150
KINDS = (FundKind.DEPOSIT, FundKind.FIRST_PAYMENT, FundKind.PRICE, FundKind.LATE_FEE, FundKind.COLLECTED)


def amount(chance: random.Random) -> Decimal:
    return Decimal(chance.choice([1, 3, 7, 10000, 1999999, chance.randrange(1, 40_000_000)])).scaleb(-2)


def one_event(cast, chance, accounts, receipts):
    """A random act on random papers; a refusal is an answer too, but never half an effect."""
    what = chance.choice(["enter", "enter", "discard", "confirm", "confirm", "confirm", "reverse", "refund"])
    receipt = chance.choice(receipts) if receipts else None
    if what == "enter" or receipt is None:
        receipts.append(entered(cast, chance.choice(accounts), amount(chance), chance.choice(KINDS)))
    elif what == "confirm" and receipt.state is ReceiptState.PENDING:
        makers.confirm(cast, receipt)
    elif what == "discard" and receipt.state is ReceiptState.PENDING:
        act(cast, receipt, "discard", "clerk", note="录错")
    elif what == "reverse" and receipt.state is ReceiptState.CONFIRMED:
        act(cast, receipt, "ask_reversal", "developer_finance", note="错登")
        who = cast.actor("developer_finance2")
        with acting_as(who):
            request = open_of(cast.session, receipt)
            verdict = chance.choice(["approve", "approve", "refuse"])
            decide(cast.session, request.id, current_step(request).id, who, verdict, "核对")
    elif what == "refund" and receipt.state is ReceiptState.CONFIRMED:
        who = cast.actor("clerk")
        with acting_as(who):
            paper = request_refund(cast.session, who, receipt, amount(chance), "多缴")
        act(cast, paper, "pay", "developer_finance", paid_on=today(), **PAY)


def test_the_book_balances_after_random_events(cast):
    chance = random.Random(20261124)
    accounts = [makers.account(cast, 1), makers.account(cast, 2)]
    receipts, refused = [], 0
    for _ in range(STEPS):
        try:
            one_event(cast, chance, accounts, receipts)
        except RuleError:
            refused += 1
    session = cast.session
    with acting_as(SYSTEM):
        session.rollback()
        assert session.execute(text("SELECT sum(amount) FROM ledger_entry")).scalar() == 0
        assert list(verify(session())) == []
        states = {r.state for r in receipts}
        assert {ReceiptState.CONFIRMED, ReceiptState.REVERSED, ReceiptState.VOID} <= states  # the run did meet them all
        for account in accounts:
            own = [r for r in receipts if r.account_id == account.id and r.state in CONFIRMED_STATES]
            paid = sum((r.amount for r in own), Decimal(0))
            back = session.query(Refund).filter_by(account_id=account.id, state=RefundState.PAID).all()
            whole = confirmed_total(session, account.id, list(FundKind))
            assert whole == paid - sum((r.amount for r in back), Decimal(0))
