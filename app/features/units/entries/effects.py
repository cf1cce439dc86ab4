"""What follows when units come in: one 录入单 for each import, generation or correction, checked by the site manager."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.organisation.models import Project
from app.features.units.effects import locked_unit
from app.features.units.entries.models import EntryKind, UnitEntry
from app.features.units.entries.rules import NewRoom
from app.features.units.models import Building, PricingBasis, Product, Unit, UnitState, UnitType
from app.kernel.actors import Actor
from app.kernel.approval.kinds import Need
from app.kernel.base import facts_of
from app.kernel.errors import Forbidden, NotFound, RuleError
from app.kernel.notices import notify_posts
from app.kernel.numbering import next_number
from app.kernel.posts import Post
from app.kernel.states import Choice
from app.kernel.transactions import write
from app.kernel.workflow import Act, as_step, fire

EDITORS = frozenset({Post.CLERK, Post.SALES_ADMIN})
CORRECTABLE = frozenset(
    {
        "section", "floor", "room", "product", "unit_type_id", "aspect", "view", "building_area", "inner_area", "balcony_area",
        "garden_area", "storey_height", "surveyed_area", "surveyed_inner", "pricing_basis", "finish", "finish_price",
        "attached_to_id", "permit_id", "mortgaged", "mortgage_consent_no", "mortgage_consent_on", "seized", "filed_unit_price",
        "filed_total",
    }
)  # fmt: skip


def entry_need(session: Session, entry: UnitEntry) -> Need:
    """The site manager checks what came in."""
    return Need(summary=f"{entry.kind.label} {entry.units_count} 套，建筑面积 {entry.building_area} ㎡。{entry.summary}"[:500])


def give_number(act: Act) -> None:
    """The number comes with the first submit."""
    entry = act.document
    if entry.number is None:
        code = act.session.get_one(Project, entry.project_id, execution_options={"unscoped": True}).code
        entry.number = next_number(act.session, entry.__number__, code, act.at.date())


def confirm_units(act: Act) -> None:
    """The units of the entry may be released; one corrected meanwhile waits for its own entry."""
    rows = act.session.scalars(
        select(Unit).where(Unit.entry_id == act.document.id).order_by(Unit.id), execution_options={"unscoped": True}
    )
    for unit in rows:
        unit.confirmed = True


def inform_developer(act: Act) -> None:
    """JFS is informed of every decision (07)."""
    entry = act.document
    notify_posts(
        act.session,
        (Post.DEVELOPER_SITE,),
        entry.project_id,
        f"知会：房源{entry.kind.label} {entry.units_count} 套已核准",
        body=entry.summary[:500],
        url="/units/?state=wait",
    )


def may_edit_units(actor: Actor, project_id: int) -> None:
    """Raises Forbidden for anybody but CLK and HQ of the project."""
    if not (actor.system or actor.holds(EDITORS, project_id)):
        raise Forbidden("录入房源")


@dataclass(frozen=True)
class EntryOrigin:
    """Where the units of an entry come from, for the site manager who checks it."""

    kind: EntryKind
    summary: str
    file_name: str = ""
    file_digest: str = ""
    details: Mapping[str, Any] | None = None


def open_entry(session: Any, actor: Actor, project_id: int, units: Sequence[Unit], origin: EntryOrigin) -> UnitEntry:
    """Bind units to a new entry and submit it to the site manager. Joins the caller's write transaction.

    units: unsaved or stored units of the project; they lose their confirmation until the entry is approved.
    """
    filed = [unit.filed_total for unit in units if unit.filed_total is not None]
    entry = UnitEntry(
        project_id=project_id,
        kind=origin.kind,
        file_name=origin.file_name[:200],
        file_digest=origin.file_digest,
        units_count=len(units),
        building_area=sum((unit.building_area for unit in units), Decimal(0)),
        inner_area=sum((unit.inner_area for unit in units), Decimal(0)),
        filed_total=sum(filed, Decimal(0)) if filed else None,
        summary=origin.summary,
        details=dict(origin.details or {}),
        created_by=actor.person_id,
    )
    with as_step(session):
        session.add(entry)
        session.flush()
        for unit in units:
            unit.entry_id, unit.confirmed = entry.id, False
        session.add_all(units)
        session.flush()
    fire(session, entry, "submit", actor, internal=actor.system)
    return entry


def generate(session: Any, actor: Actor, building_id: int, rooms: Iterable[NewRoom], product: Product, basis: PricingBasis) -> UnitEntry:
    """Make the rooms of a building that do not exist yet, with the areas of their flat types; all or none.

    Raises RuleError for an unknown flat type, a place without type, or when every room exists already.
    """

    def work() -> UnitEntry:
        building = session.scalars(select(Building).where(Building.id == building_id)).first()
        if building is None:
            raise NotFound("building")
        may_edit_units(actor, building.project_id)
        types = {t.name: t for t in session.scalars(select(UnitType).where(UnitType.project_id == building.project_id))}
        known = set(session.scalars(select(Unit.full_name).where(Unit.project_id == building.project_id)))
        units = [_room(room, building, types, product, basis) for room in rooms if room.full_name not in known]
        if not units:
            raise RuleError("这些房号都已存在，没有新房源")
        summary = f"{building.name} {units[0].full_name} 至 {units[-1].full_name}"
        return open_entry(session, actor, building.project_id, units, EntryOrigin(EntryKind.GENERATED, summary))

    return write(session, work)


def _room(room: NewRoom, building: Building, types: Mapping[str, UnitType], product: Product, basis: PricingBasis) -> Unit:
    kind = types.get(room.position.unit_type)
    if kind is None:
        raise RuleError(
            "位置 {place} 的户型「{name}」还没有建立，请先在户型里登记面积", field="positions", place=room.position.number,
            name=room.position.unit_type or "—",
        )  # fmt: skip
    return Unit(
        project_id=building.project_id,
        building_id=building.id,
        section=room.section,
        floor=room.floor,
        room=room.room,
        full_name=room.full_name,
        product=product,
        unit_type_id=kind.id,
        aspect=room.position.aspect,
        building_area=kind.building_area,
        inner_area=kind.inner_area,
        pricing_basis=basis,
        permit_id=building.permit_id,
        entry_id=None,
    )


def correct(session: Any, actor: Actor, unit_id: int, values: Mapping[str, Any], why: str = "") -> UnitEntry:
    """Change facts of a unit that is still 未推; the site manager checks the change before the unit may be released.

    values: attribute → new value, of CORRECTABLE. Raises RuleError when the unit is on sale or nothing changes.
    """

    def work() -> UnitEntry:
        unit = locked_unit(session, unit_id, actor)
        may_edit_units(actor, unit.project_id)
        changed = changes_of(unit, values)
        if not changed:
            raise RuleError("没有改动，不需要提交")
        with as_step(session):
            apply_changes(unit, {name: values[name] for name in changed})
        words = "；".join(f"{facts_of(Unit, name).label} {before}→{after}" for name, (before, after) in changed.items())
        summary = f"{unit.full_name}：{why or words}"
        return open_entry(
            session, actor, unit.project_id, [unit], EntryOrigin(EntryKind.CORRECTED, summary, details={unit.full_name: changed})
        )

    return write(session, work)


def changes_of(unit: Unit, values: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Attribute → (before, after) as plain text, of what differs. Raises ValueError for a fact that is not corrected."""
    unknown = values.keys() - CORRECTABLE
    if unknown:
        raise ValueError(f"not corrected by hand: {sorted(unknown)}")
    pairs = {name: (getattr(unit, name), value) for name, value in values.items()}
    return {name: (_word(before), _word(after)) for name, (before, after) in pairs.items() if before != after}


def _word(value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.label if isinstance(value, Choice) else str(value)


def apply_changes(unit: Unit, values: Mapping[str, Any]) -> None:
    """Write corrected facts; only a unit that is 未推 may change (07). Raises RuleError."""
    if unit.state is not UnitState.WAIT:
        raise RuleError("{unit} 已推出，房源资料不能再直接修改", unit=unit.full_name)
    for name, value in values.items():
        setattr(unit, name, value)
