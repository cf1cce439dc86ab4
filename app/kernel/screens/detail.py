"""The page of one document: facts, step bar, legal acts, approval trail, related tabs, files, change history."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from app.extensions import db
from app.kernel.actors import Actor
from app.kernel.approval.finding import may_decide, open_of
from app.kernel.approval.stations import page_of
from app.kernel.audit import AuditEntry
from app.kernel.privacy import is_anonymised
from app.kernel.registries import MAIN_CARDS, RECORD_ACTS, SIDE_CARDS, TABS
from app.kernel.screens.bulk_steps import asks_of
from app.kernel.screens.detail_page import DetailPage, Tab
from app.kernel.screens.display import DASH, lookup_names, moment, rate_text, tag_of, value_of, with_unit
from app.kernel.screens.fields import Field, field_for, fields_of, label_of
from app.kernel.screens.lines import lines_card
from app.kernel.screens.parts import Card, Crumb, Fact, HistoryItem, Link, Table
from app.kernel.screens.prints import print_links
from app.kernel.screens.trail import approval_timeline, stepbar, turned_down
from app.kernel.words import several, shown
from app.kernel.workflow import StateChange, Step, history, legal_steps

HISTORY_ROWS = 100
FACTS_BESIDE = 12
MOST_ACTS = 5
FEW_FACTS = 2  # groups of facts; a page with more of them shows its files and related records after the first


def detail_page(view: Any, session: Session, record: Any, actor: Actor) -> DetailPage:
    """Everything the detail template draws."""
    acts, more = _acts(view, record, actor)
    state = getattr(record, "state", None)
    facts, lines = _fact_cards(view, record, actor), _lines(view, record, actor)
    log = history(session, record) if state is not None else []
    erased = is_anonymised(record)  # the log is chained and stays, what it says of an erased person is shown to nobody
    main = (*facts, *lines, *_cards(MAIN_CARDS, record, actor))
    tabs = (
        *_tabs(record, actor), *view.file_tabs(session, record, actor), _history_tab(session, record, actor, log),
    )  # fmt: skip
    above = len(facts) + len(lines) if lines or len(facts) <= FEW_FACTS else 1
    return DetailPage(
        title=titled(view.label, record),
        number=str(getattr(record, "number", "") or ""),
        tag=tag_of(state) if state is not None else None,
        crumbs=tuple(
            c
            for c in (
                Crumb(str(view.category)) if view.category else None,
                Crumb(str(view.title), view.list_url()),
                Crumb(str(record)),
            )
            if c
        ),
        acts=acts,
        more_acts=more,
        stepbar=stepbar(session, record, log),
        reason="" if erased else turned_down(record, log),
        note=view.note(record, actor),
        main=main,
        before_tabs=above if len(tabs) > 1 else len(main),  # the history alone is read last
        side=(*_cards(SIDE_CARDS, record, actor), *_trail(session, record)),
        tabs=tabs,
    )


def titled(label: Any, record: Any) -> str:
    """«认购书 RG-2026-0318»; a record that names its own kind is not told twice."""
    name = str(record)
    named = shown(name)  # in English another text than the name when the name holds words of ours: its kind
    return str(named) if named != name or name.startswith(str(label)) else f"{label} {name}"


def _acts(view: Any, record: Any, actor: Actor) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """Buttons: the due step is primary and stands last; edit, print and delete are quiet."""
    steps = [s for s in legal_steps(record, actor) if view.offers(s, record)]
    links = [*_decision(record, actor), *(_forward(view, record, s) for s in steps)]
    due = view.due(record, actor)
    if due is not None:  # what the next step still needs comes before it
        links = [
            *(replace(k, tone="default") if k.tone == "primary" else k for k in links if k.url != due.url),
            replace(due, tone="primary"),
        ]
    extra = list(print_links(record, actor))  # the first to go under 「更多」 where there is no room
    extra += [k for k in view.record_acts(record, actor) if due is None or k.url != due.url]
    extra += [k for acts in RECORD_ACTS.get(type(record), ()) for k in acts(record, actor)]
    if view.may_edit(record, actor) and (due is None or due.url != view.edit_url(record.id)):
        extra.append(Link(_("修改"), view.edit_url(record.id), icon="edit"))
    if view.may_delete(record, actor):
        word, question = view.delete_words(record)
        extra.append(Link(word, view.delete_url(record.id), tone="risk", method="post", confirm=question))
    order = {"risk": 1, "default": 2, "primary": 3}
    links = sorted(links, key=lambda k: order.get(k.tone, 0))
    shown = [*extra, *links]
    if len(shown) > MOST_ACTS:  # what cannot be undone goes under 「更多」 first
        shown.sort(key=lambda k: k.tone != "risk")
    hidden = [one for link in shown[:-MOST_ACTS] for one in (link.menu or (link,))]  # 「更多」 is a menu itself
    return tuple(shown[-MOST_ACTS:]), tuple(hidden)


def _forward(view: Any, record: Any, found: Step) -> Link:
    """The button of a step; one that was taken already and may be taken again is not what is due."""
    link = step_link(view, record, found)
    again = found.target is not None and found.target is record.state
    return replace(link, tone="default") if again and link.tone == "primary" else link


def _decision(record: Any, actor: Actor) -> list[Link]:
    """The page of the decision, for whoever has to decide this paper now."""
    session = object_session(record)
    request = open_of(session, record) if session is not None and hasattr(record, "state") else None
    if request is None or not may_decide(actor, request):
        return []
    return [Link(_("去审批"), page_of(request), tone="primary")]


def step_link(view: Any, record: Any, s: Step) -> Link:
    """The button of a step: a form page when it asks for something, else a post with its question."""
    url = view.step_url(record.id, s.name)
    if asks_of(s, record):
        return Link(s.label, url, tone=s.tone)  # type: ignore[arg-type]
    hidden = (("_version", str(record.version)),)
    confirm = s.confirm or (_("对「%(what)s」执行此操作。", what=record) if s.tone == "risk" else None)
    return Link(s.label, url, tone=s.tone, method="post", confirm=confirm, hidden=hidden)  # type: ignore[arg-type]


def _cards(registry: dict[type[Any], list[Any]], record: Any, actor: Actor) -> list[Card]:
    return [card for load in registry.get(type(record), []) if (card := load(record, actor)) is not None]


def _fact_cards(view: Any, record: Any, actor: Actor) -> list[Card]:
    groups = view.fact_groups_of(record)
    cards = []
    for title, names in groups:
        facts = [f for name in names if (f := fact(view, record, name, actor)) is not None]
        if facts:
            cards.append(Card(str(title), "facts", facts=tuple(facts)))
    return cards


def _lines(view: Any, record: Any, actor: Actor) -> list[Card]:
    return [lines_card(view, record, actor)] if view.lines is not None else []


def fact(view: Any, record: Any, name: str, actor: Actor) -> Fact | None:
    """One labelled value; None when the actor may not read it."""
    found: Field | None = field_for(type(record), name)
    if found is not None and not found.readable(actor, getattr(record, "project_id", None)):
        return None
    html = value_of(record, name, actor)
    if found is not None:
        unit = "" if found.kind == "rate" else found.facts.unit or {"money": "元", "area": "㎡"}.get(found.kind, "")
        html = view.linked(record, found, with_unit(html, unit), actor)
    reveal = (
        view.reveal_url(record, found, actor) if found is not None and found.facts.personal and html != DASH else ""
    )
    return Fact(
        label_of(type(record), name),
        html,
        wide=bool(found and (found.facts.wide or found.kind == "long")),
        reveal_url=reveal,
    )


def brief(view: Any, record: Any, actor: Actor) -> Card:
    """The record in a few lines, beside a step's form or an approver's: the first facts that say something."""
    told = (fact(view, record, name, actor) for name in view.fact_groups_of(record)[0][1] if not _nothing(record, name))
    facts = [f for f in told if f is not None and f.html != DASH]
    return Card(str(record), "facts", facts=tuple(facts[:FACTS_BESIDE]))


def sums(record: Any, actor: Actor) -> list[Card]:
    """How the price of a paper comes about: nobody decides it without."""
    return [card for card in _cards(SIDE_CARDS, record, actor) if card.kind == "calc"]


def _nothing(record: Any, name: str) -> bool:
    """No money, no area: of a paper in a few lines it says nothing."""
    found = field_for(type(record), name)
    return found is not None and found.kind in ("money", "area") and not getattr(record, name, None)


def _trail(session: Session, record: Any) -> list[Card]:
    items = approval_timeline(session, record)
    return [Card(_("审批轨迹"), "timeline", timeline=items)] if items else []


def _tabs(record: Any, actor: Actor) -> list[Tab]:
    tabs = []
    for entry in TABS.get(type(record), []):
        if not actor.holds(entry.posts, getattr(record, "project_id", None)):
            continue  # a related list needs the right of its own (repair 4 of 05)
        if entry.url is not None:
            tabs.append(Tab(entry.key, several(entry.title), url=entry.url(record)))
            continue
        content = entry.load(record, actor)
        if content is None:
            continue
        card = content if isinstance(content, Card) else Card(entry.title, "table", table=content) if isinstance(content, Table) else Card(entry.title, "html", html=content)  # fmt: skip
        count = max(card.table.whole, len(card.table.rows)) if card.table else None
        tabs.append(Tab(entry.key, several(entry.title), count, card))
    return tabs


def _history_tab(session: Session, record: Any, actor: Actor, log: list[StateChange]) -> Tab:
    items = history_items(session, record, actor, log)
    return Tab("history", _("变更历史"), len(items), Card(_("变更历史"), "history", history=tuple(items)))


def history_items(session: Session, record: Any, actor: Actor, log: list[StateChange]) -> list[HistoryItem]:
    """Transitions (`log`) and changed fields, newest first; fields that the actor may not read are left out."""
    if is_anonymised(record):
        return []
    items = [(c.at, _moved(record, c)) for c in log]
    query = (
        select(AuditEntry)
        .where(
            AuditEntry.subject == record.__tablename__,
            AuditEntry.subject_id == record.id,
            AuditEntry.act.in_(("insert", "update")),
        )
        .order_by(AuditEntry.id.desc())
        .limit(HISTORY_ROWS)
    )
    known, entries = fields_of(type(record)), list(session.scalars(query))
    born = next((line for line in entries if line.act == "insert"), None)
    for line in entries:
        if line.act == "insert":
            items.append((line.at, HistoryItem(moment(line.at), line.person_name, _("登记"))))
            continue
        for key, (before, after) in line.changes.items():
            found = known.get(key)
            if key == "state" or found is None or not found.readable(actor, getattr(record, "project_id", None)):
                continue
            if before in (None, "") and _at_birth(line, born):
                continue
            items.append(
                (
                    line.at,
                    HistoryItem(
                        moment(line.at), line.person_name, found.label, _shown(found, before), _shown(found, after)
                    ),
                )
            )
    return [item for _at, item in sorted(items, key=lambda pair: pair[0], reverse=True)]


def _at_birth(line: AuditEntry, born: AuditEntry | None) -> bool:
    """Part of the registration itself: the number, what follows from what was typed."""
    return born is not None and line.person_id == born.person_id and line.at - born.at < timedelta(seconds=2)


def _moved(record: Any, change: StateChange) -> HistoryItem:
    who = change.person_name + (_("（代 %(name)s）", name=change.acting_for) if change.acting_for else "")
    if change.before == change.after:  # a dated fact: nothing moved, only the note is news
        return HistoryItem(moment(change.at), who, change.label, "", change.note)
    after = _state(record, change.after) + (f"　{change.note}" if change.note else "")
    return HistoryItem(moment(change.at), who, change.label, _state(record, change.before), after)


def _state(record: Any, code: str) -> str:
    states = fields_of(type(record))["state"].choices
    return next((m.label for m in states if m.value == code), code)


def _shown(found: Field, value: Any) -> str:
    if value in (None, ""):
        return DASH
    if found.kind == "choice":
        return next((m.label for m in found.choices if m.value == value), str(value))
    reader = _READERS.get(found.kind)
    return str(reader(found, value)) if reader is not None else str(value)


def _title(found: Field, value: Any) -> str:
    """The related record by its name as far as the person may read it."""
    record = db.session.get(found.target, int(value)) if found.target is not None else None
    return str(record) if record is not None else _("编号 %(n)s", n=value)


# the trail keeps plain JSON: numbers as text, moments as ISO
_READERS: dict[str, Any] = {
    "boolean": lambda _found, value: _("是") if value else _("否"),
    "rate": lambda found, value: rate_text(Decimal(str(value)), found.facts.unit),
    "money": lambda _found, value: f"{Decimal(str(value)):,.2f}",
    "area": lambda _found, value: f"{Decimal(str(value)):,.2f}",
    "datetime": lambda _found, value: moment(datetime.fromisoformat(value)),
    "lookup": lambda found, value: lookup_names(found.facts.lookup, {value}).get(value, DASH),
    "record": _title,
}
