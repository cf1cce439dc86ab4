"""换房, 更名, 增减名, 变更付款方式, 延期: asked, decided by the chains of 02 §2.2.3, then executed as an act of its own."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.features.deals.changes.models import ChangeKind, ChangeState, Relation
from app.features.deals.contracts.models import Contract, ContractState
from app.features.deals.reservations.models import Buyer, CloseKind, Ownership, Reservation, ReservationState, Standing
from app.features.deals.verify import verify
from app.features.payments.effects import account_of, confirmed_total, date_plan
from app.features.payments.models import FundKind, OrderAccount, Receivable, ReceivableState
from app.features.payments.verify import verify as verify_money
from app.features.pricing.models import PaymentScheme, SchemeKind, SchemeState
from app.features.units.models import Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.finding import current_step, open_of
from app.kernel.approval.records import StepState
from app.kernel.errors import Forbidden, RuleError, StaleError
from app.kernel.posts import Post
from tests.cast import Cast
from tests.factories import saved
from tests.features.deals import orders as o

JFS_CHAIN = ("supervisor", "site_manager", "developer_site")
LEAD_CHAIN = ("supervisor", "site_manager", "project_manager", "developer_lead")
ID_2 = "110101199003070011"


def healthy(cast: Cast) -> None:
    with acting_as(SYSTEM):
        cast.session.rollback()
        assert list(verify(cast.session())) == []
        assert list(verify_money(cast.session())) == []
        cast.session.rollback()


def account(cast: Cast, order: Reservation) -> OrderAccount:
    with acting_as(SYSTEM):
        found = account_of(cast.session(), order.id)
    assert found is not None
    return found


def rows(cast: Cast, order: Reservation) -> list[tuple[FundKind, Decimal, ReceivableState]]:
    with acting_as(SYSTEM):
        query = select(Receivable).where(Receivable.account_id == account(cast, order).id).order_by(Receivable.id)
        return [(r.kind, r.amount, r.state) for r in cast.session.scalars(query)]


def test_an_exchange_keeps_the_new_flat_and_moves_the_money(cast: Cast) -> None:
    old_flat, new_flat, paid_by = o.unit(cast, "1102"), o.unit(cast, "1203"), o.scheme(cast)
    order = o.effective(cast, old_flat, o.customer(cast), paid_by)
    paper = o.step(
        cast, o.change(cast, order, ChangeKind.EXCHANGE, new_unit_id=new_flat.id), "submit_exchange", "consultant1"
    )
    kept = o.fresh(cast, Unit, new_flat.id)
    assert (kept.state, kept.reservation_id, kept.lock_until) == (UnitState.LOCK, paper.new_reservation_id, None)
    healthy(cast)
    replacement = o.fresh(cast, Reservation, paper.new_reservation_id)
    with pytest.raises(Forbidden):
        o.step(cast, replacement, "release", "consultant1", note="不换了")
    for login in JFS_CHAIN:
        paper = o.decided(cast, paper, login)
    assert (paper.state, paper.approved_on) == (ChangeState.APPROVED, o.today())
    assert o.fresh(cast, Reservation, order.id).ends_as is CloseKind.EXCHANGED
    paper = o.step(cast, paper, "execute_exchange", "developer_finance", signed_on=o.today())
    assert (paper.executed_on, paper.executed_by) == (o.today(), cast.person_ids["developer_finance"])
    closed, born = o.fresh(cast, Reservation, order.id), o.fresh(cast, Reservation, replacement.id)
    assert (closed.state, closed.close_kind) == (ReservationState.CLOSED, CloseKind.EXCHANGED)
    assert (born.state, born.predecessor_id, born.customer_signed_on) == (
        ReservationState.EFFECTIVE,
        order.id,
        o.today(),
    )
    assert born.number and born.sign_due_on == o.today(7)
    assert o.fresh(cast, Unit, old_flat.id).state is UnitState.FREE
    assert o.fresh(cast, Unit, new_flat.id).state is UnitState.ORDER
    with acting_as(SYSTEM):
        assert confirmed_total(cast.session(), account(cast, born).id, [FundKind.DEPOSIT]) == Decimal(20000)
        assert [b.name for b in cast.session.get_one(Reservation, born.id).buyers] == ["王伟"]
    assert rows(cast, born)[0] == (FundKind.DEPOSIT, Decimal(20000), ReceivableState.PAID)
    healthy(cast)


def test_a_returned_exchange_lets_the_new_flat_go(cast: Cast) -> None:
    new_flat = o.unit(cast, "1203")
    order = o.effective(cast, o.unit(cast), o.customer(cast), o.scheme(cast))
    paper = o.step(
        cast, o.change(cast, order, ChangeKind.EXCHANGE, new_unit_id=new_flat.id), "submit_exchange", "consultant1"
    )
    paper = o.decided(cast, paper, "supervisor", "return", "请先核对差价")
    assert (paper.state, paper.new_reservation_id) == (ChangeState.DRAFT, None)
    assert o.fresh(cast, Unit, new_flat.id).state is UnitState.FREE
    healthy(cast)
    paper = o.agreed(cast, paper, "submit_exchange", *JFS_CHAIN)
    o.step(cast, paper, "void", "consultant1", note="客户改主意")
    assert o.fresh(cast, Unit, new_flat.id).state is UnitState.FREE
    assert o.fresh(cast, Reservation, order.id).ends_as is None
    healthy(cast)


def test_a_falling_total_is_the_leads_decision_and_a_dearer_one_is_not(cast: Cast) -> None:
    cheap = o.unit(cast, "1203")
    order = o.effective(cast, o.unit(cast), o.customer(cast), o.scheme(cast))
    paper = o.change(cast, order, ChangeKind.EXCHANGE, new_unit_id=cheap.id)
    paper = o.agreed(cast, paper, "submit_exchange", *JFS_CHAIN)
    assert paper.state is ChangeState.APPROVED
    o.step(cast, paper, "void", "consultant1", note="重来")
    paper_down = _discounted(cast, order, cheap)
    paper_down = o.agreed(cast, paper_down, "submit_exchange", *JFS_CHAIN)
    assert paper_down.state is ChangeState.REVIEW
    assert o.decided(cast, paper_down, "developer_lead").state is ChangeState.APPROVED


def _discounted(cast: Cast, order: Reservation, flat: Unit):
    """A price below the old one, granted on a paper of its own for the new flat."""
    with acting_as(SYSTEM):
        held = cast.session.get_one(Reservation, order.id)
        who, paid_by, where = held.customer, held.scheme, cast.session.get_one(Unit, flat.id)
    grant = o.step(cast, o.discount(cast, where, who, paid_by, "1140000"), "submit", "consultant1")
    with acting_as(SYSTEM):
        station = current_step(open_of(cast.session, grant))
    login = {
        Post.DEVELOPER_SITE: "developer_site",
        Post.DEVELOPER_LEAD: "developer_lead",
        Post.SUPERVISOR: "supervisor",
    }
    o.decided(cast, grant, login[Post(station.post)], granted_total=Decimal(1140000), valid_until=o.today(3))
    return o.change(cast, order, ChangeKind.EXCHANGE, new_unit_id=flat.id, new_total=Decimal(1140000))


def test_a_taken_flat_is_had_only_by_a_swap(cast: Cast) -> None:
    paid_by, first, second = o.scheme(cast), o.unit(cast, "1102"), o.unit(cast, "1203")
    mine = o.effective(cast, first, o.customer(cast), paid_by)
    o.effective(cast, second, o.customer(cast, "consultant1", "10000009999", "李娜"), paid_by)
    paper = o.change(cast, mine, ChangeKind.EXCHANGE, new_unit_id=second.id)
    with pytest.raises(RuleError, match="对调"):
        o.step(cast, paper, "submit_exchange", "consultant1")


def test_the_name_changes_and_the_old_buyer_stays_on_record(cast: Cast) -> None:
    where = o.unit(cast)
    order = o.effective(cast, where, o.customer(cast), o.scheme(cast))
    heir = o.customer(cast, "consultant1", "10000007777", "王小明")
    drafted = o.contract(cast, order)
    asked = {"new_customer_id": heir.id, "relation": Relation.CHILD, "consent_on": o.today()}
    paper = o.change(cast, order, ChangeKind.RENAME, **asked)
    with pytest.raises(RuleError, match="还没有登记新买受人"):
        o.step(cast, paper, "submit_rename", "consultant1")
    o.proposed(cast, paper, "王小明", ID_2)
    paper = o.agreed(cast, paper, "submit_rename", *LEAD_CHAIN)
    with pytest.raises(RuleError, match="已批准变更"):
        o.step(cast, drafted, "submit", "contract_officer")
    o.step(cast, paper, "execute_rename", "developer_finance")
    after = o.fresh(cast, Reservation, order.id)
    assert (after.customer_id, after.customer_name, after.ends_as) == (heir.id, "王小明", None)
    assert o.fresh(cast, Contract, drafted.id).state is ContractState.VOID
    with acting_as(SYSTEM):
        history = [(b.name, b.standing, b.left_on) for b in cast.session.scalars(select(Buyer).order_by(Buyer.id))]
        assert history == [("王伟", Standing.FORMER, o.today()), ("王小明", Standing.CURRENT, None)]
        assert [b.name for b in cast.session.get_one(Reservation, order.id).buyers] == ["王小明"]
    assert account(cast, after).title.endswith("王小明")
    healthy(cast)


def test_a_buyer_joins_before_the_contract_only(cast: Cast) -> None:
    order = o.effective(cast, o.unit(cast), o.customer(cast), o.scheme(cast))
    asked = {"relation": Relation.SPOUSE, "consent_on": o.today()}
    paper = o.change(cast, order, ChangeKind.CO_BUYERS, **asked)
    with pytest.raises(RuleError, match="完全相同"):
        o.step(cast, paper, "submit_co_buyers", "consultant1")
    o.proposed(cast, paper, "李娜", ID_2)
    paper = o.agreed(cast, paper, "submit_co_buyers", *JFS_CHAIN)
    o.step(cast, paper, "execute_co_buyers", "clerk")
    after = o.fresh(cast, Reservation, order.id)
    assert after.ownership is Ownership.JOINT
    o.entered(cast, after)
    with pytest.raises(RuleError, match="签约前"):
        o.change(cast, after, ChangeKind.CO_BUYERS, **asked)
    heir = o.customer(cast, "consultant1", "10000007777", "王小明")
    with pytest.raises(RuleError, match="签约后不办更名"):
        o.change(cast, after, ChangeKind.RENAME, new_customer_id=heir.id, **asked)


def test_after_a_refused_loan_the_unpaid_rows_are_replaced(cast: Cast) -> None:
    lump = o.scheme(cast)
    loan = saved(cast.session, PaymentScheme(
        project_id=cast.project_ids["a"], name="商业按揭", kind=SchemeKind.MORTGAGE, loan_share=Decimal("0.7"),
        loan_step=Decimal(10000), loan_days=60, deposit=Decimal(20000), discount=Decimal("0.99"), state=SchemeState.ACTIVE,
    ))  # fmt: skip
    order = o.effective(cast, o.unit(cast), o.customer(cast), loan)
    total = o.fresh(cast, Reservation, order.id).total
    assert total == Decimal(1134524)  # 1,145,984 × 0.99, whole yuan
    paper = o.agreed(
        cast, o.change(cast, order, ChangeKind.PAYMENT, new_scheme_id=lump.id), "submit_payment_change", *JFS_CHAIN
    )
    assert (paper.old_total, paper.new_total) == (total, Decimal(1145984))
    o.step(cast, paper, "execute_payment", "developer_finance")
    after = o.fresh(cast, Reservation, order.id)
    assert (after.scheme_id, after.total, after.public_total) == (lump.id, Decimal(1145984), Decimal(1145984))
    live = [row for row in rows(cast, after) if row[2] is not ReceivableState.CANCELLED]
    assert [(kind, amount) for kind, amount, _state in live] == [
        (FundKind.DEPOSIT, Decimal(20000)), (FundKind.PRICE, Decimal(1125984)),
    ]  # fmt: skip
    healthy(cast)


def test_the_days_of_an_extension_decide_who_grants_it(cast: Cast) -> None:
    order = o.effective(cast, o.unit(cast), o.customer(cast), o.scheme(cast))
    paper = o.change(cast, order, ChangeKind.LATER_SIGNING, new_due_on=o.today(10))
    paper = o.step(cast, paper, "submit_extension", "consultant1")
    paper = o.decided(cast, paper, "supervisor")
    o.step(cast, paper, "execute_extension", "clerk")
    once = o.fresh(cast, Reservation, order.id)
    assert (once.first_sign_due_on, once.sign_due_on) == (o.today(7), o.today(10))
    again = o.step(
        cast, o.change(cast, order, ChangeKind.LATER_SIGNING, new_due_on=o.today(12)), "submit_extension", "consultant1"
    )
    with acting_as(SYSTEM):  # 5 days from the original date: beyond the supervisor
        request = open_of(cast.session, again)
        assert [(s.post, s.state) for s in request.steps] == [
            (Post.SUPERVISOR, StepState.INFORMED), (Post.DEVELOPER_SITE, StepState.PENDING),
        ]  # fmt: skip
    o.step(cast, again, "extension_withdraw", "consultant1")
    o.step(cast, again, "void", "consultant1", note="不延了")
    with pytest.raises(RuleError, match="晚于原定日期"):
        o.change(cast, order, ChangeKind.LATER_SIGNING, new_due_on=o.today(9))


def test_a_row_is_due_later_and_keeps_its_first_date(cast: Cast) -> None:
    order = o.effective(cast, o.unit(cast), o.customer(cast), o.scheme(cast))
    with acting_as(SYSTEM):
        date_plan(
            cast.session, account_of(cast.session(), order.id), SYSTEM, reserved_on=o.today(), signed_on=o.today()
        )
        row = cast.session.scalars(select(Receivable).where(Receivable.kind == FundKind.PRICE)).one()
    first = row.due_on
    paper = o.change(
        cast, order, ChangeKind.LATER_PAYMENT, receivable_id=row.id, new_due_on=first.replace(year=first.year + 1)
    )
    paper = o.step(cast, paper, "submit_extension", "consultant1")
    paper = o.decided(cast, paper, "developer_lead")
    o.step(cast, paper, "execute_extension", "supervisor")
    moved = o.fresh(cast, Receivable, row.id)
    assert (moved.due_on, moved.extended_to, paper.old_due_on) == (first, first.replace(year=first.year + 1), first)


def test_one_change_at_a_time_and_nobody_skips_the_chain(cast: Cast) -> None:
    order = o.effective(cast, o.unit(cast), o.customer(cast), o.scheme(cast))
    first = o.step(
        cast, o.change(cast, order, ChangeKind.LATER_SIGNING, new_due_on=o.today(9)), "submit_extension", "consultant1"
    )
    with pytest.raises(RuleError, match=f"已有一份延期签约在办（{first.number}，审批中）"):
        o.change(cast, order, ChangeKind.LATER_SIGNING, new_due_on=o.today(8))
    with pytest.raises(StaleError):
        o.step(cast, first, "execute_extension", "clerk")
