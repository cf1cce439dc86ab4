"""设备: handed out with a signature, repaired, given back by leavers, written off by administration (S3.22)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.features.office.equipment.effects import with_leaver
from app.features.office.equipment.models import Equipment, EquipmentHolding, EquipmentRepair, EquipmentState
from app.features.organisation.models import Person
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.errors import Forbidden, RuleError
from app.kernel.notices import Notice
from app.kernel.workflow import legal_steps
from tests.features.office import store
from tests.features.office.store import step


def today(days: int = 0):
    return now().date() + timedelta(days=days)


def given_to(cast, login="consultant1", number="SB-001"):
    thing = step(
        cast, store.equipment(cast, number), "hand_out", "clerk", holder_id=cast.person_ids[login], place="前台"
    )
    return step(cast, thing, "sign", login)


def rows(cast, model):
    with acting_as(SYSTEM):
        return cast.session.scalars(select(model).order_by(model.id)).all()


def test_who_gets_it_signs_and_answers_for_it(cast):
    thing = step(
        cast, store.equipment(cast), "hand_out", "clerk", holder_id=cast.person_ids["consultant1"], place="前台"
    )
    assert (thing.state, thing.place) == (EquipmentState.WAITING, "前台")
    assert rows(cast, EquipmentHolding) == []
    for login in ("consultant2", "clerk"):
        with pytest.raises(Forbidden):
            step(cast, thing, "sign", login)
    assert step(cast, thing, "sign", "consultant1").state is EquipmentState.USED
    thing = step(cast, thing, "give_back", "clerk", condition="完好", place="库房")
    assert (thing.state, thing.holder_id, thing.place) == (EquipmentState.STORE, None, "库房")
    held = rows(cast, EquipmentHolding)[0]
    assert (held.person_id, held.until, held.condition) == (cast.person_ids["consultant1"], today(), "完好")


def test_what_stands_for_everybody_needs_no_signature(cast):
    thing = step(cast, store.equipment(cast), "place", "clerk", place="签约室")
    assert (thing.state, thing.holder_id, thing.place) == (EquipmentState.USED, None, "签约室")


def test_a_repair_is_kept_with_its_cost_and_the_holder_stays(cast):
    thing = step(
        cast, given_to(cast), "send_to_repair", "clerk", fault="屏幕不亮", vendor="江城电脑", sent_on=today(-3)
    )
    assert {s.name for s in legal_steps(thing, cast.actor("clerk"))} == {"repaired"}
    for day in (today(-4), today(1)):
        with pytest.raises(RuleError, match="修好日期应在送修日期"):
            step(cast, thing, "repaired", "clerk", done_on=day, cost=Decimal(0))
    thing = step(cast, thing, "repaired", "clerk", done_on=today(), cost=Decimal("260.00"))
    assert (thing.state, thing.holder_id) == (EquipmentState.USED, cast.person_ids["consultant1"])
    assert [(r.fault, r.cost) for r in rows(cast, EquipmentRepair)] == [("屏幕不亮", Decimal("260.00"))]


def test_what_nobody_uses_comes_back_to_the_store(cast):
    thing = step(
        cast, store.equipment(cast), "send_to_repair", "clerk", fault="卡纸", vendor="江城电脑", sent_on=today()
    )
    assert {s.name for s in legal_steps(thing, cast.actor("clerk"))} == {"repaired_to_store"}


def test_it_is_written_off_by_administration(cast):
    thing = step(cast, store.equipment(cast, price=Decimal(4200)), "scrap", "clerk", note="主板烧毁")
    with pytest.raises(Forbidden):
        store.decided(cast, thing, "supervisor")
    assert store.decided(cast, thing, "administration").state is EquipmentState.SCRAPPED


def test_a_leaver_is_told_to_the_keepers_and_stands_in_the_list(cast):
    thing = given_to(cast)
    given_to(cast, "assistant", "SB-002")
    with acting_as(SYSTEM):
        person = cast.session.get_one(Person, cast.person_ids["consultant1"])
    step(cast, person, "leave", "admin", last_day=today(5))
    with acting_as(SYSTEM):
        told = cast.session.scalars(select(Notice).where(Notice.url == "/equipment/list/?chip=leavers")).all()
        assert {note.person_id for note in told} == {cast.person_ids["clerk"], cast.person_ids["administration"]}
        assert told[0].title == f"林晓 {today(5)} 离职，名下设备 1 件待交回"
        assert cast.session.scalars(select(Equipment.id).where(with_leaver())).all() == [thing.id]


def test_pages_of_the_equipment(client_as, cast):
    thing = given_to(cast).id
    clerk = client_as("clerk")
    form = {"asset_number": "SB-009", "name": "打印机", "kind": "printer", "model": "M403", "owned_by": "公司"}
    assert clerk.post("/equipment/add", data=form).status_code == 302
    again = clerk.post("/equipment/add", data=form | {"name": "另一台"})
    assert "这个资产编号已经登记过" in again.get_data(as_text=True)
    assert "另一台" in again.get_data(as_text=True)
    assert "打印机 M403" in clerk.get("/equipment/list/").get_data(as_text=True)
    mine = client_as("consultant1").get("/equipment/list/?chip=mine").get_data(as_text=True)
    assert "笔记本电脑" in mine
    assert "打印机" not in mine
    page = clerk.get(f"/equipment/show/{thing}").get_data(as_text=True)
    assert "领用记录" in page
    assert "林晓" in page
