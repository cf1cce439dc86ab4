"""Writing an import: every row or none, in one transaction, through the same validation as the form (04 R5, R10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.kernel.base import model_of
from app.kernel.constraints import explain
from app.kernel.errors import Forbidden, NotFound, RuleError
from app.kernel.imports.by_form import add, change
from app.kernel.imports.declared import Desk
from app.kernel.imports.matching import place
from app.kernel.imports.plan import Fate, Line, Plan, words_of
from app.kernel.imports.records import ImportRun
from app.kernel.transactions import write

AT_ONCE = 2_000  # beyond it the rows are written by a task
TOLD_EVERY = 100


def commit(
    desk: Desk,
    plan: Plan,
    about: dict[str, str],
    *,
    told: Callable[[int, int], None] = lambda _done, _total: None,
    ended: Callable[[ImportRun], None] = lambda _run: None,
) -> ImportRun:
    """Place the rows anew on the locked present and write all that is new or changed; `ended` runs in the same transaction.

    about: subject, file_name, digest, source of the run. Raises RuleError that names the row when one is refused: nothing is written.
    """

    def work() -> ImportRun:
        _wait_for_others(desk)
        place(desk, plan)
        todo = [
            line for line in plan.lines if line.fate in (Fate.NEW, Fate.CHANGED) or isinstance(line.record, RuleError)
        ]
        for number, line in enumerate(todo):
            if number % TOLD_EVERY == 0:
                told(number, len(todo))
            _write_line(desk, plan, line)
        if plan.declared.after is not None:
            plan.said = plan.declared.after(desk, [line.values for line in todo])
        run = ImportRun(
            project_id=desk.project_id, person_id=desk.actor.person_id, person_name=desk.actor.name, new=len(plan.of(Fate.NEW)),
            changed=len(plan.of(Fate.CHANGED)), same=len(plan.of(Fate.SAME)), kept=len(plan.of(Fate.KEPT)),
            sums={label: str(good) for label, (_read, good) in plan.sums.items()}, **about,
        )  # fmt: skip
        session: Any = desk.session
        session.add(run)
        session.flush()
        ended(run)
        return run

    return write(desk.session, work)


def _wait_for_others(desk: Desk) -> None:
    """Two imports into one project go one after the other: the second finds the rows of the first (04 R10)."""
    project = model_of("project").__table__
    query = select(project.c.id).where(project.c.id == desk.project_id).with_for_update(key_share=True)
    desk.session.execute(query)


def _write_line(desk: Desk, plan: Plan, line: Line) -> None:
    try:
        if isinstance(line.record, RuleError):
            raise line.record
        if line.fate is Fate.CHANGED:
            change(desk, line.record, line.values)
        elif plan.declared.create is not None:
            plan.declared.create(desk, line.values)
        else:
            add(desk, line.values)
    except IntegrityError as error:
        raise _at(line, explain(error)) from error
    except (RuleError, NotFound, Forbidden) as error:
        raise _at(line, error) from error


def _at(line: Line, error: Exception) -> RuleError:
    return RuleError("{place}：{why}。一行也没有导入", place=line.place, why=words_of(error))
