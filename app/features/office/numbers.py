"""The number of a paper of this room: given at the first submit, kept for ever (07 §7.1)."""

from __future__ import annotations

from app.features.organisation.numbers import number_for
from app.kernel.workflow import Act


def give_number(act: Act) -> None:
    """Effect of the step that hands a paper on."""
    if act.document.number is None:
        act.document.number = number_for(act.session, act.document, act.at.date())
