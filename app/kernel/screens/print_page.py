"""A record on paper: A4, black on white, with lines to sign on. Browser print; the papers that are filed are PDFs."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.screens.parts import Card


@dataclass(frozen=True)
class PrintPage:
    """`signs` are the words before the lines to sign on, `foot` tells who printed it and when."""

    title: str
    cards: tuple[Card, ...]
    number: str = ""
    heading: str = ""  # the project or the company, above the title
    signs: tuple[str, ...] = ()
    foot: str = ""
    back_url: str = ""
