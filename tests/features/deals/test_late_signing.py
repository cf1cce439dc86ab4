"""逾期未签: 催签函 with express number → its days → 解除通知 of 甲方; nothing ends by itself (02 §2.2.1). 资料核对 first, by parameter (07)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from app.features.deals.changes.models import ChangeKind
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.deals.reservations.rules import end_notice_from
from app.features.organisation.models import Parameter
from app.features.units.models import Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import clock, now
from app.kernel.errors import Forbidden, RuleError
from app.kernel.notices import Notice
from tests.cast import Cast
from tests.factories import saved
from tests.features.deals import orders
from tests.features.handover.homes import changed
from tests.kernel.papers.words import told

DUE = date(2026, 3, 10)
JFS = "developer_site"


@pytest.mark.parametrize(
    ("demanded", "days", "first"),
    [
        (None, 3, None),
        (date(2026, 3, 10), 3, None),  # on the day of signing itself nobody is late
        (date(2026, 3, 11), 3, date(2026, 3, 15)),  # 11th sent, three whole days, from the 15th
        (date(2026, 3, 11), 0, date(2026, 3, 12)),
    ],
)
def test_the_first_day_of_the_notice(demanded: date | None, days: int, first: date | None) -> None:
    assert end_notice_from(DUE, demanded, days) == first
    assert end_notice_from(None, demanded, days) is None


@pytest.fixture
def late(cast: Cast) -> Reservation:
    """应签约 was five days ago."""
    order = orders.effective(cast, orders.unit(cast), orders.customer(cast), orders.scheme(cast))
    changed(cast, order, sign_due_on=orders.today(-5))
    return orders.fresh(cast, Reservation, order.id)


def test_letter_then_days_then_the_notice_and_the_unit_stays(cast: Cast, late: Reservation) -> None:
    with pytest.raises(Forbidden):  # no letter went out yet
        orders.step(cast, late, "notify_end", JFS, on=orders.today(), express_no="SF2")
    with pytest.raises(RuleError, match="应在应签约日"):
        orders.step(cast, late, "demand_signing", "clerk", on=orders.today(-5), express_no="SF1")
    order = orders.step(cast, late, "demand_signing", "clerk", on=orders.today(-1), express_no="SF1")
    assert (order.demanded_on, order.demand_express) == (orders.today(-1), "SF1")
    with pytest.raises(RuleError, match=f"最早 {orders.today(3)} 可以发解除通知"):
        orders.step(cast, order, "notify_end", JFS, on=orders.today(), express_no="SF2")
    token = clock.set(lambda moment=now(): moment + timedelta(days=3))
    try:
        with pytest.raises(Forbidden):
            orders.step(cast, order, "notify_end", "supervisor", on=orders.today(), express_no="SF2")
        order = orders.step(cast, order, "notify_end", JFS, on=orders.today(), express_no="SF2")
        with acting_as(SYSTEM):
            text = told(cast.session, order)["end_notice"]
            asked = cast.session.query(Notice).filter(Notice.url.contains("kind=forfeiture")).count()
    finally:
        clock.reset(token)
    assert order.state is ReservationState.EFFECTIVE and order.closed_at is None
    assert orders.fresh(cast, Unit, order.unit_id).state is UnitState.ORDER, "never automatic once 定金 is in"
    assert asked >= 1
    for words in ("SF1", "SF2", "人民币贰万元整", "第五百八十七条", order.number):
        assert words in text, words


def test_who_is_not_late_is_not_asked(cast: Cast, late: Reservation, client_as: Any) -> None:
    page = client_as("clerk").get(f"/reservation/show/{late.id}").text
    assert "登记催签函" in page and "发解除通知" not in page
    assert late.number in client_as("supervisor").get("/reservation/list/?chip=undemanded").text
    changed(cast, late, sign_due_on=orders.today())
    assert "登记催签函" not in client_as("clerk").get(f"/reservation/show/{late.id}").text


def test_a_later_day_of_signing_starts_anew(cast: Cast, late: Reservation) -> None:
    changed(cast, late, sign_due_on=orders.today(1))
    paper = orders.change(cast, late, ChangeKind.LATER_SIGNING, new_due_on=orders.today(3))
    paper = orders.agreed(cast, paper, "submit_extension", "supervisor")
    changed(cast, late, demanded_on=orders.today(), demand_express="SF1")
    orders.step(cast, paper, "execute_extension", "clerk")
    order = orders.fresh(cast, Reservation, late.id)
    assert (order.demanded_on, order.demand_express, order.sign_due_on) == (None, "", orders.today(3))


def test_by_parameter_the_clerk_looks_at_the_papers_first(cast: Cast) -> None:
    value = {"key": "material_check_first", "value": "是", "effective_from": orders.today()}
    saved(cast.session, Parameter(project_id=cast.project_ids["a"], **value))
    order = orders.filled(cast, orders.locked(cast, orders.unit(cast), orders.customer(cast)), orders.scheme(cast))
    orders.step(cast, order, "submit", "consultant1")
    with pytest.raises(RuleError, match="资料还没有核对"):
        orders.decided(cast, order, "supervisor")
    orders.step(cast, order, "check_material", "clerk", on=orders.today())
    assert orders.decided(cast, order, "supervisor").state is ReservationState.AWAITING


def test_the_cap_of_the_deposit_is_the_projects_own(cast: Cast) -> None:
    """02 §2.3.3: the parameter, not the default, decides who may submit a larger 定金."""
    value = {"key": "deposit_cap", "value": "0.01", "effective_from": orders.today()}
    saved(cast.session, Parameter(project_id=cast.project_ids["a"], **value))
    order = orders.filled(cast, orders.locked(cast, orders.unit(cast), orders.customer(cast)), orders.scheme(cast))
    with pytest.raises(RuleError, match=r"超过成交总价的 1 %（11,459\.84 元）"):
        orders.step(cast, order, "submit", "consultant1")
