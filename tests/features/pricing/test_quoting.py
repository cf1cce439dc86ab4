"""The public price and the deciding post, from stored papers: P1–P10 and D1–D7 of 02 §2.3.1–2."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from app.features.pricing.effects import (
    authority,
    below_floor,
    mandate_counts,
    note_mandate_use,
    plan_terms,
    quote,
    scheme_kind,
)
from app.features.pricing.models import CompoundingKind, SchemeKind, SchemeState
from app.features.pricing.rules import Scheme, payment_plan
from app.features.units.models import Unit
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.posts import Post
from app.kernel.transactions import write
from tests.cast import Cast
from tests.features.pricing import papers
from tests.features.units import makers

PUBLIC = Decimal(1106834)


def as_consultant(cast: Cast) -> acting_as:
    return acting_as(cast.actor("consultant1"))


def test_p1_to_p10(cast: Cast) -> None:
    unit = makers.house(cast, "1102")[0]
    scheme = papers.mortgage(cast)
    papers.sales(cast, papers.IN_TIME, papers.FIXED)
    with as_consultant(cast):
        price = quote(cast.session, cast.session.get_one(Unit, unit.id), scheme.id)
    assert [(s.label, str(s.change), str(s.total)) for s in price.steps] == [
        ("表价总价", "1145984.00", "1145984.00"),
        ("商业按揭", "-22919.68", "1123064.32"),
        ("按时签约", "-11230.64", "1111833.68"),
        ("直减", "-5000.00", "1106833.68"),
        ("取整", "0.32", "1106834.00"),
    ]
    assert price.public_total == PUBLIC
    assert price.total_discount == Decimal("0.965837")
    assert price.unit_price_of(PUBLIC) == Decimal("12362.72")
    assert price.remainder_of(PUBLIC) == Decimal("0.32")
    assert price.inner_unit_price_of(PUBLIC) == Decimal("15784.85")
    assert (price.shared.area, price.shared.rate, price.shared.usable_rate) == (
        Decimal("19.41"),
        Decimal("21.68"),
        Decimal("78.32"),
    )
    assert not price.check_filed(PUBLIC, Decimal("0.15"))
    with pytest.raises(RuleError, match="高于备案价"):
        price.check_filed(Decimal("1163890.01"))


def test_p7_the_scheme_says_how_factors_meet(cast: Cast) -> None:
    unit = makers.house(cast, "1102")[0]
    scheme = papers.mortgage(cast)
    papers.sales(cast, papers.IN_TIME, papers.FIXED, compounding=CompoundingKind.ADDED)
    with as_consultant(cast):
        price = quote(cast.session, cast.session.get_one(Unit, unit.id), scheme.id)
    assert price.steps[2].total == Decimal("1111604.48")
    assert price.public_total == Decimal(1106604)


def test_only_what_is_in_force_and_what_was_ticked(cast: Cast) -> None:
    unit = makers.house(cast, "1102")[0]
    scheme = papers.mortgage(cast)
    today = now().date()
    old = papers.sales(cast, papers.FIXED, name="旧方案", valid_from=today - timedelta(days=40))
    new = papers.sales(cast, papers.IN_TIME, papers.FIXED)
    papers.sales(cast, papers.FIXED, name="明天的方案", valid_from=today + timedelta(days=1))
    with as_consultant(cast):
        home = cast.session.get_one(Unit, unit.id)
        ids = [discount.id for discount in new.discounts]
        assert quote(cast.session, home, scheme.id).public_total == PUBLIC
        assert quote(cast.session, home, scheme.id, ids[:1]).public_total == Decimal(1111834)
        assert quote(cast.session, home, scheme.id, []).public_total == Decimal(1123064)
        assert quote(cast.session, home, scheme.id, on=today - timedelta(days=20)).public_total == Decimal(1118064)
        with pytest.raises(RuleError, match="重新勾选"):
            quote(cast.session, home, scheme.id, [old.discounts[0].id])


def test_what_cannot_be_quoted(cast: Cast) -> None:
    unit = makers.house(cast, "1102")[0]
    bare = makers.unit(cast, makers.building(cast, "5栋"), "0101")
    scheme, foreign = papers.mortgage(cast), papers.mortgage(cast, "b")
    retired = papers.mortgage(cast, name="旧按揭", state=SchemeState.RETIRED)
    with acting_as(SYSTEM):
        home, naked = cast.session.get_one(Unit, unit.id), cast.session.get_one(Unit, bare.id)
        with pytest.raises(RuleError, match="还没有生效的表价"):
            quote(cast.session, naked, scheme.id)
        for wrong in (foreign.id, retired.id):
            with pytest.raises(RuleError, match="不能使用"):
                quote(cast.session, home, wrong)
        with pytest.raises(RuleError, match="没有找到"):
            quote(cast.session, home, 999)


def test_the_plan_of_a_scheme(cast: Cast) -> None:
    scheme = papers.mortgage(cast)
    thirds = papers.mortgage(
        cast, name="分期", kind=SchemeKind.INSTALMENTS, loan_share=None, loan_step=None, loan_days=None,
        instalments="30% 0\n30% 90\n40% 180", row_step=Decimal(1),
    )  # fmt: skip
    with as_consultant(cast):
        kind, terms = scheme_kind(cast.session, scheme.id), plan_terms(cast.session, scheme.id)
        rows = payment_plan(kind, PUBLIC, Decimal(20000), terms=terms)
        assert [row.amount for row in rows] == [20000, 316834, 770000]
        assert scheme_kind(cast.session, thirds.id) is Scheme.INSTALMENTS
        rows = payment_plan(Scheme.INSTALMENTS, PUBLIC, Decimal(0), terms=plan_terms(cast.session, thirds.id))
        assert [(row.amount, row.days) for row in rows] == [(332050, 0), (332050, 90), (442734, 180)]


@pytest.mark.parametrize(
    ("deal", "with_mandate", "without"),
    [
        (1106834, Post.CONSULTANT, Post.CONSULTANT),
        (1101300, Post.SUPERVISOR, Post.DEVELOPER_SITE),
        (1101299, Post.SITE_MANAGER, Post.DEVELOPER_SITE),
        (1095000, Post.PROJECT_MANAGER, Post.DEVELOPER_SITE),
        (1084698, Post.DEVELOPER_SITE, Post.DEVELOPER_SITE),
        (1084697, Post.DEVELOPER_LEAD, Post.DEVELOPER_LEAD),
        (1065000, Post.DEVELOPER_LEAD, Post.DEVELOPER_LEAD),
    ],
)
def test_d1_to_d7_from_stored_papers(cast: Cast, deal: int, with_mandate: Post, without: Post) -> None:
    unit = makers.house(cast, "1102")[0]
    with as_consultant(cast):
        home = cast.session.get_one(Unit, unit.id)
        assert authority(cast.session, home, deal_total=Decimal(deal), public_total=PUBLIC) is without
    papers.mandate(cast)
    with as_consultant(cast):
        home = cast.session.get_one(Unit, unit.id)
        assert authority(cast.session, home, deal_total=Decimal(deal), public_total=PUBLIC) is with_mandate
        assert below_floor(home, Decimal(deal)) is (deal == 1065000)


@pytest.mark.both_databases
def test_a_mandate_is_used_up(cast: Cast) -> None:
    one, two = makers.house(cast, "1101", "1102")
    papers.mandate(cast, cap_units=1, cap_amount=Decimal(10000))
    project, today = cast.project_ids["a"], now().date()
    with as_consultant(cast):
        assert mandate_counts(cast.session, project, today, Decimal(10000))
        assert not mandate_counts(cast.session, project, today, Decimal("10000.01"))
        assert not mandate_counts(cast.session, cast.project_ids["b"], today)
        write(
            cast.session,
            lambda: note_mandate_use(cast.session, project, Decimal(6000), today, unit_id=one.id, paper="ZK-1"),
        )
        assert not mandate_counts(cast.session, project, today)
        with pytest.raises(RuleError, match="额度已用完"):
            write(
                cast.session,
                lambda: note_mandate_use(cast.session, project, Decimal(1), today, unit_id=two.id, paper="ZK-2"),
            )


def test_a_second_paper_of_a_unit_takes_no_second_place(cast: Cast) -> None:
    one, two = makers.house(cast, "1101", "1102")
    papers.mandate(cast, cap_units=1)
    project, today = cast.project_ids["a"], now().date()

    def use(unit: Unit, paper: str) -> None:
        note_mandate_use(cast.session, project, Decimal(3000), today, unit_id=unit.id, paper=paper)

    with as_consultant(cast):
        write(cast.session, lambda: use(one, "ZK-1"))
        write(cast.session, lambda: use(one, "ZK-2"))
        home, other = cast.session.get_one(Unit, one.id), cast.session.get_one(Unit, two.id)
        asked = {"deal_total": Decimal(1101300), "public_total": PUBLIC}
        assert authority(cast.session, home, **asked) is Post.SUPERVISOR
        assert authority(cast.session, other, **asked) is Post.DEVELOPER_SITE


def test_a_paper_counts_once(cast: Cast) -> None:
    unit = makers.house(cast, "1101")[0]
    papers.mandate(cast)
    project, today = cast.project_ids["a"], now().date()

    def use() -> None:
        note_mandate_use(cast.session, project, Decimal(6000), today, unit_id=unit.id, paper="ZK-1")

    with as_consultant(cast):
        write(cast.session, use)
        with pytest.raises(RuleError, match="已经计入"):
            write(cast.session, use)
