"""One step for several ticked rows: what it asks is asked once, with count and sum, then each row takes it on its own.

Each row is a transaction of its own, under the rules of a single one; what was refused is named beside its reason. Sent twice it
changes nothing more: a row that stands where the step leads is told as done before. A page that takes too long on a slow machine stops
between two rows and offers to go on: a server that gives a request up would leave nobody knowing how far it came.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from flask import current_app, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select

from app.extensions import db
from app.kernel.actors import Actor
from app.kernel.asks import Ask, ask
from app.kernel.columns import Money
from app.kernel.errors import Forbidden, NotFound, RuleError
from app.kernel.money import format_amount
from app.kernel.readership import may_read
from app.kernel.screens.display import cell_drawer
from app.kernel.screens.fields import field_for, label_of
from app.kernel.screens.form_page import FormPage, FormSection
from app.kernel.screens.forms import ask_input, wanted_ask
from app.kernel.screens.inputs import Parsed, parse
from app.kernel.screens.listing import names_for
from app.kernel.screens.parts import Card, Cell, Column, Crumb, Link, Row, Table
from app.kernel.words import shown
from app.kernel.workflow import FLOWS, Step, fire, legal_steps

BULK_LIMIT = 200
BULK_SECONDS = 20.0  # a third of what the server gives a request
SO_FAR = "_so_far"  # input of «接着办»: what became of the rows before, sealed
SHOWN_COLUMNS = 2  # of the list, so that a row is known beside its sum


@dataclass(frozen=True)
class Ticked:
    """A ticked row and the version that the reader saw, None where the list did not say."""

    key: int
    record: Any  # as it was before any row took the step; None when it is gone by the time that one goes on
    version: int | None
    title: str


@dataclass(frozen=True)
class Refusal:
    """A row that could not take the step, and why."""

    title: str
    url: str
    why: str


@dataclass(frozen=True)
class Taken:
    """What became of the ticked rows: done and their sum, done before, refused, and not reached in the time that there was."""

    done: int = 0
    whole: Decimal = Decimal(0)
    before: int = 0
    refused: Sequence[Refusal] = ()
    left: Sequence[Ticked] = ()


def asks_of(s: Step, record: Any = None) -> list[Ask]:
    """What the step asks of this record (None: of any), its reason included."""
    asked = [a for a in s.form if a.when is None or record is None or a.when(record)]
    return [*asked, ask("note", _("原因"), "textarea", wide=True)] if s.reason else asked


def bulk(view: Any, name: str, ids: list[str]) -> Any:
    """Take the step with every ticked row; a step that asks something shows its page first."""
    table, actor = FLOWS.get(view.model), view.actor()
    if table is None or name not in table.by_name or not table[name].bulk:
        raise NotFound(name)
    s, ticked = table[name], _ticked(view, ids)
    asks = [_for_all(a) for a in asks_of(s) if a.kind != "file"]
    if not ticked or not asks:
        return _done(view, s, _take(view, s, ticked, {}, actor))
    if "sure" not in request.form:
        return render_template("doc/form.html", page=_review(view, s, asks, ticked, None))
    parsed = parse(db.session(), [wanted_ask(a, None) for a in asks], request.form)
    if parsed.errors:
        return render_template("doc/form.html", page=_review(view, s, asks, ticked, parsed)), 422
    return _done(view, s, _take(view, s, ticked, parsed.values, actor))


def _ticked(view: Any, ids: Sequence[str]) -> list[Ticked]:
    """«12» or «12-3», 3 being the version that was shown. Raises RuleError beyond the limit, NotFound for a row out of reach.

    Whoever goes on has rows behind him that took the step: there a row out of reach is told beside them, later.
    """
    pairs: dict[int, int | None] = {}
    for text in ids:
        key, _dash, version = text.partition("-")
        if all(part.isascii() and part.isdigit() and len(part) < 10 for part in (key, version or "0")):
            pairs.setdefault(int(key), int(version) if version else None)
    if len(pairs) > BULK_LIMIT:
        raise RuleError("一次最多处理 {n} 条，请分批勾选", n=BULK_LIMIT)
    known, going_on = _known(view, pairs), SO_FAR in request.form
    found = {key: known[key] if key in known else _one(view, key, going_on) for key in pairs}
    return [
        Ticked(key, record, pairs[key], str(record or f"{view.label} #{key}")) for key, record in found.items()
    ]  # fmt: skip


def _known(view: Any, keys: Iterable[int]) -> dict[int, Any]:
    """The rows in one reading, within the actor's own."""
    actor = view.actor()
    rows = db.session.scalars(select(view.model).where(view.model.id.in_(list(keys))))
    return {row.id: row for row in rows if may_read(actor, row)}


def _one(view: Any, key: int, going_on: bool) -> Any | None:
    with suppress(NotFound) if going_on else nullcontext():
        return view.find(key)
    return None


def _for_all(a: Ask) -> Ask:
    """One answer for all rows; where every row has a default of its own, no answer means that."""
    if a.default is None:
        return a
    return replace(a, required=False, default=None, hint=_("不填：每条按自己的日期或默认值"))


def _take(view: Any, s: Step, ticked: Sequence[Ticked], values: dict[str, Any], actor: Actor) -> Taken:
    """Row by row, until the time is over; the first row is always taken, so that going on comes to an end.

    What was taken is kept: a row that is out of reach by now, be it because of the row before, is a refusal among others.
    """
    given, name, so_far = dict(values), _sum_name(view), _so_far()
    note = given.pop("note", None) or ""
    done, whole, before = so_far.done, so_far.whole, so_far.before
    refused, left = list(so_far.refused), list[Ticked]()
    until = time.monotonic() + BULK_SECONDS
    for place, one in enumerate(ticked):
        if place and time.monotonic() > until:
            left = list(ticked[place:])
            break
        url = view.show_url(one.key)
        try:
            record = view.find(one.key)  # as it is now: the row before may have moved it
            if s.target is not None and record.state is s.target and s.target not in s.source:
                before += 1
                continue
            amount = getattr(record, name, None) if name else None
            own = {
                a.name: a.default(record) for a in s.form if a.default is not None and given.get(a.name) in (None, "")
            }
            fire(db.session, record, s.name, actor, note=note, seen_version=one.version, **{**given, **own})
            done, whole = done + 1, whole + (amount or Decimal(0))
        except RuleError as error:
            refused.append(Refusal(one.title, url, str(error)))
        except Forbidden:
            refused.append(Refusal(one.title, url, _("你没有权限")))
        except NotFound:
            refused.append(Refusal(one.title, "", _("已不在你的范围内")))
    return Taken(done, whole, before, refused, left)


def _sum_name(view: Any) -> str:
    columns = view.model.__table__.columns
    return next((n for n in view.sum_columns if n in columns and isinstance(columns[n].type, Money)), "")


def _sum(view: Any, records: Sequence[Any]) -> str:
    name = _sum_name(view)
    return _sum_words(view, sum((getattr(record, name) or Decimal(0) for record in records if name), Decimal(0)))


def _sum_words(view: Any, whole: Decimal) -> str:
    """«，合计 1,234.00 元» of the first money column that the list sums up; empty where it has none."""
    return _("，合计 %(sum)s 元", sum=format_amount(whole)) if _sum_name(view) else ""


def _review(view: Any, s: Step, asks: Sequence[Ask], ticked: Sequence[Ticked], parsed: Parsed | None) -> FormPage:
    """How many, how much, which, and what the step asks; rows that cannot take it stand apart and are left out."""
    actor = view.actor()
    there = [one for one in ticked if one.record is not None]
    able = [one for one in there if s in legal_steps(one.record, actor)]
    unable = [one.record for one in there if one not in able]
    rows = [one.record for one in able]
    counted = ngettext("%(num)s 条", "%(num)s 条", len(rows)) + _sum(view, rows)
    warning = _("另有 %(n)s 条现在不能办，已略去", n=len(unable)) if unable else ""
    cards = [Card(_("要办理的记录"), "table", table=_table(view, rows, actor))]
    if unable:
        cards.append(Card(_("已略去"), "table", table=_table(view, unable, actor, "state")))
    hidden = [("step", s.name), ("sure", "1"), *((SO_FAR, told) for told in request.form.getlist(SO_FAR))]
    hidden += [("ids", f"{one.key}-{one.version or one.record.version}") for one in able]
    return FormPage(
        title=_("%(step)s：%(what)s", step=_(s.label), what=counted),
        sections=(FormSection("", tuple(ask_input(db.session(), None, a, parsed, "") for a in asks)),),
        submit_label=s.label, submit_tone="risk" if s.tone == "risk" else "primary", back_url=view.list_url(),
        action=view.list_url() + "bulk", crumbs=(Crumb(str(view.title), view.list_url()), Crumb(s.label)),
        warning=" · ".join(filter(None, (warning, shown(s.confirm) if s.confirm else ""))), hidden=tuple(hidden), side=tuple(cards), read_first=True,
    )  # fmt: skip


def _table(view: Any, records: Sequence[Any], actor: Actor, *more: str) -> Table:
    """The rows by the first columns of their list and what is summed up; it stands in the narrow column beside the form."""
    listed = [name for name in view.readable_columns(actor) if name not in ("number", "state")]
    names = listed[:SHOWN_COLUMNS]
    names += [name for name in (_sum_name(view), *more) if name and name not in names]
    known = names_for(view, list(records), names)
    fields = [field_for(view.model, name) for name in names]
    columns = tuple(
        Column(
            name, label_of(view.model, name), numeric=bool(found and found.numeric), phone="hd" if i == 0 else "shown"
        )
        for i, (name, found) in enumerate(zip(names, fields, strict=True))
    )
    drawers = [cell_drawer(view.model, name, actor, known) for name in names]
    return Table(
        columns, tuple(Row(str(r.id), view.show_url(r.id), str(r), tuple(draw(r) for draw in drawers)) for r in records)
    )


def _done(view: Any, s: Step, taken: Taken) -> Any:
    """Back to the list; where something was refused or is left, a page that names each and goes on with the rest."""
    said, refused, left = [], taken.refused, taken.left
    if taken.done:
        said.append(
            ngettext("%(step)s：已处理 %(num)s 条", "%(step)s：已处理 %(num)s 条", taken.done, step=_(s.label))
            + _sum_words(view, taken.whole)
        )
    if taken.before:
        said.append(ngettext("%(num)s 条之前已经办过", "%(num)s 条之前已经办过", taken.before))
    if not refused and not left:
        for sentence in said:
            flash(sentence, "success")
        return redirect(view.list_url())
    if refused:
        said.append(ngettext("%(num)s 条没有办成，原因见下", "%(num)s 条没有办成，原因见下", len(refused)))
    if left:
        said.append(ngettext("还有 %(num)s 条没有轮到，请接着办", "还有 %(num)s 条没有轮到，请接着办", len(left)))
    columns = (Column("what", str(view.label), phone="hd"), Column("why", _("原因")))
    rows = tuple(Row(str(n), one.url, one.title, (Cell(one.title), Cell(one.why))) for n, one in enumerate(refused))
    back = Link(_("返回列表"), view.list_url(), tone="default" if left else "primary")
    page = FormPage(
        title=_("%(step)s：%(what)s", step=_(s.label), what=_("有没办成的") if refused else _("还没有办完")), sections=(), submit_label="", back_url=view.list_url(),
        crumbs=(Crumb(str(view.title), view.list_url()), Crumb(s.label)), warning=" · ".join(said),
        acts=(_go_on(view, taken), back) if left else (back,),
        side=(Card(_("没有办成"), "table", table=Table(columns, rows)),) if refused else (),
    )  # fmt: skip
    return render_template("doc/first.html", page=page)


def _go_on(view: Any, taken: Taken) -> Link:
    """The same answers for the rows that were not reached, with what became of the others."""
    left, own = taken.left, ("ids", "csrf_token", SO_FAR)
    answers = [(name, value) for name, value in request.form.items(multi=True) if name not in own]
    ids = [("ids", f"{one.key}-{one.version}" if one.version else str(one.key)) for one in left]
    refused = [[one.title, one.url, one.why] for one in taken.refused]
    answers.append((SO_FAR, _seal().dumps([taken.done, str(taken.whole), taken.before, refused])))
    return Link(
        _("接着办剩下的 %(n)s 条", n=len(left)),
        view.list_url() + "bulk",
        tone="primary",
        method="post",
        hidden=(*answers, *ids),
    )


def _so_far() -> Taken:
    """What became of the rows before, as the page that is gone on from told it; nothing when nobody goes on."""
    try:
        done, whole, before, refused = _seal().loads(request.form.get(SO_FAR, ""))
    except BadData:
        return Taken()
    return Taken(done, Decimal(whole), before, [Refusal(*one) for one in refused])


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="bulk")
