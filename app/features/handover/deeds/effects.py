"""What a title deed needs and what follows: list of papers, days, taxes on file, whole batches, the flat's word (02 §2.2.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.archive.checklists import await_on_file, missing_names
from app.features.archive.folders.effects import reach_stage
from app.features.archive.models import Stage
from app.features.deals.archiving import folder_for
from app.features.deals.contracts.models import Contract
from app.features.handover.deeds.models import DeedBatch, DeedPaper, DeedState, TitleDeed
from app.features.handover.deeds.rules import CHECKLIST, FROM_TAXES, due_days, require_in_order, require_taxes
from app.features.handover.household import UNSCOPED, contracts_of, follow, unit_of
from app.features.organisation.numbers import number_for
from app.features.organisation.parameters import parameters
from app.features.units import effects as units
from app.features.units.models import Unit, UnitState
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.workflow import Act, as_step, fire

CODES = {name: code for code, name, _copies in CHECKLIST}


def fill(session: Session, deed: TitleDeed, contract: Contract) -> None:
    """Household, days and list of papers; the lines lie in the scope of the deed."""
    follow(deed, contract)
    deed.handed_on = unit_of(session, contract).handed_on
    days = parameters(session, contract.project_id, ("deed_filing_days", "deed_days"))
    deed.filing_due_on, deed.deed_due_on = due_days(deed.handed_on, days["deed_filing_days"], days["deed_days"])
    if not deed.papers:
        deed.papers = [DeedPaper(name=name, copies=copies) for _code, name, copies in CHECKLIST]
    for paper in deed.papers:
        paper.code, paper.copies, paper.note = CODES.get(paper.name, ""), paper.copies or 1, paper.note or ""
        paper.project_id, paper.owner_id = deed.project_id, deed.owner_id
        paper.partner_id, paper.team_id = deed.partner_id, deed.team_id


def begin(session: Session, actor: Actor, deed: TitleDeed) -> None:
    """A new deed has its number; its household has reached 办证."""
    deed.number = deed.number or number_for(session, deed, now().date())
    session.flush()
    folder = folder_for(session, deed.reservation_id)
    if folder is not None:
        reach_stage(session, folder, Stage.TITLE, now().date())
    tell_unit(session, actor, deed)


def tell_unit(session: Session, actor: Actor, deed: TitleDeed) -> None:
    """产权状态 of the flat."""
    word = "" if deed.state is DeedState.VOID else deed.state.label
    units.note_progress(session, units.locked_unit(session, deed.unit_id, actor), title_state=word)


def move_on(act: Act) -> None:
    """After every step the flat says where its deed is."""
    act.session.flush()
    tell_unit(act.session, act.actor, act.document)


def file_papers(session: Session, actor: Actor, deed: TitleDeed) -> None:
    """What came in is awaited on file."""
    folder = folder_for(session, deed.reservation_id)
    if folder is not None:
        await_on_file(session, actor, folder, ("title_deed", deed.id), deed.papers)


# --- one deed -----------------------------------------------------------------------------------------------------


def note_first(act: Act) -> None:
    require_in_order(act.form["on"], None, act.at.date(), "首次登记日期")
    act.document.first_registered_on = act.form["on"]


def receive_rest(act: Act) -> None:
    """All papers but those that come with the taxes."""
    require_in_order(act.form["on"], None, act.at.date(), "收到日期")
    for paper in act.document.papers:
        if paper.code not in FROM_TAXES:
            paper.received_on = paper.received_on or act.form["on"]
    file_papers(act.session, act.actor, act.document)


def papers_are_there(act: Act) -> None:
    """Before the taxes are paid everything else is there."""
    missing = missing_names([paper for paper in act.document.papers if paper.code not in FROM_TAXES])
    if missing:
        raise RuleError("资料还没有收齐，缺：{names}", names="、".join(missing))


def everything_is_there(act: Act) -> None:
    """At the registry nothing may be missing."""
    missing = missing_names(act.document.papers)
    if missing:
        raise RuleError("资料还没有收齐，缺：{names}", names="、".join(missing))


def note_taxes(act: Act) -> None:
    """契税 and 维修资金 with their papers, which are on the list from now on."""
    deed: TitleDeed = act.document
    require_in_order(act.form["on"], None, act.at.date(), "缴税日期")
    tax_no, fund_no = act.get("deed_tax_no") or "", act.get("repair_fund_no") or ""
    require_taxes(act.form["deed_tax"], tax_no, act.form["repair_fund"], fund_no)
    deed.deed_tax, deed.deed_tax_no, deed.taxed_on = act.form["deed_tax"], tax_no, act.form["on"]
    deed.repair_fund, deed.repair_fund_no = act.form["repair_fund"], fund_no
    for paper in deed.papers:
        if paper.code in FROM_TAXES:
            paper.received_on = paper.received_on or deed.taxed_on
    file_papers(act.session, act.actor, deed)


def note_submission(act: Act) -> None:
    deed: TitleDeed = act.document
    require_in_order(act.form["on"], deed.taxed_on, act.at.date(), "送件日期")
    deed.submitted_on, deed.acceptance_no, deed.returned_why = act.form["on"], act.form["acceptance_no"], ""


def note_return(act: Act) -> None:
    """退件: why, so that it is mended."""
    act.document.returned_why = act.note[:200]


def note_issue(act: Act) -> None:
    """出证: the number of the 不动产权证."""
    deed: TitleDeed = act.document
    require_in_order(act.form["on"], deed.submitted_on, act.at.date(), "出证日期")
    deed.certificate_no = act.get("certificate_no") or deed.certificate_no
    if not deed.certificate_no:
        raise RuleError("请填写不动产权证号", field="certificate_no")
    deed.issued_on = act.form["on"]


def note_collection(act: Act) -> None:
    deed: TitleDeed = act.document
    require_in_order(act.form["on"], deed.issued_on, act.at.date(), "领证日期")
    deed.collected_on, deed.collected_by = act.form["on"], act.form["collected_by"]


# --- a batch ------------------------------------------------------------------------------------------------------


def open_deeds(act: Act) -> None:
    """Every flat of the building that was handed over and has no deed yet gets one; those that wait take the first registration."""
    batch: DeedBatch = act.document
    batch.number = batch.number or number_for(act.session, batch, act.at.date())
    query = select(Unit.id).where(Unit.building_id == batch.building_id, Unit.state == UnitState.HAND)
    ids = list(act.session.scalars(query, execution_options=UNSCOPED))
    alive = select(TitleDeed).where(TitleDeed.unit_id.in_(ids), TitleDeed.state != DeedState.VOID)
    known = list(act.session.scalars(alive, execution_options=UNSCOPED))
    orders = {deed.reservation_id for deed in known}
    fresh = [contract for contract in contracts_of(act.session, ids) if contract.reservation_id not in orders]
    if not fresh and not known:
        raise RuleError("这栋楼还没有已交付的房源", field="building_id")
    made = _make(act.session, act.actor, batch, fresh)
    waiting = [deed for deed in [*known, *made] if deed.state is DeedState.INITIAL]
    if batch.first_registered_on is not None:
        for deed in waiting:
            fire(act.session, deed, "register_first", act.actor, internal=True, on=batch.first_registered_on)


def _make(session: Session, actor: Actor, batch: DeedBatch, contracts: Sequence[Contract]) -> list[TitleDeed]:
    made = []
    with as_step(session):
        for contract in contracts:
            deed = TitleDeed(batch_id=batch.id, created_by=actor.person_id)
            fill(session, deed, contract)
            session.add(deed)
            begin(session, actor, deed)
            made.append(deed)
    return made


def deeds_of(session: Session, batch: DeedBatch, state: DeedState) -> list[TitleDeed]:
    """Deeds of a batch that stand at this step, in the order of the flats."""
    query = select(TitleDeed).where(TitleDeed.batch_id == batch.id, TitleDeed.state == state)
    return list(session.scalars(query.order_by(TitleDeed.unit_id), execution_options=UNSCOPED))


def submit_batch(act: Act) -> None:
    """送件: every deed that is ready goes to the registry under one acceptance number."""
    batch: DeedBatch = act.document
    ready = deeds_of(act.session, batch, DeedState.READY)
    if not ready:
        raise RuleError("这一批还没有「待送件」的房源")
    require_in_order(act.form["on"], None, act.at.date(), "送件日期")
    batch.submitted_on, batch.acceptance_no = act.form["on"], act.form["acceptance_no"]
    _each(act, ready, "submit", on=batch.submitted_on, acceptance_no=batch.acceptance_no)


def issue_batch(act: Act) -> None:
    """出证: those whose certificate number is on file; the others are entered one by one."""
    batch: DeedBatch = act.document
    issued = deeds_of(act.session, batch, DeedState.SUBMITTED)
    lacking = [deed.unit.full_name for deed in issued if not deed.certificate_no]
    if lacking:
        raise RuleError(
            "还有 {n} 套没有不动产权证号（{names}），请先导入或逐套填写", n=len(lacking), names="、".join(lacking[:5])
        )
    require_in_order(act.form["on"], batch.submitted_on, act.at.date(), "出证日期")
    batch.issued_on = act.form["on"]
    _each(act, issued, "issue", on=batch.issued_on)


def _each(act: Act, deeds: Sequence[TitleDeed], name: str, **form: Any) -> None:
    for deed in deeds:
        fire(act.session, deed, name, act.actor, internal=True, note=str(act.document), **form)


def late_since(deed: TitleDeed, today: date) -> int:
    """Days beyond the day of the certificate; 0 in time."""
    return max(0, (today - deed.deed_due_on).days) if deed.deed_due_on is not None else 0
