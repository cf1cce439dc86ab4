"""交楼批次 and 交楼单."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, select

from app.extensions import db
from app.features.handover.category import CATEGORY
from app.features.handover.handings.dues import area_open, dues_of
from app.features.handover.handings.models import OPEN, SERVICE, Handover, HandoverBatch, HandoverState
from app.features.handover.handings.notices_in import NOTICES_IN
from app.features.handover.household import follow, required_contract
from app.features.handover.readers import EXPORTERS
from app.features.units.models import Building, Unit, UnitState
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.posts import Post
from app.kernel.screens.parts import Card, Fact, Html, Link
from app.kernel.screens.view import DocumentView

S = HandoverState
AGENTS = frozenset({Post.CONSULTANT, Post.SUPERVISOR})
BEFORE_KEYS = (S.NOTIFIED, S.BOOKED, S.INSPECTED, S.RECTIFYING, S.DOCUMENTED, S.PAID, S.KEYED)


class HandoverBatchView(DocumentView):
    """交楼批次 (02 §2.5.7)."""

    model = HandoverBatch
    readers = Handover.audience.posts
    label = L("交楼批次")
    category = CATEGORY
    icon = "mega"
    creators = SERVICE
    listed = ("number", "name", "building", "completion_no", "from_on", "until_on", "place", "opened", "state")
    filters = ("state", "building_id")
    search = ("number", "name")
    empty_hint = L("一栋楼竣工备案后，在这里发布一批交楼。")
    form = ("name", "building_id", "completion_no", "completion_on", "from_on", "until_on", "place", "note")
    fact_groups = (
        (
            L("要点"),
            ("name", "building", "completion_no", "completion_on", "from_on", "until_on", "place", "opened", "note"),
        ),
    )

    def check(self, record: Any, actor: Actor) -> None:
        """A finished building of the project, days in their order."""
        building = db.session.scalars(select(Building).where(Building.id == record.building_id)).first()
        if building is None or building.project_id != record.project_id:
            raise RuleError("请选择本项目的楼栋", field="building_id")
        if record.completion_on > now().date():
            raise RuleError("竣工验收备案日不能晚于今天", field="completion_on")
        if record.until_on < record.from_on or record.from_on < record.completion_on:
            raise RuleError("日期应依次为竣工备案、交楼开始、交楼截止", field="until_on")


def today_booked(query: Select[Any], _actor: Actor) -> Select[Any]:
    """Appointments of today."""
    day = now().date()
    return query.where(
        Handover.state == S.BOOKED,
        Handover.appointment_at.between(datetime.combine(day, time()), datetime.combine(day, time.max)),
    )


def late_handovers(query: Select[Any], _actor: Actor) -> Select[Any]:
    """Not taken though the day is over."""
    return query.where(Handover.state.in_(BEFORE_KEYS), Handover.due_on < now().date())


def _in_state(*states: HandoverState) -> Any:
    def narrowed(query: Select[Any], _actor: Actor) -> Select[Any]:
        return query.where(Handover.state.in_(states))

    return narrowed


class HandoverView(DocumentView):
    """交楼单 (02 §2.2.2)."""

    model = Handover
    label = L("交楼单")
    category = CATEGORY
    icon = "home"
    creators = SERVICE
    exporters = EXPORTERS
    importable = NOTICES_IN
    listed = (
        "number", "unit", "buyers", "appointment_at", "notified_on", "express_no", "signed_for_on", "due_on", "received_on", "state", "owner_id",
    )  # fmt: skip
    filters = ("state", "batch_id", "owner_id")
    search = ("number", "unit.full_name", "contract_no", "express_no")
    sortable = ("due_on", "appointment_at")
    deadlines: ClassVar = {"due_on": lambda handover: handover.state in BEFORE_KEYS}
    chips = (
        ("today", L("今日预约"), today_booked), ("late", L("逾期未收楼"), late_handovers),
        ("mending", L("整改中"), _in_state(S.RECTIFYING)), ("refused", L("拒收"), _in_state(S.REFUSING, S.REFUSED)),
        ("unsent", L("待通知"), _in_state(S.PREPARED)),
    )  # fmt: skip
    search_hint = L("编号、房号、合同号、快递单号")
    empty_hint = L("发布交楼批次时一次生成；单独一套的在这里新增。")
    form = ("unit_id", "batch_id", "due_on", "express_no", "property_contact", "note")
    pick_filters: ClassVar = {"unit_id": lambda query: query.where(Unit.state == UnitState.SIGN)}
    fact_groups = (
        (L("要点"), ("unit", "buyers", "contract_no", "owner_id", "batch", "due_on", "property_contact", "note")),
        (L("通知与验房"), ("notified_on", "express_no", "signed_for_on", "appointment_at", "companion", "inspected_on", "inspection", "refusal",
                       "compensation")),
        (L("交付"), ("documents", "documented_on", "paid_on", "charges", "keys", "water", "power", "gas", "keyed_on", "received_on", "receiver",
                   "deemed_why")),
    )  # fmt: skip

    def check(self, record: Any, actor: Actor) -> None:
        """Of a flat that was signed for."""
        follow(record, required_contract(db.session(), record.unit_id))

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """Defects for 甲方客服, doubts of the buyer for his consultant."""
        acts = []
        if record.state not in (S.PREPARED, S.NOTIFIED, S.VOID) and actor.holds(SERVICE, record.project_id):
            acts.append(Link(_("登记问题"), f"/handover-defect/add?handover_id={record.id}", icon="plus"))
        if record.state in OPEN and actor.holds(AGENTS, record.project_id):
            url = f"/doubt/add?occasion=handover&reservation_id={record.reservation_id}"
            acts.append(Link(_("提疑难单"), url, icon="warn"))
        return acts

    def note(self, record: Any, actor: Actor) -> Html:
        """How long it is overdue; what a refusal waits for."""
        if record.state is S.REFUSED:
            return _("拒收成立：登记问题后转整改，复验通过再继续。")
        late = (now().date() - record.due_on).days if record.due_on and record.state in BEFORE_KEYS else 0
        return _("已超过应收楼日 %(n)s 天；通知已签收的可按约定视为交付。", n=late) if late > 0 else ""


def dues_card(handover: Handover, _actor: Actor) -> Card | None:
    """缴费核对: what is still owed, the area difference included."""
    if handover.state not in OPEN:
        return None
    dues, area = dues_of(db.session(), handover), area_open(db.session(), handover)
    facts = [Fact(_(due.name), _("欠 %(n)s 元", n=format_amount(due.amount))) for due in dues]
    if area:
        facts.append(Fact(_("面积补差"), _(area)))
    if not facts:
        facts.append(Fact(_("房款与补差"), _("已结清")))
    return Card(_("缴费核对"), "facts", facts=tuple(facts))
