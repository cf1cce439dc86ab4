"""Which column of which sheet fills which field: found by the heads, remembered from the last time, confirmed by a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.kernel.cells import is_blank
from app.kernel.errors import RuleError
from app.kernel.imports.declared import ImportColumn, head_fields
from app.kernel.sheet_headers import SCANNED_ROWS, HeadColumn, checked_columns, find_header, header_at, normal
from app.kernel.spreadsheets import Sheet

LIKELY = 2  # filled cells that make a row a likely header when no head is known


@dataclass(frozen=True)
class SheetHeads:
    """One sheet with its header (rows first…last, from 0) and what is filled: {column index: field key}.

    guesses: {index: key} that a person should confirm; remembered: indexes that an earlier import told; doubled: {key: indexes}
    of columns that look alike, none of which fills anything until a person says which.
    """

    sheet: str
    first: int
    last: int
    heads: tuple[HeadColumn, ...]
    columns: Mapping[int, str]
    guesses: Mapping[int, str] = field(default_factory=dict)
    remembered: frozenset[int] = frozenset()
    doubled: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def propose(sheets: Sequence[Sheet], columns: Sequence[ImportColumn], memory: Mapping[str, str]) -> list[SheetHeads]:
    """A proposal for every visible sheet that has a header; where no head is known the likeliest row stands in."""
    shown = [sheet for sheet in sheets if not sheet.hidden and any(map(any_filled, sheet.rows))]
    found = [one for sheet in shown if (one := _known(sheet, columns, memory)) is not None]
    if found:
        return found
    return [one for sheet in shown if (one := _likely(sheet, columns, memory)) is not None][:1]


def any_filled(row: Sequence[object]) -> bool:
    """Whether a person sees something in the row."""
    return any(not is_blank(value) for value in row)


def confirmed(proposal: SheetHeads, picked: Mapping[int, str], columns: Sequence[ImportColumn]) -> SheetHeads:
    """The proposal as a person chose. Raises RuleError for an unknown or doubled field."""
    known = {head.index for head in proposal.heads}
    taken = checked_columns({i: key for i, key in picked.items() if key and i in known}, head_fields(columns))
    return SheetHeads(proposal.sheet, proposal.first, proposal.last, proposal.heads, taken)


def require_needed(chosen: Sequence[SheetHeads], columns: Sequence[ImportColumn]) -> None:
    """Raises RuleError when a sheet lacks a required column, or none is filled at all."""
    if not any(one.columns for one in chosen):
        raise RuleError("还没有任何一列对应到系统里的项目，请逐列选择", field="mapping")
    for one in chosen:
        missing = [c.label for c in columns if c.required and c.name not in one.columns.values()]
        if one.columns and missing:
            raise RuleError(
                "工作表「{sheet}」还缺必填的列：{names}。请在「对应」里选出是哪一列；表里没有就补上这一列再传",
                field="mapping",
                sheet=one.sheet,
                names="、".join(missing),
            )


def told(chosen: Sequence[SheetHeads]) -> dict[str, str]:
    """What to remember: every head with its field, "" for a head that was left out; of a head that stands twice, nothing."""
    return {
        text: one.columns.get(head.index, "")
        for one in chosen
        for head, text in zip(one.heads, _told_apart(one.heads), strict=True)
        if text
    }


def _told_apart(heads: Sequence[HeadColumn]) -> list[str]:
    """Every head as compared, empty where another column of the sheet says the same: which was meant, memory cannot tell."""
    texts = [normal(head.text) for head in heads]
    return [text if texts.count(text) == 1 else "" for text in texts]


def _known(sheet: Sheet, columns: Sequence[ImportColumn], memory: Mapping[str, str]) -> SheetHeads | None:
    fields = head_fields(columns)
    proposal = find_header(sheet, fields)
    if proposal is None:
        return _remembered_row(sheet, columns, memory)
    taken = dict(proposal.columns)
    keys = {column.name for column in columns}
    remembered = set()
    for head, text in zip(proposal.heads, _told_apart(proposal.heads), strict=True):
        key = memory.get(text)
        if key in keys and key not in taken.values():
            taken[head.index] = key
            remembered.add(head.index)
    guesses = {i: key for i, key in proposal.guesses.items() if key not in taken.values() and i not in taken}
    left_out = {head.index for head in proposal.heads if memory.get(normal(head.text)) == ""}
    guesses = {i: key for i, key in guesses.items() if i not in left_out}
    doubled = {key: indexes for key, indexes in proposal.ambiguous.items() if key not in taken.values()}
    return SheetHeads(
        sheet.name, proposal.first, proposal.last, proposal.heads, dict(sorted(taken.items())), guesses,
        frozenset(remembered), doubled,
    )  # fmt: skip


def _remembered_row(sheet: Sheet, columns: Sequence[ImportColumn], memory: Mapping[str, str]) -> SheetHeads | None:
    """A row whose heads an earlier import told, though no label or alias fits."""
    keys = {column.name for column in columns}
    best: SheetHeads | None = None
    for row in range(min(SCANNED_ROWS, len(sheet.rows))):
        heads = header_at(sheet, row, row, head_fields(columns)).heads
        taken: dict[int, str] = {}
        for head, text in zip(heads, _told_apart(heads), strict=True):
            key = memory.get(text, "")
            if key in keys and key not in taken.values():
                taken[head.index] = key
        if len(taken) >= LIKELY and (best is None or len(taken) > len(best.columns)):
            best = SheetHeads(sheet.name, row, row, heads, taken, {}, frozenset(taken))
    return best


def _likely(sheet: Sheet, columns: Sequence[ImportColumn], memory: Mapping[str, str]) -> SheetHeads | None:
    """The fullest of the first rows, counting text only; a person says what its columns are."""

    def filled(row: int) -> int:
        return sum(isinstance(value, str) and not is_blank(value) for value in sheet.rows[row])

    rows = [row for row in range(min(SCANNED_ROWS, len(sheet.rows))) if filled(row) >= LIKELY]
    if not rows:
        return None
    row = max(rows, key=lambda one: (filled(one), -one))
    found = header_at(sheet, row, row, head_fields(columns))
    return SheetHeads(sheet.name, row, row, found.heads, found.columns, found.guesses, doubled=found.ambiguous)
