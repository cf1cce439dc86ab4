"""What follows on a 渠道报备: the look-up, the visit, the deal, its end (02 §2.5.2)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.features.customers.channels import rules
from app.features.customers.channels.choices import ChannelState, ReportState, Verdict
from app.features.customers.channels.models import ChannelCompany, ChannelReport
from app.features.customers.channels.rules import ChannelTerms, Known
from app.features.customers.choices import ContactKind, CustomerState, Source
from app.features.customers.claims.effects.filing import customer_by_number
from app.features.customers.effects.arrival import Arrival, NewCustomer, met, register
from app.features.customers.effects.ownership import WHOLE, check_owner, team_at
from app.features.customers.effects.phones import number_digest, part_digest
from app.features.customers.models import Contact, Customer, CustomerPhone
from app.features.customers.registry import when_progress
from app.features.organisation.numbers import number_for
from app.features.organisation.parameters import parameters
from app.kernel.actors import SYSTEM, Actor
from app.kernel.base import now
from app.kernel.chinese import parse_phone
from app.kernel.errors import RuleError
from app.kernel.jobs import every
from app.kernel.notices import NoticeKind, notify, notify_posts
from app.kernel.posts import Post
from app.kernel.surnames import surname_of
from app.kernel.workflow import Act, fire

S = ReportState
DEALT = (CustomerState.QUEUED, CustomerState.RESERVED, CustomerState.SIGNED)
WAITING, BROUGHT = (S.PENDING, S.VALID), (S.VISITED, S.RESERVED, S.SIGNED)
KEYS = {
    "ahead_minutes": "channel_ahead_minutes", "valid_days": "channel_valid_days", "protect_days": "channel_protect_days",
    "natural_days": "natural_days",
}  # fmt: skip


def channel_terms(session: Session, project_id: int) -> ChannelTerms:
    """Today's numbers of a project."""
    value = parameters(session, project_id, KEYS.values())
    return ChannelTerms(**{name: value[key] for name, key in KEYS.items()})


def fill_report(session: Any, actor: Actor, report: ChannelReport) -> None:
    """A new 报备: number, digests, what the site knows. Runs in the transaction that stores it. Raises RuleError."""
    company = session.get(ChannelCompany, report.channel_id)
    if company is None or company.project_id != report.project_id:
        raise RuleError("请选择本项目的渠道公司", field="channel_id")
    if company.state is not ChannelState.ACTIVE or (company.until is not None and company.until < now().date()):
        raise RuleError("渠道公司「{name}」已停止合作，不能报备", field="channel_id", name=company.name)
    report.reported_at = report.reported_at or now()
    rules.check_reported(report.reported_at, now())
    report.called = rules.surname(report.called)
    report.phone = rules.reported_phone(report.phone)
    if report.broker_phone:
        report.broker_phone = parse_phone(report.broker_phone, field="broker_phone")
    report.digest = None if rules.is_hidden(report.phone) else number_digest(report.phone)
    report.part_digest = part_digest(report.phone)
    report.owner_id = report.owner_id or actor.person_id
    report.team_id = team_at(session, report.owner_id, report.project_id, now())
    propose(session, report)
    report.number = number_for(session, report, now().date())


def propose(session: Any, report: ChannelReport) -> None:
    """The proposal by what is known now, and the sentence that says why."""
    customer = reported_customer(session, report)
    earlier = _earlier(session, report)
    known = Known(
        dealt=customer is not None and customer.state in DEALT,
        natural_on=_natural_on(session, customer),
        protected_until=customer.protected_until if customer is not None and customer.owner_id is not None else None,
        earlier="" if earlier is None else "same" if earlier.channel_id == report.channel_id else "other",
    )
    report.proposal = rules.judge(known, report.reported_at.date(), channel_terms(session, report.project_id))
    report.proposal_why = _why(report, known, earlier)


def _why(report: ChannelReport, known: Known, earlier: ChannelReport | None) -> str:
    hidden = "（隐号和姓氏相同，请核对全号）" if report.digest is None and report.proposal is not Verdict.VALID else ""
    said = {
        Verdict.VALID: "没有登记过，也没有其他渠道报备",
        Verdict.DEALT: "客户已认筹、认购或签约",
        Verdict.NATURAL: f"客户 {known.natural_on} 自行来电或到访",
        Verdict.KNOWN: f"客户已由顾问登记，保护至 {known.protected_until}",
        Verdict.OTHER_CHANNEL: f"其他渠道 {earlier.reported_at:%m-%d %H:%M} 已报备" if earlier else "",
        Verdict.TWICE: f"本渠道 {earlier.reported_at:%m-%d %H:%M} 已报备" if earlier else "",
    }
    return said[report.proposal] + hidden


def reported_customer(session: Any, report: ChannelReport) -> Customer | None:
    """The live customer with the reported number; for a hidden number with the same surname, too."""
    phone = CustomerPhone.digest == report.digest if report.digest else CustomerPhone.part_digest == report.part_digest
    query = (
        select(Customer).join(CustomerPhone, CustomerPhone.customer_id == Customer.id)
        .where(CustomerPhone.project_id == report.project_id, phone, CustomerPhone.live).order_by(Customer.id)
    )  # fmt: skip
    found = session.scalars(query, execution_options=WHOLE).all()
    return next((c for c in found if report.digest or surname_of(c.name) == surname_of(report.called)), None)


def _natural_on(session: Any, customer: Customer | None) -> date | None:
    if customer is None:
        return None
    own = select(Contact.at).where(Contact.customer_id == customer.id, Contact.source != Source.CHANNEL)
    last = session.scalars(own.order_by(Contact.at.desc()).limit(1), execution_options=WHOLE).first()
    return last.date() if last is not None else None


def _earlier(session: Any, report: ChannelReport) -> ChannelReport | None:
    """An earlier report of the same customer that still holds; hidden numbers match by digits and surname."""
    same = [ChannelReport.part_digest == report.part_digest]
    today = now().date()
    alive = or_(
        ChannelReport.state == S.PENDING,
        and_(ChannelReport.state == S.VALID, ChannelReport.valid_until >= today),
        and_(ChannelReport.state.in_(BROUGHT), ChannelReport.protected_until >= today),
    )
    query = select(ChannelReport).where(
        ChannelReport.project_id == report.project_id, *same, alive, ChannelReport.reported_at <= report.reported_at
    )
    found = session.scalars(query.order_by(ChannelReport.reported_at, ChannelReport.id), execution_options=WHOLE).all()
    return next((r for r in found if r.id != report.id and _same_person(r, report)), None)


def _same_person(one: ChannelReport, other: ChannelReport) -> bool:
    if one.digest and other.digest:
        return one.digest == other.digest
    return surname_of(one.called) == surname_of(other.called)


def tell_of_report(session: Any, report: ChannelReport) -> None:
    """Supervisors judge it."""
    title = f"渠道报备 {report.number} 待判：{report.proposal.label}"
    notify_posts(
        session, [Post.SUPERVISOR], report.project_id, title, url=f"/channel-report/show/{report.id}", team_id=report.team_id,
        kind=NoticeKind.DUE,
    )  # fmt: skip


def accept(act: Act) -> None:
    """Step 判有效: it may be brought until its last day. Against a proposal the reason is asked for."""
    report: ChannelReport = act.document
    propose(act.session, report)
    if report.proposal is not Verdict.VALID and not act.note:
        raise RuleError("系统建议「{said}」，判有效请写明原因", field="note", said=report.proposal.label)
    report.valid_until = rules.valid_until(report.reported_at, channel_terms(act.session, report.project_id))
    _judged(act, Verdict.VALID, f"有效，请在 {report.valid_until} 前带看")


def refuse(act: Act) -> None:
    """Step 判无效, with the ground that goes on the paper for the channel."""
    if act.get("verdict") is Verdict.VALID:
        raise RuleError("请选择无效的理由；有效的请点「判有效」", field="verdict")
    _judged(act, act.get("verdict"), act.get("verdict").label)


def _judged(act: Act, verdict: Verdict, words: str) -> None:
    report: ChannelReport = act.document
    if act.actor.person_id == report.owner_id:
        raise RuleError("这份报备是你登记的，请由其他主管或上级判定")
    report.verdict, report.judged_by, report.judged_at, report.judged_why = (
        verdict,
        act.actor.person_id,
        act.at,
        act.note[:200],
    )
    if report.owner_id is not None:
        notify(act.session, [report.owner_id], f"渠道报备 {report.number}：{words}", url=f"/channel-report/show/{report.id}",
               project_id=report.project_id)  # fmt: skip


def arrive(act: Act) -> None:
    """Step 登记带看: the whole number is compared with the report, the customer is registered with his visit and belongs to
    whoever receives him; somebody's customer stays his. The protection of the channel begins."""
    report: ChannelReport = act.document
    at, receiver = act.get("at") or act.at, int(act.get("receiver_id"))
    terms = channel_terms(act.session, report.project_id)
    rules.check_arrival(report.reported_at, report.valid_until or act.at.date(), at, act.at, terms)
    check_owner(report.project_id, receiver, act.at, field="receiver_id")
    number = parse_phone(act.get("phone") or "", field="phone")
    if (report.digest or report.part_digest) != (number_digest(number) if report.digest else part_digest(number)):
        raise RuleError("到访客户的号码和报备的 {phone} 不符，请核对", field="phone", phone=report.phone)
    visit: dict[str, Any] = {
        "kind": ContactKind.FIRST_VISIT, "source": Source.CHANNEL, "source_detail": report.channel.name, "at": at, "receiver_id": receiver,
    }  # fmt: skip
    customer = customer_by_number(act.session, report.project_id, number)
    if customer is None:  # the step is the authority: a channel officer registers nobody elsewhere
        data = NewCustomer(**visit, name=act.get("called") or report.called, phones=(number,))
        customer = register(act.session, SYSTEM, report.project_id, data)
    else:
        met(act.session, SYSTEM, customer, Arrival(**visit))
        customer.last_visit_at = max(at, customer.last_visit_at or at)
    report.customer_id, report.partner_id, report.visited_at = customer.id, receiver, at
    report.protected_until = at.date() + timedelta(days=terms.protect_days)


@when_progress
def follow_deal(session: Any, customer: Customer, name: str, actor: Actor, paper: str) -> None:
    """认购, 签约 and back of a brought customer, while the protection of the channel runs."""
    today = now().date()
    query = select(ChannelReport).where(ChannelReport.customer_id == customer.id, ChannelReport.state.in_(BROUGHT))
    for report in session.scalars(query.order_by(ChannelReport.id), execution_options=WHOLE).all():
        begun = report.state is not S.VISITED or (
            report.protected_until is not None and report.protected_until >= today
        )
        if name == "reserve" and report.state is S.VISITED and begun:
            fire(session, report, "reserve", actor, internal=True, paper=paper)
        elif name == "sign" and report.state is S.RESERVED:
            fire(session, report, "sign", actor, internal=True, paper=paper)
        elif name == "back" and report.state in (S.RESERVED, S.SIGNED):
            fire(session, report, "back", actor, internal=True, paper=paper)


def note_reserved(act: Act) -> None:
    """The customer of the channel took a flat."""
    act.document.reserved_on = act.at.date()


def note_signed(act: Act) -> None:
    """His contract is signed: the commission becomes due by the terms of the channel."""
    act.document.signed_on = act.at.date()


def note_back(act: Act) -> None:
    """The order ended; the days of the protection run on."""
    act.document.reserved_on = act.document.signed_on = None


def note_paid(act: Act) -> None:
    """Step 登记结佣: the amount and the day of the payment."""
    report: ChannelReport = act.document
    if act.get("commission") <= 0:
        raise RuleError("请填写大于 0 的佣金", field="commission")
    report.commission, report.paid_on = act.get("commission"), act.get("paid_on")


@every(seconds=3600, name="channel_reports")
def expire_reports(session: Session) -> int:
    """Reports whose customer did not come, or did not buy within the protection; safe to repeat."""
    today = now().date()
    over = or_(
        and_(ChannelReport.state == S.VALID, ChannelReport.valid_until < today),
        and_(ChannelReport.state == S.VISITED, ChannelReport.protected_until < today),
    )
    found = session.scalars(select(ChannelReport).where(over).order_by(ChannelReport.id)).all()
    for report in found:
        words = "有效期内没有带看" if report.state is S.VALID else "保护期内没有认购"
        fire(session, report, "expire", SYSTEM, internal=True, note=words)
    return len(found)
