"""What follows when equipment moves: holder and place, the record of holdings and repairs, who is told."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.features.office.equipment.models import Equipment, EquipmentHolding, EquipmentRepair, EquipmentState
from app.features.office.posts import KEEPERS
from app.features.organisation.models import Assignment, Person, PersonState
from app.kernel.approval.kinds import Need
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.notices import NoticeKind, notify, notify_posts
from app.kernel.workflow import Act

UNSCOPED = {"unscoped": True}
HELD = (EquipmentState.WAITING, EquipmentState.USED, EquipmentState.REPAIR)


def hand_out(act: Act) -> None:
    """It goes to a person, who signs; until then he holds nothing."""
    thing = act.document
    thing.holder_id, thing.held_since = act.form["holder_id"], act.at.date()
    thing.place = act.get("place") or thing.place
    notify(
        act.session, [thing.holder_id], f"请签收设备 {thing.title}", body=act.note, url=f"/equipment/show/{thing.id}",
        project_id=thing.project_id, kind=NoticeKind.REMINDER, outside="有设备待签收",
    )  # fmt: skip


def forget_holder(act: Act) -> None:
    """It did not change hands after all."""
    act.document.holder_id = act.document.held_since = None


def note_signature(act: Act) -> None:
    """Signed: from now on he answers for it."""
    thing = act.document
    _hold(act, thing.holder_id, act.at)


def stand_somewhere(act: Act) -> None:
    """For everybody at a place: nobody signs."""
    thing = act.document
    thing.place, thing.held_since = act.form["place"], act.at.date()
    _hold(act, None, None)


def _hold(act: Act, person_id: int | None, signed_at: Any) -> None:
    thing = act.document
    act.session.add(
        EquipmentHolding(
            project_id=thing.project_id, equipment_id=thing.id, person_id=person_id, place=thing.place,
            since=thing.held_since or act.at.date(), signed_at=signed_at,
        )
    )  # fmt: skip


def take_back(act: Act) -> None:
    """Given back: the open holding ends with the condition in which it came."""
    thing = act.document
    open_one = _open(act.session, EquipmentHolding, thing.id, EquipmentHolding.until.is_(None))
    if open_one is not None:
        open_one.until, open_one.condition = act.at.date(), act.form["condition"]
    thing.place = act.get("place") or thing.place
    forget_holder(act)


def send_to_repair(act: Act) -> None:
    """Fault and workshop."""
    thing = act.document
    act.session.add(
        EquipmentRepair(
            project_id=thing.project_id, equipment_id=thing.id, fault=act.form["fault"], vendor=act.form["vendor"],
            sent_on=act.form["sent_on"],
        )
    )  # fmt: skip


def repair_dates_fit(act: Act) -> None:
    """Not repaired before it was sent, not in the future."""
    repair = _open(act.session, EquipmentRepair, act.document.id, EquipmentRepair.done_on.is_(None))
    day: date = act.form["done_on"]
    if repair is not None and not repair.sent_on <= day <= act.at.date():
        raise RuleError("修好日期应在送修日期 {sent} 和今天之间", field="done_on", sent=repair.sent_on)


def finish_repair(act: Act) -> None:
    """It works again; what it cost."""
    repair = _open(act.session, EquipmentRepair, act.document.id, EquipmentRepair.done_on.is_(None))
    if repair is not None:
        repair.done_on, repair.cost = act.form["done_on"], act.form["cost"]


def _open(session: Session, model: Any, equipment_id: int, still: ColumnElement[bool]) -> Any:
    query = select(model).where(model.equipment_id == equipment_id, still).order_by(model.id.desc()).limit(1)
    return session.scalars(query, execution_options=UNSCOPED).first()


def note_submitter(act: Act) -> None:
    """Who asks does not decide."""
    act.document.submitted_by = act.actor.person_id


def scrap_need(_session: Session, thing: Any) -> Need:
    """What is to be written off, when and for how much it was bought."""
    price = f"，购入价 {format_amount(thing.price)} 元" if thing.price is not None else ""
    bought = f"，{thing.bought_on} 购入" if thing.bought_on else ""
    return Need(summary=f"{thing.title}（{thing.asset_number}）{bought}{price}")


def with_leaver() -> ColumnElement[bool]:
    """Equipment whose holder has left, is leaving, or holds no post any more."""
    person, assignment = Person.__table__, Assignment.__table__
    today = now().date()
    posted = select(assignment.c.person_id).where(or_(assignment.c.until.is_(None), assignment.c.until >= today))
    gone = select(person.c.id).where(
        or_(person.c.state != PersonState.ACTIVE, person.c.left_on.is_not(None), person.c.id.not_in(posted))
    )
    return Equipment.state.in_(HELD) & Equipment.holder_id.in_(gone)


def tell_of_leaver(session: Session, person: Person, last_day: date) -> None:
    """Somebody leaves: the keepers of every project hear what he has to give back (heard from the organisation)."""
    query = select(Equipment).where(Equipment.holder_id == person.id, Equipment.state.in_(HELD)).order_by(Equipment.id)
    by_project: dict[int, list[str]] = {}
    for thing in session.scalars(query, execution_options=UNSCOPED):
        by_project.setdefault(thing.project_id, []).append(thing.title)
    for project_id, titles in by_project.items():
        notify_posts(
            session, KEEPERS, project_id, f"{person.name} {last_day} 离职，名下设备 {len(titles)} 件待交回",
            body="、".join(titles)[:500], url="/equipment/list/?chip=leavers",
            kind=NoticeKind.REMINDER, outside="有离职人员的设备待交回",
        )  # fmt: skip
