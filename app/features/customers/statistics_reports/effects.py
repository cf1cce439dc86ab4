"""What happens to a 潜客统计上报: its figures are counted and kept, the chain hears of it, 甲方营销策划部 may read it in the end."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.customers.models import Customer
from app.features.customers.statistics.reading import cohorts, profile, week
from app.features.customers.statistics.rules import Period
from app.features.customers.statistics_reports.models import StatisticsReport
from app.features.customers.statistics_reports.rules import Figures, kept, period_of
from app.features.organisation.numbers import number_for
from app.kernel.approval.finding import requests_of
from app.kernel.approval.kinds import Need
from app.kernel.approval.records import StepState
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.notices import notify_posts
from app.kernel.posts import Post
from app.kernel.workflow import Act


def set_period(report: StatisticsReport) -> Period:
    """First and last day by kind and day. Raises RuleError for a period that has not begun."""
    found = period_of(report.kind, report.day)
    if found.first > now().date():
        raise RuleError("这一期还没有开始（{day} 起）", field="day", day=found.first)
    report.first_on, report.last_on = found.first, found.last
    return found


def count_figures(session: Session, project_id: int, period: Period) -> Figures:
    """The figures as they are now, of the whole project or of what the reader sees of it."""
    ways = week(session, project_id, period)
    signed = select(func.count(Customer.id)).where(
        Customer.project_id == project_id, Customer.signed_at >= period.since, Customer.signed_at < period.before
    )
    return Figures(
        profile(session, project_id, period), cohorts(session, project_id, period), ways.rows, ways.rivals, session.scalar(signed) or 0,
        sum(n for _word, n in ways.lost),
    )  # fmt: skip


def freeze(act: Act) -> None:
    """Step 上报: number, figures and headlines are kept as they are at this moment."""
    report: StatisticsReport = act.document
    found = count_figures(act.session, report.project_id, Period(report.first_on, report.last_on))
    report.figures = kept(found)
    for name, number in found.headlines.items():
        setattr(report, name, number)
    report.number = report.number or number_for(act.session, report, act.at.date())
    report.submitted_at, report.submitted_by = act.at, act.actor.person_id
    report.read_at, report.opinion = None, ""


def approval_need(_session: Session, report: StatisticsReport) -> Need:
    """Everybody of the chain reads it."""
    counted = f"新增 {report.customers} 人，来电 {report.calls}，来访 {report.visits}，认购 {report.reserved}，签约 {report.signed}"
    return Need(Decimal(1), summary=f"{report.kind.label} {report.period}：{counted}。{report.conclusion}")


def note_read(act: Act) -> None:
    """The last reader's word; 甲方营销策划部 hears that there is something to read."""
    report: StatisticsReport = act.document
    act.session.flush()
    spoken = [
        s.opinion for r in requests_of(act.session, report) for s in r.steps if s.state is StepState.APPROVED and s.opinion
    ]  # fmt: skip
    report.read_at, report.opinion = act.at, (spoken[-1] if spoken else "")[:1000]
    title = f"{report.kind.label} {report.period} 已审阅，可以查看"
    notify_posts(
        act.session, [Post.DEVELOPER_MARKETING], report.project_id, title, url=f"/statistics-report/show/{report.id}",
        outside="有一份潜客统计可以查看",
    )  # fmt: skip
