"""延期付款 is executed: the row gets its new day, the agreed one stays, late fees count from the new one (02 §2.2.3, §2.3.6 L4)."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.features.payments.effects.accounts import locked_account, require_open
from app.features.payments.effects.allocating import refresh, same_instalment
from app.features.payments.effects.late_fees import release_excess
from app.features.payments.models import Receivable, ReceivableState
from app.kernel.actors import Actor
from app.kernel.errors import RuleError
from app.kernel.transactions import write
from app.kernel.workflow import as_step


def check_extension(row: Receivable, new_date: date) -> None:
    """What an extension must hold; raises RuleError with the field. Papers ask it while they are written, too."""
    if row.state in (ReceivableState.PAID, ReceivableState.CANCELLED):
        raise RuleError("「{title}」现在是「{state}」，不用延期", title=row.title, state=row.state.label)
    before = row.payable_on
    if before is None:
        raise RuleError("「{title}」还没有应收日，签约后才能延期", title=row.title)
    if new_date <= before:
        raise RuleError("延期后的日期应晚于现在的应收日 {day}", field="new_date", day=before.isoformat())


def extend_row(session: Any, actor: Actor, row: Receivable, new_date: date, paper: Any) -> None:
    """Move the day until which a row is payable, with the rows of its instalment for other 计价项目; `paper` is the decided
    paper that says so. Joins the caller's step.

    Raises RuleError for a paid, cancelled or undated row and for a day that is not later.
    """

    def work() -> None:
        account = locked_account(session, row.account_id)
        require_open(account)
        check_extension(row, new_date)
        with as_step(session):
            for one in same_instalment(session, row):
                one.extended_to, one.extension_paper = new_date, str(paper)[:64]
                one.promised_on = None
                session.flush()
                release_excess(session, actor, one, f"延期 {paper}")
            refresh(session, account, actor)

    write(session, work)
