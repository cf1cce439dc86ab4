"""The list benchmark: F1, F2, F3 and F9 of 04 §0 against a stock Django admin on the same rows, in one run."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, inspect, select, text

from app.demo.masses.bulk import write_rows
from app.demo.masses.invented_customers import numbers
from app.extensions import db
from app.features.customers.models import Customer
from app.kernel.schema import refresh_statistics
from app.kernel.screens.cursor import Cursor, write_cursor
from app.kernel.transactions import write
from benchmarks.django_peer import TABLE
from benchmarks.measuring import RUNS, Report, Timing, machine, side_by_side, timed
from benchmarks.sites import Say, kept_or_scratch, signed_in, site_with
from config import ROOT

LIST, NAME, TAIL = "/customer/list/", "王伟", "0318"
PEER_PAGE = 25
FACTS = "name, state, grade, source, wanted_layout AS layout, owner_id, last_contact_at, follow_due_on, protected_until"


@dataclass(frozen=True)
class Case:
    """One page of ours: who opens it, its address, the peer's page that it is held against, the bar as a ratio."""

    mark: str
    label: str
    login: str
    address: str
    peer: str
    bar: float


@dataclass(frozen=True)
class Figure:
    """What was measured: times of ours and of the peer's page, statements, kilobytes."""

    case: Case
    ours: Timing
    peer: Timing
    statements: int
    kilobytes: float

    @property
    def ratio(self) -> float:
        return self.ours.wall / self.peer.wall

    def line(self) -> str:
        """A row of the printed table."""
        verdict = "✓" if self.ratio <= self.case.bar else "✗"
        return (
            f"| {self.case.mark} | {self.case.label} | {self.ours.wall:.1f} | {self.peer.wall:.1f} | {self.ratio:.2f} | ≤ {self.case.bar:g} "
            f"{verdict} | {self.ours.cpu:.1f} / {self.peer.cpu:.1f} | {self.statements} | {self.kilobytes:.0f} |"
        )


def cases(rows: int) -> list[Case]:
    """Every page that is measured. F2 is held against our own first page, which is its peer."""
    middle = db.session.scalar(
        select(Customer.__table__.c.id).order_by(Customer.__table__.c.id).offset(rows // 2).limit(1)
    )
    db.session.rollback()  # PostgreSQL ends transactions that wait for a minute
    at = write_cursor("", Cursor(False, rows // 40, (middle,)))
    last = write_cursor("", Cursor(True, -1, None))
    far = f"?p={min(20_000, rows // PEER_PAGE)}"
    head, own = "site_manager", "own"
    return [
        Case("F1", "第一页，全项目", head, "", "", 0.5),
        Case("F1", "第一页，置业顾问自己的客户", "consultant1", "", "", 0.5),
        Case("F1", "第一页，行都很旧的项目", "other_site_manager", "", "", 0.5),
        Case("F1", "筛选：A 级", head, "?grade=a", "?grade__exact=a", 0.5),
        Case("F1", "筛选：已流失", head, "?state=lost", "?state__exact=lost", 0.5),
        Case("F1", "按最近有效联系排序", head, "?order=-last_contact_at", "?o=-8", 0.5),
        Case("F1", "标签：跟进逾期", head, "?chip=late", "", 0.5),
        Case("F2", "中间一页（逐页走到）", head, f"?_at={at}", own, 1.5),
        Case("F2", "最后一页", head, f"?_at={last}", own, 1.5),
        Case("F2", "跳到第 400 页", head, "?page=400", own, 1.5),
        Case("F2", "对照：Django 同样深的一页", head, f"?_at={at}", far, 0.5),
        Case("F3", f"搜索 {NAME}", head, f"?q={NAME}", f"?q={NAME}", 0.15),
        Case("F3", f"搜索手机尾号 {TAIL}", head, f"?q={TAIL}", f"?q={TAIL}", 0.15),
        Case("F3", "搜索拼音 wangwei", head, "?q=wangwei", f"?q={NAME}", 0.15),
        Case("F3", "搜索首字母 ww", head, "?q=ww", f"?q={NAME}", 0.15),
        Case("F3", "搜索 王（一个字）", head, "?q=王", "?q=王", 0.15),
        Case("F3", f"搜索 {NAME}，置业顾问", "consultant1", f"?q={NAME}", f"?q={NAME}", 0.15),
    ]


def run(rows: int, databases: tuple[str, ...], folder: Path | None, say: Say) -> str:
    """Measure at rows / 100, rows / 10 and rows customers; returns the report, which is also said line by line."""
    report = Report(say)
    tell = report.tell
    tell(
        f"# 列表测速 {date.today()}\n\n{machine()}；每个数取 {RUNS} 次的中位数，毫秒，与 peer 交替测量；peer = Django admin 的同样页面（F2 对自己的第一页）。"
    )
    with kept_or_scratch(folder) as place:
        for database in databases:
            growth = {}
            for size in (rows // 100, rows // 10, rows):
                tell(f"\n## {database}，{size:,} 位客户\n")
                figures = _measured_apart(place / f"{database.lower()}-{size}", database, size)
                growth[size] = {(f.case.mark, f.case.label): f.ours for f in figures}
                tell(
                    "| 项 | 页面 | 本系统 | peer | 比值 | 标准 | CPU 本系统 / peer | 语句 | KB |\n|---|---|---|---|---|---|---|---|---|"
                )
                for figure in figures:
                    tell(figure.line())
            for line in _growth(database, growth):
                tell(line)
    return report.text


def _growth(database: str, growth: dict[int, dict[tuple[str, str], Timing]]) -> Iterator[str]:
    """F9: how much slower each page became when the rows became ten times as many."""
    sizes = sorted(growth)
    heads = [f"{before:,} → {after:,}" for before, after in itertools.pairwise(sizes)]
    yield f"\n## F9 增长，{database}（每十倍 ≤ 1.3）\n\n| 项 | 页面 | {' | '.join(heads)} |\n|---|---|{'---|' * len(heads)}"
    for key in growth[sizes[0]]:
        steps = [_steps(growth[before][key], growth[after][key]) for before, after in itertools.pairwise(sizes)]
        yield f"| {key[0]} | {key[1]} | {' | '.join(steps)} |"


def _steps(before: Timing, after: Timing) -> str:
    return f"{after.wall / before.wall:.2f}（CPU {after.cpu / before.cpu:.2f}）"


def _measured_apart(folder: Path, database: str, rows: int) -> list[Figure]:
    """In a process of its own: the framework takes one app a process. What it says goes to the standard error."""
    command = [sys.executable, "-m", "benchmarks.lists", str(folder), database, str(rows)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 - ourselves
    if done.returncode:
        raise RuntimeError(f"{database}, {rows:,}: the measuring process failed")
    return [
        Figure(
            Case(**told["case"]), Timing(**told["ours"]), Timing(**told["peer"]), told["statements"], told["kilobytes"]
        )
        for told in json.loads(done.stdout.splitlines()[-1])
    ]


def _measured(folder: Path, database: str, rows: int, say: Say) -> list[Figure]:
    with site_with(folder, database, rows, say) as app:
        _peer_table(rows)
        settle(db.engine)
        db.engine.dispose()  # whoever reads learns of it when he connects
        found = cases(rows)
        clients = {login: signed_in(app, login) for login in {case.login for case in found}}
        with _peer(db.engine) as peer:
            return [_figure(clients, case, found[0], peer) for case in found]


def settle(engine: Engine) -> None:
    """What the worker does on SQLite every hour, and PostgreSQL by itself within minutes of a large load."""
    write(db.session, lambda: refresh_statistics(db.session.connection()))
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql("VACUUM ANALYZE")


def _figure(clients: dict[str, Any], case: Case, first: Case, peer: Callable[[str], Timing]) -> Figure:
    def ask(one: Case = case) -> Any:
        answer = clients[one.login].get(LIST + one.address)
        if answer.status_code != 200:
            raise RuntimeError(f"{one.address}: {answer.status}")
        return answer

    def against() -> Timing:
        return timed(lambda: ask(first)) if case.peer == "own" else peer(case.peer)

    with statements(db.engine) as sent:
        size = len(ask().data) / 1024
    count = len(sent)
    ours, theirs = side_by_side(lambda: timed(ask), against)
    return Figure(case, ours, theirs, count, size)


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def _peer_table(rows: int) -> None:
    """The same customers for the peer, made once: plain columns, its numbers readable, one index for each filter."""
    if inspect(db.engine).has_table(TABLE) and db.session.scalar(text(f"SELECT count(*) FROM {TABLE}")) == rows:
        db.session.rollback()
        return
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(text(f"DROP TABLE IF EXISTS {TABLE}"))
        connection.execute(
            text(f"CREATE TABLE {TABLE} AS SELECT id, {FACTS}, CAST('' AS VARCHAR(32)) AS phone FROM customer")
        )
        connection.execute(text(f"CREATE UNIQUE INDEX pk_{TABLE} ON {TABLE} (id)"))
    _numbers(rows)
    with db.engine.begin() as connection:
        for column in ("state", "grade", "source", "owner_id", "last_contact_at"):
            connection.execute(text(f"CREATE INDEX ix_{TABLE}_{column} ON {TABLE} ({column})"))


def _numbers(rows: int) -> None:
    """The invented numbers come in the order of the customers, so that they are told again instead of decrypted."""
    given = numbers(0)
    metadata = type(db.metadata)()
    with db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE bench_numbers (id INTEGER PRIMARY KEY, phone VARCHAR(32))"))
        metadata.reflect(connection, only=["bench_numbers"])
        write_rows(
            connection,
            metadata.tables["bench_numbers"],
            ("id", "phone"),
            ((n, next(given)) for n in range(1, rows + 1)),
        )
        connection.execute(
            text(f"UPDATE {TABLE} SET phone = (SELECT phone FROM bench_numbers WHERE bench_numbers.id = {TABLE}.id)")
        )
        connection.execute(text("DROP TABLE bench_numbers"))


@contextmanager
def _peer(engine: Engine) -> Iterator[Callable[[str], Timing]]:
    """Asks the peer, which lives in a process of its own, for one page."""
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "benchmarks.django_peer", url]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ourselves
        paths, answers = process.stdin, process.stdout
        if paths is None or answers is None:
            raise RuntimeError("the peer has no pipes")

        def ask(path: str) -> Timing:
            paths.write(path + "\n")
            paths.flush()
            return Timing(*json.loads(answers.readline()))

        yield ask
        paths.close()


if __name__ == "__main__":
    made = _measured(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), lambda words: sys.stderr.write(words + "\n"))
    sys.stdout.write(json.dumps([asdict(figure) for figure in made]) + "\n")
