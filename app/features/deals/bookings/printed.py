"""What stands on the 小订单. Texts here stand on paper: Chinese for every reader."""

from __future__ import annotations

from app.features.deals.bookings.models import Booking
from app.features.units.printed import unit_values
from app.kernel.papers.definition import Values
from app.kernel.papers.kinds import Desk, day, in_capitals, money, person


def booking(_desk: Desk, paper: Booking) -> Values:
    """小订单: for how long the home is kept, and what becomes of the 订金 (02 §2.3.3)."""
    return {
        **unit_values(paper.unit), "客户": paper.customer_name, "置业顾问": person(paper.owner_id),
        "表价总价": money(paper.unit.list_total), "订金": money(paper.amount), "订金大写": in_capitals(paper.amount),
        "保留天数": str(paper.days), "签署日": day(paper.signed_on), "保留到": day(paper.until),
        "已签署": "是" if paper.until is not None else "", "可退": "是" if paper.refundable else "",
        "不退": "" if paper.refundable else "是",
    }  # fmt: skip
