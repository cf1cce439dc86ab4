"""The list page: records of one kind with saved filters, search, bulk steps and a pager."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.kernel.screens.parts import ButtonTone, Cell, Column, Crumb, Html, Link, Option, Row


@dataclass(frozen=True)
class Chip:
    """A saved filter; `by` = a colleague shared it."""

    label: str
    url: str
    pressed: bool = False
    count: int | None = None
    by: str = ""


@dataclass(frozen=True)
class SavedFilter:
    """One of the person's own filters, as he renames or deletes it."""

    name: str
    rename_url: str
    delete_url: str
    shared_with: str = ""


@dataclass(frozen=True)
class ColumnChoice:
    """A column that may be shown."""

    name: str
    label: str
    shown: bool


@dataclass(frozen=True)
class FilterField:
    """A main filter in the tool row of a list, sent by GET under `name`.

    period: two days, sent as `name.from` and `name.to`, `value` and `until` are ISO. record: found by typing, as FormField ajax.
    """

    name: str
    label: str
    kind: Literal["select", "period", "text", "record"] = "select"
    options: tuple[Option, ...] = ()
    value: str = ""
    until: str = ""
    url: str = ""
    shown: str = ""

    @property
    def in_use(self) -> bool:
        """Whether it narrows the list now."""
        return bool(self.value or self.until)


@dataclass(frozen=True)
class PageNumber:
    """A number in the pager; without an address it is a gap 「…」 or the page that is open."""

    label: str
    url: str = ""
    current: bool = False


@dataclass(frozen=True)
class Pager:
    """Where we are in a long list; page 0 = far from its beginning, the numbers tell it. `kept` are the query values that a jump or another size must keep."""

    total_text: str  # 「共 312 位」
    page: int = 1
    pages: int = 1
    size: int = 20
    sizes: tuple[int, ...] = ()
    prev_url: str = ""
    next_url: str = ""
    first_url: str = ""
    last_url: str = ""
    numbers: tuple[PageNumber, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    page_param: str = "page"
    size_param: str = "size"


@dataclass(frozen=True)
class BulkStep:
    """A step for the ticked rows: posts `ids` (many) and `step` = name to the list's `bulk_url`."""

    name: str
    label: str
    tone: ButtonTone = "default"
    confirm: str | None = None


@dataclass(frozen=True)
class ListPage:
    """Records of one kind: saved filters, search, bulk steps, table, pager."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    pager: Pager
    crumbs: tuple[Crumb, ...] = ()
    acts: tuple[Link, ...] = ()
    lead: Html = ""
    chips: tuple[Chip, ...] = ()
    save_filter_url: str = ""  # POST name=…, posts=… (many), columns=… (many) and query = present_query
    present_query: str = ""
    share_with: tuple[Option, ...] = ()  # posts, for those who may share
    own_filters: tuple[SavedFilter, ...] = ()
    columns_url: str = ""  # POST columns=… (many, in order), or reset
    column_choices: tuple[ColumnChoice, ...] = ()
    own_columns: bool = False  # the columns are the person's own, not as declared
    search_value: str = ""
    search_placeholder: str = ""  # empty: this list has no search field
    search_name: str = "q"
    filters: tuple[FilterField, ...] = ()
    more_filters: tuple[FilterField, ...] = ()  # behind 「更多筛选」
    kept: tuple[tuple[str, str], ...] = ()  # query values that a new search keeps (order, size, saved filter)
    reset_url: str = ""
    bulk: tuple[BulkStep, ...] = ()
    bulk_url: str = ""
    totals: tuple[Cell, ...] = ()
    note: Html = ""
    empty_title: str = ""
    empty_hint: str = ""
    empty_link: Link | None = None
