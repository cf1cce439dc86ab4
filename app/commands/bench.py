"""./anchang bench: the figures of 04 §0 beside their floor, on a site of its own that is thrown away."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from app.bench.measure import Figure, machine
from app.commands.console import say
from app.commands.scratch import scratch_site
from config import ROOT


@click.group("bench")
def bench() -> None:
    """在一次性的库上量速度，与底线并排打印。"""


def _tell(name: str, title: str, figures: tuple[Figure, Figure], bar: str, *, write: bool) -> None:
    """Print two figures side by side; with `write` also into benchmarks/results."""
    ours, floor = figures
    lines = [
        f"{title}（{machine()}）",
        *(f"  {one}" for one in figures),
        f"  倍数 {ours.seconds / floor.seconds:.2f}（处理器 {ours.cpu / floor.cpu:.2f}），内存差 {ours.megabytes - floor.megabytes:+.0f} MB；要求：{bar}",
    ]
    for line in lines:
        say(line)
    if write:
        text = "\n".join(f"- {line.strip()}" for line in lines[1:])
        _keep(name, f"# {lines[0]}\n\n{text}\n")


_WRITE = click.option("--write", is_flag=True, help="把结果存进 benchmarks/results/")


@bench.command("export")
@click.option("--rows", default=100_000, show_default=True, type=click.IntRange(100, 1_000_000), help="行数")
@click.option("--runs", default=7, show_default=True, type=click.IntRange(1, 50), help="次数")
@_WRITE
def export(rows: int, runs: int, *, write: bool) -> None:
    """F6：客户列表导出，12 列。"""
    from app.bench.excel import export_figures

    with scratch_site():
        title = f"F6 导出 {rows:,} 行 × 12 列"
        _tell("export", title, export_figures(rows, runs), "≤ 1.5 倍，≤ +100 MB", write=write)


@bench.command("import")
@click.option("--rows", default=20_000, show_default=True, type=click.IntRange(100, 40_000), help="行数")
@click.option("--runs", default=7, show_default=True, type=click.IntRange(1, 50), help="次数")
@_WRITE
def import_(rows: int, runs: int, *, write: bool) -> None:
    """F7：导入房源，全部核对，一个事务。"""
    from app.bench.excel import import_figures

    with scratch_site():
        _tell("import", f"F7 导入 {rows:,} 套房源", import_figures(rows, runs), "≤ 3 倍", write=write)


@bench.command("lists")
@click.option("--rows", default=100_000, show_default=True, type=click.IntRange(10_000, 5_000_000), help="客户数")
@click.option("--database", type=click.Choice(["sqlite", "postgresql", "both"]), default="both", show_default=True)
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="保留数据的目录（再次运行不用重造）")
@click.option("--write", is_flag=True, help="把结果存进 benchmarks/results/")
def lists(rows: int, database: str, data: Path | None, *, write: bool) -> None:
    """F1 F2 F3 F9：客户列表第一页、深页、搜索、增长，对照 Django admin。"""
    from benchmarks.lists import run
    from benchmarks.sites import POSTGRESQL, SQLITE

    chosen = {"sqlite": (SQLITE,), "postgresql": (POSTGRESQL,), "both": (SQLITE, POSTGRESQL)}[database]
    report = run(rows, chosen, data.resolve() if data else None, say)
    if write:
        _keep(f"lists-{database}", report)


@bench.command("moments")
@click.option("--rows", default=100_000, show_default=True, type=click.IntRange(1_000, 1_000_000), help="客户数")
@click.option("--database", type=click.Choice(["sqlite", "postgresql", "both"]), default="sqlite", show_default=True)
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="保留数据的目录（再次运行不用重造）")
@_WRITE
def moments(rows: int, database: str, data: Path | None, *, write: bool) -> None:
    """F1 F2 F9：来电来访、跟进记录按时间，每位客户一条来访、三条跟进，对照客户列表。"""
    from benchmarks.moments import run
    from benchmarks.sites import POSTGRESQL, SQLITE

    chosen = {"sqlite": (SQLITE,), "postgresql": (POSTGRESQL,), "both": (SQLITE, POSTGRESQL)}[database]
    report = run(rows, chosen, data.resolve() if data else None, say)
    if write:
        _keep(f"moments-{database}-{rows}", report)


@bench.command("report")
@click.option("--rows", default=100_000, show_default=True, type=click.IntRange(1_000, 1_000_000), help="客户数")
@click.option("--database", type=click.Choice(["sqlite", "postgresql", "both"]), default="sqlite", show_default=True)
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="保留数据的目录（再次运行不用重造）")
@click.option("--jobs", is_flag=True, help="也量夜间工作（公海回收、个人信息清理）；会改动库里的客户")
@click.option("--follow-ups", is_flag=True, help="每位客户另有三条跟进")
@_WRITE
def report(rows: int, database: str, data: Path | None, *, jobs: bool, follow_ups: bool, write: bool) -> None:
    """F8：潜客统计各页，对照同样汇总的直接 SQL；跟进待办、A/B 清单、工作台的用时；夜间工作每批的用时。"""
    from benchmarks.reports import run
    from benchmarks.sites import POSTGRESQL, SQLITE

    chosen = {"sqlite": (SQLITE,), "postgresql": (POSTGRESQL,), "both": (SQLITE, POSTGRESQL)}[database]
    told = run(rows, chosen, data.resolve() if data else None, say, jobs=jobs, follow_ups=follow_ups)
    if write:
        _keep(f"report-{database}-{rows}", told)


@bench.command("start")
@click.option("--runs", default=7, show_default=True, type=click.IntRange(1, 50), help="次数")
@_WRITE
def start(runs: int, *, write: bool) -> None:
    """F10：冷启动与一个进程的内存，对照 Flask-AppBuilder 空应用。"""
    from benchmarks.sites import kept_or_scratch
    from benchmarks.start import run

    with kept_or_scratch(None) as folder:
        lines = [f"# F10 冷启动（{machine()}，{runs} 次取中位数）", "", *run(folder, runs)]
    for line in lines:
        say(line)
    if write:
        _keep("start", "\n".join(lines) + "\n")


@bench.command("board")
@click.option("--homes", default=600, show_default=True, type=click.IntRange(10, 5_000), help="一栋楼的套数")
@click.option("--buildings", default=5, show_default=True, type=click.IntRange(1, 20), help="楼栋数")
@click.option("--database", type=click.Choice(["SQLite", "PostgreSQL"]), default="SQLite", show_default=True)
@_WRITE
def board(homes: int, buildings: int, database: str, *, write: bool) -> None:
    """F4：销控表，对照只用 Jinja 画同样的格子；没有变化时的轮询。"""
    from benchmarks.board import run
    from benchmarks.sites import kept_or_scratch

    with kept_or_scratch(None) as folder:
        lines = [f"# F4 销控表，{database}（{machine()}）", "", *run(folder, database, homes, buildings, say)]
    for line in lines:
        say(line)
    if write:
        _keep(f"board-{database.lower()}", "\n".join(lines) + "\n")


@bench.command("rush")
@click.option(
    "--homes", default=100, show_default=True, type=click.IntRange(5, 1_000), help="每轮的套数，其中五分之二在售"
)
@click.option("--runs", default=7, show_default=True, type=click.IntRange(1, 50), help="轮数")
@click.option("--database", type=click.Choice(["SQLite", "PostgreSQL"]), default="SQLite", show_default=True)
@_WRITE
def rush(homes: int, runs: int, database: str, *, write: bool) -> None:
    """F5：开盘抢房的吞吐量，对照直接循环的守卫事务和 Django 视图里的同样流程。"""
    from benchmarks.rush import run
    from benchmarks.sites import kept_or_scratch

    with kept_or_scratch(None) as folder:
        lines = [
            f"# F5 抢房，{database}（{machine()}，{runs} 轮取中位数）",
            "",
            *run(folder, database, homes, say, runs),
        ]
    for line in lines:
        say(line)
    if write:
        _keep(f"rush-{database.lower()}", "\n".join(lines) + "\n")


def _keep(name: str, report: str) -> None:
    path = ROOT / "benchmarks" / "results" / f"{name}-{date.today()}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(report, "utf-8")
    say(f"已写入 {path.relative_to(ROOT)}")
