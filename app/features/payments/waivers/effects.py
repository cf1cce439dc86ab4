"""What a 减免单 needs, and that its approval takes the fee off (02 §2.3.6: ends at JFS, reason kept)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.payments.effects.late_fees import accrual, waivable, waive_late_fee
from app.features.payments.effects.ledger import UNSCOPED
from app.features.payments.effects.receipts import follow_account, number_for
from app.features.payments.models import Receivable
from app.features.payments.waivers.models import LateFeeWaiver
from app.kernel.approval.kinds import Need
from app.kernel.errors import RuleError
from app.kernel.money import format_amount, to_fen
from app.kernel.workflow import Act


def fill(session: Session, paper: LateFeeWaiver, row: Receivable) -> None:
    """Account and people come from the row, the fee as it is today. Raises RuleError when more is asked than is open."""
    follow_account(paper, row.account)
    paper.account_id = row.account_id
    found = accrual(session, row)
    paper.fee, paper.days = found.late.fee, found.late.days
    _check(session, paper, row)


def _check(session: Session, paper: LateFeeWaiver, row: Receivable) -> None:
    most = waivable(session, row)
    if to_fen(paper.amount) <= 0 or paper.amount > most:
        raise RuleError(
            "「{title}」可减免的滞纳金是 {most} 元（已收的不能减免），减免金额应大于零且不超过它",
            field="amount", title=row.title, most=format_amount(most),
        )  # fmt: skip


def row_of(act: Act) -> Receivable:
    """The late row, whoever decides."""
    query = select(Receivable).where(Receivable.id == act.document.receivable_id)
    return act.session.scalars(query, execution_options=UNSCOPED).one()


def amount_is_open(act: Act) -> None:
    """It may be asked and decided only while so much is open."""
    _check(act.session, act.document, row_of(act))


def give_number(act: Act) -> None:
    """The number comes with the first submit."""
    act.document.submitted_by = act.actor.person_id
    if act.document.number is None:
        act.document.number = number_for(act.session, act.document, act.at.date())


def approval_need(_session: Session, paper: Any) -> Need:
    """The whole chain signs."""
    text = f"{paper.receivable.title}，逾期 {paper.days} 天，滞纳金 {format_amount(paper.fee)} 元，申请减免 {format_amount(paper.amount)} 元：{paper.reason}"
    return Need(Decimal(1), summary=text)


def grant(act: Act) -> None:
    """Decided: the fee is off."""
    paper: LateFeeWaiver = act.document
    waive_late_fee(act.session, act.actor, row_of(act), paper.amount, paper)
    paper.granted_on = act.at.date()
