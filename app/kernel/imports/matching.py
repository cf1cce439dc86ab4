"""Rows against our records: new, the same, changed, refused — and whether the form would take them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import inspect, select

from app.kernel.errors import Forbidden, NotFound, RuleError
from app.kernel.imports.by_form import try_form
from app.kernel.imports.declared import Desk, Import, ImportColumn, Values
from app.kernel.imports.half_read import HalfRead, UnreadCell
from app.kernel.imports.lookups import chunks
from app.kernel.imports.plan import Fate, Fault, Line, Plan, fault_at, words_of
from app.kernel.screens.display import plain, reach_into
from app.kernel.screens.fields import field_for
from app.kernel.states import Choice


def match(desk: Desk, plan: Plan) -> None:
    """Give every line its fate; lines that may not come in become faults, each with everything that is wrong with it."""
    half_read = [line for line in plan.lines if line.unread]
    plan.lines = [line for line in plan.lines if not line.unread]
    place(desk, plan)
    _place_half_read(desk, plan, half_read)
    for line in (*plan.lines, *half_read):
        for refusal in _refusals(desk, plan, line):
            line.refused = True
            plan.tell(_fault(plan, line, refusal))
    seen = {
        line.record.id for line in (*plan.lines, *half_read)
        if line.record is not None and not isinstance(line.record, RuleError)
    }  # fmt: skip
    plan.lines = [line for line in plan.lines if not line.refused]
    if plan.declared.compare:
        ours = desk.session.scalars(desk.view.restrict(_counted(desk), desk.actor))
        plan.absent = [record for record in ours if record.id not in seen]


def place(desk: Desk, plan: Plan) -> None:
    """Which lines are known by now, and how they differ; a line that is refused outright keeps the refusal as its record."""
    for line, record in zip(plan.lines, _known(desk, plan, [line.values for line in plan.lines]), strict=True):
        _place_at(plan, line, record)


def _place_half_read(desk: Desk, plan: Plan, lines: list[Line]) -> None:
    """Those whose key was read: a row that we know is not refused like a new one beside its unreadable cell."""
    key = plan.declared.key
    told = [line for line in lines if key and line.unread.isdisjoint(key)]
    rows: list[Values] = [HalfRead(line.values, line.unread) for line in told]
    try:
        found = _known(desk, plan, rows)
    except UnreadCell:
        found = [record for row in rows for record in _known_alone(desk, plan, row)]
    for line, record in zip(told, found, strict=True):
        _place_at(plan, line, record)


def _known_alone(desk: Desk, plan: Plan, row: Values) -> list[Any]:
    try:
        return _known(desk, plan, [row])
    except UnreadCell:
        return [None]


def _known(desk: Desk, plan: Plan, rows: list[Values]) -> list[Any]:
    declared = plan.declared
    return declared.known(desk, rows) if declared.known is not None else known_by_key(desk, declared.key, rows)


def _place_at(plan: Plan, line: Line, record: Any) -> None:
    line.record, line.differences = record, []
    if record is None:
        line.fate = Fate.NEW
    elif not isinstance(record, RuleError):
        line.differences = _differences(plan, line)
        changed = Fate.CHANGED if plan.declared.updates else Fate.KEPT
        line.fate = changed if line.differences else Fate.SAME


def known_by_key(desk: Desk, key: tuple[str, ...], rows: list[Values]) -> list[Any]:
    """The record of each row by its key columns, None when there is none (or the key is blank, or there is no key)."""
    if not key:
        return [None] * len(rows)
    model, first = desk.view.model, key[0]
    wanted = sorted({_plain(row.get(first)) for row in rows if row.get(first) not in (None, "")}, key=str)
    found: dict[tuple[Any, ...], Any] = {}
    for some in chunks(wanted):
        query = _counted(desk).where(getattr(model, first).in_(some))
        for record in desk.session.scalars(query):
            found.setdefault(tuple(_plain(getattr(record, name)) for name in key), record)
    return [found.get(tuple(_plain(row.get(name)) for name in key)) for row in rows]


def _counted(desk: Desk) -> Any:
    """Our records that a row may mean: of the project, and among those that the view counts."""
    model, among = desk.view.model, desk.view.importable.among
    query = select(model)
    if "project_id" in inspect(model).columns:
        query = query.where(model.project_id == desk.project_id)
    return query if among is None else among(query)


def _plain(value: Any) -> Any:
    """Blank and nothing are the same; a choice is its code."""
    if value in (None, ""):
        return None
    return value.value if isinstance(value, Choice) else value


def _differences(plan: Plan, line: Line) -> list[tuple[str, str, str]]:
    """(label, ours, the file's) of every given cell that says something else; a blank cell says nothing."""
    found = []
    for column in plan.columns:
        given = line.values.get(column.name)
        if given in (None, "") or not column.compared or column.name in plan.declared.key:
            continue
        ours = reach_into(line.record, column.reads or column.name)
        if not _same(ours, given):
            found.append(
                (column.label, _shown(plan, line.record, column, ours), _shown(plan, line.record, column, given))
            )
    return found


def _same(ours: Any, given: Any) -> bool:
    if isinstance(given, Decimal) and ours is not None:
        return Decimal(ours) == given
    if isinstance(ours, str) and isinstance(given, str):
        return ours.strip() == given.strip()
    return bool(_plain(ours) == _plain(given))


def _shown(_plan: Plan, record: Any, column: ImportColumn, value: Any) -> str:
    declared = field_for(type(record), column.name)
    if declared is not None and declared.kind == "record" and declared.target is not None and isinstance(value, int):
        ours = reach_into(record, declared.shows)
        return str(ours) if ours is not None and ours.id == value else f"#{value}"
    if column.kind == "money" and isinstance(value, Decimal):
        return f"{value:,.2f}"
    return str(plain(value, declared if column.personal else None))


def _refusals(desk: Desk, plan: Plan, line: Line) -> list[Exception]:
    """Why the form would not take this line, every reason once; nothing when it would."""
    declared, found = plan.declared, dict[str, Exception]()
    if isinstance(line.record, RuleError):
        found[str(line.record)] = line.record
    elif declared.compare or line.fate in (Fate.SAME, Fate.KEPT):
        return []
    values = HalfRead(line.values, line.unread) if line.unread else line.values
    for check in (*declared.each, lambda desk, values: _whole(desk, declared, line, values)):
        try:
            check(desk, values)
        except UnreadCell:
            continue
        except (RuleError, NotFound, Forbidden) as reason:
            found.setdefault(words_of(reason), reason)
    return list(found.values())


def _whole(desk: Desk, declared: Import, line: Line, values: Values) -> None:
    """The row as one: the form's way, or what the paper has instead."""
    if line.fate is Fate.CHANGED:
        if not desk.view.may_edit(line.record, desk.actor):
            raise RuleError("系统里已有这一条，且现在不能修改；表里的内容却不同：{what}", what=said(line))
    elif declared.check is not None:
        declared.check(desk, values)
    elif declared.create is None and not line.unread:
        try_form(desk, values)


def said(line: Line) -> str:
    """«总价 1,106,834.00 → 1,106,800.00，…»"""
    return "，".join(f"{label} {ours} → {given}" for label, ours, given in line.differences)


def _fault(plan: Plan, line: Line, reason: Exception) -> Fault:
    name = getattr(reason, "field", None)
    column = next((c for c in plan.columns if c.name == name), None)
    cell = line.values.get(column.name) if column else None
    shown = None if column is None or column.resolved else cell
    return fault_at(line.sheet, line.number, column, shown, words_of(reason))
