"""What a handover needs and what follows: the notice, papers, dues, keys, and the flat that is 交付 (02 §2.2.1, §2.5.7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.archive.folders.effects import reach_stage
from app.features.archive.models import Medium, Stage
from app.features.archive.papers.effects import file_own
from app.features.deals.archiving import folder_for
from app.features.deals.contracts.models import Contract
from app.features.handover.defects.models import DefectState, HandoverDefect, Severity
from app.features.handover.handings.dues import area_open, dues_of
from app.features.handover.handings.models import Handover, HandoverBatch, HandoverState
from app.features.handover.handings.rules import (
    given_documents,
    reading,
    require_not_future,
    require_passed,
    require_settled,
    whole_keys,
)
from app.features.handover.household import UNSCOPED, contracts_of, follow
from app.features.organisation.numbers import number_for
from app.features.organisation.parameters import parameter
from app.features.units import effects as units
from app.features.units.models import Unit, UnitState
from app.kernel.actors import Actor
from app.kernel.approval.kinds import Need
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.money import format_amount, half_up
from app.kernel.notices import NoticeKind, notify
from app.kernel.workflow import Act, as_step, fire

# --- born ---------------------------------------------------------------------------------------------------------


def open_batch(act: Act) -> None:
    """发布: every flat of the building that was signed for and has no 交楼单 yet gets one."""
    batch: HandoverBatch = act.document
    batch.number = batch.number or number_for(act.session, batch, act.at.date())
    query = select(Unit.id).where(Unit.building_id == batch.building_id, Unit.state == UnitState.SIGN)
    ids = list(act.session.scalars(query, execution_options=UNSCOPED))
    known = set(
        act.session.scalars(
            select(Handover.reservation_id).where(Handover.unit_id.in_(ids), Handover.state != HandoverState.VOID),
            execution_options=UNSCOPED,
        )
    )
    fresh = [c for c in contracts_of(act.session, ids) if c.reservation_id not in known]
    if not fresh and not known:
        raise RuleError("这栋楼没有待交付的已签约房源", field="building_id")
    _open_all(act.session, act.actor, batch, fresh)
    batch.opened += len(fresh)


def _open_all(session: Session, actor: Actor, batch: HandoverBatch, contracts: Sequence[Contract]) -> None:
    with as_step(session):
        for contract in contracts:
            handover = Handover(batch_id=batch.id, due_on=batch.until_on, created_by=actor.person_id)
            follow(handover, contract)
            handover.number = number_for(session, handover, now().date())
            session.add(handover)
        session.flush()


def give_number(act: Act) -> None:
    act.document.number = act.document.number or number_for(act.session, act.document, act.at.date())


# --- notice, appointment, inspection ------------------------------------------------------------------------------


def note_notice(act: Act) -> None:
    """Told by express; the day until which the flat is to be taken follows from it."""
    handover: Handover = act.document
    require_not_future(act.form["on"], act.at.date(), "通知日期")
    give_number(act)
    handover.notified_on, handover.express_no = act.form["on"], act.form["express_no"]
    days = timedelta(days=parameter(act.session, handover.project_id, "handover_term_days"))
    handover.due_on = max(handover.due_on or handover.notified_on, handover.notified_on + days)
    if handover.owner_id is not None:
        notify(
            act.session, [handover.owner_id], f"{handover.unit.full_name} 已寄出交楼通知，请提醒客户预约收楼", url=f"/handover/show/{handover.id}",
            project_id=handover.project_id, kind=NoticeKind.NEWS, outside="有客户的交楼通知已寄出",
        )  # fmt: skip


def note_signed_for(act: Act) -> None:
    handover: Handover = act.document
    require_not_future(act.form["on"], act.at.date(), "签收日期")
    if handover.notified_on is not None and act.form["on"] < handover.notified_on:
        raise RuleError("签收日期不能早于通知日", field="on")
    handover.signed_for_on = act.form["on"]


def note_appointment(act: Act) -> None:
    """Not in the past."""
    if act.form["at"] < act.at:
        raise RuleError("预约时间不能早于现在", field="at")
    act.document.appointment_at, act.document.companion = act.form["at"], act.get("companion") or ""


def note_inspection(act: Act) -> None:
    """What the buyer found stands in the list of defects; here the conclusion."""
    require_not_future(act.form["on"], act.at.date(), "验房日期")
    act.document.inspected_on, act.document.inspection = act.form["on"], act.form["inspection"]


def open_defects(session: Session, handover: Handover, *severities: Severity) -> list[HandoverDefect]:
    """What is not rectified yet."""
    over = (DefectState.PASSED, DefectState.DROPPED)
    query = select(HandoverDefect).where(HandoverDefect.handover_id == handover.id, HandoverDefect.state.not_in(over))
    if severities:
        query = query.where(HandoverDefect.severity.in_(severities))
    return list(session.scalars(query, execution_options=UNSCOPED))


def no_severe_defect(act: Act) -> None:
    """Light defects are rectified after the keys; a severe one comes first (02 §2.5.7)."""
    found = open_defects(act.session, act.document, Severity.SEVERE)
    if found:
        raise RuleError("还有 {n} 个严重问题没有复验通过，请先整改", n=len(found))


def has_defects(act: Act) -> None:
    if not open_defects(act.session, act.document):
        raise RuleError("还没有登记问题，请先点「登记问题」")


# --- refusal ------------------------------------------------------------------------------------------------------


def note_refusal(act: Act) -> None:
    """拒收 and what is asked for it go to 甲方现场负责人 (07)."""
    handover: Handover = act.document
    give_number(act)
    handover.refusal, handover.compensation = act.form["refusal"], half_up(act.get("compensation") or Decimal(0))
    handover.submitted_by = act.actor.person_id


def refusal_need(_session: Session, handover: Any) -> Need:
    text = f"{handover.unit.full_name}，买受人拒收：{handover.refusal}"
    if handover.compensation:
        text += f"，要求补偿 {format_amount(handover.compensation)} 元"
    return Need(summary=text)


def forget_compensation(act: Act) -> None:
    """A refusal that is not justified is compensated with nothing."""
    act.document.compensation = half_up(Decimal(0))


# --- papers, dues, keys -------------------------------------------------------------------------------------------


def note_documents(act: Act) -> None:
    """两书一表 and the other papers, signed for."""
    require_not_future(act.form["on"], act.at.date(), "签收日期")
    act.document.documents, act.document.documented_on = given_documents(act.form), act.form["on"]


def dues_are_settled(act: Act) -> None:
    """Price, late fees, collected charges and the area difference (02 §2.2.1)."""
    require_settled(dues_of(act.session, act.document), area_open(act.session, act.document))


def note_dues(act: Act) -> None:
    act.document.paid_on, act.document.charges = act.at.date(), act.get("charges") or ""


def note_keys(act: Act) -> None:
    """Keys counted, meters read."""
    handover: Handover = act.document
    require_not_future(act.form["on"], act.at.date(), "领钥匙日期")
    handover.keys, handover.keyed_on = whole_keys(act.form["keys"]), act.form["on"]
    handover.water = reading(act.get("water"), "water", "水表读数")
    handover.power = reading(act.get("power"), "power", "电表读数")
    handover.gas = reading(act.get("gas"), "gas", "燃气表读数")


def take_over(act: Act) -> None:
    """收楼: the flat is 交付; 交楼签收文件 and 验房表 are awaited on file."""
    handover: Handover = act.document
    require_not_future(act.form["on"], act.at.date(), "收楼日期")
    handover.received_on, handover.receiver = act.form["on"], act.form["receiver"]
    _hand_unit(act, "收楼")


def deem(act: Act) -> None:
    """逾期视为交付: the risk passes though nobody came (02 §2.2.1)."""
    handover: Handover = act.document
    require_passed(act.at.date(), handover.due_on, handover.signed_for_on)
    handover.deemed_why, handover.received_on = act.note[:300], act.at.date()
    _hand_unit(act, "视为交付")


def _hand_unit(act: Act, how: str) -> None:
    handover: Handover = act.document
    unit = units.locked_unit(act.session, handover.unit_id, act.actor)
    fire(act.session, unit, "hand", act.actor, internal=True, note=f"{how} {handover.number}")
    units.note_progress(act.session, unit, handed_on=handover.received_on)
    folder = folder_for(act.session, handover.reservation_id)
    if folder is None or handover.received_on is None:
        return
    reach_stage(act.session, folder, Stage.HANDOVER, handover.received_on)
    source = ("handover", handover.id)
    for code, title in (("handover", f"交楼签收文件 {handover.number}"), ("inspection", f"验房表 {handover.number}")):
        file_own(act.session, act.actor, folder, code, title, source=source, medium=Medium.ORIGINAL, awaited=True,
                 on=handover.received_on)  # fmt: skip
