"""What follows on a 用印登记: number, what was really sealed, the seal back with its keeper."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.features.archive.seals.models import DEVELOPERS, SealUse
from app.features.organisation.numbers import number_for
from app.kernel.actors import Actor
from app.kernel.approval.kinds import Need
from app.kernel.errors import RuleError
from app.kernel.workflow import Act


def of_developer(use: Any, _actor: Actor) -> bool:
    """甲方现场负责人 decides (07)."""
    return use.seal in DEVELOPERS


def of_site(use: Any, _actor: Actor) -> bool:
    """案场经理 decides (07)."""
    return use.seal not in DEVELOPERS


def approval_need(_session: Session, use: Any) -> Need:
    """What the keeper of the seal reads."""
    return Need(summary=f"{use.seal.label}，{use.subject}，{use.copies} 份，用印人 {use.user}。{use.reason}")


def give_number(act: Act) -> None:
    """The number comes with the first submit."""
    use: SealUse = act.document
    use.submitted_by = act.actor.person_id
    use.number = use.number or number_for(act.session, use, act.at.date())


def note_use(act: Act) -> None:
    """Sealed: not more copies than agreed; a seal that left its keeper comes back until a day."""
    use: SealUse = act.document
    use.used_on, use.used_copies, use.witness = act.form["on"], act.form["copies"], act.form["witness"]
    use.due_on = act.get("due_on") or use.used_on
    if use.used_on > act.at.date():
        raise RuleError("用印日期不能晚于今天", field="on")
    if not 1 <= use.used_copies <= use.copies:
        raise RuleError("批准用印 {n} 份，实际份数应在 1 和 {n} 之间；需要更多请另行申请", field="copies", n=use.copies)
    if use.due_on < use.used_on:
        raise RuleError("应归还日期不能早于用印日期", field="due_on")


def note_return(act: Act) -> None:
    use: SealUse = act.document
    use.returned_on = act.form["on"]
    if use.used_on is not None and not use.used_on <= use.returned_on <= act.at.date():
        raise RuleError("归还日期应在用印日和今天之间", field="on")
