"""How is a home called? Building, section, floor and room as lists write them, brought to one notation (02 §2.4 房源)."""

from __future__ import annotations

import re
from functools import lru_cache

from app.kernel.cells import as_code
from app.kernel.errors import RuleError

_NO_SECTION = re.compile(r"^[-—–_/\\]*$|^无$|^0$")
_SECTION = re.compile(r"^第?(?P<front>单元)?(?P<name>.*?)(?:单元)?$")
_FLOOR = re.compile(r"^第?(?P<below>-|负|地下|B)?(?P<number>\d+|[一二三四五六七八九十]+)(?:层|楼|F)?$", re.IGNORECASE)
_ROOM_SUFFIX = re.compile(r"(?:号房|室|号|房|户)$")
_DASHED = re.compile(r"^(?P<floor>-?\d+)-(?P<position>\d{1,2})$")
_LED = re.compile(r"^[^-]+(?:-[^-]+)?-(?P<room>\d{3,4})$")
_DIGITS = "一二三四五六七八九"
_MAX_FLOOR = 200
_as_written_before = lru_cache(maxsize=8_192, typed=True)  # a table writes the same few names over and over


def chinese_count(text: str) -> int | None:
    """一 … 九十九 as a number, None for anything else."""
    found = re.fullmatch(rf"(?:([{_DIGITS}])?(十))?([{_DIGITS}])?", text)
    if not text or not found:
        return None
    tens = (_DIGITS.index(found[1]) + 1 if found[1] else 1) if found[2] else 0
    return tens * 10 + (_DIGITS.index(found[3]) + 1 if found[3] else 0)


@_as_written_before
def building_name(value: object) -> str:
    """«云栖里 １栋» → «云栖里1栋». Raises RuleError when blank."""
    name = as_code(value)
    if not name:
        raise RuleError("楼栋为空")
    return name


def building_place(name: str) -> tuple[int, int, str]:
    """Sort key of buildings as people count them: 1栋, 2栋, 10栋, then whatever carries no number (商业街, 地下车库)."""
    found = re.search(r"\d+", name)
    return (0, int(found[0]), name) if found else (1, 0, name)


@_as_written_before
def section_name(value: object) -> str:
    """«1单元», «一单元», 1.0 → «1»; «--», «无», blank, 0 → «» (the building has one entrance)."""
    code = as_code(value)
    found = _SECTION.match(code)
    name = found["name"] if found else code
    if _NO_SECTION.match(name):
        return ""
    number = chinese_count(name)
    if number is not None:
        return str(number)
    return str(int(name)) if name.isdecimal() else name.upper()


@_as_written_before
def floor_number(value: object) -> int | None:
    """«7», 7.0, «7层», «七层» → 7; «B1», «负一层» → -1; blank → None. Raises RuleError."""
    code = as_code(value)
    if not code:
        return None
    found = _FLOOR.match(code)
    number = (chinese_count(found["number"]) or int(found["number"])) if found else 0
    if not 0 < number <= _MAX_FLOOR or not found:
        raise RuleError("“{text}”不是楼层，请写成 7 或 -1", text=code)
    return -number if found["below"] else number


@_as_written_before
def room_on_floor(value: object, floor: int | None) -> tuple[int, str]:
    """(floor, room) of a room cell: «701» and, on floor 7, «01», «1室», «7-01» all give (7, "701").

    Building or section numbers before the room («1-701», «10701» on floor 7) are dropped: they have columns of their
    own. Rooms with letters («701A», «商铺05») are kept as written. floor None takes the floor from the room. Raises RuleError
    when blank, when the floor cannot be told, and when the room names another floor than the floor column.
    """
    code = _ROOM_SUFFIX.sub("", as_code(value))
    if not code:
        raise RuleError("房号为空")
    own, position = _parts(code)
    on = own if floor is None else floor
    if on is None:
        raise RuleError("没有楼层，“{room}”看不出是哪一层", room=code)
    if own is not None and not _names_floor(code, own, on):
        raise RuleError("房号“{room}”看起来在 {own} 层，楼层列却是 {floor} 层", room=code, own=own, floor=on)
    return on, f"{on}{position}" if position else code


def full_name(building: str, section: str, room: str) -> str:
    """«云栖里1栋1单元701»; without a section «3栋1102»."""
    return f"{building}{section}单元{room}" if section else f"{building}{room}"


def position_name(value: object) -> str | None:
    """A column head of a matrix as the place on the floor: 1.0, «1», «01室» → «01»; None for any other head."""
    code = _ROOM_SUFFIX.sub("", as_code(value))
    return f"{int(code):02d}" if re.fullmatch(r"\d{1,2}", code) and int(code) else None


def _parts(code: str) -> tuple[int | None, str]:
    """(floor that the room names, two-digit position); (None, "") for a room that is kept as written."""
    if re.fullmatch(r"-?\d{3,}", code):
        return int(code[:-2]), code[-2:]
    if code.isdecimal():
        return None, f"{int(code):02d}"
    dashed = _DASHED.match(code)
    if dashed:
        return int(dashed["floor"]), f"{int(dashed['position']):02d}"
    led = _LED.match(code)
    return _parts(led["room"]) if led else (None, "")


def _names_floor(code: str, own: int, floor: int) -> bool:
    """Whether the floor that the room names is this one, read generously: «10701» on 7, «101» below ground on -1."""
    return own in (floor, abs(floor)) or (own > _MAX_FLOOR // 2 and code[-4:-2] == f"{floor:02d}")
