"""逾期交付违约金 of a building: listed, checked, decided, owed once; a day is never counted twice (02 §2.3.6 L6)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.features.deals.contracts.models import Contract
from app.features.handover.handings.compensation import late_compensation
from app.features.handover.handings.models import Handover
from app.features.handover.late.effects import list_homes
from app.features.handover.late.models import LateBatch, LateBatchState, LateHome, LateHomeState
from app.features.handover.late.watching import watch_promises
from app.features.payments.models import Refund, RefundState
from app.features.payments.verify import verify
from app.features.units.models import Unit
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import clock, now
from app.kernel.errors import Forbidden, RuleError
from app.kernel.notices import Notice
from app.kernel.transactions import write
from app.kernel.workflow import as_step
from tests.cast import Cast
from tests.features.deals import orders
from tests.features.handover.homes import SVC, changed, handed_over, handing, receipts_of, signed_home
from tests.kernel.papers.words import told

PRICE, RATE = Decimal("1145984.00"), Decimal("0.0002")
JFS = "developer_site"
H = LateHomeState


def late_homes(cast: Cast, days: int = 20) -> list[Contract]:
    """Two homes of one building, both paid whole before the date, promised `days` ago at 0.02 % a day."""
    paid_by = orders.scheme(cast)
    found = [signed_home(cast, "1102", paid_by=paid_by), signed_home(cast, "1103", "10000005678", paid_by)]
    building = orders.fresh(cast, Unit, found[0].unit_id).building_id
    changed(cast, orders.fresh(cast, Unit, found[1].unit_id), building_id=building)
    for contract in found:
        changed(cast, contract, handover_on=orders.today(-days), late_rate=RATE)
        for receipt in receipts_of(cast, contract):
            changed(cast, receipt, paid_on=orders.today(-days - 30))
    return [orders.fresh(cast, Contract, contract.id) for contract in found]


def batch_of(cast: Cast, contract: Contract, until: int = 0) -> LateBatch:
    """A batch as the form writes it."""
    actor = cast.actor(SVC)
    with acting_as(SYSTEM):
        building = cast.session.get(Unit, contract.unit_id).building_id

    def work() -> LateBatch:
        with as_step(cast.session):
            paper = LateBatch(
                project_id=contract.project_id,
                building_id=building,
                until_on=orders.today(until),
                created_by=actor.person_id,
            )
            cast.session.add(paper)
            cast.session.flush()
            list_homes(cast.session, paper, actor)
        return paper

    with acting_as(SYSTEM):
        return orders.fresh(cast, LateBatch, write(cast.session, work).id)


def lines(cast: Cast, *states: H) -> list[LateHome]:
    with acting_as(SYSTEM):
        cast.session.rollback()
        found = cast.session.query(LateHome).order_by(LateHome.id).all()
        return [line for line in found if not states or line.state in states]


def refunds(cast: Cast) -> list[Refund]:
    with acting_as(SYSTEM):
        cast.session.rollback()
        return cast.session.query(Refund).order_by(Refund.id).all()


def agreed(cast: Cast, paper: LateBatch) -> LateBatch:
    orders.step(cast, paper, "submit", SVC)
    return orders.decided(cast, paper, JFS)


@pytest.mark.both_databases
def test_one_act_for_a_building(cast: Cast) -> None:
    """1,145,984 × 0.0002 × 20 days = 4,583.94 (half up from 4,583.936) a home."""
    contracts = late_homes(cast)
    paper = batch_of(cast, contracts[0])
    found = lines(cast)
    assert [(x.days, x.paid, x.rate, x.amount, x.state) for x in found] == [
        (20, PRICE, RATE, Decimal("4583.94"), H.COUNTED)
    ] * 2
    assert (paper.homes, paper.total) == (2, Decimal("9167.88"))
    assert refunds(cast) == [], "nothing is owed before 甲方 agreed"
    paper = agreed(cast, paper)
    assert paper.state is LateBatchState.BOOKED and paper.booked_on == orders.today()
    assert [(r.amount, r.state, r.settled) for r in refunds(cast)] == [
        (Decimal("4583.94"), RefundState.PENDING, True)
    ] * 2
    assert {x.state for x in lines(cast)} == {H.OWED}
    with acting_as(SYSTEM):
        assert list(verify(cast.session)) == []


def test_money_that_came_late_counts_from_the_day_after_it_came(cast: Cast, client_as: Any) -> None:
    """1,125,984 paid before the date for 20 days, 20,000 paid 5 days ago for 5: 4,503.936 + 20.00, rounded once."""
    contracts = late_homes(cast)
    changed(cast, receipts_of(cast, contracts[0])[0], paid_on=orders.today(-5))
    batch_of(cast, contracts[0])
    found = lines(cast)[0]
    assert (found.paid, found.days, found.amount) == (PRICE, 20, Decimal("4523.94"))
    assert found.parts == [[str(orders.today(-20)), "1125984.00", 20], [str(orders.today(-5)), "20000.00", 5]]
    page = client_as(SVC).get(f"/late-home/show/{found.id}").text
    assert "计算明细" in page and "4,503.94" in page and "20.00" in page and str(orders.today(-4)) in page


def test_the_buyer_gets_a_notice_and_the_deciders_a_sheet(cast: Cast) -> None:
    contracts = late_homes(cast)
    paper = batch_of(cast, contracts[0])
    with acting_as(SYSTEM):
        assert set(told(cast.session, lines(cast)[0])) == set(), "nothing is settled before 甲方 agreed"
    paper = agreed(cast, paper)
    with acting_as(SYSTEM):
        line = lines(cast)[0]
        text = told(cast.session, line)["late_notice"]
        sheet = told(cast.session, orders.fresh(cast, LateBatch, paper.id))["late_batch"]
    for words in ("4,583.94", "肆仟伍佰捌拾叁元玖角肆分", "万分之 2", "尚未交付", "王伟", paper.number):
        assert words in text, words
    assert "9,167.88" in sheet and "玖仟壹佰陆拾柒元捌角捌分" in sheet and line.unit.full_name in sheet


def test_the_service_desk_hears_once_of_a_building_whose_date_passed(cast: Cast, client_as: Any) -> None:
    contracts = late_homes(cast)
    client = client_as(SVC)
    assert "栋楼已过合同交付日" in client.get("/").text
    assert "栋楼已过合同交付日" not in client_as("other_lead").get("/").text
    with acting_as(SYSTEM):
        assert write(cast.session, lambda: watch_promises(cast.session)) == 1
        assert write(cast.session, lambda: watch_promises(cast.session)) == 0
        found = cast.session.query(Notice).filter(Notice.url.startswith("/late-batch/add")).all()
        assert {n.title.split(" ", 1)[1] for n in found} == {"已过合同交付日，2 套还没有交付"}
    batch_of(cast, contracts[0])
    assert "栋楼已过合同交付日" not in client.get("/").text


def test_a_home_that_is_not_late_alarms_nobody(cast: Cast) -> None:
    contracts = late_homes(cast)
    for contract in contracts:
        changed(cast, contract, handover_on=orders.today())
    with acting_as(SYSTEM):
        assert write(cast.session, lambda: watch_promises(cast.session)) == 0


def test_a_day_is_never_counted_twice(cast: Cast) -> None:
    contracts = late_homes(cast)
    first = agreed(cast, batch_of(cast, contracts[0], until=-10))
    assert [x.days for x in lines(cast)] == [10, 10]
    second = agreed(cast, batch_of(cast, contracts[0]))
    assert [(x.from_on, x.days) for x in lines(cast)][2:] == [(first.until_on, 10)] * 2
    assert first.total + second.total == Decimal("9167.88")
    with pytest.raises(RuleError, match="没有需要计算"):
        batch_of(cast, contracts[0])


def test_two_open_batches_of_a_building_are_refused(cast: Cast) -> None:
    contracts = late_homes(cast)
    batch_of(cast, contracts[0])
    with pytest.raises(RuleError, match="没有办完"):
        batch_of(cast, contracts[0])


def test_a_home_that_was_handed_over_late_counts_up_to_that_day(cast: Cast) -> None:
    contracts = late_homes(cast)
    changed(cast, contracts[0], handover_on=orders.today(30))
    handed_over(cast, orders.fresh(cast, Contract, contracts[0].id))
    changed(cast, orders.fresh(cast, Contract, contracts[0].id), handover_on=orders.today(-20))
    token = clock.set(lambda moment=now(): moment + timedelta(days=5))
    try:
        batch_of(cast, contracts[0])
        assert [(x.days, x.handed_on) for x in lines(cast)] == [(20, orders.today(-5)), (25, None)]
    finally:
        clock.reset(token)


def test_what_is_set_aside_is_not_owed_and_says_why(cast: Cast) -> None:
    contracts = late_homes(cast)
    paper = batch_of(cast, contracts[0])
    first, second = lines(cast)
    with pytest.raises(Forbidden):
        orders.step(cast, first, "set_aside", "consultant1", note="客户原因")
    orders.step(cast, first, "set_aside", SVC, note="买受人书面同意延期")
    paper = orders.fresh(cast, LateBatch, paper.id)
    assert (paper.homes, paper.total) == (1, Decimal("4583.94"))
    paper = orders.step(cast, paper, "recount", SVC)
    assert [(x.state, x.why) for x in lines(cast) if x.state is not H.VOID] == [
        (H.EXCLUDED, "买受人书面同意延期"), (H.COUNTED, ""),
    ]  # fmt: skip
    paper = agreed(cast, paper)
    assert len(refunds(cast)) == 1
    left = lines(cast, H.EXCLUDED)[0]
    with pytest.raises(RuleError, match="不能再改明细"):
        orders.step(cast, left, "count_in", SVC)
    assert second.unit_id == contracts[1].unit_id
    token = clock.set(lambda moment=now(): moment + timedelta(days=3))
    try:
        batch_of(cast, contracts[0])  # a later list remembers it
        assert [(x.state, x.days, x.why) for x in lines(cast)][-2:] == [
            (H.EXCLUDED, 23, "买受人书面同意延期"), (H.COUNTED, 3, ""),
        ]  # fmt: skip
    finally:
        clock.reset(token)


def test_figures_that_changed_are_counted_again_before_the_submit(cast: Cast) -> None:
    contracts = late_homes(cast)
    paper = batch_of(cast, contracts[0])
    changed(cast, orders.fresh(cast, Contract, contracts[1].id), late_rate=Decimal("0.0003"))
    with pytest.raises(RuleError, match="请先点「重新计算」"):
        orders.step(cast, paper, "submit", SVC)
    paper = orders.step(cast, paper, "recount", SVC)
    assert paper.total == Decimal("11459.84")  # 4,583.94 + 6,875.90
    assert agreed(cast, paper).state is LateBatchState.BOOKED


def test_what_was_agreed_at_a_refusal_is_looked_at_first(cast: Cast) -> None:
    contracts = late_homes(cast)
    handover = handing(cast, contracts[0])
    changed(cast, handover, compensation=Decimal(5000))
    batch_of(cast, contracts[0])
    first = lines(cast)[0]
    assert first.state is H.EXCLUDED and "拒收时已批准补偿 5,000.00 元" in first.why
    assert orders.step(cast, first, "count_in", SVC).state is H.COUNTED


def test_a_refusal_asks_only_for_days_that_no_batch_made_payable(cast: Cast) -> None:
    contracts = late_homes(cast)
    handover = handing(cast, contracts[0])
    agreed(cast, batch_of(cast, contracts[0], until=-10))
    with acting_as(SYSTEM):
        cast.session.rollback()
        due = late_compensation(cast.session.get(Handover, handover.id))
    assert due == Decimal("2291.97")  # ten of the twenty days: 1,145,984 × 0.0002 × 10


def test_a_refused_batch_owes_nothing_and_may_be_made_again(cast: Cast) -> None:
    contracts = late_homes(cast)
    paper = batch_of(cast, contracts[0])
    orders.step(cast, paper, "submit", SVC)
    paper = orders.decided(cast, paper, JFS, "refuse", "先与客户协商")
    assert paper.state is LateBatchState.REFUSED and refunds(cast) == []
    assert {x.state for x in lines(cast)} == {H.VOID}
    assert batch_of(cast, contracts[0]).homes == 2


def test_the_pages(cast: Cast, client_as: Any) -> None:
    contracts = late_homes(cast)
    client = client_as(SVC)
    with acting_as(SYSTEM):
        building = cast.session.get(Unit, contracts[0].unit_id).building_id
    form = {"building_id": building, "until_on": str(orders.today()), "note": ""}
    ahead = client.post("/late-batch/add", data={**form, "until_on": str(orders.today(1))})
    assert ahead.status_code == 422 and "不能晚于今天" in ahead.text
    made = client.post("/late-batch/add", data=form)
    assert made.status_code == 302
    page = client.get(made.location).text
    assert "9,167.88" in page and "4,583.94" in page and "请逐户核对" in page
    assert "4,583.94" in client_as("supervisor").get("/late-home/list/").text
    assert client_as("consultant1").get("/late-batch/list/").status_code == 403
    owner = client_as("consultant1").get(f"/contract/show/{contracts[0].id}").text
    assert "逾期交付" in owner
