"""The small parts that every page is made of: links, tags, tables, cards.

Every text is already in the reader's language. A text given as `str` is escaped when it is drawn; only `Markup`
reaches the page as HTML. Addresses are paths of our own host.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

Html = str | Markup
ButtonTone = Literal["primary", "default", "risk", "text"]
_UNBROKEN = re.compile(
    r"(\S{1,10} )?[\d:-]{4,10}( \d\d:\d\d)?|\d+ / \d+"
)  # 2026-11-24, 11-24 10:42, 今日 10:42; 11 / 14
TagTone = Literal["ok", "warn", "bad", "info", "mute", "plum", "cyan"]


@dataclass(frozen=True)
class Link:
    """A button or a link. `post` draws a small form with the CSRF token; `confirm` is the sentence asked before."""

    label: str
    url: str
    tone: ButtonTone = "default"
    icon: str = ""  # a name in static/icons.svg: plus download upload print eye clip lock mark send clock warn check …
    method: Literal["get", "post"] = "get"
    confirm: str | None = None  # amount and consequence; the buttons of the question are 「再看看」 and the label
    confirm_title: str = ""  # the question with its object; without it the label and a question mark
    hidden: tuple[tuple[str, str], ...] = ()  # values sent with a post
    menu: tuple[Link, ...] = ()  # the button opens these instead of leading somewhere

    @property
    def is_plain(self) -> bool:
        """Whether it is nothing but a word that leads somewhere."""
        return self.method == "get" and self.confirm is None and self.tone != "risk" and not self.menu


@dataclass(frozen=True)
class Tag:
    """The state of a record: a word with a shape and a colour."""

    label: str
    tone: TagTone = "mute"


@dataclass(frozen=True)
class Crumb:
    """One place on the way here; without an address it is plain text."""

    label: str
    url: str = ""


@dataclass(frozen=True)
class Column:
    """A head of a table. `phone` says what becomes of the column on a narrow screen: title, badge, shown, shown over the whole width, left out."""

    key: str
    label: str
    numeric: bool = False
    sort_url: str = ""
    sort: Literal["none", "ascending", "descending"] = "none"
    phone: Literal["hd", "badge", "shown", "wide", "lo"] = "shown"


@dataclass(frozen=True)
class Cell:
    """A value in a table; `sub` is a quiet second line. An empty value is drawn as 「—」."""

    html: Html = ""
    numeric: bool = False
    sub: Html = ""

    @property
    def shape(self) -> int:
        """0 plain, 1 numeric, 2 unbroken: a day, a moment, a part of a whole stays on one line, however narrow its column is."""
        return 1 if self.numeric else 2 if _UNBROKEN.fullmatch(str(self.html)) is not None else 0


@dataclass(frozen=True)
class Row:
    """A record in a table: cells in the order of the columns, `name` is what a reader hears for its tick box."""

    id: str
    url: str
    name: str
    cells: tuple[Cell, ...]
    ops: tuple[Link, ...] = ()  # the first three are drawn, the rest goes under 更多


@dataclass(frozen=True)
class Table:
    """Rows under heads with an optional row of totals (as many cells as columns)."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    totals: tuple[Cell, ...] = ()
    empty: str = ""
    unit: str = ""  # what a row is counted as: «套»
    whole: int = 0  # how many there are, where only the first of them are rows


@dataclass(frozen=True)
class Option:
    """A value to choose; `note` is a quiet second line where there is room for one.

    ask, verb: the question before the post and the word on its button, when this value is the chosen one (decisions).
    """

    value: str
    label: str
    note: str = ""
    disabled: bool = False
    ask: str = ""
    verb: str = ""


@dataclass(frozen=True)
class StepMark:
    """A state in the step bar; `note` tells who and when, or who it waits for."""

    label: str
    note: str = ""
    status: Literal["done", "now", "todo", "void"] = "todo"


@dataclass(frozen=True)
class Fact:
    """A labelled value. `reveal_url` puts 「查看」 beside a masked one (that page asks for the reason)."""

    label: str
    html: Html = ""
    wide: bool = False
    reveal_url: str = ""


@dataclass(frozen=True)
class CalcLine:
    """A line of a price break-down; `sum` draws a rule above it."""

    label: str
    value: Html
    tone: Literal["plain", "neg", "sum"] = "plain"


@dataclass(frozen=True)
class TimelineItem:
    """A decision or a step to come. `how` tells of paper decisions; `when` of an open step is the time left."""

    title: str
    status: Literal["ok", "bad", "now", "todo", "info", "back"] = "ok"
    who: str = ""
    post: str = ""
    when: str = ""
    opinion: str = ""
    tags: tuple[Tag, ...] = ()
    note: Html = ""
    link: Link | None = None  # the page of the paper


@dataclass(frozen=True)
class FileItem:
    """A paper; without an address it is one that is still missing. `act`: what its uploader may do with it.

    thumb, full: addresses of the small and the whole picture; `full` only of pictures, which the gallery shows.
    """

    name: str
    url: str = ""
    thumb: str = ""
    full: str = ""
    kind: str = ""  # 「PDF」「JPG」「XLS」
    size: str = ""
    who: str = ""
    when: str = ""
    act: Link | None = None


@dataclass(frozen=True)
class HistoryItem:
    """One field that changed."""

    when: str
    who: str
    label: str
    before: Html = ""
    after: Html = ""


@dataclass(frozen=True)
class Card:
    """A titled box; `kind` names which of its contents is drawn. lead: on a narrow screen it comes before the facts."""

    title: str
    kind: Literal["facts", "table", "calc", "html", "timeline", "files", "history"] = "facts"
    facts: tuple[Fact, ...] = ()
    table: Table | None = None
    total: str = ""  # calc: 「1,106,834.00」
    total_unit: str = ""
    words: str = ""  # calc: the amount in capitals
    lines: tuple[CalcLine, ...] = ()
    html: Html = ""
    timeline: tuple[TimelineItem, ...] = ()
    files: tuple[FileItem, ...] = ()
    history: tuple[HistoryItem, ...] = ()
    note: Html = ""  # a quiet remark in the head
    foot: Html = ""
    more: Link | None = None
    lead: bool = False
    rest: Table | None = None  # further rows, folded away behind `rest_label`
    rest_label: str = ""
