"""Saving a form: parse, check, write in one transaction; errors give the page back as it was typed."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _

from app.extensions import db
from app.kernel.actors import Actor
from app.kernel.attachments import Received, attach, receive
from app.kernel.errors import Forbidden, RuleError, StaleError
from app.kernel.file_checks import ACCEPT, AT_ONCE, FORM_BYTES
from app.kernel.row_locks import locked
from app.kernel.screens.detail import titled
from app.kernel.screens.fields import fields_of
from app.kernel.screens.form_page import FormField, FormPage, FormSection
from app.kernel.screens.forms import CLEARED, apply, field_input, is_secret, secret_input, wanted_field, wanted_in
from app.kernel.screens.inputs import Parsed, parse
from app.kernel.screens.lines import MORE, keep_lines, lines_form, read_lines, refuse_line
from app.kernel.screens.once import body_digest, once
from app.kernel.screens.parts import Crumb, Link
from app.kernel.screens.word_page import choose_word
from app.kernel.transactions import write
from app.kernel.words import shown as in_reader_words

FILES = "_files"  # the input of a form that takes files


def new_key() -> str:
    """A fresh idempotency key, made when the form is shown."""
    return uuid.uuid4().hex


def _form(view: Any, record: Any | None, parsed: Parsed | None, errors: tuple[str, ...] = ()) -> FormPage:
    known = fields_of(view.model)
    names = view.form_names(record)
    preset: dict[str, Any] = {}
    if record is None and parsed is None:
        preset = view.preset({n: request.args[n] for n in names if n in request.args}, view.actor())
    fields = []
    for name in names:
        if is_secret(known[name], record):
            fields.append(secret_input(known[name], record, parsed))
            continue
        value = preset.get(name, getattr(record, name) if record is not None else _default(known[name].column))
        fields.append(field_input(view, db.session(), known[name], value, parsed))
    word = view.form_word(record)
    title = _("修改%(what)s", what=view.label) if record is not None else _("新增%(what)s", what=view.label)
    if word is not None and record is None:
        title = _("申请%(what)s", what=in_reader_words(word.label))
    crumbs = (Crumb(str(view.category)),) if view.category else ()
    if record is None and view.takes_files:
        fields.append(_files_input(view, parsed))
    return FormPage(
        title=title if record is None else _("修改%(what)s", what=titled(view.label, record)),
        sections=_sections(view, fields),
        submit_label=_("保存"),
        back_url=view.back_url(record, request.values.get(view.parent) if view.parent else None),
        crumbs=(*crumbs, Crumb(str(view.title), view.list_url()), Crumb(title)),
        errors=errors,
        key=request.form.get("_key") or new_key(),
        version=str(record.version) if record is not None else "",
        lines=lines_form(view, db.session(), record, parsed) if view.lines is not None else None,
    )


def _files_input(view: Any, parsed: Parsed | None) -> FormField:
    """The files of a new record; a form that comes back has to ask for them again, as every browser does."""
    return FormField(
        FILES, str(view.takes_files), "file", multiple=True, accept=ACCEPT, wide=True,
        errors=tuple(parsed.errors.get(FILES, ())) if parsed is not None else (),
        hint=_("退回修改时请再选一次") if parsed is not None and request.files.get(FILES) else "",
        attrs=(("data-most", str(AT_ONCE)), ("data-most-bytes", str(FORM_BYTES)), ("data-plain", "1")),
    )  # fmt: skip


def _received(view: Any, actor: Actor) -> list[Received]:
    """The files of the form, checked and stored; the first bad one refuses them all. Raises RuleError beside the input."""
    given = [one for one in request.files.getlist(FILES) if one.filename] if view.takes_files else []
    if len(given) > AT_ONCE:
        raise RuleError("一次最多上传 {n} 件", field=FILES, n=AT_ONCE)
    return [receive(db.session(), actor, one, field=FILES) for one in given]


def _sections(view: Any, fields: list[FormField]) -> tuple[FormSection, ...]:
    """What is always asked, then the groups that the view folds away, in the order of the declaration."""
    folded = {name for _title, names in view.folds for name in names}
    groups = [(title, [f for f in fields if f.name in names]) for title, names in view.folds]
    return (
        FormSection("", tuple(f for f in fields if f.name not in folded)),
        *(FormSection(str(title), tuple(held), folded=True) for title, held in groups if held),
    )


def _default(column: Any) -> Any:
    """What a new record's input starts with: the column's default, also one that is computed («today»)."""
    default = column.default
    if default is None:
        return None
    if default.is_callable:
        return default.arg(None)
    return default.arg if default.is_scalar else None


def _parsed(view: Any, record: Any | None) -> Parsed:
    known = fields_of(view.model)
    names = [n for n in view.form_names(record) if n not in view.fixed_names()]
    parsed = parse(
        db.session(),
        [wanted_in(view, known[n]) for n in names if not is_secret(known[n], record)],
        request.form,
    )
    secret = [n for n in names if is_secret(known[n], record)]
    typed = {n: request.form.get(n, "") for n in secret}
    given = parse(db.session(), [wanted_field(known[n]) for n in secret if typed[n].strip()], request.form)
    for n in secret:
        if n in given.values and typed[n].strip() == CLEARED and known[n].column.nullable:
            given.values[n] = None
    whole = Parsed(parsed.values | given.values, parsed.errors | given.errors, parsed.typed | typed)
    if view.lines is not None:
        read_lines(view, db.session(), whole, record)
    return whole


def _wants_rows(view: Any) -> bool:
    """Whether the form came for further empty lines only."""
    return view.lines is not None and request.form.get("_save") == MORE


def _longer(view: Any, record: Any | None, parsed: Parsed) -> str:
    """The form as typed with further lines; nothing is judged yet."""
    typed = Parsed(typed=parsed.typed, lines=parsed.lines)
    for row in typed.lines:
        row.errors = {}
    return render_template("doc/form.html", page=_form(view, record, typed))


def _answer(view: Any, record: Any | None, parsed: Parsed, error: RuleError | None) -> Any:
    errors: tuple[str, ...] = ()
    if error is not None:
        if error.field and (error.field in view.form_names(record) or error.field == FILES):
            parsed.refuse(error.field, str(error))
        elif not refuse_line(parsed, error):
            errors = (str(error),)
    status = error.status if error is not None else 422
    return render_template("doc/form.html", page=_form(view, record, parsed, errors)), status


def add(view: Any) -> Any:
    """GET shows the empty form, POST saves."""
    actor = view.actor()
    if request.method == "GET" and (hurdle := view.hurdle(actor)) is not None:
        return _hurdle_page(view, *hurdle)
    if view.form_by is not None and view.form_word(None) is None:
        return choose_word(view)
    if request.method == "GET":
        return render_template("doc/form.html", page=_form(view, None, None))
    parsed = _parsed(view, None)
    if _wants_rows(view):
        return _longer(view, None, parsed)
    if parsed.errors:
        return _answer(view, None, parsed, None)

    try:
        received = _received(view, actor)  # stored before the transaction, attached inside it
    except RuleError as error:
        return _answer(view, None, parsed, error)

    try:
        location = once(
            db.session, actor.person_id, request.form.get("_key", ""), body_digest(request.form.items(multi=True)),
            lambda: _create(view, actor, parsed, received),
        )  # fmt: skip
    except RuleError as error:
        return _answer(view, None, parsed, error)
    flash(_("已保存"), "success")
    return redirect(location)


def _hurdle_page(view: Any, why: str, way: Link) -> Any:
    """What stands in the way of a new record, and the way on, before any field."""
    title = _("新增%(what)s", what=view.label)
    page = FormPage(
        title=title, sections=(), submit_label="", back_url=view.list_url(), warning=why,
        crumbs=(Crumb(str(view.category)), Crumb(str(view.title), view.list_url()), Crumb(title)),
        acts=(replace(way, tone="primary"), Link(_("返回"), view.list_url(), tone="text")),
    )  # fmt: skip
    return render_template("doc/first.html", page=page)


def _create(view: Any, actor: Actor, parsed: Parsed, received: list[Received]) -> str:
    """The new record with its files, inside the transaction; returns where it leads."""
    session = db.session()
    record = view.model()
    if hasattr(view.model, "project_id"):
        record.project_id = view.current_project()
    with session.no_autoflush:
        apply(record, parsed.values)
        if view.form_by is not None:
            setattr(record, view.form_by[0], view.form_word(None))
        view.prepare(record, actor)
        session.add(record)
        if view.lines is not None:
            keep_lines(view, record, parsed.lines)
        view.check(record, actor)
    session.flush()
    view.after_save(record, actor, True)
    for one in received:
        attach(session, actor, record, one)
    session.flush()
    return str(view.saved_url(record))


def edit(view: Any, record: Any) -> Any:
    """GET shows the form, POST saves unless somebody else was faster (04 R7)."""
    actor, pk = view.actor(), record.id
    if request.method == "GET":
        return render_template("doc/form.html", page=_form(view, record, None))
    parsed = _parsed(view, record)
    if _wants_rows(view):
        return _longer(view, record, parsed)
    if parsed.errors:
        return _answer(view, record, parsed, None)
    seen = request.form.get("_version", "")

    def work() -> None:
        session = db.session()
        fresh = view.find(pk)
        if str(fresh.version) != seen:
            raise StaleError(
                "{who} 于 {when:%H:%M} 修改过这条记录。你填写的内容还在下面，请核对后再保存",
                who=_who(fresh),
                when=fresh.updated_at,
            )
        with session.no_autoflush:
            apply(fresh, parsed.values)
            if view.lines is not None:
                keep_lines(view, fresh, parsed.lines)
            view.check(fresh, actor)
        session.flush()
        view.after_save(fresh, actor, False)
        session.flush()

    try:
        write(db.session, work)
    except RuleError as error:
        return _answer(view, view.find(pk), parsed, error)
    flash(_("已保存"), "success")
    return redirect(view.saved_url(record))


def _who(record: Any) -> str:
    from app.kernel.actors import directory

    return directory().person_name(record.updated_by or record.created_by or 0)


def delete(view: Any, record: Any) -> None:
    """Delete a draft in its own transaction; whether it may go is asked again of the locked row (02 §2.1.1).

    A row of a paper waits for the paper, as the steps of the paper do. Raises Forbidden when it was sent up meanwhile.
    """
    actor, pk = view.actor(), record.id
    paper, paper_id = (
        (fields_of(view.model)[view.parent].target, getattr(record, view.parent)) if view.parent else (None, None)
    )

    def work() -> None:
        session = db.session()
        if paper is not None and paper_id is not None:
            locked(session, paper, paper_id)
        locked(session, view.model, pk)
        fresh = view.find(pk)
        if not view.may_delete(fresh, actor):
            raise Forbidden(_("删除"))
        session.delete(fresh)

    write(db.session, work)
