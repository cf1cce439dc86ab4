"""What stands on 潜客统计报表. Texts here stand on paper: Chinese for every reader."""

from __future__ import annotations

from app.features.customers.models import Customer
from app.features.customers.statistics.reading import DIMENSIONS, Count
from app.features.customers.statistics.rules import percent
from app.features.customers.statistics_reports.models import StatisticsReport
from app.features.customers.statistics_reports.rules import HEADLINES, read_kept
from app.kernel.papers.definition import Row, Values
from app.kernel.papers.kinds import Desk, person, told
from app.kernel.screens.fields import fields_of

MOST = 12  # words of a dimension; the rest stands together
LABELS = {
    "customers": "新增客户",
    "calls": "来电",
    "visits": "来访",
    "reserved": "认购",
    "signed": "签约",
    "lost": "流失",
}


def report(_desk: Desk, paper: StatisticsReport) -> Values:
    """The figures as they were reported."""
    found = read_kept(paper.figures)
    return {
        "类别": paper.kind.label, "统计期间": paper.period, **{LABELS[name]: str(getattr(paper, name)) for name in HEADLINES},
        "途径统计": [
            {"途径": way.source.label, "来电": str(way.calls), "首访": str(way.first), "复访": str(way.again), "来访合计": str(way.visits),
             "认购数": str(way.reserved), "转化率": percent(way.reserved, way.visits)}
            for way in found.ways
        ],
        "画像": [row for name in DIMENSIONS for row in _dimension(name, found.profile.get(name, []))],
        "竞品": [
            {"楼盘": one.name, "提及": str(one.named or ""), "流失购买": str(one.bought or "")} for one in found.rivals[:MOST]
        ],
        "结论": paper.conclusion, "建议": told(paper.advice), "审阅意见": told(paper.opinion),
        "上报人": person(paper.submitted_by), "上报时间": f"{paper.submitted_at:%Y-%m-%d %H:%M}",
    }  # fmt: skip


def _dimension(name: str, rows: list[Count]) -> list[Row]:
    field = fields_of(Customer)[name]
    words = {m.value: m.label for m in field.choices or ()}
    total = sum(one.customers for one in rows)
    listed = [(words.get(one.word, one.word) if one.word is not None else "未填", one) for one in rows[:MOST]]
    if rest := rows[MOST:]:
        sums = (sum(getattr(one, n) for one in rest) for n in ("customers", "visited", "reserved", "signed"))
        listed.append(("其余", Count(None, *sums)))
    return [
        {"维度": field.label, "分类": str(word), "人数": str(one.customers), "占比": percent(one.customers, total), "来访过": str(one.visited),
         "认购过": str(one.reserved), "签约过": str(one.signed)}
        for word, one in listed
    ]  # fmt: skip
