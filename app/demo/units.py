"""Buildings, flat types and the homes of both projects, entered by the clerk and checked by the site manager; all 未推."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.demo.approvals import agree
from app.demo.world import World
from app.features.units.entries.effects import generate, set_facts
from app.features.units.entries.rules import NewRoom, generated_rooms, read_floors, read_positions, read_sections
from app.features.units.home_names import full_name
from app.features.units.models import Building, PricingBasis, Product, Unit, UnitEntry, UnitType, Works
from app.kernel.transactions import write

CLERKS = {"JPYL": ("clerk", "site_manager"), "CH1": ("other_clerk", "other_site_manager")}
TYPES = {
    "JPYL": (
        ("A", "四房两厅两卫", "128.60", "101.02"),
        ("B", "三房两厅两卫", "89.53", "70.12"),
        ("C", "三房两厅两卫", "108.20", "84.74"),
        ("S", "临街商铺", "56.40", "48.10"),
        ("P", "标准车位", "12.72", "12.72"),
    ),
    "CH1": (("A", "四房两厅两卫", "132.50", "104.30"), ("B", "三房两厅一卫", "92.16", "72.05")),
}
FOUR = "01 A 南北\n02 B 南\n03 B 南\n04 C 南北"
THREE = "01 A 南北\n02 B 南\n03 C 南北"
SHOPS = "\n".join(f"{place:02d} S 南" for place in range(1, 17))
PLACES = "\n".join(f"{place:02d} P" for place in range(1, 61))
FITTED = ("2栋1单元1803", "2栋1单元1003")
# project, building, permit, works, sections, first and last floor, places on a floor, product, entered days ago
HOUSES: tuple[tuple[str, str, str, Works, str, int, int, str, Product, int], ...] = (
    ("JPYL", "1栋", "first", Works.DONE, "1 2", 1, 11, FOUR, Product.HIGH_RISE, 298),
    ("JPYL", "2栋", "main", Works.TOPPED, "1 2", 1, 18, THREE, Product.HIGH_RISE, 297),
    ("JPYL", "3栋", "main", Works.TOPPED, "1 2", 1, 18, FOUR, Product.HIGH_RISE, 297),
    ("JPYL", "5栋", "third", Works.BUILDING, "1 2", 1, 16, THREE, Product.HIGH_RISE, 110),
    ("JPYL", "6栋", "third", Works.BUILDING, "1", 1, 16, FOUR, Product.HIGH_RISE, 110),
    ("JPYL", "7栋", "third", Works.BUILDING, "1", 1, 11, FOUR, Product.HIGH_RISE, 109),
    ("JPYL", "商业街", "main", Works.TOPPED, "", 1, 1, SHOPS, Product.SHOP, 296),
    ("JPYL", "地下车库", "main", Works.TOPPED, "", -1, -1, PLACES, Product.PARKING, 296),
    ("CH1", "1栋", "other", Works.TOPPED, "1", 1, 11, "01 A 南北\n02 B 南\n03 B 南", Product.HIGH_RISE, 238),
    ("CH1", "2栋", "other", Works.BUILDING, "1", 1, 9, "01 A 南北\n02 B 南", Product.LOW_RISE, 238),
)


def load(session: Any, world: World) -> None:
    """Types first, then house by house; the high floors of 3栋 come under their own permit twelve days ago."""
    for code in CLERKS:
        _types(session, world, code)
    for position, house in enumerate(HOUSES, 1):
        _house(session, world, position, house)
    _high_floors(session, world)
    _fitted(session, world)


def _types(session: Any, world: World, code: str) -> None:
    with world.acting(CLERKS[code][0], world.at(299, 9)):

        def work() -> None:
            for name, layout, area, inner in TYPES[code]:
                session.add(
                    UnitType(
                        project_id=world.projects[code].id,
                        name=name,
                        layout=layout,
                        building_area=Decimal(area),
                        inner_area=Decimal(inner),
                    )
                )

        write(session, work)


def _house(session: Any, world: World, position: int, house: tuple[Any, ...]) -> None:
    code, name, permit, works, sections, low, high, places, product, ago = house
    clerk, manager = CLERKS[code]
    read_in = read_sections(sections)
    with world.acting(clerk, world.at(ago, 10)) as who:
        building = Building(
            project_id=world.projects[code].id, name=name, permit_id=world.permits[permit].id, floors=max(high, 1),
            sections=len(read_in), works=works, position=position,
        )  # fmt: skip
        write(session, lambda: session.add(building))
        rooms = generated_rooms(name, read_in, read_floors(low, high, ""), read_positions(places))
        if product is Product.PARKING:
            rooms = [_place(name, number, room) for number, room in enumerate(rooms, 1)]
        basis = PricingBasis.WHOLE if product is Product.PARKING else PricingBasis.BUILDING_AREA
        entry = generate(session, who, building.id, rooms, product, basis)
    _check(session, world, entry, manager, ago)


def _place(garage: str, number: int, room: NewRoom) -> NewRoom:
    """Parking places have numbers of their own: «地下车库B1-007»."""
    name = f"B1-{number:03d}"
    return replace(room, room=name, full_name=full_name(garage, "", name))


def _check(session: Any, world: World, entry: UnitEntry, manager: str, ago: int) -> None:
    agree(session, world, entry, manager, world.at(ago, 15, 20), "已与楼书、测绘面积核对一致")


def _fitted(session: Any, world: World) -> None:
    """Two homes of 2栋 are sold fitted out: 装修款 is a line of their orders."""
    clerk, manager = CLERKS["JPYL"]
    project_id = world.projects["JPYL"].id
    with world.acting(clerk, world.at(290, 9, 30)) as who:
        query = select(Unit).where(Unit.project_id == project_id, Unit.full_name.in_(FITTED))
        facts = {"finish": "精装交付", "finish_price": Decimal(158_000)}
        entry = set_facts(session, who, project_id, session.scalars(query).all(), facts)
    _check(session, world, entry, manager, 290)


def _high_floors(session: Any, world: World) -> None:
    clerk, manager = CLERKS["JPYL"]
    with world.acting(clerk, world.at(12, 8, 40)) as who:
        query = (
            select(Unit).join(Building, Building.id == Unit.building_id).where(Building.name == "3栋", Unit.floor >= 17)
        )
        units = session.scalars(query.where(Unit.project_id == world.projects["JPYL"].id)).all()
        entry = set_facts(session, who, world.projects["JPYL"].id, units, {"permit_id": world.permits["top"].id})
    _check(session, world, entry, manager, 12)
