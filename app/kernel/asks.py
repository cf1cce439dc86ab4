"""What a step asks of the person: fields of its form, declared beside the step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.kernel.posts import Post
from app.kernel.states import Choice


@dataclass(frozen=True)
class Ask:
    """One field of a step's form.

    kind: text, textarea, money, area, number, date, datetime, checkbox, choice, file, record, person.
    """

    name: str
    label: str
    kind: str = "text"
    required: bool = True
    hint: str = ""
    choices: type[Choice] | tuple[tuple[str, str], ...] = ()
    offers: Callable[[Any], tuple[tuple[str, str], ...]] | None = (
        None  # kind "choice": pairs that depend on the document
    )
    model: str = ""  # kind "record": table name of the record to choose
    default: Callable[[Any], Any] | None = None  # gets the document
    wide: bool = False
    unit: str = ""
    personal: bool = False  # a phone or identity number: the transition log keeps «***» (04 S12)
    when: Callable[[Any], bool] | None = None  # asked only where this holds of the document
    posts: frozenset[Post] = frozenset()  # kind "person": who holds one of these posts in the document's project


@dataclass(frozen=True)
class First:
    """What has to be done before a step's form makes sense: the other step, when it is missing, the sentence that says so."""

    step: str
    missing: Callable[[Any], bool]
    sentence: str


def ask(name: str, label: str, kind: str = "text", **more: Any) -> Ask:
    """Declare one field of a step's form."""
    if "posts" in more:
        more["posts"] = frozenset(more["posts"])
    return Ask(name, label, kind, **more)
