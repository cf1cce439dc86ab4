"""Extra concessions: who decides (D1–D7), that a paper is used once, and what the submitter may give alone (02 §2.3.2)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.features.deals.discounts.effects import expire_papers
from app.features.deals.discounts.models import DiscountRequest, DiscountState
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.pricing.models import (
    Mandate,
    MandateState,
    MandateUse,
    PaymentScheme,
    PublicDiscount,
    SalesScheme,
    SchemeKind,
    SchemeState,
)
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.finding import current_step, open_of
from app.kernel.errors import Forbidden, NotFound, RuleError, StaleError
from app.kernel.transactions import write
from app.kernel.workflow import as_step
from tests.cast import Cast
from tests.factories import saved
from tests.features.deals import orders as o

PUBLIC = Decimal("1106834.00")  # P4 of 02 §2.3.1


def mortgage(cast: Cast) -> PaymentScheme:
    """按揭 0.98 with 按时签约 0.99 and 5,000 off: the public price of the domain page."""
    project_id = cast.project_ids["a"]
    sales = saved(
        cast.session, SalesScheme(project_id=project_id, name="方案", valid_from=o.today(-9), state=SchemeState.ACTIVE)
    )
    for position, how in enumerate(({"factor": Decimal("0.99")}, {"amount": Decimal(5000)})):
        saved(
            cast.session,
            PublicDiscount(
                project_id=project_id, sales_scheme_id=sales.id, position=position, name=f"优惠{position}", **how
            ),
        )
    return saved(
        cast.session,
        PaymentScheme(
            project_id=project_id, name="按揭", kind=SchemeKind.MORTGAGE, discount=Decimal("0.98"), loan_share=Decimal("0.7"),
            loan_step=Decimal(10000), loan_days=60, state=SchemeState.ACTIVE,
        ),
    )  # fmt: skip


def mandate(cast: Cast, **more: object) -> Mandate:
    values = {
        "document_no": "授权1",
        "signed_on": o.today(-9),
        "signed_by": "沈国栋",
        "valid_from": o.today(-9),
        "valid_until": o.today(90),
    }
    return saved(cast.session, Mandate(project_id=cast.project_ids["a"], state=MandateState.ACTIVE, **(values | more)))


def uses(cast: Cast) -> list[MandateUse]:
    with acting_as(SYSTEM):
        cast.session.rollback()
        return list(cast.session.scalars(select(MandateUse)))


@pytest.mark.parametrize(
    ("asked", "decider"),
    [
        ("1101300", "supervisor"),  # D2
        ("1101299", "site_manager"),  # D3
        ("1095000", "project_manager"),  # D4
        ("1084698", "developer_site"),  # D5
        ("1084697", "developer_lead"),  # D6
        ("1065000", "developer_lead"),  # D7: below the floor
    ],
)
def test_the_route_follows_the_extra_concession(cast: Cast, asked: str, decider: str) -> None:
    paid_by, where, who = mortgage(cast), o.unit(cast), o.customer(cast)
    mandate(cast)
    paper = o.step(cast, o.discount(cast, where, who, paid_by, asked), "submit", "consultant1")
    assert paper.public_total == PUBLIC
    with acting_as(SYSTEM):
        request = open_of(cast.session, paper)
        assert request is not None
        assert current_step(request).post == decider
        assert "底" not in request.title + request.summary
    granted = {"granted_total": Decimal(asked), "valid_until": o.today(3)}
    for other in ("consultant1", "supervisor", "site_manager", "project_manager", "developer_site", "developer_lead"):
        if other != decider:
            with pytest.raises((Forbidden, NotFound)):
                o.decided(cast, paper, other, **granted)
    assert o.decided(cast, paper, decider, **granted).state is DiscountState.APPROVED
    counted = [] if decider.startswith("developer") else [PUBLIC - Decimal(asked)]
    assert [use.amount for use in uses(cast)] == counted


def test_the_public_price_needs_no_paper(cast: Cast) -> None:  # D1
    paid_by, where = mortgage(cast), o.unit(cast)
    order = o.filled(cast, o.locked(cast, where, o.customer(cast)), paid_by)
    assert o.step(cast, order, "submit", "consultant1").total == PUBLIC
    with pytest.raises(RuleError, match="不需要特殊折扣单"):
        o.discount(cast, where, o.customer(cast, phone="10000002222"), paid_by, str(PUBLIC))


def granted(cast: Cast, where: object, who: object, paid_by: PaymentScheme, asked: str) -> DiscountRequest:
    paper = o.step(cast, o.discount(cast, where, who, paid_by, asked), "submit", "consultant1")
    return o.decided(cast, paper, "developer_lead", granted_total=Decimal(asked), valid_until=o.today(3))


def test_the_submit_uses_the_paper_and_a_release_gives_it_back(cast: Cast) -> None:
    paid_by, where, who = o.scheme(cast), o.unit(cast), o.customer(cast)
    paper = granted(cast, where, who, paid_by, "1120000")
    order = o.filled(cast, o.locked(cast, where, who), paid_by, Decimal("1120000"))
    o.step(cast, order, "submit", "consultant1")
    used = o.fresh(cast, DiscountRequest, paper.id)
    assert (used.state, used.reservation_id) == (DiscountState.USED, order.id)
    with pytest.raises(StaleError):
        o.step(cast, paper, "void", "consultant1", note="不用了")
    assert o.decided(cast, order, "supervisor", "return", "核对地址").state is ReservationState.LOCKED
    assert (
        o.step(cast, order, "submit", "consultant1").state is ReservationState.REVIEW
    )  # its own used paper still counts
    o.step(cast, order, "release", "supervisor", note="客户不买了")
    back = o.fresh(cast, DiscountRequest, paper.id)
    assert (back.state, back.reservation_id, back.used_at) == (DiscountState.APPROVED, None, None)


def test_a_paper_serves_one_unit_and_one_customer_until_its_day(cast: Cast) -> None:
    paid_by, where, who = o.scheme(cast), o.unit(cast), o.customer(cast)
    paper = granted(cast, where, who, paid_by, "1120000")
    other = o.filled(cast, o.locked(cast, o.unit(cast, "1103"), who), paid_by, Decimal("1120000"))
    with pytest.raises(RuleError, match="特殊折扣单"):
        o.step(cast, other, "submit", "consultant1")
    lower = o.filled(cast, o.locked(cast, where, who), paid_by, Decimal("1119999"))
    with pytest.raises(RuleError, match="特殊折扣单"):
        o.step(cast, lower, "submit", "consultant1")

    def yesterday() -> None:
        with as_step(cast.session):
            cast.session.get_one(DiscountRequest, paper.id).valid_until = o.today() - timedelta(days=1)
            cast.session.flush()

    with acting_as(SYSTEM):
        write(cast.session, yesterday)
        assert write(cast.session, lambda: expire_papers(cast.session)) == 1
        assert write(cast.session, lambda: expire_papers(cast.session)) == 0
    assert o.fresh(cast, DiscountRequest, paper.id).state is DiscountState.EXPIRED


def test_the_manager_gives_his_points_alone_and_they_count_against_the_mandate(cast: Cast) -> None:
    paid_by, where = mortgage(cast), o.unit(cast)
    mandate(cast)
    order = o.filled(
        cast, o.locked(cast, where, o.customer(cast, "supervisor"), "supervisor"), paid_by, Decimal("1097000")
    )
    with pytest.raises(RuleError, match="让利权限"):  # 0.89 %: more than the supervisor's 0.5 %
        o.step(cast, order, "submit", "supervisor")
    assert o.step(cast, order, "submit", "site_manager").state is ReservationState.REVIEW
    assert o.decided(cast, order, "supervisor").state is ReservationState.AWAITING
    assert [use.amount for use in uses(cast)] == [PUBLIC - Decimal("1097000")]


def test_without_a_mandate_nobody_in_the_agency_gives_points(cast: Cast) -> None:
    paid_by, where = mortgage(cast), o.unit(cast)
    order = o.filled(cast, o.locked(cast, where, o.customer(cast)), paid_by, Decimal("1106000"))
    for login in ("consultant1", "supervisor", "site_manager"):
        with pytest.raises(RuleError, match="特殊折扣单"):
            o.step(cast, order, "submit", login)
    assert o.fresh(cast, Reservation, order.id).state is ReservationState.LOCKED


def test_a_second_open_paper_for_the_same_pair_is_refused(cast: Cast) -> None:
    paid_by, where, who = o.scheme(cast), o.unit(cast), o.customer(cast)
    o.step(cast, o.discount(cast, where, who, paid_by, "1120000"), "submit", "consultant1")
    second = o.discount(cast, where, who, paid_by, "1110000")
    with pytest.raises(RuleError, match="已有一份未用完"):
        o.step(cast, second, "submit", "consultant1")
