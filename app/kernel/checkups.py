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


def faults_of(checkup: Checkup, session: Session) -> list[str]:
    """All faults that it finds. A value so damaged that it cannot be read (a day that no month has) is one, too: it ends this
    verification, and the others still run."""
    found: list[str] = []
    try:
        for fault in checkup.run(session):
            found.append(fault)
    except ValueError as error:
        session.rollback()
        found.append(f"有数据已损坏、读不出来，这项核验到此为止，哪一行见「数据可读」：{error}")
    return found


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
