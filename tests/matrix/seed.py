"""One paper of each kind in project A, all of consultant1: what the clones are copied from."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.features.archive.folders.models import Folder
from app.features.complaints.actions.models import CorrectiveAction
from app.features.complaints.cases.models import CaseAbout, CaseSource, Complaint
from app.features.complaints.incidents.models import Dispute, DisputeKind, Incident, IncidentKind
from app.features.complaints.internal.models import InternalAbout, InternalComplaint
from app.features.complaints.suggestions.models import Proposer, Suggestion, SuggestionAbout
from app.features.customers.analysis.models import IntentAnalysis
from app.features.customers.assists.models import AssistPlace, AssistRequest, Difficulty
from app.features.customers.channels.choices import Verdict
from app.features.customers.channels.models import ChannelCompany, ChannelReport
from app.features.customers.choices import ConsentChannel, ContactKind, FollowMethod, FollowResult, Grade, Source
from app.features.customers.claims.choices import Ground, Relation, Ruling
from app.features.customers.claims.models import OwnershipClaim, Relative
from app.features.customers.consents.models import Consent, ConsentText, Purpose
from app.features.customers.leavers.models import CustomerTransfer, TransferLine
from app.features.customers.models import Contact, Customer, FollowUp
from app.features.customers.owners.models import OwnerRule, OwnershipChange
from app.features.customers.pool.models import PoolEntry
from app.features.customers.quotes.effects import Wish, make_quote
from app.features.customers.referrals.models import Referral
from app.features.customers.rotation.choices import Channel, Visitor
from app.features.customers.rotation.effects import assign
from app.features.customers.rotation.models import ReceptionPlace, RotaEntry, RotationPosting
from app.features.customers.rotation.rules import Asked
from app.features.customers.scripts.models import SalesScript, Topic
from app.features.customers.statistics.rules import week_of
from app.features.customers.statistics_reports.models import StatisticsReport
from app.features.customers.statistics_reports.rules import Figures, kept
from app.features.deals.changes.models import ChangeKind, ChangeRequest, FaultOf
from app.features.deals.doubts.models import Doubt, Occasion
from app.features.deals.mortgages.models import LoanKind, Mortgage, MortgagePaper, Repayment
from app.features.deals.reservations.models import Reservation
from app.features.deals.takeover.models import Stage, TakeOver, TakeOverDue, TakeOverOrder, TakeOverReceipt
from app.features.dossiers.models import BatchKind, DossierBatch, DossierFile
from app.features.handover.areas.models import AreaSettlement
from app.features.handover.deeds.models import DeedBatch, DeedPaper, TitleDeed
from app.features.handover.defects.models import DefectKind, HandoverDefect
from app.features.handover.handings.models import Handover, HandoverBatch
from app.features.handover.late.models import LateBatch, LateHome
from app.features.organisation.models import CalendarDay, CalendarName, Delegation, Parameter, PostName
from app.features.payments.effects import account_of, enter_receipt
from app.features.payments.models import FundKind, Method, PaymentNotice, Refund
from app.features.pricing.models import PriceLine, PriceList, PriceNotice, PriceNoticeKind, SchemeState
from app.features.privacy.breaches.models import Breach, BreachKind
from app.features.privacy.purge.models import PurgeRow, PurgeRun
from app.features.privacy.requests.models import PersonRequest, RequestKind
from app.features.service.checks.models import ServiceCheck, ServiceCheckLine
from app.features.service.mystery.models import MysteryVisit
from app.features.service.ratings.models import RatingDesk, ServiceRating
from app.features.units.models import (
    ControlKind,
    ControlLine,
    ControlOrder,
    EntryKind,
    Hold,
    PricingBasis,
    ReleaseBatch,
    ReleaseLine,
    UnitEntry,
    UnitState,
)
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.attachments import Attachment
from app.kernel.attachments import store as file_store
from app.kernel.base import now
from tests.cast import Cast
from tests.factories import saved
from tests.features.archive import files, registers
from tests.features.deals import orders
from tests.features.office import claims, store
from tests.features.pricing import papers
from tests.features.units import makers
from tests.kernel.pdfs import pdf

FLOOR_PRICE = Decimal("9753.57")  # digits that no other price has
FLOOR_DIGITS = ("9,753.57", "9753.57", "975357", "873,237", "873237")  # the unit price, and × 89.53 ㎡


def seed(cast: Cast) -> None:
    """The papers of project A; every table with a screen gets at least one row."""
    unit = _units(cast)
    _prices(cast, unit)
    customer = _customers(cast, unit)
    _deals(cast, customer)
    _owners(cast, customer)
    _archive(cast)
    _privacy(cast, customer)
    _organisation(cast)
    _task(cast)
    _list_setting(cast)
    _import(cast)
    _office(cast)
    _complaints(cast, customer)
    _outbox(cast)


def _archive(cast: Cast) -> None:
    """The folder and the papers of the effective order are there already; a file of the site beside them."""
    shelf = files.site_file(cast, "内部流程", received_from="来自", note="备注")
    folder = saved_first(cast, Folder)
    paper = files.paper(cast, folder)
    registers.loan(cast, paper, None, outsider="外部")
    registers.loan(cast, shelf, None, outsider="外部")
    orders.step(cast, registers.handover(cast, note="备注"), "put", "clerk", folder=None, numbers=paper.number)
    registers.incoming(cast, note="摘要", their_number="字号")
    registers.outgoing(cast)
    registers.seal_use(cast)
    registers.regulation(cast, changes="说明")
    registers.paper_template(cast, changes="说明")


def _privacy(cast: Cast, customer: Customer) -> None:
    """Consents, a batch with the file of the customer, a request, a list of old visitors, a leak."""
    a, session, today = cast.project_ids["a"], cast.session, now().date()
    by_head = {"project_id": a, "created_by": cast.person_ids["supervisor"]}
    mine = {"customer_id": customer.id, "project_id": a, "owner_id": customer.owner_id, "team_id": customer.team_id}
    saved(
        session,
        ConsentText(edition="2026-01", handler="处理者", contact="联系", content="正文", changes="说明", **by_head),
    )
    saved(
        session, Consent(purpose=Purpose.BASIC, edition="2026-01", channel=ConsentChannel.PAPER, given_at=now(), **mine)
    )
    batch = saved(session, DossierBatch(kind=BatchKind.INTENT, note="说明", **by_head))
    saved(session, DossierFile(
        batch_id=batch.id, customer_id=customer.id, customer_name="王伟", phones="10000001234", concerns="关注", project_id=a
    ))  # fmt: skip
    nothing = Figures({}, [], [], [], signed=0, lost=0)
    saved(session, StatisticsReport(
        conclusion="结论", advice="建议", opinion="意见", first_on=week_of(today).first, last_on=week_of(today).last, figures=kept(nothing), **by_head
    ))  # fmt: skip
    saved(session, PersonRequest(kind=RequestKind.ACCESS, asked_on=today, content="内容", due_on=today, **mine))
    run = saved(session, PurgeRun(project_id=a, before=today, months=24, found=1))
    saved(session, PurgeRow(project_id=a, run_id=run.id, customer_id=customer.id, last_contact_on=today))
    saved(session, Breach(
        number="XL-A-1", kind=BreachKind.MISSENT, found_at=now(), what="经过", data_kinds="姓名", persons=1, due_at=now() + timedelta(days=3), **by_head
    ))  # fmt: skip


def saved_first(cast: Cast, model: Any) -> Any:
    """The first row of a model."""
    with acting_as(SYSTEM):
        return cast.session.query(model).order_by(model.id).first()


def _units(cast: Cast) -> Any:
    a, session = cast.project_ids["a"], cast.session
    unit = makers.house(cast, "1102", "1103", "1104")[0]
    makers.unit_type(cast)
    waiting = makers.unit(cast, makers.home_of(cast, unit), "1105", **makers.FOR_SALE)
    batch = saved(session, ReleaseBatch(project_id=a, name="第 2 批", planned_on=now().date(), note="说明"))
    saved(session, ReleaseLine(project_id=a, batch_id=batch.id, unit_id=waiting.id))
    order = saved(session, ControlOrder(
        project_id=a, kind=ControlKind.NOTICE, content="内容", reason="原因", held_for="为谁",
        created_by=cast.person_ids["supervisor"],
    ))  # fmt: skip
    saved(session, ControlLine(project_id=a, order_id=order.id, unit_id=unit.id))
    saved(session, Hold(
        project_id=a, unit_id=unit.id, held_for="为谁", hours=12, reason="原因", created_by=cast.person_ids["supervisor"]
    ))  # fmt: skip
    saved(session, UnitEntry(
        project_id=a, kind=EntryKind.IMPORT, file_name="房源.xlsx", units_count=1, summary="内容",
        created_by=cast.person_ids["clerk"],
    ))  # fmt: skip
    held = saved(session, makers.unit(cast, makers.home_of(cast, unit), "1106", **makers.FOR_SALE))
    change(
        cast,
        held,
        state=UnitState.HOLD,
        held_for="为谁",
        held_until=now() + timedelta(hours=5),
        hold_by=cast.person_ids["supervisor"],
    )
    return unit


def change(cast: Cast, record: Any, **values: Any) -> None:
    """Write columns as they are, without any step."""
    from sqlalchemy import update

    from app.kernel.actors import SYSTEM
    from app.kernel.transactions import write

    table = type(record).__table__
    with acting_as(SYSTEM):
        write(cast.session, lambda: cast.session.execute(update(table).where(table.c.id == record.id).values(**values)))


def _prices(cast: Cast, unit: Any) -> None:
    a, session = cast.project_ids["a"], cast.session
    made_by = {"created_by": cast.person_ids["site_manager"]}
    prices = saved(
        session, PriceList(project_id=a, name="首期价目表", effective_on=now().date(), reason="原因", **made_by)
    )
    saved(session, PriceLine(
        project_id=a, price_list_id=prices.id, unit_id=unit.id, list_unit_price=Decimal(12800), list_total=Decimal(1145984),
        floor_unit_price=FLOOR_PRICE, filed_unit_price=Decimal(13000),
    ))  # fmt: skip
    saved(session, PriceNotice(
        project_id=a, title="价目表今起生效", kind=PriceNoticeKind.PRICES, holds_from=now().date(), body="内容", source_id=prices.id
    ))  # fmt: skip
    draft = {"state": SchemeState.DRAFT}
    papers.sales(cast, papers.IN_TIME, name="下月方案", **draft)  # first: the matrix asks for drafts
    papers.mortgage(cast, name="下月按揭", **draft)
    papers.sales(cast, papers.IN_TIME, papers.FIXED)
    papers.mortgage(cast)
    papers.mandate(cast)


def _customers(cast: Cast, unit: Any) -> Customer:
    customer = orders.customer(cast)
    actor = cast.actor("consultant1")
    mortgage = papers.mortgage(cast, name="商业按揭二")
    with acting_as(actor):
        make_quote(cast.session, actor, Wish(customer.id, unit.id, mortgage.id))
    mine = {"project_id": customer.project_id, "owner_id": customer.owner_id, "team_id": customer.team_id}
    saved(cast.session, FollowUp(
        customer_id=customer.id, at=now(), method=next(iter(FollowMethod)), result=next(iter(FollowResult)), valid=True,
        content="内容", grade_before=Grade.A, grade_after=Grade.A, by_id=actor.person_id, **mine,
    ))  # fmt: skip
    saved(cast.session, Contact(
        customer_id=customer.id, at=now(), kind=next(iter(ContactKind)), receiver_id=actor.person_id,
        source=next(iter(Source)), needs="需求", called="称呼", **mine,
    ))  # fmt: skip
    _rotation(cast, customer)
    _insight(cast, customer, mine)
    identity = {"id_number": orders.ID_NUMBER, "id_address": "地址", "mail_address": "地址", "concerns": "关注"}
    change(cast, customer, **identity)
    return customer


def _owners(cast: Cast, customer: Customer) -> None:
    """A customer in the 公海, a case, relatives, a channel with its report, a referral, a hand-over; all of consultant1."""
    whose = {"project_id": customer.project_id, "owner_id": customer.owner_id, "team_id": customer.team_id}
    by = {"created_by": customer.owner_id}
    other, pooled = orders.customer(cast, phone="10000007781"), orders.customer(cast, phone="10000007782")
    saved(cast.session, PoolEntry(
        project_id=customer.project_id, customer_id=pooled.id, called="王*", grade=Grade.C, source=pooled.source, first_at=now(),
        last_contact_at=now(), entered_at=now(), rule=OwnerRule.POOLED, reason="原因",
    ))  # fmt: skip
    saved(cast.session, OwnershipChange(
        customer_id=customer.id, at=now(), rule=OwnerRule.CHANGED, by_id=customer.owner_id, by_name="林晓", note="原因", **whose,
    ))  # fmt: skip
    saved(cast.session, OwnershipClaim(
        customer_id=customer.id, customer_name="王*", ground=Ground.KNOWN, met_at=now(), story="说明", proposal=Ruling.FIRST,
        proposal_why="理由", number="PQ-1", **by, **whose,
    ))  # fmt: skip
    saved(cast.session, Relative(
        customer_id=customer.id, relative_id=other.id, customer_name="王伟", relative_name="李娜", relation=Relation.SPOUSE, reason="依据",
        **by, **whose,
    ))  # fmt: skip
    company = saved(
        cast.session,
        ChannelCompany(project_id=customer.project_id, name="安家经纪", contact="联系人", contract_no="QD-1"),
    )
    saved(cast.session, ChannelReport(
        channel_id=company.id, broker="经纪人", called="王先生", phone="100****1234", part_digest="0" * 64, remark="备注",
        proposal=Verdict.VALID, proposal_why="依据", number="BB-1", **by, **whose,
    ))  # fmt: skip
    saved(cast.session, Referral(
        referrer_id=other.id, customer_id=customer.id, referrer_name="李娜", customer_name="王伟", reward="购物卡", number="LD-1", **by, **whose,
    ))  # fmt: skip
    transfer = saved(
        cast.session, CustomerTransfer(project_id=customer.project_id, from_id=customer.owner_id, remark="说明")
    )
    saved(
        cast.session,
        TransferLine(project_id=customer.project_id, transfer_id=transfer.id, to_id=cast.person_ids["consultant2"]),
    )


def _rotation(cast: Cast, customer: Customer) -> None:
    """A place with its duty list, a turn of consultant1 that is not registered, and a 公示 of it."""
    a, day = {"project_id": customer.project_id}, now().date()
    place = saved(cast.session, ReceptionPlace(name="A1", **a))
    me = cast.person_ids["consultant1"]
    saved(cast.session, RotaEntry(day=day, place_id=place.id, person_id=me, position=1, **a))
    with acting_as(cast.actor("consultant1")):
        turn = assign(cast.session, cast.actor("consultant1"), place.id, Channel.VISIT, Asked(Visitor.NEW))
    saved(cast.session, RotationPosting(
        customer_id=customer.id, turn_id=turn.id, called="王*", phone="100****1234", came_at=now(), receiver_id=me,
        until=now() + timedelta(days=2), evidence="依据", **a,
    ))  # fmt: skip


def _insight(cast: Cast, customer: Customer, mine: dict[str, Any]) -> None:
    saved(cast.session, IntentAnalysis(
        customer_id=customer.id, grade="A", situation="情况", doubts="疑虑", counter="应对", offered="房源", next_step="下一步",
        next_on=now().date() + timedelta(days=1), advice="建议", outcome="落实", **mine,
    ))  # fmt: skip
    saved(cast.session, AssistRequest(
        number="XZ-JPYL-2026-0001", customer_id=customer.id, difficulty=Difficulty.PRICE, place=AssistPlace.TABLE, question="情况",
        asked_at=now(), due_at=now() + timedelta(minutes=10), result="说明", **mine,
    ))  # fmt: skip
    script = saved(cast.session, SalesScript(
        number="KJ-JPYL-2026-0001", project_id=customer.project_id, title="问题", topic=Topic.PRICE, content="回答", never="不得",
        basis="依据", changes="说明",
    ))  # fmt: skip
    change(cast, script, origin_id=script.id)


def _deals(cast: Cast, customer: Customer) -> None:
    paid_by = orders.scheme(cast)
    orders.filled(cast, orders.locked(cast, orders.unit(cast, "1201"), customer), paid_by)
    waiting = orders.filled(cast, orders.locked(cast, orders.unit(cast, "1202"), customer), paid_by)
    orders.step(cast, waiting, "submit", "consultant1")
    effective = orders.effective(cast, orders.unit(cast, "1203"), customer, paid_by)
    orders.discount(cast, orders.unit(cast, "1204"), customer, paid_by, "1100000")
    orders.contract(cast, effective)
    orders.intention(cast, customer, orders.unit(cast, "1205"))
    orders.slip(cast, effective)
    orders.contract_set(cast, effective)
    orders.forms(cast)
    orders.booking(cast, orders.filled(cast, orders.locked(cast, orders.unit(cast, "1206"), customer), paid_by))
    _money(cast, effective)
    _take_over(cast, effective)
    _aftercare(cast, effective)
    with acting_as(SYSTEM):
        _handover(cast, effective)
    saved(cast.session, ChangeRequest(
        kind=ChangeKind.WITHDRAWAL, reservation_id=effective.id, unit_id=effective.unit_id, customer_id=customer.id,
        customer_name="王伟", fault=FaultOf.NOBODY, reason="原因", created_by=cast.person_ids["consultant1"],
        submitted_by=cast.person_ids["consultant1"], **_owned(effective),
    ))  # fmt: skip


def _take_over(cast: Cast, order: Reservation) -> None:
    own = {**_owned(order), "created_by": cast.person_ids["clerk"]}
    sums = dict.fromkeys(("total_expected", "received_expected", "owed_expected"), Decimal(1))
    paper = saved(
        cast.session, TakeOver(as_of=now().date(), orders_expected=1, signed_expected=0, note="说明", **sums, **own)
    )
    row = {"take_over_id": paper.id, "unit_id": order.unit_id, **own}
    saved(cast.session, TakeOverOrder(
        buyer="王伟", id_number=orders.ID_NUMBER, phone="10000001299", seller_id=cast.person_ids["consultant1"], stage=Stage.ORDERED,
        reserved_on=now().date(), scheme_id=order.scheme_id, total=Decimal(1000), deposit=Decimal(10), **row,
    ))  # fmt: skip
    saved(cast.session, TakeOverDue(kind=FundKind.PRICE, amount=Decimal(1000), **row))
    saved(
        cast.session,
        TakeOverReceipt(kind=FundKind.DEPOSIT, amount=Decimal(10), paid_on=now().date(), reference="S1", **row),
    )


def _aftercare(cast: Cast, order: Reservation) -> None:
    """A loan with its list of papers, and a doubt."""
    whose = {
        **_owned(order),
        "reservation_id": order.id,
        "unit_id": order.unit_id,
        "customer_id": order.customer_id,
        "customer_name": "王伟",
    }
    loan = saved(cast.session, Mortgage(
        kind=LoanKind.BANK, lender="江城银行", total=Decimal(1106834), amount=Decimal(770000), repayment=Repayment.LEVEL, note="备注",
        created_by=cast.person_ids["contract_officer"], **whose,
    ))  # fmt: skip
    saved(cast.session, MortgagePaper(mortgage_id=loan.id, name="收入证明", **_owned(order)))
    saved(cast.session, Doubt(occasion=Occasion.SIGNING, question="问题", created_by=cast.person_ids["consultant1"],
                              submitted_by=cast.person_ids["consultant1"], **whose))  # fmt: skip


def _handover(cast: Cast, order: Reservation) -> None:
    """Survey, handover with a defect, title deed — of the effective order, as if it were signed."""
    a, session, today = cast.project_ids["a"], cast.session, now().date()
    by_service, by_officer = (
        {"created_by": cast.person_ids[login]} for login in ("developer_service", "contract_officer")
    )
    whose = {
        **_owned(order),
        "reservation_id": order.id,
        "unit_id": order.unit_id,
        "customer_id": order.customer_id,
        "buyers": "王伟",
    }
    building = {"project_id": a, "building_id": order.unit.building_id}
    saved(session, AreaSettlement(
        surveyed_area=Decimal("90.53"), contract_area=Decimal("89.53"), unit_price=Decimal(12800), basis=PricingBasis.BUILDING_AREA,
        clause="条款", note="备注", **by_service, **whose,
    ))  # fmt: skip
    batch = saved(session, HandoverBatch(
        name="首批", completion_no="JG-1", completion_on=today, from_on=today, until_on=today, note="备注", **by_service, **building,
    ))  # fmt: skip
    handing = saved(
        session,
        Handover(
            batch_id=batch.id, note="备注", submitted_by=cast.person_ids["developer_service"], **by_service, **whose
        ),
    )
    saved(session, HandoverDefect(
        handover_id=handing.id, place="厨房", kind=DefectKind.LEAK, description="渗水", contractor="单位", **by_service, **whose,
    ))  # fmt: skip
    late = saved(
        session,
        LateBatch(
            until_on=today, note="备注", submitted_by=cast.person_ids["developer_service"], **by_service, **building
        ),
    )
    saved(session, LateHome(
        batch_id=late.id, promised_on=today - timedelta(days=10), from_on=today - timedelta(days=10), until_on=today, days=10,
        paid=Decimal(20000), rate=Decimal("0.0001"), amount=Decimal(20), **by_service, **whose,
    ))  # fmt: skip
    deeds = saved(session, DeedBatch(name="第 1 批", note="备注", **by_officer, **building))
    deed = saved(session, TitleDeed(batch_id=deeds.id, note="备注", **by_officer, **whose))
    saved(session, DeedPaper(deed_id=deed.id, name="测绘成果表", **_owned(order)))


def _complaints(cast: Cast, customer: Customer) -> None:
    """What consultant1 wrote down, about nobody; a rating of him, a check of him, both reports; the raised internal one."""
    today = now()
    mine = {**_owned(customer), "created_by": cast.person_ids["consultant1"]}
    checked = mine | {"created_by": cast.person_ids["supervisor"]}
    case = saved(cast.session, Complaint(
        source=CaseSource.SITE, about=CaseAbout.SERVICE, customer_name="王伟", phone="10000001298", facts="事实", demand="诉求",
        proposal="建议", revisit="回访", customer_id=customer.id, **mine,
    ))  # fmt: skip
    saved(
        cast.session, InternalComplaint(about=InternalAbout.TURNS, facts="事实", demand="诉求", raised_at=today, **mine)
    )
    saved(
        cast.session,
        Suggestion(
            who=Proposer.STAFF, proposer="林晓", about=SuggestionAbout.SITE, content="内容", benefit="效果", **mine
        ),
    )
    saved(
        cast.session,
        Incident(kind=IncidentKind.INJURY, facts="经过", people="人员", place="地点", happened_at=today, **mine),
    )
    saved(
        cast.session,
        Dispute(kind=DisputeKind.OWNERSHIP, facts="经过", people="人员", demand="诉求", happened_at=today, **mine),
    )
    saved(cast.session, CorrectiveAction(
        problem="问题", cause="原因", measure="措施", responsible_id=cast.person_ids["consultant1"], due_on=today.date(),
        month=f"{today:%Y-%m}", complaint_id=case.id, **checked,
    ))  # fmt: skip
    person = {"person_id": cast.person_ids["consultant1"]}
    sheet = saved(cast.session, ServiceCheck(checked_on=today.date(), score=80, findings="总评", **person, **checked))
    saved(
        cast.session,
        ServiceCheckLine(check_id=sheet.id, item="接待礼仪", full_mark=10, mark=8, remark="情况", **_owned(customer)),
    )
    saved(cast.session, MysteryVisit(
        visited_on=today.date(), visitor="机构", score=88, strengths="优点", problems="问题", advice="建议", **person, **checked
    ))  # fmt: skip
    desk = saved(
        cast.session, RatingDesk(project_id=customer.project_id, name="前台", created_by=cast.person_ids["supervisor"])
    )
    stars = dict.fromkeys(("reception", "explanation", "environment"), 4)
    saved(cast.session, ServiceRating(desk_id=desk.id, words="留言", form_key="0" * 32, **stars, **_owned(customer)))


def _owned(paper: Any) -> dict[str, Any]:
    return {"project_id": paper.project_id, "owner_id": paper.owner_id, "team_id": paper.team_id}


def _money(cast: Cast, order: Reservation) -> None:
    clerk = cast.actor("clerk")
    from app.kernel.actors import SYSTEM

    with acting_as(SYSTEM):
        account = account_of(cast.session, order.id)
    saved(cast.session, PaymentNotice(
        account_id=account.id, kind=FundKind.PRICE, amount=Decimal(1000), remark="备注", created_by=cast.person_ids["consultant1"],
        **_owned(account),
    ))  # fmt: skip
    with acting_as(clerk):
        enter_receipt(cast.session, clerk, account, kind=FundKind.PRICE, amount=Decimal(500), method=Method.CASH)
    confirmed = orders.fresh(cast, _receipt(), 1)
    saved(cast.session, Refund(
        account_id=account.id, receipt_id=confirmed.id, amount=Decimal(100), reason="原因", payee_name="王伟",
        payee_account="6222000011112222", created_by=clerk.person_id, **_owned(account),
    ))  # fmt: skip
    _receivables(cast, account)
    content = pdf("附件")
    saved(cast.session, Attachment(
        owner_table="reservation", owner_id=order.id, project_id=order.project_id, name="附件.pdf", mime="application/pdf",
        size=len(content), sha256=file_store().keep(content), uploaded_by=clerk.person_id, uploaded_name="方芳", uploaded_at=now(),
    ))  # fmt: skip


def _receivables(cast: Cast, account: Any) -> None:
    """A row that was asked for, and a waiver of its late fee that is under decision."""
    from app.features.payments.bank.models import BankLine
    from app.features.payments.closing.models import MonthClose
    from app.features.payments.dunning.models import DunningRecord
    from app.features.payments.letters.models import DunningLetter
    from app.features.payments.models import Receivable
    from app.features.payments.waivers.models import LateFeeWaiver
    from app.kernel.actors import SYSTEM

    with acting_as(SYSTEM):
        row = cast.session.query(Receivable).filter_by(account_id=account.id).order_by(Receivable.id).first()
    mine = {
        "account_id": account.id,
        "receivable_id": row.id,
        "created_by": cast.person_ids["consultant1"],
        **_owned(account),
    }
    saved(cast.session, DunningRecord(
        at=now(), person_id=cast.person_ids["consultant1"], how="电话", open_amount=Decimal(500), received_before=Decimal(0),
        answer="原因", **mine,
    ))  # fmt: skip
    saved(cast.session, LateFeeWaiver(amount=Decimal(10), reason="原因", fee=Decimal(12), days=3, **mine))
    saved(cast.session, DunningLetter(
        account_id=account.id, overdue=Decimal(500), pay_until=now().date(), content="内容", address="地址",
        created_by=cast.person_ids["consultant1"], **_owned(account),
    ))  # fmt: skip
    _bills(cast, account)
    saved(cast.session, BankLine(
        project_id=account.project_id, booked_on=now().date(), income=Decimal(500), counterparty="王伟", reference="流水", memo="摘要",
        explanation="说明",
    ))  # fmt: skip
    saved(cast.session, MonthClose(project_id=account.project_id, month="2020-01", reason="原因"))


def _bills(cast: Cast, account: Any) -> None:
    """A book of three; one of its bills is issued and waits in an exchange."""
    from app.features.payments.bills.models import Bill, BillBook, BillExchange, BillKind

    project_id = account.project_id
    book = saved(cast.session, BillBook(project_id=project_id, kind=BillKind.RECEIPT, first_no=1, last_no=3))
    paper = saved(
        cast.session,
        BillExchange(project_id=project_id, account_id=account.id, count=1, total=Decimal(500), note="说明"),
    )
    for number in (1, 2, 3):
        issued = {
            "account_id": account.id,
            "exchange_id": paper.id,
            "amount": Decimal(500),
            "payer": "王伟",
            "issued_on": now().date(),
        }
        saved(cast.session, Bill(
            project_id=project_id, book_id=book.id, kind=BillKind.RECEIPT, serial=f"0000000{number}", sequence=number,
            **(issued if number == 1 else {}),
        ))  # fmt: skip


def _task(cast: Cast) -> None:
    """A finished export of consultant1 with its file."""
    from app.kernel.tasks import results
    from app.kernel.tasks.records import Task, TaskState

    with results.new_file() as (file, kept):
        file.write(b"what was exported")
    saved(cast.session, Task(
        kind="export", title="导出客户", person_id=cast.person_ids["consultant1"], project_id=cast.project_ids["a"],
        state=TaskState.DONE, message="共 3 行", file_name="客户.xlsx", stored_as=kept[0], finished_at=now(),
    ))  # fmt: skip


def _outbox(cast: Cast) -> None:
    """A group's robot and a message that did not go out."""
    from app.kernel.outbox.records import Channel, Delivery, DeliveryState, Platform, Robot

    saved(cast.session, Robot(
        project_id=cast.project_ids["a"], name="8888", platform=Platform.WECOM, kinds=["approval"],
        address="https://robot.invalid/send",  # no network is asked for it
    ))  # fmt: skip
    saved(cast.session, Delivery(
        mark="mail-1-0", channel=Channel.MAIL, person_id=cast.person_ids["consultant1"], project_id=cast.project_ids["a"],
        subject="标题", text="正文", state=DeliveryState.SENT, attempts=1,
    ))  # fmt: skip


def _list_setting(cast: Cast) -> None:
    """A filter that consultant1 saved for himself: nobody else sees, renames or deletes it."""
    from app.kernel.list_settings import ListSetting

    saved(cast.session, ListSetting(
        person_id=cast.person_ids["consultant1"], screen="customer", name="我的 A 级", query="grade=a",
    ))  # fmt: skip


def _import(cast: Cast) -> None:
    """A table of customers that came in."""
    from app.kernel.imports.records import ImportRun

    saved(cast.session, ImportRun(
        project_id=cast.project_ids["a"], subject="customer", person_id=cast.person_ids["clerk"], person_name="方芳",
        file_name="客户.xlsx", digest="0" * 64, source="甲方", new=1,
    ))  # fmt: skip


def _office(cast: Cast) -> None:
    paper = store.item(cast, stock=9)
    store.step(cast, store.step(cast, store.hand(cast, paper, 1), "hand", "clerk"), "sign", "consultant1")
    store.hand(cast, paper, 1)
    store.receipt(cast, (paper, 3, "19.5"))
    store.check(cast, paper, 8, note="原因")
    store.purchase(cast, (paper, 4, "19.5"))
    thing = store.step(
        cast, store.equipment(cast), "hand_out", "clerk", holder_id=cast.person_ids["consultant1"], place="前台"
    )
    thing = store.step(cast, thing, "sign", "consultant1")
    store.step(cast, thing, "send_to_repair", "clerk", fault="故障", vendor="维修站", sent_on=now().date())
    subject = claims.subject(cast)
    for book in (claims.AGENCY, claims.DEVELOPER):
        claims.budget(cast, subject, "1000", book=book)
        claims.claim(cast, "consultant1", (subject, "80"), book=book)


def _receipt() -> Any:
    from app.features.payments.models import Receipt

    return Receipt


def _organisation(cast: Cast) -> None:
    a, session, today = cast.project_ids["a"], cast.session, now().date()
    makers.permit(cast, number="预售 2026-059")
    saved(session, Parameter(project_id=a, key="lock_minutes", value="25", effective_from=today, note="原因"))
    saved(session, CalendarDay(which=CalendarName.SITE, day=today, working=True))
    saved(session, Delegation(
        absent_id=cast.person_ids["site_manager"], deputy_id=cast.person_ids["supervisor"], post=PostName["SITE_MANAGER"],
        project_id=a, since=today, until=today, reason="原因", created_by=cast.person_ids["site_manager"],
    ))  # fmt: skip
