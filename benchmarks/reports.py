"""F8 of 04 §0: the reports of customers as pages against the same aggregates as bare SQL, in one run on the same rows; and the
nightly jobs that work through the same customers."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.extensions import db
from app.features.customers.statistics.reading import DIMENSIONS
from benchmarks.jobs import lines as at_night
from benchmarks.measuring import RUNS, machine, side_by_side, timed
from benchmarks.sites import Say, kept_or_scratch, signed_in, site_with

LOGIN = "supervisor"
COUNTS = (
    "count(*), sum(CASE WHEN visits > 0 THEN 1 ELSE 0 END), sum(CASE WHEN reserved_at IS NOT NULL THEN 1 ELSE 0 END),"
    " sum(CASE WHEN signed_at IS NOT NULL THEN 1 ELSE 0 END)"
)
HERE = "FROM customer WHERE project_id = :project AND first_at >= :since AND first_at < :before"
WEEK = "FROM contact WHERE project_id = :project AND at >= :since AND at < :before"
BOTH = (
    "FROM contact JOIN customer ON customer.id = contact.customer_id"
    " WHERE contact.project_id = :project AND contact.at >= :since AND contact.at < :before"
)
MONTHS = {"sqlite": "strftime('%Y-%m', first_at)", "postgresql": "to_char(first_at, 'YYYY-MM')"}
BAR = "≤ 1.3 倍 + 50 毫秒"
PAGES = (
    ("跟进记录", "/follow-up/list/"),
    ("跟进待办", "/follow-desk/?list=late"),
    ("A/B 客户分析", "/customer-insight/"),
    ("工作台", "/"),
)


def bare(dialect: str) -> dict[str, list[str]]:
    """The statements that somebody would write by hand for each part of the page."""
    month = MONTHS[dialect]
    return {
        "profile": [
            f"SELECT {name}, {COUNTS} {HERE}{' AND state = ' + repr('lost') if name == 'lost_reason' else ''} GROUP BY {name}"
            for name in DIMENSIONS
        ],
        "cohort": [f"SELECT {month}, state, {COUNTS} {HERE} GROUP BY {month}, state"],
        "week": [
            f"SELECT source, kind, count(*) {WEEK} GROUP BY source, kind", f"SELECT home_area, count(*) {WEEK} GROUP BY home_area",
            f"SELECT doubts {WEEK} AND doubts IS NOT NULL", f"SELECT wanted_layout, count(DISTINCT customer.id) {BOTH} GROUP BY wanted_layout",
            f"SELECT count(*) {BOTH} AND contact.kind = 'first_visit' AND customer.first_kind = 'call'",
            *(f"SELECT {word}, count(*) FROM customer WHERE project_id = :project AND {at} >= :since AND {at} < :before GROUP BY {word}"
              for word, at in (("source", "reserved_at"), ("lost_reason", "lost_at"))),
        ],
    }  # fmt: skip


def run(
    rows: int, databases: tuple[str, ...], kept: Path | None, say: Say, *, jobs: bool = False, follow_ups: bool = False
) -> str:
    """Measure and print; returns the report in Markdown. jobs: the night's work too, which takes its customers for good;
    follow_ups: three of each customer."""
    besides = f"、{3 * rows:,} 条跟进" if follow_ups else ""
    lines = [f"# F8 潜客统计，{rows:,} 位客户{besides}（{machine()}，{RUNS} 次中位数）", ""]
    with kept_or_scratch(kept) as folder:
        for database in databases:
            lines += [
                f"## {database}",
                "",
                "| 页面 | 本页 毫秒 | 直接 SQL 毫秒 | 倍数 | 要求 |",
                "|---|---|---|---|---|",
            ]
            with site_with(folder, database, rows, say, visits=True, follow_ups=follow_ups) as app:
                lines += _measured(app, say)
                lines += _night(say) if jobs else []
    return "\n".join(lines) + "\n"


def _measured(app: Any, say: Say) -> list[str]:
    client, today = signed_in(app, LOGIN), date.today()
    year, monday = today - timedelta(days=364), today - timedelta(days=today.weekday() + 7)
    project = db.session.execute(text("SELECT id FROM project WHERE code = 'JPYL'")).scalar_one()
    lines = []
    for part, statements in bare(db.engine.dialect.name).items():
        since, last = (monday, monday + timedelta(days=6)) if part == "week" else (year, today)
        days = {"project": project, "since": f"{since} 00:00:00", "before": f"{last + timedelta(days=1)} 00:00:00"}
        if db.engine.dialect.name == "postgresql":
            days |= {"since": since, "before": last + timedelta(days=1)}
        url = f"/customer-statistics/?part={part}&from={since}&to={last}"
        ours, floor = side_by_side(lambda url=url: timed(lambda: _opened(client, url)),
                                   lambda s=statements, d=days: timed(lambda: _asked(s, d)))  # fmt: skip
        fits = ours.wall <= 1.3 * floor.wall + 50
        lines.append(
            f"| 潜客统计 {part} | {ours.wall:.0f} | {floor.wall:.0f} | {ours.wall / floor.wall:.2f} | {BAR}：{'是' if fits else '否'} |"
        )
        say(lines[-1])
    for word, url in PAGES:
        (ours,) = side_by_side(lambda url=url: timed(lambda: _opened(client, url)))
        lines.append(f"| {word} | {ours.wall:.0f} | — | — | — |")
        say(lines[-1])
    return lines


def _night(say: Say) -> list[str]:
    lines = ["", "| 夜间工作 | 位 | 毫秒 | 处理器 毫秒 |", "|---|---|---|---|"]
    for line in at_night():
        lines.append(line)
        say(line)
    return lines


def _opened(client: Any, url: str) -> None:
    answer = client.get(url)
    if answer.status_code != 200:
        raise RuntimeError(f"{url}: {answer.status}")


def _asked(statements: list[str], values: dict[str, Any]) -> None:
    with db.engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement), values).all()
