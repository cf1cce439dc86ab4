"""销控表 on the web: the page, its live cells, the drawer (look/tokens.md, 04 F4)."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import make_response, render_template, request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from app.extensions import db
from app.features.units.board import page as drawn
from app.features.units.board.drawer import drawer_page
from app.features.units.board.marks import mine
from app.features.units.board.reading import BoardBuilding, buildings_of, state_token_of, types_of, units_of
from app.features.units.board.rules import BoardUnit, grid_of, hash_of, shown_units, token_of
from app.features.units.board.view_of_actor import (
    Asked,
    asked,
    filters,
    has_mine,
    looks_at_team,
    reads_holds,
    view_digest,
)
from app.features.units.models import Building, Unit
from app.kernel.actors import Actor
from app.kernel.addresses import id_of
from app.kernel.base import now
from app.kernel.entrance import current_project_id, me
from app.kernel.errors import NotFound
from app.kernel.screens.board_page import BoardPage
from app.kernel.screens.parts import Crumb, Link
from app.kernel.screens.view import view_of
from app.kernel.sessions import quiet
from app.kernel.words import several

SLACK_SECONDS = 60  # a writer may commit that much later than the moment it stamped on the unit


quiet("BoardView.cells")


class BoardView(BaseView):
    """The board of one building of the chosen project; whoever reads units reads it."""

    route_base = "/board"
    default_view = "show"
    posts: ClassVar = dict.fromkeys(("show", "menu_access"), Unit.audience.posts)

    @expose("")
    @has_access
    @permission_name("show")
    def show(self) -> Any:
        """The whole page."""
        actor = me()
        project_id = current_project_id()
        buildings = buildings_of(db.session(), project_id) if project_id else []
        if not buildings:
            return render_template("board.html", page=_empty(), title=_("销控表"))
        chosen = _chosen(buildings)
        return render_template(
            "board.html", page=_page(actor, chosen, buildings, asked(request.args)), title=_("销控表")
        )

    @expose("/cells")
    @has_access
    @permission_name("show")
    def cells(self) -> Response:
        """304 as long as nothing changed, else the cells changed since the version that the page has."""
        actor, ask = me(), asked(request.args)
        building_id, known = id_of(request.args.get("building")), request.headers.get("If-None-Match", "").strip('"')
        building = db.session.scalars(select(Building).where(Building.id == building_id)).first()
        if building is None:
            raise NotFound("building")
        version, _at, moment = known.partition("@")
        view, _dot, rest = version.partition(".")
        structure, _dot, state = rest.partition(".")
        same_view = view == view_digest(actor, building.project_id, ask)
        if same_view and state == state_token_of(db.session(), building.id):
            return Response(status=304)
        units = units_of(db.session(), building.id)
        own = mine(db.session(), actor, building.id, units)
        shown = shown_units(units, filters(ask, own))
        gone = not same_view or structure != hash_of(_order(shown))
        return _cells_answer(actor, building.project_id, ask, units, shown, own, gone, _since(moment))

    @expose("/unit/<int:unit_id>")
    @has_access
    @permission_name("show")
    def drawer(self, unit_id: int) -> Any:
        """What a click on a unit shows."""
        query = select(Unit).where(Unit.id == unit_id)
        query = query.options(
            *(joinedload(part) for part in (Unit.unit_type, Unit.permit, Unit.batch, Unit.attached_to))
        )
        unit = db.session.scalars(query).first()
        if unit is None:
            raise NotFound("unit")
        return render_template("board/drawer.html", drawer=drawer_page(db.session(), unit, me()))


def _chosen(buildings: list[BoardBuilding]) -> BoardBuilding:
    """The building of the address, else the first; a foreign or missing one is not found."""
    wanted = request.args.get("building", type=int)
    if wanted is None:
        return buildings[0]
    chosen = next((b for b in buildings if b.id == wanted), None)
    if chosen is None:
        raise NotFound("building")
    return chosen


def _order(shown: list[BoardUnit]) -> list[int]:
    return sorted(unit.id for unit in shown)


def _version(units: list[BoardUnit], shown: list[BoardUnit], actor: Actor, project_id: int, ask: Asked) -> str:
    return token_of(units, view_digest(actor, project_id, ask), _order(shown), now())


def _page(actor: Actor, building: BoardBuilding, buildings: list[BoardBuilding], ask: Asked) -> BoardPage:
    session, project_id = db.session(), building.project_id
    units, types = units_of(session, building.id), types_of(session, project_id)
    own, holds = mine(session, actor, building.id, units), reads_holds(actor, project_id)
    shown = shown_units(units, filters(ask, own))
    grid = grid_of(units)
    team = looks_at_team(actor, project_id)
    return BoardPage(
        title=_("销控表　%(building)s", building=building.name),
        buildings=drawn.building_choices(buildings, building.id, ask),
        sections=drawn.sections(grid, types),
        floors=drawn.floors(grid, {u.id for u in shown}, drawn.Wording.of(holds), own),
        legend=drawn.legend(units, holds),
        version=_version(units, shown, actor, project_id, ask),
        cells_url=drawn.address("/board/cells", building.id, ask),
        drawer_url="/board/unit/{id}",
        facts=drawn.facts(units),
        clock=f"{now():%H:%M:%S}",
        crumbs=(Crumb(several("房源")), Crumb(_("销控表"))),
        acts=tuple(_acts(actor, building)),
        filters=drawn.filter_fields(ask, types),
        mine_only=ask.mine_only if has_mine(actor, project_id) else None,
        mine_label=_("只看我组") if team else _("只看我的"),
        caption=_("%(building)s 销控表，%(count)s 套", building=building.name, count=len(units)),
    )


def _empty() -> BoardPage:
    return BoardPage(
        _("销控表"),
        (),
        (),
        (),
        (),
        "",
        "/board/cells",
        "/board/unit/{id}",
        crumbs=(Crumb(several("房源")), Crumb(_("销控表"))),
    )


def _acts(actor: Actor, building: BoardBuilding) -> list[Link]:
    view = view_of(Unit)
    if view is None or not actor.holds(view.exporters, building.project_id):
        return []
    return [Link(_("导出"), f"{view.list_url()}export?building_id={building.id}", icon="download")]


def _since(moment: str) -> int:
    """The second from which on a unit counts as changed; 0 = all cells."""
    return int(moment) - SLACK_SECONDS if moment.isascii() and moment.isdigit() and len(moment) < 12 else 0


def _cells_answer(
    actor: Actor,
    project_id: int,
    ask: Asked,
    units: list[BoardUnit],
    shown: list[BoardUnit],
    own: set[int],
    gone: bool,
    since: int,
) -> Response:
    holds = reads_holds(actor, project_id)
    words = drawn.Wording.of(holds)
    changed = [u for u in shown if int(u.updated_at.timestamp()) >= since]
    version = _version(units, shown, actor, project_id, ask)
    html = render_template(
        "board/cells.html",
        version=version,
        clock=f"{now():%H:%M:%S}",
        facts=drawn.facts(units),
        legend=drawn.legend(units, holds),
        cells=[drawn.cell(u, words, own) for u in changed],
        gone=gone,
    )
    answer = make_response(html)
    answer.set_etag(version)
    return answer
