"""The board benchmark: F4 of 04 §0. The page of one building beside Jinja drawing the same cells from memory, and the polls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask, before_render_template
from sqlalchemy import insert, select

from app.extensions import db
from app.features.organisation.models import Project
from app.features.units.models import Building, Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.transactions import write
from benchmarks.measuring import Timing, side_by_side, timed
from benchmarks.sites import Say, signed_in, site_with

READER = "site_manager"
STATES = (UnitState.FREE, UnitState.FREE, UnitState.HOLD, UnitState.ORDER, UnitState.SIGN)
A_FLOOR, SECTIONS = 10, 2
MOST = 2.0
CELLS_ALONE = """{%- from "macros/board.html" import cell -%}
<table>{% for r in page.floors %}<tr><th>{{ r.floor }}</th>{% for cells in r.sections %}{% for c in cells %}<td>{% if c %}{{ cell(c) }}{% endif %}</td>
{%- endfor %}{% endfor %}</tr>{% endfor %}</table>"""


def run(folder: Path, database: str, homes: int, buildings: int, say: Say) -> list[str]:
    """The lines of the report."""
    with site_with(folder, database, 0, say) as app:
        building = build(homes, buildings)[0]
        client = signed_in(app, READER)
        address = f"/board?building={building}"
        drawn = _page_of(app, client, address)
        alone = app.jinja_env.from_string(CELLS_ALONE)
        ours, floor = side_by_side(lambda: timed(lambda: _asked(client, address)), lambda: _alone(app, alone, drawn))
        poll = _poll_of(client, building, drawn)
        (still,) = side_by_side(lambda: timed(poll))
    ratio = ours.wall / floor.wall
    return [
        f"- 整页，{homes:,} 套（全项目 {homes * buildings:,} 套）：{ours.wall:.1f} 毫秒（处理器 {ours.cpu:.1f}）",
        f"- 只用 Jinja 画同样的格子：{floor.wall:.1f} 毫秒（处理器 {floor.cpu:.1f}）",
        f"- 倍数 {ratio:.2f}（处理器 {ours.cpu / floor.cpu:.2f}）；要求：≤ {MOST:g} 倍 {'✓' if ratio <= MOST else '✗'}",
        f"- 没有变化时的一次轮询（304）：{still.wall:.2f} 毫秒（处理器 {still.cpu:.2f}），即每个进程每秒约 {1000 / still.wall:,.0f} 次",
    ]


def build(homes: int, buildings: int) -> list[int]:
    """Buildings of so many homes each in the first project; returns their ids."""

    def work() -> list[int]:
        project_id = db.session.scalars(select(Project.id).order_by(Project.id)).first()
        made = [
            Building(project_id=project_id, name=f"{90 + n}栋", floors=60, sections=SECTIONS) for n in range(buildings)
        ]
        db.session.add_all(made)
        db.session.flush()
        for building in made:
            db.session.execute(insert(Unit.__table__), [_home(building, n) for n in range(homes)])
        return [int(building.id) for building in made]

    with acting_as(SYSTEM):
        return write(db.session, work)


def _home(building: Building, n: int) -> dict[str, Any]:
    floor, place = divmod(n, A_FLOOR)
    section, position = divmod(place, A_FLOOR // SECTIONS)
    room = f"{floor + 1}{position + 1:02}"
    return {
        "project_id": building.project_id, "building_id": building.id, "section": str(section + 1), "floor": floor + 1, "room": room,
        "full_name": f"{building.name}{section + 1}单元{room}", "building_area": 128, "inner_area": 101,
        "list_total": 1_645_984 + 1_000 * n, "state": STATES[n % len(STATES)],
    }  # fmt: skip


def _asked(client: Any, address: str, **headers: str) -> Any:
    answer = client.get(address, headers=headers)
    if answer.status_code not in (200, 304):
        raise RuntimeError(f"{address}: {answer.status}")
    return answer


def _page_of(app: Flask, client: Any, address: str) -> Any:
    """The page model that the template was given."""
    seen: list[Any] = []

    def note(_app: Flask, context: dict[str, Any], **_more: Any) -> None:
        seen.append(context.get("page"))

    with before_render_template.connected_to(note, app):
        _asked(client, address)
    return seen[0]


def _alone(app: Flask, template: Any, page: Any) -> Timing:
    with app.test_request_context():
        return timed(lambda: template.render(page=page))


def _poll_of(client: Any, building: int, page: Any) -> Any:
    """What an open board asks once a second."""

    def poll() -> None:
        answer = _asked(client, f"/board/cells?building={building}", **{"If-None-Match": f'"{page.version}"'})
        if answer.status_code != 304:
            raise RuntimeError("the board is said to have changed")

    return poll
