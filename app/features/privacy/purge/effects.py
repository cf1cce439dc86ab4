"""The list is made in one statement, and worked off in batches that each look again whether the customer may go."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Select, case, func, insert, literal, select, update
from sqlalchemy.orm import Session

from app.features.customers.choices import CustomerState
from app.features.customers.models import Customer
from app.features.organisation.numbers import number_for
from app.features.organisation.parameters import parameter
from app.features.privacy.erasure import anonymise
from app.features.privacy.kept_by_law import bound
from app.features.privacy.purge.models import CONFIRMERS, Fate, PurgeRow, PurgeRun, PurgeState
from app.features.privacy.purge.rules import oldest_kept
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.columns import ChoiceType
from app.kernel.notices import NoticeKind, notify_posts
from app.kernel.workflow import Act, as_step, fire

UNSCOPED = {"unscoped": True}
BATCH = 200  # customers in one transaction: others write in between
STATES = (CustomerState.NEW, CustomerState.FOLLOWING, CustomerState.LOST, CustomerState.POOL)


def erasable(project_id: int, before: date) -> Select[Any]:
    """Customers who did not buy, were not heard of since, and are not erased yet."""
    columns: tuple[Any, ...] = (Customer.id, Customer.last_contact_at)
    return select(*columns).where(
        Customer.project_id == project_id, Customer.state.in_(STATES), Customer.anonymised_at.is_(None),
        Customer.last_contact_at < datetime.combine(before, time()), ~bound(Customer.id),
    )  # fmt: skip


def prepare(session: Session, project_id: int) -> PurgeRun | None:
    """A list for 销管部 to confirm; None when nobody is to go or a list is open already."""
    open_run = select(PurgeRun.id).where(
        PurgeRun.project_id == project_id, PurgeRun.state.in_([PurgeState.LISTED, PurgeState.CONFIRMED])
    )
    if session.scalars(open_run, execution_options=UNSCOPED).first() is not None:
        return None
    months = parameter(session, project_id, "keep_visitor_months")
    before = oldest_kept(now().date(), months)
    who = erasable(project_id, before)
    if session.execute(who.limit(1), execution_options=UNSCOPED).first() is None:
        return None
    with as_step(session):
        run = PurgeRun(project_id=project_id, before=before, months=months)
        session.add(run)
        session.flush()
        run.number = number_for(session, run, now().date())
        run.found = _list(session, run, who)
        session.flush()
        notify_posts(
            session, CONFIRMERS, project_id, f"清理名单 {run.number} 待确认：{run.found} 位未成交客户",
            body=f"最近联系早于 {before}，确认后匿名处理，不能恢复。", url=f"/purge-run/show/{run.id}", kind=NoticeKind.DUE,
            outside="有一份未成交客户清理名单待确认",
        )  # fmt: skip
    return run


def _list(session: Session, run: PurgeRun, who: Select[Any]) -> int:
    """INSERT … SELECT: a million rows never pass through Python."""
    rows = who.with_only_columns(
        literal(run.project_id), literal(run.id), Customer.id, func.date(Customer.last_contact_at),
        literal(Fate.WAITING, ChoiceType(Fate)), literal(""),
    )  # fmt: skip
    names = ["project_id", "run_id", "customer_id", "last_contact_on", "fate", "why"]
    session.execute(insert(PurgeRow.__table__).from_select(names, rows), execution_options=UNSCOPED)
    return _counted(session, run)["all"]


def confirm(act: Act) -> None:
    """Step 确认清理."""
    act.document.confirmed_at, act.document.confirmed_by = act.at, act.actor.person_id


def end(act: Act) -> None:
    act.document.finished_at = act.at


def work_off(session: Session, run: PurgeRun, actor: Actor) -> int:
    """Erase the next customers of a confirmed list; gives how many were looked at, and closes the list behind the last one."""
    waiting = select(PurgeRow.id, PurgeRow.customer_id).where(PurgeRow.run_id == run.id, PurgeRow.fate == Fate.WAITING)
    rows = session.execute(waiting.order_by(PurgeRow.id).limit(BATCH), execution_options=UNSCOPED).all()
    key, number = run.id, run.number
    with as_step(session):
        if rows:
            going = _still_erasable(session, run, [row.customer_id for row in rows])
            anonymise(session, actor, sorted(going), f"未成交客户清理 {number}", now())
            _note(session, [row.id for row in rows if row.customer_id in going], Fate.ERASED, "")
            left = [row.id for row in rows if row.customer_id not in going]
            _note(session, left, Fate.KEPT, "名单列出后又有联系或成交")
        fresh = session.get_one(PurgeRun, key, execution_options=UNSCOPED)
        counts = _counted(session, fresh)
        fresh.erased, fresh.kept = counts["erased"], counts["kept"]
        session.flush()
    if len(rows) < BATCH:
        fire(session, fresh, "finish", actor, internal=True)
    return len(rows)


def _still_erasable(session: Session, run: PurgeRun, ids: list[int]) -> set[int]:
    """Somebody may have called, or bought, since the list was made."""
    query = erasable(run.project_id, run.before).where(Customer.id.in_(ids))
    return {row.id for row in session.execute(query, execution_options=UNSCOPED)}


def _note(session: Session, ids: list[int], fate: Fate, why: str) -> None:
    if ids:
        table: Any = PurgeRow.__table__
        session.execute(update(table).where(table.c.id.in_(ids)).values(fate=fate, why=why))


def _counted(session: Session, run: PurgeRun) -> dict[str, int]:
    def of(fate: Fate) -> Any:
        return func.count(case((PurgeRow.fate == fate, PurgeRow.id)))

    query = select(func.count(PurgeRow.id), of(Fate.ERASED), of(Fate.KEPT)).where(PurgeRow.run_id == run.id)
    every, erased, kept = session.execute(query, execution_options=UNSCOPED).one()
    return {"all": every, "erased": erased, "kept": kept}


def keep(act: Act) -> None:
    """Step 保留某位客户: taken off before the list is confirmed."""
    table: Any = PurgeRow.__table__
    done: Any = act.session.execute(
        update(table)
        .where(
            table.c.run_id == act.document.id,
            table.c.customer_id == int(act.form["customer_id"]),
            table.c.fate == Fate.WAITING,
        )
        .values(fate=Fate.KEPT, why=act.form["why"][:100])
    )
    if done.rowcount:
        act.document.kept += 1
