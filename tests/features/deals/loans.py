"""Short makers of orders with a loan: 按揭 770,000 of 1,106,834, and the way to the signature."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.features.deals.mortgages.models import LoanKind, Mortgage
from app.features.deals.reservations.models import Reservation
from app.features.payments.models import FundKind
from app.features.pricing.models import PaymentScheme, SchemeKind, SchemeState
from app.kernel.actors import SYSTEM, acting_as
from tests.cast import Cast
from tests.factories import saved
from tests.features.deals import orders

TOTAL, LOAN, FIRST = Decimal("1106834"), Decimal("770000"), "316834"


def scheme(cast: Cast, kind: SchemeKind = SchemeKind.MORTGAGE) -> PaymentScheme:
    """按揭 or 组合 without discount, deposit 20,000, the loan 70 % cut to 10,000."""
    return saved(
        cast.session,
        PaymentScheme(
            project_id=cast.project_ids["a"], name=kind.label, kind=kind, deposit=Decimal(20000), state=SchemeState.ACTIVE,
            loan_share=Decimal("0.70"), loan_days=60,
        ),
    )  # fmt: skip


def effective(cast: Cast, room: str = "1102", kind: SchemeKind = SchemeKind.MORTGAGE, fund: str = "0") -> Reservation:
    """A priced order with a loan, 有效; the total is that of 02 §2.3.4."""
    unit, customer, paid_by = orders.unit(cast, room), orders.customer(cast), scheme(cast, kind)

    def fill() -> None:
        row = cast.session.get(Reservation, order.id)
        row.fund_amount, row.loan_bank, row.loan_years = Decimal(fund) or None, "江城银行", 30
        cast.session.flush()

    order = orders.locked(cast, unit, customer)
    with acting_as(SYSTEM):
        from app.kernel.transactions import write

        write(cast.session, fill)
    orders.filled(cast, order, paid_by)
    orders.step(cast, order, "submit", "consultant1")
    orders.decided(cast, order, "supervisor")
    orders.step(cast, order, "customer_sign", "consultant1", on=orders.today())
    orders.paid(cast, order, "20000")
    return orders.fresh(cast, Reservation, order.id)


def signed(cast: Cast, order: Reservation) -> Any:
    """Signed with the papers promised; the loans of the plan are open."""
    contract = orders.entered(cast, order)
    orders.step(cast, contract, "papers", "contract_officer", complete=False, promised_on=orders.today(5))
    orders.step(cast, contract, "buyer_sign", "contract_officer", on=orders.today())
    orders.step(cast, contract, "seller_seal", "developer_site", on=orders.today())
    from app.features.payments.effects import account_of, plan_rows_of

    with acting_as(SYSTEM):
        rows = plan_rows_of(cast.session, account_of(cast.session, order.id))
        first = sum((r.amount - r.confirmed for r in rows if r.kind.value == "首期"), Decimal(0))
    orders.paid(cast, order, str(first), FundKind.FIRST_PAYMENT)
    return orders.step(cast, contract, "sign", "contract_officer", on=orders.today(), contract_no="HT-1")


def loans_of(cast: Cast, order: Reservation) -> dict[LoanKind, Mortgage]:
    """The loans of an order by kind."""
    with acting_as(SYSTEM):
        cast.session.rollback()
        rows = cast.session.query(Mortgage).filter_by(reservation_id=order.id).order_by(Mortgage.id).all()
        assert all(len(row.papers) for row in rows)  # loaded while somebody may read them
        return {row.kind: row for row in rows}


def facts(cast: Cast, mortgage: Mortgage, **values: Any) -> Mortgage:
    """What the form would have filled in."""
    from app.kernel.transactions import write
    from app.kernel.workflow import as_step

    def work() -> None:
        row = cast.session.get(Mortgage, mortgage.id)
        with as_step(cast.session):
            for name, value in values.items():
                setattr(row, name, value)
            cast.session.flush()

    with acting_as(SYSTEM):
        write(cast.session, work)
    return orders.fresh(cast, Mortgage, mortgage.id)


def to_submitted(cast: Cast, mortgage: Mortgage) -> Mortgage:
    """预审 → 收齐 → 面签 → 送审."""
    facts(cast, mortgage, age=35, monthly_income=Decimal(20000))
    co = "contract_officer"
    orders.step(cast, mortgage, "pass_check", co)
    orders.step(cast, mortgage, "receive_rest", co, on=orders.today())
    orders.step(cast, mortgage, "complete", co)
    orders.step(cast, mortgage, "interview", co, on=orders.today())
    return orders.step(cast, mortgage, "submit", co, on=orders.today())
