"""A price table beside the stored homes."""

from decimal import Decimal

from app.features.units.price_changes import Difference, StoredHome, changes_against
from app.features.units.price_rows import HomeKey, UnitRow


def row(room: str, price: str | None = "12000", area: str | None = "89.53", total: str | None = None) -> UnitRow:
    figures = [None if text is None else Decimal(text) for text in (area, price, total)]
    return UnitRow("1栋", "", 7, room, "s", 2, figures[0], None, figures[1], figures[2])


def key(room: str) -> HomeKey:
    return HomeKey("1栋", "", 7, room)


STORED = StoredHome(Decimal("89.53"), Decimal("70.12"), Decimal("12000.00"))


def test_new_changed_same_absent() -> None:
    rows = [row("701"), row("702", price="11000", area="89.54"), row("703")]
    changes = changes_against(rows, {key("701"): STORED, key("702"): STORED, key("704"): STORED})
    assert changes.same == (rows[0],)
    assert changes.new == (rows[2],)
    assert changes.absent == (key("704"),)
    assert changes.changed == (
        (
            rows[1],
            (
                Difference("building_area", Decimal("89.53"), Decimal("89.54")),
                Difference("unit_price", Decimal("12000.00"), Decimal("11000")),
            ),
        ),
    )


def test_what_the_table_does_not_say_is_no_difference() -> None:
    assert changes_against([row("701", area=None)], {key("701"): STORED}).changed == ()


def test_a_total_alone_is_compared_as_cut_to_whole_yuan() -> None:
    stored = {key("701"): STORED}
    assert changes_against([row("701", price=None, total="1074360")], stored).changed == ()
    ((_, found),) = changes_against([row("701", price=None, total="1074000")], stored).changed
    assert found == (Difference("total_price", Decimal("1074360.0000"), Decimal("1074000")),)


def test_a_first_price_is_a_difference() -> None:
    ((_, found),) = changes_against([row("701")], {key("701"): StoredHome(Decimal("89.53"), None, None)}).changed
    assert found == (Difference("unit_price", None, Decimal("12000")),)
