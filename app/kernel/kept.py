"""What was typed when a post was refused: given back with the Chinese names of the fields, so that nobody types it twice."""

from __future__ import annotations

from typing import Any

from flask import current_app, g, request
from flask_babel import gettext as _

from app.kernel.base import declared_fields
from app.kernel.workflow import FLOWS

MOST = 60  # fields shown; a form of ours never has more
# the page's own marks, and answers of one tick that nobody copies
OWN = frozenset({"csrf_token", "old", "again", "next", "step", "verdict", "agrees"})


def call_fields(labels: dict[str, str]) -> None:
    """A screen tells the Chinese names of the fields that it reads from the form."""
    g.field_labels = {**g.get("field_labels", {}), **labels}


def typed() -> tuple[tuple[str, str], ...]:
    """(label, value) of what this request's form carried; passwords, tokens and the page's own marks stay out."""
    names = label_names()
    found = []
    for name in list(request.form)[:MOST]:
        if name in OWN or name.startswith("_") or "password" in name:
            continue
        value = "、".join(v for v in request.form.getlist(name) if v)
        if value:
            found.append((names.get(name) or _("其他内容"), value[:10_000]))
    return tuple(found)


def label_names() -> dict[str, str]:
    """Chinese names of the inputs of the page that was posted to, as far as its view or its screen declares them."""
    model = _model_of_view()
    names: dict[str, str] = {"note": _("说明"), "opinion": _("意见"), "reason": _("原因")}
    if model is not None:
        names |= {name: facts.label for name, facts in declared_fields(model)}
        flow = FLOWS.get(model)
        names |= {a.name: a.label for step in (flow.steps if flow else ()) for a in step.form}
    return names | g.get("field_labels", {})


def _model_of_view() -> Any:
    """The model of the view that was asked, None for pages without one."""
    for view in current_app.appbuilder.baseviews:  # type: ignore[attr-defined]
        if view.endpoint == request.blueprint:
            return getattr(view, "model", None)
    return None
