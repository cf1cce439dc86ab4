"""A random walk of a whole site: orders, changes and money in whatever order people may come upon (issue 5.12).

Every act is a person's and goes through the real steps; a refusal is an answer, any other error ends the walk.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.features.deals.changes.models import ChangeKind, ChangeRequest, ChangeState, FaultOf, Relation
from app.features.deals.changes.rules import FACTS
from app.features.deals.contracts.models import Contract, ContractState
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.payments.closing.models import MonthClose, MonthState
from app.features.payments.effects import account_of, enter_receipt, request_refund
from app.features.payments.models import (
    FundKind,
    Method,
    Receipt,
    ReceiptState,
    Receivable,
    ReceivableState,
    Refund,
    RefundState,
)
from app.features.payments.waivers.effects import fill as fill_waiver
from app.features.payments.waivers.models import LateFeeWaiver, WaiverState
from app.features.units.models import Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.engine import decide
from app.kernel.approval.finding import current_step, open_of
from app.kernel.base import clock
from app.kernel.errors import Forbidden, RuleError
from app.kernel.jobs import JOBS, run
from app.kernel.transactions import write
from app.kernel.workflow import FLOWS, as_step
from tests.bench.hours import real_now
from tests.cast import Cast
from tests.features.deals import orders as o

K = ChangeKind
ENDS = (K.WITHDRAWAL, K.FORFEITURE, K.CANCELLATION)
EXECUTORS = {"execute_co_buyers": "clerk", "execute_extension": "clerk"}
MONEY = (
    FundKind.DEPOSIT,
    FundKind.FIRST_PAYMENT,
    FundKind.PRICE,
    FundKind.BANK_LOAN,
    FundKind.LATE_FEE,
    FundKind.COLLECTED,
)
LATER = (0, 0, 0, 1, 3, 9, 20, 40)  # days between two acts
OVERNIGHT = (
    "units.expire_locks", "booking_expiry", "discount_expiry", "receivables_due", "month_close",
    "open_household_folders",
)  # fmt: skip
NEXT = {
    ContractState.DRAFT: (("submit", "contract_officer", {}), ("void", "contract_officer", {"note": "重拟"})),
    ContractState.APPROVED: (("buyer_sign", "contract_officer", {"on": True}), ("seller_seal", "developer_site", {"on": True}),
                             ("enter", "contract_officer", {"online_no": "WQ-1"})),
    ContractState.ENTERED: (("buyer_sign", "contract_officer", {"on": True}), ("seller_seal", "developer_site", {"on": True}),
                            ("sign", "contract_officer", {"on": True, "contract_no": "HT"}),
                            ("papers", "contract_officer", {"complete": True})),
    ContractState.SIGNED: (("go_online", "contract_officer", {"on": True}), ("revoke", "contract_officer", {"note": "退房"})),
    ContractState.ONLINE: (("file", "contract_officer", {"on": True, "filed_no": "BA-1"}), ("revoke", "contract_officer", {"note": "退房"})),
    ContractState.FILED: (("revoke", "contract_officer", {"note": "退房"}),),
    ContractState.REVOKING: (("accept_revocation", "contract_officer", {}),),
    ContractState.ACCEPTED: (("revoked", "contract_officer", {}),),
}  # fmt: skip


class Nothing(Exception):
    """There is no paper to act upon."""


class Walk:
    """One site; `go(n)` lets n things happen. What was done is counted in `done`, what was refused in `refused`."""

    def __init__(self, cast: Cast, schemes: tuple[Any, ...], seed: int) -> None:
        self.cast, self.schemes, self.chance = cast, schemes, random.Random(seed)
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.story: list[str] = []
        self.met = 0
        self.start, self.later = real_now().replace(hour=10), timedelta()
        self.acts: tuple[tuple[int, Callable[[], str]], ...] = (
            (2, self.lock), (5, self.further), (1, self.release), (3, self.sell), (6, self.enter), (6, self.settle_receipt),
            (5, self.ask), (5, self.decide_one), (6, self.finish_change), (9, self.contract), (2, self.refund), (2, self.fee),
            (2, self.waive), (1, self.month), (2, self.sleep),
        )  # fmt: skip

    @contextmanager
    def site_time(self) -> Any:
        token = clock.set(lambda: self.start + self.later)
        try:
            yield
        finally:
            clock.reset(token)

    def go(self, steps: int, check: Callable[[], None], every: int = 1) -> None:
        """Raises what an act raised beyond a refusal, and what check() finds; check runs after every so many acts."""
        weights = [weight for weight, _act in self.acts]
        with self.site_time():
            for number in range(steps):
                act = self.chance.choices(self.acts, weights)[0][1]
                try:
                    what = self._something(act, weights)
                    self.done[what] += 1
                    self.story.append(what)
                except (RuleError, Forbidden) as refusal:
                    self.refused[f"{act.__name__} {getattr(refusal, 'template', refusal)}"[:60]] += 1
                    self.cast.session.rollback()
                if number % every == every - 1:
                    check()
            check()

    def told(self) -> str:
        """The last acts, for the message of a failure."""
        return " → ".join(self.story[-12:])

    def _something(self, act: Callable[[], str], weights: list[int]) -> str:
        """What was done; another act is tried where nothing is there to act upon."""
        while True:
            try:
                return act()
            except Nothing:
                act = self.chance.choices(self.acts, weights)[0][1]

    def some(self, model: type[Any], *which: Any) -> Any:
        """A random row, read as SYSTEM; a refusal when there is none."""
        with acting_as(SYSTEM):
            self.cast.session.rollback()
            keys = self.cast.session.scalars(select(model.id).where(*which).order_by(model.id)).all()
            if not keys:
                raise Nothing
            return self.cast.session.get(model, self.chance.choice(keys), populate_existing=True)

    def amount(self, most: Decimal | None = None) -> Decimal:
        chosen = [1, 3, 7, 10000, 1999999, 2000000, self.chance.randrange(1, 40_000_000)]
        if most:
            chosen += [int(most * 100)] * 6
        return Decimal(self.chance.choice(chosen)).scaleb(-2)

    def step(self, paper: Any, name: str, login: str, **form: Any) -> str:
        o.step(self.cast, paper, name, login, **form)
        return f"{type(paper).__tablename__} {name}"

    def lock(self) -> str:
        order = o.locked(self.cast, *self._flat_and_customer())
        o.filled(self.cast, order, self.chance.choice(self.schemes))
        return "lock"

    def sell(self) -> str:
        """All the way to 有效 at once."""
        o.effective(self.cast, *self._flat_and_customer(), self.chance.choice(self.schemes))
        return "sell"

    def _flat_and_customer(self) -> tuple[Unit, Any]:
        """A new customer before a new flat, or before one that somebody gave back."""
        self.met += 1
        who = o.customer(self.cast, "consultant1", f"10{self.met:09d}", f"客户{self.met}")
        flat = self.some(Unit, Unit.state == UnitState.FREE) if self.met % 3 == 0 else o.unit(self.cast, f"R{self.met}")
        return flat, who

    def further(self) -> str:
        """The next step of some order on its way to 有效."""
        order = self.some(
            Reservation,
            Reservation.state.in_([ReservationState.LOCKED, ReservationState.REVIEW, ReservationState.AWAITING]),
        )
        if order.state is ReservationState.LOCKED:
            return self.step(order, *self.chance.choice([("submit", "consultant1")] * 3 + [("extend", "supervisor")]))
        if order.state is ReservationState.REVIEW:
            verdict = self.chance.choice(["approve"] * 4 + ["return", "refuse"])
            o.decided(self.cast, order, "supervisor", verdict)
            return f"order {verdict}"
        if order.customer_signed_on is None:
            return self.step(order, "customer_sign", "consultant1", on=o.today())
        o.paid(self.cast, order, self.chance.choice(["20000", "12000.50", "25000"]))
        return "deposit"

    def release(self) -> str:
        order = self.some(
            Reservation,
            Reservation.state.in_([ReservationState.LOCKED, ReservationState.REVIEW, ReservationState.AWAITING]),
        )
        return self.step(order, "release", "supervisor", note="客户再考虑")

    def enter(self) -> str:
        order = self.some(Reservation, Reservation.number.is_not(None))
        with acting_as(SYSTEM):
            account = account_of(self.cast.session, order.id)
            if account is None:
                raise Nothing
            rows = [r for r in account.receivables if r.open_amount > 0]
            row = self.chance.choice(rows) if rows else None
            most = None if row is None else row.open_amount
        kind = row.kind if row is not None and self.chance.random() < 0.7 else self.chance.choice(MONEY)
        clerk = self.cast.actor("clerk")
        with acting_as(clerk):
            enter_receipt(
                self.cast.session, clerk, account, kind=kind, amount=self.amount(most), method=self.chance.choice([Method.CASH, Method.TRANSFER]),
                reference=f"P{self.chance.randrange(10**9)}", paid_on=o.today(-self.chance.choice([0, 0, 0, 1, 5, 35])),
            )  # fmt: skip
        return f"enter {kind}"

    def settle_receipt(self) -> str:
        receipt = self.some(
            Receipt, Receipt.state.in_([ReceiptState.PENDING, ReceiptState.CONFIRMED, ReceiptState.REVERSING])
        )
        if receipt.state is ReceiptState.REVERSING:
            verdict = self.chance.choice(["approve", "approve", "refuse"])
            o.decided(self.cast, receipt, "developer_finance2", verdict, "核对")
            return f"reversal {verdict}"
        if receipt.state is ReceiptState.CONFIRMED:
            if self.chance.random() < 0.6:
                raise Nothing
            return self.step(receipt, "ask_reversal", "developer_finance", note="错登")
        if self.chance.random() < 0.1:
            return self.step(receipt, "discard", "clerk", note="录错")
        return self.step(
            receipt, "confirm", self.chance.choice(["developer_finance", "developer_finance2"]), arrived_on=o.today()
        )

    def refund(self) -> str:
        if self.chance.random() < 0.5:
            paper = self.some(Refund, Refund.state == RefundState.PENDING)
            form = {
                "paid_on": o.today(),
                "credited": "supervised",
                "payee_account": "6222000011112222",
                "reference": f"T{paper.id}",
            }
            return self.step(paper, "pay", "developer_finance", **form)
        receipt = self.some(Receipt, Receipt.state == ReceiptState.CONFIRMED)
        who = self.cast.actor("clerk")
        with acting_as(who):
            request_refund(self.cast.session, who, receipt, self.amount(), "多缴")
        return "refund"

    def ask(self) -> str:
        """A change of any kind that the order's state has; drafted and submitted."""
        order = self.some(Reservation, Reservation.state.in_([ReservationState.EFFECTIVE, ReservationState.SIGNED]))
        kind = self.chance.choice([k for k in ChangeKind if order.state in FACTS[k].states])
        asked, fault, share = self._asked(kind, order)
        paper = o.change(self.cast, order, kind, fault, share, **asked)
        if kind is K.RENAME or (kind is K.CO_BUYERS and self.chance.random() < 0.8):
            o.proposed(self.cast, paper, f"新人{paper.id}", "110101199003070011")
        chain = FACTS[kind].chain
        return self.step(paper, "submit" if chain == "order_end" else f"submit_{chain}", "consultant1") + f" {kind}"

    def _asked(self, kind: ChangeKind, order: Reservation) -> tuple[dict[str, Any], FaultOf | None, str]:
        if kind in ENDS:
            fault = FaultOf.BUYER if kind is K.FORFEITURE else self.chance.choice(list(FaultOf))
            return {}, fault, "0.03" if kind is K.CANCELLATION and fault is FaultOf.BUYER else "0"
        if kind is K.EXCHANGE:
            taken = (UnitState.ORDER, UnitState.FREE, UnitState.SIGN, UnitState.DRAFT)
            return {"new_unit_id": self.some(Unit, Unit.state.in_(taken), Unit.id != order.unit_id).id}, None, "0"
        if kind is K.PAYMENT:
            return {"new_scheme_id": self.chance.choice(self.schemes).id}, None, "0"
        if kind in (K.RENAME, K.CO_BUYERS):
            asked: dict[str, Any] = {"relation": Relation.CHILD, "consent_on": o.today()}
            if kind is K.RENAME:
                self.met += 1
                asked["new_customer_id"] = o.customer(
                    self.cast, "consultant1", f"10{self.met:09d}", f"客户{self.met}"
                ).id
            return asked, None, "0"
        later: dict[str, Any] = {"new_due_on": o.today(self.chance.choice([2, 6, 15, 60]))}
        if kind is K.LATER_PAYMENT:
            with acting_as(SYSTEM):
                account = account_of(self.cast.session, order.id)
                later["receivable_id"] = (
                    self.chance.choice(account.receivables).id if account and account.receivables else None
                )
        return later, None, "0"

    def decide_one(self) -> str:
        """Everybody of the chain decides some change, contract or waiver."""
        models = (
            (ChangeRequest, ChangeState.REVIEW),
            (Contract, ContractState.REVIEW),
            (LateFeeWaiver, WaiverState.REVIEW),
        )
        model, review = self.chance.choice(models)
        paper = self.some(model, model.state == review)
        verdict = self.chance.choice(["approve"] * 6 + ["return", "refuse"])
        while paper.state is review:
            with acting_as(SYSTEM):
                request = open_of(self.cast.session, paper)
                assert request is not None, f"{paper} is under review and nobody is asked"
                station = current_step(request)
                assert station is not None
                request_id, station_id, who = request.id, station.id, self.cast.actor(str(station.post))
            with acting_as(who):
                decide(self.cast.session, request_id, station_id, who, verdict, "核对")
            paper = o.fresh(self.cast, model, paper.id)
        return f"{model.__tablename__} {verdict}"

    def finish_change(self) -> str:
        change = self.some(ChangeRequest, ChangeRequest.state.in_([ChangeState.APPROVED, ChangeState.DRAFT]))
        if change.state is ChangeState.DRAFT:
            if self.chance.random() < 0.5:
                return self.step(change, "void", "consultant1", note="客户改主意")
            chain = FACTS[change.kind].chain
            return self.step(change, "submit" if chain == "order_end" else f"submit_{chain}", "consultant1")
        if self.chance.random() < 0.15:
            return self.step(change, self.chance.choice(["rework", "void"]), "consultant1", note="重算")
        with acting_as(SYSTEM):
            names = [
                s.name
                for s in FLOWS[ChangeRequest].steps
                if s.name.startswith("execute") and not s.internal and s.shown and s.shown(change, SYSTEM)
            ]
        form = {"signed_on": o.today()} if change.kind is K.EXCHANGE else {}
        return self.step(change, names[0], EXECUTORS.get(names[0], "developer_finance"), **form) + f" {change.kind}"

    def contract(self) -> str:
        if self.chance.random() < 0.25:
            order = self.some(Reservation, Reservation.state == ReservationState.EFFECTIVE)
            o.contract(self.cast, order)
            return "contract"
        paper = self.some(Contract, Contract.state.in_(list(NEXT)))
        name, login, form = self.chance.choice(NEXT[paper.state])
        return self.step(
            paper, name, login, **{k: o.today() if v is True and k == "on" else v for k, v in form.items()}
        )

    def fee(self) -> str:
        row = self.some(
            Receivable,
            Receivable.state.in_([ReceivableState.OVERDUE, ReceivableState.PAID, ReceivableState.PARTIAL]),
            Receivable.kind != FundKind.LATE_FEE,
        )
        return self.step(row, "charge", "developer_finance")

    def waive(self) -> str:
        row = self.some(Receivable, Receivable.kind != FundKind.LATE_FEE, Receivable.due_on < o.today())
        amount, creator = self.amount(), self.cast.person_ids["clerk"]

        def work() -> LateFeeWaiver:
            paper = LateFeeWaiver(receivable_id=row.id, amount=amount, reason="银行原因", created_by=creator)
            with as_step(self.cast.session), self.cast.session.no_autoflush:
                fill_waiver(self.cast.session(), paper, self.cast.session.get_one(Receivable, row.id))
                self.cast.session.add(paper)
                self.cast.session.flush()
            return paper

        with acting_as(SYSTEM):
            paper = write(self.cast.session, work)
        return self.step(paper, "submit", "clerk")

    def month(self) -> str:
        paper = self.some(MonthClose)
        if paper.state is MonthState.CLOSED:
            return self.step(paper, "reopen", "developer_lead", note="补记")
        return self.step(paper, "close", "developer_finance")

    def sleep(self) -> str:
        """Hours or weeks go by and the worker does its round."""
        self.later += timedelta(days=self.chance.choice(LATER), hours=self.chance.choice([0, 1, 5]))
        for name in OVERNIGHT:
            run(self.cast.session, JOBS[name])
        return "sleep"
