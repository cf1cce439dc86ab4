"""Every row and every guard of the unit's life cycle (02 §2.2.1)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from app.features.organisation.models import Project
from app.features.units.effects import give_back, stop_timer, take
from app.features.units.models import Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.errors import Forbidden, NotFound, RuleError, StaleError
from app.kernel.transactions import write
from app.kernel.workflow import fire, legal_steps
from tests.features.units.makers import FOR_SALE, building, home_of, house, permit, read, released, unit


def step(cast, record, name, login=None, **form):
    who = cast.actor(login) if login else SYSTEM
    with acting_as(who):
        return fire(cast.session, record, name, who, internal=login is None, **form)


# --- 未推 → 可售 ---------------------------------------------------------------------------------------------------


def test_a_unit_in_order_is_released(cast):
    one = unit(cast, building(cast), **FOR_SALE, permit_id=permit(cast).id)
    step(cast, one, "release")
    assert read(cast, one).state is UnitState.FREE


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"confirmed": False}, "还没有经案场经理核准"),
        ({"stopped": True}, "已停售"),
        ({"list_total": None}, "还没有生效的表价"),
        ({"filed_total": None}, "还没有备案价"),
        ({"list_total": Decimal("1163890.01")}, "高于备案总价"),
        ({"seized": True}, "已被查封"),
        ({"mortgaged": True}, "缺少抵押权人同意销售函"),
        ({"mortgaged": True, "mortgage_consent_no": "函 12"}, "缺少抵押权人同意销售函"),
        ({"permit_id": None}, "没有对应的预售证"),
    ],
)
def test_what_stands_in_the_way_of_a_release(cast, missing, sentence):
    one = unit(cast, building(cast), **({"permit_id": permit(cast).id} | FOR_SALE | missing))
    with pytest.raises(RuleError, match=sentence):
        step(cast, one, "release")
    assert read(cast, one).state is UnitState.WAIT


@pytest.mark.parametrize(
    ("dates", "sentence"),
    [
        ({"issued_on": 1}, "才发证"),
        ({"valid_until": -1}, "到期"),
    ],
)
def test_a_permit_that_is_not_in_force_releases_nothing(cast, dates, sentence):
    dates = {name: now().date() + timedelta(days=days) for name, days in dates.items()}
    one = unit(cast, building(cast), **FOR_SALE, permit_id=permit(cast, **dates).id)
    with pytest.raises(RuleError, match=sentence):
        step(cast, one, "release")


def test_a_mortgaged_unit_with_the_banks_consent_is_released(cast):
    consent = {"mortgaged": True, "mortgage_consent_no": "函 12", "mortgage_consent_on": now().date()}
    one = unit(cast, building(cast), **FOR_SALE, **consent, permit_id=permit(cast).id)
    step(cast, one, "release")
    assert read(cast, one).state is UnitState.FREE


# --- 可售 → 未推 ---------------------------------------------------------------------------------------------------


def test_jfs_closes_a_free_unit_with_a_reason(cast):
    (one,) = house(cast, "1102")
    with pytest.raises(RuleError, match="请填写原因"):
        step(cast, one, "close", "developer_site")
    step(cast, read(cast, one), "close", "developer_site", note="暂缓推出")
    assert read(cast, one).state is UnitState.WAIT


def test_nobody_else_closes_a_unit(cast):
    (one,) = house(cast, "1102")
    for login in ("supervisor", "site_manager", "consultant1", "developer_lead"):
        with pytest.raises(Forbidden):
            step(cast, one, "close", login, note="试")


def test_a_locked_or_ordered_unit_is_not_closed(cast):
    (one,) = house(cast, "1102")
    with acting_as(cast.actor("consultant1")):
        take(cast.session, one.id, cast.actor("consultant1"), None, 7)
    with pytest.raises(StaleError, match="锁定"):
        step(cast, one, "close", "developer_site", note="收盘")
    free = released(cast, home_of(cast, one), "1103", permit_id=one.permit_id)[0]
    with acting_as(SYSTEM):
        write(cast.session, lambda: setattr(cast.session.get(Unit, free.id), "reservation_id", 8))
    with pytest.raises(RuleError, match="未结束的认购"):
        step(cast, free, "close", "developer_site", note="收盘")


# --- 销控 ---------------------------------------------------------------------------------------------------------


def test_a_consultant_takes_a_free_unit_for_thirty_minutes(cast):
    (one,) = house(cast, "1102")
    who = cast.actor("consultant1")
    with acting_as(who):
        take(cast.session, one.id, who, 5, 7)
    taken = read(cast, one)
    assert (taken.state, taken.reservation_id, taken.lock_by) == (UnitState.LOCK, 7, who.person_id)
    assert taken.lock_until - taken.locked_at == timedelta(minutes=30)


def test_on_the_opening_day_a_lock_lasts_ten_minutes(cast):
    (one,) = house(cast, "1102")
    with acting_as(SYSTEM):
        write(cast.session, lambda: setattr(cast.session.get(Project, one.project_id), "opened_on", now().date()))
    taken = lock(cast, one)
    assert taken.lock_until - taken.locked_at == timedelta(minutes=10)


def lock(cast, one, login="consultant2", **more):
    who = cast.actor(login)
    with acting_as(who):
        return take(cast.session, one.id, who, more.pop("customer", None), more.pop("order", 7), **more)


def test_the_loser_reads_who_and_how_long_within_the_team_or_from_above(cast):
    (one,) = house(cast, "1102")
    lock(cast, one, "consultant2")
    at = f"{read(cast, one).locked_at:%H:%M}"
    for login in ("consultant2", "supervisor2", "supervisor", "site_manager"):
        with pytest.raises(StaleError) as caught:
            lock(cast, one, login)
        assert str(caught.value) == f"3栋1单元1102 已由何涛 {at} 销控，剩 30 分钟", login


def test_the_loser_of_another_team_reads_no_name(cast):
    (one,) = house(cast, "1102")
    lock(cast, one, "consultant2")
    with pytest.raises(StaleError) as caught:
        lock(cast, one, "consultant1")
    assert str(caught.value) == f"3栋1单元1102 已在 {read(cast, one).locked_at:%H:%M} 被销控，剩 30 分钟"


def test_an_ordered_or_unreleased_unit_is_not_taken(cast):
    (one,) = house(cast, "1102")
    waiting = unit(cast, home_of(cast, one), "1103")
    with pytest.raises(RuleError, match="还没有推出"):
        lock(cast, waiting)
    lock(cast, one)
    step(cast, one, "order")
    with pytest.raises(StaleError, match="已被认购"):
        lock(cast, one)


def test_a_foreign_unit_does_not_exist(cast):
    (one,) = house(cast, "1102")
    with pytest.raises(NotFound):
        lock(cast, one, "other_consultant")


@pytest.mark.parametrize(("fact", "sentence"), [({"stopped": True}, "已停售"), ({"seized": True}, "已被查封")])
def test_a_stopped_or_seized_unit_is_not_taken(cast, fact, sentence):
    (one,) = house(cast, "1102")

    def change():
        for name, value in fact.items():
            setattr(cast.session.get(Unit, one.id), name, value)

    with acting_as(SYSTEM):
        write(cast.session, change)
    with pytest.raises(RuleError, match=sentence):
        lock(cast, one)
    assert read(cast, one).state is UnitState.FREE


def test_only_the_sales_control_takes_units_where_self_service_is_off(cast, set_parameter):
    (one,) = house(cast, "1102")
    set_parameter("con_self_lock", "否")
    with pytest.raises(RuleError, match="请联系销控员"):
        lock(cast, one, "consultant1")
    lock(cast, one, "supervisor")
    assert read(cast, one).state is UnitState.LOCK


def test_posts_that_do_not_sell_take_nothing(cast):
    (one,) = house(cast, "1102")
    for login in ("contract_officer", "developer_finance", "developer_site"):
        with pytest.raises(RuleError, match="请联系销控员"):
            lock(cast, one, login)


def test_a_lock_is_lengthened_once_by_the_supervisor(cast):
    (one,) = house(cast, "1102")
    until = lock(cast, one).lock_until
    with pytest.raises(Forbidden):
        step(cast, one, "extend_lock", "consultant2")
    step(cast, one, "extend_lock", "supervisor")
    assert read(cast, one).lock_until == until + timedelta(minutes=15)
    with acting_as(cast.actor("supervisor")):
        assert "extend_lock" not in [s.name for s in legal_steps(read(cast, one), cast.actor("supervisor"))]
    with pytest.raises(RuleError, match="已经延长过一次"):
        step(cast, one, "extend_lock")


def test_a_submitted_order_has_no_timer_to_lengthen(cast):
    (one,) = house(cast, "1102")
    lock(cast, one)
    with acting_as(SYSTEM):
        write(cast.session, lambda: stop_timer(cast.session, cast.session.get(Unit, one.id)))
    with pytest.raises(RuleError, match="没有计时"):
        step(cast, one, "extend_lock")


def test_a_released_lock_leaves_nothing_behind(cast):
    (one,) = house(cast, "1102")
    lock(cast, one)
    with acting_as(SYSTEM):
        give_back(cast.session, read(cast, one), SYSTEM, "到期自动释放")
    free = read(cast, one)
    assert free.state is UnitState.FREE
    assert (free.lock_by, free.locked_at, free.lock_until, free.reservation_id, free.lock_extended) == (
        None,
        None,
        None,
        None,
        False,
    )


# --- after the lock ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("way", "end"),
    [
        (["book"], UnitState.BOOK),
        (["book", "order"], UnitState.ORDER),
        (["order", "draft", "sign", "hand"], UnitState.HAND),
        (["order", "sign"], UnitState.SIGN),
        (["book", "back"], UnitState.FREE),
        (["order", "back"], UnitState.FREE),
        (["order", "draft", "undo_sign"], UnitState.FREE),
        (["order", "sign", "undo_sign"], UnitState.FREE),
    ],
)
def test_the_ways_of_a_taken_unit(cast, way, end):
    (one,) = house(cast, "1102")
    lock(cast, one)
    for name in way:
        step(cast, read(cast, one), name)
    there = read(cast, one)
    assert there.state is end
    assert (there.reservation_id is None) == (end is UnitState.FREE)
    assert there.lock_until is None


@pytest.mark.parametrize(
    ("way", "wrong"),
    [
        ([], "order"),
        ([], "sign"),
        (["order"], "hand"),
        (["order", "sign"], "back"),
        (["order", "sign", "hand"], "undo_sign"),
        (["order"], "book"),
    ],
)
def test_no_step_is_left_out(cast, way, wrong):
    (one,) = house(cast, "1102")
    if way:
        lock(cast, one)
    for name in way:
        step(cast, read(cast, one), name)
    with pytest.raises(StaleError):
        step(cast, read(cast, one), wrong)


def test_a_filed_contract_is_revoked_before_the_unit_is_free(cast):
    (one,) = house(cast, "1102")
    lock(cast, one)
    for name in ("order", "sign"):
        step(cast, read(cast, one), name)
    with acting_as(SYSTEM):
        write(cast.session, lambda: setattr(cast.session.get(Unit, one.id), "filed_on", now().date()))
    with pytest.raises(RuleError, match="备案还没有撤销"):
        step(cast, one, "undo_sign")


@pytest.mark.parametrize("name", ["book", "order", "draft", "sign"])
def test_a_seized_unit_goes_no_further(cast, name):
    before = {"book": [], "order": [], "draft": ["order"], "sign": ["order"]}[name]
    (one,) = house(cast, "1102")
    lock(cast, one)
    for earlier in before:
        step(cast, read(cast, one), earlier)
    with acting_as(SYSTEM):
        write(cast.session, lambda: setattr(cast.session.get(Unit, one.id), "seized", True))
    with pytest.raises(RuleError, match="已被查封"):
        step(cast, one, name)


# --- 停售 ---------------------------------------------------------------------------------------------------------


def test_stop_keeps_the_main_state_and_is_lifted_again(cast):
    (one,) = house(cast, "1102")
    step(cast, one, "stop", "project_manager", note="样板间")
    stopped = read(cast, one)
    assert (stopped.stopped, stopped.state) == (True, UnitState.FREE)
    with pytest.raises(Forbidden):
        step(cast, stopped, "stop", "developer_site", note="再停")
    step(cast, stopped, "resume", "developer_site", note="恢复")
    assert read(cast, one).stopped is False


def test_nobody_steps_a_unit_directly_past_its_papers(cast):
    (one,) = house(cast, "1102")
    for name in (
        "release",
        "hold",
        "unhold",
        "lock",
        "unlock",
        "book",
        "order",
        "draft",
        "sign",
        "back",
        "undo_sign",
        "hand",
    ):
        with pytest.raises(NotFound):
            fire(cast.session, one, name, cast.actor("supervisor"))
