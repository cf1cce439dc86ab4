"""录入单, 推盘批次, 保留单, 销控指令: who makes them, who decides, what follows (07, 02 §2.2.1)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.extensions import db
from app.features.customers.choices import ContactKind, Grade, Source
from app.features.customers.models import Customer
from app.features.units.effects import give_back, take
from app.features.units.entries.effects import generate
from app.features.units.entries.rules import generated_rooms, read_floors, read_positions, read_sections
from app.features.units.expiry import expire_holds, expire_locks, warn_unreleased
from app.features.units.models import (
    ControlKind,
    ControlLine,
    ControlOrder,
    ControlState,
    EntryState,
    Hold,
    HoldState,
    PricingBasis,
    Product,
    ReleaseBatch,
    ReleaseState,
    Unit,
    UnitEntry,
    UnitState,
)
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.engine import decide
from app.kernel.approval.finding import current_step, open_of
from app.kernel.base import clock, now
from app.kernel.errors import Forbidden, RuleError
from app.kernel.notices import Notice
from app.kernel.readings import ReadReceipt
from app.kernel.transactions import write
from app.kernel.workflow import fire
from tests.factories import saved
from tests.features.units.makers import FOR_SALE, building, home_of, house, permit, read, unit, unit_type
from tests.matrix.test_statements import statements


def step(cast, record, name, login, **form):
    who = cast.actor(login)
    with acting_as(who):
        return fire(cast.session, record, name, who, **form)


def waiting_post(cast, paper):
    with acting_as(SYSTEM):
        request = open_of(cast.session, paper)
        return None if request is None else str(current_step(request).post)


def approve(cast, paper, login, verdict="approve", opinion="同意"):
    who = cast.actor(login)
    with acting_as(SYSTEM):
        request = open_of(cast.session, paper)
        station = current_step(request).id
    with acting_as(who):
        return decide(cast.session, request.id, station, who, verdict, opinion)


def at(moment):
    """Time travel until the returned reset is called."""
    token = clock.set(lambda: moment)
    return lambda: clock.reset(token)


# --- 房源录入单 -----------------------------------------------------------------------------------------------------


def rooms_of(name, sections="1", floors=(10, 12), left_out="", positions="01 B 南北\n02 B 南"):
    return generated_rooms(name, read_sections(sections), read_floors(*floors, left_out), read_positions(positions))


def make(cast, login="clerk", **more):
    unit_type(cast)
    home = building(cast, permit_id=permit(cast).id)
    who = cast.actor(login)
    with acting_as(who):
        return generate(
            cast.session, who, home.id, rooms_of("3栋", **more), Product.HIGH_RISE, PricingBasis.BUILDING_AREA
        )


def test_generated_units_wait_for_the_site_manager_and_jfs_is_informed(cast):
    entry = read(cast, make(cast))
    assert (entry.units_count, entry.building_area, entry.state) == (6, Decimal("537.18"), EntryState.REVIEW)
    assert entry.number.startswith("LR-JPYL-")
    assert waiting_post(cast, entry) == "site_manager"
    with acting_as(SYSTEM):
        made = cast.session.scalars(select(Unit).order_by(Unit.id)).all()
    assert [u.full_name for u in made][:3] == ["3栋1单元1001", "3栋1单元1002", "3栋1单元1101"]
    assert not any(u.confirmed for u in made)
    approve(cast, entry, "site_manager")
    with acting_as(SYSTEM):
        assert all(cast.session.scalars(select(Unit.confirmed)))
        told = cast.session.scalars(select(Notice.person_id).where(Notice.title.contains("知会：房源"))).all()
    assert told == [cast.person_ids["developer_site"]]


def test_refused_units_are_not_confirmed(cast):
    entry = make(cast)
    approve(cast, entry, "site_manager", "refuse", "面积不对")
    assert read(cast, entry).state is EntryState.REFUSED
    with acting_as(SYSTEM):
        assert not any(cast.session.scalars(select(Unit.confirmed)))


def test_only_clerk_and_headquarters_enter_units(cast):
    with pytest.raises(Forbidden):
        make(cast, "supervisor")


def test_generation_makes_only_what_is_missing(cast):
    make(cast)
    who = cast.actor("clerk")
    with acting_as(SYSTEM):
        home = cast.session.scalars(select(Unit.building_id)).first()
    with acting_as(who):
        again = generate(
            cast.session, who, home, rooms_of("3栋", floors=(12, 13)), Product.HIGH_RISE, PricingBasis.BUILDING_AREA
        )
        assert read(cast, again).units_count == 2
        with pytest.raises(RuleError, match="都已存在"):
            generate(cast.session, who, home, rooms_of("3栋"), Product.HIGH_RISE, PricingBasis.BUILDING_AREA)


def test_a_place_without_a_known_type_makes_nothing(cast):
    with pytest.raises(RuleError, match="户型「X」还没有建立"):
        make(cast, positions="01 B\n02 X")
    with acting_as(SYSTEM):
        assert cast.session.scalars(select(Unit)).all() == []
        assert cast.session.scalars(select(UnitEntry)).all() == []


# --- 推盘批次 -------------------------------------------------------------------------------------------------------


def batch_of(cast, *names, login="supervisor"):
    batch = saved(
        cast.session,
        ReleaseBatch(
            project_id=cast.project_ids["a"],
            name="第 1 批推盘",
            planned_on=now().date(),
            created_by=cast.person_ids[login],
        ),
    )
    step(cast, batch, "put_units", login, names="\n".join(names))
    return read(cast, batch)


def ready(cast, *rooms, **more):
    paper = permit(cast)
    home = building(cast, permit_id=paper.id)
    return [unit(cast, home, room, **(FOR_SALE | more)) for room in rooms]


def test_a_batch_goes_sm_pm_jfs_and_releases_all_at_once(cast):
    units = ready(cast, "1101", "1102", "1103")
    batch = batch_of(cast, *(u.full_name for u in units))
    step(cast, batch, "submit", "supervisor")
    for login in ("site_manager", "project_manager", "developer_site"):
        assert read(cast, units[0]).state is UnitState.WAIT
        assert waiting_post(cast, read(cast, batch)) == login
        approve(cast, batch, login)
    done = read(cast, batch)
    assert (done.state, done.released_on) == (ReleaseState.RELEASED, now().date())
    assert {read(cast, u).state for u in units} == {UnitState.FREE}
    assert {read(cast, u).batch_id for u in units} == {batch.id}


def test_a_batch_names_every_unit_that_stands_in_the_way(cast):
    good, bad, worse = ready(cast, "1101", "1102", "1103")

    def spoil():
        cast.session.get(Unit, bad.id).list_total = None
        cast.session.get(Unit, worse.id).seized = True

    with acting_as(SYSTEM):
        write(cast.session, spoil)
    batch = batch_of(cast, good.full_name, bad.full_name, worse.full_name)
    with pytest.raises(RuleError) as caught:
        step(cast, batch, "submit", "supervisor")
    assert "3栋1单元1102：还没有生效的表价" in str(caught.value)
    assert "3栋1单元1103 已被查封" in str(caught.value)
    assert str(caught.value).startswith("有 2 处")


def test_a_unit_spoilt_between_submit_and_decision_stops_the_whole_batch(cast):
    units = ready(cast, "1101", "1102")
    batch = batch_of(cast, *(u.full_name for u in units))
    step(cast, batch, "submit", "supervisor")
    approve(cast, batch, "site_manager")
    approve(cast, batch, "project_manager")
    with acting_as(SYSTEM):
        write(cast.session, lambda: setattr(cast.session.get(Unit, units[1].id), "seized", True))
    with pytest.raises(RuleError, match="1102 已被查封"):
        approve(cast, batch, "developer_site")
    assert {read(cast, u).state for u in units} == {UnitState.WAIT}
    assert read(cast, batch).state is ReleaseState.REVIEW


def test_picking_units_for_a_batch(cast):
    one, two = ready(cast, "1101", "1201")
    batch = batch_of(cast, one.full_name)
    step(cast, batch, "put_units", "supervisor", building="3栋", first_floor=12, last_floor=12)
    with acting_as(SYSTEM):
        assert [line.unit_id for line in read(cast, batch).lines] == [one.id, two.id]
    step(cast, read(cast, batch), "drop_units", "supervisor", names=one.full_name)
    with acting_as(SYSTEM):
        assert [line.unit_id for line in read(cast, batch).lines] == [two.id]
    for form, sentence in (
        ({"names": "9栋101"}, "没有找到"),
        ({"building": "9栋"}, "没有楼栋"),
        ({}, "没有选中任何房源"),
    ):
        with pytest.raises(RuleError, match=sentence):
            step(cast, read(cast, batch), "put_units", "supervisor", **form)


def test_a_released_unit_enters_no_batch_and_only_sup_prepares(cast):
    (one,) = house(cast, "1102")
    with pytest.raises(RuleError, match="只有未推房源"):
        batch_of(cast, one.full_name)
    with acting_as(SYSTEM):
        batch = cast.session.scalars(select(ReleaseBatch)).first()
    with pytest.raises(Forbidden):
        step(cast, batch, "put_units", "consultant1", names=one.full_name)


# --- 保留单 ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def free_unit(cast, set_parameter):
    set_parameter("hold_cap_percent", "100")
    return house(cast, "1102")[0]


def hold_of(cast, one, hours=24, login="supervisor", **more):
    values = {"held_for": "王总", "reason": "回家商量", "created_by": cast.person_ids[login]}
    return saved(cast.session, Hold(project_id=one.project_id, unit_id=one.id, hours=hours, **(values | more)))


def test_the_supervisor_holds_a_day_himself(cast, free_unit):
    hold = hold_of(cast, free_unit)
    step(cast, hold, "place", "supervisor")
    there, paper = read(cast, free_unit), read(cast, hold)
    assert (there.state, there.held_until, there.held_for) == (UnitState.HOLD, paper.until, "王总")
    assert paper.until - paper.started_at == timedelta(hours=24)
    assert paper.number.startswith("BL-JPYL-")


@pytest.mark.parametrize(("login", "hours"), [("supervisor", 25), ("site_manager", 73)])
def test_beyond_his_hours_nobody_holds_himself(cast, free_unit, login, hours):
    hold = hold_of(cast, free_unit, hours, login)
    with pytest.raises(RuleError, match="超出你的权限"):
        step(cast, hold, "place", login)
    assert read(cast, free_unit).state is UnitState.FREE


@pytest.mark.parametrize(("hours", "post"), [(25, "site_manager"), (72, "site_manager"), (73, "developer_site")])
def test_a_longer_hold_goes_straight_to_who_may(cast, free_unit, hours, post):
    hold = hold_of(cast, free_unit, hours)
    step(cast, hold, "submit", "supervisor")
    assert waiting_post(cast, hold) == post
    approve(cast, hold, post)
    assert read(cast, hold).state is HoldState.ACTIVE
    assert read(cast, free_unit).state is UnitState.HOLD


def test_holds_stop_at_five_percent(cast):
    units = house(cast, *[f"{floor}01" for floor in range(2, 21)])
    with pytest.raises(RuleError, match="超过 5% 的上限"):
        step(cast, hold_of(cast, units[0]), "place", "supervisor")
    extra = unit(cast, home_of(cast, units[0]), "2101", **FOR_SALE)
    with acting_as(SYSTEM):
        fire(cast.session, extra, "release", SYSTEM, internal=True)
    step(cast, hold_of(cast, units[0]), "place", "supervisor")
    with pytest.raises(RuleError, match="保留 1 套"):
        step(cast, hold_of(cast, units[1]), "place", "supervisor")


def test_a_hold_is_renewed_once(cast, free_unit):
    hold = hold_of(cast, free_unit)
    step(cast, hold, "place", "supervisor")
    with pytest.raises(RuleError, match="超出你的权限"):
        step(cast, read(cast, hold), "renew", "supervisor", hours=48)
    step(cast, read(cast, hold), "renew", "supervisor", hours=12)
    assert read(cast, free_unit).held_until == read(cast, hold).until
    with pytest.raises(RuleError, match="已续期一次"):
        step(cast, read(cast, hold), "renew", "site_manager", hours=12)


def test_a_hold_ends_by_hand_or_by_the_job_once(cast, free_unit):
    first = hold_of(cast, free_unit)
    step(cast, first, "place", "supervisor")
    step(cast, read(cast, first), "release", "supervisor", note="客户不要了")
    assert read(cast, free_unit).state is UnitState.FREE
    second = hold_of(cast, read(cast, free_unit))
    step(cast, second, "place", "supervisor")
    back = at(now() + timedelta(hours=24))
    try:
        with acting_as(SYSTEM):
            assert write(cast.session, lambda: expire_holds(cast.session)) == 1
            assert write(cast.session, lambda: expire_holds(cast.session)) == 0
    finally:
        back()
    assert (read(cast, second).state, read(cast, free_unit).state) == (HoldState.EXPIRED, UnitState.FREE)
    assert read(cast, free_unit).held_until is None


def test_from_a_hold_only_its_customer_takes_the_unit_and_it_goes_back_to_the_hold(cast, free_unit):
    hold = hold_of(cast, free_unit, customer_id=5)
    step(cast, hold, "place", "supervisor")
    who = cast.actor("consultant1")
    with acting_as(who):
        with pytest.raises(RuleError, match="暂不可售"):
            take(cast.session, free_unit.id, who, 6, 1)
        with pytest.raises(RuleError, match="暂不可售"):
            take(cast.session, free_unit.id, who, None, 1)
        take(cast.session, free_unit.id, who, 5, 1)
    with acting_as(SYSTEM):
        give_back(cast.session, read(cast, free_unit), SYSTEM)
    there = read(cast, free_unit)
    assert (there.state, there.held_for_id, there.lock_by) == (UnitState.HOLD, 5, None)


def test_the_customer_of_a_hold_is_chosen_from_the_projects_customers(cast, free_unit, client_as):
    hold = hold_of(cast, free_unit)
    step(cast, hold, "place", "supervisor")
    theirs = Customer(
        project_id=free_unit.project_id, name="林黛", grade=Grade.B, source=next(iter(Source)), first_kind=ContactKind.FIRST_VISIT,
        first_at=now(), last_contact_at=now(),
    )  # fmt: skip
    saved(cast.session, theirs)
    client = client_as("supervisor")
    url = f"/hold/step/name_customer/{hold.id}"
    assert client.get(url, query_string={"pick": "customer", "q": "林"}).json["results"] == [
        {"id": theirs.id, "text": "林黛", "note": ""}
    ]
    assert client.get(url, query_string={"pick": "customer", "q": "无"}).json["results"] == []
    assert client.get(url, query_string={"pick": "other"}).status_code == 404
    assert client.post(url, data={"customer": "999"}).status_code == 422
    assert client.post(url, data={"customer": str(theirs.id)}).status_code == 302
    who = cast.actor("consultant1")
    with acting_as(who):
        take(cast.session, free_unit.id, who, theirs.id, 1)
    assert read(cast, free_unit).state is UnitState.LOCK


def test_a_hold_that_ends_behind_its_lock_lets_the_unit_go_on_sale(cast, free_unit):
    hold = hold_of(cast, free_unit, customer_id=5, hours=1)
    step(cast, hold, "place", "supervisor")
    who = cast.actor("consultant1")
    with acting_as(who):
        take(cast.session, free_unit.id, who, 5, 1, minutes=200)
    back = at(now() + timedelta(hours=2))
    try:
        with acting_as(SYSTEM):
            assert write(cast.session, lambda: expire_holds(cast.session)) == 1
            assert read(cast, free_unit).state is UnitState.LOCK
            give_back(cast.session, read(cast, free_unit), SYSTEM)
    finally:
        back()
    assert read(cast, free_unit).state is UnitState.FREE


def test_an_order_uses_the_hold_up(cast, free_unit):
    hold = hold_of(cast, free_unit, customer_id=5)
    step(cast, hold, "place", "supervisor")
    who = cast.actor("consultant1")
    with acting_as(who):
        take(cast.session, free_unit.id, who, 5, 1)
        fire(cast.session, read(cast, free_unit), "order", who, internal=True)
    assert read(cast, hold).state is HoldState.USED
    assert read(cast, free_unit).held_until is None


# --- locks that run out --------------------------------------------------------------------------------------------


def test_a_lock_that_was_not_submitted_runs_out_once(cast):
    one, two = house(cast, "1102", "1103")
    who = cast.actor("consultant1")
    with acting_as(who):
        take(cast.session, one.id, who, None, 1)
        take(cast.session, two.id, who, None, 2, minutes=60)
    back = at(now() + timedelta(minutes=30))
    try:
        with acting_as(SYSTEM):
            assert write(cast.session, lambda: expire_locks(cast.session)) == 1
            assert write(cast.session, lambda: expire_locks(cast.session)) == 0
    finally:
        back()
    assert (read(cast, one).state, read(cast, two).state) == (UnitState.FREE, UnitState.LOCK)


def test_jfs_is_warned_once_of_a_permit_that_is_ten_days_old(cast):
    paper = permit(cast, issued_on=now().date() - timedelta(days=10))
    fresh = permit(cast, number="预售 2026-059")
    home = building(cast)
    unit(cast, home, "1101", permit_id=paper.id)
    unit(cast, home, "1102", permit_id=fresh.id)
    with acting_as(SYSTEM):
        assert write(cast.session, lambda: warn_unreleased(cast.session)) == 1
        assert write(cast.session, lambda: warn_unreleased(cast.session)) == 0
        told = cast.session.scalars(select(Notice).where(Notice.title.contains("仍有房源未推"))).all()
    assert [n.person_id for n in told] == [cast.person_ids["developer_site"]]
    assert "预售 2026-058" in told[0].title


# --- 销控指令 -------------------------------------------------------------------------------------------------------


def order_of(cast, one, kind, login="project_manager", **more):
    values = {"content": "样板间调整", "created_by": cast.person_ids[login]}
    order = saved(cast.session, ControlOrder(project_id=one.project_id, kind=kind, **(values | more)))
    step(cast, order, "put_units", login, names=one.full_name)
    step(cast, read(cast, order), "submit", login)
    return read(cast, order)


@pytest.mark.parametrize(("hours", "post"), [(24, "supervisor"), (72, "site_manager"), (100, "developer_site")])
def test_a_hold_order_is_decided_by_its_hours_and_carried_out(cast, free_unit, hours, post):
    order = order_of(cast, free_unit, ControlKind.HOLD, hours=hours, held_for="关系客户", reason="甲方领导")
    assert waiting_post(cast, order) == post
    approve(cast, order, post)
    assert read(cast, order).state is ControlState.ISSUED
    assert read(cast, free_unit).state is UnitState.HOLD
    release = order_of(cast, free_unit, ControlKind.RELEASE)
    approve(cast, release, "supervisor")
    assert read(cast, free_unit).state is UnitState.FREE


def test_a_stop_order_needs_jfs(cast, free_unit):
    order = order_of(cast, free_unit, ControlKind.STOP)
    assert waiting_post(cast, order) == "developer_site"
    approve(cast, order, "developer_site")
    assert read(cast, free_unit).stopped
    approve(cast, order_of(cast, free_unit, ControlKind.RESUME), "developer_site")
    assert not read(cast, free_unit).stopped


def test_an_incomplete_order_is_not_submitted(cast, free_unit):
    for values in ({"kind": ControlKind.STOP}, {"kind": ControlKind.HOLD, "hours": 5, "held_for": "王总"}):
        order = saved(
            cast.session,
            ControlOrder(
                project_id=free_unit.project_id, content="x", created_by=cast.person_ids["supervisor"], **values
            ),
        )
        if values["kind"] is ControlKind.HOLD:
            step(cast, order, "put_units", "supervisor", names=free_unit.full_name)
        with pytest.raises(RuleError):
            step(cast, read(cast, order), "submit", "supervisor")


def test_every_consultant_acknowledges_and_reads_no_reason(cast, free_unit, client_as):
    order = order_of(cast, free_unit, ControlKind.HOLD, hours=5, held_for="关系客户", reason="甲方领导亲属")
    approve(cast, order, "supervisor")
    with acting_as(SYSTEM):
        asked = cast.session.scalars(select(ReadReceipt.person_id).order_by(ReadReceipt.id)).all()
    assert set(asked) == {cast.person_ids["consultant1"], cast.person_ids["consultant2"]}
    client = client_as("consultant1")
    page = client.get(f"/control-order/show/{order.id}").get_data(as_text=True)
    assert "签收" in page
    assert "样板间调整" in page
    assert "甲方领导亲属" not in page
    assert "关系客户" not in page
    step(cast, order, "sign", "consultant1")
    with pytest.raises(Forbidden):
        step(cast, order, "sign", "consultant1")  # once
    with pytest.raises(Forbidden):
        step(cast, order, "sign", "supervisor")  # was not asked
    with acting_as(SYSTEM):
        signed = cast.session.scalars(select(ReadReceipt.person_id).where(ReadReceipt.read_at.is_not(None))).all()
    assert signed == [cast.person_ids["consultant1"]]


def test_the_home_page_reminds_of_an_order_to_acknowledge(cast, free_unit, client_as):
    approve(cast, order_of(cast, free_unit, ControlKind.STOP), "developer_site")
    client = client_as("consultant1")
    assert "待签收：销控指令" in client.get("/").get_data(as_text=True)


# --- what stands above a decision -----------------------------------------------------------------------------------


def request_of(cast, record):
    with acting_as(SYSTEM):
        return open_of(cast.session, record).id


def test_a_batch_is_decided_with_its_homes_in_sight(cast, client_as):
    homes = ready(cast, *(f"{floor}0{place}" for floor in range(1, 12) for place in (1, 2)))
    batch = batch_of(cast, *(one.full_name for one in homes))
    step(cast, batch, "submit", "supervisor")
    number = request_of(cast, batch)
    page = client_as("site_manager").get(f"/approvals/{number}").text
    above, _rest, folded = page.partition('<details class="rest">')
    assert above.count("1,145,984.00") == 20 and folded.count("1,145,984.00") == 2
    assert "再看 2 套（共 22 套）" in page and all(one.full_name in page for one in homes)
    asked = client_as("supervisor").get(f"/approvals/{number}").text
    assert homes[0].full_name in asked, "whoever asked for it reads it, too"


def test_a_control_order_is_decided_with_prices_and_states(cast, client_as, free_unit):
    order = order_of(cast, free_unit, ControlKind.STOP)
    page = client_as("developer_site").get(f"/approvals/{request_of(cast, order)}").text
    for words in (free_unit.full_name, "1,145,984.00", "可售", "共 1 套"):
        assert words in page, words


def test_an_entry_of_many_homes_tells_how_many_it_is_decided_over(cast, client_as):
    positions = "\n".join(f"{place:02} B 南" for place in range(1, 13))
    entry = make(cast, floors=(1, 17), positions=positions)
    client = client_as("site_manager")
    page = client.get(f"/approvals/{request_of(cast, entry)}").text
    assert "再看 180 套（共 204 套）" in page and "共 204 套，这里列出前 200 套" in page
    address = f"/unit/list/?entry_id={entry.id}"
    assert f'href="{address}"' in page and "204" in client.get(address).text
    assert client.get("/unit/list/?entry_id=999999").status_code == 200


def test_an_order_of_many_homes_reads_them_at_once(cast, client_as):
    client, told = client_as("project_manager"), []
    for place, rooms in enumerate((("1101", "1102"), ("1201", "1202", "1203", "1204", "1301", "1302", "1303", "1304"))):
        homes = []
        for room in rooms:
            paper = permit(cast, number=f"预售 {room}")
            homes.append(unit(cast, building(cast, f"{room}栋", permit_id=paper.id), room, **FOR_SALE))
        order = order_of(cast, homes[0], ControlKind.STOP)
        if place == 0:
            client.get(f"/control-order/show/{order.id}")  # what a first page asks besides
        for one in homes[1:]:
            saved(cast.session, ControlLine(project_id=order.project_id, order_id=order.id, unit_id=one.id))
        with statements(db.engine) as sent:
            page = client.get(f"/control-order/show/{order.id}").text
        assert all(f"预售 {room}" in page for room in rooms)
        told.append(len(sent))
    assert told[0] == told[1]
