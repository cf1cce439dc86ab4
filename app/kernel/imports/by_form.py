"""The way of the form for one row: filled, prepared, checked, saved exactly as typed into the page."""

from __future__ import annotations

from typing import Any

from app.kernel.errors import RuleError
from app.kernel.imports.declared import Desk, Values
from app.kernel.screens.fields import Field, fields_of
from app.kernel.screens.forms import apply


def filled(desk: Desk, values: Values) -> Any:
    """A new record with the values of a row; a blank cell leaves the column its default."""
    record = desk.view.model()
    if hasattr(desk.view.model, "project_id"):
        record.project_id = desk.project_id
    known = fields_of(desk.view.model)
    given = {
        name: value
        for name, value in values.items()
        if name in known and (value is not None or known[name].column.nullable)
    }
    left_out = {name: value for name in known if name not in given and (value := _default(known[name])) is not None}
    apply(record, left_out | given)
    return record


def _default(field: Field) -> Any:
    """What the column says when nobody does: the form shows it to whoever fills it in, and its checks read it."""
    default: Any = field.column.default
    if default is None or field.facts.auto:
        return None
    return default.arg(None) if default.is_callable else default.arg


def try_form(desk: Desk, values: Values) -> None:
    """The form's own checks on a record that is never added. Raises what the form would refuse."""
    session: Any = desk.session
    with session.no_autoflush:
        record = filled(desk, values)
        desk.view.prepare(record, desk.actor)
        try:
            desk.view.check(record, desk.actor)
        finally:
            if record in session:
                session.expunge(record)


def add(desk: Desk, values: Values) -> Any:
    """As saving a new form does; the record."""
    session: Any = desk.session
    with session.no_autoflush:
        record = filled(desk, values)
        desk.view.prepare(record, desk.actor)
        session.add(record)
        desk.view.check(record, desk.actor)
    session.flush()
    desk.view.after_save(record, desk.actor, True)
    session.flush()
    return record


def change(desk: Desk, record: Any, values: Values) -> None:
    """As saving a changed form does; blank cells change nothing."""
    session: Any = desk.session
    if not desk.view.may_edit(record, desk.actor):
        raise RuleError("系统里的这一条现在不能修改")
    known = fields_of(desk.view.model)
    with session.no_autoflush:
        apply(record, {name: value for name, value in values.items() if name in known and value not in (None, "")})
        desk.view.check(record, desk.actor)
    session.flush()
    desk.view.after_save(record, desk.actor, False)
    session.flush()
