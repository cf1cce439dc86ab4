"""Acts at the desk: the log says the rule, the posts, what is taken back, what the database refuses, two desks at once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.demo.world import travel
from app.extensions import db
from app.features.customers.rotation.choices import Channel, Presence, Visitor, Why
from app.features.customers.rotation.effects import assign, forfeit, line_now, take_back
from app.features.customers.rotation.effects.planning import plan_day
from app.features.customers.rotation.models import ReceptionPlace, RotaEntry, RotationTurn
from app.features.customers.rotation.reports import Asking, shares, spread
from app.features.customers.rotation.rules import Asked
from app.features.organisation.models import Parameter
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.errors import Forbidden, NotFound, RuleError
from tests.cast import Cast
from tests.factories import saved
from tests.features.customers.rotation.conftest import QUEUE, Give

Move = Callable[..., None]


def who(cast: Cast, turn: RotationTurn) -> str:
    return next(login for login, pk in cast.person_ids.items() if pk == turn.person_id)


def line(session: Session, cast: Cast, place: ReceptionPlace, channel: Channel = Channel.VISIT) -> list[str]:
    with acting_as(SYSTEM):
        found = line_now(session, place, now().date(), channel)
    return [next(k for k, pk in cast.person_ids.items() if pk == m.person) for m in found.members]


def log(session: Session) -> list[RotationTurn]:
    with acting_as(SYSTEM):
        return list(session.scalars(select(RotationTurn).order_by(RotationTurn.id)))


def test_the_day_begins_from_the_duty_list_and_the_log_tells_every_rule(
    session: Session, cast: Cast, place: ReceptionPlace, give: Give, move: Move
) -> None:
    assert line(session, cast, place) == list(QUEUE)
    assert who(cast, give("clerk")) == "consultant1"
    assert who(cast, give("clerk", Visitor.OLD, "consultant2")) == "consultant2"
    assert line(session, cast, place) == ["consultant2", "supervisor", "consultant1"]
    assert who(cast, give("assistant")) == "consultant2"
    move("supervisor", Presence.ERRAND)
    turn = give("clerk")
    assert who(cast, turn) == "consultant1"
    move("supervisor", Presence.PRESENT, by="clerk")
    assert (give("clerk").why, line(session, cast, place)[0]) == (Why.MAKEUP, "consultant2")
    words = [t.words for t in log(session)]
    assert words == [
        "开始轮接，3 位顾问按排班入队",
        "新客户由 林晓 接待：按轮序排在最前，占一轮",
        "老客户归自己的顾问 何涛，不占轮次",
        "新客户由 何涛 接待：按轮序排在最前，占一轮",
        "开始轮接，3 位顾问按排班入队",  # of the calls: he is away for both queues
        "周敏：在岗 → 外勤",
        "周敏：在岗 → 外勤",
        "跳过 周敏：外勤，记补接一轮，返回后先接",
        "新客户由 林晓 接待：按轮序排在最前，占一轮",
        "周敏：外勤 → 在岗",
        "周敏：外勤 → 在岗",
        "新客户由 周敏 接待：回岗补接前面错过的一轮",
    ]


def test_calls_and_places_have_queues_of_their_own(
    session: Session, cast: Cast, place: ReceptionPlace, give: Give
) -> None:
    give("clerk")
    assert line(session, cast, place, Channel.CALL) == list(QUEUE)
    assert who(cast, give("clerk", channel=Channel.CALL)) == "consultant1"
    hall = saved(session, ReceptionPlace(project_id=place.project_id, name="上海展厅"))
    assert line(session, cast, hall) == []
    with acting_as(cast.actor("clerk")), pytest.raises(RuleError, match="没有在岗的顾问"):
        assign(session, cast.actor("clerk"), hall.id, Channel.VISIT, Asked(Visitor.NEW))


def test_the_projects_parameters_decide(session: Session, cast: Cast, place: ReceptionPlace, give: Give) -> None:
    assert not give("clerk", Visitor.CHANNEL).used
    values = {"rotation_channel_uses": "是", "rotation_named_uses": "是"}
    for key, value in values.items():
        saved(
            session,
            Parameter(project_id=place.project_id, key=key, value=value, effective_from=date(2020, 1, 1), note="约定"),
        )
    assert give("clerk", Visitor.CHANNEL).used
    assert give("clerk", Visitor.NAMED, "supervisor").used
    assert line(session, cast, place) == ["consultant2", "supervisor", "consultant1"]


def test_only_the_desk_gives_turns(session: Session, cast: Cast, place: ReceptionPlace, give: Give) -> None:
    for login in ("site_manager", "auditor"):
        with pytest.raises(Forbidden):
            give(login)
    for login in ("other_consultant", "other_supervisor", "developer_site"):
        with pytest.raises((NotFound, Forbidden)):
            give(login)


def test_a_consultant_moves_himself_alone(cast: Cast, move: Move) -> None:
    move("consultant1", Presence.MEAL)
    with pytest.raises(RuleError, match="只能改自己的状态"):
        move("consultant2", Presence.MEAL, by="consultant1")
    move("consultant2", Presence.MEAL, by="assistant")
    with pytest.raises(RuleError, match="A 位不能空"):
        move("supervisor", Presence.MEAL)
    move("supervisor", Presence.MEAL, by="supervisor", reason="客户约在工地")


def test_the_supervisor_decides_with_a_reason(session: Session, cast: Cast, place: ReceptionPlace, give: Give) -> None:
    with pytest.raises(RuleError, match="只有销售主管"):
        give("clerk", Visitor.NEW, "supervisor", by_head=True, reason="熟人")
    with pytest.raises(RuleError, match="写明原因"):
        give("supervisor", Visitor.NEW, "consultant2", by_head=True)
    turn = give("supervisor", Visitor.NEW, "consultant2", by_head=True, reason="客户只会说粤语")
    assert (turn.why, turn.reason, who(cast, turn)) == (Why.OVERRIDE, "客户只会说粤语", "consultant2")
    with acting_as(cast.actor("supervisor")):
        forfeit(
            session,
            cast.actor("supervisor"),
            place.id,
            Channel.VISIT,
            cast.person_ids["consultant1"],
            "没有问第一次来吗",
        )
    assert [who(cast, give("clerk")) for _ in range(2)] == ["supervisor", "consultant1"]
    assert (
        Counter(t.why for t in log(session))[Why.SPENT] == 1
    )  # the override used the next turn of 何涛; 林晓 lost his place at the head


def test_the_latest_act_is_taken_back_and_both_lines_stay(
    session: Session, cast: Cast, place: ReceptionPlace, give: Give
) -> None:
    first, second = give("clerk").id, give("clerk").id

    def back(login: str, turn: int, reason: str = "点错了") -> RotationTurn:
        with acting_as(cast.actor(login)):
            return take_back(session, cast.actor(login), turn, reason)

    for login, turn, reason, refusal in (
        ("clerk", first, "点错了", "最近一次"), ("consultant1", second, "点错了", "分配的同事"), ("clerk", second, " ", "写明原因"),
    ):  # fmt: skip
        with pytest.raises(RuleError, match=refusal):
            back(login, turn, reason)
    back("supervisor", second)
    assert line(session, cast, place) == ["consultant2", "supervisor", "consultant1"]
    assert len(log(session)) == 4
    with acting_as(SYSTEM):
        day = now().date()
        assert [s.new for s in shares(session, Asking(place.project_id, day, day))] == [1]
    with pytest.raises(RuleError, match="最近一次"):
        back("clerk", second)


def test_an_old_page_names_nobody_wrong(give: Give, cast: Cast) -> None:
    seen = give("clerk").act
    give("assistant")
    with pytest.raises(RuleError, match="刚有同事分配过，现在轮到 周敏"):
        give("clerk", seen=seen)


@pytest.mark.both_databases
def test_the_log_is_append_only(session: Session, give: Give) -> None:
    turn = give("clerk").id
    session.rollback()
    for statement in (
        update(RotationTurn.__table__).values(words="别的"),
        text(f"DELETE FROM rotation_turn WHERE id = {turn}"),
    ):
        with pytest.raises(DatabaseError, match="只能追加"):
            session.execute(statement)
        session.rollback()


@pytest.mark.both_databases
@pytest.mark.slow
def test_two_desks_never_give_the_same_turn_twice(
    app: Flask, database: str, session: Session, cast: Cast, place: ReceptionPlace
) -> None:
    """Six desks at once, the queue not even begun: nine visitors are dealt like cards."""
    desks = ["clerk", "assistant", "supervisor"] * 3
    actors, place_id = [cast.actor(login) for login in desks], place.id
    start, dealt, faults = threading.Barrier(len(actors)), [], []

    def desk(actor: Any) -> None:
        with app.app_context(), acting_as(actor):
            start.wait()
            try:
                turn = assign(db.session, actor, place_id, Channel.VISIT, Asked(Visitor.NEW))
                dealt.append((turn.act, turn.person_id))
            except Exception as error:  # noqa: BLE001 - told below
                faults.append(repr(error))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=desk, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert [act for act, _person in sorted(dealt)] == list(range(1, 10))
    assert [person for _act, person in sorted(dealt)] == [cast.person_ids[login] for login in QUEUE] * 3
    session.rollback()
    assert [t.why for t in log(session)].count(Why.OPENED) == 1


def test_a_fair_day_is_even(session: Session, cast: Cast, place: ReceptionPlace, give: Give, move: Move) -> None:
    for number in range(10):
        if number == 4:
            move("consultant1", Presence.BUSY)
        if number == 8:
            move("consultant1", Presence.PRESENT)
        give("clerk", Visitor.OLD if number % 5 == 0 else Visitor.NEW, "consultant2" if number % 5 == 0 else "")
    with acting_as(SYSTEM):
        day = now().date()
        found = shares(session, Asking(place.project_id, day, day, place.id, Channel.VISIT))
    assert spread(found) <= 1
    assert sum(s.new for s in found) == 8
    assert sum(s.old for s in found) == 2


def test_what_is_owed_at_night_is_served_first_in_the_morning(
    session: Session, cast: Cast, place: ReceptionPlace, give: Give, move: Move
) -> None:
    move("consultant1", Presence.ERRAND)
    assert who(cast, give("clerk")) == "consultant2"
    tomorrow, place_id = now() + timedelta(days=1), place.id
    for position, login in enumerate(("supervisor", "consultant2", "consultant1"), 1):
        entry = {
            "day": tomorrow.date(),
            "place_id": place_id,
            "person_id": cast.person_ids[login],
            "position": position,
        }
        saved(session, RotaEntry(project_id=cast.project_ids["a"], **entry))
    with travel(tomorrow):
        assert [give("clerk").why for _ in range(2)] == [Why.MAKEUP, Why.TURN]
        assert who(cast, log(session)[-2]) == "consultant1"


def test_a_day_is_planned_in_one_act(session: Session, cast: Cast, place: ReceptionPlace) -> None:
    hall = saved(session, ReceptionPlace(project_id=place.project_id, name="上海展厅"))
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        with pytest.raises(RuleError, match="没有可用的排班"):
            plan_day(session, clerk, hall.id, now().date(), like_before=True)
        assert plan_day(session, clerk, hall.id, now().date(), like_before=False) == 2
        with pytest.raises(RuleError, match="已经有排班"):
            plan_day(session, clerk, hall.id, now().date(), like_before=False)
