"""Whatever happens to orders, in whatever order: units, orders, receivables and the ledger tell the same (issue 5.12)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select

from app.features.deals.changes.models import ChangeKind, ChangeRequest, ChangeState, FaultOf
from app.features.deals.changes.rules import FACTS
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.deals.verify import verify
from app.features.payments.effects import account_of
from app.features.payments.models import FundKind, LedgerEntry, Receivable, ReceivableState, Refund, RefundState
from app.features.payments.verify import verify as verify_money
from app.features.pricing.models import PaymentScheme, SchemeKind, SchemeState
from app.features.units.models import Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.engine import decide
from app.kernel.approval.finding import current_step, open_of
from app.kernel.errors import RuleError
from tests.cast import Cast
from tests.factories import saved
from tests.features.deals import orders as o

HOLDERS = {
    "supervisor": "supervisor", "site_manager": "site_manager", "project_manager": "project_manager", "developer_site": "developer_site",
    "developer_lead": "developer_lead",
}  # fmt: skip
EXECUTE = {
    ChangeKind.EXCHANGE: "execute_exchange", ChangeKind.PAYMENT: "execute_payment", ChangeKind.WITHDRAWAL: "execute",
    ChangeKind.FORFEITURE: "execute",
}  # fmt: skip
PLAN = (FundKind.DEPOSIT, FundKind.FIRST_PAYMENT, FundKind.PRICE, FundKind.BANK_LOAN, FundKind.FUND_LOAN)
amounts = st.integers(min_value=1, max_value=5_000_000).map(lambda fen: Decimal(fen).scaleb(-2))


class Deals(RuleBasedStateMachine):
    """A few flats and buyers; every rule is an act of a person, a refusal is an answer too but never half an effect."""

    cast: Cast
    schemes: tuple[PaymentScheme, PaymentScheme]
    met = 0
    done: set[str]

    def __init__(self) -> None:
        super().__init__()
        self.orders: list[int] = []
        self.changes: list[int] = []
        self.flats: list[int] = []

    def tried(self, name: str, act: Callable[[], Any]) -> Any:
        """What the act made; None when it was refused."""
        try:
            made = act()
        except RuleError:
            return None
        self.done.add(name)
        return made

    @rule(lump=st.booleans())
    def reserve(self, lump: bool) -> None:
        Deals.met += 1
        flat = o.unit(self.cast, f"R{Deals.met}")
        who = o.customer(self.cast, "consultant1", f"1000001{Deals.met:04d}", f"客户{Deals.met}")
        order = self.tried("reserve", lambda: o.effective(self.cast, flat, who, self.schemes[lump]))
        if order is not None:
            self.orders.append(order.id)
            self.flats.append(flat.id)

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), amount=amounts)
    def pay(self, data: st.DataObject, amount: Decimal) -> None:
        order = self._order(data)
        if order.closed_at is None:
            self.tried("pay", lambda: o.paid(self.cast, order, str(amount), FundKind.PRICE))

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), kind=st.sampled_from(sorted(EXECUTE)), lump=st.booleans(), swap=st.booleans())
    def ask(self, data: st.DataObject, kind: ChangeKind, lump: bool, swap: bool) -> None:
        order = self._order(data)
        asked: dict[str, Any] = {}
        if kind is ChangeKind.EXCHANGE:
            others = [key for key in self.flats if key != order.unit_id] if swap else []
            asked["new_unit_id"] = data.draw(st.sampled_from(others)) if others else self._spare()
        if kind is ChangeKind.PAYMENT:
            asked["new_scheme_id"] = self.schemes[lump].id
        fault = {ChangeKind.WITHDRAWAL: FaultOf.NOBODY, ChangeKind.FORFEITURE: FaultOf.BUYER}.get(kind)
        paper = self.tried("draft", lambda: o.change(self.cast, order, kind, fault, **asked))
        if paper is None:
            return
        self.changes.append(paper.id)
        chain = FACTS[kind].chain
        self.tried(
            f"submit {kind}",
            lambda: o.step(self.cast, paper, "submit" if chain == "order_end" else f"submit_{chain}", "consultant1"),
        )

    @precondition(lambda self: self.changes)
    @rule(data=st.data(), verdict=st.sampled_from(["approve"] * 5 + ["return", "refuse"]))
    def settle(self, data: st.DataObject, verdict: str) -> None:
        """Everybody of the chain decides; who is approved is executed."""
        paper = o.fresh(self.cast, ChangeRequest, data.draw(st.sampled_from(self.changes)))
        while paper.state is ChangeState.REVIEW:
            self._decide(paper, verdict)
            paper = o.fresh(self.cast, ChangeRequest, paper.id)
        if paper.state is ChangeState.APPROVED:
            form = {"signed_on": o.today()} if paper.kind is ChangeKind.EXCHANGE else {}
            self.tried(
                f"execute {paper.kind}",
                lambda: o.step(self.cast, paper, EXECUTE[paper.kind], "developer_finance", **form),
            )
            self._follow(paper.id)

    def _decide(self, paper: ChangeRequest, verdict: str) -> None:
        with acting_as(SYSTEM):
            request = open_of(self.cast.session, paper)
            assert request is not None
            station = current_step(request)
            assert station is not None
            request_id, station_id, post = request.id, station.id, str(station.post)
        who = self.cast.actor(HOLDERS[post])
        with acting_as(who):
            decide(self.cast.session, request_id, station_id, who, verdict, "核对")

    def _follow(self, change_id: int) -> None:
        """The order that replaced an old one goes on being acted upon."""
        made = o.fresh(self.cast, ChangeRequest, change_id).new_reservation_id
        if made is not None and made not in self.orders:
            self.orders.append(made)
            self.flats.append(o.fresh(self.cast, Reservation, made).unit_id)

    def _spare(self) -> int:
        Deals.met += 1
        return int(o.unit(self.cast, f"S{Deals.met}").id)

    def _order(self, data: st.DataObject) -> Reservation:
        found: Reservation = o.fresh(self.cast, Reservation, data.draw(st.sampled_from(self.orders)))
        return found

    @invariant()
    def everything_agrees(self) -> None:
        session = self.cast.session
        with acting_as(SYSTEM):
            session.rollback()
            assert [*verify(session()), *verify_money(session())] == []
            assert session.scalar(select(func.coalesce(func.sum(LedgerEntry.amount), 0))) == 0
            for order in session.scalars(select(Reservation).where(Reservation.state == ReservationState.EFFECTIVE)):
                account = account_of(session(), order.id)
                assert account is not None
                planned = select(func.sum(Receivable.amount)).where(
                    Receivable.account_id == account.id,
                    Receivable.kind.in_(PLAN),
                    Receivable.state != ReceivableState.CANCELLED,
                )
                assert session.scalar(planned) == order.total
                assert session.get_one(Unit, order.unit_id).state is UnitState.ORDER
            assert session.scalar(select(func.count(Refund.id)).where(Refund.state == RefundState.VOID)) == 0
            session.rollback()


def test_units_orders_receivables_and_ledger_always_agree(cast: Cast) -> None:
    loan = saved(cast.session, PaymentScheme(
        project_id=cast.project_ids["a"], name="商业按揭", kind=SchemeKind.MORTGAGE, loan_share=Decimal("0.7"),
        loan_step=Decimal(10000), loan_days=60, deposit=Decimal(20000), discount=Decimal("0.99"), state=SchemeState.ACTIVE,
    ))  # fmt: skip
    Deals.cast, Deals.schemes, Deals.done, Deals.met = cast, (loan, o.scheme(cast)), set(), 0
    small = settings(
        max_examples=3,
        stateful_step_count=16,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Deals, settings=small)
    assert {"reserve", "draft", "execute exchange"} <= Deals.done, sorted(Deals.done)
