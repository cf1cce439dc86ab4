"""A report on paper: key figures, charts beside each other, numbered parts, lines to sign on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from flask_babel import gettext as _

from app.kernel.months import Opened
from app.kernel.screens.parts import Crumb, Html, Link, Table, Tag


@dataclass(frozen=True)
class Kpi:
    """A key figure; `percent` (0 to 100) draws a bar, `left` and `right` stand below it."""

    label: str
    value: str
    unit: str = ""
    percent: int | None = None
    tone: Literal["", "ok", "warn"] = ""
    left: Html = ""
    right: Html = ""


@dataclass(frozen=True)
class Figure:
    """A chart as inline SVG (classes chart, s1 s2 s3 line); its numbers also stand in a table of the report.

    keys: (mark, word) of the legend; mark is "" for bars, "k2" plan, "kl" line, "kd" dashed.
    """

    title: str
    svg: Html
    note: str = ""
    keys: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ReportPart:
    """A numbered part: text, a table, or a field to write in (`field` is the name of its textarea)."""

    title: str
    html: Html = ""
    table: Table | None = None
    tag: Tag | None = None
    field: str = ""
    value: str = ""
    placeholder: str = ""


@dataclass(frozen=True)
class ReportPage:
    """A report. With `form_url` the parts with a field are posted there by the button `submit`."""

    title: str
    parts: tuple[ReportPart, ...]
    tag: Tag | None = None
    crumbs: tuple[Crumb, ...] = ()
    acts: tuple[Link, ...] = ()
    views: tuple[Link, ...] = ()  # the same numbers seen otherwise; the one that is shown has the tone primary
    lead: Html = ""
    kpis: tuple[Kpi, ...] = ()
    figures: tuple[Figure, ...] = ()
    signs: tuple[str, ...] = ()
    form_url: str = ""
    submit: str = ""
    key: str = ""
    note: Html = ""
    group_text: str = ""  # what 「复制到群」 copies; empty = no such button


def views_of(words: Mapping[str, str], shown: str, address: Callable[[str], str]) -> tuple[Link, ...]:
    """The ways to see a report (name → word), the shown one marked; nothing where there is no other."""
    if len(words) < 2:
        return ()
    return tuple(Link(word, address(n), tone="primary" if n == shown else "default") for n, word in words.items())


def opened_note(shown: Opened) -> str:
    """Says that a report opens with an earlier month; «» when it is the one that was asked for."""
    if not shown.instead_of:
        return ""
    return _("%(now)s 刚开始，先打开最近有记录的 %(m)s，本月的点「下月」。", now=shown.instead_of, m=shown.month)
