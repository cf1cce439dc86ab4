"""What follows when units come in: one 录入单 for each import, generation or correction, checked by the site manager."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session, object_session

from app.features.organisation.models import Project
from app.features.units.effects import locked_unit
from app.features.units.entries.rules import NewRoom
from app.features.units.models import Building, EntryKind, PricingBasis, Product, Unit, UnitEntry, UnitState, UnitType
from app.kernel.actors import Actor
from app.kernel.approval.kinds import Need
from app.kernel.base import declared_fields
from app.kernel.errors import Forbidden, NotFound, RuleError
from app.kernel.many_records import insert_many
from app.kernel.notices import NoticeKind, notify_posts
from app.kernel.numbering import next_number
from app.kernel.posts import Post
from app.kernel.states import Choice
from app.kernel.transactions import write
from app.kernel.workflow import Act, as_step, fire

EDITORS = frozenset({Post.CLERK, Post.SALES_ADMIN})
NOT_FACTS = frozenset({"confirmed", "entry_id", "full_name", "updated_at", "updated_by"})  # follow from the facts


def entry_need(session: Session, entry: UnitEntry) -> Need:
    """The site manager checks what came in."""
    return Need(
        summary=f"{entry.kind.label} {entry.units_count} 套，建筑面积 {entry.building_area} ㎡。{entry.summary}"[:500]
    )


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
        url=f"/unit-entry/show/{entry.id}",
        kind=NoticeKind.APPROVAL,
        outside=f"房源{entry.kind.label}已核准",
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


def open_entry(
    session: Any,
    actor: Actor,
    project_id: int,
    units: Sequence[Unit],
    origin: EntryOrigin,
    new: Sequence[dict[str, Any]] = (),
) -> UnitEntry:
    """Bind units to a new entry and submit it to the site manager. Joins the caller's write transaction.

    units: unsaved or stored units of the project; they lose their confirmation until the entry is approved. new: the values
    of further units, written all at once (an import brings thousands).
    """
    facts = [(unit.building_area, unit.inner_area, unit.filed_total) for unit in units]
    facts += [(row["building_area"], row["inner_area"], row["filed_total"]) for row in new]
    filed = [total for _area, _inner, total in facts if total is not None]
    entry = UnitEntry(
        project_id=project_id,
        kind=origin.kind,
        file_name=origin.file_name[:200],
        file_digest=origin.file_digest,
        units_count=len(facts),
        building_area=sum((area for area, _inner, _total in facts), Decimal(0)),
        inner_area=sum((inner for _area, inner, _total in facts), Decimal(0)),
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
        insert_many(session, Unit, [{**row, "project_id": project_id, "entry_id": entry.id} for row in new])
    fire(session, entry, "submit", actor, internal=actor.system)
    return entry


def generate(
    session: Any, actor: Actor, building_id: int, rooms: Iterable[NewRoom], product: Product, basis: PricingBasis
) -> UnitEntry:
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


def _room(
    room: NewRoom, building: Building, types: Mapping[str, UnitType], product: Product, basis: PricingBasis
) -> Unit:
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


def register_correction(session: Any, actor: Actor, unit: Unit) -> UnitEntry | None:
    """Facts of a unit that is still 未推 were changed (unsaved): the site manager checks them before it may be released.

    None when nothing differs. Raises RuleError when the unit is on sale already, Forbidden for other posts.
    """
    may_edit_units(actor, unit.project_id)
    changed = pending_changes(unit)
    if not changed:
        return None
    refuse_released(unit)
    words = "；".join(f"{label} {before}→{after}" for label, (before, after) in changed.items())
    origin = EntryOrigin(EntryKind.CORRECTED, f"{unit.full_name}：{words}", details={unit.full_name: changed})
    return open_entry(session, actor, unit.project_id, [unit], origin)


def set_facts(
    session: Any, actor: Actor, project_id: int, units: Sequence[Unit], values: Mapping[str, Any]
) -> UnitEntry:
    """The same facts for many units that are still 未推 (permit, mortgage): one entry for the site manager; all or none.

    Raises RuleError when a unit is on sale or nothing changes.
    """

    def work() -> UnitEntry:
        may_edit_units(actor, project_id)
        changed: dict[str, dict[str, tuple[str, str]]] = {}
        fresh = [locked_unit(session, unit.id, actor) for unit in sorted(units, key=lambda unit: unit.id)]
        with as_step(session), session.no_autoflush:
            for unit in fresh:
                refuse_released(unit)
                for name, value in values.items():
                    setattr(unit, name, value)
                if found := pending_changes(unit):
                    changed[unit.full_name] = found
        touched = [unit for unit in fresh if unit.full_name in changed]
        if not touched:
            raise RuleError("这些房源本来就是这样，没有改动")
        labels = "、".join(dict.fromkeys(label for found in changed.values() for label in found))
        summary = f"{labels}：{touched[0].full_name} 等 {len(touched)} 套"
        return open_entry(
            session, actor, project_id, touched, EntryOrigin(EntryKind.CORRECTED, summary, details=changed)
        )

    return write(session, work)


def pending_changes(unit: Unit) -> dict[str, tuple[str, str]]:
    """Label → (before, after) in words, of the declared facts of a stored unit that wait to be saved."""
    found: dict[str, tuple[str, str]] = {}
    for name, facts in declared_fields(Unit):
        past: Any = inspect(unit).attrs[name].history
        if name in NOT_FACTS or not past.has_changes():
            continue
        before = past.deleted[0] if past.deleted else None
        found[facts.label] = (_word(unit, name, before), _word(unit, name, getattr(unit, name)))
    return found


def refuse_released(unit: Unit) -> None:
    """Only a unit that is 未推 may be changed (07). Raises RuleError."""
    if unit.state is not UnitState.WAIT:
        raise RuleError("{unit} 已推出，房源资料不能再直接修改", unit=unit.full_name)


def _word(unit: Unit, name: str, value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    session, relation = object_session(unit), inspect(Unit).relationships.get(name.removesuffix("_id"))
    if name.endswith("_id") and relation is not None and session is not None:
        return str(session.get(relation.mapper.class_, value))
    return value.label if isinstance(value, Choice) else str(value)
