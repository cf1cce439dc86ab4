"""补差单: from survey to money, with the book of money closed at every end (02 §2.3.7)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.features.deals.verify import verify as verify_orders
from app.features.handover.areas.effects import clear_paid
from app.features.handover.areas.models import AreaSettlement, AreaState, Direction, Wish
from app.features.payments.effects import account_of, confirmed_total
from app.features.payments.models import FundKind, Receivable, Refund, RefundState
from app.features.payments.reports.reading import report
from app.features.payments.verify import verify
from app.features.pricing.models import PricedLine
from app.features.units.models import PricingBasis, Product
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import Forbidden, RuleError
from app.kernel.transactions import write
from tests.features.deals import orders
from tests.features.deals.test_price_lines import chosen, place
from tests.features.handover.homes import SVC, changed, even, handing, settlement, signed_home, to_documents, unit_of
from tests.tables import bring, plain, table

S = AreaState


def money(cast, contract):
    """(account, open rows, pending refunds)"""
    with acting_as(SYSTEM):
        cast.session.rollback()
        account = account_of(cast.session, contract.reservation_id)
        rows = cast.session.query(Receivable).filter_by(account_id=account.id).all()
        refunds = cast.session.query(Refund).filter_by(account_id=account.id).all()
        assert list(verify(cast.session)) == []
        return account, {(r.kind, r.amount, r.received, r.state.value) for r in rows}, refunds


def approved(cast, paper):
    paper = orders.step(cast, paper, "submit", SVC)
    assert paper.number.startswith("BC-JPYL-")
    return orders.decided(cast, paper, "developer_site")


def test_a_larger_flat_is_paid_for(cast):
    contract = signed_home(cast)
    paper = settlement(cast, contract, "90.53")  # +1.00 ㎡ at 12,800
    assert (paper.direction, paper.amount) == (Direction.PAY, Decimal("12800.00"))
    assert unit_of(cast, contract).difference_state == "待确认"
    paper = approved(cast, paper)
    assert paper.state is S.BOOKED and paper.due_on == orders.today(15)
    assert unit_of(cast, contract).surveyed_area == Decimal("90.53")
    _account, rows, _refunds = money(cast, contract)
    assert (FundKind.DIFFERENCE, Decimal("12800.00"), Decimal(0), "not_due") in rows
    orders.paid(cast, contract_order(cast, contract), "12800", FundKind.DIFFERENCE)
    assert orders.fresh(cast, AreaSettlement, paper.id).state is S.CLEARED
    assert unit_of(cast, contract).difference_state == "已结清"
    money(cast, contract)


def test_the_difference_belongs_to_the_home_line(cast, client_as):
    """In receivables, in the allocation and in the report; nothing of a lined order is «未分项»."""
    contract = signed_home(cast)
    approved(cast, settlement(cast, contract, "90.53"))
    orders.paid(cast, contract_order(cast, contract), "12800", FundKind.DIFFERENCE)
    with acting_as(SYSTEM):
        cast.session.rollback()
        row = cast.session.query(Receivable).filter_by(kind=FundKind.DIFFERENCE).one()
        assert (row.line, row.received) == (PricedLine.HOME, Decimal("12800.00"))
        found = report(cast.session, contract.project_id, "line")
    whole = contract.total + Decimal(12800)
    home = found.lines[PricedLine.HOME]
    assert (home.owed, home.settled, home.booked) == (whole, whole, whole)
    assert found.lines[0].owed == found.lines[0].booked == 0
    listed = client_as("supervisor").get("/receivable/list/?kind=difference&line=home").text
    assert "12,800.00" in listed


def test_a_refund_of_the_difference_lowers_the_home_line(cast):
    contract = signed_home(cast)
    approved(cast, settlement(cast, contract, "88.53"))  # -1.00 ㎡
    with acting_as(SYSTEM):
        cast.session.rollback()
        found = report(cast.session, contract.project_id, "line")
    assert found.lines[PricedLine.HOME].owed == contract.total - Decimal(12800)


def contract_order(cast, contract):
    from app.features.deals.reservations.models import Reservation

    return orders.fresh(cast, Reservation, contract.reservation_id)


@pytest.mark.both_databases
def test_a_smaller_flat_is_paid_back_double_beyond_the_limit(cast):
    contract = signed_home(cast)
    paper = settlement(cast, contract, "85.05")  # −4.48 ㎡ = −5.0039 %
    # within 2.6859 × 12,800 = 34,379.52; beyond 1.7941 × 12,800 = 22,964.48, double 45,928.96
    assert paper.amount == Decimal("80308.48") and paper.doubled == Decimal("45928.96") and paper.may_withdraw
    with pytest.raises(RuleError, match="买受人的选择"):
        orders.step(cast, paper, "submit", SVC)
    orders.step(cast, paper, "choose", SVC, wish=Wish.ACCEPT, on=orders.today())
    before = money(cast, contract)[0].total
    paper = approved(cast, paper)
    account, rows, refunds = money(cast, contract)
    assert sum(r.amount for r in refunds) == Decimal("80308.48")
    assert account.total == before - Decimal("57344.00")  # the price falls once, the rest is compensation
    assert sum(amount for _k, amount, _r, state in rows if state != "cancelled") == account.total
    assert {r.settled for r in refunds} == {False, True}  # out of 预收房款, and the compensation
    for refund in refunds:
        orders.step(
            cast, refund, "pay", "developer_finance", paid_on=orders.today(), credited=next(iter(_credited())),
            payee_account="6222", reference=f"TK{refund.id}",
        )  # fmt: skip
    with acting_as(SYSTEM):
        assert write(cast.session, lambda: clear_paid(cast.session)) == 1
    assert orders.fresh(cast, AreaSettlement, paper.id).state is S.CLEARED
    account, _rows, _refunds = money(cast, contract)
    with acting_as(SYSTEM):
        assert confirmed_total(cast.session, account.id) == account.total


def _credited():
    from app.features.payments.models import Credited

    return Credited


def test_a_refund_first_shortens_what_is_still_owed(cast):
    from app.features.payments.effects import add_receivable

    contract = signed_home(cast)
    actor = cast.actor("developer_finance")
    with acting_as(SYSTEM):
        add_receivable(
            cast.session,
            account_of(cast.session, contract.reservation_id),
            actor,
            FundKind.PRICE,
            Decimal(5000),
            orders.today(),
        )
    approved(cast, settlement(cast, contract, "89.03"))  # −0.5 ㎡ = 6,400.00
    _account, _rows, refunds = money(cast, contract)
    assert [r.amount for r in refunds] == [Decimal("1400.00")]
    assert refunds[0].state is RefundState.PENDING
    with pytest.raises(Forbidden):
        orders.step(cast, refunds[0], "discard", "developer_finance", note="不退了")


def test_a_buyer_who_leaves(cast, client_as):
    contract = signed_home(cast)
    paper = settlement(cast, contract, "93.00")
    orders.step(cast, paper, "choose", SVC, wish=Wish.WITHDRAW, on=orders.today())
    paper = orders.step(cast, paper, "withdraw", SVC)
    assert paper.state is S.WITHDRAWN and unit_of(cast, contract).difference_state == "转退房"
    page = client_as("supervisor").get(f"/area-settlement/show/{paper.id}").get_data(as_text=True)
    assert "kind=cancellation&amp;fault=seller" in page
    assert client_as(SVC).get(f"/area-settlement/show/{paper.id}").status_code == 200


def test_the_contracts_own_clause_wins(cast):
    contract = signed_home(cast)
    changed(cast, contract, area_clause="面积差异据实结算，多退少补")
    with pytest.raises(RuleError, match="据实结算"):
        settlement(cast, contract, "93.00")
    paper = settlement(cast, contract, "93.00", clause_direction=Direction.PAY, clause_amount=Decimal("44416.00"))
    assert (paper.amount, paper.borne, paper.may_withdraw) == (Decimal("44416.00"), Decimal(0), False)


def test_sold_as_a_whole_there_is_nothing_to_settle(cast):
    contract = signed_home(cast)
    changed(cast, contract, pricing_basis=PricingBasis.WHOLE)
    paper = settlement(cast, contract, "93.00")
    assert paper.direction is Direction.EVEN
    assert orders.step(cast, paper, "confirm_even", SVC).state is S.CLEARED
    assert unit_of(cast, contract).difference_state == "无补差"


def test_the_survey_of_a_building_comes_in_as_a_table(cast, client_as):
    sold = signed_home(cast)
    unsold = orders.unit(cast, "1103")
    head = ["房号", "实测建筑面积", "实测套内面积", "测绘报告号"]
    rows = [["1102栋1单元1102", "90.53", "71.00", "CH-1"], ["1103栋1单元1103", 88.53, 70, "CH-1"]]
    svc = client_as(SVC)
    way = bring(svc, "area-settlement", table(head, *rows)).check()
    assert way.status == 200, plain(way.columns)
    assert way.confirm().status_code == 302
    assert orders.fresh(cast, type(unsold), unsold.id).surveyed_area == Decimal("88.53")
    with acting_as(SYSTEM):
        made = cast.session.query(AreaSettlement).one()
        assert (made.amount, made.report_no, made.unit_id) == (Decimal("12800.00"), "CH-1", sold.unit_id)
    wrong = bring(svc, "area-settlement", table(head, ["1103栋1单元1103", "885.3", "", ""])).check()
    assert "相差超过 30" in plain(wrong.preview)


def test_pages_for_their_readers(cast, client_as):
    contract = signed_home(cast)
    paper = settlement(cast, contract, "90.53")
    for login in (SVC, "developer_site", "consultant1", "contract_officer", "developer_finance"):
        assert client_as(login).get(f"/area-settlement/show/{paper.id}").status_code == 200, login
    assert client_as("consultant2").get(f"/area-settlement/show/{paper.id}").status_code == 404
    assert client_as("marketing").get("/area-settlement/list/").status_code in (403, 404)
    page = client_as(SVC).get(f"/unit/show/{contract.unit_id}").get_data(as_text=True)
    assert "面积补差" in page and "12,800.00" in page
    form = client_as(SVC).post(
        "/area-settlement/add",
        data={"unit_id": contract.unit_id, "surveyed_area": "NaN", "surveyed_inner": "", "report_no": ""},
    )
    assert form.status_code == 422


def test_who_leaves_has_his_money_due_in_thirty_days(cast, client_as):
    """02 §2.3.7: refund and interest within 30 d; afterwards 甲方客服 is reminded until the order has ended."""
    contract = signed_home(cast)
    paper = settlement(cast, contract, "95.00")
    orders.step(cast, paper, "choose", SVC, wish=Wish.WITHDRAW, on=orders.today(-2))
    paper = orders.step(cast, paper, "withdraw", SVC)
    assert (paper.state, paper.due_on) == (S.WITHDRAWN, orders.today(28))
    client = client_as(SVC)
    assert "面积超差退房逾期未退款" not in client.get("/").text
    changed(cast, paper, due_on=orders.today(-1))
    assert "1 户面积超差退房逾期未退款" in client.get("/").text
    assert "1102栋1单元1102" in client.get("/area-settlement/list/?chip=late-leave").text


# ── 车位, 储藏间 beside the home ────────────────────────────
def with_store(cast, basis=PricingBasis.BUILDING_AREA):
    """A signed home with a store room of 10 ㎡ at 3,000, everything paid; (contract, store)."""
    order = orders.locked(cast, orders.unit(cast), orders.customer(cast))
    price = Decimal(30000)
    store = place(cast, "S-01", Product.STORE, pricing_basis=basis, list_unit_price=Decimal(3000), list_total=price,
                  building_area=Decimal(10), inner_area=Decimal(10))  # fmt: skip
    order = chosen(cast, order, store)
    orders.filled(cast, order, orders.scheme(cast))
    orders.step(cast, order, "submit", "consultant1")
    orders.decided(cast, order, "supervisor")
    orders.step(cast, order, "customer_sign", "consultant1", on=orders.today())
    orders.paid(cast, order, "20000")
    return orders.signed(cast, contract_order_of(cast, order.id)), store


def contract_order_of(cast, order_id):
    from app.features.deals.reservations.models import Reservation

    return orders.fresh(cast, Reservation, order_id)


def of_store(cast, store, surveyed):
    """A draft of the store room itself."""
    return settlement(cast, store, surveyed, unit_id=store.id)


def healthy(cast):
    with acting_as(SYSTEM):
        cast.session.rollback()
        assert list(verify_orders(cast.session)) == []
        cast.session.rollback()


@pytest.mark.both_databases
def test_a_store_room_sold_by_area_is_settled_on_its_own_line(cast):
    contract, store = with_store(cast)
    approved(cast, settlement(cast, contract, "90.53"))  # the home: +1.00 ㎡
    paper = of_store(cast, store, "10.20")  # +2 %: 0.20 ㎡ at 3,000
    assert (paper.line, paper.unit_price, paper.contract_area) == (
        PricedLine.STORE,
        Decimal("3000.00"),
        Decimal("10.00"),
    )
    assert (paper.direction, paper.amount, paper.reservation_id) == (
        Direction.PAY,
        Decimal("600.00"),
        contract.reservation_id,
    )
    paper = approved(cast, paper)
    with acting_as(SYSTEM):
        cast.session.rollback()
        row = cast.session.get(Receivable, paper.receivable_id)
        assert (row.line, row.line_name, row.amount) == (PricedLine.STORE, store.full_name, Decimal("600.00"))
        found = report(cast.session, contract.project_id, "line")
        assert found.lines[PricedLine.STORE].owed == Decimal(30600)
    orders.paid(cast, contract_order(cast, contract), "13400", FundKind.DIFFERENCE)
    assert orders.fresh(cast, AreaSettlement, paper.id).state is S.CLEARED
    healthy(cast)


def test_the_three_per_cent_are_of_the_object_itself(cast):
    contract, store = with_store(cast)
    paper = of_store(cast, store, "9.50")  # −5 %: 0.30 ㎡ once, 0.20 ㎡ double, at 3,000
    assert (paper.direction, paper.amount, paper.doubled, paper.may_withdraw) == (
        Direction.BACK, Decimal("2100.00"), Decimal("1200.00"), True,
    )  # fmt: skip
    orders.step(cast, paper, "choose", SVC, wish=Wish.ACCEPT, on=orders.today())
    approved(cast, paper)
    _account, _rows, refunds = money(cast, contract)
    assert sum(r.amount for r in refunds) == Decimal("2100.00")
    with acting_as(SYSTEM):
        cast.session.rollback()
        found = report(cast.session, contract.project_id, "line")
        assert found.lines[PricedLine.STORE].owed == Decimal(30000) - Decimal(1500)
    healthy(cast)


def test_keys_wait_for_whatever_was_sold_by_area(cast):
    contract, store = with_store(cast)
    even(cast, contract)
    paper = to_documents(cast, handing(cast, contract))
    with pytest.raises(RuleError, match=f"「{store.full_name}」还没有面积补差单"):
        orders.step(cast, paper, "settle", SVC)
    orders.step(cast, of_store(cast, store, "10.00"), "confirm_even", SVC)
    orders.step(cast, paper, "settle", SVC)


def test_a_store_room_sold_by_the_piece_has_nothing_to_settle(cast):
    contract, _store = with_store(cast, PricingBasis.WHOLE)
    even(cast, contract)
    orders.step(cast, to_documents(cast, handing(cast, contract)), "settle", SVC)


def test_the_day_is_of_whoever_has_to_pay(cast, client_as):
    contract = signed_home(cast)
    back = approved(cast, settlement(cast, contract, "88.53")).id
    with acting_as(SYSTEM):
        cast.session.rollback()
    page = client_as(SVC).get(f"/area-settlement/show/{back}").text
    assert "应退日" in page and "应缴日" not in page
