"""期初接管 of orders with 装修款, 车位, 储藏间: sums close to the fen, every line is owed as in an order of ours (decision 0040)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.features.deals.lines.models import OrderLine
from app.features.deals.reservations.models import Reservation
from app.features.deals.takeover.effects import all_faults, read
from app.features.deals.takeover.models import TakeOver, TakeOverOrder
from app.features.deals.takeover.rules import faults, read_places
from app.features.deals.verify import verify as orders_agree
from app.features.payments.models import Receivable
from app.features.payments.reports.reading import report
from app.features.payments.verify import verify as ledger_agrees
from app.features.pricing.models import PricedLine
from app.features.units.models import Product, Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import RuleError
from tests.cast import Cast
from tests.factories import saved
from tests.features.deals import orders as o
from tests.features.deals.test_price_lines import changed, place
from tests.features.deals.test_take_over import HEADS, D, all_of, old, rows, taken_over
from tests.stock.test_fab_repairs import fields_of
from tests.tables import bring, plain, table

L = PricedLine
MORE = ["房款", "装修款", "车位", "车位款", "储藏间", "储藏间款"]


@pytest.mark.parametrize(
    ("text", "total", "found"),
    [
        ("", None, []),
        ("B1-023", D(150000), [("B1-023", D(150000))]),
        ("B1-023=150000；B1-024＝140,000.50", None, [("B1-023", D(150000)), ("B1-024", D("140000.50"))]),
        ("B1-023=150000;B1-024=140000", D(290000), [("B1-023", D(150000)), ("B1-024", D(140000))]),
        ("地下车库 B1-001", D("0.01"), [("地下车库 B1-001", D("0.01"))]),
    ],
)
def test_places_are_read(text: str, total: Decimal | None, found: list[tuple[str, Decimal]]) -> None:
    assert read_places(text, total, "车位") == found


@pytest.mark.parametrize(
    ("text", "total", "sentence"),
    [
        ("", D(150000), "填了车位款，没有写是哪个车位"),
        ("B1-023", None, "车位「B1-023」没有价格"),
        ("B1-023；B1-024", D(290000), "车位「B1-023」没有价格"),
        ("B1-023=150000", D("150000.01"), "车位款 150,000.01 元与各个车位的价格合计 150,000.00 元不符"),
        ("B1-023=0", None, "车位的价格必须大于零"),
        ("B1-023=十五万", None, "."),
    ],
)
def test_places_that_cannot_be_read_say_why(text: str, total: Decimal | None, sentence: str) -> None:
    with pytest.raises(RuleError, match=sentence):
        read_places(text, total, "车位")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"home": D(956834), "beside": [D(100000), D(50000)]}, None),
        ({"home": D("956834.01"), "beside": [D(150000)]}, "房款 956,834.01 元加装修款、车位、储藏间 150,000.00 元"),
        ({"home": D(1106833)}, "与成交总价 1,106,834.00 元不符"),
        ({"beside": [D(1106834)]}, "不小于成交总价"),
        ({"beside": [D(150000)]}, None),
    ],
)
def test_the_lines_add_up_to_the_fen(more: dict[str, Any], sentence: str | None) -> None:
    found = [str(fault) for fault in faults(old(**more), o.today())]
    assert found == [] if sentence is None else any(sentence in text for text in found), found


@pytest.fixture
def prepared(cast: Cast, client_as: Any) -> TakeOver:
    """1102 with 装修款, two parking places and a store room; 1103 as before."""
    o.scheme(cast)
    o.unit(cast, "1102")
    o.unit(cast, "1103")
    for room, product in (("B1-001", Product.PARKING), ("B1-002", Product.PARKING), ("C1-001", Product.STORE)):
        place(cast, room, product)
    paper = saved(cast.session, TakeOver(
        project_id=cast.project_ids["a"], as_of=o.today(-1), orders_expected=2, signed_expected=1, total_expected=D(2106834),
        received_expected=D(70000), owed_expected=D(2036834), created_by=cast.person_ids["clerk"],
    ))  # fmt: skip
    orders, _money = rows(cast)
    day = str(o.today(-90))
    money = [
        ["1102栋1单元1102", "定金", 20000, day, "S1"], ["1102栋1单元1102", "装修款", 30000, day, "S2"],
        ["1103栋1单元1103", "定金", 20000, str(o.today(-20)), "S3"],
    ]  # fmt: skip
    first = [656834, 80000, f"{named('B1-001')}=150000；{named('B1-002')}=160000", 310000, named("C1-001"), 60000]
    client = client_as("clerk")
    for name, content in (
        ("take-over-order", table([*HEADS, *MORE], [*orders[0], *first], [*orders[1], *[""] * len(MORE)])),
        ("take-over-receipt", table(["房号", "款项类型", "金额", "收款日", "流水号"], *money)),
    ):
        way = bring(client, name, content).check()
        assert way.status == 200, plain(way.columns)
        answer = way.confirm()
        assert answer.status_code == 302, plain(answer.get_data(as_text=True))
    return o.fresh(cast, TakeOver, paper.id)


def named(room: str) -> str:
    return f"{room}栋1单元{room}"


def wrong(cast: Cast, paper: TakeOver) -> list[str]:
    with acting_as(SYSTEM):
        cast.session.rollback()
        return [str(fault) for fault in all_faults(read(cast.session, paper.id))]


@pytest.mark.both_databases
def test_every_line_comes_in_as_one_of_ours(cast: Cast, prepared: TakeOver) -> None:
    assert wrong(cast, prepared) == []
    taken_over(cast, prepared)
    first, second = all_of(cast, Reservation)
    assert (first.total, first.extras_total, first.home_total) == (D(1106834), D(450000), D(656834))
    assert second.extras_total == 0
    lines = all_of(cast, OrderLine)
    assert [(one.kind, one.public_total) for one in lines] == [
        (L.FINISH, D(80000)), (L.PARKING, D(150000)), (L.PARKING, D(160000)), (L.STORE, D(60000)),
    ]  # fmt: skip
    states = {unit.full_name: unit.state for unit in all_of(cast, Unit)}
    assert states == {
        named("1102"): UnitState.SIGN, named("1103"): UnitState.ORDER, named("B1-001"): UnitState.SIGN,
        named("B1-002"): UnitState.SIGN, named("C1-001"): UnitState.SIGN,
    }  # fmt: skip
    with acting_as(SYSTEM):
        found = report(cast.session, first.project_id, "line").lines
        owed = {key: line.owed for key, line in found.items() if key}
        assert owed == {L.HOME: D(1656834), L.FINISH: D(80000), L.PARKING: D(310000), L.STORE: D(60000)}
        assert found[L.FINISH].settled == D(30000), "money brought as 装修款 pays its line"
        assert all(row.line is not None for row in cast.session.query(Receivable))
        assert list(orders_agree(cast.session)) == [] and list(ledger_agrees(cast.session)) == []


def test_places_that_are_not_ours_to_sell_are_named(cast: Cast, prepared: TakeOver, client_as: Any) -> None:
    with acting_as(SYSTEM):
        cast.session.rollback()
        rows_of = {row.buyer: row.id for row in cast.session.query(TakeOverOrder)}
    second = rows_of["钱一"]
    changed(cast, TakeOverOrder, second, parking=f"{named('B1-001')}=150000")
    assert any("出现了两次" in text for text in wrong(cast, prepared))
    changed(cast, TakeOverOrder, second, parking="B9-999=150000")
    assert any("系统里没有车位「B9-999」" in text for text in wrong(cast, prepared))
    changed(cast, TakeOverOrder, second, parking=f"{named('C1-001')}=150000")
    assert any("系统里没有车位" in text for text in wrong(cast, prepared)), "a store room is no parking place"
    changed(cast, TakeOverOrder, second, parking="")
    with acting_as(SYSTEM):
        cast.session.rollback()
        unit = cast.session.query(Unit).filter_by(full_name=named("B1-002")).one().id
    changed(cast, Unit, unit, seized=True)
    assert any("已经售出、被查封" in text for text in wrong(cast, prepared))
    page = plain(client_as("clerk").get(f"/take-over/show/{prepared.id}").text)
    assert "已经售出、被查封" in page


def test_the_form_refuses_what_the_table_refuses(cast: Cast, prepared: TakeOver, client_as: Any) -> None:
    with acting_as(SYSTEM):
        cast.session.rollback()
        row = cast.session.query(TakeOverOrder).filter_by(buyer="钱一").one()
    client, url = client_as("clerk"), f"/take-over-order/edit/{row.id}"
    form = fields_of(client, url)
    assert {"home_total", "finish_total", "parking", "parking_total", "store", "store_total"} <= form.keys()
    answer = client.post(url, data={**form, "parking_total": "150000"})
    assert answer.status_code == 422 and "没有写是哪个车位" in answer.text
