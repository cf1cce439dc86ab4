"""How a building is laid out, which words a cell says, when two boards are the same (look/tokens.md «Unit board»)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from app.features.units.board.page import Wording, cell
from app.features.units.board.rules import (
    BoardUnit,
    code_of,
    floor_label,
    grid_of,
    in_band,
    in_ten_thousands,
    position_of,
    room_order,
    state_token,
    word_of,
)
from app.features.units.models import UnitState
from app.kernel.screens.board_page import BoardRow
from app.kernel.screens.drawing import board_floors


def unit(number, room, floor, section="1", version=1, type_id=None):
    return BoardUnit(
        id=number, section=section, floor=floor, room=room, state=UnitState.FREE, stopped=False, list_total=None, type_id=type_id,
        building_area=Decimal("89.53"), lock_until=None, lock_by=None, wishes=0, version=version, updated_at=datetime(2026, 1, 1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("room", "position"),
    [
        ("1102", "02"),
        ("301", "01"),
        ("701A", "01A"),
        ("-101", "01"),
        ("商铺05", "商铺05"),
        ("B1-007", "B1-007"),
        ("5", "5"),
    ],
)
def test_a_room_stands_at_its_last_two_digits(room, position):
    assert position_of(room) == position


def test_rooms_stand_in_the_order_of_people():
    assert sorted(["A10", "A2", "B1", "2", "10"], key=room_order) == ["2", "10", "A2", "A10", "B1"]


def test_sections_side_by_side_floors_downward_gaps_where_there_is_no_home():
    grid = grid_of(
        [unit(1, "201", 2), unit(2, "202", 2), unit(3, "301", 3), unit(4, "301", 3, "2"), unit(5, "-101", -1)]
    )
    assert [(name, [p.name for p in places]) for name, places in grid.sections] == [("1", ["01", "02"]), ("2", ["01"])]
    drawn = [(floor, [[u and u.id for u in part] for part in parts]) for floor, parts in grid.rows]
    assert drawn == [(3, [[3, None], [4]]), (2, [[1, 2], [None]]), (-1, [[5, None], [None]])]


def test_a_wide_floor_is_wrapped_in_tens_and_nothing_is_lost():
    grid = grid_of([unit(n, f"B1-{n:03d}", -1, "") for n in range(1, 24)])
    assert [len(parts[0]) for _floor, parts in grid.rows] == [10, 10, 10]
    shown = [u.id for _floor, parts in grid.rows for part in parts for u in part if u]
    assert shown == list(range(1, 24))


def test_two_homes_at_one_place_are_both_drawn():
    grid = grid_of([unit(1, "101", 1), unit(2, "0101", 1)])
    assert {u.id for _floor, parts in grid.rows for part in parts for u in part if u} == {1, 2}


def test_an_empty_building_has_an_empty_grid():
    assert grid_of([]).rows == ()


@pytest.mark.parametrize(
    ("state", "stopped", "reads", "word"),
    [
        (UnitState.HOLD, False, True, "保留"),
        (UnitState.HOLD, False, False, "暂不可售"),
        (UnitState.HOLD, True, False, "停售（暂不可售）"),
        (UnitState.FREE, True, False, "停售（可售）"),
        (UnitState.SIGN, False, False, "签约"),
    ],
)
def test_a_hold_is_never_called_sold(state, stopped, reads, word):
    assert word_of(state, stopped, reads) == word
    assert code_of(state, stopped) == ("stop" if stopped else state.value)


@pytest.mark.parametrize(
    ("total", "text"), [("1451984.00", "145.2"), ("1145984.00", "114.6"), ("999500.00", "100.0"), (None, "")]
)
def test_prices_in_ten_thousands(total, text):
    assert in_ten_thousands(None if total is None else Decimal(total)) == text


@pytest.mark.parametrize(
    ("total", "band", "inside"),
    [("1000000", "100-120", True), ("1199999.99", "100-120", True), ("1200000", "100-120", False), ("999999.99", "0-100", True),
     ("99000000", "200-", True), (None, "0-100", False)],
)  # fmt: skip
def test_price_bands_take_their_lower_bound(total, band, inside):
    assert in_band(None if total is None else Decimal(total), band) is inside


def test_floors_in_words():
    assert (floor_label(18), floor_label(-1)) == ("18层", "负1层")


@pytest.mark.parametrize(
    "other",
    [
        [unit(1, "101", 1, version=2), unit(2, "102", 1)],
        [unit(1, "101", 1)],
        [unit(1, "101", 1), unit(3, "102", 1)],
        [unit(1, "101", 1), unit(2, "102", 1), unit(3, "103", 1)],
    ],
)
def test_any_change_of_any_unit_is_another_token(other):
    assert state_token([unit(1, "101", 1), unit(2, "102", 1)]) != state_token(other)


def test_a_cell_kept_from_another_reader_is_never_shown(app):
    """Cells are made once: for the reader who may know of holds, for him whose unit it is, in his language, of this price."""
    held = replace(unit(1, "301", 3), state=UnitState.HOLD, list_total=Decimal(1451984))
    with app.test_request_context():
        first = cell(held, Wording(holds=True, english=False), {1})
        assert (first.aria_label, first.price_text, first.mine) == ("1单元301 保留 145.2万", "145.2", True)
        assert cell(held, Wording(holds=False, english=False), {1}).aria_label == "1单元301 暂不可售 145.2万"
        assert not cell(held, Wording(holds=True, english=False), set()).mine
        assert cell(held, Wording(holds=True, english=True), {1}).price_text == "1.452M"
        assert (
            cell(replace(held, list_total=Decimal(1500000)), Wording(holds=True, english=False), {1}).price_text
            == "150.0"
        )


def test_a_floor_is_drawn_section_beside_section(app):
    one = cell(unit(1, "101", 1), Wording(holds=True, english=False), set())
    with app.app_context():
        ((name, drawn),) = board_floors([BoardRow("3层", ((one, None), (None,)))])
        alone = app.jinja_env.get_template("macros/board.html").module.cell(one)
    assert name == "3层"
    assert drawn == (
        f'<td class="un un1">{alone}</td><td class="un un1"></td><td class="split" aria-hidden="true"></td><td class="un un2"></td>'
    )
