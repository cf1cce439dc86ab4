"""Which rooms does a batch generation make? 楼栋 → floors × sections × places, with a flat type per place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.features.units.home_names import floor_number, full_name, position_name, section_name
from app.kernel.errors import RuleError

MAX_GENERATED = 2_000


@dataclass(frozen=True)
class Position:
    """A place on every floor: «01», its flat type, its aspect."""

    number: str
    unit_type: str = ""
    aspect: str = ""


@dataclass(frozen=True)
class NewRoom:
    """One room that a generation makes."""

    section: str
    floor: int
    room: str
    full_name: str
    position: Position


def read_positions(text: str) -> list[Position]:
    """Lines «01 A 南北» (place, flat type, aspect) as positions. Raises RuleError naming the line."""
    found: list[Position] = []
    for count, line in enumerate(filter(str.strip, text.splitlines()), 1):
        parts = line.split()
        number = position_name(parts[0])
        if number is None or len(parts) > 3:
            raise RuleError(
                "第 {count} 行「{line}」看不懂，请写成「位置 户型 朝向」，例如「01 A 南北」",
                field="positions",
                count=count,
                line=line.strip(),
            )
        if any(number == each.number for each in found):
            raise RuleError("位置 {number} 写了两次", field="positions", number=number)
        found.append(Position(number, *parts[1:]))
    if not found:
        raise RuleError("请至少写一个位置，例如「01 A 南北」", field="positions")
    return found


def read_sections(text: str) -> list[str]:
    """«1 2» or «一单元、二单元» as sections; blank = one building without sections. Raises RuleError for a repetition."""
    names = [section_name(part) for part in text.replace("、", " ").replace("，", " ").replace(",", " ").split()] or [
        ""
    ]
    if len(set(names)) != len(names):
        raise RuleError("单元写重了", field="sections")
    return names


def read_floors(first: int, last: int, left_out: str) -> list[int]:
    """Floors first…last without those left out («4、14») and without 0. Raises RuleError."""
    if first > last:
        raise RuleError("起始楼层不能高于终止楼层", field="first_floor")
    skipped = {floor_number(part) for part in left_out.replace("、", " ").replace("，", " ").replace(",", " ").split()}
    return [floor for floor in range(first, last + 1) if floor != 0 and floor not in skipped]


def generated_rooms(
    building: str, sections: Sequence[str], floors: Sequence[int], positions: Sequence[Position]
) -> list[NewRoom]:
    """Sections × floors × positions as rooms, floor by floor: floor 11, place 02 → «1102». Raises RuleError beyond 2,000."""
    count = len(sections) * len(floors) * len(positions)
    if count > MAX_GENERATED:
        raise RuleError("一次最多生成 {limit} 套，现在是 {count} 套，请分次生成", limit=MAX_GENERATED, count=count)
    rooms: list[NewRoom] = []
    for section in sections:
        for floor in floors:
            for position in positions:
                room = f"{floor}{position.number}"
                rooms.append(NewRoom(section, floor, room, full_name(building, section, room), position))
    return rooms
