"""What stands on every printed paper: number, day, who printed it, the approval trail, the mark of decisions made on paper
(02 §2.1.3 代录). Texts here stand on paper: Chinese for every reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.kernel.approval.finding import requests_of
from app.kernel.approval.records import ApprovalStep
from app.kernel.base import now
from app.kernel.papers.definition import Row, Values
from app.kernel.papers.kinds import NONE, SITE, Desk, PrintedKind, day
from app.kernel.posts import POSTS, Post

FOOT = "页脚"  # the placeholder of the line beneath every page


def loop_marks(name: str, column: str) -> tuple[str, str, str]:
    """What a Word table writes for a list: before its rows, in a cell, after its rows."""
    return f"{{%tr for 行 in {name} %}}", f"{{{{ 行.{column} }}}}", "{%tr endfor %}"


@dataclass(frozen=True)
class Sheet:
    """A paper before it is drawn. marked: a decision on it was made on paper."""

    values: Values
    title: str
    file_name: str
    foot: str
    marked: bool


def sheet_of(kind: PrintedKind, desk: Desk, record: Any, turn: int, template: str) -> Sheet:
    """The kind's own values and those of every paper. turn: 第 n 次; template: as it is named in the foot."""
    stations = decided(desk.session, record)
    number = getattr(record, "number", None) or ""
    values: Values = {
        "编号": number or NONE, "打印日期": day(now().date()), "打印人": desk.actor.name, "代录": on_paper(stations),
        "审批记录": trail_rows(stations),
    }  # fmt: skip
    for source in SITE:
        values.update(source(desk.session, record))
    values.update(kind.values(desk, record))
    name = number or str(record)
    foot = f"{name}　第 {turn} 次打印　{desk.actor.name} {now():%Y-%m-%d %H:%M}　模板：{template}"
    values[FOOT] = foot
    return Sheet(values, f"{kind.label} {name}", f"{kind.label} {name} 第{turn}次", foot, bool(values["代录"]))


def decided(session: Session, record: Any) -> list[ApprovalStep]:
    """Every station that was judged, oldest first."""
    return [s for request in requests_of(session, record) for s in request.steps if s.decided_at is not None]


def trail_rows(stations: list[ApprovalStep]) -> list[Row]:
    """岗位, 审批人, 结论, 时间, 意见, 方式."""
    return [
        {
            "岗位": POSTS[Post(one.post)].label, "审批人": _who(one), "结论": one.state.label,
            "时间": f"{one.decided_at:%Y-%m-%d %H:%M}", "意见": one.opinion or NONE, "方式": _how(one),
        }
        for one in stations
    ]  # fmt: skip


def _who(one: ApprovalStep) -> str:
    return f"{one.decided_name}（代 {one.acting_for}）" if one.acting_for else one.decided_name or ""


def _how(one: ApprovalStep) -> str:
    if one.medium is None:
        return "系统审批"
    checked = f"，{one.checked_name}核对" if one.checked_name else "，待核"
    return f"代录：{one.medium.label}，{one.recorded_name}登记{checked}"


def on_paper(stations: list[ApprovalStep]) -> str:
    """The mark of a paper whose decision was made outside the system; empty when there was none."""
    marks = [f"{one.decided_name}（{one.medium.label}，{one.recorded_name}登记）" for one in stations if one.medium]
    return f"代录：本单据的批复由 {'、'.join(marks)}，以纸质件为准。" if marks else ""
