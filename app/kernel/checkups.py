"""Verifications that `./anchang doctor` runs: each room adds its own in register()."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Checkup:
    """label: Chinese name of what is verified; run(session) yields one Chinese sentence a fault, nothing when well."""

    label: str
    run: Callable[[Session], Iterable[str]]


CHECKUPS: list[Checkup] = []


def add_checkup(label: str, run: Callable[[Session], Iterable[str]]) -> None:
    """Registers a verification. A label is used once (ValueError otherwise)."""
    if any(checkup.label == label for checkup in CHECKUPS):
        raise ValueError(f"checkup {label} is registered twice")
    CHECKUPS.append(Checkup(label, run))


Remark = Callable[[Session], str]
REMARKS: list[Remark] = []


def add_remark(remark: Remark) -> None:
    """A sentence that `doctor` says beside its verdicts: what is installed, what is switched off. Never a fault."""
    if remark not in REMARKS:
        REMARKS.append(remark)
