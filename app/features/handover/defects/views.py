"""交楼问题: the list of the contractor's work, with days and photos."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, select

from app.extensions import db
from app.features.handover.category import CATEGORY
from app.features.handover.defects.effects import default_due, give_number
from app.features.handover.defects.models import SERVICE, WAITING, DefectState, HandoverDefect
from app.features.handover.handings.models import OPEN, OVER, Handover, HandoverState
from app.features.handover.readers import EXPORTERS
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import NotFound, RuleError
from app.kernel.screens.view import DocumentView

BEFORE = (HandoverState.PREPARED, HandoverState.NOTIFIED)  # nobody was in the flat yet


def _waiting(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(HandoverDefect.state.in_(WAITING))


def late_defects(query: Select[Any], actor: Actor) -> Select[Any]:
    """Not mended in time."""
    return _waiting(query, actor).where(HandoverDefect.due_on < now().date(), HandoverDefect.state != DefectState.FIXED)


def _to_check(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(HandoverDefect.state == DefectState.FIXED)


class HandoverDefectView(DocumentView):
    """交楼问题 (02 §2.4)."""

    model = HandoverDefect
    label = L("交楼问题")
    category = CATEGORY
    icon = "warn"
    creators = SERVICE
    exporters = EXPORTERS
    parent = "handover_id"
    editable_states = (DefectState.OPEN,)
    listed = (
        "number",
        "unit",
        "place",
        "kind",
        "severity",
        "description",
        "contractor",
        "due_on",
        "fixed_on",
        "returns",
        "state",
    )
    filters = ("state", "severity", "kind", "contractor")
    search = ("number", "unit.full_name", "place", "description", "contractor")
    sortable = ("due_on",)
    deadlines: ClassVar = {"due_on": lambda defect: defect.state in (DefectState.OPEN, DefectState.ASSIGNED)}
    chips = (
        ("waiting", L("未办结"), _waiting),
        ("late", L("逾期未整改"), late_defects),
        ("check", L("待复验"), _to_check),
    )
    search_hint = L("编号、房号、部位、问题、责任单位")
    empty_hint = L("验房时在交楼单上点「登记问题」。")
    takes_files = L("照片")
    form = ("handover_id", "place", "kind", "severity", "description", "found_on", "contractor", "due_on")
    pick_filters: ClassVar = {"handover_id": lambda query: query.where(Handover.state.in_((*OPEN, *OVER)))}
    fact_groups = (
        (L("要点"), ("handover", "unit", "buyers", "place", "kind", "severity", "description", "found_on", "contractor", "due_on")),
        (L("整改与复验"), ("fixed_on", "checked_on", "conclusion", "returns")),
    )  # fmt: skip

    def check(self, record: Any, actor: Actor) -> None:
        """Of a handover that has begun; the day follows from the severity."""
        handover = db.session.scalars(select(Handover).where(Handover.id == record.handover_id)).first()
        if handover is None:
            raise NotFound("handover")
        if handover.state in BEFORE:
            raise RuleError(
                "交楼单现在是「{state}」，预约以后才登记问题", field="handover_id", state=handover.state.label
            )
        if record.found_on > now().date():
            raise RuleError("发现日期不能晚于今天", field="found_on")
        for name in (
            "project_id",
            "owner_id",
            "partner_id",
            "team_id",
            "unit_id",
            "reservation_id",
            "customer_id",
            "contract_no",
            "buyers",
        ):
            setattr(record, name, getattr(handover, name))
        record.due_on = record.due_on or default_due(db.session(), record, record.found_on)
        if record.due_on < record.found_on:
            raise RuleError("要求完成日不能早于发现日期", field="due_on")
        give_number(db.session(), record, now().date())
