"""What changed is told to whoever names prices, signed by each, and compared version by version (S3.20)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.features.pricing.effects.comparing import compared
from app.features.pricing.effects.schemes import name_is_free
from app.features.pricing.models import (
    PaymentScheme,
    PriceNotice,
    PriceNoticeKind,
    PriceNoticeState,
    SalesScheme,
    SchemeState,
)
from app.features.pricing.rules.comparing import Compared, by_building, summed
from app.features.pricing.rules.scaling import scaled_price
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import Forbidden, RuleError
from app.kernel.readings import ReadReceipt, receipts_of
from tests.cast import Cast
from tests.features.pricing import papers
from tests.features.pricing.test_price_lists import NEW, agree, decided, draft, sold, step
from tests.features.units import makers


def notices(cast: Cast, kind: PriceNoticeKind = PriceNoticeKind.PRICES) -> list[PriceNotice]:
    with acting_as(SYSTEM):
        cast.session.rollback()
        return list(cast.session.scalars(select(PriceNotice).where(PriceNotice.kind == kind).order_by(PriceNotice.id)))


@pytest.mark.parametrize(
    ("price", "percent", "step_of", "expected"),
    [
        ("12800", "1.5", None, "12992.00"),
        ("12800", "-2", None, "12544.00"),
        ("12801", "1.5", "1", "12993"),  # 12,993.015
        ("12801", "1.5", "10", "12990"),
        ("12345.67", "0.01", None, "12346.90"),  # 12,346.904567
        ("100", "50", None, "150"),
    ],
)
def test_prices_move_by_a_share(price: str, percent: str, step_of: str | None, expected: str) -> None:
    made = scaled_price(Decimal(price), Decimal(percent), None if step_of is None else Decimal(step_of))
    assert made == Decimal(expected)


@pytest.mark.parametrize(
    ("percent", "step_of", "field"),
    [("0", None, "percent"), ("50.01", None, "percent"), ("-51", None, "percent"), ("1", "0", "step"), ("1", "-1", "step"),
     ("1", "100000", "step")],
)  # fmt: skip
def test_a_share_out_of_range_is_refused(percent: str, step_of: str | None, field: str) -> None:
    with pytest.raises(RuleError) as refused:
        scaled_price(Decimal(12800), Decimal(percent), None if step_of is None else Decimal(step_of))
    assert refused.value.field == field


def test_averages_are_of_the_sums_and_only_of_what_both_price() -> None:
    rows = [
        Compared(1, "a", "2栋", Decimal(100), Decimal(10000), Decimal(1000000), Decimal(11000), Decimal(1100000)),
        Compared(2, "b", "2栋", Decimal(50), Decimal(12000), Decimal(600000), Decimal(11400), Decimal(570000)),
        Compared(3, "c", "3栋", Decimal(80), None, None, Decimal(9000), Decimal(720000)),
    ]
    whole = summed("合计", rows)
    assert (whole.homes, whole.up, whole.down, whole.added, whole.dropped) == (2, 1, 1, 1, 0)
    assert (whole.before_average, whole.after_average) == (Decimal("10666.67"), Decimal("11133.33"))
    assert (whole.change, whole.percent) == (Decimal(70000), Decimal("4.38"))
    assert [one.label for one in by_building(rows, "合计")] == ["2栋", "3栋", "合计"]
    assert summed("3栋", rows[2:]).percent is None  # no division by zero


@pytest.mark.both_databases
def test_who_names_prices_signs_the_notice_of_a_list(cast: Cast) -> None:
    decided(cast, draft(cast, makers.house(cast, "1101")))
    (notice,) = notices(cast)
    assert notice.number.startswith("JT-JPYL-") and "今起生效" in notice.title
    with acting_as(SYSTEM):
        asked = {one.person_name for one in receipts_of(cast.session, notice)}
    assert {"林晓", "何涛", "周敏", "方芳", "许静"} <= asked and "吴越" not in asked
    step(cast, notice, "sign", "consultant1")
    with pytest.raises(Forbidden):
        step(cast, notice, "sign", "consultant1")
    with pytest.raises(Forbidden):
        step(cast, notice, "sign", "site_manager")  # was not asked
    step(cast, notice, "remind", "supervisor")
    with acting_as(SYSTEM):
        signed = [one.person_name for one in receipts_of(cast.session, notice) if one.read_at is not None]
    assert signed == ["林晓"]


def test_a_consultant_reads_the_new_prices_but_no_floor_price(cast: Cast, client_as: Any) -> None:
    decided(cast, draft(cast, makers.house(cast, "1101")))
    (notice,) = notices(cast)
    client = client_as("consultant1")
    assert "待签收：价目表「第 1 版」今起生效" in client.get("/").text
    page = client.get(f"/price-notice/show/{notice.id}").text
    assert "12,950.00" in page and "12,800.00" in page
    assert "12,000.00" not in page and "11,900.00" not in page  # the floor prices
    assert "第 1 版" in client.get("/price-notice/list/?chip=unsigned").text
    assert client_as("other_consultant").get(f"/price-notice/show/{notice.id}").status_code == 404


def test_a_newer_list_ends_the_notice_of_the_older(cast: Cast) -> None:
    units = makers.house(cast, "1101")
    decided(cast, draft(cast, units))
    decided(cast, draft(cast, units, name="第 2 版"))
    assert [one.state for one in notices(cast)] == [PriceNoticeState.REPLACED, PriceNoticeState.SENT]
    with acting_as(SYSTEM):
        waiting = cast.session.scalars(select(ReadReceipt.subject_id).where(ReadReceipt.read_at.is_(None))).all()
    assert set(waiting) == {notices(cast)[1].id}


def test_a_revised_scheme_takes_the_place_of_the_old_one(cast: Cast) -> None:
    old = papers.mortgage(cast)
    step(cast, old, "revise", "site_manager")
    with pytest.raises(RuleError, match="已有一个新版本在办理"):
        step(cast, old, "revise", "site_manager")
    with acting_as(SYSTEM):
        cast.session.rollback()
        new = cast.session.scalars(select(PaymentScheme).where(PaymentScheme.state == SchemeState.DRAFT)).one()
        assert (new.revision, new.series_id, new.name, new.loan_share) == (2, old.id, old.name, old.loan_share)
        name_is_free(cast.session, new)
        with pytest.raises(RuleError, match="已有生效的版本"):
            name_is_free(cast.session, PaymentScheme(project_id=old.project_id, name=old.name))
    step(cast, new, "submit", "site_manager")
    agree(cast, new, "project_manager", "developer_lead")
    assert makers.read(cast, old).state is SchemeState.RETIRED
    assert makers.read(cast, new).state is SchemeState.ACTIVE
    (notice,) = notices(cast, PriceNoticeKind.PAYMENT)
    assert "已生效" in notice.title


def test_a_sales_scheme_is_copied_with_its_discounts(cast: Cast) -> None:
    old = papers.sales(cast, papers.IN_TIME, papers.FIXED)
    step(cast, old, "copy", "site_manager", new_name="十二月方案", valid_from=old.valid_from)
    with acting_as(SYSTEM):
        cast.session.rollback()
        new = cast.session.scalars(select(SalesScheme).where(SalesScheme.name == "十二月方案")).one()
        assert new.state is SchemeState.DRAFT
        assert [one.short for one in new.discounts] == [one.short for one in makers.read(cast, old).discounts]


def test_scaling_leaves_sold_homes_out(cast: Cast) -> None:
    first, taken = makers.house(cast, "1101", "1102")
    paper = draft(cast, [first])
    sold(cast, taken)
    step(cast, paper, "scale", "site_manager", building="3栋", percent=Decimal("1.5"), step=Decimal(1), floor_too=True)
    with acting_as(SYSTEM):
        lines = list(makers.read(cast, paper).lines)
    assert [line.unit_id for line in lines] == [first.id]
    assert (lines[0].list_unit_price, lines[0].floor_unit_price) == (Decimal(12992), Decimal(12079))
    assert lines[0].filed_unit_price == Decimal(13000)


def test_versions_are_compared_on_a_page_and_in_a_sheet(cast: Cast, client_as: Any) -> None:
    units = makers.house(cast, "1101", "1102")
    first = decided(cast, draft(cast, units))
    second = draft(cast, units[:1], name="第 2 版")
    step(cast, second, "scale", "site_manager", names=units[0].full_name, percent=Decimal(-1))
    with acting_as(SYSTEM):
        rows = compared(cast.session, makers.read(cast, second), makers.read(cast, first))
    assert [(row.before, row.after) for row in rows if row.unit_id == units[0].id] == [
        (NEW.list_price, Decimal("12820.50"))
    ]
    assert [row.after for row in rows if row.unit_id == units[1].id] == [None]
    client = client_as("site_manager")
    page = client.get(f"/price-list/compare/{second.id}?with={first.id}").text
    assert "第 1 版" in page and "-129.50" in page and "-1.00 %" in page
    assert client.get(f"/price-list/compare/{first.id}").status_code == 200
    assert client.get(f"/price-list/compare/{second.id}?with=999").status_code == 404
    answer = client.get(f"/price-list/compare/{second.id}/export?with={first.id}")
    assert answer.status_code == 200 and answer.headers["Content-Type"].endswith("sheet")
    assert client_as("consultant1").get(f"/price-list/compare/{second.id}").status_code in (403, 404)
