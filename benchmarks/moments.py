"""来电来访 and 跟进记录 by their moments at size: first page, narrowed, deep, last; held against our own customer list (04 F1, F2, F9).

The customer list is measured against a stock Django admin by benchmarks/lists.py; a list of ours that costs what it costs keeps its bar.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.features.customers.models import Contact, FollowUp
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.screens.cursor import Cursor, write_cursor
from benchmarks.lists import LIST, settle, statements
from benchmarks.measuring import RUNS, Report, Timing, machine, side_by_side, timed
from benchmarks.sites import Say, kept_or_scratch, signed_in, site_with
from config import ROOT

HEAD, SELLER = "site_manager", "consultant1"
LISTS: tuple[tuple[str, str, Any, str, int], ...] = (  # the last: rows for each customer
    ("来电来访", "/contact/list/", Contact, "kind=call", 1),
    ("跟进记录", "/follow-up/list/", FollowUp, "result=no_answer", 3),
)
PAGE, GROWS = 20, 1.3


@dataclass(frozen=True)
class Page:
    """One page that is measured: its name, who opens it, its address, and the page that it is held against with the bar as a ratio."""

    label: str
    login: str
    address: str
    peer: str
    bar: float


@dataclass(frozen=True)
class Figure:
    """What was measured."""

    page: Page
    ours: Timing
    peer: Timing
    statements: int
    kilobytes: float

    def line(self) -> str:
        """A row of the printed table."""
        ratio, worked = self.ours.wall / self.peer.wall, self.ours.cpu / self.peer.cpu
        return (
            f"| {self.page.label} | {self.ours.wall:.1f} | {self.peer.wall:.1f} | {ratio:.2f} | ≤ {self.page.bar:g} "
            f"{'✓' if ratio <= self.page.bar else '✗'} | {self.ours.cpu:.1f} / {self.peer.cpu:.1f} = {worked:.2f} | {self.statements} | {self.kilobytes:.0f} |"
        )


def pages(rows: int) -> Iterator[Page]:
    """First pages against the first page of the customer list, deep ones against the first page of their own list."""
    for label, url, model, narrowed, each in LISTS:
        half = rows * each // 2
        query = select(model.at, model.id).order_by(model.at.desc(), model.id.desc()).offset(half).limit(1)
        at, key = db.session.execute(query).one()
        middle = write_cursor("", Cursor(False, half // PAGE, (at, key)))
        last = write_cursor("", Cursor(True, -1, None))
        yield Page(f"{label}：第一页，全项目", HEAD, url, LIST, 1.3)
        yield Page(f"{label}：第一页，置业顾问自己的", SELLER, url, LIST, 1.3)
        yield Page(f"{label}：筛选", HEAD, f"{url}?{narrowed}", LIST, 1.3)
        yield Page(f"{label}：中间一页（逐页走到）", HEAD, f"{url}?_at={middle}", url, 1.5)
        yield Page(f"{label}：最后一页", HEAD, f"{url}?_at={last}", url, 1.5)
        yield Page(f"{label}：跳到第 400 页", HEAD, f"{url}?page=400", url, 1.5)
    db.session.rollback()


def run(rows: int, databases: tuple[str, ...], folder: Path | None, say: Say) -> str:
    """Measure at rows / 10 and rows customers, each with one visit and three follow-ups; returns the report."""
    report = Report(say)
    tell = report.tell
    tell(
        f"# 来电来访、跟进记录按时间 {date.today()}\n\n{machine()}；每个数取 {RUNS} 次的中位数，毫秒，与 peer 交替测量；"
        "peer = 本系统客户列表第一页，深页对自己的第一页。"
    )
    with kept_or_scratch(folder) as place:
        for database in databases:
            growth: dict[int, dict[str, Timing]] = {}
            for size in (rows // 10, rows):
                tell(f"\n## {database}，{size:,} 位客户、{size:,} 条来电来访、{3 * size:,} 条跟进\n")
                tell(
                    "| 页面 | 本页 | peer | 比值 | 标准 | CPU 本页 / peer | 语句 | KB |\n|---|---|---|---|---|---|---|---|"
                )
                figures = _measured_apart(place / f"{database.lower()}-moments-{size}", database, size)
                growth[size] = {figure.page.label: figure.ours for figure in figures}
                for figure in figures:
                    tell(figure.line())
            for line in _growth(database, growth):
                tell(line)
    return report.text


def _growth(database: str, growth: dict[int, dict[str, Timing]]) -> Iterator[str]:
    """F9: how much slower each page became when the rows became ten times as many."""
    (before, after), *_rest = itertools.pairwise(sorted(growth))
    yield f"\n## F9 增长，{database}，{before:,} → {after:,}（每十倍 ≤ {GROWS}）\n\n| 页面 | 倍数 | 标准 |\n|---|---|---|"
    for label, early in growth[before].items():
        late = growth[after][label]
        wall, cpu = late.wall / early.wall, late.cpu / early.cpu
        yield f"| {label} | {wall:.2f}（CPU {cpu:.2f}） | {'✓' if wall <= GROWS else '✗'} |"


def _measured_apart(folder: Path, database: str, rows: int) -> list[Figure]:
    """In a process of its own: the framework takes one app a process. What it says goes to the standard error."""
    command = [sys.executable, "-m", "benchmarks.moments", str(folder), database, str(rows)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 - ourselves
    if done.returncode:
        raise RuntimeError(f"{database}, {rows:,}: the measuring process failed")
    return [
        Figure(Page(**told["page"]), Timing(**told["ours"]), Timing(**told["peer"]), told["statements"], told["kilobytes"])
        for told in json.loads(done.stdout.splitlines()[-1])
    ]  # fmt: skip


def _measured(folder: Path, database: str, rows: int, say: Say) -> list[Figure]:
    with site_with(folder, database, rows, say, visits=True, follow_ups=True) as app:
        settle(db.engine)
        db.engine.dispose()  # whoever reads learns of it when he connects
        with acting_as(SYSTEM):
            found = list(pages(rows))
        clients = {login: signed_in(app, login) for login in (HEAD, SELLER)}
        return [_figure(clients, page) for page in found]


def _figure(clients: dict[str, Any], page: Page) -> Figure:
    def ask(login: str, address: str) -> Any:
        answer = clients[login].get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status}")
        return answer

    ask(page.login, page.address)
    with statements(db.engine) as sent:
        size = len(ask(page.login, page.address).data) / 1024
    count = len(sent)
    ours, peer = side_by_side(
        lambda: timed(lambda: ask(page.login, page.address)), lambda: timed(lambda: ask(HEAD, page.peer))
    )
    return Figure(page, ours, peer, count, size)


if __name__ == "__main__":
    made = _measured(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), lambda words: sys.stderr.write(words + "\n"))
    sys.stdout.write(json.dumps([asdict(figure) for figure in made]) + "\n")
