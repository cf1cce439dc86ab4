"""小订单 on paper: what is printed of the 订金 is what the record says (02 §2.2.1, §2.3.3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.features.deals.bookings.effects import fill_from_order
from app.features.deals.bookings.models import Booking
from app.features.deals.reservations.models import Reservation
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.transactions import write
from tests.cast import Cast
from tests.features.deals import orders as o
from tests.features.deals.test_prints import content, pdf_text, printed, rows, squeezed


@pytest.mark.parametrize(
    ("refundable", "says", "silent"), [(True, "订金全额退还", "不予退还"), (False, "订金不予退还", "全额退还")]
)
def test_it_is_printed_for_the_signature(cast: Cast, client_as: Any, refundable: bool, says: str, silent: str) -> None:
    order = o.locked(cast, o.unit(cast), o.customer(cast))

    def work() -> Booking:
        made = Booking(
            reservation_id=order.id, amount=Decimal(5000), days=3, refundable=refundable,
            created_by=cast.person_ids["consultant1"],
        )  # fmt: skip
        fill_from_order(made, cast.session.get_one(Reservation, order.id))
        cast.session.add(made)
        cast.session.flush()
        return made

    with acting_as(SYSTEM):
        cast.session.rollback()
        paper = write(cast.session, work)
        o.fresh(cast, Booking, paper.id)
    client = client_as("consultant1")
    assert f"/print/booking/{paper.id}" in client.get(f"/booking/show/{paper.id}").text
    assert printed(client, "booking", paper).status_code == 302
    text = squeezed(pdf_text(content(cast, rows(cast)[0])))
    assert says in text and silent not in text
    assert "王伟" in text and "人民币伍仟元整" in text and "订金不是定金" in text
