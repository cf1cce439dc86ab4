"""Entering and correcting units over HTTP; lists, export, history keep what is not for everybody (07 «房源»)."""

from __future__ import annotations

import io
import zipfile

import pytest
from sqlalchemy import select

from app.features.units.models import EntryKind, EntryState, ReleaseBatch, Unit, UnitEntry, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.errors import Forbidden
from app.kernel.workflow import fire
from tests.features.units.makers import FOR_SALE, building, home_of, house, permit, read, unit, unit_type

FORM = {
    "sections": "1、2", "first_floor": "2", "last_floor": "3", "left_out": "", "product": "high_rise", "basis": "building_area",
    "positions": "01 B 南北\n02 B 南",
}  # fmt: skip


def entries(cast):
    with acting_as(SYSTEM):
        cast.session.rollback()
        return cast.session.scalars(select(UnitEntry).order_by(UnitEntry.id)).all()


def test_generation_by_form(cast, client_as):
    unit_type(cast)
    home = building(cast)
    client = client_as("clerk")
    assert "批量生成" in client.get("/unit/list/").get_data(as_text=True)
    assert client.get("/unit-forms/generate").status_code == 200
    bad = client.post("/unit-forms/generate", data={**FORM, "building": str(home.id), "positions": "x B"})
    assert bad.status_code == 422
    assert "看不懂" in bad.get_data(as_text=True)
    good = client.post("/unit-forms/generate", data={**FORM, "building": str(home.id), "_key": "k"})
    assert good.status_code == 302
    again = client.post("/unit-forms/generate", data={**FORM, "building": str(home.id), "_key": "k"})
    assert again.headers["Location"] == good.headers["Location"]
    assert [e.units_count for e in entries(cast)] == [8]
    assert "8" in client.get(good.headers["Location"]).get_data(as_text=True)


@pytest.mark.parametrize("person", ["consultant1", "supervisor", "developer_site", "other_clerk"])
def test_others_generate_nothing(cast, client_as, person):
    home = building(cast)
    answer = client_as(person).post("/unit-forms/generate", data={**FORM, "building": str(home.id)})
    assert answer.status_code in (302, 403, 404, 422)
    with acting_as(SYSTEM):
        assert cast.session.scalars(select(Unit)).all() == []


def test_a_permit_for_many_units_at_once(cast, client_as):
    home = building(cast)
    units = [unit(cast, home, room, confirmed=True) for room in ("1101", "1102")]
    paper = permit(cast)
    client = client_as("clerk")
    assert client.post("/unit-forms/facts", data={"building": "3栋"}).status_code == 422
    done = client.post("/unit-forms/facts", data={"building": "3栋", "permit": str(paper.id)})
    assert done.status_code == 302
    assert {(read(cast, u).permit_id, read(cast, u).confirmed) for u in units} == {(paper.id, False)}
    assert "预售证/现售备案" in entries(cast)[0].summary
    assert entries(cast)[0].details["3栋1单元1101"]["预售证/现售备案"] == ["—", "预售 2026-058"]
    assert "没有改动" in client.post("/unit-forms/facts", data={"building": "3栋", "permit": str(paper.id)}).get_data(
        as_text=True
    )


def edit_form(client, one, **changes):
    page = client.get(f"/unit/edit/{one.id}")
    version = page.get_data(as_text=True).split('name="_version" value="')[1].split('"')[0]
    values = {
        "building_id": one.building_id, "section": one.section, "floor": one.floor, "room": one.room, "product": "high_rise",
        "building_area": one.building_area, "inner_area": one.inner_area, "pricing_basis": "building_area",
    }  # fmt: skip
    return client.post(f"/unit/edit/{one.id}", data={**values, "_version": version, **changes})


def test_a_correction_is_checked_by_the_site_manager_again(cast, client_as):
    one = unit(cast, building(cast), confirmed=True)
    client = client_as("clerk")
    assert edit_form(client, one, inner_area="71.00").status_code == 302
    (entry,) = entries(cast)
    assert (entry.kind, entry.state, entry.units_count) == (EntryKind.CORRECTED, EntryState.REVIEW, 1)
    assert "套内面积 70.12→71.00" in entry.summary
    assert read(cast, one).confirmed is False


def test_a_correction_that_changes_nothing_makes_no_paper(cast, client_as):
    one = unit(cast, building(cast), confirmed=True)
    assert edit_form(client_as("clerk"), one).status_code == 302
    assert entries(cast) == []
    assert read(cast, one).confirmed is True


def test_the_inner_area_is_not_larger_and_a_released_unit_is_not_edited(cast, client_as):
    one = unit(cast, building(cast), confirmed=True)
    client = client_as("clerk")
    refused = edit_form(client, one, inner_area="99")
    assert refused.status_code == 422
    assert "套内面积不能大于建筑面积" in refused.get_data(as_text=True)
    (sold,) = house(cast, "1202", project="b")
    assert sold.state is UnitState.FREE
    assert client_as("other_clerk").get(f"/unit/edit/{sold.id}").status_code == 403


def test_a_single_unit_by_form(cast, client_as):
    home = building(cast)
    data = {
        "building_id": str(home.id), "section": "1单元", "floor": "5", "room": "501", "product": "high_rise", "building_area": "89.53",
        "inner_area": "70.12", "pricing_basis": "building_area",
    }  # fmt: skip
    assert client_as("clerk").post("/unit/add", data=data).status_code == 302
    with acting_as(SYSTEM):
        made = cast.session.scalars(select(Unit)).one()
    assert (made.full_name, made.section, made.confirmed) == ("3栋1单元501", "1", False)
    again = client_as("clerk").post("/unit/add", data=data)
    assert again.status_code == 422
    assert [e.units_count for e in entries(cast)] == [1]


def test_the_export_obeys_the_readers_of_the_floor_price(cast, client_as):
    house(cast, "1102")

    def words(person):
        with zipfile.ZipFile(io.BytesIO(client_as(person).get("/unit/list/export").data)) as book:
            return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))

    assert "底价" not in words("supervisor")
    assert "11900" not in words("supervisor")
    assert "11900" in words("site_manager")


def test_jfs_notes_a_seizure_after_the_release(cast):
    (one,) = house(cast, "1102")
    for login, allowed in (("supervisor", False), ("developer_site", True)):
        who = cast.actor(login)
        with acting_as(who):
            if allowed:
                fire(cast.session, one, "seize", who, note="法院裁定")
            else:
                with pytest.raises(Forbidden):
                    fire(cast.session, one, "seize", who, note="x")
    assert read(cast, one).seized is True


def test_pages_of_every_paper_open(cast, client_as):
    (one,) = house(cast, "1102")
    client = client_as("supervisor")
    for url in (
        "/unit/list/", f"/unit/show/{one.id}", f"/building/show/{one.building_id}", "/release-batch/list/", "/release-batch/add",
        "/hold/list/", f"/hold/add?unit_id={one.id}", "/control-order/list/", "/control-order/add", "/unit-entry/list/", "/unit-type/list/",
    ):  # fmt: skip
        assert client.get(url).status_code == 200, url


def test_a_batch_by_its_pages(cast, client_as):
    home = home_of(cast, house(cast, "1102")[0])
    one = unit(cast, home, "1201", **FOR_SALE, permit_id=home.permit_id)
    client = client_as("supervisor")
    made = client.post(
        "/release-batch/add", data={"name": "第 2 批", "planned_on": now().date().isoformat(), "note": ""}
    )
    assert made.status_code == 302
    with acting_as(SYSTEM):
        batch = cast.session.scalars(select(ReleaseBatch)).one()
    assert (
        client.post(
            f"/release-batch/step/put_units/{batch.id}", data={"building": "3栋", "first_floor": "12"}
        ).status_code
        == 302
    )
    page = client.get(f"/release-batch/show/{batch.id}").get_data(as_text=True)
    assert one.full_name in page
    version = str(read(cast, batch).version)
    assert client.post(f"/release-batch/step/submit/{batch.id}", data={"_version": version}).status_code == 302
    assert read(cast, batch).state.value == "review"
    assert entries(cast) == []


def test_a_building_chosen_in_the_filter_is_that_building(cast, client_as):
    """«1» chosen from the list is the record with this id, not a piece of «10栋»."""
    first, tenth = building(cast, "3栋"), building(cast, "10栋")
    assert first.id == 1 and "1" in tenth.name
    unit(cast, first, "1102")
    unit(cast, tenth, "0901")
    page = client_as("supervisor").get("/unit/list/?building_id=1").get_data(as_text=True)
    assert "3栋1单元1102" in page
    assert "10栋1单元0901" not in page
