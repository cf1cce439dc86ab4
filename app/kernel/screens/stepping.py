"""Taking a step: its form, its question, and the 409 page that keeps what was typed (03 §3.3.3)."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy import inspect, select
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.extensions import db
from app.kernel.actors import Actor
from app.kernel.asks import First
from app.kernel.attachments import Received, attach, receive
from app.kernel.base import model_of
from app.kernel.errors import Forbidden, NotFound, RuleError
from app.kernel.screens.bulk_steps import asks_of
from app.kernel.screens.display import tag_of
from app.kernel.screens.form_page import FormPage, FormSection
from app.kernel.screens.forms import ask_input, wanted_ask
from app.kernel.screens.inputs import Parsed, parse
from app.kernel.screens.once import body_digest, once
from app.kernel.screens.parts import Crumb, Link
from app.kernel.screens.picking import chosen_with, named, offered
from app.kernel.screens.saving import new_key
from app.kernel.workflow import FLOWS, Step, fire, legal_steps

PICKED = 20


def step_page(view: Any, record: Any, name: str) -> Any:
    """GET shows the step's form, POST takes the step."""
    table = FLOWS.get(view.model)
    if table is None or name not in table.by_name or table[name].internal:
        raise NotFound(name)
    s, actor = table[name], view.actor()
    if request.method == "GET":
        if s not in legal_steps(record, actor):
            raise Forbidden(s.label)
        if "pick" in request.args:
            return _pick(record, s, request.args["pick"], actor)
        if s.first is not None and s.first.missing(record):
            return render_template("doc/first.html", page=_first_page(view, record, s, s.first))
        return render_template("doc/form.html", page=_page(view, record, s, None))
    parsed = parse(db.session(), [wanted_ask(a, record) for a in asks_of(s, record)], request.form, request.files)
    if parsed.errors:
        return render_template("doc/form.html", page=_page(view, record, s, parsed)), 422
    return _take(view, record, s, parsed)


def _pick(record: Any, s: Step, name: str, actor: Actor) -> Response:
    """Type-ahead for a record that the step asks for: within the actor's rows, of the same project."""
    asked = next((a for a in asks_of(s, record) if a.name == name and a.kind == "record"), None)
    model = model_of(asked.model) if asked is not None else None
    if model is None:
        raise NotFound(name)
    query = select(model).options(*chosen_with(model))
    if "project_id" in inspect(model).columns and getattr(record, "project_id", None) is not None:
        query = query.where(model.project_id == record.project_id)
    query = named(query, db.session, actor, model, request.args.get("q", "").strip()[:50])
    rows = db.session.scalars(query.order_by(model.id.desc()).limit(PICKED))
    return jsonify(results=offered(rows))


def _take(view: Any, record: Any, s: Step, parsed: Parsed) -> Any:
    actor, pk = view.actor(), record.id
    seen = request.form.get("_version", "")
    values = dict(parsed.values)
    note = values.pop("note", None) or ""

    def work() -> str:
        version = int(seen) if seen.isascii() and seen.isdigit() else None
        fire(db.session, view.find(pk), s.name, actor, note=note, seen_version=version, **values)
        for given in values.values():
            if isinstance(given, Received):
                attach(db.session(), actor, view.find(pk), given)
        return _after(view, pk, s)

    try:
        for key, given in values.items():  # checked and stored before the transaction, attached inside it
            if isinstance(given, FileStorage):
                values[key] = receive(db.session(), actor, given, field=key)
        digest = body_digest(request.form.items(multi=True))
        location = once(db.session, actor.person_id, request.form.get("_key", ""), digest, work)
    except RuleError as error:
        if error.field and error.field in parsed.values:
            parsed.refuse(error.field, str(error))
        errors = () if error.field and error.field in parsed.values else (str(error),)
        return render_template("doc/form.html", page=_page(view, view.find(pk), s, parsed, errors)), error.status
    if s.queued:
        flash(_("%(step)s：已转入后台，完成后会通知你", step=s.label), "info")
    else:
        flash(_("%(step)s：已完成", step=s.label), "success")
    return redirect(location)


def _after(view: Any, pk: int, s: Step) -> str:
    """Back to the record, or on to the step that waited for this one."""
    waiting = FLOWS[view.model].by_name.get(request.form.get("then", ""))
    waited = waiting is not None and waiting.first is not None and waiting.first.step == s.name
    return str(view.step_url(pk, waiting.name) if waiting is not None and waited else view.show_url(pk))


def _first_page(view: Any, record: Any, s: Step, first: First) -> FormPage:
    """Before any field: what has to be done first, and the way there; without it the way back, for who may not do it."""
    other = FLOWS[view.model][first.step]
    may = other in legal_steps(record, view.actor())
    url = f"{view.step_url(record.id, other.name)}?then={s.name}"
    ways = (Link(_("先%(step)s", step=other.label), url, tone="primary"),) if may else ()
    return FormPage(
        title=_("%(step)s：%(what)s", step=_(s.label), what=record),
        sections=(),
        submit_label="",
        back_url=view.show_url(record.id),
        crumbs=(Crumb(str(view.title), view.list_url()), Crumb(str(record), view.show_url(record.id)), Crumb(s.label)),
        warning=_(first.sentence),
        acts=(*ways, Link(_("返回"), view.show_url(record.id), tone="text")),
        side=tuple(view.step_side(record)),
    )


def _page(view: Any, record: Any, s: Step, parsed: Parsed | None, errors: tuple[str, ...] = ()) -> FormPage:
    url = view.step_url(record.id, s.name) + "?pick="
    fields = tuple(ask_input(db.session(), record, a, parsed, url) for a in asks_of(s, record))
    state = getattr(record, "state", None)
    return FormPage(
        title=_("%(step)s：%(what)s", step=_(s.label), what=record),
        sections=(FormSection("", fields),),
        submit_label=s.label,
        submit_tone="risk" if s.tone == "risk" else "primary",
        back_url=view.show_url(record.id),
        crumbs=(Crumb(str(view.title), view.list_url()), Crumb(str(record), view.show_url(record.id)), Crumb(s.label)),
        tag=tag_of(state) if state is not None else None,
        errors=errors,
        key=request.form.get("_key") or new_key(),
        version=request.form.get("_version") or str(record.version),
        warning=" ".join(filter(None, (s.confirm, view.step_note(record, s)))),
        hidden=(("then", then),) if (then := request.values.get("then", "")) in FLOWS[view.model].by_name else (),
        side=tuple(view.step_side(record)),
    )
