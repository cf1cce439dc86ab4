"""The reports as tables: on the page every number leads to its rows, in the sheet the same numbers stand plain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _
from markupsafe import Markup

from app.features.customers.choices import ContactKind, CustomerState
from app.features.customers.models import Customer
from app.features.customers.statistics.helping import Help
from app.features.customers.statistics.reading import DIMENSIONS, Cohort, Count, Rival, Week, WeekRow
from app.features.customers.statistics.rules import Period, month_of, percent, ratio
from app.kernel.screens.fields import field_for, label_of
from app.kernel.screens.filters import UNSET
from app.kernel.screens.parts import Cell, Column, Row, Table
from app.kernel.workbook_out import OutColumn

SHOWN = 20  # words of a dimension; the rest stands together
_LINK = Markup('<a href="{}">{}</a>')
WEEK_KINDS = (ContactKind.CALL, ContactKind.FIRST_VISIT, ContactKind.REVISIT)


@dataclass(frozen=True)
class Drill:
    """Where the numbers of a report lead: the list of customers or of calls, narrowed as the report was."""

    period: Period
    owner_id: int | None = None

    def customers(self, number: int, **more: str) -> Cell:
        """A number of customers who first came in the period."""
        return self._cell("/customer/list/", number, {"first_at": self.period.days, **more}, "owner_id")

    def at_any_time(self, number: int, **more: str) -> Cell:
        """A number of customers, whenever they first came."""
        return self._cell("/customer/list/", number, more, "owner_id")

    def contacts(self, number: int, **more: str) -> Cell:
        """A number of calls or visits of the period."""
        return self._cell("/contact/list/", number, {"at": self.period.days, **more}, "")

    def _cell(self, path: str, number: int, asked: dict[str, str], owner: str) -> Cell:
        if not number or (
            self.owner_id is not None and not owner
        ):  # contacts are listed by their receiver, not by the owner
            return Cell(f"{number:,}" if number else "", numeric=True)
        if self.owner_id is not None:
            asked = {**asked, owner: str(self.owner_id)}
        return Cell(_LINK.format(f"{path}?{urlencode(asked)}", f"{number:,}"), numeric=True)


def word_of(dimension: str, word: str | None) -> str:
    """The Chinese word of a code; 未填 for none."""
    if word is None:
        return _("未填")
    choices: Any = field_for(Customer, dimension).choices  # type: ignore[union-attr]
    return next((m.label for m in choices or () if m.value == word), word)


def shown(rows: Sequence[Count]) -> tuple[list[Count], Count | None]:
    """The largest, and the rest together."""
    if len(rows) <= SHOWN:
        return list(rows), None
    rest = rows[SHOWN:]
    sums = [sum(getattr(one, name) for one in rest) for name in ("customers", "visited", "reserved", "signed")]
    return list(rows[:SHOWN]), Count(None, *sums)


def profile_table(dimension: str, rows: Sequence[Count], drill: Drill) -> Table:
    """人数, 占比, 来访过, 认购, 签约 by the words of one dimension."""
    heads = (_("人数"), _("占比"), _("来访过"), _("认购"), _("签约"))
    columns = (Column("word", label_of(Customer, dimension)), *(Column(h, h, numeric=True) for h in heads))
    listed, rest = shown(rows)
    total = sum(one.customers for one in rows)
    drawn = [_profile_row(dimension, one, total, drill) for one in listed]
    if rest is not None:
        values = (
            str(rest.customers),
            percent(rest.customers, total),
            str(rest.visited),
            str(rest.reserved),
            str(rest.signed),
        )
        drawn.append(Row("rest", "", _("其余"), (Cell(_("其余")), *(Cell(v, True) for v in values))))
    sums = [sum(getattr(one, name) for one in rows) for name in ("customers", "visited", "reserved", "signed")]
    totals = (Cell(_("合计")), Cell(f"{sums[0]:,}", True), Cell("", True), *(Cell(f"{n:,}", True) for n in sums[1:]))
    return Table(columns, tuple(drawn), totals if rows else (), empty=_("这段时间没有新客户"))


def _profile_row(dimension: str, one: Count, total: int, drill: Drill) -> Row:
    asked = {dimension: UNSET if one.word is None else one.word}
    if dimension == "lost_reason":
        asked["state"] = CustomerState.LOST.value
    since = f"{drill.period.first.isoformat()}~"
    word = word_of(dimension, one.word)
    return Row(str(one.word), "", word, (
        Cell(word), drill.customers(one.customers, **asked), Cell(percent(one.customers, total), True),
        drill.customers(one.visited, **asked, last_visit_at=since), drill.customers(one.reserved, **asked, reserved_at=since),
        drill.customers(one.signed, **asked, signed_at=since),
    ))  # fmt: skip


def cohort_table(found: Sequence[Cohort], drill: Drill) -> Table:
    """Month of first contact × ever reached × where they stand today."""
    ever = (_("来访过"), _("认筹过"), _("认购过"), _("签约过"))
    columns = (
        Column("month", _("首次来电来访")), Column("n", _("客户"), numeric=True), *(Column(h, h, numeric=True) for h in ever),
        Column("rate", _("认购率"), numeric=True), *(Column(s.value, _("今：%(s)s", s=_(s.label)), numeric=True) for s in CustomerState),
    )  # fmt: skip
    return Table(columns, tuple(_cohort_row(one, drill) for one in found), empty=_("这段时间没有新客户"))


def _cohort_row(one: Cohort, drill: Drill) -> Row:
    whole = month_of(one.year, one.month)
    here = Drill(Period(max(whole.first, drill.period.first), min(whole.last, drill.period.last)), drill.owner_id)
    since, word = f"{here.period.first.isoformat()}~", f"{one.year}-{one.month:02}"
    return Row(word, "", word, (
        Cell(word), here.customers(one.customers), here.customers(one.visited, last_visit_at=since),
        here.customers(one.queued, queued_at=since), here.customers(one.reserved, reserved_at=since),
        here.customers(one.signed, signed_at=since), Cell(percent(one.reserved, one.customers), True),
        *(here.customers(one.states.get(s, 0), state=s.value) for s in CustomerState),
    ))  # fmt: skip


def week_table(found: Week, drill: Drill) -> Table:
    """途径 × (来电, 首访, 复访, 来访, 认购, 来访转认购)."""
    heads = (_("来电"), _("首访"), _("复访"), _("来访合计"), _("认购"), _("来访转认购"))
    columns = (Column("source", _("途径")), *(Column(h, h, numeric=True) for h in heads))
    rows = [one for one in found.rows if one.calls or one.visits or one.reserved]
    drawn = tuple(Row(one.source.value, "", one.source.label, _week_cells(one, drill)) for one in rows)
    sums = week_sums(found)
    totals = (Cell(_("合计")), *(Cell(f"{n:,}", True) for n in sums), Cell(percent(sums[4], sums[3]), True))
    return Table(columns, drawn, totals if rows else (), empty=_("这一周没有来电来访"))


def week_sums(found: Week) -> list[int]:
    """来电, 首访, 复访, 来访, 认购 of all 途径."""
    return [sum(getattr(one, name) for one in found.rows) for name in ("calls", "first", "again", "visits", "reserved")]


def _week_cells(one: WeekRow, drill: Drill) -> tuple[Cell, ...]:
    asked = {"source": one.source.value}
    came = [
        drill.contacts(n, kind=kind.value, **asked)
        for n, kind in zip((one.calls, one.first, one.again), WEEK_KINDS, strict=True)
    ]
    return (
        Cell(one.source.label), *came, Cell(f"{one.visits:,}" if one.visits else "", True),
        drill.at_any_time(one.reserved, reserved_at=drill.period.days, **asked), Cell(percent(one.reserved, one.visits), True),
    )  # fmt: skip


def pairs_table(
    head: str, number: str, pairs: Sequence[tuple[Any, int]], lead: Callable[[int, str], Cell] | None = None
) -> Table:
    """Words with how often each was said, the largest first. lead: the cell that leads to the rows of a word."""
    rows = []
    for word, n in pairs[:SHOWN]:
        shown_word = getattr(word, "label", word) or _("未填")
        cell = lead(n, getattr(word, "value", word) or UNSET) if lead is not None else Cell(f"{n:,}", True)
        rows.append(Row(str(word), "", str(shown_word), (Cell(shown_word), cell)))
    return Table((Column("word", head), Column("n", number, numeric=True)), tuple(rows), empty=_("这一周没有记录"))


def rivals_table(rivals: Sequence[Rival]) -> Table:
    """楼盘 × (被提及, 流失客户购买)."""
    columns = (Column("name", _("楼盘")), *(Column(h, h, numeric=True) for h in (_("提及（组）"), _("流失购买（人）"))))
    rows = tuple(
        Row(
            one.name,
            "",
            one.name,
            (Cell(one.name), Cell(str(one.named or ""), True), Cell(str(one.bought or ""), True)),
        )
        for one in rivals[:SHOWN]
    )
    return Table(columns, rows, empty=_("没有客户提到别的楼盘"))


def help_table(head: str, named: Sequence[tuple[str, Help]]) -> Table:
    """求助, 到场, 按时到场, 平均等候, 当场成交."""
    heads = (_("求助"), _("到场"), _("按时到场"), _("按时率"), _("平均等候（分钟）"), _("当场认购小订"))
    columns = (Column("word", head), *(Column(h, h, numeric=True) for h in heads))
    rows = tuple(
        Row(word, "", word, (Cell(word), *(Cell(v, True) for v in (
            str(one.asked), str(one.joined), str(one.in_time), percent(one.in_time, one.asked), one.mean_minutes, str(one.closed_deals),
        ))))
        for word, one in sorted(named, key=lambda pair: -pair[1].asked)
    )  # fmt: skip
    return Table(columns, rows, empty=_("这段时间没有难单协助"))


Lines = tuple[list[OutColumn], list[list[Any]]]


def profile_lines(found: dict[str, list[Count]]) -> Lines:
    """Every dimension below the other."""
    heads = [OutColumn(_("维度"), "text", 14), OutColumn(_("分类"), "text", 20), OutColumn(_("人数"), "whole"), OutColumn(_("占比"), "percent"),
             *(OutColumn(w, "whole") for w in (_("来访过"), _("认购"), _("签约")))]  # fmt: skip
    rows: list[list[Any]] = []
    for name in DIMENSIONS:
        total = sum(one.customers for one in found[name])
        rows += [
            [
                label_of(Customer, name),
                word_of(name, one.word),
                one.customers,
                ratio(one.customers, total),
                one.visited,
                one.reserved,
                one.signed,
            ]
            for one in found[name]
        ]
    return heads, rows


def cohort_lines(found: Sequence[Cohort]) -> Lines:
    """One row a month."""
    words = (_("客户"), _("来访过"), _("认筹过"), _("认购过"), _("签约过"))
    heads = [OutColumn(_("首次来电来访"), "text"), *(OutColumn(w, "whole") for w in words), OutColumn(_("认购率"), "percent"),
             *(OutColumn(_("今：%(s)s", s=_(s.label)), "whole") for s in CustomerState)]  # fmt: skip
    return heads, [
        [f"{c.year}-{c.month:02}", c.customers, c.visited, c.queued, c.reserved, c.signed, ratio(c.reserved, c.customers),
         *(c.states.get(s, 0) for s in CustomerState)]
        for c in found
    ]  # fmt: skip


def week_lines(found: Week) -> Lines:
    """One row a 途径, then their sum."""
    words = (_("来电"), _("首访"), _("复访"), _("来访合计"), _("认购"))
    heads = [
        OutColumn(_("途径"), "text"),
        *(OutColumn(w, "whole") for w in words),
        OutColumn(_("来访转认购"), "percent"),
    ]
    rows: list[list[Any]] = [
        [one.source.label, one.calls, one.first, one.again, one.visits, one.reserved, ratio(one.reserved, one.visits)]
        for one in found.rows
    ]
    sums = week_sums(found)
    return heads, [*rows, [_("合计"), *sums, ratio(sums[4], sums[3])]]


def help_lines(named: Sequence[tuple[str, Help]]) -> Lines:
    """One row a consultant."""
    words = (_("求助"), _("到场"), _("按时到场"), _("当场认购小订"))
    heads = [
        OutColumn(_("顾问"), "text"),
        *(OutColumn(w, "whole") for w in words),
        OutColumn(_("平均等候（分钟）"), "number"),
    ]
    return heads, [
        [word, h.asked, h.joined, h.in_time, h.closed_deals, Decimal(h.mean_minutes) if h.joined else None]
        for word, h in named
    ]
