"""The three pages of an import: upload, mapping of columns, preview with all errors and the sums compared."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.screens.form_page import FormField
from app.kernel.screens.parts import Card, Crumb, Html, Option, Table


@dataclass(frozen=True)
class ImportUpload:
    """Choose the file. Posts `file`."""

    title: str
    crumbs: tuple[Crumb, ...]
    template_url: str
    back_url: str
    lead: str = ""  # where the rows will stand, and under whose name
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # what the file must look like
    accept: str = ".xlsx"
    key: str = ""
    fields: tuple[FormField, ...] = ()  # what is asked beside the file
    side: tuple[Card, ...] = ()


@dataclass(frozen=True)
class ImportColumn:
    """A column of the file and the field that it fills. Posts `name` = value of the chosen option, empty = left out."""

    name: str
    head: str
    samples: tuple[str, ...]
    options: tuple[Option, ...]
    value: str = ""
    error: str = ""


@dataclass(frozen=True)
class ImportMapping:
    """Which column fills which field. `expected`: optional inputs of sums that the person has from elsewhere."""

    title: str
    crumbs: tuple[Crumb, ...]
    file_name: str
    columns: tuple[ImportColumn, ...]
    back_url: str
    errors: tuple[str, ...] = ()
    rows_text: str = ""  # 「共 312 行」
    expected: tuple[FormField, ...] = ()
    notes: tuple[str, ...] = ()  # what of the file is not read, what is read though nobody sees it
    choices: tuple[FormField, ...] = ()  # what else is to be decided before the rows are read
    hidden: tuple[tuple[str, str], ...] = ()
    key: str = ""


@dataclass(frozen=True)
class SumCheck:
    """A sum of the file beside the sum of what will be saved."""

    label: str
    file_value: str
    our_value: str
    same: bool


@dataclass(frozen=True)
class ImportFault:
    """One refused cell: row number as Excel shows it, head of the column, what was read, what to do."""

    row: int
    column: str
    value: str
    sentence: str
    sheet: str = ""


@dataclass(frozen=True)
class ImportPreview:
    """All errors, the sums compared, the first rows as they will be saved. Posting saves all rows or none."""

    title: str
    crumbs: tuple[Crumb, ...]
    file_name: str
    good: int
    bad: int
    sums: tuple[SumCheck, ...]
    errors: tuple[ImportFault, ...]
    sample: Table | None
    back_url: str
    may_confirm: bool
    why_not: str = ""
    lead: Html = ""
    errors_url: str = ""  # the error report as a file
    errors_total: int = 0  # when not all are shown
    confirm_label: str = ""
    columns_url: str = ""  # back to the columns
    differences: Table | None = None  # what the table says differently from our records
    notes: tuple[str, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    key: str = ""
