"""What does a click on a unit show? Price, facts, what happened, the acts that are legal for me now."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.features.units.board.rules import KEYS, code_of, word_of
from app.features.units.board.view_of_actor import reads_holds
from app.features.units.guards import may_read_name
from app.features.units.models import FLOOR_PRICE_READERS, Unit, UnitState
from app.features.units.rules import minutes_left
from app.kernel.actors import Actor, directory
from app.kernel.base import now
from app.kernel.money import format_amount, half_up
from app.kernel.registries import DRAWER_ACTS, MAIN_CARDS
from app.kernel.screens.board_page import DrawerPage
from app.kernel.screens.detail import step_link
from app.kernel.screens.display import moment, tag_of
from app.kernel.screens.parts import Card, Fact, Link, Tag, TimelineItem
from app.kernel.screens.view import view_of
from app.kernel.workflow import StateChange, history, legal_steps

SHOWN_CHANGES = 8


def drawer_page(session: Session, unit: Unit, actor: Actor) -> DrawerPage:
    """The inside of the drawer."""
    holds = reads_holds(actor, unit.project_id)
    code = code_of(unit.state, unit.stopped)
    kind = unit.unit_type
    subtitle = [f"{kind.name} {kind.layout}".strip() if kind else unit.product.label, unit.aspect, unit.view]
    released = unit.state is not UnitState.WAIT
    return DrawerPage(
        title=unit.full_name,
        code=code,  # type: ignore[arg-type]
        key=KEYS[code],
        subtitle=" · ".join(filter(None, subtitle)),
        price=format_amount(unit.list_total) if unit.list_total is not None and released else "",
        price_note=_("元　表价总价"),
        tag=Tag(word_of(unit.state, unit.stopped, holds), tag_of(unit.state).tone),
        facts=tuple(_facts(unit, actor, holds, released)),
        timeline=tuple(_timeline(session, unit, actor, holds)),
        cards=tuple(_cards(unit, actor)),
        acts=tuple(_acts(unit, actor)),
        note=_note(unit, actor, holds),
    )


def _facts(unit: Unit, actor: Actor, holds: bool, released: bool) -> list[Fact]:
    rate = half_up(unit.inner_area * 100 / unit.building_area)
    found = [
        Fact(_("建筑 / 套内"), _("%(a)s / %(b)s ㎡，得房率 %(r)s %%", a=unit.building_area, b=unit.inner_area, r=rate))
    ]
    if unit.list_unit_price is not None and released:
        found.append(Fact(_("表价"), _("%(price)s 元/㎡", price=format_amount(unit.list_unit_price))))
    if unit.finish_price and released:
        found.append(Fact(_("装修款"), _("%(price)s 元，另计", price=format_amount(unit.finish_price))))
    if unit.filed_unit_price is not None and released:
        found.append(Fact(_("备案价"), _("%(price)s 元/㎡", price=format_amount(unit.filed_unit_price))))
    if unit.floor_unit_price is not None and actor.holds(FLOOR_PRICE_READERS, unit.project_id):
        found.append(Fact(_("底价"), _("%(price)s 元/㎡", price=format_amount(unit.floor_unit_price))))
    if unit.held_until is not None and holds:
        found.append(
            Fact(_("保留到"), _("%(when)s，%(who)s", when=moment(unit.held_until), who=_masked(unit.held_for)))
        )
    if unit.state is UnitState.LOCK and unit.locked_at is not None:
        found.append(Fact(_("销控"), _lock_words(unit, actor)))
    if unit.permit is not None:
        found.append(Fact(_("许可"), unit.permit.number))
    if unit.batch is not None:
        found.append(Fact(_("推盘批次"), unit.batch.name))
    if unit.attached_to is not None:
        found.append(Fact(_("附属于"), unit.attached_to.full_name))
    return found


def _masked(name: str) -> str:
    return name[:1] + "*" if name else "—"


def _lock_words(unit: Unit, actor: Actor) -> str:
    words = [moment(unit.locked_at)] if unit.locked_at else []
    if unit.lock_by is not None and may_read_name(actor, unit):
        words.append(directory().person_name(unit.lock_by))
    if unit.lock_until is not None:
        words.append(_("剩 %(n)s 分钟", n=minutes_left(unit.lock_until, now())))
    return "　".join(words)


def _timeline(session: Session, unit: Unit, actor: Actor, holds: bool) -> list[TimelineItem]:
    """The last changes, newest first; without hold events and colleagues' names for who may not know them."""
    items: list[TimelineItem] = []
    for change in reversed(history(session, unit)):
        if not holds and UnitState.HOLD.value in (change.before, change.after):
            continue
        items.append(_item(change, actor, holds, first=not items))
        if len(items) == SHOWN_CHANGES:
            break
    return items


def _item(change: StateChange, actor: Actor, holds: bool, first: bool) -> TimelineItem:
    labels = {state.value: state.label for state in UnitState}
    before, after = labels[change.before], labels[change.after]
    named = holds or change.person_id in (actor.person_id, 0)
    return TimelineItem(
        title=f"{before} → {after}" if before != after else change.label,
        status="now" if first else "ok",
        who=change.person_name if named else "",
        when=moment(change.at),
        note="　".join(
            filter(None, (change.label if before != after else "", change.paper, change.note if holds else ""))
        ),
    )


def _cards(unit: Unit, actor: Actor) -> list[Card]:
    return [card for load in MAIN_CARDS.get(Unit, []) if (card := load(unit, actor)) is not None]


def _acts(unit: Unit, actor: Actor) -> list[Link]:
    """The due act first; acts of later rooms (销控, 认购书) before the unit's own steps, its page last."""
    links = [link for act in DRAWER_ACTS for link in act(unit, actor)]
    view: Any = view_of(Unit)
    links += [step_link(view, unit, s) for s in legal_steps(unit, actor)]
    return [*sorted(links, key=lambda link: link.tone != "primary"), Link(_("房源资料"), view.show_url(unit.id))]


def _note(unit: Unit, actor: Actor, holds: bool) -> str:
    if unit.state is UnitState.HOLD and not holds:
        return _("这套房暂不可售，需要时请问销售主管。")
    if unit.stopped:
        return _("这套房已停售，恢复销售前不能办理。")
    return ""
