"""A 价目表 from the draft to the units: who decides, when it holds, what it never touches."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.features.pricing.effects import listeners as listening
from app.features.pricing.effects import when_prices_changed
from app.features.pricing.effects.lines import Prices, edit_lines
from app.features.pricing.models import LineOutcome, ListState, PriceLine, PriceList
from app.features.units.models import Unit
from app.kernel import base, jobs
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.engine import decide
from app.kernel.approval.finding import current_step, open_of
from app.kernel.errors import Forbidden, NotFound, RuleError, StaleError
from app.kernel.notices import Notice
from app.kernel.transactions import write
from app.kernel.workflow import fire
from tests.bench.hours import real_now
from tests.cast import Cast
from tests.factories import saved
from tests.features.units import makers

NEW = Prices(Decimal(12950), Decimal(12000), Decimal(13000))


def draft(cast: Cast, units: list[Unit], prices: Prices = NEW, *, days: int = 0, name: str = "第 1 版") -> PriceList:
    """A list of the site manager with these prices for the units."""
    paper = saved(
        cast.session,
        PriceList(
            project_id=cast.project_ids["a"],
            name=name,
            effective_on=base.now().date() + timedelta(days=days),
            reason="随行就市",
            created_by=cast.person_ids["site_manager"],
        ),
    )
    actor = cast.actor("site_manager")
    with acting_as(actor):
        edit_lines(cast.session, paper.id, actor, {unit.id: prices for unit in units})
    return makers.read(cast, paper)


def step(cast: Cast, paper: Any, name: str, login: str, **form: Any) -> None:
    actor = cast.actor(login)
    with acting_as(actor):
        fire(cast.session, paper, name, actor, **form)


def agree(cast: Cast, paper: Any, *logins: str) -> None:
    """These people agree one after another."""
    for login in logins:
        actor = cast.actor(login)
        with acting_as(SYSTEM):
            request = open_of(cast.session, makers.read(cast, paper))
            assert request is not None
            station = current_step(request)
            assert station is not None
            ids = request.id, station.id
        with acting_as(actor):
            decide(cast.session, *ids, actor, "approve", "")


def decided(cast: Cast, paper: PriceList) -> PriceList:
    """The list after its whole chain."""
    step(cast, paper, "submit", "site_manager")
    agree(cast, paper, "project_manager", "developer_site", "developer_lead")
    return makers.read(cast, paper)


def prices_of(cast: Cast, unit: Unit) -> tuple[Any, ...]:
    now = makers.read(cast, unit)
    return now.list_unit_price, now.list_total, now.filed_unit_price, now.filed_total, now.floor_unit_price


AFTER = (Decimal(12950), Decimal("1159413.50"), Decimal(13000), Decimal("1163890.00"), Decimal(12000))
BEFORE = (Decimal(12800), Decimal("1145984.00"), Decimal(13000), Decimal("1163890.00"), Decimal(11900))


@pytest.mark.both_databases
def test_prices_are_written_only_after_the_whole_chain(cast: Cast) -> None:
    units = makers.house(cast, "1101", "1102")
    paper = draft(cast, units)
    step(cast, paper, "submit", "site_manager")
    assert makers.read(cast, paper).number.startswith("JM-JPYL-")
    for login in ("project_manager", "developer_site"):
        agree(cast, paper, login)
        assert makers.read(cast, paper).state is ListState.REVIEW
        assert prices_of(cast, units[0]) == BEFORE
    agree(cast, paper, "developer_lead")
    assert makers.read(cast, paper).state is ListState.EFFECTIVE
    assert [prices_of(cast, unit) for unit in units] == [AFTER, AFTER]


def test_a_list_waits_for_its_day(cast: Cast) -> None:
    units = makers.house(cast, "1101")
    paper = decided(cast, draft(cast, units, days=3))
    assert paper.state is ListState.APPROVED
    with acting_as(SYSTEM):
        assert jobs.run(cast.session, jobs.JOBS["price_lists"]) == 0
    assert prices_of(cast, units[0]) == BEFORE
    token = base.clock.set(lambda: real_now() + timedelta(days=3))
    try:
        with acting_as(SYSTEM):
            assert jobs.run(cast.session, jobs.JOBS["price_lists"]) == 1
            assert jobs.run(cast.session, jobs.JOBS["price_lists"]) == 0
    finally:
        base.clock.reset(token)
    assert prices_of(cast, units[0]) == AFTER


def test_everybody_who_names_prices_hears_of_it(cast: Cast) -> None:
    decided(cast, draft(cast, makers.house(cast, "1101")))
    told = set(cast.session.scalars(select(Notice.person_id).where(Notice.title.contains("今起生效"))))
    assert told == {
        cast.person_ids[k]
        for k in ("consultant1", "consultant2", "supervisor", "supervisor2", "clerk", "contract_officer")
    }
    assert not cast.session.scalars(
        select(Notice).where(Notice.body.contains("12000") | Notice.body.contains("12,000"))
    ).all()


def test_later_rooms_hear_of_changed_prices(cast: Cast) -> None:
    heard: list[int] = []
    listener = when_prices_changed(lambda _session, ids: heard.extend(ids))
    try:
        units = makers.house(cast, "1101", "1102")
        decided(cast, draft(cast, units))
    finally:
        listening._listeners.remove(listener)
    assert heard == [unit.id for unit in units]


@pytest.mark.parametrize(
    ("prices", "sentence"),
    [
        (Prices(Decimal("13000.01"), Decimal(11900), Decimal(13000)), "表价高于备案价"),
        (Prices(Decimal(12000), Decimal("12000.01"), Decimal(13000)), "底价高于表价"),
    ],
)
def test_floor_list_and_filed_price_stand_in_order(cast: Cast, prices: Prices, sentence: str) -> None:
    paper = draft(cast, makers.house(cast, "1101"), prices)
    with pytest.raises(RuleError, match=sentence):
        step(cast, paper, "submit", "site_manager")


def test_a_list_needs_lines_a_filed_price_and_a_coming_day(cast: Cast) -> None:
    empty = draft(cast, [])
    with pytest.raises(RuleError, match="还没有房源价格"):
        step(cast, empty, "submit", "site_manager")
    bare = makers.unit(cast, makers.building(cast), "1101")
    with pytest.raises(RuleError, match="缺备案价"):
        step(cast, draft(cast, [bare], Prices(Decimal(12800)), name="第 2 版"), "submit", "site_manager")
    past = draft(cast, [bare], NEW, days=-1, name="第 3 版")
    with pytest.raises(RuleError, match="不能早于今天"):
        step(cast, past, "submit", "site_manager")


def sold(cast: Cast, unit: Unit) -> None:
    with acting_as(SYSTEM):
        for name, form in (("lock", {"minutes": 30}), ("order", {})):
            fire(cast.session, makers.read(cast, unit), name, SYSTEM, internal=True, **form)


def test_a_sold_unit_is_not_priced_anew(cast: Cast) -> None:
    units = makers.house(cast, "1101", "1102")
    sold(cast, units[0])
    with pytest.raises(RuleError, match="已售房源不能改价：3栋1单元1101"):
        draft(cast, units)


def test_a_unit_sold_meanwhile_keeps_its_price_until_it_is_free_again(cast: Cast) -> None:
    units = makers.house(cast, "1101", "1102")
    paper = draft(cast, units)
    step(cast, paper, "submit", "site_manager")
    sold(cast, units[0])
    agree(cast, paper, "project_manager", "developer_site", "developer_lead")
    assert [prices_of(cast, unit) for unit in units] == [BEFORE, AFTER]
    with acting_as(SYSTEM):
        outcomes = cast.session.scalars(select(PriceLine.outcome).order_by(PriceLine.unit_id)).all()
        assert outcomes == [LineOutcome.KEPT, LineOutcome.APPLIED]
        assert jobs.run(cast.session, jobs.JOBS["price_lists_returned_units"]) == 0
        fire(cast.session, makers.read(cast, units[0]), "back", SYSTEM, internal=True)
        assert jobs.run(cast.session, jobs.JOBS["price_lists_returned_units"]) == 1
    assert prices_of(cast, units[0]) == AFTER


def test_a_list_whose_units_all_have_newer_prices_is_retired(cast: Cast) -> None:
    units = makers.house(cast, "1101", "1102")
    first = decided(cast, draft(cast, units))
    decided(cast, draft(cast, units[:1], name="第 2 版"))
    assert makers.read(cast, first).state is ListState.EFFECTIVE
    decided(cast, draft(cast, units[1:], name="第 3 版"))
    assert makers.read(cast, first).state is ListState.RETIRED


def test_an_approval_covers_every_line(cast: Cast) -> None:
    units = makers.house(cast, "1101")
    paper = draft(cast, units)
    step(cast, paper, "submit", "site_manager")
    with acting_as(SYSTEM):
        line = cast.session.scalars(select(PriceLine)).one()

        def tamper() -> None:
            line.list_unit_price = Decimal(12000)

        cast.session.rollback()
        write(cast.session, tamper)
    agree(cast, paper, "project_manager")
    assert makers.read(cast, paper).state is ListState.DRAFT
    assert prices_of(cast, units[0]) == BEFORE


def test_who_may_not(cast: Cast) -> None:
    units = makers.house(cast, "1101")
    paper = draft(cast, units)
    for login in ("supervisor", "clerk", "project_manager", "consultant1"):
        with pytest.raises(Forbidden):
            step(cast, paper, "submit", login)
    for login in ("supervisor", "other_site_manager"):
        actor = cast.actor(login)
        with acting_as(actor), pytest.raises(NotFound):
            edit_lines(cast.session, paper.id, actor, {units[0].id: NEW})
    step(cast, paper, "submit", "site_manager")
    actor = cast.actor("site_manager")
    with acting_as(actor), pytest.raises(RuleError, match="已提交"):
        edit_lines(cast.session, paper.id, actor, {units[0].id: NEW})


def test_an_old_tab_does_not_overwrite(cast: Cast) -> None:
    units = makers.house(cast, "1101")
    paper = draft(cast, units)
    actor, seen = cast.actor("site_manager"), paper.version
    with acting_as(actor):
        edit_lines(cast.session, paper.id, actor, {units[0].id: NEW}, seen_version=seen)
        with pytest.raises(StaleError):
            edit_lines(cast.session, paper.id, actor, {units[0].id: None}, seen_version=seen)


def test_prices_by_rule(cast: Cast) -> None:
    makers.house(cast, "1001", "1101", "1201")
    paper = draft(cast, [])
    step(
        cast, paper, "make", "site_manager", building="3栋", base_price=Decimal(12800), base_floor=11,
        floor_step=Decimal(20), floor_gap=Decimal(900), filed_gap=Decimal(200),
    )  # fmt: skip
    with acting_as(SYSTEM):
        found = cast.session.scalars(select(PriceLine).order_by(PriceLine.unit_id)).all()
        assert [(line.list_unit_price, line.floor_unit_price, line.filed_unit_price) for line in found] == [
            (Decimal(12780), Decimal(11880), Decimal(12980)),
            (Decimal(12800), Decimal(11900), Decimal(13000)),
            (Decimal(12820), Decimal(11920), Decimal(13020)),
        ]
        assert found[1].list_total == Decimal("1145984.00")


def test_a_list_is_decided_with_its_prices_in_sight(cast: Cast, client_as: Any) -> None:
    unit = makers.unit(cast, makers.building(cast), **makers.FOR_SALE)
    paper = draft(cast, [unit])
    step(cast, paper, "submit", "site_manager")
    with acting_as(SYSTEM):
        request = open_of(cast.session, paper)
        assert request is not None
        number = request.id
    page = client_as("project_manager").get(f"/approvals/{number}").text
    for words in (unit.full_name, "12,800.00", "12,950.00", "共 1 套"):
        assert words in page, words


def test_a_long_list_is_decided_on_its_true_number(cast: Cast, client_as: Any) -> None:
    house = makers.building(cast)
    paper = draft(cast, [makers.unit(cast, house, f"{n // 4 + 1}{n % 4 + 1:02}", **makers.FOR_SALE) for n in range(54)])
    step(cast, paper, "submit", "site_manager")
    with acting_as(SYSTEM):
        request = open_of(cast.session, paper)
        assert request is not None
        number = request.id
    page = client_as("project_manager").get(f"/approvals/{number}").text
    assert "再看 30 套（共 54 套）" in page and "共 54 套，这里列出前 50 套" in page
    assert f"?price_list_id={paper.id}" in page
