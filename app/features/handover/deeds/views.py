"""办证批次 and 办证单."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, exists, select
from sqlalchemy.orm import selectinload

from app.extensions import db
from app.features.archive.checklists import check_rows
from app.features.handover.category import CATEGORY
from app.features.handover.deeds.certificates_in import CERTIFICATES_IN
from app.features.handover.deeds.effects import begin, file_papers, fill, late_since
from app.features.handover.deeds.models import (
    BEFORE_ISSUE,
    BEFORE_SUBMISSION,
    OFFICERS,
    DeedBatch,
    DeedPaper,
    DeedState,
    TitleDeed,
)
from app.features.handover.household import required_contract
from app.features.handover.readers import EXPORTERS
from app.features.units.models import Building, Unit, UnitState
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.screens.lines import Lines
from app.kernel.screens.parts import Html, Link, Table
from app.kernel.screens.related import table_of
from app.kernel.screens.view import DocumentView


def late_filing(query: Select[Any], _actor: Actor) -> Select[Any]:
    """Papers should be with the registry by now."""
    return query.where(TitleDeed.state.in_(BEFORE_SUBMISSION), TitleDeed.filing_due_on < now().date())


def late_deeds(query: Select[Any], _actor: Actor) -> Select[Any]:
    """The certificate should be out by now."""
    return query.where(TitleDeed.state.in_(BEFORE_ISSUE), TitleDeed.deed_due_on < now().date())


def _lacking(query: Select[Any], _actor: Actor) -> Select[Any]:
    missing = exists().where(DeedPaper.deed_id == TitleDeed.id, DeedPaper.received_on.is_(None))
    return query.where(TitleDeed.state.in_(BEFORE_SUBMISSION), missing)


def _to_fetch(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(TitleDeed.state == DeedState.ISSUED)


class DeedBatchView(DocumentView):
    """办证批次 (02 §2.2.2)."""

    model = DeedBatch
    readers = TitleDeed.audience.posts
    label = L("办证批次")
    category = CATEGORY
    icon = "arch"
    creators = OFFICERS
    listed = (
        "number",
        "name",
        "building",
        "first_registered_on",
        "office",
        "submitted_on",
        "acceptance_no",
        "issued_on",
        "state",
    )
    filters = ("state", "building_id")
    search = ("number", "name", "acceptance_no")
    empty_hint = L("一栋楼首次登记（大证）办好后，在这里建批次并生成办证单。")
    form = ("name", "building_id", "first_registered_on", "first_no", "office", "note")
    fact_groups = (
        (L("要点"), ("name", "building", "first_registered_on", "first_no", "office", "submitted_on", "acceptance_no", "issued_on", "note")),
    )  # fmt: skip

    def check(self, record: Any, actor: Actor) -> None:
        """A building of the project."""
        building = db.session.scalars(select(Building).where(Building.id == record.building_id)).first()
        if building is None or building.project_id != record.project_id:
            raise RuleError("请选择本项目的楼栋", field="building_id")
        if record.first_registered_on is not None and record.first_registered_on > now().date():
            raise RuleError("首次登记日不能晚于今天", field="first_registered_on")


class TitleDeedView(DocumentView):
    """办证单 (02 §2.2.2)."""

    model = TitleDeed
    label = L("办证单")
    category = CATEGORY
    icon = "file"
    creators = OFFICERS
    exporters = EXPORTERS
    importable = CERTIFICATES_IN
    editable_states = BEFORE_ISSUE
    listed = (
        "number", "unit", "buyers", "handed_on", "filing_due_on", "deed_due_on", "lacks", "submitted_on", "certificate_no", "state",
    )  # fmt: skip
    filters = ("state", "batch_id", "owner_id")
    search = ("number", "unit.full_name", "contract_no", "certificate_no")
    sortable = ("deed_due_on", "filing_due_on")
    loads = (selectinload(TitleDeed.papers),)
    deadlines: ClassVar = {
        "filing_due_on": lambda deed: deed.state in BEFORE_SUBMISSION,
        "deed_due_on": lambda deed: deed.state in BEFORE_ISSUE,
    }
    chips = (
        ("lacking", L("缺资料"), _lacking), ("late-filing", L("送件逾期"), late_filing), ("late", L("出证逾期"), late_deeds),
        ("fetch", L("待领证"), _to_fetch),
    )  # fmt: skip
    search_hint = L("编号、房号、合同号、不动产权证号")
    empty_hint = L("在「办证批次」里按楼栋一次生成；单独一套的在这里新增。")
    form = ("unit_id", "batch_id", "certificate_no", "note")
    lines = Lines("papers", ("name", "copies", "received_on", "note"), L("资料清单"), least=0)
    pick_filters: ClassVar = {"unit_id": lambda query: query.where(Unit.state.in_((UnitState.SIGN, UnitState.HAND)))}
    fact_groups = (
        (L("要点"), ("unit", "buyers", "contract_no", "owner_id", "batch", "handed_on", "filing_due_on", "deed_due_on", "note")),
        (L("办理事实"), ("first_registered_on", "taxed_on", "deed_tax", "deed_tax_no", "repair_fund", "repair_fund_no", "submitted_on",
                      "acceptance_no", "returned_why", "issued_on", "certificate_no", "collected_on", "collected_by")),
    )  # fmt: skip

    def check(self, record: Any, actor: Actor) -> None:
        """Of a flat that was signed for; the usual list to begin with."""
        fill(db.session(), record, required_contract(db.session(), record.unit_id))
        check_rows(record.papers, now().date())

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """Number, stage of the household, papers on file."""
        if new:
            begin(db.session(), actor, record)
        file_papers(db.session(), actor, record)

    def due(self, record: Any, actor: Actor) -> Link | None:
        """Papers come in one by one; only when none is missing the next step makes sense."""
        waits = record.state is DeedState.COLLECTING and record.missing and self.may_edit(record, actor)
        return Link(_("登记收到的资料"), self.edit_url(record.id), icon="edit") if waits else None

    def note(self, record: Any, actor: Actor) -> Html:
        """What is missing, what was sent back, how late it is."""
        words = []
        if record.state in BEFORE_SUBMISSION and record.missing:
            words.append(_("还缺：%(names)s。", names=record.missing))
        if record.returned_why and record.state in BEFORE_SUBMISSION:
            words.append(_("退件原因：%(why)s。", why=record.returned_why))
        late = late_since(record, now().date()) if record.state in BEFORE_ISSUE else 0
        if late:
            words.append(_("已超过应出证日 %(n)s 天。", n=late))
        return "".join(words)


def deeds_of_batch(batch: DeedBatch, actor: Actor) -> Table:
    """The flats of a batch."""
    query = select(TitleDeed).where(TitleDeed.batch_id == batch.id).order_by(TitleDeed.unit_id).limit(500)
    names = ("number", "unit", "buyers", "submitted_on", "certificate_no", "state")
    return table_of(TitleDeed, names, db.session.scalars(query).all(), actor)
