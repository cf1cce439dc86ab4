"""The board over HTTP: page, 304, changed cells, drawer, what consultants may not learn (04 F4, 02 §2.2.1)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from app.extensions import db
from app.features.units.effects import take, touch
from app.features.units.models import Unit
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.transactions import write
from app.kernel.workflow import fire
from tests.features.units.makers import FOR_SALE, home_of, house, read, released, unit, unit_type


def version_of(html: str) -> str:
    return re.search(r'data-version="([^"]+)"', html)[1]


def cells_in(html: str) -> list[str]:
    return re.findall(r'aria-label="([^"]+)" tabindex', html)


def poll(client, one, version, **query):
    return client.get(
        "/board/cells", query_string={"building": one.building_id, **query}, headers={"If-None-Match": f'"{version}"'}
    )


def hold(cast, one):
    with acting_as(SYSTEM):
        fire(cast.session, one, "hold", SYSTEM, internal=True, held_for="王总", until=now() + timedelta(hours=5))


def test_the_board_draws_every_unit_of_the_building(cast, client_as):
    one, _two = house(cast, "1102", "1103")
    unit(cast, home_of(cast, one), "1202")
    page = client_as("consultant1").get("/board").get_data(as_text=True)
    assert cells_in(page) == ["1单元1202 未推", "1单元1102 可售 114.6万", "1单元1103 可售 114.6万"]
    assert "推出 2 套" in page
    assert "0.00 %" in page


def test_an_unchanged_board_answers_304_and_a_change_sends_only_its_cell(cast, client_as):
    one, two = house(cast, "1102", "1103")
    later = now() + timedelta(seconds=70)
    client = client_as("consultant1")
    version = version_of(client.get("/board").get_data(as_text=True))
    assert poll(client, one, version).status_code == 304
    who = cast.actor("consultant2")
    with acting_as(who), _clock(later):
        take(cast.session, one.id, who, None, 7)
    answer = poll(client, one, _seen_late(version))
    assert answer.status_code == 200
    html = answer.get_data(as_text=True)
    assert [label.split(" ")[:2] for label in cells_in(html)] == [["1单元1102", "锁定"]]
    assert "data-gone" not in html
    assert poll(client, one, version_of(html)).status_code == 304
    assert two.id != one.id


def _clock(moment):
    from contextlib import contextmanager

    from app.kernel.base import clock

    @contextmanager
    def told():
        token = clock.set(lambda: moment)
        try:
            yield
        finally:
            clock.reset(token)

    return told()


def _seen_late(version: str) -> str:
    """The same version as a page that has been open for two minutes without news would send it."""
    head, _at, moment = version.partition("@")
    return f"{head}@{int(moment) + 65}"


def test_touch_redraws_a_unit(cast, client_as):
    (one,) = house(cast, "1102")
    client = client_as("supervisor")
    version = version_of(client.get("/board").get_data(as_text=True))
    with acting_as(SYSTEM):
        write(cast.session, lambda: touch(cast.session, [one.id]))
    assert poll(client, one, version).status_code == 200


def test_a_new_unit_or_another_person_asks_for_the_whole_page(cast, client_as):
    (one,) = house(cast, "1102")
    client = client_as("supervisor")
    version = version_of(client.get("/board").get_data(as_text=True))
    assert "data-gone" in poll(client_as("consultant1"), one, version).get_data(as_text=True)
    unit(cast, home_of(cast, one), "1202")
    assert "data-gone" in poll(client, one, version).get_data(as_text=True)


def test_odd_versions_and_filters_are_no_errors(cast, client_as):
    (one,) = house(cast, "1102")
    client = client_as("supervisor")
    for version in ("", "x", "a.b.c@d", "..@99999999999999999999", "1.2.3@-5"):
        assert poll(client, one, version).status_code == 200
    for query in ("type=abc", "price=zzz", "mine=2", "building=" + str(one.building_id) + "&type=99999999999"):
        assert client.get(f"/board?{query}").status_code == 200


def test_the_filters_leave_other_units_out(cast, client_as):
    kind = unit_type(cast)
    one, _two = house(cast, "1102", "1103")
    with acting_as(SYSTEM):
        write(cast.session, lambda: setattr(cast.session.get(Unit, one.id), "unit_type_id", kind.id))
    client = client_as("consultant1")
    assert cells_in(client.get(f"/board?type={kind.id}").get_data(as_text=True)) == ["1单元1102 可售 114.6万"]
    assert len(cells_in(client.get("/board?price=100-120").get_data(as_text=True))) == 2
    assert cells_in(client.get("/board?price=120-150").get_data(as_text=True)) == []
    who = cast.actor("consultant1")
    with acting_as(who):
        take(cast.session, one.id, who, None, 7)
    assert [c.split(" ")[0] for c in cells_in(client.get("/board?mine=1").get_data(as_text=True))] == ["1单元1102"]


def test_another_projects_building_and_unit_are_not_found(cast, client_as):
    (one,) = house(cast, "1102")
    other = client_as("other_consultant")
    assert other.get(f"/board?building={one.building_id}").status_code in (200, 404)
    assert "1102" not in other.get("/board").get_data(as_text=True)
    house(cast, "0902", project="b")
    assert other.get(f"/board?building={one.building_id}").status_code == 404
    assert other.get(f"/board/unit/{one.id}").status_code == 404
    assert poll(other, one, "x").status_code == 404


def test_the_board_costs_few_statements_however_many_units(cast, client_as):
    building = home_of(cast, house(cast, "0101")[0])
    released(
        cast, building, *[f"{floor}0{place}" for floor in range(2, 6) for place in (1, 2)], permit_id=building.permit_id
    )
    client = client_as("consultant1")
    client.get("/board")
    seen: list[str] = []
    engine = db.engine

    def count(_conn, _cursor, statement, *_):
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        client.get("/board")
        page = list(seen)
        seen.clear()
        client.get("/board/cells", query_string={"building": building.id})
        cells = list(seen)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    board = re.compile(r"FROM (unit|building|unit_type)\b")
    assert sum(bool(board.search(s)) for s in page) == 3, page
    assert sum(bool(board.search(s)) for s in cells) == 3, cells
    assert len(page) <= 10, page  # with the sign-in (3) and what stands around every page (3)
    assert len(cells) <= 8, cells


def test_a_consultant_sees_a_held_unit_as_not_for_sale_and_nothing_more(cast, client_as, set_parameter):
    (one,) = house(cast, "1102")
    set_parameter("hold_cap_percent", "100")
    hold(cast, one)
    con = client_as("consultant1")
    board, drawer = (con.get(url).get_data(as_text=True) for url in ("/board", f"/board/unit/{one.id}"))
    for html in (board, drawer):
        assert "暂不可售" in html
        assert "保留" not in html
        assert "王总" not in html
    sup = client_as("supervisor").get(f"/board/unit/{one.id}").get_data(as_text=True)
    assert "保留" in sup
    assert "王*" in sup


@pytest.mark.parametrize(
    ("person", "sees"),
    [("consultant1", False), ("supervisor", False), ("clerk", False), ("site_manager", True), ("developer_lead", True)],
)
def test_the_floor_price_is_for_few(cast, client_as, person, sees):
    (one,) = house(cast, "1102")
    client = client_as(person)
    drawer = client.get(f"/board/unit/{one.id}").get_data(as_text=True)
    assert ("11,900.00" in drawer) is sees
    if person != "consultant1":
        for url in (f"/unit/show/{one.id}", "/unit/list/"):
            assert ("11,900.00" in client.get(url).get_data(as_text=True)) is sees, url


def test_consultants_have_the_board_but_no_list_of_units(cast, client_as):
    (one,) = house(cast, "1102")
    client = client_as("consultant1")
    assert client.get("/board").status_code == 200
    for url in ("/unit/list/", f"/unit/show/{one.id}", "/unit/list/export"):
        assert client.get(url).status_code in (302, 403, 404), url


def test_the_drawer_names_the_locker_only_within_the_team(cast, client_as):
    (one,) = house(cast, "1102")
    who = cast.actor("consultant2")
    with acting_as(who):
        take(cast.session, one.id, who, None, 7)
    own, other = (
        client_as(login).get(f"/board/unit/{one.id}").get_data(as_text=True) for login in ("supervisor2", "consultant1")
    )
    assert "何涛" in own
    assert "何涛" not in other
    assert "剩 30 分钟" in other


def test_an_unreleased_unit_shows_no_price(cast, client_as):
    one = unit(cast, home_of(cast, house(cast, "0901")[0]), "1102", **FOR_SALE)
    html = client_as("consultant1").get(f"/board/unit/{one.id}").get_data(as_text=True)
    assert "1,145,984.00" not in html
    assert "12,800.00" not in html
    assert read(cast, one).list_total is not None
