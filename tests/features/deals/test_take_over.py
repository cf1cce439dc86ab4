"""期初接管: three tables in, sums held against both sides' lists, everything written at once (issue «going live mid-sale»)."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from app.features.customers.models import Customer
from app.features.deals.contracts.models import Contract, ContractState
from app.features.deals.reservations.models import Buyer, Reservation, ReservationState
from app.features.deals.takeover.making import others_of
from app.features.deals.takeover.models import TakeOver, TakeOverOrder, TakeOverReceipt, TakeOverState
from app.features.deals.takeover.rules import OldOrder, Sums, differences, faults, require_agreement
from app.features.deals.verify import verify as orders_agree
from app.features.payments.closing.models import MonthClose
from app.features.payments.models import FundKind, OrderAccount, Receipt, ReceiptState
from app.features.payments.verify import verify as ledger_agrees
from app.features.units.models import Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import RuleError
from app.kernel.tasks.records import Task, TaskState
from app.kernel.tasks.running import run_task
from app.kernel.transactions import write
from app.kernel.workflow import as_step, fire
from tests.cast import Cast
from tests.factories import saved
from tests.features.deals import orders as o
from tests.features.pricing.test_price_lists import agree
from tests.tables import bring, plain, table

OTHER_ID = "110105194912310038"
D = Decimal


def old(**more: Any) -> OldOrder:
    values: dict[str, Any] = {
        "name": "3栋1102", "total": D(1106834), "deposit": D(20000), "stage": 3, "reserved_on": date(2026, 3, 1),
        "signed_on": date(2026, 3, 8), "online_on": date(2026, 3, 10), "filed_on": date(2026, 3, 20), "contract_no": "H1",
        "online_no": "W1", "filed_no": "B1", "dues": [], "receipts": [D(20000)], "paid_last_on": date(2026, 3, 1), "sold_already": False,
    }  # fmt: skip
    return OldOrder(**(values | more))


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({}, None),
        ({"stage": 0, "signed_on": None, "online_on": None, "filed_on": None}, None),
        ({"stage": 0}, "填了签约日期"),
        ({"signed_on": None}, "缺签约日期"),
        ({"filed_no": ""}, "有备案日期，缺编号"),
        ({"signed_on": date(2026, 2, 1)}, "签约日期 2026-02-01 早于认购日期 2026-03-01"),
        ({"filed_on": date(2027, 1, 1)}, "备案日期 2027-01-01 晚于截止日"),
        ({"paid_last_on": date(2027, 1, 1)}, "有收款日 2027-01-01 晚于截止日"),
        ({"deposit": D(-1)}, "定金应在零和成交总价"),
        ({"dues": [D(20000), D(1086833)]}, "应收合计 1,106,833.00 元与成交总价 1,106,834.00 元不符"),
        ({"dues": [D(20000), D(1086834)]}, None),
        ({"receipts": [D(1106834), D("0.01")]}, "超过成交总价"),
        ({"receipts": []}, "没有收款记录"),
        ({"sold_already": True}, "已经售出"),
    ],
)
def test_every_fault_of_an_old_order_is_named(more: dict[str, Any], sentence: str | None) -> None:
    found = [str(fault) for fault in faults(old(**more), date(2026, 11, 30))]
    assert found == [] if sentence is None else any(sentence in text for text in found), found


def test_sums_agree_to_the_fen() -> None:
    both = Sums(2, 1, D("2213668.00"), D("40000.00"), D("2173668.00"))
    assert differences(both, both) == []
    require_agreement(both, both)
    off = Sums(2, 1, D("2213668.00"), D("40000.01"), D("2173667.99"))
    assert [one.label for one in differences(both, off)] == ["已收合计", "未收合计"]
    with pytest.raises(RuleError, match="已收合计、未收合计"):
        require_agreement(both, off)


def test_other_buyers_are_read() -> None:
    assert others_of("李四 3101；王五 3102;") == [("李四", "3101"), ("王五", "3102")]
    assert others_of("") == []
    with pytest.raises(RuleError, match="看不懂"):
        others_of("李四")


HEADS = ["房号", "买受人", "身份证号", "手机号", "共有人", "置业顾问", "状态", "认购书编号", "认购日期", "付款方式", "成交总价", "定金",
         "合同编号", "签约日期", "网签编号", "网签日期", "备案编号", "备案日期", "日费率", "解除天数"]  # fmt: skip


def rows(cast: Cast) -> tuple[list[list[object]], list[list[object]]]:
    """Two homes: one signed and filed with two buyers, one only ordered."""
    day = [str(o.today(-n)) for n in range(100)]
    orders = [
        ["1102栋1单元1102", "王伟", o.ID_NUMBER, "10000001234", f"李四 {OTHER_ID}", "林晓", "备案", "老RG-1", day[90], "一次性", 1106834, 20000,
         "HT-老-1", day[80], "W-1", day[78], "B-1", day[60], "万分之3", 90],
        ["1103栋1单元1103", "钱一", OTHER_ID, "10000001235", "", "何涛", "认购", "老RG-2", day[20], "一次性", 1000000, 20000],
    ]  # fmt: skip
    money: list[list[object]] = [
        ["1102栋1单元1102", "定金", 20000, day[90], "转账", "S1", ""], ["1102栋1单元1102", "楼款", 1086834, day[79], "转账", "S2", ""],
        ["1103栋1单元1103", "定金", 20000, day[20], "现金", "", "SJ-9"],
    ]  # fmt: skip
    return [[*row, *[""] * (len(HEADS) - len(row))] for row in orders], money


@pytest.fixture
def prepared(cast: Cast, client_as: Any) -> TakeOver:
    """The paper of the clerk with both tables brought in."""
    o.scheme(cast)
    for room in ("1102", "1103"):
        o.unit(cast, room)
    paper = saved(cast.session, TakeOver(
        project_id=cast.project_ids["a"], as_of=o.today(-1), orders_expected=2, signed_expected=1, total_expected=D(2106834),
        received_expected=D(1126834), owed_expected=D(980000), created_by=cast.person_ids["clerk"],
    ))  # fmt: skip
    orders, money = rows(cast)
    client = client_as("clerk")
    for name, content in (
        ("take-over-order", table(HEADS, *orders)),
        ("take-over-receipt", table(["房号", "款项类型", "金额", "收款日", "方式", "流水号", "收据号"], *money)),
    ):
        way = bring(client, name, content).check()
        assert way.status == 200, plain(way.columns)
        answer = way.confirm()
        assert answer.status_code == 302, plain(answer.get_data(as_text=True))
    return o.fresh(cast, TakeOver, paper.id)


def decided(cast: Cast, paper: TakeOver) -> TakeOver:
    o.step(cast, paper, "submit", "clerk")
    agree(cast, paper, "site_manager", "developer_finance", "developer_lead")
    return o.fresh(cast, TakeOver, paper.id)


def taken_over(cast: Cast, paper: TakeOver) -> TakeOver:
    """Started by 甲方财务, done by the worker."""
    key = paper.id
    o.step(cast, decided(cast, paper), "execute", "developer_finance")
    with acting_as(SYSTEM):
        task_id = cast.session.scalars(select(Task.id).where(Task.kind == "take_over")).one()
    run_task(cast.session, task_id)
    with acting_as(SYSTEM):
        cast.session.rollback()
        done = cast.session.get(Task, task_id, populate_existing=True)
        assert done.state is TaskState.DONE, done.message
    return o.fresh(cast, TakeOver, key)


def all_of(cast: Cast, model: type[Any]) -> list[Any]:
    with acting_as(SYSTEM):
        cast.session.rollback()
        return list(cast.session.scalars(select(model).order_by(model.id)))


@pytest.mark.both_databases
def test_old_books_become_ours(cast: Cast, prepared: TakeOver) -> None:
    paper = taken_over(cast, prepared)
    assert (paper.state, paper.done_on) == (TakeOverState.DONE, o.today())
    (contract,), first = all_of(cast, Contract), all_of(cast, OrderAccount)[0]
    assert (contract.late_rate, contract.late_days) == (D("0.0003"), 90)
    assert (first.late_rate, first.termination_days) == (D("0.0003"), 90)  # what comes late is charged
    first, second = all_of(cast, Reservation)
    assert (first.state, second.state) == (ReservationState.SIGNED, ReservationState.EFFECTIVE)
    assert first.taken_over_on == second.taken_over_on == o.today()
    assert [unit.state for unit in all_of(cast, Unit)] == [UnitState.SIGN, UnitState.ORDER]
    assert [b.name for b in all_of(cast, Buyer)] == ["王伟", "李四", "钱一"]
    (contract,) = all_of(cast, Contract)
    assert (contract.state, contract.contract_no, contract.filed_no) == (ContractState.FILED, "HT-老-1", "B-1")
    receipts = all_of(cast, Receipt)
    assert {r.state for r in receipts} == {ReceiptState.CONFIRMED} and sum(r.amount for r in receipts) == D(1126834)
    assert [r.paid_on for r in receipts] == [o.today(-90), o.today(-79), o.today(-20)]
    with acting_as(SYSTEM):
        owed = cast.session.scalar(select(func.sum(OrderAccount.total))) - sum(r.amount for r in receipts)
        assert owed == D(980000)
        assert list(orders_agree(cast.session)) == [] and list(ledger_agrees(cast.session)) == []
    assert {row.reservation_id for row in all_of(cast, TakeOverOrder)} == {first.id, second.id}


def test_nothing_is_written_when_one_flat_was_sold_meanwhile(cast: Cast, prepared: TakeOver) -> None:
    key = prepared.id
    paper = decided(cast, prepared)
    with acting_as(SYSTEM):
        cast.session.rollback()
        unit = cast.session.scalars(select(Unit).where(Unit.room == "1103")).one()
    o.locked(cast, unit, o.customer(cast, phone="10000009999"))
    o.step(cast, paper, "execute", "developer_finance")
    with acting_as(SYSTEM):
        task_id = cast.session.scalars(select(Task.id).where(Task.kind == "take_over")).one()
    run_task(cast.session, task_id)
    with acting_as(SYSTEM):
        cast.session.rollback()
        failed = cast.session.get(Task, task_id, populate_existing=True)
        assert failed.state is TaskState.FAILED and "已经售出" in failed.message
    assert o.fresh(cast, TakeOver, key).state is TakeOverState.APPROVED
    assert len(all_of(cast, Reservation)) == 1 and all_of(cast, Receipt) == []


def test_sums_that_differ_are_refused_and_shown(cast: Cast, prepared: TakeOver, client_as: Any) -> None:
    def changed() -> None:
        with as_step(cast.session):
            cast.session.get(TakeOver, prepared.id).received_expected = D(1126835)
            cast.session.flush()

    with acting_as(SYSTEM):
        cast.session.rollback()
        write(cast.session, changed)
    with pytest.raises(RuleError, match="已收合计"):
        o.step(cast, o.fresh(cast, TakeOver, prepared.id), "submit", "clerk")
    page = plain(client_as("clerk").get(f"/take-over/show/{prepared.id}").text)
    assert "1,126,835.00" in page and "-1.00" in page and "一致" in page


def test_a_second_import_of_a_flat_changes_its_row(cast: Cast, prepared: TakeOver, client_as: Any) -> None:
    orders, _money = rows(cast)
    orders[1][10] = 1000001
    way = bring(client_as("clerk"), "take-over-order", table(HEADS, *orders)).check()
    assert way.status == 200, plain(way.columns)
    assert way.confirm().status_code == 302
    assert [row.total for row in all_of(cast, TakeOverOrder)] == [D(1106834), D(1000001)]


def test_a_known_customer_is_not_made_twice(cast: Cast, prepared: TakeOver) -> None:
    known = o.customer(cast, phone="10000001234").id
    taken_over(cast, prepared)
    customers = all_of(cast, Customer)
    assert customers[0].id == known and len(customers) == 2


def test_old_money_in_a_closed_month_is_named_before_the_approvals(cast: Cast, prepared: TakeOver) -> None:
    day = o.today(-90)
    month = saved(cast.session, MonthClose(project_id=prepared.project_id, month=f"{day:%Y-%m}"))
    o.step(cast, month, "close", "developer_finance")
    with pytest.raises(
        RuleError,
        match=rf"{month.month} 月已结账，却有 \d 笔收款在这个月（1102栋1单元1102 等），请甲方负责人先在「月结」重开该月",
    ):
        o.step(cast, prepared, "submit", "clerk")
    o.step(cast, month, "reopen", "developer_lead", note="补登旧收款")
    paper = decided(cast, o.fresh(cast, TakeOver, prepared.id))
    o.step(cast, month, "close", "developer_finance")
    with pytest.raises(RuleError, match="月已结账，却有"):
        o.step(cast, paper, "execute", "developer_finance")
    with acting_as(SYSTEM), pytest.raises(RuleError, match=rf"^{month.month} 月已结账，却有"):
        fire(
            cast.session, paper, "finish", cast.actor("developer_finance"), internal=True
        )  # closed while the task waited


def test_a_row_that_came_in_twice_goes_again(cast: Cast, prepared: TakeOver, client_as: Any) -> None:
    row = all_of(cast, TakeOverReceipt)[-1]
    clerk, key = client_as("clerk"), row.id
    assert "删除" in clerk.get(f"/take-over-receipt/show/{key}").text
    assert client_as("developer_finance").post(f"/take-over-receipt/delete/{key}").status_code == 403
    assert clerk.post(f"/take-over-receipt/delete/{key}").status_code == 302
    assert len(all_of(cast, TakeOverReceipt)) == 2
    kept = all_of(cast, TakeOverReceipt)[0].id
    o.step(cast, prepared, "void", "clerk", note="重新整理")
    assert clerk.post(f"/take-over-receipt/delete/{kept}").status_code == 403


def test_old_earnest_money_is_taken_over_as_deposit(cast: Cast, prepared: TakeOver) -> None:
    def changed() -> None:
        with as_step(cast.session):
            cast.session.get(TakeOverReceipt, 3).kind = FundKind.BOOKING
            cast.session.flush()

    with acting_as(SYSTEM):
        cast.session.rollback()
        write(cast.session, changed)
    with pytest.raises(RuleError, match="款项类型「预定金」应改为「定金」"):
        o.step(cast, o.fresh(cast, TakeOver, prepared.id), "submit", "clerk")


def test_a_void_paper_leaves_room_for_another(cast: Cast, prepared: TakeOver) -> None:
    more = {
        "project_id": cast.project_ids["a"], "as_of": o.today(), "orders_expected": 0, "signed_expected": 0, "total_expected": D(0),
        "received_expected": D(0), "owed_expected": D(0),
    }  # fmt: skip
    with pytest.raises(RuleError, match="已有一份期初接管单在办理"):
        saved(cast.session, TakeOver(**more))
    o.step(cast, prepared, "void", "clerk", note="重新整理")
    second = saved(cast.session, TakeOver(**more))
    with pytest.raises(RuleError, match="还没有导入接管订单"):
        o.step(cast, second, "submit", "clerk")


def test_what_the_old_contract_does_not_say_is_told(cast: Cast, prepared: TakeOver, client_as: Any) -> None:
    def silent() -> None:
        cast.session.get(TakeOver, prepared.id).orders[0].late_rate = None

    page = f"/take-over/show/{prepared.id}"
    assert "份已签合同没有填逾期付款日费率" not in client_as("clerk").get(page).text
    with acting_as(SYSTEM):
        write(cast.session, silent)
    assert "1 份已签合同没有填逾期付款日费率" in client_as("clerk").get(page).text


def test_an_approved_paper_goes_back_for_correction_and_is_approved_anew(
    cast: Cast, prepared: TakeOver, client_as: Any
) -> None:
    key = decided(cast, prepared).id
    paper = o.step(cast, o.fresh(cast, TakeOver, key), "reopen", "clerk", note="收款日期写错")
    assert paper.state is TakeOverState.DRAFT
    with pytest.raises(RuleError):
        o.step(cast, paper, "execute", "developer_finance")
    taken_over(cast, paper)


def test_the_booking_is_told_as_queued(cast: Cast, prepared: TakeOver, client_as: Any) -> None:
    key = decided(cast, prepared).id
    money = client_as("developer_finance")
    page = money.get(f"/take-over/show/{key}").text
    version = re.search(r'name="_version" value="(\d+)"', page)
    money.post(f"/take-over/step/execute/{key}", data={"_version": version and version[1], "_key": "k"})
    page = money.get(f"/take-over/show/{key}").text
    assert "接管入账：已转入后台" in page and "接管入账：已完成" not in page
