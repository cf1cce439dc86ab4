"""What an import would do: every row with its fate, everything that is wrong, the sums of file and result."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.kernel.cells import as_text
from app.kernel.errors import Forbidden, NotFound, RuleError
from app.kernel.imports.declared import Import, ImportColumn, Values


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    KEPT = "kept"  # known, differs, stays as it is


@dataclass(frozen=True)
class Fault:
    """One refused cell or row, with its place as Excel shows it."""

    sheet: str
    line: int
    column: str
    value: str
    sentence: str

    def __str__(self) -> str:
        column = f"·列『{self.column}』" if self.column else ""
        return f"{self.sheet}·第 {self.line} 行{column}：{self.sentence}"


@dataclass
class Line:
    """One row that says something: typed values, and what it means for our records.

    unread: columns whose cell nobody understands; refused: whether anything is wrong with the row, which is read on all the same.
    """

    sheet: str
    number: int
    values: Values
    unread: set[str] = field(default_factory=set)
    refused: bool = False
    written: dict[str, str] = field(default_factory=dict)  # names that were looked up, as the file writes them
    fate: Fate = Fate.NEW
    record: Any = None
    differences: list[tuple[str, str, str]] = field(default_factory=list)  # label, ours, file's

    @property
    def place(self) -> str:
        return f"{self.sheet}·第 {self.number} 行"


@dataclass
class Plan:
    """Everything that an import would do and everything that is wrong."""

    declared: Import
    columns: tuple[ImportColumn, ...]
    sheets: set[str] = field(default_factory=set)  # that are read
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    skipped: list[tuple[str, int, str]] = field(default_factory=list)
    read: int = 0
    sums: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)  # label → file's sum, good rows' sum
    scaled: set[tuple[str, str]] = field(default_factory=set)  # (head, «万元»): its numbers become yuan
    said: str = ""  # what else was made, as a sentence; known once it is written
    absent: list[Any] = field(default_factory=list)  # compare: records of ours that the table does not have
    told: set[Fault] = field(default_factory=set)

    def tell(self, fault: Fault) -> None:
        """Note what is wrong; of a line that was laid down into several rows once."""
        if fault not in self.told:
            self.told.add(fault)
            self.faults.append(fault)

    def of(self, fate: Fate) -> list[Line]:
        """The rows of one fate."""
        return [line for line in self.lines if line.fate is fate]

    @property
    def writes(self) -> int:
        """How many records would be written."""
        return len(self.of(Fate.NEW)) + len(self.of(Fate.CHANGED))

    @property
    def bad_rows(self) -> int:
        return len({(fault.sheet, fault.line) for fault in self.faults})


def fault_at(sheet: str, line: int, column: ImportColumn | None, cell: object, sentence: str) -> Fault:
    """A fault with the cell as it was read."""
    try:
        shown = "" if cell is None else as_text(cell)
    except RuleError:
        shown = str(cell)
    return Fault(sheet, line, column.label if column else "", shown[:60], sentence)


def words_of(error: Exception) -> str:
    """What went wrong with a row, for a person."""
    if isinstance(error, NotFound):
        return "所指的记录不存在，或不在你的范围内"
    if isinstance(error, Forbidden):
        return "你没有权限登记这一行"
    return str(error)
