"""Where is the header of a sheet, and which column fills which field? A proposal to be confirmed (02 §2.5.12)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.kernel.cells import as_text, is_blank
from app.kernel.errors import RuleError
from app.kernel.spreadsheets import Sheet

SCANNED_ROWS = 30

_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_DECORATION = re.compile(r"[\s*★:：、,，。\-_/]+")


@dataclass(frozen=True)
class ImportField:
    """One thing that a column can fill; the label and each synonym match a header exactly (units in brackets aside)."""

    key: str
    label: str
    synonyms: tuple[str, ...] = ()
    required: bool = False
    in_order: bool = False  # of several columns that match, the one named by the earlier synonym (the label last)


@dataclass(frozen=True)
class HeadColumn:
    """A column as its header names it: index from 0, text as read (two head rows joined)."""

    index: int
    text: str


@dataclass(frozen=True)
class HeaderProposal:
    """The header found: rows first…last (from 0), columns {index: field key}, and what a person must still decide.

    guesses {index: key} are headers that merely contain a synonym; ambiguous {key: indexes} fits several columns and
    none was taken; missing are the keys of required fields without a column.
    """

    first: int
    last: int
    heads: tuple[HeadColumn, ...]
    columns: dict[int, str]
    guesses: dict[int, str] = field(default_factory=dict)
    ambiguous: dict[str, tuple[int, ...]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def normal(text: str) -> str:
    """A header for comparing: half width, without units in brackets, blanks, stars and colons."""
    text = unicodedata.normalize("NFKC", text).lower()
    return _DECORATION.sub("", _BRACKETED.sub("", text))


def find_header(sheet: Sheet, fields: Sequence[ImportField]) -> HeaderProposal | None:
    """The best header among the first rows (one row, or two where the upper one spans columns), None when no row fits.

    A row is a header when at least two fields match; more matches win, then one row over two (a title above is no
    header), then the upper row.
    """
    best: HeaderProposal | None = None
    for row in range(min(SCANNED_ROWS, len(sheet.rows))):
        for last in (row, row + 1) if _spans(sheet, row) else (row,):
            proposal = _proposal(sheet, row, last, fields)
            if _score(proposal) >= 2 and (best is None or _rank(proposal) > _rank(best)):
                best = proposal
    return best


def header_at(sheet: Sheet, first: int, last: int, fields: Sequence[ImportField]) -> HeaderProposal:
    """The proposal for a header that a person pointed at (rows from 0)."""
    return _proposal(sheet, first, last, fields)


def checked_columns(columns: dict[int, str], fields: Sequence[ImportField]) -> dict[int, str]:
    """columns as a person confirmed them. Raises RuleError for an unknown field or a field given two columns."""
    labels = {each.key: each.label for each in fields}
    taken: set[str] = set()
    for key in columns.values():
        if key not in labels:
            raise RuleError("没有名为“{key}”的导入字段。", field="mapping", key=key)
        if key in taken:
            raise RuleError("“{label}”对应了两列，请只选一列。", field="mapping", label=labels[key])
        taken.add(key)
    return dict(sorted(columns.items()))


def _score(proposal: HeaderProposal) -> int:
    return len(proposal.columns) + len(proposal.ambiguous)


def _rank(proposal: HeaderProposal) -> tuple[int, int]:
    return _score(proposal), proposal.first - proposal.last


def _spans(sheet: Sheet, row: int) -> bool:
    return any(r1 <= row < r2 or (r1 == r2 == row and c2 > c1) for r1, c1, r2, c2 in sheet.merged)


def _head_texts(sheet: Sheet, first: int, last: int) -> dict[int, list[str]]:
    """Candidates per column, the most telling first: the lower row, both joined, and the upper alone if none below."""
    width = max((len(sheet.rows[row]) for row in range(first, min(last + 1, len(sheet.rows)))), default=0)
    upper = [_covered_text(sheet, first, column) for column in range(width)]
    if first == last:
        return {column: [text] for column, text in enumerate(upper) if text}
    texts: dict[int, list[str]] = {}
    for column in range(width):
        lower = _text(sheet.cell(last, column))
        joined = [lower, upper[column] + lower] if lower else [upper[column]]
        if any(joined):
            texts[column] = joined
    return texts


def _covered_text(sheet: Sheet, row: int, column: int) -> str:
    text = _text(sheet.cell(row, column))
    if text:
        return text
    for r1, c1, r2, c2 in sheet.merged:
        if r1 <= row <= r2 and c1 <= column <= c2 and r1 == row:
            return _text(sheet.cell(r1, c1))
    return ""


def _text(value: object) -> str:
    # A header may be any cell; a number with too many digits is no header and must not stop the search.
    if is_blank(value) or (isinstance(value, float) and abs(value) >= 10**15):
        return ""
    return as_text(value)


def _proposal(sheet: Sheet, first: int, last: int, fields: Sequence[ImportField]) -> HeaderProposal:
    texts = _head_texts(sheet, first, last)
    names = {normal(name): each.key for each in fields for name in (each.label, *each.synonyms)}
    exact = _matches(texts, names.get)
    found = {key: tuple(indexes) for key, indexes in exact.items()}
    found |= {
        each.key: _first_named(each, texts, found[each.key]) for each in fields if each.in_order and each.key in found
    }
    columns = {indexes[0]: key for key, indexes in found.items() if len(indexes) == 1}
    taken = {index for indexes in found.values() for index in indexes}
    rest = {index: candidates for index, candidates in texts.items() if index not in taken}
    near = _matches(rest, lambda text: _contained(text, names))
    return HeaderProposal(
        first=first,
        last=last,
        heads=tuple(HeadColumn(index, candidates[-1]) for index, candidates in texts.items()),
        columns=dict(sorted(columns.items())),
        guesses={ix[0]: key for key, ix in near.items() if len(ix) == 1 and key not in found},
        ambiguous={key: indexes for key, indexes in found.items() if len(indexes) > 1},
        missing=tuple(each.key for each in fields if each.required and each.key not in found),
    )


def _first_named(field: ImportField, texts: dict[int, list[str]], indexes: tuple[int, ...]) -> tuple[int, ...]:
    """Of several columns the one whose head is named first among the synonyms; the same head twice stays ambiguous."""
    order = {normal(name): position for position, name in enumerate((*field.synonyms, field.label))}

    def place(index: int) -> int:
        return min(order.get(normal(text), len(order)) for text in texts[index])

    best = min(place(index) for index in indexes)
    return tuple(index for index in indexes if place(index) == best)


def _matches(texts: dict[int, list[str]], match: Callable[[str], str | None]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, candidates in texts.items():
        key = next((key for text in candidates if (key := match(normal(text)))), None)
        if key:
            found.setdefault(key, []).append(index)
    return found


def _contained(text: str, names: dict[str, str]) -> str | None:
    inside = [name for name in names if name in text]
    return names[max(inside, key=len)] if inside else None
