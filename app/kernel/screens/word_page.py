"""The page before a form that depends on a word (Declarations.form_by): one box a word, then the form with its own fields."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request
from flask_babel import gettext as _

from app.kernel.screens.form_page import FormField, FormPage, FormSection
from app.kernel.screens.parts import Crumb, Option


def choose_word(view: Any) -> Any:
    """GET offers the words; POST leads to the form of the chosen one, with whatever else the address named."""
    name, _variants = view.form_by
    offered = view.words_offered()
    barred = {word: view.word_refused(word) for word in offered}
    chosen = next((word for word in offered if word.value == request.form.get(name) and not barred[word]), None)
    if request.method == "POST" and chosen is not None:
        given = {key: value for key, value in request.args.items() if key != name}
        return redirect(view.add_url(**given, **{name: chosen.value}))
    refused = (_("请选择一项"),) if request.method == "POST" else ()
    options = tuple(
        Option(word.value, word.label, barred[word] or view.word_note(word), disabled=bool(barred[word]))
        for word in offered
    )
    field = FormField(name, _("类型"), "choice", required=True, options=options, wide=True, errors=refused)
    title = _("新增%(what)s", what=view.label)
    crumbs = (Crumb(str(view.category)), Crumb(str(view.title), view.list_url()), Crumb(title))
    back = view.back_url(None, request.args.get(view.parent) if view.parent else None)
    page = FormPage(
        title=title, sections=(FormSection("", (field,)),), submit_label=_("下一步"), back_url=back, crumbs=crumbs
    )
    return render_template("doc/form.html", page=page), 422 if refused else 200
