"""The rows that are decided, above the decision: a paper of many homes is not approved on a count (Declarations.decided_with)."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.kernel.actors import Actor
from app.kernel.approval.finding import may_decide, subject_of
from app.kernel.approval.paper import may_check, may_record
from app.kernel.approval.reading import may_read_paper
from app.kernel.approval.records import ApprovalRequest
from app.kernel.registries import MAIN_CARDS, TABS
from app.kernel.scope import step_scope
from app.kernel.screens.parts import Card, Table
from app.kernel.screens.view import view_of

SHOWN = 20
CARDS = "cards"  # in `decided_with`: the cards under the facts of the paper's own page


def decided_cards(session: Session, actor: Actor, request: ApprovalRequest) -> tuple[Card, ...]:
    """The tabs that the view of the paper declares, for whoever may read the paper; the first rows are open.

    While it is his turn a decider reads the whole paper, also rows beyond his own scope (02 §2.1.5).
    """
    document = subject_of(session, request)
    view = view_of(type(document)) if document is not None else None
    if view is None or not view.decided_with or not may_read_paper(session, actor, request):
        return ()
    turn = may_decide(actor, request) or may_record(actor, request) or may_check(actor, request)
    with step_scope(session, request.project_id) if turn else nullcontext():
        found = [
            _card(entry.title, entry.load(document, actor)) for entry in TABS.get(type(document), [])
            if entry.key in view.decided_with and actor.holds(entry.posts, request.project_id)
        ]  # fmt: skip
        if CARDS in view.decided_with:
            found += [
                card for load in MAIN_CARDS.get(type(document), ()) if (card := load(document, actor)) is not None
            ]
    return tuple(shortened(card) for card in found if card is not None and (card.table is None or card.table.rows))


def _card(title: str, content: Any) -> Card | None:
    return Card(_(title), "table", table=content) if isinstance(content, Table) else content


def shortened(card: Card) -> Card:
    """The first rows with the totals, and the others behind «再看 18 套（共 38 套）»; how many there are, not how many are listed."""
    if card.table is None:
        return card
    table, listed = card.table, len(card.table.rows)
    whole = max(table.whole, listed)
    card = replace(card, note=card.note or _counted(table, whole))
    if listed <= SHOWN:
        return card
    first, rest = replace(table, rows=table.rows[:SHOWN]), replace(table, rows=table.rows[SHOWN:], totals=())
    label = _(
        "再看 %(n)s %(unit)s（%(all)s）", n=listed - SHOWN, unit=table.unit or _("行"), all=_counted(table, whole)
    )
    return replace(card, table=first, rest=rest, rest_label=label)


def _counted(table: Table, whole: int) -> str:
    return _("共 %(n)s %(unit)s", n=whole, unit=table.unit) if table.unit else _("共 %(n)s 行", n=whole)
