"""The four parts of the page: key figures, charts, tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.features.customers.choices import CustomerState
from app.features.customers.models import Customer
from app.features.customers.statistics import tables
from app.features.customers.statistics.chart import bars
from app.features.customers.statistics.helping import helped
from app.features.customers.statistics.reading import DIMENSIONS, cohorts, profile, week
from app.features.customers.statistics.rules import Period, percent
from app.features.customers.statistics.tables import Drill, word_of
from app.kernel.screens.display import lookup_names
from app.kernel.screens.fields import label_of
from app.kernel.screens.report_page import Figure, Kpi, ReportPart

CHARTED = ("source", "grade")
BARS = 8


@dataclass(frozen=True)
class Shown:
    """What one part draws; `foot` says how it was counted."""

    kpis: tuple[Kpi, ...]
    figures: tuple[Figure, ...]
    parts: tuple[ReportPart, ...]
    foot: str


@dataclass(frozen=True)
class Part:
    """A part of the page."""

    title: str
    load: Callable[[Session, int, Period, int | None], Shown]


def _profile(session: Session, project_id: int, period: Period, owner_id: int | None) -> Shown:
    found, drill = profile(session, project_id, period, owner_id), Drill(period, owner_id)
    every = found["grade"]
    customers, visited, reserved, signed = (
        sum(getattr(c, n) for c in every) for n in ("customers", "visited", "reserved", "signed")
    )
    lost = sum(one.customers for one in found["lost_reason"])
    figures = tuple(
        Figure(
            str(label_of(Customer, name)),
            bars(_("%(what)s，人", what=label_of(Customer, name)),
                 [(word_of(name, c.word), c.customers, f"{c.customers:,}　{percent(c.customers, customers)}") for c in found[name][:BARS]]),
        )
        for name in CHARTED
    )  # fmt: skip
    return Shown(
        (
            Kpi(_("新增客户"), f"{customers:,}", _("人")), Kpi(_("来访过"), f"{visited:,}", _("人"), left=percent(visited, customers)),
            Kpi(_("认购"), f"{reserved:,}", _("人"), left=percent(reserved, customers)),
            Kpi(_("签约"), f"{signed:,}", _("人"), left=percent(signed, customers)),
            Kpi(_("已流失"), f"{lost:,}", _("人"), left=percent(lost, customers)),
        ),
        figures if customers else (),
        tuple(ReportPart(_title(name), table=tables.profile_table(name, found[name], drill)) for name in DIMENSIONS),
        _("按首次来电来访日期落在期间内的客户统计，资料以现在登记的为准；认购、签约含后来退订退房的。"),
    )  # fmt: skip


def _title(name: str) -> str:
    return _("未购原因（已流失客户）") if name == "lost_reason" else _("按%(what)s", what=label_of(Customer, name))


def _week(session: Session, project_id: int, period: Period, owner_id: int | None) -> Shown:
    found, drill = week(session, project_id, period, owner_id), Drill(period, owner_id)
    calls, first, again, visits, reserved = tables.week_sums(found)
    times = _("次数")
    return Shown(
        (
            Kpi(_("来电"), f"{calls:,}", _("组")), Kpi(_("来访"), f"{visits:,}", _("组"), left=_("首访 %(a)s　复访 %(b)s", a=first, b=again)),
            Kpi(_("来电转来访"), percent(found.after_call, calls), left=_("来电后首访 %(n)s 组", n=found.after_call)),
            Kpi(_("认购"), f"{reserved:,}", _("人")), Kpi(_("来访转认购"), percent(reserved, visits)),
        ),
        (),
        (
            ReportPart(_("按途径"), table=tables.week_table(found, drill)),
            ReportPart(_("来电来访客户居住区域"), table=tables.pairs_table(
                _("区域"), _("组"), found.areas, lambda n, word: drill.contacts(n, home_area=word)
            )),
            ReportPart(_("户型需求"), table=tables.pairs_table(_("意向户型"), _("人"), found.layouts)),
            ReportPart(_("未购原因（本周流失）"), table=tables.pairs_table(
                _("原因"), _("人"), found.lost,
                lambda n, word: drill.at_any_time(n, lost_reason=word, state=CustomerState.LOST.value, lost_at=period.days),
            )),
            ReportPart(_("疑问点话题"), table=tables.pairs_table(_("话题"), times, [(_(t.label), n) for t, n in found.topics])),
            ReportPart(_("竞品提及"), table=tables.rivals_table(found.rivals)),
        ),
        _("来电、来访按本次途径，含未留电；认购按客户首次途径、在本周首次认购的人数。没有分母时写「—」。"),
    )  # fmt: skip


def _cohort(session: Session, project_id: int, period: Period, owner_id: int | None) -> Shown:
    found, drill = cohorts(session, project_id, period, owner_id), Drill(period, owner_id)
    words = (
        ("customers", _("首次登记")),
        ("visited", _("来访过")),
        ("queued", _("认筹过")),
        ("reserved", _("认购过")),
        ("signed", _("签约过")),
    )
    sums = [(word, sum(getattr(one, name) for one in found)) for name, word in words]
    whole = sums[0][1]
    lines = [(word, n, f"{n:,}　{percent(n, whole)}") for word, n in sums]
    return Shown(
        (),
        (Figure(_("漏斗"), bars(_("从首次登记到签约，人"), lines), _("占首次登记的比例")),) if whole else (),
        (ReportPart(_("首次接触月份 × 今天的状态"), table=tables.cohort_table(found, drill)),),
        _("「过」字各列是到过这一步的人数，后来退出的仍计；「今」字各列是客户今天的状态，合计等于客户数。直接认购的客户没有认筹，所以认筹可以少于认购。"),
    )  # fmt: skip


def _help(session: Session, project_id: int, period: Period, _owner_id: int | None) -> Shown:
    people, reasons, every = helped(session, project_id, period)
    names = lookup_names("person", set(people))
    return Shown(
        (
            Kpi(_("求助"), str(every.asked), _("次")), Kpi(_("按时到场"), percent(every.in_time, every.asked)),
            Kpi(_("平均等候"), every.mean_minutes, _("分钟")), Kpi(_("当场认购小订"), str(every.closed_deals), _("次")),
        ),
        (),
        (
            ReportPart(_("按顾问"), table=tables.help_table(_("顾问"), [(names.get(k, _("公海")), one) for k, one in people.items()])),
            ReportPart(_("按难点"), table=tables.help_table(_("难点"), [(_(k.label), one) for k, one in reasons.items()])),
        ),
        _("按提出日期统计，已取消的不计；等候时间只算营业时间。"),
    )  # fmt: skip


PARTS: dict[str, Part] = {
    "profile": Part("潜客画像", _profile), "week": Part("来人来电周表", _week), "cohort": Part("漏斗与批次", _cohort),
    "help": Part("难单协助", _help),
}  # fmt: skip
