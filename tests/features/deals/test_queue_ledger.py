"""排号台账 from a table: drafts that keep their place, one for each customer, nothing for a place that is taken."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.features.deals.intentions.models import Intention, IntentionState, Keeping
from app.features.organisation.models import Permit, PermitKind
from app.kernel.actors import SYSTEM, acting_as
from tests.cast import Cast
from tests.factories import saved
from tests.features.deals import orders as o
from tests.features.deals.test_price_lines import changed
from tests.tables import bring, plain, table

HEAD = ["排号", "客户手机", "意向房源", "第二意向", "诚意金方式", "诚意金", "退款户名"]


def papers(cast: Cast) -> list[Intention]:
    with acting_as(SYSTEM):
        cast.session.rollback()
        return list(cast.session.scalars(select(Intention).order_by(Intention.id)))


@pytest.fixture
def homes(cast: Cast) -> list[str]:
    """Two homes under a permit, two customers."""
    from app.features.units.models import Unit

    permit = saved(
        cast.session,
        Permit(
            project_id=cast.project_ids["a"],
            kind=PermitKind.PRESALE,
            number="静预售字18号",
            scope="全部",
            issued_on=o.today(-30),
        ),
    )
    names = []
    for room in ("1102", "1103"):
        unit = o.unit(cast, room)
        changed(cast, Unit, unit.id, permit_id=permit.id)
        names.append(unit.full_name)
    o.customer(cast)
    o.customer(cast, "consultant1", "10000005678", "赵雅婷")
    return names


def test_a_ledger_of_the_queue_comes_in(cast: Cast, homes: list[str], client_as) -> None:
    rows = [
        [7, "10000001234", homes[0], homes[1], "收取", "1万", "王伟"],
        [3, "赵雅婷", homes[1], "", "意向登记", "", ""],
    ]
    way = bring(client_as("consultant1"), "intention", table(HEAD, *rows)).check()
    assert "2 行新增" in plain(way.preview)
    assert way.confirm().status_code == 302
    first, second = papers(cast)
    assert (first.state, first.sequence, first.keeping, first.amount) == (
        IntentionState.DRAFT,
        7,
        Keeping.COLLECTED,
        Decimal(10000),
    )
    assert (second.sequence, second.keeping, second.customer_name) == (3, Keeping.NONE, "赵雅婷")
    again = bring(client_as("consultant1"), "intention", table(HEAD, *rows)).check()
    assert "0 行新增，2 条已存在" in plain(again.preview)
    o.step(cast, first, "submit", "consultant1")
    assert o.decided(cast, first, "supervisor").sequence == 7, "the place of the ledger stays"
    late = o.customer(cast, "consultant1", "10000005679", "李静")
    third = o.intention(cast, late, o.unit(cast, "1104"))
    o.step(cast, third, "submit", "consultant1")
    assert o.decided(cast, third, "supervisor").sequence == 1


def test_places_of_the_ledger_are_passed_over_and_given_once(cast: Cast, homes: list[str], client_as) -> None:
    way = bring(
        client_as("consultant1"), "intention", table(HEAD, [1, "10000001234", homes[0], "", "", "", ""])
    ).check()
    assert way.confirm().status_code == 302
    next_one = o.intention(cast, o.customer(cast, "consultant1", "10000005679", "李静"), o.unit(cast, "1104"))
    o.step(cast, next_one, "submit", "consultant1")
    assert o.decided(cast, next_one, "supervisor").sequence == 2
    taken = bring(client_as("consultant1"), "intention", table(HEAD, [1, "赵雅婷", homes[1], "", "", "", ""])).check()
    assert "序号 1 已是认筹单" in plain(taken.preview)
    strange = bring(client_as("consultant1"), "intention", table(HEAD, [9, "钱一", homes[1], "", "", "", ""])).check()
    assert "钱一" in plain(strange.preview)
