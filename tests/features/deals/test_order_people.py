"""Minors and guardians, the split between two consultants, the 公开优惠 that a customer qualifies for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.features.deals.reservations.models import Buyer, Reservation
from app.features.deals.reservations.rules import born_on, is_minor, split_share
from app.features.pricing.models import PublicDiscount
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import RuleError
from app.kernel.transactions import write
from tests.cast import Cast
from tests.features.deals import orders as o
from tests.features.pricing import papers


@pytest.mark.parametrize(
    ("born", "today", "minor"),
    [
        (date(2008, 3, 10), date(2026, 3, 9), True),
        (date(2008, 3, 10), date(2026, 3, 10), False),
        (date(2008, 2, 29), date(2026, 2, 28), True),
        (date(2008, 2, 29), date(2026, 3, 1), False),
        (None, date(2026, 3, 1), False),
    ],
)
def test_who_is_a_minor(born: date | None, today: date, minor: bool) -> None:
    assert is_minor(born, today) is minor


def test_the_birthday_stands_in_the_identity_number() -> None:
    assert born_on("11010519491231002X") == date(1949, 12, 31)
    assert born_on("E12345678") is None


@pytest.mark.parametrize("percent", ["0", "100", "-1", "100.01", "33.333"])
def test_a_split_leaves_something_for_both(percent: str) -> None:
    with pytest.raises(RuleError, match="本人比例"):
        split_share(Decimal(percent))


def test_the_two_shares_add_up_to_the_whole(cast: Cast) -> None:
    order = o.filled(cast, o.locked(cast, o.unit(cast), o.customer(cast)), o.scheme(cast))
    partner = cast.person_ids["consultant2"]
    with pytest.raises(RuleError, match="不能是本人"):
        o.step(cast, order, "split", "supervisor", partner_id=cast.person_ids["consultant1"], percent=Decimal(50))
    done = o.step(cast, order, "split", "supervisor", partner_id=partner, percent=Decimal("60"))
    assert (done.partner_id, done.share) == (partner, Decimal("0.6"))
    with acting_as(cast.actor("consultant2")):
        assert cast.session.scalars(select(Buyer)).one().name == "王伟"
    alone = o.step(cast, order, "end_split", "supervisor")
    assert (alone.partner_id, alone.share) == (None, Decimal(1))


def test_a_minor_buys_with_his_guardian(cast: Cast) -> None:
    order = o.filled(cast, o.locked(cast, o.unit(cast), o.customer(cast)), o.scheme(cast))

    def child(**more: str) -> None:
        row = cast.session.scalars(select(Buyer)).one()
        row.id_number = "110105" + f"{o.today().year - 10}0101" + "0021"
        for name, value in more.items():
            setattr(row, name, value)

    with acting_as(SYSTEM):
        write(cast.session, child)
    with pytest.raises(RuleError, match="未满 18 周岁"):
        o.step(cast, order, "submit", "consultant1")
    with acting_as(SYSTEM):
        write(cast.session, lambda: child(guardian="王伟"))
    o.step(cast, order, "submit", "consultant1")


def test_only_the_ticked_discounts_count(cast: Cast, client_as) -> None:
    papers.sales(cast, papers.IN_TIME, papers.FIXED)
    order = o.filled(cast, o.locked(cast, o.unit(cast), o.customer(cast)), o.scheme(cast))
    every = o.fresh(cast, Reservation, order.id)
    assert every.discount_ids is None
    assert (every.total, every.public_total) == (Decimal(1129524), Decimal(1129524))
    with acting_as(SYSTEM):
        first = cast.session.scalars(select(PublicDiscount).order_by(PublicDiscount.id)).first()
    client = client_as("consultant1")
    assert "享受的公开优惠" in client.get(f"/order-discounts/{order.id}").text
    assert client.post(f"/order-discounts/{order.id}", data={"discounts": [str(first.id)]}).status_code == 302
    one = o.fresh(cast, Reservation, order.id)
    assert one.discount_ids == [first.id]
    assert (one.total, one.public_total) == (Decimal(1134524), Decimal(1134524))
    assert client.post(f"/order-discounts/{order.id}", data={}).status_code == 302
    none = o.fresh(cast, Reservation, order.id)
    assert (none.discount_ids, none.total) == ([], Decimal(1145984))
    assert "重新勾选" in client.post(f"/order-discounts/{order.id}", data={"discounts": ["999"]}).text
    assert client_as("consultant2").get(f"/order-discounts/{order.id}").status_code == 404
