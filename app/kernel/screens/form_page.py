"""The form page: add, edit, a step of a record, a decision. Nothing typed is ever lost: the screen fills the values again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from app.kernel.screens.parts import ButtonTone, Card, Crumb, Html, Link, Option, StepMark, Tag

FieldKind = Literal[
    "text", "textarea", "select", "ajax", "date", "datetime", "month", "time", "money", "number", "checkbox", "radio",
    "choice", "file", "multi", "password", "hidden",
]  # fmt: skip


@dataclass(frozen=True)
class FormField:
    """A labelled input.

    value: the text shown (money «1,106,834.00», date ISO); for `multi` the chosen values; for `checkbox` a true value.
    ajax: `url` answers GET ?q= with JSON {"results": [{"id", "text", "note"}]}; `shown` is the text of the present value.
    choice: radio buttons as boxes with a second line (Option.note). phrases: sentences that a click puts into a textarea.
    """

    name: str
    label: str
    kind: FieldKind = "text"
    required: bool = False
    value: object = ""
    shown: str = ""
    hint: Html = ""
    errors: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    phrases: tuple[str, ...] = ()
    wide: bool = False
    readonly: bool = False
    url: str = ""
    suffix: str = ""  # 「元」「㎡」
    placeholder: str = ""
    rows: int = 3
    multiple: bool = False  # file: several at once
    accept: str = ""  # file: «.pdf,.jpg»
    attrs: tuple[tuple[str, str], ...] = ()  # further attributes: autocomplete, min, max, maxlength, pattern


@dataclass(frozen=True)
class FormSection:
    """Fields under one title; without a title the first section has none.

    folded: nothing of it is required. A phone shows its title only, until it is opened, holds something or is wrong.
    """

    title: str
    fields: tuple[FormField, ...]
    note: Html = ""
    folded: bool = False

    @property
    def holds_something(self) -> bool:
        """Whether it may not stay folded: a value was typed or refused."""
        return any(f.errors or f.value for f in self.fields)


@dataclass(frozen=True)
class LinesForm:
    """The rows of a paper with lines. heads: (label, required, numeric); more: the `_save` that asks for further rows;
    live: an address that is asked while people type and answers {"text", "tone"}."""

    title: str
    heads: tuple[tuple[str, bool, bool], ...]
    rows: tuple[tuple[FormField, ...], ...]
    more: str
    most: int
    live: str = ""
    note: str = ""  # which rows do not count; «» = the empty ones


@dataclass(frozen=True)
class FormPage:
    """A form with one way forward.

    errors: sentences about the whole form; the errors of the fields are listed above the form as well.
    key: the idempotency key sent as `_key`; version: the state that the page shows, sent as `_version`.
    """

    title: str
    sections: tuple[FormSection, ...]
    submit_label: str
    back_url: str
    submit_tone: ButtonTone = "primary"
    submit_icon: str = ""
    other_submits: tuple[tuple[str, str], ...] = ()  # (value of `_save`, label): 「存草稿」「保存并新增」
    action: str = ""  # empty: the page's own address
    back_label: str = ""
    card_title: str = ""
    crumbs: tuple[Crumb, ...] = ()
    tag: Tag | None = None
    lead: Html = ""
    warning: Html = ""  # what this step means, above the fields
    stepbar: tuple[StepMark, ...] = ()
    errors: tuple[str, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    key: str = ""
    version: str = ""
    confirm_title: str = ""  # with it a question comes before the post
    confirm: Html = ""
    above: tuple[Card, ...] = ()  # what has to be looked at before the fields are filled in
    side: tuple[Card, ...] = ()
    acts: tuple[Link, ...] = ()
    read_first: bool = False  # on a narrow screen what stands beside the form comes before it
    group_text: str = ""  # what 「复制到群」 copies; empty = no such button
    multipart: bool = field(default=False)
    lines: LinesForm | None = None

    @property
    def has_files(self) -> bool:
        """Whether the form must be sent as multipart."""
        return self.multipart or any(f.kind == "file" for s in self.sections for f in s.fields)

    @property
    def field_errors(self) -> list[tuple[str, str, str]]:
        """(name, label, sentence) of every field that is refused, in the order of the page."""
        lined = [f for row in self.lines.rows for f in row] if self.lines is not None else []
        return [(f.name, f.label, e) for f in (*(f for s in self.sections for f in s.fields), *lined) for e in f.errors]


StepPage = FormPage


@dataclass(frozen=True)
class ErrorPage:
    """What happened, that nothing was saved, and two ways on. `kept` gives back what was typed: (label, value)."""

    code: int
    title: str
    sentence: Html
    facts: tuple[tuple[str, Html], ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    links: tuple[Link, ...] = ()
