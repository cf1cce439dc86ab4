"""What can a price table bring in, and how is each sheet of it laid out? Proposed here, confirmed by a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.features.units.home_names import position_name
from app.kernel.cells import as_text
from app.kernel.errors import RuleError
from app.kernel.sheet_headers import HeadColumn, HeaderProposal, ImportField, checked_columns, find_header
from app.kernel.spreadsheets import Sheet

FIELDS = (
    ImportField("building", "楼栋", ("栋号", "幢号", "楼号", "幢", "栋", "楼栋号", "楼幢", "楼栋名称"), required=True),
    ImportField("section", "单元", ("单元号", "单元名称", "座号")),
    ImportField("floor", "楼层", ("层", "所在层", "所在楼层", "楼层号"), required=True),
    ImportField("room", "房号", ("室号", "房间号", "户号", "房源号", "单位号", "室"), required=True),
    ImportField("building_area", "建筑面积", ("建面", "预售建筑面积", "预测建筑面积", "销售面积"), required=True),
    ImportField(
        "inner_area", "套内面积", ("户内面积", "套内", "套内建筑面积", "户内建筑面积", "预测套内面积"), required=True
    ),
    ImportField(
        "unit_price",
        "单价",
        ("预售单价", "备案单价", "表价单价", "拟售单价", "销售单价", "建面单价", "建筑面积单价"),
        required=True,
    ),
    ImportField("total_price", "总价", ("预售总价", "备案总价", "表价总价", "总价款", "房屋总价", "销售总价")),
    ImportField("layout", "户型", ("房型", "户型名称")),
    ImportField("orientation", "朝向", ("房屋朝向",)),
    ImportField("product", "产品类型", ("物业类型", "业态", "房屋用途", "用途")),
)
LABELS = {each.key: each.label for each in FIELDS}


class Purpose(StrEnum):
    """Why the table is read: new homes need areas, a change of prices only names the homes."""

    NEW_UNITS = "new_units"
    PRICES = "prices"


class Layout(StrEnum):
    """One home a line, or a matrix of floors × positions holding one kind of price."""

    LIST = "list"
    UNIT_PRICES = "unit_prices"
    TOTAL_PRICES = "total_prices"
    UNKNOWN_MATRIX = "unknown_matrix"


@dataclass(frozen=True)
class SheetMapping:
    """How one sheet is read: header rows first…last (from 0), columns {index: field key}, positions {index: "01"}.

    heads are all columns for the screen; guesses, ambiguous and repeated positions wait for a person's choice.
    """

    sheet: str
    layout: Layout
    first: int
    last: int
    columns: dict[int, str]
    positions: dict[int, str] = field(default_factory=dict)
    heads: tuple[HeadColumn, ...] = ()
    guesses: dict[int, str] = field(default_factory=dict)
    ambiguous: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def column_of(self, key: str) -> int | None:
        """The column that fills the field, None when none does."""
        return next((index for index, filled in self.columns.items() if filled == key), None)

    def missing(self, purpose: Purpose) -> tuple[str, ...]:
        """Keys of fields that this purpose needs and no column fills (ambiguous ones count as missing)."""
        have = set(self.columns.values())
        needed = ["building", "floor"] if self.layout != Layout.LIST else ["building", "room"]
        if self.layout == Layout.LIST:
            if purpose == Purpose.NEW_UNITS:
                needed += ["building_area", "inner_area"]
            if not have & {"unit_price", "total_price"}:
                needed.append("unit_price")
        return tuple(key for key in needed if key not in have)


@dataclass(frozen=True)
class Proposal:
    """The sheets that hold homes, and those left aside: (sheet name, reason)."""

    mappings: tuple[SheetMapping, ...]
    ignored: tuple[tuple[str, str], ...]


def propose(sheets: Sequence[Sheet]) -> Proposal:
    """The mapping of every sheet with a header that names homes; hidden sheets and others are listed as ignored."""
    mappings: list[SheetMapping] = []
    ignored: list[tuple[str, str]] = []
    for sheet in sheets:
        header = None if sheet.hidden else find_header(sheet, FIELDS)
        if sheet.hidden:
            ignored.append((sheet.name, "它是隐藏的，要导入请先取消隐藏"))
        elif header is None:
            ignored.append((sheet.name, "没有认出表头"))
        else:
            mappings.append(_mapping(sheet, header))
    if any(mapping.layout == Layout.LIST for mapping in mappings):
        matrices = [mapping for mapping in mappings if mapping.layout != Layout.LIST]
        ignored += [(mapping.sheet, "同一文件里已有逐户清单，矩阵表不重复读取") for mapping in matrices]
        mappings = [mapping for mapping in mappings if mapping.layout == Layout.LIST]
    return Proposal(tuple(mappings), tuple(ignored))


def confirmed(mapping: SheetMapping, columns: dict[int, str], layout: Layout | None = None) -> SheetMapping:
    """The mapping with the columns (and the kind of matrix) that a person chose. Raises RuleError for a wrong choice."""
    known = {head.index for head in mapping.heads}
    if any(index not in known for index in columns):
        raise RuleError("所选的列不在表头里，请重新选择。", field="mapping")
    chosen = checked_columns(columns, FIELDS)
    positions = {index: name for index, name in mapping.positions.items() if index not in chosen}
    return SheetMapping(
        mapping.sheet, layout or mapping.layout, mapping.first, mapping.last, chosen, positions, mapping.heads
    )


def _mapping(sheet: Sheet, header: HeaderProposal) -> SheetMapping:
    found = {head.index: position_name(head.text) for head in header.heads if head.index not in header.columns}
    positions = {index: name for index, name in found.items() if name}
    taken = {*header.columns.values(), *header.ambiguous}
    is_matrix = bool(positions) and "floor" in header.columns.values() and "room" not in taken
    return SheetMapping(
        sheet=sheet.name,
        layout=_kind_of_matrix(sheet, header.first) if is_matrix else Layout.LIST,
        first=header.first,
        last=header.last,
        columns=header.columns,
        positions=positions if is_matrix else {},
        heads=header.heads,
        guesses={} if is_matrix else header.guesses,
        ambiguous=header.ambiguous,
    )


def _kind_of_matrix(sheet: Sheet, header_row: int) -> Layout:
    above = [as_text(value) for row in sheet.rows[:header_row] for value in row if isinstance(value, str)]
    words = " ".join([sheet.name, *above])
    unit, total = "单价" in words, "总价" in words
    if unit == total:
        return Layout.UNKNOWN_MATRIX
    return Layout.UNIT_PRICES if unit else Layout.TOTAL_PRICES
