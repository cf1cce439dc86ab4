"""Asking for money: a record of each asking, promises held against what came, the day rules tell the consultants (S3.23)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.features.payments.dunning.models import DunningRecord, Promise
from app.features.payments.effects.allocating import refresh, same_instalment
from app.features.payments.effects.ledger import UNSCOPED
from app.features.payments.models import OrderAccount, Receivable, ReceivableState
from app.features.payments.rules.dunning import promise_kept
from app.kernel.actors import SYSTEM, Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.jobs import every
from app.kernel.money import format_amount, to_fen
from app.kernel.notices import NoticeKind, notify, notify_posts
from app.kernel.posts import Post
from app.kernel.workflow import Act

ENDED = (ReceivableState.PAID, ReceivableState.CANCELLED)
SHOWN = 8  # rows that one notice names
CHASERS = frozenset({Post.SUPERVISOR, Post.CONTRACT_OFFICER, Post.DEVELOPER_FINANCE})


def note_reminder(act: Act) -> None:
    """One more 催款: kept as a record, counted on the row, with the promised and the next day."""
    row: Receivable = act.document
    for name in ("promised_on", "next_on"):
        day = act.get(name)
        if day is not None and day < act.at.date():
            raise RuleError("日期不能早于今天", field=name)
    promised = act.get("promised_amount")
    if promised is not None:
        if act.get("promised_on") is None:
            raise RuleError("填写了承诺金额，请同时填写承诺付款日", field="promised_on")
        if to_fen(promised) <= 0 or promised > row.open_amount:
            raise RuleError(
                "承诺金额应大于零且不超过未收的 {open} 元", field="promised_amount", open=format_amount(row.open_amount)
            )
    record(
        act.session, act.actor, row, how=act.form["how"], answer=act.get("note") or act.note,
        promised_on=act.get("promised_on"), promised_amount=promised, next_on=act.get("next_on"),
    )  # fmt: skip
    for other in same_instalment(act.session, row):
        if other is not row:  # one call asked for the whole instalment: the record stands at the row that was chosen
            other.reminders += 1
            other.reminded_level, other.next_reminder_on = other.dunning_level, act.get("next_on")


def record(
    session: Session, actor: Actor, row: Receivable, *, how: str, answer: str = "", next_on: date | None = None, **promise: Any
) -> DunningRecord:  # fmt: skip
    """Write a 催款记录 and count it on the row; joins the caller's step. An earlier open promise is replaced by a new one."""
    if promise.get("promised_on") is not None:
        for earlier in _open_promises(session, row.id):
            _settle(earlier, row, Promise.BROKEN if earlier.promised_on < now().date() else Promise.RENEWED)
    made = DunningRecord(
        project_id=row.project_id, owner_id=row.owner_id, partner_id=row.partner_id, team_id=row.team_id,
        account_id=row.account_id, receivable_id=row.id, at=now(), person_id=actor.person_id, how=how, answer=answer[:500],
        open_amount=row.open_amount, received_before=row.received, next_on=next_on, created_by=actor.person_id,
        promise=Promise.OPEN if promise.get("promised_on") else Promise.NONE, **promise,
    )  # fmt: skip
    session.add(made)
    row.reminders += 1
    row.reminded_level = row.dunning_level
    row.promised_on = promise.get("promised_on") or row.promised_on
    row.next_reminder_on = next_on
    session.flush()
    return made


def _open_promises(session: Session, row_id: int) -> list[Any]:
    query = select(DunningRecord).where(DunningRecord.receivable_id == row_id, DunningRecord.promise == Promise.OPEN)
    return list(session.scalars(query, execution_options=UNSCOPED))


def _settle(paper: DunningRecord, row: Receivable, outcome: Promise) -> None:
    paper.promise, paper.settled_on = outcome, now().date()
    if outcome is Promise.BROKEN:
        row.broken_promises += 1


@every(seconds=600, name="receivables_due")
def age_rows(session: Session) -> int:
    """未到期 → 应收 → 逾期 by the calendar, day rules reached; who is to ask reads it. Run again it changes nothing."""
    today = now().date()
    stale = or_(
        Receivable.dunning_on <= today,
        (Receivable.state.in_((ReceivableState.NOT_DUE, ReceivableState.DUE, ReceivableState.PARTIAL)))
        & (Receivable.due_on < today),
        (Receivable.state == ReceivableState.NOT_DUE) & (Receivable.due_on <= today),
        (Receivable.state == ReceivableState.EXTENDED) & (Receivable.extended_to < today),
    )
    live = Receivable.state.not_in(ENDED)
    keys = set(session.scalars(select(Receivable.account_id).where(live, stale)))
    accounts = session.scalars(select(OrderAccount).where(OrderAccount.id.in_(keys)).order_by(OrderAccount.id))
    moved = sum(_age(session, account) for account in list(accounts))
    return moved + settle_promises(session)


def _age(session: Session, account: OrderAccount) -> int:
    """One account; its consultant is told of the rows that reached a further rule, the desk of those that may be ended."""
    query = select(Receivable).where(Receivable.account_id == account.id, Receivable.state.not_in(ENDED))
    before = {row.id: (row.dunning_level, row.terminable, row.state) for row in session.scalars(query)}
    refresh(session, account, SYSTEM)
    rows = [row for row in session.scalars(query) if row.id in before]
    moved = sum((row.dunning_level, row.terminable, row.state) != before[row.id] for row in rows)
    raised = [row for row in rows if row.dunning_level > before[row.id][0]]
    ended = [row for row in rows if row.terminable and not before[row.id][1]]
    _tell_owner(session, account, raised)
    if ended:
        notify_posts(
            session, CHASERS | {Post.DEVELOPER_SITE}, account.project_id, f"逾期超过合同约定，出卖人可解除：{account.title}",
            body=_words(ended), url=f"/order-account/show/{account.id}", team_id=account.team_id, kind=NoticeKind.REMINDER,
            outside="有逾期超过合同约定天数的应收款",
        )  # fmt: skip
    return moved


def _tell_owner(session: Session, account: OrderAccount, rows: list[Receivable]) -> None:
    people = [person for person in (account.owner_id, account.partner_id) if person is not None]
    if rows and people:
        notify(
            session, people, f"请催款：{account.title}", body=_words(rows), url=f"/order-account/show/{account.id}",
            project_id=account.project_id, kind=NoticeKind.REMINDER, outside="有应收款到了催款节点",
        )  # fmt: skip


def _words(rows: Iterable[Receivable]) -> str:
    """«首期 12-07 到期，未收 316,834.00 元；…»."""
    today = now().date()
    words = []
    for row in list(rows)[:SHOWN]:
        day = row.payable_on
        late = (today - day).days if day is not None else 0
        when = f"已逾期 {late} 天" if late > 0 else f"{day:%m-%d} 到期"
        words.append(f"{row.words} {when}，未收 {format_amount(row.open_amount)} 元")
    return "；".join(words)


def settle_promises(session: Session) -> int:
    """Promises whose money came are kept; those whose day passed without it are broken, and the consultant reads it."""
    today = now().date()
    query = select(DunningRecord, Receivable).join(Receivable, Receivable.id == DunningRecord.receivable_id)
    settled = 0
    for paper, row in session.execute(query.where(DunningRecord.promise == Promise.OPEN)).all():
        kept = promise_kept(paper.promised_amount, paper.received_before, row.received, row.amount)
        over = paper.promised_on is not None and paper.promised_on < today
        if kept or over or row.state is ReceivableState.CANCELLED:
            settled += 1
            _settle(paper, row, Promise.KEPT if kept else Promise.BROKEN if over else Promise.NONE)
            if paper.promise is Promise.BROKEN:
                _tell_broken(session, paper, row)
    session.flush()
    return settled


def _tell_broken(session: Session, paper: DunningRecord, row: Receivable) -> None:
    if row.owner_id is not None:
        notify(
            session, {row.owner_id, paper.person_id}, f"客户失约：{row.title}",
            body=f"承诺 {paper.promised_on} 付款，未收 {format_amount(row.open_amount)} 元，请再次催款",
            url=f"/receivable/show/{row.id}", project_id=row.project_id, kind=NoticeKind.REMINDER, outside="有客户付款失约",
        )  # fmt: skip
