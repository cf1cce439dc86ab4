"""The page that shows one file: a picture, a page of a PDF, or the reason why it cannot be shown here; and its text."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.screens.parts import Crumb, Html, Link, Tag


@dataclass(frozen=True)
class FilePage:
    """picture: the address of what is shown; page, pages: of a PDF, else 0; prev, next: the pages, or the files, beside it."""

    title: str
    crumbs: tuple[Crumb, ...]
    acts: tuple[Link, ...]
    lead: Html = ""
    picture: str = ""
    alt: str = ""
    refused: str = ""  # why it cannot be shown
    page: int = 0
    pages: int = 0
    shown_pages: int = 0  # fewer than pages when there are very many
    prev_url: str = ""
    next_url: str = ""
    prev_label: str = ""
    next_label: str = ""
    text_tag: Tag | None = None
    text: str = ""
    text_note: Html = ""
