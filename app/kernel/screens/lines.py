"""The lines of a paper typed in its own form: rows of inputs, every error at once, saved in the paper's transaction.

A view declares `lines = Lines("lines", ("item_id", "quantity"), L("物品"))`; form, page, approval and saving follow from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy import inspect
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.screens.display import value_of
from app.kernel.screens.fields import Field, fields_of, label_of
from app.kernel.screens.form_page import FormField, LinesForm
from app.kernel.screens.forms import apply, field_input, text_of, wanted_field, wanted_in
from app.kernel.screens.inputs import Parsed, parse
from app.kernel.screens.parts import Card, Cell, Column, Option, Row, Table
from app.kernel.words import shown as in_reader_words

MORE = "more_lines"  # value of `_save`: the form comes back with further empty rows, nothing is saved
_COPIED = ("project_id", "owner_id", "partner_id", "team_id")  # a line lies in the scope of its paper


@dataclass(frozen=True)
class Lines:
    """relation: the paper's list of lines; fields: what is typed; shown: further columns on the paper's page.

    least: so many must be filled before it is saved; most: what one form takes; live: an address that comments the form while
    it is typed (GET with the form's values, answers {"text", "tone"}); note: which rows do not count, where it is not the empty ones.
    The view's `offered_lines` says which rows lie ready to be completed; one that nobody completed is no row.
    """

    relation: str
    fields: tuple[str, ...]
    title: Any
    shown: tuple[str, ...] = ()
    least: int = 1
    blank: int = 3
    most: int = 60
    live: str = ""
    note: Any = ""


@dataclass
class GivenLine:
    """One row as it came: its number in the form, what was typed, the values, the sentences by field."""

    number: int
    typed: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)


def line_model(view: Any) -> type[Any]:
    """The mapped class of the view's lines."""
    return inspect(view.model).relationships[view.lines.relation].mapper.class_


def line_fields(view: Any) -> list[Field]:
    """The declared fields of a line that are typed."""
    known = fields_of(line_model(view))
    return [known[name] for name in view.lines.fields]


def _name(number: int, name: str) -> str:
    return f"line-{number}-{name}"


def _offered(view: Any, record: Any | None) -> list[dict[str, str]]:
    """The rows that lie ready, every input of them as text."""
    return [dict.fromkeys(view.lines.fields, "") | row for row in view.offered_lines(record)]


def _typed(view: Any, source: Mapping[str, Any], record: Any | None = None) -> list[GivenLine]:
    """Every row with something in it that its writer put there, in the order of the form."""
    names, ready = view.lines.fields, _offered(view, record)
    rows = []
    for number in range(view.lines.most):
        typed = {n: str(source.get(_name(number, n), "")) for n in names}
        if any(text.strip() for text in typed.values()) and typed not in ready:
            rows.append(GivenLine(number, typed))
    return rows


def read_lines(view: Any, session: Session, parsed: Parsed, record: Any | None = None) -> None:
    """Parse the rows of the posted form; their errors join those of the paper, named by row."""
    wanted = [wanted_in(view, f) for f in line_fields(view)]
    parsed.lines = _typed(view, request.form, record)
    for place, row in enumerate(parsed.lines, 1):
        given = parse(session, wanted, row.typed)
        row.values, row.errors = given.values, given.errors
        for name, sentences in given.errors.items():
            for sentence in sentences:
                parsed.refuse(_name(row.number, name), _("第 %(n)s 行：%(what)s", n=place, what=sentence))


def refuse_line(parsed: Parsed, refusal: RuleError) -> bool:
    """Note a refusal that a rule gave to «line-2-quantity», the third filled row; False when it is about something else."""
    kind, _dash, rest = (refusal.field or "").partition("-")
    place, _dash, name = rest.partition("-")
    if kind != "line" or not place.isdigit() or int(place) >= len(parsed.lines):
        return False
    parsed.lines[int(place)].errors.setdefault(name, []).append(str(refusal))
    return True


def keep_lines(view: Any, record: Any, rows: list[GivenLine]) -> None:
    """Put the rows into the paper, by position; a change of lines is a change of the paper, so that its version moves.

    Raises RuleError when there are too few.
    """
    if len(rows) < view.lines.least:
        raise RuleError("请至少填写一行「{what}」", what=view.lines.title)
    kept, model, changed = getattr(record, view.lines.relation), line_model(view), False
    for position, row in enumerate(rows):
        fresh = position >= len(kept)
        line = model() if fresh else kept[position]
        changed = changed or fresh or any(getattr(line, n) != v for n, v in row.values.items())
        apply(line, row.values)
        for name in _COPIED:
            if hasattr(line, name) and hasattr(record, name):
                setattr(line, name, getattr(record, name))
        if fresh:
            kept.append(line)
    changed = changed or len(kept) > len(rows)
    del kept[len(rows) :]
    if changed and record.id is not None:
        record.updated_at = now()
        flag_modified(record, "updated_at")


def lines_form(view: Any, session: Session, record: Any | None, parsed: Parsed | None) -> LinesForm:
    """The rows to draw: what was typed, else what is stored, else what the address presets — and some empty ones."""
    rows, spare = _rows(view, record, parsed), view.lines.blank
    rows = rows + _ready(view, record, rows)
    if rows and not (request.method == "POST" and request.form.get("_save") == MORE):
        spare = 1 if parsed is None else 0
    empty, first = dict.fromkeys(view.lines.fields, ""), max((row.number for row in rows), default=-1) + 1
    spare = min(spare if rows else view.lines.blank, view.lines.most - first)
    rows = rows + [GivenLine(first + i, dict(empty)) for i in range(spare)]
    model, blanks = (
        line_model(view),
        [replace(field_input(view, session, f, "", None), required=False) for f in line_fields(view)],
    )
    if ready := _offered(view, record):  # what else may be typed is what lies ready, not the words of every house
        words = tuple(Option(row[view.lines.fields[0]], row[view.lines.fields[0]]) for row in ready)
        blanks[0] = replace(blanks[0], options=words)
    heads = tuple((f.label, wanted_field(f, f.name in view.needed).required, f.numeric) for f in line_fields(view))
    return LinesForm(
        title=str(view.lines.title),
        heads=heads,
        rows=tuple(tuple(_cell(session, model, blank, f, row, place) for blank, f in zip(blanks, line_fields(view), strict=True))
                   for place, row in enumerate(rows, 1)),
        more=MORE,
        most=view.lines.most,
        live=view.lines.live,
        note=str(view.lines.note),
    )  # fmt: skip


def _rows(view: Any, record: Any | None, parsed: Parsed | None) -> list[GivenLine]:
    if parsed is not None:
        return list(parsed.lines)
    if record is not None:
        stored = getattr(record, view.lines.relation)
        return [
            GivenLine(i, {n: text_of(getattr(line, n)) for n in view.lines.fields}) for i, line in enumerate(stored)
        ]
    return _typed(view, request.args)


def _ready(view: Any, record: Any | None, rows: list[GivenLine]) -> list[GivenLine]:
    """Offered rows whose first word does not stand in the form yet, below what is typed."""
    first, free = view.lines.fields[0], max((row.number for row in rows), default=-1) + 1
    there = {in_reader_words(row.typed[first]) for row in rows}
    missing = [row for row in _offered(view, record) if row[first] not in there]
    return [GivenLine(free + place, row) for place, row in enumerate(missing[: view.lines.most - free])]


def _cell(session: Session, model: type[Any], blank: FormField, f: Field, row: GivenLine, place: int) -> FormField:
    typed = row.typed[f.name]
    shown = ""
    if blank.kind == "ajax" and f.target is not None and typed.isascii() and typed.isdigit():
        chosen = session.get(f.target, int(typed[:9]))
        shown = str(chosen) if chosen is not None else ""
    label = _("第 %(n)s 行 %(what)s", n=place, what=in_reader_words(f.label))
    return replace(
        blank, name=_name(row.number, f.name), label=label, value=typed, shown=shown, hint="",
        attrs=(*blank.attrs, ("aria-label", label)), errors=tuple(row.errors.get(f.name, ())),
    )  # fmt: skip


def lines_card(view: Any, record: Any, actor: Actor) -> Card:
    """The lines on the page of the paper and beside its approval, with the sum of every amount of money."""
    names = (*view.lines.fields, *view.lines.shown)
    model, lines = line_model(view), getattr(record, view.lines.relation)
    known = fields_of(model)
    columns = tuple(
        Column(n, label_of(model, n), numeric=n in known and known[n].numeric, phone="hd" if i == 0 else "shown")
        for i, n in enumerate(names)
    )
    rows = tuple(
        Row(str(line.id), "", str(position), tuple(Cell(value_of(line, known[n].shows if n in known else n, actor)) for n in names))
        for position, line in enumerate(lines, 1)
    )  # fmt: skip
    return Card(str(view.lines.title), "table", table=Table(columns, rows, _sums(lines, names, known)))


def _sums(lines: list[Any], names: tuple[str, ...], known: dict[str, Field]) -> tuple[Cell, ...]:
    """«合计» under two and more rows when something of money stands in them; a price per piece is not added up."""
    summed = [n for n in names if n in known and known[n].kind == "money" and "unit" not in n]
    if len(lines) < 2 or not summed:
        return ()
    cells = []
    for position, name in enumerate(names):
        amounts = [getattr(line, name) for line in lines if getattr(line, name) is not None] if name in summed else []
        cells.append(
            Cell(f"{sum(amounts):,.2f}", numeric=True) if amounts else Cell(_("合计") if not position else " ")
        )
    return tuple(cells)
