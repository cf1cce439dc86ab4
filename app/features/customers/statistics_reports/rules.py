"""The figures of a 潜客统计上报 as they are kept, and what has changed since: on plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.features.customers.choices import CustomerState, Source
from app.features.customers.statistics.reading import Cohort, Count, Rival, WeekRow
from app.features.customers.statistics.rules import Period, month_of, week_of
from app.features.customers.statistics_reports.models import ReportKind

HEADLINES = ("customers", "calls", "visits", "reserved", "signed", "lost")


@dataclass(frozen=True)
class Figures:
    """Customers who first came in the period by each dimension and month, the calls and visits of the period by 途径, other
    sites that were named, and how many reserved, signed and were lost within it."""

    profile: dict[str, list[Count]]
    cohorts: list[Cohort]
    ways: list[WeekRow]
    rivals: list[Rival]
    signed: int
    lost: int

    @property
    def headlines(self) -> dict[str, int]:
        """What stands in the list: HEADLINES."""
        return {
            "customers": sum(one.customers for one in self.profile.get("grade", ())),
            "calls": sum(way.calls for way in self.ways), "visits": sum(way.visits for way in self.ways),
            "reserved": sum(way.reserved for way in self.ways), "signed": self.signed, "lost": self.lost,
        }  # fmt: skip


def period_of(kind: ReportKind, day: date) -> Period:
    """The week or the calendar month in which the day lies."""
    return week_of(day) if kind is ReportKind.WEEK else month_of(day.year, day.month)


def kept(found: Figures) -> dict[str, Any]:
    """As JSON: codes and numbers, no words."""
    return {
        "profile": {
            name: [[c.word, c.customers, c.visited, c.reserved, c.signed] for c in rows] for name, rows in found.profile.items()
        },
        "cohorts": [
            [c.year, c.month, c.customers, c.visited, c.queued, c.reserved, c.signed, {s.value: n for s, n in c.states.items()}]
            for c in found.cohorts
        ],
        "ways": [[w.source.value, w.calls, w.first, w.again, w.reserved] for w in found.ways if w.calls or w.visits or w.reserved],
        "rivals": [[one.name, one.named, one.bought] for one in found.rivals],
        "signed": found.signed, "lost": found.lost,
    }  # fmt: skip


def read_kept(figures: dict[str, Any]) -> Figures:
    """What was kept."""
    return Figures(
        {name: [Count(*row) for row in rows] for name, rows in figures["profile"].items()},
        [_cohort(row) for row in figures["cohorts"]], [_way(row) for row in figures["ways"]],
        [Rival(*row) for row in figures["rivals"]], figures["signed"], figures["lost"],
    )  # fmt: skip


def _cohort(row: list[Any]) -> Cohort:
    year, month, customers, visited, queued, reserved, signed, states = row
    found = {state: states[state.value] for state in CustomerState if state.value in states}
    return Cohort(year, month, customers, visited, queued, reserved, signed, found)


def _way(row: list[Any]) -> WeekRow:
    source = next(one for one in Source if one.value == row[0])
    return WeekRow(source, *row[1:])


def moved(then: Figures, today: Figures) -> list[tuple[str, int, int]]:
    """(headline, as reported, today) of every number that is another today."""
    before, after = then.headlines, today.headlines
    return [(name, before[name], after[name]) for name in HEADLINES if before[name] != after[name]]
